//! Units, colours and patterns of dates, as dashboards name them. The first line is the name, the second a number.

use crate::Utc;
use ::format::color::{self, Theme};
use ::format::date::{from_now, pattern};
use ::format::palette::ColorMode;
use ::format::{Unit, duration};
use frame::{Millis, Zone};

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let input = String::from_utf8_lossy(body);
    let (name, number) = input.split_once('\n').unwrap_or((&input, "1"));
    let value = frame::decimal::parse(number.trim()).unwrap_or(f64::NAN);
    let at = Millis(value as i64);
    let unit = Unit::new(name);
    for decimals in [None, Some(0), Some(3), Some(u8::MAX)] {
        let written = unit.format(value, decimals);
        assert_eq!(written, unit.format(value, decimals));
        assert!(written.to_string().len() < 2_000 + name.len(), "{name:?} of {value} is a long text");
    }
    let _ = unit.format_instant(value, Millis(0), &Zone::Utc, &Utc);
    let _ = (pattern(at, name, &Zone::Utc, &Utc), from_now(at, Millis(0)), duration(at.0));
    for theme in [Theme::Light, Theme::Dark] {
        if let Some(mode) = ColorMode::parse(name) {
            let _ = mode.series_color(at.0.unsigned_abs() as usize, name, number, theme);
        }
        if let Some(color) = color::parse(name, theme) {
            let again = color::parse(&color.to_string(), theme).expect("what was written is read");
            assert_eq!(again.to_string(), color.to_string(), "{name:?}");
        }
    }
}
