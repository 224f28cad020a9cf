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
}

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
                    formatters.insert(name.clone(), formatter(name));
                }
                let formatter = formatters.get(name).and_then(Option::as_ref);
                formatter.and_then(|formatter| named_offset(formatter, at)).unwrap_or(0)
            }),
        }
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
    formatter(name).is_some()
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

/// A formatter that writes the offset alone, or none where the browser does not know the zone.
fn formatter(name: &str) -> Option<js_sys::Intl::DateTimeFormat> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
    js_sys::Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    let constructor = intl_function("DateTimeFormat")?;
    let arguments = js_sys::Array::of2(&"en-US".into(), &options);
    // Through Reflect, because the binding's own constructor turns an unknown zone into an uncaught exception.
    js_sys::Reflect::construct(&constructor, &arguments).ok()?.dyn_into().ok()
}

/// The offset out of a text such as `11/22/2026, GMT+05:30`.
fn named_offset(formatter: &js_sys::Intl::DateTimeFormat, at: Millis) -> Option<i64> {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let text: String = formatter.format().call1(&JsValue::UNDEFINED, &date).ok()?.as_string()?;
    parse_offset(text.rsplit("GMT").next()?)
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
