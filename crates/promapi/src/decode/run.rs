//! The quick way through a run of samples.
//!
//! Servers write them all alike, `[1700000000.123,"0.5"],`, so here nothing else is understood: the first other byte, or
//! the end of the chunk, ends the run before the sample it is in.

use super::Fault;
use super::number::{read_decimal, read_millis};
use super::points::{Added, Points, Slots};
use super::spelling::{Instants, Spelling};
use frame::Millis;
use frame::decimal::parse_sample;

/// For how many samples room is made at a time.
const BLOCK: usize = 128;

/// Reads samples from the start of `input`, each with the comma after it, as long as the budget allows for them. Tells
/// how many bytes they were.
pub(super) fn read_samples(input: &[u8], points: &mut Points, spelling: Option<Spelling>) -> Result<usize, Fault> {
    let mut rest = input;
    loop {
        let filled = points.fill(BLOCK, |slots| match (slots, spelling) {
            (Slots::Grid(index, values), Some(spelling)) => {
                read_run(&mut rest, Some(spelling.from(index)), &mut [], values)
            }
            (Slots::Explicit(times, values), _) => read_run(&mut rest, None, times, values),
            _ => 0,
        })?;
        if filled == BLOCK {
            continue;
        }
        // Another one than expected, after a gap for instance; or the run ends here.
        let (mut after, mut at, mut value) = (rest, [Millis(0)], [0.0]);
        if read_run(&mut after, None, &mut at, &mut value) == 0 {
            break;
        }
        let ([at], [value]) = (at, value);
        if points.push(at, value)? == Added::OverBudget {
            break;
        }
        rest = after;
    }
    Ok(input.len() - rest.len())
}

/// Reads samples into `values` until one is not of the instant that is expected, or spelled another way. Without `expected`
/// they may be of any, which go to `times`. Tells how many they are.
///
/// One loop for both, as the code for a value is long and inlined.
#[inline(never)]
fn read_run(rest: &mut &[u8], mut expected: Option<Instants>, times: &mut [Millis], values: &mut [f64]) -> usize {
    let (mut text, mut count) = (*rest, 0);
    for slot in values {
        let value = match &mut expected {
            Some(instants) => instants.strip(text),
            None => strip_time(text).map(|(at, value)| {
                times.get_mut(count).into_iter().for_each(|time| *time = at);
                value
            }),
        };
        let Some((value, after)) = value.and_then(read_value) else { break };
        (*slot, text) = (value, after);
        count += 1;
    }
    *rest = text;
    count
}

/// The time of the sample at the start of `text`, and what follows the opening quote of its value.
#[inline(always)]
fn strip_time(text: &[u8]) -> Option<(Millis, &[u8])> {
    let time = text.strip_prefix(b"[")?;
    let (at, length) = read_millis(time.first_chunk()?)?;
    Some((Millis(at), time.get(length..)?.strip_prefix(b",\"")?))
}

/// The value that `text` goes on with after the opening quote, and what comes after the sample and its comma.
#[inline(always)]
fn read_value(text: &[u8]) -> Option<(f64, &[u8])> {
    let Some((value, length)) = read_decimal(text.first_chunk()?) else { return read_odd_value(text) };
    match text.get(length..)?.strip_prefix(b"\"],") {
        Some(after) => Some((value, after)),
        None => read_odd_value(text),
    }
}

/// As [`read_value`], for `NaN`, infinities, exponents and more digits than usual.
#[cold]
fn read_odd_value(text: &[u8]) -> Option<(f64, &[u8])> {
    const LONGEST: usize = 64;
    let end = text.iter().take(LONGEST).position(|byte| *byte == b'"')?;
    let (value, after) = text.split_at_checked(end)?;
    Some((parse_sample(value)?, after.strip_prefix(b"\"],")?))
}
