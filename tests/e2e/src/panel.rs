//! A panel as the page's data attributes tell it.

use serde::Deserialize;

/// A snapshot of one panel.
#[derive(Clone, Debug, Deserialize)]
pub struct Panel {
    /// `data-panel-id`.
    pub id: String,
    /// Its label.
    pub title: String,
    /// `data-visualization`.
    pub visualization: String,
    /// `data-state`.
    pub state: State,
    /// `data-series`.
    pub series: Option<u64>,
    /// `data-samples`.
    pub samples: Option<u64>,
    /// `data-stale`: what is shown is old.
    pub stale: bool,
    /// `data-partial`: the server said that something is missing.
    pub partial: bool,
    /// All that can be read in it.
    pub text: String,
    /// Whether it is in the browser's window; others wait until they are.
    pub in_view: bool,
}

/// Where a panel is with its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing was asked yet.
    Idle,
    /// The first answer is on its way.
    Loading,
    /// The answer is shown.
    Ready,
    /// The answer has no series.
    Empty,
    /// There was no answer.
    Failed,
    /// There is no such visualization here.
    Unsupported,
}

impl State {
    /// Whether nothing more is to come by itself.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Idle | Self::Loading)
    }
}

/// Reads every panel on the page.
pub(crate) const SNAPSHOT: &str = r#"
    const number = (text) => (text === undefined ? null : Number(text));
    return [...document.querySelectorAll("section[data-panel-id]")].map((panel) => {
        const { panelId, visualization, state, series, samples, stale, partial } = panel.dataset;
        const box = panel.getBoundingClientRect();
        const label = panel.getAttribute("aria-labelledby");
        return {
            id: panelId, visualization, state, series: number(series), samples: number(samples),
            stale: stale !== undefined, partial: partial !== undefined, text: panel.innerText,
            title: panel.getAttribute("aria-label") ?? (label && document.getElementById(label)?.innerText) ?? "",
            in_view: box.bottom > 0 && box.top < innerHeight && box.height > 0,
        };
    });
"#;
