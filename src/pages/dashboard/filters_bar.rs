//! The filters of an ad hoc variable: a chip for each, and a list to add more. Labels and values are asked of the source.

use crate::browser::url::Entry;
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, el, react, value_of};
use crate::parts;
use crate::protocol::{Question, Reply, Texts};
use crate::state::session::Session;
use crate::state::variables::Choice;
use crate::ui::icon::{Shape, icon, icon_button};
use crate::ui::listbox::ListBox;
use crate::ui::popover::{Popover, stays_in_window};
use dashboard::adhoc::{Filter, FilterOp};
use dashboard::model::{Selection, VariableOption};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// An ad hoc variable on the page.
#[derive(Clone)]
pub struct FiltersBar {
    pub session: Session,
    pub name: String,
    pub label: String,
    /// The uid of the data source that is filtered.
    pub source: Rc<dyn Fn() -> String>,
    /// What is chosen are the filters as the URL has them.
    pub choice: ArcRwSignal<Choice>,
}

/// The chips, and the button that adds one.
pub fn filters_bar(bar: FiltersBar) -> Vec<El> {
    let name = format!("Add to {}", bar.label);
    let adding = editor(&bar, None, vec![icon(Shape::Add)], Rc::new(move || name.clone()));
    let chips = el("span").class("filters").children_with(move || {
        let count = bar.choice.with(|choice| choice.chosen.values.len());
        (0..count).map(|at| chip(&bar, at)).collect()
    });
    vec![chips, adding]
}

impl FiltersBar {
    fn filters(&self) -> Vec<Filter> {
        self.choice.with(|choice| choice.chosen.values.iter().filter_map(|text| Filter::from_url(text)).collect())
    }

    /// Puts filters into the URL; an empty text stands for none, also where the file has some.
    fn set(&self, filters: &[Filter]) {
        let none = filters.is_empty().then(String::new);
        let values: Vec<String> = filters.iter().map(Filter::to_url).chain(none).collect();
        self.session.edit_params(Entry::Push, |params| params.set(&format!("var-{}", self.name), values));
    }

    /// Replaces the filter at `at`, or adds one there.
    fn put(&self, at: usize, filter: Option<Filter>) {
        let mut filters = untrack(|| self.filters());
        let end = at.saturating_add(1).min(filters.len());
        filters.splice(at.min(end)..end, filter);
        self.set(&filters);
    }

    /// Asks the data source for labels or values in series that pass the filters but that at `at`.
    fn ask(&self, at: usize, label: Option<String>) -> RwSignal<Arc<Vec<VariableOption>>> {
        let options = RwSignal::new(Arc::default());
        let mut others = untrack(|| self.filters());
        if at < others.len() {
            others.remove(at);
        }
        // As they are in the panels' queries. Servers want a condition that not everything meets, and all have names.
        let matcher = match &others[..] {
            [] => None,
            others => engine::add_filters("{__name__!=\"\"}", others).ok(),
        };
        let of = match label {
            None => Texts::LabelNames { matcher },
            Some(label) => Texts::LabelValues { label, matcher },
        };
        let (session, source) = (self.session, untrack(|| (self.source)()));
        let question = Question::Texts { source, of, range: session.shown.get_untracked() };
        leptos::task::spawn_local(async move {
            // Where there is no answer, what is typed can be used.
            let Ok(Reply::Texts(texts)) = session.ask(question).await else { return };
            let offered = texts.iter().filter(|text| &***text != "__name__").map(|text| VariableOption::plain(&**text));
            // The list may be closed by now.
            let _ = options.try_set(Arc::new(offered.collect()));
        });
        options
    }
}

/// A filter that can be changed and taken out.
fn chip(bar: &FiltersBar, at: usize) -> El {
    let words = {
        let bar = bar.clone();
        Rc::new(move || bar.filters().get(at).map(words).unwrap_or_default())
    };
    let shown = words.clone();
    let editor = editor(bar, Some(at), vec![el("span").class("chosen").text_with(move || shown())], words.clone());
    let remove = {
        let bar = bar.clone();
        move || bar.put(at, None)
    };
    let label = move || Some(format!("Remove {}", words()));
    let remove =
        icon_button(Shape::Close, "").attr_with("aria-label", label.clone()).attr_with("title", label).on_click(remove);
    el("span").class("group").child(editor).child(remove)
}

/// A filter as it is read: `job = api`.
fn words(filter: &Filter) -> String {
    let values = filter.values.join(", ");
    match filter.op {
        FilterOp::OneOf => format!("{} is one of {values}", filter.label),
        FilterOp::NoneOf => format!("{} is none of {values}", filter.label),
        op => format!("{} {} {values}", filter.label, op.as_str()),
    }
}

/// A button, and below it first the labels, then what the label is compared with.
fn editor(bar: &FiltersBar, at: Option<usize>, face: Vec<El>, name: Rc<dyn Fn() -> String>) -> El {
    let open = RwSignal::new(false);
    // What is edited; it counts once there is a value, and for several values once the list is closed.
    let draft: RwSignal<Option<Filter>> = RwSignal::new(None);
    let at = at.unwrap_or(usize::MAX);
    let known = bar.clone();
    react(move || {
        if open.get() {
            draft.set(untrack(|| known.filters().get(at).cloned()));
        } else if let Some(filter) = draft.try_update(Option::take).flatten()
            && !filter.values.is_empty()
            && untrack(|| known.filters().get(at) != Some(&filter))
        {
            known.put(at, Some(filter));
        }
    });
    let class = if at == usize::MAX { "icon-only" } else { "" };
    let popover = Popover { open, label: Box::new(move || name()), face, class, end: false };
    let bar = bar.clone();
    let label = Memo::new(move |_| draft.with(|draft| draft.as_ref().map(|filter| filter.label.clone())));
    let anchor = popover.build(move || {
        let bar = bar.clone();
        let content = move || {
            Some(match label.get() {
                None => labels(&bar, at, draft),
                Some(label) => values(&bar, at, &label, draft, open),
            })
        };
        el("div").class("part").child_with(content)
    });
    stays_in_window(anchor, open)
}

fn labels(bar: &FiltersBar, at: usize, draft: RwSignal<Option<Filter>>) -> El {
    let pick = move |option: &VariableOption| {
        draft.set(Some(Filter { label: option.value.clone(), op: FilterOp::Equal, values: Vec::new() }));
    };
    let options = bar.ask(at, None);
    parts::listbox(ListBox {
        label: "Label".to_owned(),
        options: Memo::new(move |_| options.get()),
        chosen: Memo::new(|_| Selection::default()),
        multi: false,
        takes_others: true,
        pick: Rc::new(pick),
    })
}

fn values(bar: &FiltersBar, at: usize, label: &str, draft: RwSignal<Option<Filter>>, open: RwSignal<bool>) -> El {
    let op = Memo::new(move |_| draft.with(|draft| draft.as_ref().map_or(FilterOp::Equal, |filter| filter.op)));
    let change = move |event: web_sys::Event| {
        let Some(op) = FilterOp::parse(&value_of(&event)) else { return };
        draft.update(|draft| {
            if let Some(filter) = draft {
                filter.op = op;
                filter.values.truncate(if op.takes_many() { usize::MAX } else { 1 });
            }
        });
    };
    let chosen_op = op.get_untracked();
    let options = FilterOp::ALL.iter().map(|op| {
        let words = match op {
            FilterOp::OneOf => "is one of",
            FilterOp::NoneOf => "is none of",
            op => op.as_str(),
        };
        el("option").attr("value", op.as_str()).attr_if("selected", (*op == chosen_op).then_some("")).text(words)
    });
    let select = el("select").attr("aria-label", "Comparison").children(options).on("change", change);
    let head = el("div").class("filter-head").child(el("span").class("name").text(label)).child(select);
    let offered = bar.ask(at, Some(label.to_owned()));
    let label = label.to_owned();
    let list = move || {
        let multi = op.get().takes_many();
        let chosen = Memo::new(move |_| {
            let values = draft.with(|draft| draft.as_ref().map(|filter| filter.values.clone()));
            Selection::of(values.unwrap_or_default())
        });
        let pick = move |option: &VariableOption| {
            let next = chosen.with_untracked(|chosen: &Selection| chosen.toggled(option, multi));
            draft.update(|draft| {
                if let Some(filter) = draft {
                    filter.values = next.values;
                }
            });
            if !multi {
                open.set(false);
            }
        };
        let options = Memo::new(move |_| offered.get());
        Some(parts::listbox(ListBox {
            label: label.clone(),
            options,
            chosen,
            multi,
            takes_others: true,
            pick: Rc::new(pick),
        }))
    };
    el("div").class("part").child(head).child_with(list)
}
