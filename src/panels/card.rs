//! The card around a panel: its header, its marks, and what it says when there is nothing, or nothing new, to show.

use crate::dom::{ArcRwSignal, El, Memo, RwSignal, StoredValue, button, el};
use crate::protocol::ToWorker;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon};
use engine::{ErrorCard, PanelId};
use frame::Millis;
use std::rc::Rc;
use std::sync::Arc;

/// Where a card stands and what it is called.
pub struct CardHead {
    pub id: PanelId,
    pub title: Box<dyn Fn() -> String>,
    /// What is said of its time range, if it has one of its own.
    pub time: Option<Box<dyn Fn() -> String>>,
    /// The visualization's name, for tools.
    pub kind: String,
    /// `grid-column`, `grid-row` and the height in rows; none for a card that fills its place.
    pub place: Option<(String, String, u32)>,
    /// What of the dashboard's JSON is not supported here.
    pub notes: Vec<String>,
    /// What the file says of it that is kept and not drawn, once that is known.
    pub undrawn: RwSignal<Vec<String>>,
    /// What opens from its header: its description, its links.
    pub tools: Vec<Tool>,
    /// Whether it waits for what its queries depend on; none where they depend on nothing.
    pub awaits: Option<Memo<bool>>,
    /// The state's word for a panel without data.
    pub still: &'static str,
}

/// Builds what opens from a header.
pub type Tool = Box<dyn Fn() -> El>;

/// A card around what `content` builds; `view` is what it shows, or none for a panel without data.
pub fn card(head: CardHead, view: Option<ArcRwSignal<PanelView>>, content: impl Fn() -> Option<El> + 'static) -> El {
    let CardHead { id, title, time, kind, place, notes, undrawn, tools, awaits, still } = head;
    let title = StoredValue::new(title);
    let time = StoredValue::new(time);
    let time = move || time.with_value(|time| time.as_ref().map(|time| el("span").class("hint").text(&time())));
    let title = move || title.with_value(|title| title());
    let (column, row, rows) = place.unwrap_or_default();
    let said = said_of(view.clone());
    let has_tools = !tools.is_empty();
    // Without a title there is no header, unless something opens from it, or it has to say that something is missing.
    let has_header = move || !title().is_empty() || has_tools || said.with(Said::is_any);
    let partly = Rc::new(move || notes_mark(&notes, undrawn));
    let corner = {
        let partly = partly.clone();
        move || (!has_header()).then(|| Some(el("span").class("marks corner").child(partly()?))).flatten()
    };
    let header = move || {
        has_header().then(|| {
            let partly = partly.clone();
            let marks = el("span").class("marks").children_with(move || said.with(Said::marks));
            let heading = el("h2").attr("title", &title()).text(&title());
            let marks = marks.child_with(move || partly()).children(tools.iter().map(|tool| tool()));
            el("header").child(heading).child_with(time).child(marks)
        })
    };
    let label = move || Some(title()).filter(|title| !title.is_empty()).or_else(|| Some("Untitled panel".to_owned()));
    let section = el("section")
        .class("panel")
        .class_with("untitled", move || title().is_empty() && !has_tools)
        .attr("data-panel-id", &id.0)
        .attr("data-visualization", &kind)
        .attr("data-state", still)
        .attr_with("aria-label", label)
        .style("grid-column", &column)
        .style("grid-row", &row)
        .style("--rows", &rows.to_string())
        .child(el("div").class("progress").attr("aria-hidden", "true"))
        .child_with(header)
        .child_with(corner);
    let body = el("div").class("panel-body").child_with(content);
    match view {
        None => section.child(body),
        Some(view) => with_states(section, view.clone(), awaits).child(with_message(body, id, view)),
    }
}

/// Keeps the attributes that tell what `view` is doing, or that what it shows is awaited.
fn with_states(section: El, view: ArcRwSignal<PanelView>, awaits: Option<Memo<bool>>) -> El {
    let state = {
        let view = view.clone();
        move || if awaits.is_some_and(|awaits| awaits.get()) { "loading" } else { view.with(PanelView::word) }
    };
    let busy = state.clone();
    let counts = view.clone();
    let series = view.clone();
    let count = |picture: Option<u64>| picture.map(|count| count.to_string());
    section
        .attr_with("data-state", move || Some(state().to_owned()))
        .attr_with("data-series", move || count(series.with(|view| Some(view.picture()?.head.series.len() as u64))))
        .attr_with("data-samples", move || count(counts.with(|view| Some(view.picture()?.head.samples))))
        .attr_with("aria-busy", move || Some((busy() == "loading").to_string()))
        .flag_with("data-partial", {
            let view = view.clone();
            move || view.with(|view| view.picture().is_some_and(|picture| Said::of(picture).is_any()))
        })
        .flag_with("data-stale", move || view.with(|view| matches!(view, PanelView::Failed { stale: Some(_), .. })))
}

/// What the picture's answers came with, apart from data.
#[derive(Default, PartialEq)]
struct Said {
    notices: Vec<String>,
    failures: Vec<String>,
}

impl Said {
    fn of(picture: &Picture) -> Self {
        Self { notices: picture.head.notices.clone(), failures: picture.head.failures.clone() }
    }

    fn is_any(&self) -> bool {
        !self.notices.is_empty() || !self.failures.is_empty()
    }

    fn marks(&self) -> Vec<El> {
        let failed = (!self.failures.is_empty()).then(|| mark("mark bad", "query failed", &self.failures.join("\n")));
        let notice = (!self.notices.is_empty()).then(|| mark("mark warn", "notice", &self.notices.join("\n")));
        failed.into_iter().chain(notice).collect()
    }
}

fn said_of(view: Option<ArcRwSignal<PanelView>>) -> Memo<Said> {
    Memo::new(move |_| {
        let picture = view.as_ref().and_then(|view| view.with(|view| view.picture().cloned()));
        picture.map_or_else(Said::default, |picture| Said::of(&picture))
    })
}

/// A quiet mark beside the title; what it means is in its tooltip.
fn mark(class: &str, word: &str, meaning: &str) -> El {
    let mark = el("span").class(class).attr("role", "note").attr("tabindex", "0").attr("title", meaning);
    mark.attr("aria-label", meaning).text(word)
}

/// Says what is not supported of a panel, and by what nothing is drawn.
fn notes_mark(notes: &[String], undrawn: RwSignal<Vec<String>>) -> Option<El> {
    let left_out = said_in_lines("Not supported and left out:", notes);
    let kept = undrawn.with(|kept| said_in_lines("Kept, and nothing is drawn by it yet:", kept));
    let meaning: Vec<String> = left_out.into_iter().chain(kept).collect();
    (!meaning.is_empty()).then(|| mark("mark", "partly", &meaning.join("\n")))
}

fn said_in_lines(heading: &str, lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| format!("{heading}\n{}", lines.join("\n")))
}

/// What stands over the picture: nothing while all is well.
fn with_message(body: El, id: PanelId, view: ArcRwSignal<PanelView>) -> El {
    let session = Session::expect();
    body.child_with(move || {
        view.with(|view| match view {
            PanelView::Failed { error, stale: Some(stale), retry_at } => {
                Some(foot(&id, session, error, stale, *retry_at))
            }
            PanelView::Failed { error, stale: None, retry_at } => Some(middle(&id, session, error, *retry_at)),
            PanelView::Ready(picture) if picture.head.series.is_empty() => {
                let no_data = el("span").class("title").text("No data");
                let why = el("span").class("advice").text("No series matched in this time range");
                let said = el("span")
                    .class("cause")
                    .text(&[&*picture.head.failures, &*picture.head.notices].concat().join("\n"));
                Some(el("div").class("panel-message").child(no_data).child(why).child(said))
            }
            _ => None,
        })
    })
}

/// Nothing to show but the error.
fn middle(id: &PanelId, session: Session, error: &ErrorCard, retry_at: Option<Millis>) -> El {
    el("div")
        .class("panel-message")
        .attr("role", "alert")
        .child(el("span").class("title problem").text(&error.title))
        .child(el("span").class("cause").text(&error.cause))
        .child(el("span").class("advice").text(&format!("{} {}", error.advice, retry_words(session, retry_at))))
        .child(retry_button(id, session))
}

/// The last picture stays, dimmed; the error stands below it.
fn foot(id: &PanelId, session: Session, error: &ErrorCard, stale: &Arc<Picture>, retry_at: Option<Millis>) -> El {
    let since = session.clock_time(stale.head.came_at);
    let words = format!("Stale since {since}. {}: {} {}", error.title, error.cause, retry_words(session, retry_at));
    el("div")
        .class("panel-foot")
        .attr("role", "status")
        .attr("title", &format!("{words}\n{}", error.advice))
        .child(el("span").class("text").text(&words))
        .child(retry_button(id, session))
}

/// By the clock: the words stay until then, and a count of seconds would not be true for long.
fn retry_words(session: Session, retry_at: Option<Millis>) -> String {
    retry_at.map_or_else(String::new, |at| format!("Next try at {}.", session.clock_time(at)))
}

fn retry_button(id: &PanelId, session: Session) -> El {
    let id = id.clone();
    let button = button("button").child(icon(Shape::Refresh)).text(" Retry");
    button.on_click(move || session.send(&ToWorker::Retry(id.clone())))
}
