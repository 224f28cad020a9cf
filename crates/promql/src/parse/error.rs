//! What can be wrong with a text. An error is what and where; its sentence is made only for who asks.

use crate::ast::Extent;
use crate::token::Span;

/// Something wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ErrorKind,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is nothing but blanks and comments.
    Empty,
    /// The token, or the end, is not what has to come here.
    Unexpected(Context),
    /// A bracket is never closed.
    Unclosed(Bracket),
    /// A bracket was never opened.
    Unopened(Bracket),
    /// A string is never closed.
    UnclosedText,
    /// A string has an escape sequence that means nothing.
    BadEscape,
    /// Digits that are no number.
    BadNumber,
    /// Units twice, or not in order, or too long.
    BadDuration,
    /// A range or a resolution of nothing or less.
    DurationNotPositive,
    /// Longer than 292 years.
    DurationOutOfRange,
    /// A duration divided by zero.
    DivisionByZero,
    /// A remainder of a division by zero.
    ModuloByZero,
    /// A comma after the last argument.
    TrailingComma,
    /// `sum()`
    NoAggregateArguments,
    /// Too many or too few arguments of an aggregation.
    AggregateArguments {
        /// How many it takes.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// `offset` after what has no time of its own.
    OffsetPlace,
    /// Two offsets.
    OffsetTwice,
    /// `a offset 5m [1m]`
    OffsetBeforeRange,
    /// `@` after what has no time of its own.
    AtPlace,
    /// `a @ 1 @ 2`
    AtTwice,
    /// `a @ 1 [5m]`
    AtBeforeRange,
    /// A time that cannot be.
    AtOutOfBounds,
    /// A range after what is no selector.
    RangePlace,
    /// A subquery of a range.
    SubqueryOfRange,
    /// `anchored` or `smoothed` after what is no selector.
    ExtentPlace(Extent),
    /// `anchored` or `smoothed` after a subquery.
    ExtentOfSubquery(Extent),
    /// `anchored` and `smoothed` together.
    BothExtents,
    /// Nests too deep; from here on nothing was read.
    TooDeep,
}

/// A kind of bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// `()`
    Paren,
    /// `{}`
    Brace,
    /// `[]`
    Square,
}

/// What was being read when something else came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Anything, anywhere.
    Expression,
    /// An aggregation, or anything in its brackets.
    Aggregation,
    /// The bracket after `by`, `on` …
    GroupingOpen,
    /// A label in that bracket.
    GroupingLabel,
    /// What separates the labels there.
    GroupingSeparator,
    /// The duration after `offset`.
    Offset,
    /// The time after `@`.
    At,
    /// The duration after `[`.
    RangeStart,
    /// What ends that duration.
    RangeEnd,
    /// The resolution after `:`.
    SubqueryStep,
    /// What ends the resolution.
    SubqueryEnd,
    /// The label of a condition in braces.
    MatcherName,
    /// Its operator.
    MatcherOperator,
    /// Its value.
    MatcherValue,
    /// What separates conditions.
    MatcherSeparator,
}
