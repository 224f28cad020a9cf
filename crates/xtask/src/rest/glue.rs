//! What is added to the JavaScript that `wasm-bindgen` writes.

use super::module::Module;
use super::{GLUE, NAMESPACE, short_name};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

/// Loads the rest.
const LOAD_REST: &str = include_str!("glue.js");
/// Notes which code was run, of the page and of the worker, for the page.
const NOTE_RUN: &str = include_str!("trace.js");

/// Adds what loads the rest, which lies at `address`, relative to the glue.
///
/// # Errors
/// The file cannot be read or written, or is not glue.
pub fn load_rest(glue: &Path, address: &str) -> Result<()> {
    add(glue, "load: loadRest", &LOAD_REST.replace("REST", address))
}

/// Adds what notes which code is run.
///
/// # Errors
/// The file cannot be read or written, or is not glue.
pub fn note_run(glue: &Path) -> Result<()> {
    add(glue, "run: noteRun", NOTE_RUN)
}

/// Gives what the glue has for the module its short names.
///
/// # Errors
/// The file cannot be read or written, or is not the module's glue.
pub fn shorten_names(glue: &Path, module: &Module) -> Result<()> {
    let mut text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    for (number, (_, name)) in (0..).zip(&module.imports).filter(|(_, (from, _))| *from == GLUE) {
        let key = format!(" {name}: ");
        if !text.contains(&key) {
            bail!("wasm-bindgen writes its glue in another way, without{key}: adapt {}", file!());
        }
        text = text.replacen(&key, &format!(" {}: ", short_name(number)), 1);
    }
    fs::write(glue, text).with_context(|| format!("{} cannot be written", glue.display()))
}

/// Adds a function to what the module is given, and the code that it is in.
fn add(glue: &Path, function: &str, code: &str) -> Result<()> {
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    let imports = format!("\"{GLUE}\": import0,");
    if !text.contains(&imports) {
        bail!("wasm-bindgen writes its glue in another way: adapt {}", file!());
    }
    let text = text.replace(&imports, &format!("{imports}\n        \"{}\": {{ {function} }},", NAMESPACE));
    fs::write(glue, text + code).with_context(|| format!("{} cannot be written", glue.display()))
}
