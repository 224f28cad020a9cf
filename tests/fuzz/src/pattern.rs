//! Regular expressions of dashboards. The first line is the expression, the others are what it is matched against.

use dashboard::model::Sort;
use dashboard::variable_options::{Extract, from_texts};

/// Longer expressions than this only show how long compiling takes.
const LONGEST: usize = 300;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let input = String::from_utf8_lossy(body);
    let (regex, texts) = input.split_once('\n').unwrap_or((&input, ""));
    if regex.len() > LONGEST {
        return;
    }
    if let Ok(extract) = Extract::parse(regex) {
        let options = from_texts(texts.lines().map(str::to_owned), Some(&extract), Sort::AsGiven);
        assert!(options.len() <= texts.lines().count(), "a text gives one option at most");
    }
}
