//! In a frame of another page: that page is told how large the content is, if config.json lists its origin.

use crate::browser::object;
use crate::browser::observe::SizeObserver;
use web_sys::{Element, Window};

/// Whether another page is around this one.
pub fn is_framed() -> bool {
    parent().is_some()
}

/// Tells the page around `{type: "pyrograph:size", width, height}` of `content` in CSS pixels, now and whenever it changes. For as long as the page lives.
///
/// The browser delivers a message only where the page around is of the origin it is addressed to, so one goes to each of
/// `origins`. Nothing is ever taken from the page around.
pub fn announce_size(content: &Element, origins: Vec<String>) {
    let observer = SizeObserver::new(content, move |width, height| {
        let (width, height) = (width.ceil().into(), height.ceil().into());
        let message = object(&[("type", "pyrograph:size".into()), ("width", width), ("height", height)]);
        for origin in &origins {
            if let Some(parent) = parent() {
                // Refused only for what is no origin, which config.json was checked for.
                let _ = parent.post_message(&message, origin);
            }
        }
    });
    std::mem::forget(observer);
}

/// The window around, if there is one.
fn parent() -> Option<Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok().flatten()?;
    (parent != window).then_some(parent)
}
