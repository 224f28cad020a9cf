//! Instants among values.

use crate::browser::zones::BrowserZones;
use crate::state::session::Session;
use format::Unit;
use frame::Millis;

/// An instant, in milliseconds since the epoch, as `unit` writes it, or as the page writes instants.
pub fn text(session: Session, unit: &Unit, millis: f64) -> String {
    let written = unit.format_instant(millis, session.now(), &session.zone(), &BrowserZones);
    written.map_or_else(|| session.datetime(Millis(millis as i64)), |written| written.to_string())
}
