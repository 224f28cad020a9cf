//! The state of a rule, an alert or a target: always a shape and a word, never colour alone.

use crate::view::view;
use leptos::prelude::*;

/// The mark and the word for `state`, as Prometheus and Alertmanager spell their states.
#[component]
pub fn StateMark(
    #[prop(into)] state: String,
    /// Shown instead of the state's own word.
    #[prop(into, optional)]
    word: Option<String>,
) -> impl IntoView {
    let shape = match state.as_str() {
        "ok" | "inactive" | "up" => view! { <circle cx="6" cy="6" r="4" fill="currentColor" /> },
        "pending" => {
            view! { <path d="M6 1.5a4.5 4.5 0 0 0 0 9z" fill="currentColor" /><circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" /> }
        }
        "firing" | "active" | "err" | "down" => view! { <path d="M6 1 11.5 11H.5z" fill="currentColor" /> },
        _ => {
            view! { <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 2" /> }
        }
    };
    let shown = word.unwrap_or_else(|| state.clone());
    view! {
        <span class="state" data-state=state>
            <svg viewBox="0 0 12 12" aria-hidden="true">{shape}</svg>
            {shown}
        </span>
    }
}
