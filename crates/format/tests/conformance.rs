//! Texts and colours against what Grafana's own packages compute.

mod corpus;

use corpus::zones::FewZones;
use corpus::{Row, compare, number};
use format::color::{self, Theme};
use format::date;
use format::palette::ColorMode;
use format::{Unit, number::fixed};
use frame::{Millis, Zone};
use serde_json::Value;

/// A cell that holds decimals, or null for as many as needed. None for those that make no sense, such as -1.
fn decimals(cell: &Value) -> Option<Option<u8>> {
    if cell.is_null() { Some(None) } else { cell.as_u64().map(|decimals| u8::try_from(decimals).ok()) }
}

/// A cell that holds a number. Where a power of ten overflows Grafana shows `NaN.nfinity` and the like: not copied.
fn ordinary_number(cell: &Value) -> Option<f64> {
    number(cell).filter(|value| *value == 0.0 || !value.is_finite() || (1e-300..1e300).contains(&value.abs()))
}

fn unit_row(row: &Row) -> Option<(String, String)> {
    let [unit, value, wanted_decimals, _, prefix, text, suffix] = row.as_slice() else {
        panic!("seven cells: {row:?}")
    };
    if suffix.as_str().is_some_and(|suffix| suffix.starts_with("undefined ")) {
        return None; // "∞undefined req/s" is not copied either
    }
    let value = ordinary_number(value)?;
    let formatted = Unit::new(unit.as_str()?).format(value, decimals(wanted_decimals)?);
    let part = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
    let computed = format!("{:?}", (formatted.prefix, formatted.text, formatted.suffix));
    Some((computed, format!("{:?}", (part(prefix), part(text), part(suffix)))))
}

#[test]
fn units() {
    compare("units", unit_row);
}

#[test]
fn units_over_many_values() {
    compare("units_dense", unit_row);
}

#[test]
fn numbers_with_decimals() {
    compare("tofixed", |row| {
        let [value, wanted_decimals, text] = row.as_slice() else { panic!("three cells: {row:?}") };
        Some((fixed(ordinary_number(value)?, decimals(wanted_decimals)?), text.as_str()?.to_owned()))
    });
}

fn theme(cell: &Value) -> Theme {
    if cell == "light" { Theme::Light } else { Theme::Dark }
}

#[test]
fn colors_by_name() {
    compare("colors", |row| {
        let [theme_name, name, expected] = row.as_slice() else { panic!("three cells: {row:?}") };
        let (name, expected) = (name.as_str()?, expected.as_str()?);
        // What is no colour Grafana hands on as it is; here it is none.
        let Some(computed) = color::parse(name, theme(theme_name)) else {
            return (!name.is_empty()).then(|| (name.to_owned(), expected.to_owned()));
        };
        // Grafana hands on codes as written, and knows neither hsl() nor this spelling of gray.
        if name.starts_with("hsl") || name == "grey" {
            return None;
        }
        let expected = color::parse(expected, Theme::Dark).expect("the table's colours are colours");
        Some((computed.to_string(), expected.to_string()))
    });
}

#[test]
fn series_colors() {
    compare("series_color", |row| {
        let [theme_name, mode, fixed, index, name, expected] = row.as_slice() else { panic!("six cells: {row:?}") };
        let mode = ColorMode::parse(mode.as_str()?)?;
        let theme = theme(theme_name);
        let index = index.as_u64().unwrap_or(0) as usize;
        let computed = mode.series_color(index, name.as_str()?, fixed.as_str().unwrap_or_default(), theme);
        Some((computed.to_string(), color::parse(expected.as_str()?, theme)?.to_string()))
    });
}

#[test]
fn gradients() {
    compare("gradients", |row| {
        let [theme_name, mode, fraction, expected] = row.as_slice() else { panic!("four cells: {row:?}") };
        let ColorMode::Continuous(gradient) = ColorMode::parse(mode.as_str()?)? else { return None };
        // Perceptual colour maps are drawn through nine of their colours; Grafana has all 256.
        let fraction = number(fraction).filter(|fraction| !gradient.is_color_map() && !fraction.is_nan())?;
        let theme = theme(theme_name);
        let computed = gradient.at(fraction, theme);
        Some((computed.to_string(), color::parse(expected.as_str()?, theme)?.to_string()))
    });
}

#[test]
fn palettes() {
    compare("palettes", |row| {
        let [theme_name, id, _, by_value, continuous, colors] = row.as_slice() else { panic!("six cells: {row:?}") };
        let theme = theme(theme_name);
        let mode = ColorMode::parse(id.as_str()?);
        let expected: Option<Vec<_>> =
            colors.as_array()?.iter().map(|name| color::parse(name.as_str()?, theme)).collect();
        let expected = expected.expect("colours");
        let count = expected.len();
        let computed: Vec<_> = match mode {
            Some(ColorMode::Continuous(gradient)) => {
                (0..count).map(|index| gradient.stop(index, theme).expect("a colour")).collect()
            }
            // The colours that stand out, by a hash of names: all of them are met if there are enough names.
            Some(ColorMode::ClassicByName) => {
                let met = |index: usize| ColorMode::ClassicByName.series_color(0, &format!("s{index}"), "", theme);
                let met: Vec<_> = (0..5_000).map(met).collect();
                let only_these = met.iter().all(|color| expected.contains(color));
                expected.iter().copied().filter(|color| only_these && met.contains(color)).collect()
            }
            Some(mode) => (0..count).map(|index| mode.series_color(index, "", "", theme)).collect(),
            None => Vec::new(),
        };
        let is_continuous = matches!(mode, Some(ColorMode::Continuous(_)));
        let is_by_value = mode.is_some_and(ColorMode::is_by_value);
        let expected = (true, by_value.as_bool()?, continuous.as_bool()?, expected);
        Some((format!("{:?}", (mode.is_some(), is_by_value, is_continuous, computed)), format!("{expected:?}")))
    });
}

#[test]
fn unit_ids() {
    compare("unit_ids", |row| {
        let id = row[0].as_str()?;
        // An id that is not known is a suffix. These are one, of the same letters.
        let is_its_suffix = ["dB", "grad", "arcmin", "arcsec", "ppm", "lux"].contains(&id);
        let is_suffix = Unit::new(id) == Unit::new(&format!("suffix:{id}"));
        Some((is_suffix.to_string(), is_its_suffix.to_string()))
    });
}

#[test]
fn numbers_beside_each_other() {
    compare("display_adjacent", |row| {
        let [unit, own, value, beside, text, suffix] = row.as_slice() else { panic!("six cells: {row:?}") };
        let (unit, value) = (Unit::new(unit.as_str()?), number(value)?);
        let shown = match decimals(own)? {
            None => unit.format_beside(value, decimals(beside)??),
            own => unit.format(value, own),
        };
        let part = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
        Some((format!("{:?}", (shown.text, shown.suffix)), format!("{:?}", (part(text), part(suffix)))))
    });
}

/// The zone in a cell, whose rules hold at `at`.
fn zone(cell: &Value, at: Millis) -> Option<Zone> {
    corpus::zones::zone(cell.as_str().unwrap_or("browser"), at)
}

/// An instant that JavaScript's dates can hold.
fn instant(cell: &Value) -> Option<Millis> {
    number(cell).filter(|millis| millis.abs() <= 8.64e15).map(|millis| Millis(millis as i64))
}

#[test]
fn dates_by_pattern() {
    compare("dateformat", |row| {
        let [millis, zone_name, pattern, expected] = row.as_slice() else { panic!("four cells: {row:?}") };
        let at = instant(millis)?;
        let zone = zone(zone_name, at)?;
        let pattern = match pattern.as_str() {
            None => "YYYY-MM-DD HH:mm:ss",
            Some("ISO") if zone == Zone::Utc => "YYYY-MM-DDTHH:mm:ss[Z]",
            Some("ISO") => "YYYY-MM-DDTHH:mm:ssZ",
            // Zones have offsets here, not names.
            Some("ABBR") => return None,
            Some(pattern) => pattern,
        };
        Some((date::pattern(at, pattern, &zone, &FewZones), expected.as_str()?.to_owned()))
    });
}

#[test]
fn units_that_are_dates() {
    compare("units_date", |row| {
        let [unit, millis, zone_name, now, expected] = row.as_slice() else { panic!("five cells: {row:?}") };
        let unit = unit.as_str()?;
        // Beyond what dates can hold the zone makes no difference; what is no number is not written in any unit.
        let at = number(millis).filter(|millis| !millis.is_nan())?;
        let zone = zone(zone_name, instant(millis).unwrap_or(Millis(0)))?;
        // Zones have no names here, and today is that of the zone shown, not that of the process.
        let is_local = zone != Zone::Utc && zone != Zone::Browser;
        if (unit == "time:Z z ZZ" && zone != Zone::Utc) || (unit.ends_with("IfToday") && is_local) {
            return None;
        }
        let formatted = Unit::new(unit).format_instant(at, instant(now)?, &zone, &FewZones)?;
        Some((formatted.to_string(), expected.as_str()?.to_owned()))
    });
}
