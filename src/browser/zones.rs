//! Time-zone offsets from the browser's own Intl: no zone database is shipped.

use frame::{Millis, SortedMap, Zone, Zones};
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Offsets as the browser knows them.
#[derive(Default, Clone, Copy, Debug)]
pub struct BrowserZones;

thread_local! {
    /// One formatter per named zone: making one costs a hundred times as much as using it.
    static FORMATTERS: RefCell<SortedMap<Arc<str>, Option<js_sys::Intl::DateTimeFormat>>> =
        const { RefCell::new(SortedMap::new()) };
    /// As many of each zone as there are [`LOCALES`].
    static NAMERS: RefCell<SortedMap<Arc<str>, Vec<js_sys::Intl::DateTimeFormat>>> =
        const { RefCell::new(SortedMap::new()) };
}

/// Where zones have the short names that they are known by: `EST` in one country is `GMT-5` in another.
const LOCALES: [&str; 5] = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA"];

impl Zones for BrowserZones {
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
        match zone {
            Zone::Utc => 0,
            Zone::Browser => {
                let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
                let minutes = date.get_timezone_offset();
                if minutes.is_nan() { 0 } else { -(minutes as i64) * 60_000 }
            }
            Zone::Named(name) => FORMATTERS.with_borrow_mut(|formatters| {
                if !formatters.contains_key(name) {
                    formatters.insert(name.clone(), offset_formatter(name));
                }
                match formatters.get(name).and_then(Option::as_ref) {
                    Some(formatter) => named_offset(formatter, at).unwrap_or(0),
                    None => self.offset_millis(&Zone::Browser, at),
                }
            }),
        }
    }

    fn abbreviation(&self, zone: &Zone, at: Millis) -> String {
        let Zone::Named(name) = zone else { return String::new() };
        NAMERS.with_borrow_mut(|namers| {
            if !namers.contains_key(name) {
                namers.insert(
                    name.clone(),
                    LOCALES.iter().filter_map(|locale| formatter(name, locale, "short")).collect(),
                );
            }
            let namers = namers.get(name).map(Vec::as_slice).unwrap_or_default();
            let short = namers.iter().find_map(|namer| short_name(namer, at));
            match namers {
                [] => String::new(),
                _ => short.unwrap_or_else(|| offset_name(self.offset_millis(zone, at))),
            }
        })
    }
}

/// The names of all zones that the browser knows; none where it does not list them.
pub fn names() -> Vec<String> {
    let names =
        intl_function("supportedValuesOf").and_then(|list| list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok());
    let names = names.map(|names| js_sys::Array::from(&names)).unwrap_or_default();
    names.iter().filter_map(|name| name.as_string()).collect()
}

/// Whether the browser knows a zone of this name.
pub fn is_known(name: &str) -> bool {
    offset_formatter(name).is_some()
}

/// The name of the browser's own zone.
pub fn own_name() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

fn intl_function(name: &str) -> Option<js_sys::Function> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    js_sys::Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// A formatter that writes the offset behind the date, or none where the browser does not know the zone.
fn offset_formatter(name: &str) -> Option<js_sys::Intl::DateTimeFormat> {
    formatter(name, "en-US", "longOffset")
}

/// A formatter that writes the zone in some way behind the date, or none where the browser does not know the zone.
fn formatter(name: &str, locale: &str, zone_name: &str) -> Option<js_sys::Intl::DateTimeFormat> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
    js_sys::Reflect::set(&options, &"timeZoneName".into(), &zone_name.into()).ok()?;
    let constructor = intl_function("DateTimeFormat")?;
    let arguments = js_sys::Array::of2(&locale.into(), &options);
    // Through Reflect, because the binding's own constructor turns an unknown zone into an uncaught exception.
    js_sys::Reflect::construct(&constructor, &arguments).ok()?.dyn_into().ok()
}

/// The offset out of a text such as `11/22/2026, GMT+05:30`.
fn named_offset(formatter: &js_sys::Intl::DateTimeFormat, at: Millis) -> Option<i64> {
    parse_offset(written(formatter, at)?.rsplit("GMT").next()?)
}

fn written(formatter: &js_sys::Intl::DateTimeFormat, at: Millis) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    formatter.format().call1(&JsValue::UNDEFINED, &date).ok()?.as_string()
}

/// The name out of a text such as `22/11/2026, CET`; none where that is an offset.
fn short_name(formatter: &js_sys::Intl::DateTimeFormat, at: Millis) -> Option<String> {
    let text = written(formatter, at)?;
    let name = text.rsplit(' ').next()?;
    name.bytes().all(|byte| byte.is_ascii_alphabetic()).then(|| name.to_owned())
}

/// `+1030`, `-03`: what the zone database calls zones without names.
fn offset_name(millis: i64) -> String {
    let sign = if millis < 0 { '-' } else { '+' };
    let minutes = millis.abs() / 60_000;
    match minutes % 60 {
        0 => format!("{sign}{:02}", minutes / 60),
        rest => format!("{sign}{:02}{rest:02}", minutes / 60),
    }
}

/// `+05:30`, `-03:00`, `+01:00:15`, or nothing for UTC itself.
fn parse_offset(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let mut seconds = 0;
    for (part, weight) in digits.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i64>().ok()? * weight;
    }
    Some(sign * seconds * 1000)
}
