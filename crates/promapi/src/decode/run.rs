//! The quick way through a run of samples.
//!
//! Servers write them all alike, `[1700000000.123,"0.5"],`, so here nothing else is understood: the first other byte, or
//! the end of the chunk, ends the run before the sample it is in.

use super::Fault;
use super::number::{parse_float, read_decimal, read_millis};
use super::points::{Added, Points, Slots};
use super::spelling::Spelling;
use frame::Millis;

/// For how many samples room is made at a time.
const BLOCK: usize = 128;

/// Reads samples from the start of `input`, each with the comma after it, as long as the budget allows for them. Tells
/// how many bytes they were.
pub(super) fn read_samples(input: &[u8], points: &mut Points, spelling: Option<Spelling>) -> Result<usize, Fault> {
    let mut rest = input;
    loop {
        let filled = points.fill(BLOCK, |slots| match (slots, spelling) {
            (Slots::Grid(index, values), Some(spelling)) => read_expected(&mut rest, spelling, index, values),
            (Slots::Explicit(times, values), _) => read_any(&mut rest, times, values),
            _ => 0,
        })?;
        if filled == BLOCK {
            continue;
        }
        // Another one than expected, after a gap for instance; or the run ends here.
        let Some((at, value, after)) = read_sample(rest) else { break };
        if points.push(at, value)? == Added::OverBudget {
            break;
        }
        rest = after;
    }
    Ok(input.len() - rest.len())
}

/// Reads the samples of the grid's instants from `index` on, until there is another one. Tells how many they are.
fn read_expected(rest: &mut &[u8], spelling: Spelling, index: usize, values: &mut [f64]) -> usize {
    let mut count = 0;
    for slot in values {
        let Some(value) = spelling.strip(rest, index + count) else { break };
        let Some((value, after)) = read_value(value) else { break };
        (*slot, *rest) = (value, after);
        count += 1;
    }
    count
}

/// Reads samples, whenever they are. Tells how many they are.
fn read_any(rest: &mut &[u8], times: &mut [Millis], values: &mut [f64]) -> usize {
    let mut count = 0;
    for (time, slot) in times.iter_mut().zip(values) {
        let Some((at, value, after)) = read_sample(rest) else { break };
        (*time, *slot, *rest) = (at, value, after);
        count += 1;
    }
    count
}

/// The sample at the start of `text`, and what comes after it and its comma.
fn read_sample(text: &[u8]) -> Option<(Millis, f64, &[u8])> {
    let time = text.strip_prefix(b"[")?;
    let (at, length) = read_millis(time.first_chunk()?)?;
    let (value, after) = read_value(time.get(length..)?.strip_prefix(b",\"")?)?;
    Some((Millis(at), value, after))
}

/// The value that `text` goes on with after the opening quote, and what comes after the sample and its comma.
#[inline(always)]
fn read_value(text: &[u8]) -> Option<(f64, &[u8])> {
    let (is_negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let Some((value, length)) = read_decimal(unsigned.first_chunk()?) else { return read_odd_value(text) };
    match unsigned.get(length..)?.strip_prefix(b"\"],") {
        Some(after) => Some((if is_negative { -value } else { value }, after)),
        None => read_odd_value(text),
    }
}

/// As [`read_value`], for `NaN`, infinities, exponents and more digits than usual.
#[cold]
fn read_odd_value(text: &[u8]) -> Option<(f64, &[u8])> {
    const LONGEST: usize = 64;
    let end = text.iter().take(LONGEST).position(|byte| *byte == b'"')?;
    let (value, after) = text.split_at_checked(end)?;
    Some((parse_float(value)?, after.strip_prefix(b"\"],")?))
}
