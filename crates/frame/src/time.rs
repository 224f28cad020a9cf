//! Instants, ranges and grids, all in whole milliseconds since the Unix epoch.

use borsh::io::{Error, ErrorKind, Read, Result};
use borsh::{BorshDeserialize, BorshSerialize};
use std::num::NonZeroU64;
use std::sync::Arc;

/// An instant: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Millis(pub i64);

impl Millis {
    /// The instant `millis` later (earlier when negative), saturating at the ends of the type.
    #[must_use]
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to `self`, saturating.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A closed range of time. `end < start` is possible in data from outside and simply holds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct TimeRange {
    /// The first instant of the range.
    pub start: Millis,
    /// The last instant of the range, included.
    pub end: Millis,
}

impl TimeRange {
    /// The range from `start` to `end`, both epoch milliseconds.
    #[must_use]
    pub fn new(start: i64, end: i64) -> Self {
        Self { start: Millis(start), end: Millis(end) }
    }

    /// Its length in milliseconds, 0 for a range that ends before it starts.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.end.since(self.start).max(0)
    }

    /// Whether `at` lies in the range, ends included.
    #[must_use]
    pub fn contains(self, at: Millis) -> bool {
        self.start <= at && at <= self.end
    }
}

/// The distance between two points of a grid, at least one millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct Step(NonZeroU64);

impl Step {
    /// A step of `millis`, or none for 0.
    #[must_use]
    pub fn from_millis(millis: u64) -> Option<Self> {
        // Steps beyond i64 make no sense in epoch arithmetic and would not survive the casts below.
        NonZeroU64::new(millis.min(i64::MAX as u64)).map(Self)
    }

    /// A step of `millis`, or of one millisecond where that is less.
    #[must_use]
    pub fn at_least_one(millis: i64) -> Self {
        Self(NonZeroU64::new(millis.max(1).unsigned_abs()).unwrap_or(NonZeroU64::MIN))
    }

    /// The step in milliseconds, always positive.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.get() as i64
    }
}

impl BorshDeserialize for Step {
    fn deserialize_reader<R: Read>(from: &mut R) -> Result<Self> {
        let millis = u64::deserialize_reader(from)?;
        Self::from_millis(millis).ok_or_else(|| Error::new(ErrorKind::InvalidData, "a step of no length"))
    }
}

/// Evenly spaced instants: `start`, `start + step`, … `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The first instant.
    pub start: Millis,
    /// The distance between neighbours.
    pub step: Step,
    /// How many instants there are.
    pub len: u32,
}

impl Grid {
    /// The grid Prometheus evaluates for a range query: from `range.start` by `step`, not beyond `range.end`.
    #[must_use]
    pub fn covering(range: TimeRange, step: Step) -> Self {
        let points = if range.end < range.start { 0 } else { (range.millis() / step.millis()).saturating_add(1) };
        Self { start: range.start, step, len: u32::try_from(points).unwrap_or(u32::MAX) }
    }

    /// The instant at `index`, which may lie beyond the grid's end.
    #[must_use]
    pub fn at(self, index: usize) -> Millis {
        self.start.plus((index as i64).saturating_mul(self.step.millis()))
    }

    /// The index of the instant `at`, if it is exactly one of the grid's.
    #[must_use]
    pub fn index_of(self, at: Millis) -> Option<usize> {
        let offset = at.since(self.start);
        if offset < 0 || offset % self.step.millis() != 0 {
            return None;
        }
        let index = offset / self.step.millis();
        (index < i64::from(self.len)).then_some(index as usize)
    }

    /// The last instant, or none for an empty grid.
    #[must_use]
    pub fn last(self) -> Option<Millis> {
        (self.len > 0).then(|| self.at(self.len as usize - 1))
    }
}

/// Where a line is interrupted between two points of a series whose points are at most `interval_millis` apart: a step
/// behind the first. None where they are near enough, or nothing says how far apart points are.
///
/// ```
/// use frame::{Millis, gap_between};
/// assert_eq!(gap_between(Millis(0), Millis(90), Some(60)), Some(Millis(60)));
/// assert_eq!(gap_between(Millis(0), Millis(60), Some(60)), None);
/// ```
#[must_use]
pub fn gap_between(first: Millis, second: Millis, interval_millis: Option<i64>) -> Option<Millis> {
    let interval = interval_millis.filter(|interval| *interval > 0)?;
    (second.0.saturating_sub(first.0) > interval).then(|| first.plus(interval))
}

/// A time zone by name. Offsets come from [`Zones`], because the page has them from the browser and carries no
/// zone database of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Zone {
    /// The zone the browser runs in.
    #[default]
    Browser,
    /// Coordinated Universal Time.
    Utc,
    /// An IANA zone such as `Europe/Berlin`.
    Named(Arc<str>),
}

/// Where zone offsets come from.
pub trait Zones {
    /// Milliseconds to add to UTC to get `zone`'s wall clock at the instant `at`. Unknown zones count as the browser's.
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64;

    /// What `zone` is called for short at the instant `at`, such as `CEST`, or `-03` where it has no such name. Empty where
    /// that is not known.
    fn abbreviation(&self, _zone: &Zone, _at: Millis) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: i64, end: i64, step: u64, expected: &[i64]) {
        let grid = Grid::covering(TimeRange::new(start, end), Step::from_millis(step).expect("a step"));
        let instants: Vec<i64> = (0..grid.len as usize).map(|i| grid.at(i).0).collect();
        assert_eq!(instants, expected, "{start}..{end} by {step}");
        for (index, &at) in expected.iter().enumerate() {
            assert_eq!(grid.index_of(Millis(at)), Some(index));
            assert_eq!(grid.index_of(Millis(at + 1)), (step == 1).then_some(index + 1).filter(|i| *i < expected.len()));
        }
        assert_eq!(grid.last().map(|at| at.0), expected.last().copied());
    }

    #[test]
    fn grid_covers_the_range_as_prometheus_does() {
        check(0, 10, 5, &[0, 5, 10]);
        check(0, 9, 5, &[0, 5]);
        check(3, 3, 5, &[3]);
        check(4, 3, 5, &[]);
        check(-5, 5, 5, &[-5, 0, 5]);
        check(0, 2, 1, &[0, 1, 2]);
    }

    #[test]
    fn extremes_saturate() {
        let range = TimeRange::new(i64::MIN, i64::MAX);
        assert_eq!(range.millis(), i64::MAX);
        assert_eq!(Grid::covering(range, Step::from_millis(1).expect("a step")).len, u32::MAX);
        assert_eq!(Step::from_millis(0), None);
    }
}
