//! What an expression says, as a tree.
//!
//! Nodes lie in one list, children before parents: most questions about an expression are one loop over that list,
//! without recursion, and chains such as `a or b or c …` may be as long as they like. Names and strings are spans of
//! the text the tree was made from.

use crate::number;
use crate::ops::{AggregateOp, BinaryOp, MatchOp};
use crate::token::Span;
use std::borrow::Cow;

pub use crate::quoting::string_value;

/// An expression.
#[derive(Clone, Debug)]
pub struct Ast<'a> {
    pub(crate) text: &'a str,
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: Id,
}

/// A place in an [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub(crate) u32);

impl Id {
    /// Its position in [`Ast::nodes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl<'a> Ast<'a> {
    /// The text it was made from.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The node of the whole expression.
    #[must_use]
    pub fn root(&self) -> Id {
        self.root
    }

    /// The node at `id`.
    ///
    /// # Panics
    /// If `id` is of another tree.
    #[must_use]
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id.index()]
    }

    /// All nodes, children before parents. Of a broken text, some may hang on nothing.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The positions of the second arguments of `info`, in order. These look like selectors, and are conditions on the
    /// labels of info metrics.
    pub(crate) fn info_labels(&self) -> Vec<usize> {
        let labels = self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Call { name, args } if self.slice(*name) == "info" => args.get(1).map(|labels| labels.index()),
            _ => None,
        });
        let mut labels: Vec<usize> = labels.collect();
        labels.sort_unstable();
        labels
    }

    /// What is written at `span`.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'a str {
        span.of(self.text)
    }

    /// The name written at `span`: plain, or the contents of a string.
    #[must_use]
    pub fn name(&self, span: Span) -> Cow<'a, str> {
        string_value(self.slice(span))
    }
}

/// A part of an expression, and where it is.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is, modifiers included.
    pub span: Span,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing, where something has to be.
    Missing,
    /// A variable of a dashboard in the place of an expression. What it stands for is not known.
    Variable,
    /// A number.
    Number {
        /// Its value, in seconds if it is a duration.
        value: f64,
        /// Whether it was written with units, as `5m`.
        duration: bool,
    },
    /// A string; the span is that of the literal.
    Text,
    /// `up{job="a"}`
    Selector(Box<Selector>),
    /// `up[5m]`
    Range {
        /// A selector without modifiers, or a variable.
        selector: Id,
        /// How far back.
        range: Duration,
        /// What follows the bracket.
        modifiers: Box<Modifiers>,
    },
    /// `rate(x[5m])[1h:1m]`
    Subquery {
        /// What is evaluated.
        expr: Id,
        /// Range and resolution.
        window: Box<Window>,
        /// What follows the bracket.
        modifiers: Box<Modifiers>,
    },
    /// `rate(x[5m])`
    Call {
        /// The function's name.
        name: Span,
        /// The arguments.
        args: Vec<Id>,
    },
    /// `sum by (job) (x)`
    Aggregate {
        /// Which; nothing where it is a variable.
        op: Option<AggregateOp>,
        /// Where its name is.
        name: Span,
        /// `by` or `without`.
        grouping: Option<Box<Grouping>>,
        /// Parameter and vector.
        args: Vec<Id>,
    },
    /// `a + b`
    Binary {
        /// What is done.
        op: BinaryOp,
        /// Left operand.
        lhs: Id,
        /// Right operand.
        rhs: Id,
        /// Everything between operator and right operand.
        matching: Option<Box<Matching>>,
    },
    /// `-a` or `+a`
    Unary {
        /// Whether it is a minus.
        minus: bool,
        /// The operand.
        expr: Id,
    },
    /// `(a)`
    Paren(Id),
}

/// Selects series.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The metric's name before the braces.
    pub name: Option<Span>,
    /// What is in braces.
    pub braces: Option<Braces>,
    /// What follows.
    pub modifiers: Modifiers,
}

impl Selector {
    /// The conditions in its braces.
    #[must_use]
    pub fn matchers(&self) -> &[Matcher] {
        self.braces.as_ref().map_or(&[], |braces| &braces.conditions.matchers)
    }
}

/// `{…}`
#[derive(Clone, Debug)]
pub struct Braces {
    /// The opening brace.
    pub open: Span,
    /// What is between.
    pub conditions: Conditions,
    /// What else is enough, each behind an `or`: MetricsQL has it, for Prometheus it is an error.
    pub alternatives: Vec<Conditions>,
    /// The closing brace, if it is there.
    pub close: Option<Span>,
}

/// Conditions that have to hold together.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Each of them, without commas.
    pub matchers: Vec<Matcher>,
    /// A comma after the last of them.
    pub trailing_comma: Option<Span>,
}

/// A condition in braces.
#[derive(Clone, Copy, Debug)]
pub enum Matcher {
    /// `job="a"`
    Label {
        /// The label's name, maybe a string.
        name: Span,
        /// How it is compared.
        op: MatchOp,
        /// With what: a string, or a variable.
        value: Span,
    },
    /// The metric's name as a string.
    Metric(Span),
    /// A variable that stands for conditions.
    Variable(Span),
}

impl Matcher {
    /// Where it is.
    #[must_use]
    pub fn span(&self) -> Span {
        match *self {
            Self::Label { name, value, .. } => Span { start: name.start, end: value.end },
            Self::Metric(span) | Self::Variable(span) => span,
        }
    }
}

/// What may follow a selector, a range or a subquery.
#[derive(Clone, Debug, Default)]
pub struct Modifiers {
    /// `offset 5m`
    pub offset: Option<Duration>,
    /// `@ 1700000000`
    pub at: Option<At>,
    /// `anchored` or `smoothed`
    pub extent: Option<Extent>,
}

/// When a selector is evaluated, whatever the evaluation time is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// At a time, in milliseconds since 1970.
    Time(i64),
    /// At the start of the query's range.
    Start,
    /// At the end of the query's range.
    End,
    /// At the time in a variable.
    Variable(Span),
}

/// What happens at the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The sample before the range counts as at its start.
    Anchored,
    /// Values at both ends are interpolated.
    Smoothed,
}

/// Range and resolution of a subquery.
#[derive(Clone, Debug)]
pub struct Window {
    /// How far back.
    pub range: Duration,
    /// How far apart; the server decides if it is not said.
    pub step: Option<Duration>,
}

/// A duration, or a calculation of one.
#[derive(Clone, Debug)]
pub struct Duration {
    /// What it is.
    pub kind: DurationKind,
    /// Where it is.
    pub span: Span,
}

/// What a duration is.
#[derive(Clone, Debug)]
pub enum DurationKind {
    /// Nothing, where a duration has to be.
    Missing,
    /// `5m`, or seconds as a plain number.
    Literal {
        /// How long.
        seconds: f64,
        /// Whether it was written with units.
        units: bool,
    },
    /// A text with a variable of a dashboard.
    Variable,
    /// `step()`
    Step,
    /// `range()`
    Range,
    /// `-(…)`
    Negative(Box<Duration>),
    /// `(…)`
    Paren(Box<Duration>),
    /// `5m * 2`
    Binary(BinaryOp, Box<[Duration; 2]>),
    /// `min_of(5m, step())`, `max_of(…)`; before Prometheus 3.13 `min(…)` and `max(…)`
    Choice {
        /// The function's name.
        name: Span,
        /// Whether the larger is taken.
        larger: bool,
        /// The two to choose from.
        of: Box<[Duration; 2]>,
    },
}

/// `by (…)` or `without (…)`
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Whether the labels are those that vanish.
    pub without: bool,
    /// The labels, maybe strings.
    pub labels: Vec<Span>,
}

/// How the series of both sides find each other.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    /// `bool`: 0 or 1 in place of filtering.
    pub bool: bool,
    /// `on (…)` or `ignoring (…)`
    pub labels: Option<MatchLabels>,
    /// `group_left (…)` or `group_right (…)`
    pub group: Option<Group>,
    /// The number in `fill_left (…)`, or in `fill (…)`.
    pub fill_left: Option<Span>,
    /// The number in `fill_right (…)`, or in `fill (…)`.
    pub fill_right: Option<Span>,
}

/// `on (…)` or `ignoring (…)`
#[derive(Clone, Debug)]
pub struct MatchLabels {
    /// Whether it is `on`.
    pub on: bool,
    /// The labels, maybe strings.
    pub labels: Vec<Span>,
}

/// `group_left (…)` or `group_right (…)`
#[derive(Clone, Debug)]
pub struct Group {
    /// Whether the left side has the many series.
    pub left: bool,
    /// The labels taken from the other side, maybe strings.
    pub include: Vec<Span>,
}

impl Duration {
    /// How long it is in milliseconds, if it can be told from the text alone.
    #[must_use]
    pub fn millis(&self) -> Option<i64> {
        self.seconds().and_then(number::millis)
    }

    /// The seconds that are written down, if nothing has to be calculated.
    pub(crate) fn literal_seconds(&self) -> Option<f64> {
        if let DurationKind::Literal { seconds, .. } = self.kind { Some(seconds) } else { None }
    }

    fn seconds(&self) -> Option<f64> {
        match &self.kind {
            DurationKind::Literal { seconds, .. } => Some(*seconds),
            DurationKind::Negative(inner) => inner.seconds().map(|seconds| -seconds),
            DurationKind::Paren(inner) => inner.seconds(),
            DurationKind::Binary(op, operands) => calculate(*op, operands[0].seconds()?, operands[1].seconds()?),
            DurationKind::Choice { larger, of, .. } => {
                let (a, b) = (of[0].seconds()?, of[1].seconds()?);
                Some(if *larger { a.max(b) } else { a.min(b) })
            }
            DurationKind::Missing | DurationKind::Variable | DurationKind::Step | DurationKind::Range => None,
        }
    }
}

fn calculate(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    match op {
        BinaryOp::Add => Some(a + b),
        BinaryOp::Subtract => Some(a - b),
        BinaryOp::Multiply => Some(a * b),
        BinaryOp::Divide => Some(a / b),
        // What `%` gives for durations, without the code for all the other numbers.
        BinaryOp::Modulo => Some(a - b * (a / b).trunc()),
        // Powers of anything but small whole numbers do not occur, and would bring a whole mathematics library.
        BinaryOp::Power if (0.0..=64.0).contains(&b) && b.trunc() == b => Some((0..b as u32).fold(1.0, |p, _| p * a)),
        _ => None,
    }
    .filter(|seconds| seconds.is_finite())
}
