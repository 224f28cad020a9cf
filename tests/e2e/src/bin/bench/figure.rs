//! One measured number, and what it is to be.

use serde::{Deserialize, Serialize};

/// One figure.
#[derive(Clone, Deserialize, Serialize)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: String,
    /// What it is to be, in words such as `>= 8`.
    pub target: Option<String>,
    /// Whether it is.
    pub holds: bool,
}

impl Figure {
    /// One that is only reported.
    pub fn known(name: &str, value: f64, unit: &str) -> Self {
        Self { name: name.to_owned(), value, unit: unit.to_owned(), target: None, holds: true }
    }

    /// One that is to be `most` or less.
    pub fn at_most(most: f64, name: &str, value: f64, unit: &str) -> Self {
        Self { target: Some(format!("<= {most}")), holds: value <= most, ..Self::known(name, value, unit) }
    }
}

/// The value in the middle; NaN of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A table for people.
pub fn print(figures: &[Figure]) {
    let width = figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
    for Figure { name, value, unit, target, holds } in figures {
        let target = target.as_deref().unwrap_or_default();
        let verdict = if *holds { "" } else { "MISSED" };
        println!("{name:width$} {value:>12.3} {unit:8} {target:12} {verdict}");
    }
}
