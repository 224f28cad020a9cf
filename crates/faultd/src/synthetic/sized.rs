//! Answers to range queries, made up: any number of series and points, the same each time.

use serde::Deserialize;
use std::fmt::Write as _;

/// What a made-up answer looks like.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub struct Shape {
    /// How many series.
    pub series: u32,
    /// How many points each.
    pub points: u32,
    /// What the values look like.
    pub kind: Kind,
    /// The first timestamp, in seconds.
    pub start: i64,
    /// The time between two points, in seconds.
    pub step: i64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { series: 20, points: 1_000, kind: Kind::Float, start: 1_700_000_000, step: 15 }
    }
}

/// What values look like on the wire, which decides how much work it is to read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// As many digits as a double has: rates and averages.
    Float,
    /// Whole numbers: counters, bytes.
    Int,
    /// A few decimals: percentages, seconds.
    Decimal,
}

/// The JSON text that Prometheus would send.
pub fn query_range(shape: Shape) -> String {
    let mut text = String::from(r#"{"status":"success","data":{"resultType":"matrix","result":["#);
    for series in 0..shape.series {
        let comma = if series == 0 { "" } else { "," };
        put(&mut text, format_args!(r#"{comma}{{"metric":{{"__name__":"synthetic","series":"{series}"}},"values":["#));
        let mut walk = Walk { state: u64::from(series) + 1, level: 1_000.0 };
        for point in 0..shape.points {
            let comma = if point == 0 { "" } else { "," };
            let at = shape.start.saturating_add(shape.step.saturating_mul(i64::from(point)));
            let value = walk.next();
            put(&mut text, format_args!(r#"{comma}[{at},""#));
            match shape.kind {
                Kind::Float => put(&mut text, format_args!("{}", value / 7_000.0)),
                Kind::Int => put(&mut text, format_args!("{}", (value * 1_000.0) as i64)),
                Kind::Decimal => put(&mut text, format_args!("{:.2}", value)),
            }
            text.push_str(r#""]"#);
        }
        text.push_str("]}");
    }
    text.push_str("]}}");
    text
}

/// So many series in one answer are a piece of it.
const PIECE: u64 = 1_000;

/// The same with one sample each, at `at` in seconds, in pieces: together they may be larger than any memory.
pub fn many_series(count: u64, at: f64) -> impl Iterator<Item = String> {
    let piece = move |from: u64| {
        let mut text = String::new();
        for series in from..count.min(from + PIECE) {
            let comma = if series == 0 { "" } else { "," };
            let labels = format_args!(r#"{{"__name__":"synthetic","series":"{series}"}}"#);
            put(&mut text, format_args!(r#"{comma}{{"metric":{labels},"values":[[{at},"{}"]]}}"#, series % 10));
        }
        text
    };
    let head = r#"{"status":"success","data":{"resultType":"matrix","result":["#.to_owned();
    let pieces = (0..count.div_ceil(PIECE)).map(move |index| piece(index * PIECE));
    std::iter::once(head).chain(pieces).chain(["]}}".to_owned()])
}

/// Writing to a string cannot fail.
fn put(text: &mut String, what: std::fmt::Arguments) {
    let _ = text.write_fmt(what);
}

/// A random walk that stays positive: xorshift (Marsaglia 2003).
struct Walk {
    state: u64,
    level: f64,
}

impl Walk {
    fn next(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let step = (self.state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        self.level = (self.level + step * 20.0).clamp(1.0, 10_000.0);
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, PIECE, Shape, many_series, query_range};
    use serde_json::Value;

    #[test]
    fn it_is_what_prometheus_would_send() {
        for kind in [Kind::Float, Kind::Int, Kind::Decimal] {
            let shape = Shape { series: 3, points: 5, kind, start: 100, step: 15 };
            let answer: Value = serde_json::from_str(&query_range(shape)).unwrap();
            assert_eq!(answer["status"], "success");
            let series = answer["data"]["result"].as_array().unwrap();
            assert_eq!(series.len(), 3);
            assert_eq!(series[2]["values"].as_array().unwrap().len(), 5);
            assert_eq!(series[2]["values"][4][0], 160);
            assert!(series[2]["values"][4][1].as_str().unwrap().parse::<f64>().unwrap().is_finite());
        }
    }

    #[test]
    fn many_series_are_one_answer() {
        for count in [0, 1, PIECE, PIECE + 1] {
            let text: String = many_series(count, 1_700_000_000.5).collect();
            let answer: Value = serde_json::from_str(&text).unwrap();
            let series = answer["data"]["result"].as_array().unwrap();
            assert_eq!(series.len() as u64, count);
            assert!(series.iter().all(|series| series["values"][0][0] == 1_700_000_000.5));
        }
    }
}
