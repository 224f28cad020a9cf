//! Pyrograph's shell: the only place that touches the browser.
//!
//! One Wasm module serves two threads. `assets/boot.js` compiles it once and calls [`mount`] on the page and [`serve`]
//! in a worker. The page decides what is wanted and draws; the worker fetches, decodes, keeps and reduces samples.

mod app;
mod browser;
mod canvas;
mod dom;
mod pages;
mod panels;
mod parts;
mod protocol;
mod route;
mod state;
mod ui;
mod worker;

use wasm_bindgen::prelude::wasm_bindgen;

/// Does nothing: which of the two entries below runs is for `boot.js` to say.
fn main() {}

/// The page's entry. `worker` runs this same module and has said that it is ready.
#[wasm_bindgen]
pub fn mount(worker: web_sys::Worker) {
    browser::panic::on_page();
    app::mount(worker);
}

/// The worker's entry.
#[wasm_bindgen]
pub fn serve() {
    browser::panic::in_worker();
    worker::serve();
}
