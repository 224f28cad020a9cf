//! Tables of what Grafana computes, read from beside the repository where they are there.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;
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

/// A row whose outcome follows the sort or the collation of a JavaScript engine.
pub const SOFT: &str = "soft";

/// What was computed of a row and what was expected.
pub struct Compared {
    computed: String,
    expected: String,
    /// The difference that rows such as this one may have.
    difference: Option<&'static str>,
}

impl Compared {
    /// By the debug form of both.
    pub fn debug<T: Debug + ?Sized, U: Debug + ?Sized>(computed: &T, expected: &U) -> Self {
        (format!("{computed:?}"), format!("{expected:?}")).into()
    }

    /// A row about what Pyrograph leaves out.
    pub fn left_out(what: &'static str) -> Self {
        Self { difference: Some(what), ..(String::new(), "something else".to_owned()).into() }
    }

    /// Rows of which `is_so` holds need not agree, for a reason that `docs/grafana-compatibility.md` gives.
    pub fn unless(mut self, is_so: bool, reason: &'static str) -> Self {
        self.difference = self.difference.or(is_so.then_some(reason));
        self
    }
}

impl From<(String, String)> for Compared {
    fn from((computed, expected): (String, String)) -> Self {
        Self { computed, expected, difference: None }
    }
}

/// The share of the rows without a reason to differ that must agree.
const WANTED: f64 = 0.99;

/// Compares every row of a table, prints how many agree and why others do not, and fails where too few do.
///
/// `check` gives none for a row that cannot be read, which counts as one that differs.
pub fn compare<C: Into<Compared>>(name: &str, check: impl Fn(&Row) -> Option<C>) {
    let Some(rows) = table(name) else { return };
    let mut agreeing = 0;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differing = Vec::new();
    for row in &rows {
        let compared = check(row).map(Into::into);
        match compared {
            Some(Compared { computed, expected, .. }) if computed == expected => agreeing += 1,
            Some(Compared { difference: Some(reason), .. }) => *reasons.entry(reason).or_default() += 1,
            Some(Compared { computed, expected, .. }) => {
                differing.push(format!("{}\n  computed {computed}\n  expected {expected}", Value::from(row.clone())));
            }
            None => differing.push(format!("{}\n  cannot be read", Value::from(row.clone()))),
        }
    }
    println!("{name}: {agreeing} of {} rows agree, {} differ", rows.len(), differing.len());
    for (reason, count) in reasons {
        println!("{name}:   {count} {reason}");
    }
    let first: String = differing.iter().take(20).map(|row| format!("{row}\n")).collect();
    println!("{first}");
    let all = agreeing + differing.len();
    assert!(agreeing as f64 >= all as f64 * WANTED, "{name}: {} of {all} rows differ", differing.len());
}
