//! How the timestamps of a grid are spelled: comparing with what is expected is quicker than reading.

use super::digits::{join_eight, spell_four};
use frame::Grid;

/// What comes between the values of two samples, as servers write it for the instants of one grid: `"],[1700000015,"`. It
/// differs from one instant to the next in eight digits only, the last ones.
///
/// Only for grids where that is so: whole seconds, and ten digits of them of which the first two stay (which is so for
/// three years in a row).
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    /// `"],[17`
    head: u64,
    /// The eight digits of the grid's start, as a number.
    start: u32,
    step: u32,
}

/// The instants of a grid from one on, each expected once the one before it was there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instants {
    /// The first eight bytes: `"],[1700`.
    first: u64,
    /// The other eight bytes, without the last four digits.
    second: u64,
    /// The last four digits as a number, with a carry into the others where there is one.
    lower: u32,
    spelling: Spelling,
}

/// How long what comes between two values is, and how much of it ends the first sample.
const LENGTH: usize = 16;
const END_LENGTH: usize = 3;

impl Spelling {
    pub(super) fn of(grid: Grid) -> Option<Self> {
        const EIGHT_DIGITS: u64 = 100_000_000;
        let (first, last) = (grid.start.0, grid.last()?.0);
        let (first, last) = (u64::try_from(first).ok()?, u64::try_from(last).ok()?);
        let step = u64::try_from(grid.step.millis()).ok()?;
        let (seconds, step_secs) = (first / 1_000, step / 1_000);
        let leading = seconds / EIGHT_DIGITS;
        let is_whole = first % 1_000 == 0 && step % 1_000 == 0;
        if !is_whole
            || step_secs >= EIGHT_DIGITS
            || !(10..100).contains(&leading)
            || last / 1_000 / EIGHT_DIGITS != leading
        {
            return None;
        }
        let [tens, ones] = [leading / 10, leading % 10].map(|digit| b'0' + digit as u8);
        let head = u64::from_le_bytes([b'"', b']', b',', b'[', tens, ones, 0, 0]);
        Some(Self { head, start: (seconds % EIGHT_DIGITS) as u32, step: step_secs as u32 })
    }

    /// The instants from the one at `index` on.
    pub(super) fn from(self, index: usize) -> Instants {
        let mut instants = Instants { first: 0, second: 0, lower: 0, spelling: self };
        instants.spell(self.start + self.step * index as u32);
        instants
    }
}

impl Instants {
    /// What follows the start of the first sample, if `text` begins with that of the next instant.
    pub(super) fn strip_start<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let (first, second) = self.spelled();
        let spelled = ((u128::from(first) | u128::from(second) << 64) >> (8 * END_LENGTH)).to_le_bytes();
        let after = text.strip_prefix(spelled.get(..LENGTH - END_LENGTH)?)?;
        self.advance();
        Some(after)
    }

    /// What follows the end of a sample and the start of another, if `text` begins with those and the next instant.
    #[inline(always)]
    pub(super) fn strip<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let [first, second] = text.first_chunk::<LENGTH>().map(|text| {
            [0, 8].map(|start| {
                u64::from_le_bytes(*text.get(start..).and_then(|text| text.first_chunk()).unwrap_or(&[0; 8]))
            })
        })?;
        if (first, second) != self.spelled() {
            return None;
        }
        self.advance();
        text.get(LENGTH..)
    }

    #[inline(always)]
    fn spelled(&self) -> (u64, u64) {
        (self.first, self.second | u64::from(spell_four(self.lower)) << 16)
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.lower += self.spelling.step;
        if self.lower >= 10_000 {
            self.carry();
        }
    }

    fn carry(&mut self) {
        let upper = join_eight(self.first >> 48 << 32 | self.second << 48);
        self.spell(upper as u32 * 10_000 + self.lower);
    }

    fn spell(&mut self, digits: u32) {
        let upper = u64::from(spell_four(digits / 10_000));
        self.first = self.spelling.head | upper << 48;
        self.second = upper >> 16 | u64::from_le_bytes([0, 0, 0, 0, 0, 0, b',', b'"']);
        self.lower = digits % 10_000;
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
            (1_700_000_000_000, 15_000, 0, "[1700000000,", None),
        ] {
            let spelling = spelling(start, step, 10).unwrap();
            assert_eq!(spelling.from(index).strip_start(text.as_bytes()), expected.map(str::as_bytes), "{text}");
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
            (1_700_000_000_000, 99_999_999_000, 1, true),
            (1_700_000_000_000, 100_000_000_000, 1, false),
        ] {
            assert_eq!(spelling(start, step, len).is_some(), expected, "{len} from {start} by {step}");
        }
    }
}
