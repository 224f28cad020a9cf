//! What floats under a button: opened by it, closed by Escape, by the button, by a click elsewhere, and when the focus goes
//! elsewhere.

use crate::dom::{El, RwSignal, StoredValue, button, el, on_window};
use wasm_bindgen::JsCast;

/// A button, and what `content` builds floating below it while `open`.
pub struct Popover {
    pub open: RwSignal<bool>,
    /// The name of the button for those who cannot see it.
    pub label: Box<dyn Fn() -> String>,
    /// What is on the button.
    pub face: Vec<El>,
    /// More classes of the button.
    pub class: &'static str,
    /// Aligned to the button's right edge also on narrow screens.
    pub end: bool,
}

impl Popover {
    /// The button with its popover.
    pub fn build(self, content: impl Fn() -> El + 'static) -> El {
        let Self { open, label, face, class, end } = self;
        let label = StoredValue::new(label);
        let label = move || Some(label.with_value(|label| label()));
        let trigger = button("button")
            .class_if(class, !class.is_empty())
            .attr("aria-haspopup", "dialog")
            .attr_with("aria-expanded", move || Some(open.get().to_string()))
            .attr_with("aria-label", label)
            .attr_with("title", label)
            .children(face)
            .on_click(move || open.update(|open| *open = !*open));
        let anchor = el("div").class("anchor").child(trigger.clone());
        for elsewhere in ["pointerdown", "focusin"] {
            let anchor = anchor.clone();
            on_window(elsewhere, move |event| {
                if open.get_untracked() && !anchor.holds_target_of(&event) {
                    open.set(false);
                }
            });
        }
        let on_key = move |event: web_sys::Event| {
            if event.unchecked_ref::<web_sys::KeyboardEvent>().key() == "Escape" && open.get_untracked() {
                event.stop_propagation();
                open.set(false);
                // Focus returns to where it was.
                trigger.focus();
            }
        };
        anchor.on("keydown", on_key).child_with(move || {
            open.get().then(|| {
                let popover = el("div").class("popover").class_if("end", end).attr("role", "dialog");
                popover.attr_with("aria-label", label).child(content())
            })
        })
    }
}

/// A list that opens on the right half of the page grows to the left.
pub fn stays_in_window(anchor: El, open: RwSignal<bool>) -> El {
    let node: web_sys::Element = anchor.node();
    let is_right = move || {
        let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or_default();
        open.get() && node.get_bounding_client_rect().left() > width / 2.0
    };
    anchor.class_with("end", is_right)
}
