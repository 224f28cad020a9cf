//! Puts the modules of the parts together into packs.
//!
//! What several parts share lies in modules of its own, one for each set of parts: over a hundred, most of them small, and a
//! page would fetch dozens. A pack is one file with modules one after the other. Which go together is a matter of what it
//! costs: a request less for each part that needs both, against bytes that a part fetches and does not need.

use crate::{alike, streams};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::Path;

/// What a request costs, in bytes of Wasm that could be fetched instead. Compressed they are 40 % of it, which takes a line
/// of 10 Mbit/s 6 ms; a round trip of 40 ms, six at a time, takes 7 ms.
const REQUEST_BYTES: i64 = 20_000;

/// The loader's own code; the table of parts is put behind it.
const CODE: &str = include_str!("packs.js");

/// Where what we replace begins in the generated loader.
const REPLACED: &str = "function makeLoad(";
/// What a part's loader is called, before the part's name.
const PART: &str = "__wasm_split_load_";

/// A module as the generated loader defines it.
#[derive(Debug, PartialEq)]
struct Definition<'a> {
    name: &'a str,
    file: Option<&'a str>,
    needs: Vec<&'a str>,
}

/// Modules that are fetched together.
#[derive(Debug, PartialEq)]
struct Pack {
    /// A bit for each part that needs any of it.
    users: u128,
    bytes: i64,
    /// By their place among the definitions.
    modules: Vec<usize>,
}

/// Replaces the modules in `folder` by packs, and its generated loader by one that knows them.
///
/// # Errors
/// The loader is written in another way than expected, or a file cannot be read or written.
pub fn pack(folder: &Path, loader: &str) -> Result<()> {
    let loader = folder.join(loader);
    let text = fs::read_to_string(&loader).with_context(|| format!("{} cannot be read", loader.display()))?;
    let (head, generated) =
        text.split_once(REPLACED).context("the loader of the parts is generated in another way: adapt packs.rs")?;
    let definitions = definitions(generated);
    let parts: Vec<&Definition<'_>> =
        definitions.iter().filter(|definition| definition.name.starts_with(PART)).collect();
    ensure!(
        parts.len() == generated.matches(PART).count(),
        "a part's loader is generated in another way: adapt packs.rs"
    );
    ensure!(parts.len() <= 128, "more parts than packs.rs has bits for");

    let modules = definitions.iter().map(|definition| take(folder, definition)).collect::<Result<Vec<_>>>()?;
    let packs = together(single(&definitions, &parts, &modules));
    for (number, pack) in packs.iter().enumerate() {
        let mut bytes = Vec::new();
        for module in pack.modules.iter().filter_map(|module| modules.get(*module)?.as_ref()) {
            bytes.extend(u32::try_from(module.len())?.to_le_bytes());
            bytes.extend(module);
        }
        fs::write(folder.join(format!("pack_{number}.bin")), bytes).context("a pack cannot be written")?;
    }
    let table = table(&packs, &parts);
    fs::write(&loader, format!("{head}{CODE}{table}"))
        .with_context(|| format!("{} cannot be written", loader.display()))
}

/// Reads a module, if there is one, in streams, and removes its file.
fn take(folder: &Path, definition: &Definition<'_>) -> Result<Option<Vec<u8>>> {
    let Some(file) = definition.file.map(|file| folder.join(file)) else { return Ok(None) };
    let module = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
    streams::write(&alike::arrange(&module)?).map(Some)
}

/// What the generated loader defines: `const NAME = makeLoad(() => { … new URL("./FILE" … }, [NEEDS]);`
fn definitions(generated: &str) -> Vec<Definition<'_>> {
    let pieces: Vec<&str> = generated.split("makeLoad(").collect();
    let pairs = pieces.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    pairs.filter_map(|(before, after)| definition(before, after)).collect()
}

/// The one whose name ends `before`, and whose module and needs begin `after`.
fn definition<'a>(before: &'a str, after: &'a str) -> Option<Definition<'a>> {
    let (body, rest) = after.split_once("\n, [")?;
    let needs = rest.split_once(']')?.0.split(", ").filter(|need| !need.is_empty());
    Some(Definition {
        name: before.rsplit_once("const ")?.1.split_once(' ')?.0,
        file: body.split_once("new URL(\"./").and_then(|(_, file)| Some(file.split_once('"')?.0)),
        needs: needs.collect(),
    })
}

/// Each module in a pack of its own.
fn single(definitions: &[Definition<'_>], parts: &[&Definition<'_>], modules: &[Option<Vec<u8>>]) -> Vec<Pack> {
    let users = |of: &Definition<'_>| {
        let uses = |part: &Definition<'_>| part.name == of.name || part.needs.contains(&of.name);
        parts.iter().enumerate().filter(|(_, part)| uses(part)).fold(0, |users, (bit, _)| users | 1 << bit)
    };
    let sized = definitions.iter().zip(modules).enumerate();
    let there = sized.filter_map(|(place, (of, module))| Some((place, of, module.as_ref()?.len())));
    there.map(|(place, of, bytes)| Pack { users: users(of), bytes: bytes as i64, modules: vec![place] }).collect()
}

/// Joins what gains most by it, until nothing does.
fn together(mut packs: Vec<Pack>) -> Vec<Pack> {
    loop {
        let pairs = packs
            .iter()
            .enumerate()
            .flat_map(|(i, a)| packs.iter().enumerate().take(i).map(move |(j, b)| (gain(a, b), i, j)));
        let Some((_, i, j)) = pairs.filter(|(gain, ..)| *gain > 0).max() else { return packs };
        // `j` comes before `i`, so it stays where it is.
        let taken = packs.swap_remove(i);
        if let Some(pack) = packs.get_mut(j) {
            pack.users |= taken.users;
            pack.bytes += taken.bytes;
            pack.modules.extend(taken.modules);
        }
    }
}

/// What is gained by fetching two packs as one, in bytes.
fn gain(a: &Pack, b: &Pack) -> i64 {
    let parts = |users: u128| i64::from(users.count_ones());
    parts(a.users & b.users) * REQUEST_BYTES - a.bytes * parts(b.users & !a.users) - b.bytes * parts(a.users & !b.users)
}

/// The packs of each part.
fn table(packs: &[Pack], parts: &[&Definition<'_>]) -> String {
    let of_part = |bit: usize| {
        let numbered = packs.iter().enumerate().filter(move |(_, pack)| pack.users >> bit & 1 == 1);
        listed(numbered.map(|(number, _)| number.to_string()))
    };
    let named = parts.iter().enumerate();
    named.map(|(bit, part)| format!("export const {} = part({});\n", part.name, of_part(bit))).collect()
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<String>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loader_is_read() {
        let generated = "fetcher, deps) {}\n/* a, b */\nconst __chunk_7 = makeLoad(() => {\n    const src = fetch(new URL(\"./chunk_7.wasm\", x));\n}\n, []);\n\
            export const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => {\n    const src = fetch(new URL(\"./split_a.wasm\", x));\n}\n, [__chunk_7, __chunk_8]));\n";
        let definition = |name, file, needs| Definition { name, file: Some(file), needs };
        let expected = [
            definition("__chunk_7", "chunk_7.wasm", vec![]),
            definition("__wasm_split_load_a", "split_a.wasm", vec!["__chunk_7", "__chunk_8"]),
        ];
        assert_eq!(definitions(generated), expected);
    }

    #[test]
    fn what_is_fetched_together_is_packed_together() {
        let check = |packs: &[(u128, i64)], expected: &[&[usize]]| {
            let packs = packs.iter().enumerate().map(|(place, (users, bytes))| Pack {
                users: *users,
                bytes: *bytes,
                modules: vec![place],
            });
            let joined: Vec<Vec<usize>> = together(packs.collect()).into_iter().map(|pack| pack.modules).collect();
            assert_eq!(joined, expected);
        };
        // The same parts need both.
        check(&[(0b11, 900_000), (0b11, 5)], &[&[0, 1]]);
        // No part needs both.
        check(&[(0b01, 5), (0b10, 5)], &[&[0], &[1]]);
        // One part saves a request, the other fetches a little, or much, in vain.
        check(&[(0b01, 19_000), (0b11, 900_000)], &[&[0, 1]]);
        check(&[(0b01, 21_000), (0b11, 900_000)], &[&[0], &[1]]);
    }
}
