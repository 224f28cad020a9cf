//! Bands of a stacked chart from the reduced upper edges of its series.
//!
//! Reduction keeps different instants of every series, so an upper edge and the one below it have no rows in common.
//! Each band gets the instants of both: then its two edges are exactly the two lines drawn, and neighbours meet.

use frame::{GAP, is_gap};

/// A band, as a [`Series`](crate::Series) takes it: three columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Epoch milliseconds, ascending.
    pub times: Vec<f64>,
    /// The line above; [`frame::GAP`] where the series has no point.
    pub upper: Vec<f64>,
    /// The line below: the next lower series that has a point there, or zero.
    pub lower: Vec<f64>,
}

/// The bands of one stack, whose `edges` are times and cumulative values per series, those nearest to zero first.
#[must_use]
pub fn bands(edges: &[(&[f64], &[f64])]) -> Vec<Band> {
    let mut floor = Line::default();
    let mut bands = Vec::with_capacity(edges.len());
    for (times, values) in edges {
        bands.push(between(times, values, &floor));
        floor = Line::over(times, values, &floor);
    }
    bands
}

/// A line without gaps, zero where it has no points.
#[derive(Default)]
struct Line {
    times: Vec<f64>,
    values: Vec<f64>,
}

impl Line {
    /// The line of an upper edge; where that has a gap, the line `below` shows through.
    fn over(times: &[f64], values: &[f64], below: &Self) -> Self {
        let mut reader = Reader::new(&below.times, &below.values);
        let filled = times.iter().zip(values).map(|(time, value)| {
            let under = reader.at(*time);
            if value.is_finite() { *value } else { finite(under) }
        });
        Self { values: filled.collect(), times: times.to_vec() }
    }
}

fn between(times: &[f64], values: &[f64], floor: &Line) -> Band {
    let mut upper = Reader::new(times, values);
    let mut lower = Reader::new(&floor.times, &floor.values);
    let mut band = Band::default();
    for time in merged(times, &floor.times) {
        band.times.push(time);
        band.upper.push(upper.at(time));
        band.lower.push(finite(lower.at(time)));
    }
    band
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// All instants of `own`, and those of `other` that lie between the first and the last of them, ascending, each once.
fn merged<'a>(own: &'a [f64], other: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let (first, last) = (own.first().copied().unwrap_or(f64::NAN), own.last().copied().unwrap_or(f64::NAN));
    let other = other.iter().copied().filter(move |time| first < *time && *time < last);
    let (mut own, mut other) = (own.iter().copied().peekable(), other.peekable());
    let mut before = f64::NAN;
    std::iter::from_fn(move || {
        loop {
            let next = match (own.peek(), other.peek()) {
                (Some(a), Some(b)) if b < a => other.next(),
                (Some(_), _) => own.next(),
                (None, _) => other.next(),
            }?;
            if next != before {
                before = next;
                return Some(next);
            }
        }
    })
}

/// Reads a line at ascending instants, straight between its points.
struct Reader<'a> {
    times: &'a [f64],
    values: &'a [f64],
    /// The first point not before the instant asked for last.
    next: usize,
}

impl<'a> Reader<'a> {
    fn new(times: &'a [f64], values: &'a [f64]) -> Self {
        Self { times, values, next: 0 }
    }

    /// The value at `time`; a gap before the first point, behind the last, and beside a gap.
    fn at(&mut self, time: f64) -> f64 {
        while self.times.get(self.next).is_some_and(|known| *known < time) {
            self.next += 1;
        }
        let (Some(after), Some(value)) = (self.times.get(self.next), self.values.get(self.next)) else { return GAP };
        if *after == time {
            return *value;
        }
        let Some(previous) = self.next.checked_sub(1) else { return GAP };
        let (Some(before), Some(from)) = (self.times.get(previous), self.values.get(previous)) else { return GAP };
        if is_gap(*from) || is_gap(*value) {
            return GAP;
        }
        from + (value - from) * ((time - before) / (after - before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &[(&[f64], &[f64])], expected: &[[&[f64]; 3]]) {
        let bands = bands(edges);
        assert_eq!(bands.len(), expected.len());
        for (band, [times, upper, lower]) in bands.iter().zip(expected) {
            assert_eq!(band.times, *times);
            assert_eq!(bits(&band.upper), bits(upper), "{:?}", band.upper);
            assert_eq!(bits(&band.lower), bits(lower), "{:?}", band.lower);
        }
    }

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn bands_of_common_instants_lie_on_each_other() {
        check(
            &[(&[0.0, 1.0], &[1.0, 2.0]), (&[0.0, 1.0], &[3.0, 5.0])],
            &[[&[0.0, 1.0], &[1.0, 2.0], &[0.0, 0.0]], [&[0.0, 1.0], &[3.0, 5.0], &[1.0, 2.0]]],
        );
    }

    #[test]
    fn instants_of_both_edges_are_kept() {
        check(
            &[(&[0.0, 2.0, 4.0], &[0.0, 8.0, 0.0]), (&[0.0, 1.0, 4.0], &[10.0, 12.0, 18.0])],
            &[
                [&[0.0, 2.0, 4.0], &[0.0, 8.0, 0.0], &[0.0, 0.0, 0.0]],
                [&[0.0, 1.0, 2.0, 4.0], &[10.0, 12.0, 14.0, 18.0], &[0.0, 4.0, 8.0, 0.0]],
            ],
        );
    }

    #[test]
    fn a_gap_stays_one_and_the_band_above_falls_to_the_next_lower_line() {
        check(
            &[
                (&[0.0, 1.0, 2.0], &[1.0, 1.0, 1.0]),
                (&[0.0, 1.0, 2.0], &[3.0, GAP, 3.0]),
                (&[0.0, 1.0, 2.0], &[4.0, 2.0, 4.0]),
            ],
            &[
                [&[0.0, 1.0, 2.0], &[1.0, 1.0, 1.0], &[0.0, 0.0, 0.0]],
                [&[0.0, 1.0, 2.0], &[3.0, GAP, 3.0], &[1.0, 1.0, 1.0]],
                [&[0.0, 1.0, 2.0], &[4.0, 2.0, 4.0], &[3.0, 1.0, 3.0]],
            ],
        );
    }

    #[test]
    fn a_band_lies_on_the_one_before_wherever_it_ends() {
        check(
            &[(&[0.0, 1.0], &[-2.0, 3.0]), (&[0.0, 1.0], &[-5.0, -1.0])],
            &[[&[0.0, 1.0], &[-2.0, 3.0], &[0.0, 0.0]], [&[0.0, 1.0], &[-5.0, -1.0], &[-2.0, 3.0]]],
        );
    }

    #[test]
    fn nothing_gives_nothing() {
        check(&[], &[]);
        check(&[(&[], &[])], &[[&[], &[], &[]]]);
    }
}
