//! Zones by the rules of all times, as browsers have them.

use frame::{Millis, Zone, Zones};
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneOffsetInfo},
};

/// Zones by IANA's database; one that it does not have is the browser's, which is on UTC here.
pub struct Iana;

fn offset_info<T>(zone: &Zone, at: Millis, read: impl FnOnce(&TimeZoneOffsetInfo<'_>) -> T) -> Option<T> {
    let Zone::Named(name) = zone else { return None };
    let zone = TimeZone::get(name).ok()?;
    // Beyond the years that it reckons with rules are those of the first and the last of them.
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let at = Timestamp::from_second(at.0.div_euclid(1_000).clamp(first, last)).expect("within the limits");
    Some(read(&zone.to_offset_info(at)))
}

impl Zones for Iana {
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
        offset_info(zone, at, |info| i64::from(info.offset().seconds()) * 1_000).unwrap_or(0)
    }

    fn abbreviation(&self, zone: &Zone, at: Millis) -> String {
        offset_info(zone, at, |info| info.abbreviation().to_owned()).unwrap_or_default()
    }
}

/// The zone that a table names.
pub fn zone(name: &str) -> Zone {
    match name {
        "utc" | "UTC" => Zone::Utc,
        "browser" | "" => Zone::Browser,
        name => Zone::Named(name.into()),
    }
}
