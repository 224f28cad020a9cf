//! What is added to the JavaScript that `wasm-bindgen` writes.

use super::module::Module;
use super::{GLUE, NAMESPACE, exported_name};
use crate::bindgen::LOADER;
use anyhow::{Context as _, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Loads the rest.
const LOAD_REST: &str = include_str!("glue.js");
/// Notes which code was run, of the page and of the worker, for the page.
const NOTE_RUN: &str = include_str!("trace.js");

/// Adds what loads the rest and its styles, which lie at these addresses, relative to the glue.
///
/// # Errors
/// The file cannot be read or written, or is not glue.
pub fn load_rest(glue: &Path, rest: &str, styles: &str) -> Result<()> {
    add(
        glue,
        "load: loadRest",
        &LOAD_REST.replace("\"REST\"", &format!("{rest:?}")).replace("\"STYLES\"", &format!("{styles:?}")),
    )
}

/// Adds what notes which code is run.
///
/// # Errors
/// The file cannot be read or written, or is not glue.
pub fn note_run(glue: &Path) -> Result<()> {
    add(glue, "run: noteRun", NOTE_RUN)
}

/// Gives what the glue has for the module its short names, and says the rest in fewer words.
///
/// # Errors
/// The file cannot be read or written, or is not the module's glue.
pub fn shorten(glue: &Path, module: &Module) -> Result<()> {
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    let functions = (0..).zip(&module.imports).filter(|(_, (from, _))| *from == GLUE);
    let numbers = functions.map(|(number, (_, name))| (*name, number)).collect();
    let mut text = listed(&text, &numbers)
        .with_context(|| format!("wasm-bindgen writes its glue in another way: adapt {}", file!()))?;
    // From the last: a name may begin like a later one.
    for name in module.exports.keys().rev().filter(|name| exported_name(module, name) != **name) {
        text = text.replace(*name, &exported_name(module, name));
    }
    fs::write(glue, in_fewer_words(&text)).with_context(|| format!("{} cannot be written", glue.display()))
}

/// The functions for the module as a list, each at its number, and not as an object by name: JavaScript finds either by
/// what [`super::short_name`] gives. None if they are not what the module asks for.
fn listed(text: &str, numbers: &BTreeMap<&str, usize>) -> Option<String> {
    let (before, functions) = text.split_once("const import0 = {\n        __proto__: null,\n")?;
    let (functions, after) = functions.split_once("    };\n    return {\n")?;
    let mut list = vec![String::new(); numbers.values().max()? + 1];
    let mut number = None;
    for line in functions.split_inclusive('\n') {
        let begins = line.strip_prefix("        ").filter(|line| !line.starts_with([' ', '}']));
        let line = match begins.and_then(|line| line.split_once(": ")) {
            Some((name, line)) => {
                number = Some(*numbers.get(name)?);
                line
            }
            None => line,
        };
        list.get_mut(number?)?.push_str(line);
    }
    let is_whole = numbers.values().all(|number| !list[*number].is_empty());
    let list: String = list.iter().map(|function| if function.is_empty() { ",\n" } else { function }).collect();
    is_whole.then(|| format!("{before}const import0 = [\n{list}    ];\n    return {{\n{after}"))
}

/// Leaves out the classes that libraries offer to scripts: the app's own script uses none.
///
/// # Errors
/// The file cannot be read or written.
pub fn leave_out_classes(glue: &Path) -> Result<()> {
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    fs::write(glue, without_classes(text)).with_context(|| format!("{} cannot be written", glue.display()))
}

/// The loader of the parts is imported once and not for each of them, and what is named only to be given back is given back.
fn in_fewer_words(text: &str) -> String {
    let mut known = BTreeSet::new();
    let mut kept: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.contains(LOADER) && !known.insert(line.replace(|c: char| c.is_ascii_digit(), "")) {
            continue;
        }
        let given = kept.last().and_then(|last| last.trim_start().strip_prefix("const ret = "));
        match given.filter(|_| line.trim() == "return ret;").map(|given| format!("return {given}")) {
            Some(given) => _ = kept.splice(kept.len() - 1.., [given]),
            None => kept.push(line.to_owned()),
        }
    }
    kept.join("\n") + "\n"
}

/// Each is a block of its own, with a line after it, and has a registry.
fn without_classes(mut text: String) -> String {
    const CLASS: &str = "\nexport class ";
    while let Some((before, name, after)) = text.split_once(CLASS).and_then(|(before, class)| {
        let (name, class) = class.split_once(" {\n")?;
        Some((before, name, class.split_once("\n}\n")?.1))
    }) {
        let registry = format!("const {name}Finalization = ");
        let disposal = format!("if (Symbol.dispose) {name}.");
        let mut kept = format!("{before}\n");
        let mut lines = after.split_inclusive('\n');
        while let Some(line) = lines.next() {
            if line.starts_with(&registry) {
                let _ = line.ends_with(";\n") || lines.any(|line| line.ends_with(";\n"));
            } else if !line.starts_with(&disposal) {
                kept.push_str(line);
            }
        }
        text = kept;
    }
    text
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

#[cfg(test)]
mod tests {
    use super::{in_fewer_words, listed, without_classes};
    use std::collections::BTreeMap;

    #[test]
    fn functions_stand_at_their_numbers() {
        let function = |name: &str| format!("        {name}function() {{\n            x;\n        }},\n");
        let check = |named: [&str; 2], numbers: &[(&str, usize)], expected: Option<&str>| {
            let functions = named.map(|name| function(&format!("{name}: "))).concat();
            let text = format!(
                "a\n    const import0 = {{\n        __proto__: null,\n{functions}    }};\n    return {{\n    }};\n"
            );
            let expected =
                expected.map(|list| format!("a\n    const import0 = [\n{list}    ];\n    return {{\n    }};\n"));
            assert_eq!(listed(&text, &BTreeMap::from_iter(numbers.iter().copied())), expected, "{named:?} {numbers:?}");
        };
        let f = "function() {\n            x;\n        },\n";
        check(["a", "b"], &[("a", 0), ("b", 1)], Some(&[f, f].concat()));
        check(["a", "b"], &[("b", 1), ("a", 3)], Some(&[",\n", f, ",\n", f].concat()));
        check(["a", "b"], &[("a", 0)], None);
        check(["a", "b"], &[("a", 0), ("b", 1), ("c", 2)], None);
        check(["a", "b"], &[], None);
    }

    #[test]
    fn nothing_is_said_twice() {
        let check = |text: &str, expected: &str| assert_eq!(in_fewer_words(text), expected);
        check(
            "import * as import1 from \"a/parts.js\"\nimport * as import2 from \"a/parts.js\"\n",
            "import * as import1 from \"a/parts.js\"\n",
        );
        check("\"a/parts.js\": import1,\n\"a/parts.js\": import2,\n", "\"a/parts.js\": import1,\n");
        check("function(a) {\n    const ret = a;\n    return ret;\n},\n", "function(a) {\nreturn a;\n},\n");
        check("const ret = a;\nreturn ret === 1;\n", "const ret = a;\nreturn ret === 1;\n");
    }

    #[test]
    fn classes_go_with_what_belongs_to_them() {
        let class = |name: &str| {
            format!(
                "export class {name} {{\n    free() {{\n        {name}Finalization.unregister(this);\n    }}\n}}\n\
                    if (Symbol.dispose) {name}.prototype[Symbol.dispose] = {name}.prototype.free;\n"
            )
        };
        let registry = |name: &str| format!("const {name}Finalization = (a)\n    ? b\n    : new c({name});\n");
        let (a, b) = (class("A"), class("Ab"));
        let text =
            format!("import x;\n\n{a}\n{b}\nexport function f() {{\n}}\n{}{}let y;\n", registry("A"), registry("Ab"));
        assert_eq!(without_classes(text), "import x;\n\n\n\nexport function f() {\n}\nlet y;\n");
    }
}
