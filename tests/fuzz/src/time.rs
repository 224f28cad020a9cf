//! Times, ranges and durations as people write them.

use crate::Utc;
use dashboard::interval::parse_interval;
use dashboard::time::{Calendar, Place, RawRange, parse_duration, parse_instant, url_time};
use dashboard::time_override::TimeOverride;
use dashboard::time_typed::{Typed, parse_typed};
use dashboard::variable_options;
use frame::{Millis, Zone};
use promapi::{parse_http_date, parse_rfc3339};

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
    let place = Place { zone: &Zone::Utc, zones: &Utc, calendar: Calendar::default() };
    if let Ok(Typed::Relative(expression)) = parse_typed(from, now, place) {
        let again = parse_typed(&expression, now, place);
        assert_eq!(again, Ok(Typed::Relative(expression)), "{from:?}");
    }
    let own = TimeOverride { from: Some(from.to_owned()), shift: Some(to.to_owned()) };
    let dashboard = RawRange::new("now-1h", "now");
    if let Some(range) = dashboard.resolve(now, &Zone::Utc, &Utc) {
        let range = own.apply(&dashboard, range, now, place);
        assert!(range.start <= range.end, "{own:?}");
    }
    let _ = (parse_duration(from), parse_interval(from), url_time(from), parse_http_date(from), parse_rfc3339(from));
    let _ = (variable_options::from_list(&input), variable_options::from_intervals(&input));
}
