//! Names the bundle's files by what is in them, once nothing is done to them any more.
//!
//! Servers let browsers keep a file with such a name for ever (`stack/pyrograph/maps.conf`), so two files must not share
//! one. Trunk names files too, but before the rest is cut out of the module and scripts lose their comments, and it leaves
//! out leading zeros, by which a name is no longer known as one with a hash.

use crate::dist::files_below;
use anyhow::{Context as _, Result};
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// How the names of the app's module and of its glue begin, and the folder of its parts. They name each other, so they
/// share a hash.
const PROGRAM: &str = "pyrograph-";
const PARTS: &str = "snippets";

/// A hash in a file's or folder's name, and that which replaces it there.
#[derive(Debug)]
struct Renaming {
    path: PathBuf,
    from: String,
    to: String,
}

/// Renames the files of a bundle whose names have a hash, also where other files name them.
///
/// # Errors
/// A file cannot be read or written.
pub fn name(dist: &Path) -> Result<()> {
    let (program, others): (Vec<_>, Vec<_>) =
        entries(dist)?.into_iter().partition(|path| file_name(path).starts_with(PROGRAM));
    let program = program.into_iter().chain(entries(&dist.join(PARTS))?).collect();
    let others = others.into_iter().filter(|path| hash_in(&file_name(path)).is_some());
    let groups = std::iter::once(program).chain(others.map(|file| vec![file]));
    let renamings: Vec<Renaming> = groups.map(renamings).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();

    for file in files_below(dist)? {
        match file.extension().and_then(OsStr::to_str) {
            Some("html" | "js") => replace_in_text(&file, &renamings)?,
            Some("bin") => replace_in_module(&file, &renamings)?,
            _ => {}
        }
    }
    for Renaming { path, from, to } in renamings {
        let new = path.with_file_name(file_name(&path).replace(&from, &to));
        fs::rename(&path, new).with_context(|| format!("{} cannot be renamed", path.display()))?;
    }
    Ok(())
}

/// What those of `paths` are to be called whose names have a hash, by what is in all of them.
fn renamings(paths: Vec<PathBuf>) -> Result<Vec<Renaming>> {
    let mut hasher = DefaultHasher::new();
    for path in &paths {
        let files = if path.is_dir() { files_below(path)? } else { vec![path.clone()] };
        for file in files {
            fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hasher);
        }
    }
    let to = format!("{:016x}", hasher.finish());
    let hashed = paths.into_iter().filter_map(|path| Some((hash_in(&file_name(&path))?.to_owned(), path)));
    Ok(hashed.map(|(from, path)| Renaming { path, from, to: to.clone() }).collect())
}

fn replace_in_text(file: &Path, renamings: &[Renaming]) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let named = renamings.iter().fold(text, |text, renaming| text.replace(&renaming.from, &renaming.to));
    fs::write(file, named).with_context(|| format!("{} cannot be written", file.display()))
}

/// The module says where what it imports comes from: the folder of the parts. It also says how long that text is.
fn replace_in_module(file: &Path, renamings: &[Renaming]) -> Result<()> {
    let mut bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    for Renaming { from, to, .. } in renamings.iter().filter(|renaming| renaming.from.len() == renaming.to.len()) {
        let mut done = 0;
        while let Some(found) = bytes[done..].windows(from.len()).position(|bytes| bytes == from.as_bytes()) {
            let start = done + found;
            done = start + to.len();
            bytes[start..done].copy_from_slice(to.as_bytes());
        }
    }
    fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}

/// The files and folders in a folder, in a fixed order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(OsStr::to_string_lossy).unwrap_or_default().into_owned()
}

/// The hash in a name: `0123456789abcdef`, `boot-0123456789abcdef.js`, `pyrograph-123456789abcdef_bg.bin`.
fn hash_in(name: &str) -> Option<&str> {
    /// Sixteen digits, of which leading zeros may be missing. Dates and times have fewer.
    const DIGITS: std::ops::RangeInclusive<usize> = 13..=16;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let last = name.rsplit('-').next()?;
    let hash = last.split(['.', '_']).next()?;
    (DIGITS.contains(&hash.len()) && hash.bytes().all(is_hex)).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_in_names() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(hash_in(name), expected, "{name}");
        check("0123456789abcdef", Some("0123456789abcdef"));
        check("boot-0123456789abcdef.js", Some("0123456789abcdef"));
        check("pyrograph-123456789abcdef_bg.bin", Some("123456789abcdef"));
        check("index.html", None);
        check("worker.js", None);
        check("dashboards", None);
        check("outage-202611230214.json", None);
        check("fleet-0123456789ABCDEF.json", None);
    }

    #[test]
    fn a_change_anywhere_in_the_program_renames_all_of_it() {
        let names = |case: &str, rest: &str| {
            let dist = std::env::temp_dir().join(format!("pyrograph-naming-{}-{case}", std::process::id()));
            let file = |name: &str, text: &str| {
                let path = dist.join(name);
                fs::create_dir_all(path.parent().unwrap_or(&dist)).unwrap();
                fs::write(path, text).unwrap();
            };
            file(
                "index.html",
                "boot-123456789abcdef.js pyrograph-aaaaaaaaaaaaaaaa.js pyrograph-aaaaaaaaaaaaaaaa_bg.bin",
            );
            file("boot-123456789abcdef.js", "boot");
            file("pyrograph-aaaaaaaaaaaaaaaa.js", "./snippets/bbbbbbbbbbbbbbbb/parts.js");
            file("pyrograph-aaaaaaaaaaaaaaaa_bg.bin", "\0bbbbbbbbbbbbbbbb/parts.js");
            file("snippets/bbbbbbbbbbbbbbbb/parts.js", "../../pyrograph-aaaaaaaaaaaaaaaa.js");
            file("snippets/bbbbbbbbbbbbbbbb/rest.bin", rest);
            name(&dist).unwrap();
            let page = fs::read_to_string(dist.join("index.html")).unwrap();
            let [boot, glue, wasm]: [&str; 3] = page.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let parts = fs::read_to_string(dist.join(glue)).unwrap();
            let back = fs::read_to_string(dist.join(parts.trim_start_matches("./"))).unwrap();
            assert_eq!(back, format!("../../{glue}"), "the parts name the glue");
            assert_eq!(hash_in(glue), hash_in(wasm));
            let module = fs::read_to_string(dist.join(wasm)).unwrap();
            assert!(parts.ends_with(module.trim_start_matches('\0')), "the module names the parts");
            assert_eq!(fs::read_to_string(dist.join(boot)).unwrap(), "boot");
            fs::remove_dir_all(&dist).unwrap();
            (boot.to_owned(), glue.to_owned())
        };
        let (boot, glue) = names("a", "rest");
        assert_eq!(names("b", "rest"), (boot.clone(), glue.clone()), "the same files have the same names");
        let (same, other) = names("c", "another rest");
        assert_eq!(same, boot, "what did not change keeps its name");
        assert_ne!(other, glue);
        assert_eq!(hash_in(&boot).map(str::len), Some(16));
    }
}
