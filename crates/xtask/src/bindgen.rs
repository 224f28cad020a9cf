//! What Trunk runs in place of `wasm-bindgen`: the module is cut into the part that is always loaded and those that are
//! loaded when they are first needed, and then bound to JavaScript.
//!
//! A function with `#[wasm_split(NAME, …)]` is where part NAME begins: what only it needs is left out of the main module
//! and lies in `snippets/<hash>/`, beside the script that loads it. Trunk copies that folder. The cut needs the
//! relocations that the linker writes with [`LINK_ARGS`].

use crate::rest::memory;
use crate::{packs, streams};
use anyhow::{Context as _, Result, anyhow, bail};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// For the linker: keep the relocations, by which it is known what a function needs.
pub const LINK_ARGS: &str = "-Clink-args=--emit-relocs";

/// What Trunk has no setting for. The parts call what the linker exports.
const FLAGS: [&str; 2] = ["--remove-producers-section", "--keep-lld-exports"];

/// What the glue is told to do after a trap.
const TRAP: &str = include_str!("trap.js");

/// The folder below Trunk's output that it copies as it is.
const SNIPPETS: &str = "snippets";
/// The script that loads parts.
pub const LOADER: &str = "parts.js";
/// The glue, before Trunk gives it its final name, and how the loader names it.
const GLUE: &str = "pyrograph.js";
const GLUE_OF_LOADER: &str = "../../pyrograph.js";

/// Stands in for `wasm-bindgen ARGS…`, whose real program comes first.
///
/// # Errors
/// The module cannot be read or cut, or wasm-bindgen fails.
pub fn run(mut args: lexopt::Parser) -> Result<()> {
    let mut args = args.raw_args()?;
    let program = args.next().context("the first argument is the path of wasm-bindgen")?;
    let mut args: Vec<OsString> = args.collect();
    let mut command = Command::new(program);
    let mut bound_in = None;
    if !args.iter().any(|arg| is_version(arg)) {
        let out_dir = args.iter().find_map(|arg| arg.to_str()?.strip_prefix("--out-dir=")).map(PathBuf::from);
        let out_dir = bound_in.insert(out_dir.context("wasm-bindgen was called without --out-dir")?);
        let module = args.iter_mut().find(|arg| Path::new(arg).extension() == Some(OsStr::new("wasm")));
        let module = module.context("wasm-bindgen was called without a module")?;
        *module = cut(Path::new(module), out_dir)?.into();
        command.args(FLAGS);
    }
    crate::run::run(command.args(args))?;
    bound_in.map_or(Ok(()), |out_dir| add_to_glue(&out_dir.join(GLUE)))
}

/// Adds what the page needs beyond what wasm-bindgen writes.
fn add_to_glue(glue: &Path) -> Result<()> {
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    fs::write(glue, text + TRAP + &streams::decoder()).with_context(|| format!("{} cannot be written", glue.display()))
}

fn is_version(arg: &OsStr) -> bool {
    arg == "-V" || arg == "--version"
}

/// Writes the parts of `module` below `out_dir` and gives the path of what is left of it.
fn cut(module: &Path, out_dir: &Path) -> Result<PathBuf> {
    let wasm = fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let mut hasher = DefaultHasher::new();
    wasm.hash(&mut hasher);
    let parts = format!("{SNIPPETS}/{:016x}", hasher.finish());
    let loader = format!("./{parts}/{LOADER}");

    let snippets = out_dir.join(SNIPPETS);
    if snippets.exists() {
        fs::remove_dir_all(&snippets).with_context(|| format!("{} cannot be emptied", snippets.display()))?;
    }
    let folder = out_dir.join(&parts);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;

    let main = out_dir.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = out_dir;
    options.main_out_path = &main;
    options.link_name = &loader;
    options.main_module = GLUE_OF_LOADER;
    let made = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    for part in made.split_modules {
        let name = part.file_name().context("a part has a name")?;
        fs::rename(&part, folder.join(name)).with_context(|| format!("{} cannot be moved", part.display()))?;
    }
    packs::pack(&folder, LOADER)?;
    let mut cut = fs::read(&main).with_context(|| format!("{} cannot be read", main.display()))?;
    memory::note(&wasm, &mut cut)?;
    fs::write(&main, cut).with_context(|| format!("{} cannot be written", main.display()))?;
    Ok(main)
}

/// Tells the loader of the parts in `dist` the name that Trunk gave to the glue, and the page to fetch it beside the
/// glue, which would ask for it only once it is there itself. Gives the path of the main module.
///
/// # Errors
/// A file is missing or cannot be written.
pub fn link(dist: &Path) -> Result<PathBuf> {
    let files = crate::dist::files_below(dist)?;
    let name = |file: &Path| file.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let is_glue = |file: &&PathBuf| name(file).starts_with("pyrograph-") && name(file).ends_with(".js");
    let glue = name(files.iter().find(is_glue).context("there is no glue in dist/")?);
    let loader = files.iter().find(|file| name(file) == LOADER).context("there is no loader of parts in dist/")?;
    replace(loader, GLUE_OF_LOADER, &format!("../../{glue}"))?;

    let below = loader.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
    let preload = |file: &str| format!("<link rel=\"modulepreload\" href=\"./{file}\">");
    replace(&dist.join("index.html"), &preload(&glue), &format!("{}{}", preload(&glue), preload(&below)))?;
    Ok(dist.join(glue.replace(".js", "_bg.wasm")))
}

/// Replaces what has to be in a file.
fn replace(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if !text.contains(from) {
        bail!("{} does not say {from}", file.display());
    }
    fs::write(file, text.replace(from, to)).with_context(|| format!("{} cannot be written", file.display()))
}
