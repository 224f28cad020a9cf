//! Elements, built by hand and bound to Leptos' signals.
//!
//! The first load has to stay under 200 KB, and Leptos' own views alone took more than half of that: each has a type of
//! its own, and what builds, changes and removes it is compiled for each. Here every closure is boxed at once, so that
//! what works on elements is compiled once. Signals, memos, effects and owners are Leptos' own; [`signals`] spares them too
//! what is compiled for each type.
//!
//! ```ignore
//! let count = RwSignal::new(0);
//! el("button").attr("type", "button").text_with(move || count.get().to_string()).on("click", move |_| count.set(1))
//! ```
//!
//! What belongs to an element (effects, listeners) lives as long as the scope it was made in: the page, or a slot
//! ([`El::child_with`]) until its next run.

mod bindings;
mod scope;
mod signals;

pub use scope::{bit_by_bit, keep, on_leave, react, spawn, spawn_within};
pub use signals::{ArcRwSignal, Memo, RwSignal, StoredValue};

use bindings::{Element, Text};
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// An element under construction, or a handle to one that is in the page.
#[derive(Clone)]
pub struct El(Element);

/// A new HTML element.
pub fn el(name: &str) -> El {
    El(bindings::create_element(name))
}

/// A new SVG element.
pub fn svg(name: &str) -> El {
    El(bindings::create_element_ns("http://www.w3.org/2000/svg", name))
}

/// A new `<button type="button">`.
pub fn button(class: &str) -> El {
    el("button").attr("type", "button").class(class)
}

impl El {
    /// The document's `<body>`.
    pub fn body() -> Self {
        Self(bindings::body())
    }

    /// The document's `<html>`.
    pub fn root() -> Self {
        Self(bindings::document_element())
    }

    /// The element as web-sys knows it.
    pub fn node<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> Self {
        self.0.set_attribute(name, value);
        self
    }

    /// Sets an attribute, or leaves it away.
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.0.set_attribute(name, value);
        }
        self
    }

    /// Keeps an attribute as `value` says; none takes it away.
    pub fn attr_with(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        react(move || match value() {
            Some(value) => element.set_attribute(name, &value),
            None => element.remove_attribute(name),
        });
        self
    }

    /// Keeps an attribute there, and empty, while `on` says so.
    pub fn flag_with(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.attr_with(name, move || on().then(String::new))
    }

    /// Sets the classes.
    pub fn class(self, names: &str) -> Self {
        self.attr_if("class", (!names.is_empty()).then_some(names))
    }

    /// Adds a class if `on` says so.
    pub fn class_if(self, name: &str, on: bool) -> Self {
        if on {
            self.0.toggle_class(name, true);
        }
        self
    }

    /// Keeps a class there while `on` says so.
    pub fn class_with(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        react(move || element.toggle_class(name, on()));
        self
    }

    /// Sets a CSS property or variable, by script: the page's policy has no place for style attributes.
    pub fn style(self, name: &str, value: &str) -> Self {
        self.0.set_style(name, value);
        self
    }

    /// Keeps a CSS property as `value` says.
    pub fn style_with(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        react(move || element.set_style(name, &value()));
        self
    }

    /// Sets a property of the element's object, such as an input's `value`.
    pub fn prop(self, name: &str, value: &JsValue) -> Self {
        // An element takes any property.
        let _ = js_sys::Reflect::set(&self.0, &name.into(), value);
        self
    }

    /// Keeps what a control holds as `value` says. What is being typed is not touched while it says just that.
    pub fn value_with(self, value: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        react(move || {
            let value = value();
            if bindings::value(&element) != value {
                element.set_value(&value);
            }
        });
        self
    }

    /// Appends a text.
    pub fn text(self, text: &str) -> Self {
        self.0.append(&bindings::create_text(text));
        self
    }

    /// Appends a text that stays as `text` says.
    pub fn text_with(self, text: impl Fn() -> String + 'static) -> Self {
        let node: Text = bindings::create_text("");
        self.0.append(&node);
        react(move || node.set_data(&text()));
        self
    }

    /// Appends an element.
    pub fn child(self, child: El) -> Self {
        self.0.append(&child.0);
        self
    }

    /// Appends elements, or none.
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self.0.append(&child.0);
        }
        self
    }

    /// A slot: what `build` makes stands here, and is made anew when what `build` read has changed.
    pub fn child_with(self, build: impl Fn() -> Option<El> + 'static) -> Self {
        self.children_with(move || build().into_iter().collect())
    }

    /// A slot for any number of elements.
    pub fn children_with(self, build: impl Fn() -> Vec<El> + 'static) -> Self {
        scope::slot(&self.0, Box::new(build));
        self
    }

    /// Calls `handler` at each event of this name.
    pub fn on(self, event: &str, handler: impl FnMut(Event) + 'static) -> Self {
        scope::listen(&self.0, event, Box::new(handler));
        self
    }

    /// Calls `handler` when the element is clicked, or pressed by key if it is a button.
    pub fn on_click(self, mut handler: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| handler())
    }

    /// Takes the element out of the page.
    pub fn remove(&self) {
        self.0.remove();
    }

    /// Puts the keyboard's focus on it.
    pub fn focus(&self) {
        self.0.focus();
    }

    /// Shows a `<dialog>` above everything else.
    pub fn show_modal(&self) {
        self.0.show_modal();
    }

    /// Whether `event` happened to the element itself.
    pub fn is_target_of(&self, event: &Event) -> bool {
        event.target().is_some_and(|target| target.loose_eq(&self.0))
    }

    /// Whether `event` happened in it or in what it contains.
    pub fn holds_target_of(&self, event: &Event) -> bool {
        event.target().is_some_and(|target| self.0.contains(target.unchecked_ref()))
    }
}

/// Listens to the window until the scope is left.
pub fn on_window(event: &str, handler: impl FnMut(Event) + 'static) {
    scope::listen(&js_sys::global(), event, Box::new(handler));
}

/// What an input, a select or a text area holds, from an event of it.
pub fn value_of(event: &Event) -> String {
    event.target().map(|target| bindings::value(target.unchecked_ref())).unwrap_or_default()
}
