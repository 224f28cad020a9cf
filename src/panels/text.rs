//! The text panel.

use crate::ui::markdown;
use crate::view::view;
use leptos::prelude::*;

/// Markdown, variables already put in.
#[component]
pub fn Text(#[prop(into)] content: Signal<String>) -> impl IntoView {
    view! {
        <div class="prose" tabindex="0">
            {move || content.with(|content| markdown::render(&dashboard::text::parse(content)))}
        </div>
    }
}
