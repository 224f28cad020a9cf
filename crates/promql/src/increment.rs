//! What of a range query's answer may be kept when the range moves on.
//!
//! Prometheus evaluates a range query step by step, and most expressions make each step's value from samples at fixed
//! distances from that step. Of such an answer the steps that lie far enough back stay true for ever, and a refresh
//! need only ask for the new ones. [`increment`] tells those expressions from the others, by rules on the tree; what the
//! rules do not prove is [`Increment::Whole`].
//!
//! The proof holds between queries with the same expression, the same step and the same phase of it (start modulo
//! step), asked of a server whose settings stay the same.

mod facts;

use crate::ast::{Ast, At, Duration, Extent, Grouping, Id, Kind, Matcher, Matching, Modifiers, Node, Selector, Window};
use crate::ops::{AggregateOp, BinaryOp, MatchOp};
use crate::parse::parse;
use crate::token::Span;
use crate::types::{ValueType, signature};
use facts::{Facts, Series};
use std::borrow::Cow;

/// How far Prometheus looks back for the newest sample of a series, unless it is started with another setting.
pub const DEFAULT_LOOKBACK_MILLIS: i64 = 300_000;

/// How an answer may be brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Increment {
    /// The value at a step depends on samples around that step, and on nothing else of the query.
    PerStep(Reach),
    /// It has to be fetched whole.
    Whole(Reason),
}

/// Which samples a step's value depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// How far before the step, in milliseconds; never negative.
    pub back_millis: i64,
    /// How far after it (negative offsets, smoothed ranges), in milliseconds; never negative. Steps are final only when
    /// samples that much newer than them are.
    pub ahead_millis: i64,
    /// The latest time that an `@ 1700000000` makes every step depend on, in milliseconds since 1970. Until samples of
    /// that time are final, no step is.
    pub pinned_millis: Option<i64>,
    /// The resolution of the subqueries.
    pub resolution: Resolution,
    /// Whether the newest sample is taken that is not too old, as `up` does, with no window that says how old.
    pub looks_back: bool,
    /// Whether there may be a value where there is no sample, as of `up or vector(0)`, `absent(up)`, `time()`. Then how new
    /// values are says nothing of how new samples are.
    pub of_itself: bool,
    /// Whether `scalar` is taken of what may be several series. PromQL counts them at each step, MetricsQL over the whole
    /// range.
    pub counts_series: bool,
}

/// What the steps of subqueries depend on. They lie at multiples of their resolution since 1970, so the query's own start
/// does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolution {
    /// There are no subqueries.
    #[default]
    None,
    /// Each has its own.
    Own,
    /// At least one leaves it to the server: Prometheus and Thanos take a setting, VictoriaMetrics the query's step.
    Server,
}

/// Why an answer has to be fetched whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The text is no valid expression.
    Invalid,
    /// Its type cannot be asked for over a range: a string, or a range vector.
    NotForRanges,
    /// A variable is not filled in.
    Variable,
    /// `@ start()`, `@ end()`, or the functions `start()`, `end()`, `range()`.
    QueryRange,
    /// `step()`.
    QueryStep,
    /// A function of a range that is given none: MetricsQL takes the query's step for its window. PromQL refuses it.
    ImplicitWindow,
    /// A function or an aggregation whose steps are not proved to be independent, or that Prometheus does not have.
    Function,
    /// `topk` and its like take of equal series those that the server comes upon first, and in which order it does differs
    /// from request to request: parts of several would have more series than any whole.
    Ties,
    /// Series could become one by losing their names or by a replaced label. Prometheus refuses a range in which two do,
    /// even at different times, so that a part of the range may succeed where the whole does not.
    DuplicateLabels,
}

/// How the answer to `expr` may be brought up to date; `lookback_millis` as in [`increment`].
///
/// ```
/// use promql::increment::{Increment, increment_of};
/// let Increment::PerStep(reach) = increment_of("rate(up[5m] offset 1h)", 300_000) else { unreachable!() };
/// assert_eq!(reach.back_millis, 65 * 60_000);
/// ```
#[must_use]
pub fn increment_of(expr: &str, lookback_millis: i64) -> Increment {
    let parsed = parse(expr);
    match parsed.errors.is_empty() {
        true => increment(&parsed.ast, lookback_millis),
        false => Increment::Whole(Reason::Invalid),
    }
}

/// How the answer to an expression without syntax errors may be brought up to date, from a server that looks back
/// `lookback_millis` for samples ([`DEFAULT_LOOKBACK_MILLIS`]).
#[must_use]
pub fn increment(ast: &Ast, lookback_millis: i64) -> Increment {
    match (Analysis { ast, lookback_millis: lookback_millis.max(0), facts: Vec::new() }).whole() {
        Ok(facts) => Increment::PerStep(facts.reach()),
        Err(reason) => Increment::Whole(reason),
    }
}

struct Analysis<'a, 't> {
    ast: &'a Ast<'t>,
    lookback_millis: i64,
    facts: Vec<Facts<'t>>,
}

impl<'t> Analysis<'_, 't> {
    fn whole(mut self) -> Result<Facts<'t>, Reason> {
        for node in self.ast.nodes() {
            let facts = self.node(&node.kind)?;
            self.facts.push(facts);
        }
        let root = self.of(self.ast.root());
        match root.series {
            Series::Text | Series::Range(_) => Err(Reason::NotForRanges),
            _ => Ok(root),
        }
    }

    fn of(&self, id: Id) -> Facts<'t> {
        self.facts[id.index()].clone()
    }

    fn node(&self, kind: &Kind) -> Result<Facts<'t>, Reason> {
        match kind {
            Kind::Missing => Err(Reason::Invalid),
            Kind::Variable => Err(Reason::Variable),
            Kind::Number { .. } => Ok(Facts::of_nothing(Series::Scalar)),
            Kind::Text => Ok(Facts::of_nothing(Series::Text)),
            Kind::Selector(selector) => self.selector(selector),
            Kind::Range { selector, range, modifiers } => self.range(*selector, range, modifiers),
            Kind::Subquery { expr, window, modifiers } => self.subquery(*expr, window, modifiers),
            Kind::Call { name, args } => self.call(self.ast.slice(*name), args),
            Kind::Aggregate { op, args, grouping, .. } => self.aggregate(*op, args, grouping.as_deref()),
            Kind::Binary { op, lhs, rhs, matching } => Ok(self.binary(*op, *lhs, *rhs, matching.as_deref())),
            Kind::Unary { minus, expr } => {
                let mut facts = self.of(*expr);
                facts.series = if *minus { without_name(facts.series)? } else { facts.series };
                Ok(facts)
            }
            Kind::Paren(inner) => Ok(self.of(*inner)),
        }
    }

    fn selector(&self, selector: &Selector) -> Result<Facts<'t>, Reason> {
        let mut series = Series::Distinct;
        let has_variable = |text: &str| text.contains('$') || text.contains("[[");
        for matcher in selector.matchers() {
            let (name, op, value) = match *matcher {
                Matcher::Variable(_) => return Err(Reason::Variable),
                Matcher::Metric(metric) => (Cow::Borrowed("__name__"), MatchOp::Equal, metric),
                Matcher::Label { name, op, value } => (self.ast.name(name), op, value),
            };
            if name == "__name__" && op == MatchOp::Equal {
                series = Series::Named(self.ast.name(value));
            }
        }
        if let Some(name) = selector.name {
            series = Series::Named(Cow::Borrowed(self.ast.slice(name)));
        }
        if matches!(&series, Series::Named(name) if has_variable(name)) {
            return Err(Reason::Variable);
        }
        let mut facts = Facts::of_nothing(series);
        // Values between samples take the next sample, too.
        let ahead = if selector.modifiers.extent == Some(Extent::Smoothed) { self.lookback_millis } else { 0 };
        facts.window = Some((self.lookback_millis, ahead));
        (facts.looks_back, facts.of_itself) = (true, false);
        moved(facts, &selector.modifiers)
    }

    fn range(&self, selector: Id, range: &Duration, modifiers: &Modifiers) -> Result<Facts<'t>, Reason> {
        let mut facts = self.of(selector);
        let back = millis(range)?;
        facts.window = Some(match modifiers.extent {
            None => (back, 0),
            Some(Extent::Anchored) => (back.saturating_add(self.lookback_millis), 0),
            Some(Extent::Smoothed) => (back.saturating_add(self.lookback_millis), self.lookback_millis),
        });
        facts.looks_back = false;
        facts.series = Series::Range(Box::new(facts.series));
        moved(facts, modifiers)
    }

    fn subquery(&self, expr: Id, window: &Window, modifiers: &Modifiers) -> Result<Facts<'t>, Reason> {
        let mut facts = self.of(expr);
        let range = millis(&window.range)?;
        let resolution = match &window.step {
            Some(step) => millis(step).map(|_| Resolution::Own)?,
            None => Resolution::Server,
        };
        facts.window = facts.window.map(|(back, ahead)| (back.saturating_add(range), ahead));
        facts.resolution = facts.resolution.max(resolution);
        facts.series = Series::Range(Box::new(facts.series));
        moved(facts, modifiers)
    }

    fn call(&self, name: &str, args: &[Id]) -> Result<Facts<'t>, Reason> {
        match name {
            "start" | "end" | "range" => return Err(Reason::QueryRange),
            "step" => return Err(Reason::QueryStep),
            // Which info series there are is looked up over the whole range.
            "info" => return Err(Reason::Function),
            _ => {}
        }
        let known =
            signature(name).ok_or(if name.contains(['$', '[']) { Reason::Variable } else { Reason::Function })?;
        let mut facts = Facts::of_nothing(Series::Nameless);
        // The vector of `label_replace(v, …)`, the range of `quantile_over_time(φ, r)`.
        let mut main = None;
        for (index, arg) in args.iter().enumerate() {
            let arg = self.of(*arg);
            if known.parameter(index) == Some(ValueType::Range) && !matches!(arg.series, Series::Range(_)) {
                return Err(Reason::ImplicitWindow);
            }
            facts.join(&arg);
            if !matches!(arg.series, Series::Scalar | Series::Text) && main.is_none() {
                facts.of_itself = arg.of_itself;
                main = Some(arg.series);
            }
        }
        // What is given nothing tells the time, and so does the timestamp of what is no sample.
        if (args.is_empty() && name != "pi") || matches!(name, "timestamp" | "start_timestamp") {
            facts.window.get_or_insert((0, 0));
        }
        facts.counts_series |= name == "scalar" && !args.first().is_some_and(|vector| self.is_one_series(*vector));
        facts.of_itself |= known.gives == ValueType::Scalar || matches!(name, "absent" | "absent_over_time");
        facts.series = match (known.gives, name) {
            (ValueType::Scalar, _) => Series::Scalar,
            (_, "label_replace" | "label_join") => self.relabelled(args, main)?,
            (_, "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc") => main.unwrap_or(Series::Nameless),
            (_, "last_over_time" | "first_over_time") => match main {
                Some(Series::Range(inner)) => *inner,
                other => other.unwrap_or(Series::Nameless),
            },
            // One series, whatever there is.
            (_, "absent" | "absent_over_time") => Series::Nameless,
            _ => match main {
                Some(Series::Range(inner)) => without_name(*inner)?,
                // Functions of instant vectors look for duplicates at each step.
                _ => Series::Nameless,
            },
        };
        Ok(facts)
    }

    /// Whether there is one series at most, as of `sum(up)`.
    fn is_one_series(&self, vector: Id) -> bool {
        match &self.within_parens(vector).kind {
            Kind::Aggregate { op: Some(op), grouping: None, .. } => makes_series(*op),
            _ => false,
        }
    }

    /// A label that is set may be the one that made series distinct, unless an aggregation tells that it is not there.
    fn relabelled(&self, args: &[Id], main: Option<Series<'t>>) -> Result<Series<'t>, Reason> {
        let (Some(vector), Some(label)) = (args.first(), args.get(1)) else { return Err(Reason::Invalid) };
        let label = self.ast.name(self.within_parens(*label).span);
        let is_new = match &self.within_parens(*vector).kind {
            Kind::Aggregate { op: Some(op), grouping, .. } if makes_series(*op) => {
                grouping.as_ref().is_none_or(|grouping| {
                    let is_listed = grouping.labels.iter().any(|listed| self.ast.name(*listed) == label);
                    grouping.without == is_listed
                })
            }
            _ => false,
        };
        main.filter(|_| is_new && label != "__name__").ok_or(Reason::DuplicateLabels)
    }

    fn within_parens(&self, mut id: Id) -> &Node {
        while let Kind::Paren(inner) = self.ast.node(id).kind {
            id = inner;
        }
        self.ast.node(id)
    }

    fn aggregate(
        &self,
        op: Option<AggregateOp>,
        args: &[Id],
        grouping: Option<&Grouping>,
    ) -> Result<Facts<'t>, Reason> {
        let op = op.ok_or(Reason::Variable)?;
        // What `limit_ratio` takes is told by the labels.
        if op.keeps_series() && op != AggregateOp::LimitRatio {
            return Err(Reason::Ties);
        }
        let is_by_name = grouping.is_some_and(|grouping| !grouping.without && self.has_name(&grouping.labels));
        let mut facts = Facts::of_nothing(Series::Nameless);
        for arg in args {
            let arg = self.of(*arg);
            facts.join(&arg);
            if matches!(arg.series, Series::Scalar | Series::Text) {
                // Prometheus 2.52 to 3.4 take the parameter of the range's first step for all of them.
                if !arg.is_constant() {
                    return Err(Reason::Function);
                }
                continue;
            }
            facts.of_itself = arg.of_itself;
            if op.keeps_series() || is_by_name {
                facts.series = arg.series;
            }
        }
        Ok(facts)
    }

    fn has_name(&self, labels: &[Span]) -> bool {
        labels.iter().any(|label| self.ast.name(*label) == "__name__")
    }

    fn binary(&self, op: BinaryOp, lhs: Id, rhs: Id, matching: Option<&Matching>) -> Facts<'t> {
        // Only what calculates takes names off.
        let is_trim = matches!(op, BinaryOp::TrimUpper | BinaryOp::TrimLower);
        let filters = is_trim || (op.is_comparison() && !matching.is_some_and(|matching| matching.bool));
        let group = matching.and_then(|matching| matching.group.as_ref());
        let is_right_kept = group.is_some_and(|group| !group.left);
        let (mut facts, other) = (self.of(lhs), self.of(rhs));
        facts.join(&other);
        let fills = matching.is_some_and(|matching| matching.fill_left.is_some() || matching.fill_right.is_some());
        facts.of_itself = match op {
            BinaryOp::And | BinaryOp::Unless => facts.of_itself,
            BinaryOp::Or => facts.of_itself || other.of_itself,
            _ if fills => facts.of_itself || other.of_itself,
            _ => facts.of_itself && other.of_itself,
        };
        let left = std::mem::replace(&mut facts.series, Series::Nameless);
        facts.series = match (op, left, other.series) {
            _ if group.is_some_and(|group| self.has_name(&group.include)) => Series::Distinct,
            (_, Series::Scalar, Series::Scalar) => Series::Scalar,
            (BinaryOp::And | BinaryOp::Unless, left, _) => left,
            (BinaryOp::Or, left, right) if left == right => left,
            (BinaryOp::Or, ..) => Series::Distinct,
            (_, Series::Scalar, right) if filters => right,
            (_, left, right) if filters => {
                if is_right_kept {
                    right
                } else {
                    left
                }
            }
            // Operators look for duplicates at each step.
            _ => Series::Nameless,
        };
        facts
    }
}

/// Whether an aggregation makes one series of each group, with no labels but the group's.
fn makes_series(op: AggregateOp) -> bool {
    !op.keeps_series() && op != AggregateOp::CountValues
}

fn millis(duration: &Duration) -> Result<i64, Reason> {
    duration.millis().ok_or_else(|| reason(duration))
}

/// Why the length of a duration is not known.
fn reason(duration: &Duration) -> Reason {
    use crate::ast::DurationKind as D;
    match &duration.kind {
        D::Missing | D::Literal { .. } => Reason::Invalid,
        D::Variable => Reason::Variable,
        D::Step => Reason::QueryStep,
        D::Range => Reason::QueryRange,
        D::Negative(inner) | D::Paren(inner) => reason(inner),
        D::Binary(_, of) | D::Choice { of, .. } => {
            let unknown = of.iter().find(|duration| duration.millis().is_none());
            unknown.map_or(Reason::Invalid, reason)
        }
    }
}

/// Shifts what a selector or subquery depends on by its modifiers.
fn moved<'t>(mut facts: Facts<'t>, modifiers: &Modifiers) -> Result<Facts<'t>, Reason> {
    let offset = modifiers.offset.as_ref().map_or(Ok(0), millis)?;
    let (back, ahead) = facts.window.unwrap_or_default();
    let window = (back.saturating_add(offset), ahead.saturating_sub(offset));
    match modifiers.at {
        None => facts.window = facts.window.map(|_| window),
        Some(At::Time(at)) => {
            facts.pinned = facts.pinned.max(facts.window.map(|_| at.saturating_add(window.1)));
            facts.window = None;
        }
        Some(At::Start | At::End) => return Err(Reason::QueryRange),
        Some(At::Variable(_)) => return Err(Reason::Variable),
    }
    Ok(facts)
}

/// What series are after an operation that takes their names off and looks for duplicates over the whole range.
fn without_name(series: Series) -> Result<Series, Reason> {
    match series {
        Series::Distinct => Err(Reason::DuplicateLabels),
        Series::Named(_) => Ok(Series::Nameless),
        other => Ok(other),
    }
}
