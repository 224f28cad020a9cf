//! What shapes the answers of panels with expressions, transformations or tables: loaded when the first of them is shown.

use super::host::Host;
use crate::parts;
use engine::{ErrorCard, Input, View};
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

#[wasm_split(shaping, fallible)]
fn shaper() -> Result<engine::Shaper, SplitLoaderError> {
    Ok(engine::shape::shape)
}

/// Whether it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loading {
    #[default]
    Unasked,
    OnItsWay,
    Done,
}

/// Whether `view` has a panel that needs it.
pub fn is_needed(view: &View) -> bool {
    view.panels.iter().any(|panel| panel.shaping.is_some())
}

/// Fetches it, and tells the engine.
pub fn load(host: Host) {
    spawn_local(async move {
        let loaded = shaper().await;
        host.shaper_loaded(loaded.is_ok());
        host.feed(Input::Shaper(loaded.map_err(|_| missing())));
    });
}

fn missing() -> ErrorCard {
    ErrorCard {
        title: parts::MISSING.to_owned(),
        cause: "It computes transformations, expressions and tables.".to_owned(),
        advice: parts::MISSING_ADVICE.to_owned(),
        retryable: true,
        code: None,
        kind: None,
    }
}
