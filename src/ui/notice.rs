//! A message that stands in the page: what happened, and what to do.

use crate::view::view;
use leptos::prelude::*;

/// A notice with a heading in bold and advice behind it.
#[component]
pub fn Notice(
    #[prop(into)] title: String,
    #[prop(into, optional)] advice: String,
    /// Something is broken, rather than worth knowing.
    #[prop(optional)]
    bad: bool,
) -> impl IntoView {
    let role = if bad { "alert" } else { "status" };
    view! {
        <div class="notice" class:bad=bad role=role>
            <div>
                <strong>{title}</strong>
                {(!advice.is_empty()).then(|| view! { <div class="hint">{advice}</div> })}
            </div>
        </div>
    }
}
