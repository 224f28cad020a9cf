//! A list to choose from: typed search, arrow keys, and as many options as there are. Only the rows in sight are in the
//! page, so that ten thousand are as quick as ten.

use crate::dom::{El, Memo, RwSignal, el, value_of};
use dashboard::model::{Selection, VariableOption};
use format::letters::lowercase;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// What is chosen from, and what happens then.
pub struct ListBox {
    pub label: String,
    pub options: Memo<Arc<Vec<VariableOption>>>,
    pub chosen: Memo<Selection>,
    /// Several can be chosen.
    pub multi: bool,
    /// What is typed can be chosen as well.
    pub takes_others: bool,
    pub pick: Rc<dyn Fn(&VariableOption)>,
}

/// Rows that are in sight at once, at most.
const ROWS_IN_SIGHT: usize = 10;
/// Rows above and below those in sight, so that scrolling shows no hole.
const ROWS_AROUND: usize = 4;

/// The search field and the list under it.
pub fn listbox(list: ListBox) -> Vec<El> {
    let search = Search::new(list.options, list.takes_others);
    let row_px = row_css_px();
    let scrolled = RwSignal::new(0.0_f64);
    let frame =
        el("div").class("options").attr("role", "listbox").attr("id", "options").attr("aria-label", &list.label);
    let input = input(&list, search, &frame, row_px, scrolled);
    let multi = list.multi.then_some("true");
    let frame_node: web_sys::Element = frame.node();
    let on_scroll = move |_| scrolled.set(f64::from(frame_node.scroll_top()));
    let height = move |most: usize| format!("{}px", search.count().min(most) as f64 * row_px);
    let pick = list.pick.clone();
    let chosen = list.chosen;
    let rows = el("div").class("rows").attr("role", "presentation").style_with("height", move || height(usize::MAX));
    let rows = rows.children_with(move || {
        let first = ((scrolled.get() / row_px) as usize).saturating_sub(ROWS_AROUND);
        let end = search.count().min(first + ROWS_IN_SIGHT + 2 * ROWS_AROUND);
        (first..end).filter_map(|at| row(search, at, row_px, chosen, &pick)).collect()
    });
    let frame = frame
        .attr_if("aria-multiselectable", multi)
        .style_with("height", move || height(ROWS_IN_SIGHT))
        .on("scroll", on_scroll)
        .child(rows);
    let hint = el("p").class("hint").attr("role", "status").text_with(move || search.hint());
    // As soon as it is in the page.
    let field = input.clone();
    leptos::task::spawn_local(async move { field.focus() });
    vec![input, frame, hint]
}

/// How high a row is: as high as every control.
fn row_css_px() -> f64 {
    let coarse = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    if coarse.is_some_and(|query| query.matches()) { 44.0 } else { 28.0 }
}

/// What is sought among the options, and what of them is found.
#[derive(Clone, Copy)]
struct Search {
    options: Memo<Arc<Vec<VariableOption>>>,
    sought: RwSignal<String>,
    /// Indices of the options that have every word in their label.
    found: Memo<Arc<Vec<usize>>>,
    /// What was typed, where no option is called so: it can be chosen as well.
    typed: Memo<Option<VariableOption>>,
    /// The row that Enter chooses.
    active: RwSignal<usize>,
}

impl Search {
    fn new(options: Memo<Arc<Vec<VariableOption>>>, takes_others: bool) -> Self {
        let sought = RwSignal::new(String::new());
        let labels = Memo::new(move |_| {
            options.with(|options| Arc::new(options.iter().map(|option| lowercase(&option.label)).collect::<Vec<_>>()))
        });
        let found = Memo::new(move |_| {
            let sought = lowercase(&sought.get());
            let words: Vec<&str> = sought.split_whitespace().collect();
            let matches = |label: &str| words.iter().all(|word| label.contains(word));
            labels.with(|labels| {
                let found = labels.iter().enumerate().filter(|(_, label)| matches(label));
                Arc::new(found.map(|(index, _)| index).collect::<Vec<_>>())
            })
        });
        let typed = Memo::new(move |_| {
            let text = sought.with(|sought| sought.trim().to_owned());
            let is_there =
                || options.with(|options| options.iter().any(|option| option.label == text || option.value == text));
            (takes_others && !text.is_empty() && !is_there()).then(|| VariableOption::plain(text))
        });
        Self { options, sought, found, typed, active: RwSignal::new(0) }
    }

    /// How many rows there are.
    fn count(self) -> usize {
        self.found.with(|found| found.len()) + usize::from(self.typed.with(Option::is_some))
    }

    /// The option in a row, and whether it is only what was typed.
    fn at(self, row: usize) -> Option<(VariableOption, bool)> {
        match self.found.with(|found| found.get(row).copied()) {
            Some(index) => Some((self.options.with(|options| options.get(index).cloned())?, false)),
            None => self.typed.get().map(|typed| (typed, true)),
        }
    }

    fn hint(self) -> String {
        let (all, found) = (self.options.with(|options| options.len()), self.found.with(|found| found.len()));
        match (all, found) {
            (0, _) => "There are no values".to_owned(),
            _ if found < all => format!("{found} of {all}"),
            // So many are asked for at most.
            _ if all >= 10_000 => format!("The first {all} values: type to use another"),
            _ => String::new(),
        }
    }
}

fn input(list: &ListBox, search: Search, frame: &El, row_px: f64, scrolled: RwSignal<f64>) -> El {
    let frame: web_sys::Element = frame.node();
    let show = {
        let frame = frame.clone();
        move |row: usize| {
            let (top, bottom) = (row as f64 * row_px, (row + 1) as f64 * row_px);
            let (from, height) = (f64::from(frame.scroll_top()), f64::from(frame.client_height()));
            let to = if top < from {
                top
            } else if bottom > from + height {
                bottom - height
            } else {
                from
            };
            frame.set_scroll_top(to.ceil() as i32);
            scrolled.set(to);
        }
    };
    let pick = list.pick.clone();
    let on_key = {
        let show = show.clone();
        move |event: Event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            let last = search.count().saturating_sub(1);
            let active = search.active.get_untracked().min(last);
            let next = match event.key().as_str() {
                "ArrowDown" => {
                    if active == last {
                        0
                    } else {
                        active + 1
                    }
                }
                "ArrowUp" => {
                    if active == 0 {
                        last
                    } else {
                        active - 1
                    }
                }
                "PageDown" => (active + ROWS_IN_SIGHT).min(last),
                "PageUp" => active.saturating_sub(ROWS_IN_SIGHT),
                "Enter" => {
                    event.prevent_default();
                    if let Some((option, _)) = untrack(|| search.at(active)) {
                        pick(&option);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            search.active.set(next);
            show(next);
        }
    };
    let typed = move |event: Event| {
        search.sought.set(value_of(&event));
        search.active.set(0);
        show(0);
    };
    el("input")
        .attr("type", "search")
        .attr("role", "combobox")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-expanded", "true")
        .attr("aria-controls", "options")
        .attr("aria-autocomplete", "list")
        .attr("aria-label", &list.label)
        .attr("placeholder", if list.takes_others { "Search, or type a value" } else { "Search" })
        .attr_with("aria-activedescendant", move || Some(format!("option-{}", search.active.get())))
        .on("input", typed)
        .on("keydown", on_key)
}

fn row(
    search: Search,
    at: usize,
    row_px: f64,
    chosen: Memo<Selection>,
    pick: &Rc<dyn Fn(&VariableOption)>,
) -> Option<El> {
    let (option, is_typed) = search.at(at)?;
    let words = match (is_typed, option.label.is_empty()) {
        (true, _) => format!("Use “{}”", option.label),
        (_, true) => "(empty)".to_owned(),
        _ => option.label.clone(),
    };
    let value = option.value.clone();
    let pick = pick.clone();
    let row = el("div").class("option").attr("role", "option").attr("id", &format!("option-{at}"));
    let row = row
        .attr("aria-setsize", &search.count().to_string())
        .attr("aria-posinset", &(at + 1).to_string())
        .attr("data-value", &option.value)
        .attr("title", &words)
        .attr_with("aria-selected", move || Some(chosen.with(|chosen| chosen.has(&value)).to_string()))
        .class_with("active", move || search.active.get() == at)
        .style("transform", &format!("translateY({}px)", at as f64 * row_px))
        .child(el("span").class("check").attr("aria-hidden", "true"))
        .child(el("span").class("name").text(&words));
    // The focus stays in the search field.
    let row = row.on("pointerdown", |event| event.prevent_default());
    Some(row.on_click(move || {
        search.active.set(at);
        pick(&option);
    }))
}
