//! What must not stand in the source, and why. Compilers and linters do not know these rules.

use crate::dist::files_below;
use crate::layers::PURE;
use crate::repo::Repo;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

struct Rule {
    /// Text that breaks the rule wherever it stands outside a comment.
    banned: &'static [&'static str],
    why: &'static str,
}

/// In the app, which runs under a strict Content-Security-Policy and shows what strangers wrote.
const IN_THE_APP: &[Rule] = &[
    Rule {
        banned: &[" style=\"", " style=move", " style=format!", "\"style\","],
        why: "the Content-Security-Policy blocks it; write style:width=… instead",
    },
    Rule {
        banned: &["inner_html", "innerHTML", "outer_html", "insert_adjacent_html", "document.write"],
        why: "nothing from data is ever parsed as HTML",
    },
    Rule {
        banned: &["location.assign", ".location().assign", "set_href(", "location.replace", ".location().replace"],
        why: "links are made from a checked URL only",
    },
    Rule { banned: &["eval(", "new Function"], why: "the Content-Security-Policy blocks it" },
];

/// In the pure crates, where now is an argument.
const IN_PURE_CRATES: &[Rule] = &[
    Rule {
        banned: &["SystemTime", "time::Instant", "Instant::now"],
        why: "a pure crate knows no clock: now is an argument",
    },
    Rule {
        banned: &["std::net::", "std::fs::", "std::env::", "std::thread::"],
        why: "a pure crate knows no network, file, environment or thread",
    },
];

/// Reads every source file and holds it against the rules.
///
/// # Errors
/// Each line that breaks one, with the reason.
pub fn check(repo: &Repo) -> Result<()> {
    let mut breaches = Vec::new();
    for folder in ["src", "assets"] {
        look_through(repo, &repo.path(folder), IN_THE_APP, &mut breaches)?;
    }
    for name in PURE {
        let folder = name.trim_start_matches("pyrograph-");
        look_through(repo, &repo.path(&format!("crates/{folder}/src")), IN_PURE_CRATES, &mut breaches)?;
    }
    if !breaches.is_empty() {
        bail!("{}", breaches.join("\n"));
    }
    Ok(())
}

fn look_through(repo: &Repo, folder: &Path, rules: &[Rule], breaches: &mut Vec<String>) -> Result<()> {
    for file in files_below(folder)? {
        if !file.extension().is_some_and(|extension| extension == "rs" || extension == "js") {
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let name = file.strip_prefix(repo.root()).unwrap_or(&file).display().to_string();
        for (line, why) in breaches_in(&text, rules) {
            breaches.push(format!("{name}:{line}: {why}"));
        }
    }
    Ok(())
}

/// Line numbers and reasons. Tests, at the end of a file by custom, may do as they like.
fn breaches_in<'a>(text: &str, rules: &'a [Rule]) -> impl Iterator<Item = (usize, &'a str)> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let breaks = |line: &str, rule: &Rule| rule.banned.iter().any(|banned| without_comment(line).contains(banned));
    let found = code
        .lines()
        .enumerate()
        .flat_map(|(i, line)| rules.iter().filter(move |rule| breaks(line, rule)).map(move |rule| (i + 1, rule.why)));
    found.collect::<Vec<_>>().into_iter()
}

/// The line up to a comment; `://` is an address.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices("//").map(|(at, _)| at);
    starts.filter(|at| !line[..*at].ends_with(':')).min().map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::{IN_PURE_CRATES, IN_THE_APP, Rule, breaches_in};

    #[test]
    fn source_is_judged() {
        let check = |rules: &[Rule], text: &str, lines: &[usize]| {
            let found: Vec<_> = breaches_in(text, rules).map(|(line, _)| line).collect();
            assert_eq!(found, lines, "{text}");
        };
        check(IN_THE_APP, "view! { <p style=\"color:red\"> }", &[1]);
        check(IN_THE_APP, "view! { <p style:color=red> }", &[]);
        check(IN_THE_APP, "// never style=\"…\"\nelement.set_inner_html(x)", &[2]);
        check(IN_THE_APP, "let url = \"http://x/\"; location.assign(url)", &[1]);
        check(IN_PURE_CRATES, "use std::time::SystemTime;", &[1]);
        check(IN_PURE_CRATES, "use std::time::Duration;", &[]);
        check(IN_PURE_CRATES, "enum Shape { Range, Instant }", &[]);
        check(IN_PURE_CRATES, "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs::read; }", &[]);
    }
}
