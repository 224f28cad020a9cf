//! How the timestamps of a grid are spelled: comparing with what is expected is quicker than reading.

use super::digits::{join_eight, spell_four};
use frame::Grid;

/// The start of a sample, as servers write it for the instants of one grid: `[1700000015,"`. It differs from one instant to
/// the next in eight digits only, those from the third on.
///
/// Only for grids where that is so: whole seconds, and ten digits of them of which the first two stay (which is so for
/// three years in a row).
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    /// `[17`
    head: u64,
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

/// How long the start of a sample is.
const LENGTH: usize = 13;
/// Of it, how many bits come before the eight digits, and how many of those are in its first eight bytes.
const HEAD_BITS: u32 = 8 * 3;
const FIRST_BITS: u32 = 64 - HEAD_BITS;
/// What its last five bytes are without the digits, `,"`, and where they are in a word.
const TAIL: u64 = (b',' as u64) << 24 | (b'"' as u64) << 32;
const TAIL_MASK: u64 = (1 << (8 * (LENGTH - 8))) - 1;

impl Spelling {
    pub(super) fn of(grid: Grid) -> Option<Self> {
        const EIGHT_DIGITS: u64 = 100_000_000;
        let (first, last) = (grid.start.0, grid.last()?.0);
        let (first, last) = (u64::try_from(first).ok()?, u64::try_from(last).ok()?);
        let step = u64::try_from(grid.step.millis()).ok()?;
        let seconds = first / 1_000;
        let leading = seconds / EIGHT_DIGITS;
        let is_whole = first % 1_000 == 0 && step % 1_000 == 0;
        if !is_whole || !(10..100).contains(&leading) || last / 1_000 / EIGHT_DIGITS != leading {
            return None;
        }
        let [tens, ones] = [leading / 10, leading % 10].map(|digit| u64::from(b'0') + digit);
        let head = u64::from(b'[') | tens << 8 | ones << 16;
        Some(Self { head, start: seconds % EIGHT_DIGITS, step: step / 1_000 })
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
        let [first, second] = text.first_chunk::<16>().map(|text| {
            [0, 8].map(|start| {
                u64::from_le_bytes(*text.get(start..).and_then(|text| text.first_chunk()).unwrap_or(&[0; 8]))
            })
        })?;
        let digits = self.upper | spell_four(self.lower) << 32;
        let first = first ^ (self.spelling.head | digits << HEAD_BITS);
        let second = (second & TAIL_MASK) ^ (digits >> FIRST_BITS | TAIL);
        if first | second != 0 {
            return None;
        }
        self.lower += self.spelling.step;
        if self.lower >= 10_000 {
            self.carry();
        }
        text.get(LENGTH..)
    }

    fn carry(&mut self) {
        let digits = join_eight(self.upper << 32) * 10_000 + self.lower;
        (self.upper, self.lower) = (spell_four(digits / 10_000), digits % 10_000);
    }
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
            (1_700_000_000_000, 60_000, 1, "[1700000060,\"1\"],", Some("1\"],")),
            (1_700_009_999_000, 1_000, 1, "[1700010000,\"1\"],", Some("1\"],")),
            (1_700_000_000_000, 15_000, 0, "[1700000001,\"1\"],", None),
            (1_700_000_000_000, 15_000, 0, "[1700010000,\"1\"],", None),
            (1_700_000_000_000, 15_000, 0, "[1700000000,1\"],[17", None),
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
            (1_700_000_000_007, 1_000, 10, false),
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
