//! Calcs against a recorded table of what Grafana's own package computes: rows of `[id, reducer, type, values,
//! null mode, alone, together]`.
#![allow(clippy::unwrap_used)]

use frame::calcs::{Calc, Gaps};
use frame::{GAP, is_gap};
use serde_json::Value;
use std::path::PathBuf;

fn table() -> Option<String> {
    let corpus = std::env::var_os("PYROGRAPH_CORPUS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    std::fs::read_to_string(corpus.join("conformance/reducers.jsonl")).ok()
}

/// A cell as a value: JSON lacks NaN and the infinities. None for `undefined`, which a column cannot hold.
fn number(cell: &Value) -> Option<f64> {
    match cell {
        Value::Null => Some(GAP),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Number(number) => number.as_f64(),
        other => match other.get("$")?.as_str()? {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
    }
}

fn same(found: f64, expected: Option<f64>) -> bool {
    // No answer at all is a gap here.
    let expected = expected.unwrap_or(GAP);
    if expected.is_nan() || found.is_nan() {
        return is_gap(found) == is_gap(expected) && found.is_nan() == expected.is_nan();
    }
    found == expected || (found - expected).abs() <= expected.abs() * 1e-12
}

/// Whether sorting compares what cannot be compared.
fn has_no_order(values: &[f64], gaps: Gaps) -> bool {
    values.iter().any(|value| value.is_nan() && (gaps == Gaps::Keep || !is_gap(*value)))
}

#[test]
fn calcs_agree_with_the_recorded_table() {
    let Some(table) = table() else { return println!("skipped: the recorded table is not here") };
    let (mut agreeing, mut not_ours, mut soft, mut failures) = (0, 0, 0, Vec::new());
    for line in table.lines().skip(1) {
        let row: Vec<Value> = serde_json::from_str(line).unwrap();
        let Some(calc) = row[1].as_str().and_then(Calc::parse) else {
            not_ours += 1;
            continue;
        };
        let values: Option<Vec<f64>> = row[3].as_array().unwrap().iter().map(number).collect();
        let (Some(values), Some("number")) = (values, row[2].as_str()) else {
            not_ours += 1;
            continue;
        };
        let gaps = match row[4].as_str() {
            Some("null") => Gaps::Keep,
            Some("null as zero") => Gaps::Zero,
            _ => Gaps::Ignore,
        };
        let found = calc.of(&values, gaps);
        if same(found, number(&row[5])) {
            agreeing += 1;
        } else if matches!(calc, Calc::Median | Calc::Percentile(_)) && has_no_order(&values, gaps) {
            // The outcome follows the JavaScript engine's sort.
            soft += 1;
        } else {
            failures.push(format!("{line}\n  found {found}"));
        }
    }
    println!("{agreeing} rows agree, {soft} soft ones do not, {not_ours} are not about numbers");
    assert!(failures.is_empty(), "{} rows differ:\n{}", failures.len(), failures.join("\n"));
    assert!(agreeing > 2000);
}
