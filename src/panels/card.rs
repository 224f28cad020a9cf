//! The card around a panel: its header, its marks, and what it says when there is nothing, or nothing new, to show.

use crate::browser::clock;
use crate::protocol::ToWorker;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use crate::ui::icon::{Icon, Shape};
use crate::view::view;
use engine::{ErrorCard, PanelId};
use frame::Millis;
use leptos::prelude::*;
use std::sync::Arc;

/// Where a card stands and what it is called.
#[derive(Clone)]
pub struct CardHead {
    pub id: PanelId,
    pub title: Signal<String>,
    pub description: String,
    /// The visualization's name, for tools.
    pub kind: String,
    /// `grid-column`, `grid-row` and the height in rows; none for a card that fills its place.
    pub place: Option<(String, String, u32)>,
    /// What of the dashboard's JSON is not supported here.
    pub notes: Vec<String>,
}

/// A card with `children` in it; `view` is what it shows, or none for a panel without data.
#[component]
pub fn Card(
    head: CardHead,
    #[prop(optional_no_strip)] view: Option<ArcRwSignal<PanelView>>,
    /// The state of a panel without data.
    #[prop(default = "ready")]
    still: &'static str,
    children: Children,
) -> impl IntoView {
    let session = Session::expect();
    let title = head.title;
    let state = {
        let view = view.clone();
        Memo::new(move |_| view.as_ref().map_or(still, |view| view.with(PanelView::word)))
    };
    let seen = {
        let view = view.clone();
        move |pick: fn(&Picture) -> u64| {
            view.as_ref().and_then(|view| view.with(|view| view.picture().map(|picture| pick(picture))))
        }
    };
    let series = {
        let seen = seen.clone();
        move || seen(|picture| picture.head.series.len() as u64).map(|count| count.to_string())
    };
    let samples = move || seen(|picture| picture.head.samples).map(|count| count.to_string());
    let is_stale = {
        let view = view.clone();
        Memo::new(move |_| {
            view.as_ref().is_some_and(|view| view.with(|view| matches!(view, PanelView::Failed { stale: Some(_), .. })))
        })
    };
    let notices = {
        let view = view.clone();
        Memo::new(move |_| {
            let picture = view.as_ref().and_then(|view| view.with(|view| view.picture().cloned()));
            picture.map_or_else(Vec::new, |picture| picture.head.notices.clone())
        })
    };
    let CardHead { id, description, kind, place, notes, .. } = head;
    let (column, row, rows) = place.unwrap_or_default();
    let panel_id = id.to_string();
    let has_title = move || !title.with(String::is_empty);
    let label = move || if has_title() { title.get() } else { "Untitled panel".to_owned() };
    view! {
        <section
            class="panel"
            class:untitled=move || !has_title()
            data-panel-id=panel_id
            data-visualization=kind
            data-state=state
            data-series=series
            data-samples=samples
            data-stale=move || is_stale.get().then_some("")
            data-partial=move || (!notices.with(Vec::is_empty)).then_some("")
            aria-label=label
            aria-busy=move || (state.get() == "loading").to_string()
            style:grid-column=column
            style:grid-row=row
            style=("--rows", rows.to_string())
        >
            <div class="progress" aria-hidden="true"></div>
            {move || has_title().then(|| view! {
                <header>
                    <h2 title=description.clone()>{title}</h2>
                    <span class="marks">
                        {Marks(MarksProps { notices, notes: notes.clone() })}
                    </span>
                </header>
            })}
            <div class="panel-body">
                {children()}
                {view.map(|view| view! { <Message id view session /> })}
            </div>
        </section>
    }
}

/// Quiet marks beside the title; what they mean is in their tooltips.
#[component]
fn Marks(notices: Memo<Vec<String>>, notes: Vec<String>) -> impl IntoView {
    let notes = (!notes.is_empty()).then(|| {
        let text = format!("Not supported and left out:\n{}", notes.join("\n"));
        view! { <span class="mark" tabindex="0" title=text.clone() aria-label=text>"partly"</span> }
    });
    let notices = move || {
        notices.with(|notices| {
            (!notices.is_empty()).then(|| {
                let text = notices.join("\n");
                view! { <span class="mark warn" tabindex="0" title=text.clone() aria-label=text>"notice"</span> }
            })
        })
    };
    view! { {notices} {notes} }
}

/// What stands over the picture: nothing while all is well.
#[component]
fn Message(id: PanelId, view: ArcRwSignal<PanelView>, session: Session) -> impl IntoView {
    move || {
        view.with(|view| match view {
            PanelView::Failed { error, stale: Some(stale), retry_at } => {
                foot(&id, session, error, stale, *retry_at).into_any()
            }
            PanelView::Failed { error, stale: None, retry_at } => middle(&id, session, error, *retry_at).into_any(),
            PanelView::Ready(picture) if picture.head.series.is_empty() => view! {
                <div class="panel-message">
                    <span class="title">"No data"</span>
                    <span class="advice">"No series matched in this time range"</span>
                </div>
            },
            _ => ().into_any(),
        })
    }
}

/// Nothing to show but the error.
fn middle(id: &PanelId, session: Session, error: &ErrorCard, retry_at: Option<Millis>) -> impl IntoView + use<> {
    view! {
        <div class="panel-message" role="alert">
            <span class="title problem">{error.title.clone()}</span>
            <span class="cause">{error.cause.clone()}</span>
            <span class="advice">{format!("{} {}", error.advice, retry_words(retry_at))}</span>
            {retry_button(id, session)}
        </div>
    }
}

/// The last picture stays, dimmed; the error stands below it.
fn foot(
    id: &PanelId,
    session: Session,
    error: &ErrorCard,
    stale: &Arc<Picture>,
    retry_at: Option<Millis>,
) -> impl IntoView + use<> {
    let since = session.clock_time(stale.arrived);
    let words = format!("Stale since {since}. {}: {} {}", error.title, error.cause, retry_words(retry_at));
    let full = format!("{words}\n{}", error.advice);
    view! {
        <div class="panel-foot" role="status" title=full>
            <span class="text">{words}</span>
            {retry_button(id, session)}
        </div>
    }
}

fn retry_words(retry_at: Option<Millis>) -> String {
    retry_at.map_or_else(String::new, |at| {
        let seconds = (at.since(clock::now()) + 999).max(0) / 1_000;
        format!("Next try in {seconds} s")
    })
}

fn retry_button(id: &PanelId, session: Session) -> impl IntoView + use<> {
    let id = id.clone();
    view! {
        <button class="button" type="button" on:click=move |_| session.send(&ToWorker::Retry(id.clone()))>
            <Icon shape=Shape::Refresh /> "Retry"
        </button>
    }
}
