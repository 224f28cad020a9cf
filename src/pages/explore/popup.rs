//! The list of offers below a field: opened by typing or by Ctrl+Space, used by keyboard alone or by pointer.

use super::field::Field;
use super::names::Names;
use super::offers::{Offer, Offers, offers};
use crate::dom::{El, Memo, RwSignal, el, react};
use promql::complete::{Completion, Wanted, complete};
use std::rc::Rc;
use web_sys::{Element, KeyboardEvent};

/// The height of an offer in CSS pixels, as in the style sheet.
const ROW_CSS_PX: i32 = 26;
/// How many of them are seen at once.
const ROWS: i32 = 9;

/// The offers of one field; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Popup {
    names: Names,
    /// What is wanted at the caret; none while the list is closed.
    wanted: RwSignal<Option<Wish>>,
    found: RwSignal<Offers>,
    chosen: RwSignal<usize>,
}

/// What is wanted, and the text behind what gives way to it.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    completion: Completion,
    after: String,
}

impl Popup {
    /// A closed one.
    pub fn new(names: Names) -> Self {
        let (wanted, found) = (RwSignal::new(None), RwSignal::new(Offers::default()));
        Self { names, wanted, found, chosen: RwSignal::new(0) }
    }

    /// Whether there is anything to choose from, or will be.
    pub fn is_open(self) -> bool {
        self.found.with(|found| found.is_awaited || !found.list.is_empty())
    }

    /// Closes the list.
    pub fn close(self) {
        if self.wanted.with_untracked(Option::is_some) {
            self.wanted.set(None);
        }
    }

    /// Offers what fits where the caret is. Unasked it does so only where something was typed, or where nothing else can
    /// be meant.
    pub fn offer(self, text: &str, caret: Option<usize>, is_asked_for: bool) {
        let found = caret.and_then(|caret| complete(text, caret));
        let found = found.filter(|found| is_asked_for || comes_unasked(found));
        let wish = found.map(|completion| {
            let after = text.get(completion.span.end..).unwrap_or_default().to_owned();
            Wish { completion, after }
        });
        self.chosen.set(0);
        self.wanted.set(wish);
    }

    /// Does what `key` does in a list; whether it was for the list.
    pub fn key(self, field: Field, key: &KeyboardEvent) -> bool {
        let count = self.found.with_untracked(|found| found.list.len());
        if count == 0 || key.ctrl_key() || key.meta_key() || key.shift_key() {
            return false;
        }
        let page = ROWS as usize - 1;
        let chosen = self.chosen.get_untracked();
        match key.key().as_str() {
            "ArrowDown" => self.chosen.set((chosen + 1) % count),
            "ArrowUp" => self.chosen.set((chosen + count - 1) % count),
            "PageDown" => self.chosen.set((chosen + page).min(count - 1)),
            "PageUp" => self.chosen.set(chosen.saturating_sub(page)),
            "Enter" | "Tab" => self.accept(field, chosen),
            "Escape" => self.close(),
            _ => return false,
        }
        true
    }

    fn accept(self, field: Field, index: usize) {
        let offer = self.found.with_untracked(|found| found.list.get(index).cloned());
        let span = self.wanted.with_untracked(|wish| wish.as_ref().map(|wish| wish.completion.span));
        let (Some(Offer { insert: (text, caret), goes_on, .. }), Some(span)) = (offer, span) else { return };
        field.replace(span.start..span.end, &text, caret);
        // What was put in is typed text to the field, which offers again.
        self.close();
        if goes_on {
            field.offer(true);
        }
    }

    /// The id of the list.
    pub fn list_id(self, letter: &str) -> String {
        format!("offers-{letter}")
    }

    /// The id of the offer that is chosen, while the list is open.
    pub fn chosen_id(self, letter: &str) -> Option<String> {
        let is_there = self.found.with(|found| !found.list.is_empty());
        is_there.then(|| format!("offers-{letter}-{}", self.chosen.get()))
    }

    /// The list, which stands below `field`.
    pub fn build(self, field: Field, letter: &str) -> El {
        react(move || {
            let found = self.wanted.with(|wish| {
                let wish = wish.as_ref()?;
                let found = offers(self.names, &wish.completion, &wish.after);
                // What is there already needs no offer.
                let typed = wish.completion.typed.as_str();
                let is_done = matches!(found.list.as_slice(), [only] if &*only.name == typed);
                (!is_done).then_some(found)
            });
            self.found.set(found.unwrap_or_default());
        });
        let letter: Rc<str> = letter.into();
        let is_open = Memo::new(move |_| self.is_open());
        el("div").class("offers-anchor").child_with(move || {
            let letter = letter.clone();
            is_open
                .get()
                .then(|| el("div").class("popover offers").child(self.list(field, &letter)).child(self.detail()))
        })
    }

    fn list(self, field: Field, letter: &str) -> El {
        let list = el("ul").attr("role", "listbox").attr("id", &self.list_id(letter)).attr("aria-label", "Completions");
        // A press would take the focus from the field, and so close the list before the click.
        let list = list.on("mousedown", |event| event.prevent_default());
        let node: Element = list.node();
        react(move || {
            let top = self.chosen.get() as i32 * ROW_CSS_PX;
            let seen = node.scroll_top()..=node.scroll_top() + (ROWS - 1) * ROW_CSS_PX;
            if !seen.contains(&top) {
                node.set_scroll_top(if top < *seen.start() { top } else { top - (ROWS - 1) * ROW_CSS_PX });
            }
        });
        let letter: Rc<str> = letter.into();
        list.children_with(move || {
            let row = |(index, offer): (usize, &Offer)| {
                let is_chosen = move || Some((self.chosen.get() == index).to_string());
                el("li")
                    .class("menu-item")
                    .attr("role", "option")
                    .attr("id", &format!("offers-{letter}-{index}"))
                    .attr_with("aria-selected", is_chosen)
                    .child(el("span").class("name").text(&offer.name))
                    .child(el("span").class("hint").text(&offer.kind))
                    .on_click(move || self.accept(field, index))
            };
            self.found.with(|found| found.list.iter().enumerate().map(row).collect())
        })
    }

    /// What there is to know of the offer that is chosen.
    fn detail(self) -> El {
        el("div").class("detail hint").text_with(move || {
            self.found.with(|found| match found.list.get(self.chosen.get()) {
                Some(offer) => offer.detail.clone(),
                None => "Asking the server…".to_owned(),
            })
        })
    }
}

/// Whether a list may open by itself: where letters were typed, and where a label or a duration has to follow.
fn comes_unasked(found: &Completion) -> bool {
    let follows = matches!(found.wanted, Wanted::LabelName { .. } | Wanted::LabelValue { .. } | Wanted::Duration);
    follows || !found.typed.is_empty()
}
