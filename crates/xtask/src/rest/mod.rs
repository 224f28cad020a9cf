//! What the first load does not run lies in a module of its own: the rest.
//!
//! The parts of the app (`src/parts.rs`) are cut by hand, where a page or a panel begins. Much of what is left in the main
//! module is not run either until the first dashboard is there: what a second answer is merged with, what a click does,
//! what a rarer option means. Which code this is, a browser tells: `cargo xtask first-run` has the fleet dashboard, and
//! plain ones, shown by an app that notes what it runs ([`trace`]), and writes down what it did not ([`list`]). `cargo xtask
//! dist` makes functions of such code within others ([`outline`]), and takes the functions out with all that only they need
//! ([`plan`]), and with the constants that nothing else reads ([`memory`]).
//!
//! In their place are doors ([`first`]): small functions that pass the call on through a table, and load the rest where it
//! is not there yet. As a rule it is: the page fetches it with the first answer, and hands it to the worker
//! (`assets/boot.js`). Parts of the app wait for it: they go by the same table and constants. A function that is not known
//! stays in the first load. So a list that is out of date makes the first load larger, or a call early wait; it breaks
//! nothing.

mod first;
mod glue;
mod later;
mod list;
pub mod memory;
mod module;
mod names;
mod numbers;
mod outline;
mod plan;
#[cfg(test)]
mod tests;
mod trace;

use crate::dist::files_below;
use crate::repo::Repo;
use crate::{alike, spelling, streams, types};
use anyhow::{Context as _, Result};
pub use list::first_run;
use list::{Known, List};
use memory::Divided;
use module::Module;
use outline::Outline;
use plan::Plan;
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// For the compiler: symbols say of generic functions and of closures which one they are, and functions of some size stay
/// functions. (What is called in one place only would be put there whatever its size, so that most of what is called
/// first had much in it that is not.)
pub const COMPILING: &str = "-Csymbol-mangling-version=v0 -Cllvm-args=-inline-max-stacksize=32";

/// What the glue gives to the modules, and what it is called there.
const NAMESPACE: &str = "rest";
const LOAD: &str = "load";
const RUN: &str = "run";
/// The first module, as the rest knows it, and what it exports for the rest.
const FIRST: &str = "first";
const TABLE: &str = "rest_table";
const IS_THERE: &str = "rest_is_there";

/// The file of the rest, beside the parts.
pub const FILE: &str = "rest.bin";
/// How the name of its style sheet begins.
pub const STYLES: &str = "rest-";

/// The module under which the glue gives what it has, and the short name of a function there, which is its place in a list:
/// what `wasm-bindgen` calls them has a hash, which no compression makes shorter.
const GLUE: &str = "./pyrograph_bg.js";

fn short_name(function: u32) -> String {
    function.to_string()
}

/// What a function is called that the glue calls: its types are all that `wasm-bindgen` finds to call some by.
fn exported_name(module: &Module, name: &str) -> String {
    let place = module.exports.keys().position(|other| *other == name);
    place.filter(|_| name.starts_with("wasm_bindgen_")).map_or_else(|| name.to_owned(), |place| format!("x{place}"))
}

/// The name under which the first module exports its memory, a table or a global.
fn shared(kind: char, number: u32) -> String {
    format!("rest_{kind}{number}")
}

/// Cuts the rest out of the main module of a bundle.
///
/// # Errors
/// A file is missing or cannot be written, or is not what `wasm-bindgen` writes.
pub fn cut(repo: &Repo, dist: &Path) -> Result<()> {
    let bundle = Bundle::find(dist)?;
    let whole = fs::read(&bundle.wasm)?;
    let known = List::read(repo)?.find(&Module::read(&whole)?)?;
    let outline = Outline::new(&whole, |own, stretch| known[own].is_run(stretch))?;
    let wasm = spelling::same(&outline.write()?)?;
    let mut module = Module::read(&wasm)?;
    glue::leave_out_classes(&bundle.glue)?;
    let glue = fs::read_to_string(&bundle.glue)?;
    module.exports.retain(|name, _| glue.contains(&format!("wasm.{name}")));
    // What was taken out of other functions comes after them.
    let mut plan = Plan::new(&module, |own| known.get(own).is_some_and(Known::is_called));
    let data = Divided::new(&wasm, &module, &plan)?;
    let written = |plan: &Plan| types::renumber(&first::write(&wasm, &module, plan, &data)?);
    // How alike its functions are is known once it is written.
    plan.arrange(&module, &alike::order(&written(&plan)?)?);
    bundle.write_program(&written(&plan)?)?;
    let rest = alike::arrange(&later::write(&wasm, &module, &plan, &data)?)?;
    fs::write(bundle.parts.join(FILE), streams::write(&rest)?)?;
    let folder = bundle.parts.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
    glue::shorten(&bundle.glue, &module)?;
    let styles = format!("./{}", file_name(&bundle.styles));
    glue::load_rest(&bundle.glue, &format!("./{folder}/{FILE}"), &styles)?;
    leave_out_styles(&bundle.page, &styles)
}

/// The page does not ask for the styles of the rest: the glue does.
fn leave_out_styles(page: &Path, styles: &str) -> Result<()> {
    let text = fs::read_to_string(page)?;
    let link = format!("<link rel=\"stylesheet\" href=\"{styles}\"");
    let (before, after) = text.split_once(&link).with_context(|| format!("the page does not link {styles}"))?;
    let after = after.split_once('>').with_context(|| format!("the link to {styles} does not end"))?.1;
    fs::write(page, format!("{before}{after}")).with_context(|| format!("{} cannot be written", page.display()))
}

/// The files of a bundle that this is about.
struct Bundle {
    page: PathBuf,
    /// The style sheet of what the rest shows.
    styles: PathBuf,
    wasm: PathBuf,
    glue: PathBuf,
    /// The folder of the parts.
    parts: PathBuf,
}

impl Bundle {
    fn find(dist: &Path) -> Result<Self> {
        let files = files_below(dist)?;
        let find = |start: &str, end: &str| {
            let is_meant = |file: &&PathBuf| {
                let name = file_name(file);
                name.starts_with(start) && name.ends_with(end)
            };
            files.iter().find(is_meant).cloned().with_context(|| format!("there is no {start}…{end} in dist/"))
        };
        let parts = find("parts", ".js")?.parent().context("parts.js lies in a folder")?.to_path_buf();
        let (page, styles) = (find("index", ".html")?, find(STYLES, ".css")?);
        Ok(Self { page, styles, wasm: find("pyrograph-", "_bg.wasm")?, glue: find("pyrograph-", ".js")?, parts })
    }

    /// Puts the main module in streams in its place.
    fn write_program(&self, wasm: &[u8]) -> Result<()> {
        let program = self.wasm.with_extension("bin");
        let page = fs::read_to_string(&self.page)?.replace(&*file_name(&self.wasm), &file_name(&program));
        fs::write(&self.page, page).with_context(|| format!("{} cannot be written", self.page.display()))?;
        fs::write(&program, streams::write(wasm)?)
            .with_context(|| format!("{} cannot be written", program.display()))?;
        fs::remove_file(&self.wasm).with_context(|| format!("{} cannot be removed", self.wasm.display()))
    }
}

fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}
