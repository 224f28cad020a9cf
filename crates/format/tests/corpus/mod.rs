//! Tables of what Grafana computes, read from beside the repository where they are there.

pub mod zones;

use serde_json::Value;
use std::path::PathBuf;

/// The folder of the corpus: `PYROGRAPH_CORPUS`, or `shared` beside the repository.
pub fn folder() -> PathBuf {
    match std::env::var_os("PYROGRAPH_CORPUS") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    }
}

/// A row of a table: its cells after the id.
pub type Row = Vec<Value>;

/// The rows of a table, or none, with a word about it, where the corpus is absent.
pub fn table(name: &str) -> Option<Vec<Row>> {
    let path = folder().join("conformance").join(format!("{name}.jsonl"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no {}", path.display());
        return None;
    };
    let read = |line: &str| serde_json::from_str::<Row>(line).map(|row| row[1..].to_vec());
    Some(text.lines().skip(1).map(|line| read(line).expect("a row of JSON")).collect())
}

/// A number as the tables write it, with `{"$": "NaN"}` and the like for those JSON lacks. None for no value.
pub fn number(cell: &Value) -> Option<f64> {
    match cell["$"].as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        _ => cell.as_f64(),
    }
}

/// Compares every row of a table, prints how many agree, and fails with the first that differ.
///
/// `check` gives what was computed and what was expected, or none for a row that is not covered.
pub fn compare(name: &str, check: impl Fn(&Row) -> Option<(String, String)>) {
    let Some(rows) = table(name) else { return };
    let (mut covered, mut differing) = (0, Vec::new());
    for row in &rows {
        let Some((computed, expected)) = check(row) else { continue };
        covered += 1;
        if computed != expected {
            differing.push(format!("{}\n  computed {computed}\n  expected {expected}", Value::from(row.clone())));
        }
    }
    println!("{name}: {} of {covered} covered rows agree, {} rows in all", covered - differing.len(), rows.len());
    let first: Vec<&String> = differing.iter().take(10).collect();
    assert!(differing.is_empty(), "{name}: {} of {covered} rows differ, first:\n{first:#?}", differing.len());
}
