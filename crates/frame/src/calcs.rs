//! Calcs: one number out of a series, under Grafana's reducer ids and with Grafana's results.

use crate::extremes::Extremes;
use crate::{GAP, is_gap};
use borsh::{BorshDeserialize, BorshSerialize};
use std::borrow::Cow;
use std::cell::OnceCell;

/// How a series becomes one number. Known by Grafana's reducer id, such as `lastNotNull` or `p95`.
///
/// ```
/// use frame::calcs::{Calc, Gaps};
/// let values = [3.0, frame::GAP, 9.0];
/// assert_eq!(Calc::parse("mean").map(|calc| calc.of(&values, Gaps::Ignore)), Some(6.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub enum Calc {
    /// The last value, a gap included.
    Last,
    /// The last value that is neither a gap nor NaN.
    LastNotNull,
    /// The first value, a gap included.
    First,
    /// The first value that is neither a gap nor NaN.
    FirstNotNull,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The sum ("Total").
    Sum,
    /// How many values there are.
    Count,
    /// How many rows there are, gaps included.
    CountAll,
    /// Largest minus smallest.
    Range,
    /// The increase of a counter. The rise right after a reset is not counted.
    Delta,
    /// Last minus first.
    Diff,
    /// Last minus first in percent of the first.
    DiffPerc,
    /// The smallest difference between neighbours.
    Step,
    /// The standard deviation of the whole population.
    StdDev,
    /// The variance of the whole population.
    Variance,
    /// The smallest value above zero.
    LogMin,
    /// 1 when every value is zero, else 0.
    AllIsZero,
    /// 1 when there is no value, else 0.
    AllIsNull,
    /// How often the value differs from the one before.
    ChangeCount,
    /// How many different values there are.
    DistinctCount,
    /// The middle value, or the mean of the middle two.
    Median,
    /// The value below which this percentage of the values lies, 1 to 99.
    Percentile(u8),
}

/// What a gap counts as: Grafana's "null value" option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// Nothing (`connected`, the default).
    #[default]
    Ignore,
    /// A value that is missing (`null`): it counts as a row.
    Keep,
    /// Zero (`null as zero`).
    Zero,
}

const NAMED: [(Calc, &str, &str); 23] = [
    (Calc::LastNotNull, "lastNotNull", "Last *"),
    (Calc::Last, "last", "Last"),
    (Calc::FirstNotNull, "firstNotNull", "First *"),
    (Calc::First, "first", "First"),
    (Calc::Min, "min", "Min"),
    (Calc::Max, "max", "Max"),
    (Calc::Mean, "mean", "Mean"),
    (Calc::Median, "median", "Median"),
    (Calc::Variance, "variance", "Variance"),
    (Calc::StdDev, "stdDev", "StdDev"),
    (Calc::Sum, "sum", "Total"),
    (Calc::Count, "count", "Count"),
    (Calc::CountAll, "countAll", "Count all"),
    (Calc::Range, "range", "Range"),
    (Calc::Delta, "delta", "Delta"),
    (Calc::Step, "step", "Step"),
    (Calc::Diff, "diff", "Difference"),
    (Calc::LogMin, "logmin", "Min (above zero)"),
    (Calc::AllIsZero, "allIsZero", "All Zeros"),
    (Calc::AllIsNull, "allIsNull", "All Nulls"),
    (Calc::ChangeCount, "changeCount", "Change Count"),
    (Calc::DistinctCount, "distinctCount", "Distinct Count"),
    (Calc::DiffPerc, "diffperc", "Difference percent"),
];

/// Ids that old dashboards use.
const ALIASES: [(&str, Calc); 3] = [("current", Calc::LastNotNull), ("avg", Calc::Mean), ("total", Calc::Sum)];

impl Calc {
    /// The calc of a Grafana reducer id or one of its old aliases.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let named = NAMED.iter().find(|(_, name, _)| *name == id).map(|(calc, ..)| *calc);
        let alias = || ALIASES.iter().find(|(alias, _)| *alias == id).map(|(_, calc)| *calc);
        let percentile = || id.strip_prefix('p')?.parse().ok().filter(|n| (1..=99).contains(n)).map(Self::Percentile);
        named.or_else(alias).or_else(percentile)
    }

    /// Grafana's reducer id.
    #[must_use]
    pub fn id(self) -> Cow<'static, str> {
        match self {
            Self::Percentile(n) => Cow::Owned(format!("p{n}")),
            named => Cow::Borrowed(named.named().0),
        }
    }

    /// The name a legend shows.
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Percentile(n) => {
                let ending = match (n % 10, n / 10) {
                    (_, 1) => "th",
                    (1, _) => "st",
                    (2, _) => "nd",
                    (3, _) => "rd",
                    _ => "th",
                };
                Cow::Owned(format!("{n}{ending} %"))
            }
            named => Cow::Borrowed(named.named().1),
        }
    }

    fn named(self) -> (&'static str, &'static str) {
        NAMED.iter().find(|(calc, ..)| *calc == self).map_or(("", ""), |(_, id, label)| (id, label))
    }

    /// Whether the result has the unit of the values. Counts and percentages have not.
    #[must_use]
    pub fn keeps_unit(self) -> bool {
        use Calc::{AllIsNull, ChangeCount, Count, CountAll, DiffPerc, DistinctCount};
        !matches!(self, Count | CountAll | AllIsNull | ChangeCount | DistinctCount | DiffPerc)
    }

    /// This calc of one series; [`GAP`] where there is no answer. For several calcs of one series make one
    /// [`Summary`] and ask it.
    #[must_use]
    pub fn of(self, values: &[f64], gaps: Gaps) -> f64 {
        Summary::of(values, gaps).get(self)
    }
}

/// What a series tells; answers every [`Calc`]. Values are read when something is asked that needs them, and once for all
/// that they tell at once.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    values: &'a [f64],
    gaps: Gaps,
    totals: OnceCell<Totals>,
    course: OnceCell<Option<Course>>,
}

/// How many values there are, and what they make together. "Numbers" are those that are neither gaps nor NaN.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    count: usize,
    numbers: usize,
    sum: f64,
}

/// How numbers follow each other.
#[derive(Clone, Copy, Debug)]
struct Course {
    first: f64,
    last: f64,
    above_zero: f64,
    step: f64,
    delta: f64,
    rising: bool,
    all_zero: bool,
}

impl Totals {
    fn with(self, value: f64) -> Self {
        let count = self.count + 1;
        match value.is_nan() {
            true => Self { count, ..self },
            false => Self { count, numbers: self.numbers + 1, sum: self.sum + value },
        }
    }
}

impl Course {
    fn starting_at(value: f64) -> Self {
        let start = Self {
            first: value,
            last: value,
            above_zero: f64::MAX,
            step: f64::INFINITY,
            delta: 0.0,
            rising: true,
            all_zero: true,
        };
        start.at(value)
    }

    fn after(self, value: f64) -> Self {
        let difference = value - self.last;
        let rising = difference >= 0.0;
        let delta = if rising && self.rising { self.delta + difference } else { self.delta };
        Self { last: value, step: self.step.min(difference), delta, rising, ..self }.at(value)
    }

    fn at(self, value: f64) -> Self {
        let above_zero = if value > 0.0 { self.above_zero.min(value) } else { self.above_zero };
        Self { above_zero, all_zero: self.all_zero && value == 0.0, ..self }
    }
}

impl<'a> Summary<'a> {
    /// The summary of `values`.
    #[must_use]
    pub fn of(values: &'a [f64], gaps: Gaps) -> Self {
        Self { values, gaps, totals: OnceCell::new(), course: OnceCell::new() }
    }

    /// The answer of `calc`; [`GAP`] where there is none.
    #[must_use]
    pub fn get(&self, calc: Calc) -> f64 {
        let difference = || self.course().map_or(GAP, |course| course.last - course.first);
        match calc {
            Calc::Count => self.totals().count as f64,
            Calc::CountAll => self.values.len() as f64,
            Calc::Sum => self.totals().sum,
            Calc::AllIsZero => flag(self.course().is_some_and(|course| course.all_zero)),
            Calc::AllIsNull => flag(self.totals().numbers == 0),
            _ if self.values.is_empty() => GAP,
            Calc::Last => self.values.last().copied().unwrap_or(GAP),
            Calc::First => self.values.first().copied().unwrap_or(GAP),
            Calc::LastNotNull => first_number(self.values.iter().rev()),
            Calc::FirstNotNull => first_number(self.values.iter()),
            Calc::Delta => self.course().map_or(0.0, |course| course.delta),
            Calc::LogMin => self.course().map_or(f64::MAX, |course| course.above_zero),
            Calc::Variance => variance(self.values),
            Calc::StdDev => variance(self.values).sqrt(),
            Calc::ChangeCount => change_count(&self.rows()) as f64,
            Calc::DistinctCount => distinct_count(&self.rows()) as f64,
            Calc::Median => median(&self.rows()),
            Calc::Percentile(percent) => percentile(&self.rows(), percent),
            Calc::Min => self.extremes().map_or(GAP, |(min, _)| min),
            Calc::Max => self.extremes().map_or(GAP, |(_, max)| max),
            Calc::Range => self.extremes().map_or(GAP, |(min, max)| max - min),
            Calc::Mean => match self.totals() {
                Totals { numbers: 0, .. } => GAP,
                Totals { numbers, sum, .. } => sum / numbers as f64,
            },
            Calc::Step if self.totals().numbers < 2 => GAP,
            Calc::Step => self.course().map_or(GAP, |course| course.step),
            Calc::Diff => difference(),
            // With no number at all there is no change either, and Grafana says so.
            Calc::DiffPerc => self.course().map_or(0.0, |course| difference() / course.first * 100.0),
        }
    }

    /// The values that count, gaps as the option says.
    fn counted(&self) -> impl Iterator<Item = f64> {
        let gap_is_zero = self.gaps == Gaps::Zero;
        let filled = self.values.iter().map(move |value| if gap_is_zero && is_gap(*value) { 0.0 } else { *value });
        let keeps_gaps = self.gaps == Gaps::Keep;
        filled.filter(move |value| keeps_gaps || !is_gap(*value))
    }

    fn totals(&self) -> Totals {
        *self.totals.get_or_init(|| self.counted().fold(Totals::default(), Totals::with))
    }

    /// None where there is no number.
    fn course(&self) -> Option<Course> {
        let mut numbers = self.counted().filter(|value| !value.is_nan());
        let read = || numbers.next().map(|first| numbers.fold(Course::starting_at(first), Course::after));
        *self.course.get_or_init(read)
    }

    /// The smallest and the largest number; none where there is none.
    fn extremes(&self) -> Option<(f64, f64)> {
        let found = Extremes::of(self.values);
        let has_zero = self.gaps == Gaps::Zero
            && found.is_none_or(|found| found.has_nan)
            && self.values.iter().any(|value| is_gap(*value));
        match found {
            Some(found) if has_zero => Some((found.min.min(0.0), found.max.max(0.0))),
            Some(found) => Some((found.min, found.max)),
            None => has_zero.then_some((0.0, 0.0)),
        }
    }

    /// The rows that count, gaps as the option says.
    fn rows(&self) -> Cow<'a, [f64]> {
        let has_gap = self.values.iter().any(|value| is_gap(*value));
        match self.gaps {
            Gaps::Ignore if has_gap => self.values.iter().copied().filter(|value| !is_gap(*value)).collect(),
            Gaps::Zero if has_gap => {
                self.values.iter().map(|value| if is_gap(*value) { 0.0 } else { *value }).collect()
            }
            _ => Cow::Borrowed(self.values),
        }
    }
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn first_number<'v>(mut values: impl Iterator<Item = &'v f64>) -> f64 {
    values.find(|value| !value.is_nan()).copied().unwrap_or(GAP)
}

/// Welford's method: one pass, and no cancellation where the mean is large. Gaps never count.
fn variance(values: &[f64]) -> f64 {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for value in values.iter().filter(|value| !is_gap(**value)) {
        count += 1.0;
        let distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
    }
    if count == 0.0 { 0.0 } else { squares / count }
}

fn change_count(rows: &[f64]) -> usize {
    rows.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

fn distinct_count(rows: &[f64]) -> usize {
    let bits = |value: &f64| if value.is_nan() { GAP.to_bits() } else { (value + 0.0).to_bits() };
    let bits: Vec<u64> = rows.iter().map(bits).collect();
    let order = crate::sorted_indices(bits.len(), &|a, b| bits.get(a).cmp(&bits.get(b))).unwrap_or_default();
    let repeated = order.windows(2).filter(|pair| bits.get(pair[0]) == bits.get(pair[1])).count();
    order.len() - repeated
}

fn median(rows: &[f64]) -> f64 {
    if rows.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let middle = rows.len() / 2;
    match rows.len() % 2 {
        1 => nth_smallest(rows, middle),
        _ if rows.is_empty() => f64::NAN,
        _ => (nth_smallest(rows, middle - 1) + nth_smallest(rows, middle)) / 2.0,
    }
}

fn percentile(rows: &[f64], percent: u8) -> f64 {
    if rows.is_empty() { GAP } else { nth_smallest(rows, percentile_rank(rows.len(), percent)) }
}

/// Where a percentile stands among so many sorted values: at the nearest rank, halves up.
#[must_use]
pub fn percentile_rank(count: usize, percent: u8) -> usize {
    (count.saturating_sub(1) * usize::from(percent) + 50) / 100
}

/// What stands at `index` once the rows are sorted, without sorting them: finds the bits of the answer byte by byte from
/// the highest, by how many rows have which.
fn nth_smallest(rows: &[f64], mut index: usize) -> f64 {
    let mut found = 0;
    for shift in (0..u64::BITS).step_by(8).rev() {
        let is_candidate = |key: &u64| shift == 56 || key >> (shift + 8) == found;
        let mut counts = [0; 256];
        for key in rows.iter().copied().map(sort_key).filter(is_candidate) {
            counts[usize::from((key >> shift) as u8)] += 1;
        }
        let mut byte = 0;
        while byte < 255 && index >= counts[byte] {
            index -= counts[byte];
            byte += 1;
        }
        found = found << 8 | byte as u64;
    }
    // Undoes `sort_key`.
    f64::from_bits(if found >> 63 == 1 { found ^ 1 << 63 } else { !found })
}

/// Bits in the order of [`f64::total_cmp`]: a negative number's are turned round.
fn sort_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits ^ 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_nth_smallest_is_what_sorting_finds(rows in prop::collection::vec(any::<f64>(), 1..50)) {
            let mut sorted = rows.clone();
            sorted.sort_by(f64::total_cmp);
            for (index, expected) in sorted.iter().enumerate() {
                prop_assert_eq!(nth_smallest(&rows, index).to_bits(), expected.to_bits());
            }
        }
    }
}
