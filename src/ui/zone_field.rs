//! A field for a time zone: the browser's, UTC, or any that the browser knows by name, found as one types.

use crate::browser::zones;
use crate::dom::{El, RwSignal, el, value_of};
use web_sys::Event;

/// The field and what is wrong with what stands in it. `current` is the zone's word in the address, empty for none; `set`
/// takes the next one as soon as it is one.
pub fn zone_field(current: impl Fn() -> String + 'static, none: &str, set: impl Fn(Option<String>) + 'static) -> El {
    let unknown = RwSignal::new(None::<String>);
    let typed = move |event: Event| {
        let text = value_of(&event).trim().to_owned();
        let word = if text.eq_ignore_ascii_case("utc") { "utc".to_owned() } else { text };
        let is_zone = matches!(word.as_str(), "" | "browser" | "utc") || zones::is_known(&word);
        unknown.set((!is_zone).then(|| word.clone()));
        if is_zone {
            set(Some(word).filter(|word| !word.is_empty()));
        }
    };
    let input = el("input")
        .attr("type", "search")
        .attr("list", "zones")
        .attr("aria-label", "Time zone")
        .attr("placeholder", none)
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr_with("aria-invalid", move || Some(unknown.with(Option::is_some).to_string()))
        .value_with(current)
        .on("input", typed);
    let words =
        move || unknown.with(|word| word.as_ref().map(|word| format!("This browser knows no time zone “{word}”")));
    let problem = move || Some(el("span").class("problem").attr("role", "alert").text(&words()?));
    el("div").class("zone-field").child(input).child(list()).child_with(problem)
}

/// What the field offers.
fn list() -> El {
    let own = zones::own_name().map_or_else(|| "This browser's".to_owned(), |name| format!("This browser's: {name}"));
    let option = |value: &str, label: &str| el("option").attr("value", value).attr("label", label);
    let named = zones::names().into_iter().map(|name| el("option").attr("value", &name));
    let list = el("datalist").attr("id", "zones").child(option("browser", &own)).child(option("utc", "UTC"));
    list.children(named)
}
