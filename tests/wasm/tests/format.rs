use crate::Utc;
use frame::{Millis, Zone};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn numbers_read_as_in_grafana() {
    let check = |value, unit, decimals, expected: &str| {
        assert_eq!(format::value(value, unit, decimals).to_string(), expected);
    };
    check(1234.5, "reqps", None, "1.23K req/s");
    check(0.25, "percentunit", Some(1), "25.0%");
    check(1536.0, "bytes", None, "1.50 KiB");
    check(0.0123, "s", None, "12.3 ms");
}

#[wasm_bindgen_test]
fn dates_beyond_32_bits_are_shown() {
    let text = format::datetime(Millis(4_102_444_800_000), &Zone::Utc, &Utc, format::DateStyle::Full);
    assert_eq!(text, "2100-01-01 00:00:00");
}
