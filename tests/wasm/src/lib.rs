//! Nothing here: see `tests/`. `cargo xtask test --only wasm` runs them in a headless browser.
