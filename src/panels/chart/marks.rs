//! What annotations and exemplars share: marks above a chart, of which one tells more while the pointer or the focus is on it.

use crate::dom::{El, RwSignal};

/// What the pointer or the focus is on, and where in the window that is.
#[derive(Clone)]
pub struct Pointed<T> {
    pub what: T,
    pub x: f64,
    pub y: f64,
}

/// What is pointed at, if anything is.
pub type PointedAt<T> = RwSignal<Option<Pointed<T>>>;

/// `mark` as one that says `what` it is while it is pointed at.
pub fn tells<T: Clone + Send + Sync + 'static>(mark: El, what: T, pointed: PointedAt<T>) -> El {
    let element: web_sys::Element = mark.node();
    let point = move |_| {
        let at = element.get_bounding_client_rect();
        pointed.set(Some(Pointed { what: what.clone(), x: at.left() + at.width() / 2.0, y: at.top() }));
    };
    mark.on("pointerenter", point.clone())
        .on("focus", point)
        .on("pointerleave", move |_| pointed.set(None))
        .on("blur", move |_| pointed.set(None))
}
