//! Times by a zone's clock, and ranges in words.

#[path = "../../format/tests/corpus/zones.rs"]
mod zones;

use dashboard::time::{Calendar, Place, RawRange, parse_instant, range_end_of_url};
use format::date::{DateStyle, datetime};
use frame::Millis;
use zones::{Iana, zone};

/// 2025-06-15T13:37:42.123Z.
const NOW: Millis = Millis(1_749_994_662_123);

#[test]
fn hours_in_which_clocks_are_set() {
    let check = |name: &str, now: &str, start: &str, end: &str| {
        let (zone, at) =
            (zone(name), |text| parse_instant(text, NOW, &zones::zone("utc"), &Iana, false).expect("a date"));
        let round = |up| parse_instant("now/h", at(now), &zone, &Iana, up);
        assert_eq!((round(false), round(true)), (Some(at(start)), Some(at(end))), "{name} {now}");
    };
    check("Asia/Kolkata", "2025-06-15T13:37:42Z", "2025-06-15T13:30:00Z", "2025-06-15T14:29:59.999Z");
    // From 02:00 back to 01:30: the hour began when the clock showed 01:00 first.
    check("Australia/Lord_Howe", "2025-04-05T15:10:00Z", "2025-04-05T14:00:00Z", "2025-04-05T15:29:59.999Z");
    // From 03:00 back to 02:00: each of the two hours is one.
    check("Europe/Berlin", "2025-10-26T00:30:00Z", "2025-10-26T00:00:00Z", "2025-10-26T00:59:59.999Z");
    check("Europe/Berlin", "2025-10-26T01:30:00Z", "2025-10-26T01:00:00Z", "2025-10-26T01:59:59.999Z");
    // No such zone: the browser's, which is on UTC here.
    check("Nowhere/Bogus", "2025-06-15T13:37:42Z", "2025-06-15T13:00:00Z", "2025-06-15T13:59:59.999Z");
}

#[test]
fn ranges_in_words() {
    let check = |from: &str, to: &str, expected: &str| {
        let zone = zone("Europe/Berlin");
        let place = Place { zone: &zone, zones: &Iana, calendar: Calendar::default() };
        let written = |at| datetime(at, &zone, &Iana, DateStyle::Full);
        assert_eq!(RawRange::new(from, to).words(NOW, place, written), expected);
    };
    check("now-6h", "now", "Last 6 hours");
    check("1749991062123", "1749994662123", "2025-06-15 14:37:42 to 2025-06-15 15:37:42");
    check("2025-06-15T12:00:00Z", "now", "2025-06-15 14:00:00 to a few seconds ago");
    check("now-1h", "1749994662123", "an hour ago to 2025-06-15 15:37:42");
    check("-1000000000", "0000000000", "1969-12-20 11:13:20 to 1970-01-01 01:00:00");
    check("junk", "now", "junk to a few seconds ago");
}

#[test]
fn dates_of_urls_are_on_utc() {
    let check = |text: &str, expected: Option<&str>| {
        let at = |text: &str| parse_instant(text, NOW, &zone("Europe/Berlin"), &Iana, false);
        assert_eq!(at(&range_end_of_url(text)), expected.and_then(at), "{text}");
    };
    check("2026-11-20 14:00:00", Some("2026-11-20T14:00:00Z"));
    check("20261120T140000", Some("2026-11-20T14:00:00Z"));
    check("20261120", Some("2026-11-20T00:00:00Z"));
    check("2026-11-20T14:00:00+02:00", Some("2026-11-20T12:00:00Z"));
    check("1970-01-01", Some("1970-01-01T00:00:00Z"));
    check("1969-12-31T23:00:00", Some("1969-12-31T23:00:00Z"));
    check("1749991062123", Some("2025-06-15T12:37:42.123Z"));
    check("now-1h", Some("now-1h"));
    check("junk", None);
}
