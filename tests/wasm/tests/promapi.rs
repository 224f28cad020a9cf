use crate::matrix;
use frame::{Grid, Millis, Step, TimeRange};
use promapi::{Answer, Budget, DecodeError, Decoder, Expect, QueryResult};
use wasm_bindgen_test::wasm_bindgen_test;

const BUDGET: Budget = Budget { bytes: 1 << 30, samples: 10_000_000, series: 10_000 };

fn decode(text: &str, chunk: usize, budget: Budget) -> Result<Answer, DecodeError> {
    let grid = Grid::covering(TimeRange::new(0, 15_000 * 99), Step::at_least_one(15_000));
    let mut decoder = Decoder::new(Expect::Grid(grid), budget);
    for chunk in text.as_bytes().chunks(chunk) {
        decoder.push(chunk)?;
    }
    decoder.finish()
}

fn values(answer: &Answer) -> Vec<Vec<f64>> {
    let QueryResult::Matrix(frames) = &answer.result else { panic!("no matrix: {answer:?}") };
    frames.iter().flat_map(|frame| frame.numbers().map(|(_, values)| values.to_vec())).collect()
}

/// Numbers of every length and size, as Go writes them.
fn number(series: usize, point: i64) -> f64 {
    let x = (point as f64 + 1.0) * (series as f64 + 0.1);
    match point % 6 {
        0 => x / 7.0,
        5 => -x / 7e4,
        1 => (x * 1e4).round(),
        2 => -x * 1e-9,
        3 => x * 1e17,
        _ => (x * 100.0).round() / 100.0,
    }
}

#[wasm_bindgen_test]
fn every_number_is_read_exactly_in_any_chunking() {
    let text = matrix(7, 100, number);
    for chunk in [1, 2, 3, 7, 16, 61, 1 << 20] {
        let values = values(&decode(&text, chunk, BUDGET).unwrap());
        assert_eq!(values.len(), 7);
        for (series, values) in values.iter().enumerate() {
            let expected: Vec<f64> = (0..100).map(|point| number(series, point)).collect();
            assert_eq!(*values, expected, "series {series} in chunks of {chunk}");
        }
    }
}

/// On instants of this century and on a grid of theirs: what is read with 128 bits at a time.
#[wasm_bindgen_test]
fn digits_of_every_number_and_form_are_read_exactly() {
    const DIGITS: &str = "90817263544536271809";
    let mut texts = Vec::new();
    for (sign, zeros) in [("", ""), ("-", ""), ("", "0."), ("-", "0.000")] {
        for digits in (0..3).flat_map(|start| (start + 1..=DIGITS.len()).map(move |end| &DIGITS[start..end])) {
            texts.push(format!("{sign}{zeros}{digits}"));
            let points = if zeros.is_empty() { 1..digits.len() } else { 0..0 };
            texts.extend(points.map(|point| format!("{sign}{}.{}", &digits[..point], &digits[point..])));
        }
    }
    let samples: Vec<_> =
        texts.iter().zip(0_i64..).map(|(text, at)| format!("[{},\"{text}\"]", 1_700_000_000 + at * 15)).collect();
    let body = format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{}},"values":[{}]}}]}}}}"#,
        samples.join(",")
    );
    let start = Millis(1_700_000_000_000);
    let grid = Grid { start, step: Step::at_least_one(15_000), len: samples.len() as u32 };
    for expect in [Expect::Grid(grid), Expect::Any] {
        let mut decoder = Decoder::new(expect, BUDGET);
        decoder.push(body.as_bytes()).unwrap();
        let values = values(&decoder.finish().unwrap()).concat();
        assert_eq!(values.len(), texts.len());
        for (value, text) in values.iter().zip(&texts) {
            assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
    }
}

#[wasm_bindgen_test]
fn a_cut_answer_is_an_error_wherever_it_is_cut() {
    let text = matrix(2, 5, number);
    for end in 0..text.len() {
        assert!(decode(&text[..end], 16, BUDGET).is_err(), "cut at {end}");
    }
}

#[wasm_bindgen_test]
fn the_budget_bounds_what_is_kept() {
    let answer = decode(&matrix(50, 100, number), 1 << 16, Budget { series: 10, ..BUDGET }).unwrap();
    assert_eq!(values(&answer).len(), 10);
    assert_eq!(answer.truncated.unwrap().seen, 50);
}

#[wasm_bindgen_test]
fn depth_does_not_exhaust_the_stack() {
    let text = format!("{}{}", r#"{"status":"success","x":"#, "[".repeat(1_000_000));
    assert!(decode(&text, 1 << 16, BUDGET).is_err());
}
