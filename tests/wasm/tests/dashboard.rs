use crate::Utc;
use dashboard::time::{RawRange, parse_duration};
use frame::{Millis, TimeRange, Zone};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn relative_ranges_are_resolved() {
    let now = Millis(1_700_000_000_000);
    let range = RawRange::new("now-6h", "now").resolve(now, &Zone::Utc, &Utc);
    assert_eq!(range, Some(TimeRange::new(now.0 - 6 * 3_600_000, now.0)));
    let day = RawRange::new("now/d", "now/d").resolve(now, &Zone::Utc, &Utc).unwrap();
    assert_eq!((day.start.0 % 86_400_000, day.millis()), (0, 86_399_999));
}

#[wasm_bindgen_test]
fn durations_are_parsed() {
    assert_eq!(parse_duration("1h30m"), Some(5_400_000));
    assert_eq!(parse_duration("oops"), None);
}
