//! How fast answers decode: 20 series of 50,000 samples, in three spellings of values.
//!
//! ```text
//! cargo run --release -p promapi --example decode_throughput
//! ```
//!
//! Prints nanoseconds per sample, the best of several rounds: for the decoder, fed in chunks of 1 MiB and of 16 KiB,
//! and for `serde_json::Value` with a conversion into the same columns. Timings are for the eye, not for tests: they
//! depend on the machine and what else it does.

use frame::{Grid, Millis, Step};
use promapi::{Budget, Decoder, Expect, QueryResult};
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SERIES: usize = 20;
const SAMPLES: usize = 50_000;
const ROUNDS: usize = 7;

/// A value, spelled, from a random number.
type Spelling = fn(u64) -> String;

fn main() {
    let grid =
        |start| Grid { start: Millis(start), step: Step::from_millis(15_000).expect("a step"), len: SAMPLES as u32 };
    let (whole, fraction) = (grid(1_700_000_000_000), grid(1_700_000_000_123));
    println!(
        "{:<34}{:>8}{:>14}{:>14}{:>14}{:>8}",
        "ns per sample", "MB", "1 MiB chunks", "16 KiB chunks", "serde_json", "ratio"
    );
    let kinds: [(&str, Grid, Spelling); 6] = [
        ("17-digit floats", whole, |seed| (seed as f64 / u64::MAX as f64).to_string()),
        ("integers", whole, |seed| (seed % 1_000_000).to_string()),
        ("short decimals", whole, |seed| (f64::from((seed % 100_000) as u32) / 1_000.0).to_string()),
        ("17-digit floats, ms timestamps", fraction, |seed| (seed as f64 / u64::MAX as f64).to_string()),
        ("short decimals, ms timestamps", fraction, |seed| (f64::from((seed % 100_000) as u32) / 1_000.0).to_string()),
        ("mixed with NaN and +Inf", whole, |seed| match seed % 8 {
            0 => "NaN".to_owned(),
            1 => "+Inf".to_owned(),
            _ => (seed % 1_000).to_string(),
        }),
    ];
    for (name, grid, value) in kinds {
        let body = generate(grid, value);
        let big = best(|| decode(&body, grid, 1 << 20));
        let small = best(|| decode(&body, grid, 1 << 14));
        let general = best(|| convert(&body, grid));
        let nanos = |time: Duration| time.as_nanos() as f64 / (SERIES * SAMPLES) as f64;
        println!(
            "{name:<34}{:>8.1}{:>14.1}{:>14.1}{:>14.1}{:>7.1}x",
            body.len() as f64 / 1e6,
            nanos(big),
            nanos(small),
            nanos(general),
            nanos(general) / nanos(big)
        );
    }
}

fn generate(grid: Grid, value: Spelling) -> String {
    let mut body = String::from(r#"{"status":"success","data":{"resultType":"matrix","result":["#);
    let mut seed = 1;
    for series in 0..SERIES {
        let separator = if series == 0 { "" } else { "," };
        let _ =
            write!(body, r#"{separator}{{"metric":{{"__name__":"load","instance":"host-{series}:9100"}},"values":["#);
        for index in 0..SAMPLES {
            let millis = grid.at(index).0;
            let _ = write!(body, "{}[{}", if index == 0 { "" } else { "," }, millis / 1_000);
            if millis % 1_000 != 0 {
                let _ = write!(body, ".{:03}", millis % 1_000);
            }
            seed = scramble(seed);
            let _ = write!(body, ",\"{}\"]", value(seed));
        }
        body.push_str("]}");
    }
    body.push_str("]}}");
    body
}

/// SplitMix64, a random number generator of three lines (Steele, Lea and Flood, 2014).
fn scramble(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn decode(body: &str, grid: Grid, chunk: usize) -> usize {
    let budget = Budget { bytes: u64::MAX, samples: u64::MAX, series: u32::MAX };
    let mut decoder = Decoder::new(Expect::Grid(grid), budget);
    for chunk in body.as_bytes().chunks(chunk) {
        decoder.push(chunk).expect("a valid answer");
    }
    let answer = decoder.finish().expect("a valid answer");
    assert_eq!(answer.samples, (SERIES * SAMPLES) as u64);
    match answer.result {
        QueryResult::Matrix(frames) => frames.iter().map(frame::Frame::rows).sum(),
        _ => 0,
    }
}

fn convert(body: &str, grid: Grid) -> usize {
    let answer: serde_json::Value = serde_json::from_str(body).expect("a valid answer");
    let series = answer["data"]["result"].as_array().expect("series");
    let columns: Vec<Vec<f64>> = series
        .iter()
        .map(|one| {
            let mut column = vec![frame::GAP; grid.len as usize];
            for sample in one["values"].as_array().expect("samples") {
                let millis = (sample[0].as_f64().expect("a time") * 1e3).round() as i64;
                let value = sample[1].as_str().and_then(|text| text.parse().ok()).expect("a value");
                if let Some(slot) = grid.index_of(Millis(millis)).and_then(|index| column.get_mut(index)) {
                    *slot = value;
                }
            }
            column
        })
        .collect();
    black_box(columns).iter().map(Vec::len).sum()
}

fn best(mut run: impl FnMut() -> usize) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
