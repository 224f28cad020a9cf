//! Instants among values.

use crate::browser::zones::BrowserZones;
use crate::state::session::Session;
use format::{DateStyle, Unit};
use frame::{Millis, Zone};

/// An instant in `zone`, in milliseconds since the epoch, as `unit` writes it, or as the page writes instants.
pub fn text(session: Session, unit: &Unit, millis: f64, zone: &Zone) -> String {
    let written = unit.format_instant(millis, session.now(), zone, &BrowserZones);
    let usual = || format::datetime(Millis(millis as i64), zone, &BrowserZones, DateStyle::Full);
    written.map_or_else(usual, |written| written.to_string())
}
