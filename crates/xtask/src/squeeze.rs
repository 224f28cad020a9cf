//! Leaves out of text files what is for people: comments that have a line of their own, and indentation.

use anyhow::{Context as _, Result};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

/// Rewrites a script, a style sheet or a dashboard in place; other files stay as they are.
///
/// # Errors
/// The file cannot be read or written.
pub fn squeeze_file(file: &Path) -> Result<()> {
    let squeeze = match file.extension().and_then(OsStr::to_str) {
        Some("js" | "css") => |text: &str| Ok(squeeze(text)),
        Some("json") => without_blanks,
        _ => return Ok(()),
    };
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let squeezed = squeeze(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    fs::write(file, squeezed).with_context(|| format!("{} cannot be written", file.display()))
}

/// The same value in one line.
fn without_blanks(json: &str) -> serde_json::Result<String> {
    Ok(serde_json::from_str::<serde_json::Value>(json)?.to_string() + "\n")
}

/// The same script or style sheet. Lines stay lines: where one ends may end a statement.
fn squeeze(text: &str) -> String {
    // A text that goes on in the next line may have in it what looks like a comment.
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return text.to_owned();
    }
    let mut squeezed = String::with_capacity(text.len());
    let mut is_comment = false;
    for line in text.lines().map(str::trim) {
        let mut code = line;
        if is_comment || line.starts_with("/*") {
            let end = line.split_once("*/");
            is_comment = end.is_none();
            code = end.map_or("", |(_, after)| after.trim());
        }
        if !code.is_empty() && !code.starts_with("//") {
            squeezed.push_str(code);
            squeezed.push('\n');
        }
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::{squeeze, without_blanks};

    #[test]
    fn blanks_go_only_where_they_say_nothing() {
        let check = |text: &str, expected: &str| assert_eq!(without_blanks(text).unwrap(), expected);
        check("{\n  \"b c\": [1, 2.5],\n  \"d\": \" e, f: g \"\n}\n", "{\"b c\":[1,2.5],\"d\":\" e, f: g \"}\n");
    }

    #[test]
    fn comments_and_indentation_go() {
        let check = |text: &str, expected: &str| assert_eq!(squeeze(text), expected);
        check("// a\nif (b) {\n    // c\n    d(); // e\n}\n", "if (b) {\nd(); // e\n}\n");
        check("/** a */\nb();\n/**\n * c\n */\nd();\n", "b();\nd();\n");
        check("/* a */\n.b { c: d; } /* e */\n\n.f {\n  g: h;\n}\n", ".b { c: d; } /* e */\n.f {\ng: h;\n}\n");
        check("/* a */ b();\n/*\nc */ d();\n", "b();\nd();\n");
        check("a(\"//b\")\n\n  /x/.test(c)\n", "a(\"//b\")\n/x/.test(c)\n");
        check("a(`\n  // b\n`)\n", "a(`\n  // b\n`)\n");
    }
}
