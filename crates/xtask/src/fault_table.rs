//! `docs/faults.md` says which test holds each promise: there must be such a test.

use crate::repo::Repo;
use anyhow::{Context as _, Result, bail};
use std::fs;

/// Where tests are, by what stands before their name.
const FOLDERS: [(&str, &str); 2] = [("sim/", "crates/engine/tests/sim"), ("", "tests/e2e/tests/spec")];

/// Looks for every test that the table names.
///
/// # Errors
/// The names of those that there are not.
pub fn check(repo: &Repo) -> Result<()> {
    let read = |file: &str| fs::read_to_string(repo.path(file)).with_context(|| format!("{file} cannot be read"));
    let table = read("docs/faults.md")?;
    let mut missing = Vec::new();
    for (file, test) in named(&table) {
        if !read(&file).is_ok_and(|source| source.contains(&format!("fn {test}("))) {
            missing.push(format!("docs/faults.md names {test}, which is not in {file}"));
        }
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    Ok(())
}

/// The file and the name of each test in the table's last column.
fn named(table: &str) -> Vec<(String, &str)> {
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.rsplit('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter_map(|name| name.split_once("::"));
    let place = |(place, test)| {
        let found = FOLDERS.iter().find_map(|(prefix, folder)| Some((folder, str::strip_prefix(place, prefix)?)));
        found.map(|(folder, file)| (format!("{folder}/{file}.rs"), test))
    };
    names.filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn tests_are_found_in_the_last_column() {
        let table = "`no::row`\n\n| A | B | Tests |\n|---|---|---|\n| `x::y` | b | `a::one`, `sim/b::two` |\n";
        let expected = [("tests/e2e/tests/spec/a.rs", "one"), ("crates/engine/tests/sim/b.rs", "two")];
        assert_eq!(named(table), expected.map(|(file, test)| (file.to_owned(), test)));
    }
}
