//! The command palette: a few letters, and one is there.

use crate::browser::url::Entry;
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, el, value_of};
use crate::route::{Page, Route};
use crate::state::catalog;
use crate::state::session::Session;
use crate::state::variables::Choice;
use crate::ui::dialog;
use crate::ui::range_form::QUICK;
use dashboard::model::VariableOption;
use dashboard::time::RawRange;
use promql::rank;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// Longer lists are cut: another letter finds more than scrolling does.
const MOST_SHOWN: usize = 12;

/// Of more values of a variable only the first are found; its own list finds them all.
const MOST_VALUES: usize = 1_000;

/// Somewhere to go.
#[derive(Clone, PartialEq)]
struct Command {
    words: String,
    /// What kind of thing it is, and where it is.
    hint: String,
    goal: Goal,
}

#[derive(Clone, PartialEq)]
enum Goal {
    Page(Page),
    Range(RawRange),
    /// A value of a variable.
    Value(String, String),
}

/// Opens the palette.
pub fn open(session: Session) {
    dialog::open("Go to", || content(session));
}

fn content(session: Session) -> Vec<El> {
    let commands = RwSignal::new(fixed().into_iter().chain(values(session)).collect());
    add_dashboards(session, commands);
    let sought = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        let sought = sought.get();
        commands.with(|commands| best(commands, &sought))
    });
    let on_key = move |event: Event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => run(session, found.with_untracked(|found| found.get(chosen.get_untracked()).cloned())),
            _ => return,
        }
        event.prevent_default();
    };
    let typed = move |event: Event| {
        sought.set(value_of(&event));
        chosen.set(0);
    };
    let input = el("input")
        .attr("type", "search")
        .attr("role", "combobox")
        .attr("aria-expanded", "true")
        .attr("aria-controls", "palette")
        .attr("aria-label", "Go to")
        .attr("placeholder", "Go to a page, a dashboard, a time range, a value")
        .attr_with("aria-activedescendant", move || Some(format!("palette-{}", chosen.get())))
        .on("input", typed)
        .on("keydown", on_key);
    let list = el("ul")
        .class("palette")
        .attr("id", "palette")
        .attr("role", "listbox")
        .attr("aria-label", "Results")
        .children_with(move || {
            let found = found.get();
            if found.is_empty() {
                return vec![el("li").class("hint").text("Nothing is called so")];
            }
            found.into_iter().enumerate().map(|(index, command)| row(session, index, command, chosen)).collect()
        });
    vec![input, list]
}

/// The commands that fit `sought`, best first: by their words, else by these and the hint together.
fn best(commands: &[Command], sought: &str) -> Vec<Command> {
    let fit = |command: &Command| {
        let by_words = rank::fit(&command.words, sought).map(|fit| (true, fit));
        by_words.or_else(|| Some((false, rank::fit(&format!("{} {}", command.words, command.hint), sought)?)))
    };
    let mut fitting: Vec<_> = commands.iter().filter_map(|command| Some((fit(command)?, command))).collect();
    if !sought.trim().is_empty() {
        frame::sort_by(&mut fitting, |a, b| b.0.cmp(&a.0));
    }
    fitting.into_iter().take(MOST_SHOWN).map(|(_, command)| command.clone()).collect()
}

fn row(session: Session, index: usize, command: Command, chosen: RwSignal<usize>) -> El {
    let words = el("span").text(&command.words);
    let row = el("li").class("menu-item").attr("role", "option").attr("id", &format!("palette-{index}"));
    row.attr_with("aria-selected", move || Some((chosen.get() == index).to_string()))
        .child(words)
        .child(el("span").class("hint").text(&command.hint))
        .on_click(move || run(session, Some(command.clone())))
}

fn run(session: Session, command: Option<Command>) {
    let Some(command) = command else { return };
    dialog::close();
    match command.goal {
        Goal::Page(page) => session.go(Route::to(page), Entry::Push),
        Goal::Range(range) => session.set_range(range.from, range.to),
        Goal::Value(name, value) => {
            session.edit_params(Entry::Push, |params| params.set(&format!("var-{name}"), [value]));
        }
    }
}

/// What is there without asking anybody.
fn fixed() -> Vec<Command> {
    let pages = [
        (Page::Home, "Home"),
        (Page::Explore, "Explore"),
        (Page::Alerts, "Alerts"),
        (Page::Targets, "Targets"),
        (Page::Settings, "Settings"),
    ];
    let pages =
        pages.map(|(page, words)| Command { words: words.to_owned(), hint: "Page".to_owned(), goal: Goal::Page(page) });
    let ranges = QUICK.map(|(from, to)| {
        let range = RawRange::new(from, to);
        Command { words: range.describe(), hint: "Time range".to_owned(), goal: Goal::Range(range) }
    });
    pages.into_iter().chain(ranges).collect()
}

/// The values of the variables on the page.
fn values(session: Session) -> Vec<Command> {
    session.variables.with_untracked(|variables| {
        let of = |(name, label, choice): &(String, String, ArcRwSignal<Choice>)| {
            let options = choice.with_untracked(|choice| choice.options.clone());
            let value = |option: &VariableOption| Command {
                words: format!("{label}: {}", option.label),
                hint: "Variable".to_owned(),
                goal: Goal::Value(name.clone(), option.value.clone()),
            };
            options.iter().take(MOST_VALUES).map(value).collect::<Vec<_>>()
        };
        variables.iter().flat_map(of).collect()
    })
}

/// Asks for the list of dashboards, which stand in front of the rest once they have come.
fn add_dashboards(session: Session, commands: RwSignal<Vec<Command>>) {
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    leptos::task::spawn_local(async move {
        // Home says what is wrong with the list; here the rest goes on.
        let Ok(entries) = catalog::load(&index).await else { return };
        let dashboards = entries.into_iter().map(|entry| Command {
            words: entry.title,
            hint: if entry.folder.is_empty() {
                "Dashboard".to_owned()
            } else {
                format!("Dashboard in {}", entry.folder)
            },
            goal: Goal::Page(Page::Dashboard(entry.uid)),
        });
        let dashboards: Vec<Command> = dashboards.collect();
        // The palette may be closed by now.
        let _ = commands.try_update(|commands| commands.splice(0..0, dashboards).for_each(drop));
    });
}
