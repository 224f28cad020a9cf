//! What floats under a button: opened by it, closed by Escape, by the button, and by a click elsewhere.

use crate::view::view;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button, and `children` floating below it while `open`.
#[component]
pub fn Popover(
    open: RwSignal<bool>,
    /// The name of the button for those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// What is on the button.
    button: AnyView,
    /// Aligned to the button's right edge also on narrow screens.
    #[prop(optional)]
    end: bool,
    #[prop(optional)] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let anchor = NodeRef::<html::Div>::new();
    let trigger = NodeRef::<html::Button>::new();
    let clicks = window_event_listener(ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok())
            .zip(anchor.try_get_untracked().flatten())
            .is_some_and(|(target, anchor)| anchor.contains(Some(&target)));
        if !inside && open.try_get_untracked() == Some(true) {
            open.set(false);
        }
    });
    on_cleanup(move || clicks.remove());
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            if let Some(trigger) = trigger.get_untracked() {
                // Focus returns to where it was; a button that is gone needs none.
                let _ = trigger.focus();
            }
        }
    };
    view! {
        <div class="anchor" node_ref=anchor on:keydown=on_key>
            <button
                node_ref=trigger
                class=format!("button {class}")
                type="button"
                aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string()
                aria-label=label
                title=label
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {button}
            </button>
            {move || open.get().then(|| view! {
                <div class="popover" class:end=end role="dialog" aria-label=label>{children()}</div>
            })}
        </div>
    }
}
