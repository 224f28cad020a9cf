//! The state of a rule, an alert or a target: always a shape and a word, never colour alone.

use crate::dom::{El, el, svg};

/// The mark for `state`, as Prometheus and Alertmanager spell their states, and the words shown beside it.
pub fn state_mark(state: &str, words: &str) -> El {
    let shape = svg("svg").attr("viewBox", "0 0 12 12").attr("aria-hidden", "true");
    let shape = match state {
        "ok" | "inactive" | "up" => shape.child(circle("4").attr("fill", "currentColor")),
        "pending" => shape.child(filled("M6 1.5a4.5 4.5 0 0 0 0 9z")).child(ring()),
        "firing" | "active" | "err" | "down" => shape.child(filled("M6 1 11.5 11H.5z")),
        _ => shape.child(ring().attr("stroke-width", "1.4").attr("stroke-dasharray", "2 2")),
    };
    el("span").class("state").attr("data-state", state).child(shape).text(words)
}

fn circle(radius: &str) -> El {
    svg("circle").attr("cx", "6").attr("cy", "6").attr("r", radius)
}

fn ring() -> El {
    circle("4.2").attr("fill", "none").attr("stroke", "currentColor")
}

fn filled(path: &str) -> El {
    svg("path").attr("d", path).attr("fill", "currentColor")
}
