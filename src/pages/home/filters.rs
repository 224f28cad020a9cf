//! Which dashboards are asked for: by words, by tags, by star. All of it is in the address.

use crate::browser::url::Entry as History;
use crate::dom::{El, Memo, button, el, value_of};
use crate::route::Params;
use crate::state::catalog::Entry;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon};
use frame::SortedMap;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

/// More tags are not offered, only shown where they are chosen.
const MOST_TAGS: usize = 24;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// Words of a title, a folder or a tag.
    pub sought: String,
    /// Every one of them.
    pub tags: Vec<String>,
    /// Only those with a star.
    pub starred: bool,
    /// Folders that are not looked into.
    pub closed: Vec<String>,
}

impl Filters {
    /// As the address says.
    pub fn of(params: &Params) -> Self {
        let all = |name: &str| params.all(name).map(str::to_owned).collect();
        Self {
            sought: params.get("q").unwrap_or_default().to_owned(),
            tags: all("tag"),
            starred: params.is_on("starred"),
            closed: all("closed"),
        }
    }

    /// Whether all dashboards are asked for.
    pub fn is_empty(&self) -> bool {
        self.sought.trim().is_empty() && self.tags.is_empty() && !self.starred
    }
}

/// Puts `name` into the list of the parameter `param`, or takes it out.
pub fn toggle(session: Session, param: &str, name: &str) {
    session.edit_params(History::Replace, |params| {
        let mut values: Vec<String> = params.all(param).map(str::to_owned).collect();
        match values.iter().position(|value| value == name) {
            Some(index) => drop(values.remove(index)),
            None => values.push(name.to_owned()),
        }
        params.set(param, values);
    });
}

/// The field and the tags.
pub fn filters(session: Session, asked: Memo<Filters>, entries: &[Entry]) -> El {
    let typed = move |event: Event| {
        let text = Some(value_of(&event)).filter(|text| !text.is_empty());
        session.edit_params(History::Replace, |params| params.set("q", text));
    };
    let input = el("input")
        .attr("type", "search")
        .attr("placeholder", "Find a dashboard")
        .attr("aria-label", "Find a dashboard")
        .value_with(move || asked.with(|asked| asked.sought.clone()))
        .on("input", typed)
        .on("keydown", open_first);
    let star = button("button")
        .attr_with("aria-pressed", move || Some(asked.with(|asked| asked.starred).to_string()))
        .child(icon(Shape::Star))
        .text("Starred")
        .on_click(move || {
            let on = asked.with_untracked(|asked| !asked.starred);
            session.edit_params(History::Replace, |params| params.set("starred", on.then(|| "1".to_owned())));
        });
    let tags = tags(entries);
    let tags = move || {
        let chosen = asked.with(|asked| asked.tags.clone());
        let others = tags.iter().take(MOST_TAGS).map(|(tag, _)| tag).filter(|tag| !chosen.contains(tag));
        chosen
            .iter()
            .map(|tag| tag_button(session, tag, true))
            .chain(others.map(|tag| tag_button(session, tag, false)))
            .collect()
    };
    let tags = el("div").class("tags").attr("role", "group").attr("aria-label", "Tags").children_with(tags);
    el("div").class("filters").attr("role", "search").child(input).child(star).child(tags)
}

fn tag_button(session: Session, tag: &str, on: bool) -> El {
    let name = tag.to_owned();
    let button = button("tag").attr("aria-pressed", &on.to_string()).text(tag);
    button.on_click(move || toggle(session, "tag", &name))
}

/// All tags with how many dashboards have them, the most frequent first.
fn tags(entries: &[Entry]) -> Vec<(String, usize)> {
    let mut counts: SortedMap<String, usize> = SortedMap::new();
    for tag in entries.iter().flat_map(|entry| &entry.tags) {
        let count = counts.get(tag).copied().unwrap_or(0);
        counts.insert(tag.clone(), count + 1);
    }
    let mut tags: Vec<(String, usize)> = counts.iter().map(|(tag, count)| (tag.clone(), *count)).collect();
    frame::sort_by(&mut tags, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    tags
}

/// Enter opens the dashboard that fits best.
fn open_first(event: Event) {
    if event.unchecked_ref::<KeyboardEvent>().key() != "Enter" {
        return;
    }
    let document = web_sys::window().and_then(|window| window.document());
    let first = document.and_then(|document| document.query_selector(".home a.row").ok().flatten());
    if let Some(link) = first.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        link.click();
    }
}
