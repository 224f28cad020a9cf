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
    let start = match &mut expected {
        Some(instants) => instants.strip_start(rest),
        None => strip_time(rest, times.first_mut()),
    };
    let Some(mut text) = start else { return 0 };
    let (mut count, mut end) = (0, *rest);
    while let Some(slot) = values.get_mut(count) {
        let (value, after) = match read_value(text) {
            Some(read) => read,
            None => match read_odd_value(text) {
                Some(read) => read,
                None => break,
            },
        };
        let next = match &mut expected {
            Some(instants) => instants.strip(after),
            None => after.strip_prefix(END).and_then(|after| strip_time(after, times.get_mut(count + 1))),
        };
        let Some(next) = next else {
            let Some(after) = after.strip_prefix(END) else { break };
            (*slot, *rest) = (value, after);
            return count + 1;
        };
        (*slot, text, end) = (value, next, after);
        count += 1;
    }
    if count > 0 {
        *rest = end.get(END.len()..).unwrap_or_default();
    }
    count
}

/// What ends a sample and announces another.
const END: &[u8] = b"\"],";

/// What follows the opening quote of the value of the sample at the start of `text`; its time goes to `to`.
#[inline(always)]
fn strip_time<'a>(text: &'a [u8], to: Option<&mut Millis>) -> Option<&'a [u8]> {
    let time = text.strip_prefix(b"[")?;
    let (at, length) = read_millis(time.first_chunk()?)?;
    to.into_iter().for_each(|to| *to = Millis(at));
    time.get(length..)?.strip_prefix(b",\"")
}

/// The value that `text` goes on with after the opening quote, and what comes from the closing one on.
#[inline(always)]
fn read_value(text: &[u8]) -> Option<(f64, &[u8])> {
    let (value, length) = read_decimal(text.first_chunk()?)?;
    let after = text.get(length..)?;
    (after.first() == Some(&b'"')).then_some((value, after))
}

/// As [`read_value`], for `NaN`, infinities, exponents and more digits than usual.
#[cold]
fn read_odd_value(text: &[u8]) -> Option<(f64, &[u8])> {
    const LONGEST: usize = 64;
    let length = text.iter().take(LONGEST).position(|byte| *byte == b'"')?;
    let (value, after) = text.split_at_checked(length)?;
    Some((parse_sample(value)?, after))
}
