//! Texts and colours against what Grafana's own packages compute.

#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
#[path = "corpus/zones.rs"]
mod zones;

use corpus::{Compared, Row, compare, number};
use format::color::{self, Theme};
use format::date;
use format::palette::ColorMode;
use format::{Unit, number::fixed};
use frame::{Millis, Zone};
use serde_json::Value;
use zones::Iana;

/// A cell that holds decimals, or null for as many as needed. Fewer than none are none.
fn decimals(cell: &Value) -> Option<u8> {
    cell.as_f64().map(|decimals| decimals as u8)
}

/// Where a power of ten overflows Grafana shows `NaN.nfinity` and the like.
fn is_extreme(value: f64) -> bool {
    value.is_finite() && value != 0.0 && !(1e-300..1e300).contains(&value.abs())
}

fn unit_row(row: &Row) -> Option<Compared> {
    let [unit, value, wanted_decimals, _, prefix, text, suffix] = row.as_slice() else {
        panic!("seven cells: {row:?}")
    };
    // What is no value is no text here, whatever the unit.
    let value = number(value);
    let shown =
        value.map(|value| Unit::new(unit.as_str().unwrap_or_default()).format(value, decimals(wanted_decimals)));
    let shown = shown.unwrap_or_default();
    let part = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
    let compared =
        Compared::debug(&(shown.prefix, shown.text, shown.suffix), &(part(prefix), part(text), part(suffix)));
    let compared = compared
        .unless(value.is_none(), "no value: nothing is shown, in any unit")
        .unless(value.is_some_and(is_extreme), "numbers beyond 1e300 or nearer to 0 than 1e-300")
        .unless(suffix.as_str().is_some_and(|suffix| suffix.contains("undefined")), "what is not finite has no unit");
    Some(compared)
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
        let value = number(value);
        let computed = value.map(|value| fixed(value, decimals(wanted_decimals))).unwrap_or_default();
        let compared: Compared = (computed, text.as_str().unwrap_or("an error").to_owned()).into();
        Some(
            compared
                .unless(text["$error"].is_string(), "zero with fewer than no decimals, an error there")
                .unless(value.is_some_and(is_extreme), "numbers beyond 1e300 or nearer to 0 than 1e-300"),
        )
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
        // What is no name Grafana hands on as it is, for the browser to read; what that cannot read is gray here.
        let shown = |text: &str| color::parse_or_gray(text, theme(theme_name)).to_string();
        Some((shown(name), shown(expected)))
    });
}

#[test]
fn series_colors() {
    compare("series_color", |row| {
        let [theme_name, mode, fixed, index, name, expected] = row.as_slice() else { panic!("six cells: {row:?}") };
        let Some(mode) = ColorMode::parse(mode.as_str()?) else {
            return Some(Compared::left_out(
                "a mode that is not known is the usual one, which is told; there it is gray",
            ));
        };
        let theme = theme(theme_name);
        let index = index.as_u64().unwrap_or(0) as usize;
        let computed = mode.series_color(index, name.as_str()?, fixed.as_str().unwrap_or_default(), theme);
        Some((computed.to_string(), color::parse(expected.as_str()?, theme)?.to_string()).into())
    });
}

#[test]
fn gradients() {
    compare("gradients", |row| {
        let [theme_name, mode, fraction, expected] = row.as_slice() else { panic!("four cells: {row:?}") };
        let ColorMode::Continuous(gradient) = ColorMode::parse(mode.as_str()?)? else { return None };
        let fraction = number(fraction)?;
        let theme = theme(theme_name);
        let computed = gradient.at(fraction, theme).to_string();
        let expected = expected.as_str().and_then(|expected| color::parse(expected, theme));
        let compared = Compared::from((computed, expected.map(|color| color.to_string()).unwrap_or_default()));
        Some(compared.unless(fraction.is_nan(), "a colour map at no number, which is no colour there"))
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
            // Of a colour map they are some of its colours.
            Some(ColorMode::Continuous(gradient)) if gradient.stops().is_empty() => {
                (0..count).map(|index| gradient.at(index as f64 / (count - 1) as f64, theme)).collect()
            }
            Some(ColorMode::Continuous(gradient)) => {
                gradient.stops().iter().map(|name| color::parse_or_gray(name, theme)).collect()
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
        let shown = match decimals(own) {
            None => unit.format_beside(value, decimals(beside)?),
            own => unit.format(value, own),
        };
        let part = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
        Some((format!("{:?}", (shown.text, shown.suffix)), format!("{:?}", (part(text), part(suffix)))))
    });
}

fn zone(cell: &Value) -> Zone {
    zones::zone(cell.as_str().unwrap_or("browser"))
}

#[test]
fn dates_by_pattern() {
    compare("dateformat", |row| {
        let [millis, zone_name, pattern, expected] = row.as_slice() else { panic!("four cells: {row:?}") };
        let zone = zone(zone_name);
        let pattern = match pattern.as_str() {
            None => "YYYY-MM-DD HH:mm:ss",
            Some("ISO") if zone == Zone::Utc => "YYYY-MM-DDTHH:mm:ss[Z]",
            Some("ISO") => "YYYY-MM-DDTHH:mm:ssZ",
            Some("ABBR") => "z",
            Some(pattern) => pattern,
        };
        let at = Millis(number(millis)? as i64);
        Some((date::pattern(at, pattern, &zone, &Iana), expected.as_str()?.to_owned()))
    });
}

#[test]
fn units_that_are_dates() {
    compare("units_date", |row| {
        let [unit, millis, zone_name, now, expected] = row.as_slice() else { panic!("five cells: {row:?}") };
        let now = Millis(number(now)? as i64);
        let at = number(millis).unwrap_or(f64::NAN);
        let formatted = Unit::new(unit.as_str()?).format_instant(at, now, &zone(zone_name), &Iana)?;
        Some((formatted.to_string(), expected.as_str()?.to_owned()))
    });
}
