//! Times, ranges and durations as people write them.

use dashboard::time::{RawRange, parse_duration, parse_instant, url_time};
use dashboard::variable_options;
use frame::{Millis, Zone, Zones};

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let input = String::from_utf8_lossy(body);
    let (from, to) = input.split_once('\n').unwrap_or((&input, "now"));
    let now = Millis(1_763_726_400_000);
    let early = parse_instant(from, now, &Zone::Utc, &Utc, false);
    let late = parse_instant(from, now, &Zone::Utc, &Utc, true);
    assert_eq!(early.is_some(), late.is_some(), "{from:?}");
    assert!(early <= late, "{from:?} ends before it begins");
    let range = RawRange::new(from, to);
    if let Some(range) = range.resolve(now, &Zone::Utc, &Utc) {
        assert!(range.start <= range.end, "{from:?} to {to:?}");
    }
    assert!(!range.describe().is_empty() || input.trim().is_empty());
    let _ = (parse_duration(from), url_time(from));
    let _ = (variable_options::from_list(&input), variable_options::from_intervals(&input));
}
