//! What is known of the parts of an expression.

use super::{Reach, Resolution};
use std::borrow::Cow;

/// What is known of a part of an expression.
#[derive(Clone, Debug)]
pub(super) struct Facts<'a> {
    /// The samples it depends on, relative to the time it is evaluated at: from `-back` to `ahead`, which may both be on
    /// the same side. Nothing where it depends on none, nor on that time.
    pub window: Option<(i64, i64)>,
    pub pinned: Option<i64>,
    pub resolution: Resolution,
    /// Whether there is a selector without a window in it.
    pub looks_back: bool,
    /// Whether it may have a value where there is no sample at all.
    pub of_itself: bool,
    /// Whether the number of its series may decide over values.
    pub counts_series: bool,
    pub series: Series<'a>,
}

/// What is known of the label sets of a part's series, over a whole range.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Series<'a> {
    /// It is a number.
    Scalar,
    /// It is a string.
    Text,
    /// It is a range vector; what its series are.
    Range(Box<Series<'a>>),
    /// They have no names, and are distinct.
    Nameless,
    /// They have one name, and are distinct without it.
    Named(Cow<'a, str>),
    /// Only with their names are they distinct.
    Distinct,
}

impl Facts<'_> {
    pub fn of_nothing(series: Series) -> Facts {
        Facts {
            window: None,
            pinned: None,
            resolution: Resolution::None,
            looks_back: false,
            of_itself: true,
            counts_series: false,
            series,
        }
    }

    /// All that either of two depends on.
    pub fn join(&mut self, other: &Facts) {
        self.window = match (self.window, other.window) {
            (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        self.pinned = self.pinned.max(other.pinned);
        self.resolution = self.resolution.max(other.resolution);
        self.looks_back |= other.looks_back;
        self.counts_series |= other.counts_series;
    }

    /// Whether it is the same at all times.
    pub fn is_constant(&self) -> bool {
        self.window.is_none() && self.pinned.is_none()
    }

    pub fn reach(&self) -> Reach {
        let (back, ahead) = self.window.unwrap_or_default();
        Reach {
            back_millis: back.max(0),
            ahead_millis: ahead.max(0),
            pinned_millis: self.pinned,
            resolution: self.resolution,
            looks_back: self.looks_back,
            of_itself: self.of_itself,
            counts_series: self.counts_series,
        }
    }
}
