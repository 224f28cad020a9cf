//! Floats in JSON, which has no NaN and no infinities: a gap is `null`, the others are the texts Prometheus uses.

use frame::{GAP, is_gap};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Gap(()),
    Number(f64),
    Text(String),
}

/// Writes a list of numbers.
///
/// # Errors
///
/// The serializer's own.
pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(|&value| match value {
        gap if is_gap(gap) => Cell::Gap(()),
        finite if finite.is_finite() => Cell::Number(finite),
        other if other.is_nan() => Cell::Text("NaN".into()),
        other => Cell::Text(if other > 0.0 { "+Inf" } else { "-Inf" }.into()),
    }))
}

/// Reads a list of numbers.
///
/// # Errors
///
/// For what is neither null, a number, nor a text that is one.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let number = |cell: Cell| match cell {
        Cell::Gap(()) => Ok(GAP),
        Cell::Number(value) => Ok(value),
        Cell::Text(text) => text.parse().map_err(|_| de::Error::custom("not a number")),
    };
    Vec::<Cell>::deserialize(deserializer)?.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct List(#[serde(with = "super")] Vec<f64>);

    #[test]
    fn every_float_survives() {
        let values = vec![0.0, -1.5, 0.25, GAP, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let text = serde_json::to_string(&List(values.clone())).unwrap();
        assert_eq!(text, r#"[0.0,-1.5,0.25,null,"NaN","+Inf","-Inf"]"#);
        let List(back) = serde_json::from_str(&text).unwrap();
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan() && is_gap(*a) == is_gap(*b));
        assert!(values.len() == back.len() && values.iter().zip(&back).all(same));
        assert!(serde_json::from_str::<List>(r#"["x"]"#).is_err());
    }
}
