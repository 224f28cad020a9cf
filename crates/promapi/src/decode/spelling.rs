//! How the timestamps of a grid are spelled: comparing with what is expected is quicker than reading.

use super::digits::{join_eight, spell_four};
use frame::Grid;

/// The start of a sample, as servers write it for the instants of one grid: `[1700000015.123,"`. It differs from one
/// instant to the next in eight digits only, those from the third on.
///
/// Only for grids where that is so: steps of whole seconds, and ten digits of seconds of which the first two stay
/// (which is so for three years in a row).
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    /// `[17`
    head: u64,
    /// `,"` or `.123,"`
    tail: u64,
    tail_mask: u64,
    /// How long all of it is.
    length: usize,
    /// The eight digits of the grid's start, as a number.
    start: u64,
    step: u64,
}

/// The instants of a grid from one on, each expected once the one before it was there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instants {
    spelling: Spelling,
    /// The first four of the eight digits, spelled.
    upper: u64,
    /// The last four as a number, with a carry into the others where there is one.
    lower: u64,
}

const HEAD_LENGTH: usize = 3;
const HEAD_MASK: u64 = (1 << (8 * HEAD_LENGTH)) - 1;

impl Spelling {
    pub(super) fn of(grid: Grid) -> Option<Self> {
        const EIGHT_DIGITS: u64 = 100_000_000;
        let (first, last) = (grid.start.0, grid.last()?.0);
        let (first, last) = (u64::try_from(first).ok()?, u64::try_from(last).ok()?);
        let step = u64::try_from(grid.step.millis()).ok()?;
        let (seconds, millis) = (first / 1_000, first % 1_000);
        let leading = seconds / EIGHT_DIGITS;
        if step % 1_000 != 0 || !(10..100).contains(&leading) || last / 1_000 / EIGHT_DIGITS != leading {
            return None;
        }
        let tail = if millis == 0 { ",\"".to_owned() } else { format!(".{millis:03},\"") };
        Some(Self {
            head: word(format!("[{leading}").as_bytes()),
            tail: word(tail.as_bytes()),
            tail_mask: (1 << (8 * tail.len())) - 1,
            length: HEAD_LENGTH + 8 + tail.len(),
            start: seconds % EIGHT_DIGITS,
            step: step / 1_000,
        })
    }

    /// The instants from the one at `index` on.
    pub(super) fn from(self, index: usize) -> Instants {
        let digits = self.start + self.step * index as u64;
        Instants { spelling: self, upper: spell_four(digits / 10_000), lower: digits % 10_000 }
    }
}

impl Instants {
    /// What follows the start of the sample for the next instant, if `text` begins with that.
    #[inline(always)]
    pub(super) fn strip<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let spelling = self.spelling;
        let [head, digits, tail] = text.first_chunk::<{ HEAD_LENGTH + 16 }>().map(|text| {
            [0, HEAD_LENGTH, HEAD_LENGTH + 8].map(|start| {
                u64::from_le_bytes(*text.get(start..).and_then(|text| text.first_chunk()).unwrap_or(&[0; 8]))
            })
        })?;
        let head = (head & HEAD_MASK) ^ spelling.head;
        let digits = digits ^ (self.upper | spell_four(self.lower) << 32);
        let tail = (tail & spelling.tail_mask) ^ spelling.tail;
        if head | digits | tail != 0 {
            return None;
        }
        self.lower += spelling.step;
        if self.lower >= 10_000 {
            self.carry();
        }
        text.get(spelling.length..)
    }

    fn carry(&mut self) {
        let digits = join_eight(self.upper << 32) * 10_000 + self.lower;
        (self.upper, self.lower) = (spell_four(digits / 10_000), digits % 10_000);
    }
}

fn word(text: &[u8]) -> u64 {
    text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::{Millis, Step};

    fn spelling(start: i64, step: u64, len: u32) -> Option<Spelling> {
        Spelling::of(Grid { start: Millis(start), step: Step::from_millis(step).unwrap(), len })
    }

    #[test]
    fn instants_of_the_grid_are_recognised_by_index() {
        for (start, step, index, text, expected) in [
            (1_700_000_000_000, 15_000, 0, "[1700000000,\"1\"],[1700000015,", Some("1\"],[1700000015,")),
            (1_700_000_000_000, 15_000, 2, "[1700000030,\"1\"],[1700000045,", Some("1\"],[1700000045,")),
            (1_700_000_000_007, 60_000, 1, "[1700000060.007,\"1\"],", Some("1\"],")),
            (1_700_000_000_000, 15_000, 1, "[1700000030,\"1\"],[1700000045,", None),
            (1_700_000_000_000, 15_000, 0, "[1700000000.5,\"1\"],[", None),
            (1_700_000_000_000, 15_000, 0, "[1800000000,\"1\"],[1800000015,", None),
            (1_700_000_000_000, 15_000, 0, "[1700000000,\"", None),
        ] {
            let spelling = spelling(start, step, 10).unwrap();
            assert_eq!(spelling.from(index).strip(text.as_bytes()), expected.map(str::as_bytes), "{text}");
        }
    }

    #[test]
    fn only_grids_that_differ_in_eight_digits_have_one() {
        for (start, step, len, expected) in [
            (1_700_000_000_000, 1_000, 11_000, true),
            (1_000_000_000_000, 1_000, 2, true),
            (1_700_000_000_000, 500, 10, false),
            (1_799_999_999_000, 1_000, 1, true),
            (1_799_999_999_000, 1_000, 2, false),
            (999_999_999_000, 1_000, 1, false),
            (10_000_000_000_000, 1_000, 1, false),
            (-1_000, 1_000, 1, false),
            (1_700_000_000_000, 1_000, 0, false),
        ] {
            assert_eq!(spelling(start, step, len).is_some(), expected, "{len} from {start} by {step}");
        }
    }
}
