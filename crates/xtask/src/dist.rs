//! `cargo xtask dist`: the folder that is put on a web server, in `dist/`.

use crate::repo::Repo;
use crate::run::{self, say};
use crate::{bindgen, naming, rest, size, spelling, squeeze, streams, tools, twins};
use anyhow::{Context as _, Result};
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the bundle and prints the size of each file.
///
/// # Errors
/// The app does not build, or a file cannot be written.
pub fn run(repo: &Repo) -> Result<()> {
    let dist = build(repo)?;
    println!("{}", size::Report::measure(&dist)?);
    Ok(())
}

/// Builds the bundle if anything it is made of has changed, and gives its folder.
///
/// # Errors
/// The app does not build, or a file cannot be written.
pub fn build(repo: &Repo) -> Result<PathBuf> {
    let dist = repo.path("dist");
    let stamp = repo.tools().join("dist.stamp");
    let fingerprint = fingerprint(repo)?;
    if dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        say("dist/ is up to date");
        return Ok(dist);
    }

    bundle(repo, &dist)?;
    rest::cut(repo, &dist)?;

    say("listing the dashboards");
    let mut index = run::cargo(repo.root());
    index.args(["run", "--quiet", "--package", "pyrograph-cli", "--", "index"]).arg(dist.join("dashboards"));
    run::run(&mut index)?;

    say("compressing");
    for file in files_below(&dist)? {
        squeeze::squeeze_file(&file)?;
    }
    naming::name(&dist)?;
    for file in files_below(&dist)? {
        compress(&file)?;
    }
    fs::write(&stamp, fingerprint).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(dist)
}

/// Builds the app into `dist`, with its parts, but nothing else done to it.
///
/// # Errors
/// The app does not build, or a file cannot be written.
pub fn bundle(repo: &Repo, dist: &Path) -> Result<()> {
    let tools = tools::build_tools(repo)?;
    say("building the app");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([tools.wrappers, repo.bin()].into_iter().chain(std::env::split_paths(&path)))?;
    let mut trunk = Command::new(tools.trunk);
    trunk.args(["build", "--release", "--offline", "--dist"]).arg(dist);
    // Trunk reads NO_COLOR as an option of its own, and refuses values other than true and false.
    trunk.current_dir(repo.root()).env("PATH", path).env_remove("NO_COLOR");
    trunk.env("RUST_BACKTRACE", "0"); // or it prints its own beside the compiler's errors
    let flags = format!("{} {} {}", bindgen::LINK_ARGS, rest::COMPILING, without_paths(repo)?);
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    run::run(&mut trunk)?;
    let module = bindgen::link(dist)?;
    let wasm = fs::read(&module).with_context(|| format!("{} cannot be read", module.display()))?;
    let wasm = twins::merge(&spelling::same(&wasm)?)?;
    fs::write(&module, wasm).with_context(|| format!("{} cannot be written", module.display()))
}

/// Flags that keep this machine's folders out of the bundle: every place that can panic names its source file. Cargo adds
/// them to those in `.cargo/config.toml`.
fn without_paths(repo: &Repo) -> Result<String> {
    let rustc = |args: &[&str]| -> Result<String> {
        let output = Command::new("rustc").args(args).output().context("rustc cannot be run")?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    let sysroot = rustc(&["--print", "sysroot"])?;
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let folders = [(PathBuf::from(sysroot), "rust"), (cargo_home, "cargo"), (repo.root().to_path_buf(), ".")];
    // The variable knows no quotes: a folder with a blank in its name stays as it is.
    let flags = folders.iter().filter_map(|(folder, name)| {
        let folder = folder.to_str().filter(|folder| !folder.is_empty() && !folder.contains(' '))?;
        Some(format!("--remap-path-prefix={folder}={name}"))
    });
    Ok(flags.collect::<Vec<_>>().join(" "))
}

/// Every file below a folder, in a fixed order.
///
/// # Errors
/// A folder cannot be read.
pub fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).with_context(|| format!("{} cannot be read", dir.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Writes `file.br` and `file.gz` beside `file`, for servers that send such twins as they are.
fn compress(file: &Path) -> Result<()> {
    let text = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    fs::write(twin(file, "br"), brotli(&text, &streams::ends(&text))?)?;

    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(&text)?;
    fs::write(twin(file, "gz"), gz.finish()?)?;
    Ok(())
}

/// Compresses a text whose pieces, which end there, are told from each other: what one has tells little of the others.
fn brotli(text: &[u8], ends: &[usize]) -> std::io::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: text.len(), ..Default::default() };
    let mut br = brotli::CompressorWriter::with_params(Vec::new(), text.len().max(1), &params);
    let mut start = 0;
    for end in ends {
        br.write_all(&text[start..*end])?;
        br.flush()?;
        start = *end;
    }
    br.write_all(&text[start..])?;
    Ok(br.into_inner())
}

/// `app.js` -> `app.js.br`.
pub fn twin(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// What the bundle is made of: the app, the crates below it, and this program, which builds it.
const INPUTS: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "assets",
    "crates",
    "index.html",
    "rust-toolchain.toml",
    "src",
];

/// Crates that the bundle has nothing of.
const NOT_IN_THE_APP: &[&str] = &["cli", "demo", "faultd"];

/// Changes whenever an input's name, size or time of change does.
fn fingerprint(repo: &Repo) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        let path = repo.path(input);
        let files = if path.is_dir() { files_below(&path)? } else { vec![path] };
        for file in files {
            let below = file.strip_prefix(repo.path("crates")).ok().and_then(|path| path.iter().next());
            if below.and_then(OsStr::to_str).is_some_and(|name| NOT_IN_THE_APP.contains(&name)) {
                continue;
            }
            let meta = fs::metadata(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            (file, meta.len(), meta.modified()?).hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}
