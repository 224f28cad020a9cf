//! Which series an expression has: one pass over its tree, in which each part gets the series of its operands.

use super::values::Look;
use promql::Ast;
use promql::ast::{Id, Kind, Matcher, Node, Selector, string_value};
use promql::ops::{AggregateOp, BinaryOp, MatchOp};
use promql::token::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The labels of a series.
pub type Labels = BTreeMap<String, String>;

/// More series than this are in no answer.
const MOST: usize = 200;

/// How many series a selector has that leaves a choice.
const FEW: usize = 3;

/// The upper bounds of every histogram's buckets.
pub const BUCKETS: [&str; 6] = ["0.05", "0.1", "0.5", "1", "5", "+Inf"];

/// What an expression evaluates to.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// One number.
    Scalar(f64),
    /// A text.
    Text(String),
    /// Series; `range` where each has many samples at an instant, as of `up[5m]`.
    Series {
        /// Their labels.
        labels: Vec<Labels>,
        /// What their values are like.
        look: Look,
        /// Whether they are a range vector.
        range: bool,
    },
}

/// What the expression evaluates to. Of a broken one, what can be made out.
pub fn outcome(ast: &Ast) -> Outcome {
    let wanted = wanted_labels(ast);
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(ast.nodes().len());
    for node in ast.nodes() {
        let of = |id: &Id| outcomes.get(id.index()).cloned().unwrap_or(Outcome::Scalar(f64::NAN));
        let next = evaluate(ast, node, of, &wanted);
        outcomes.push(next);
    }
    outcomes.get(ast.root().index()).cloned().unwrap_or(Outcome::Scalar(f64::NAN))
}

/// The labels that an expression speaks of: its series have them.
fn wanted_labels(ast: &Ast) -> BTreeSet<String> {
    let mut wanted: BTreeSet<String> = ["instance", "job"].map(str::to_owned).into();
    for node in ast.nodes() {
        match &node.kind {
            Kind::Aggregate { grouping: Some(grouping), .. } if !grouping.without => {
                wanted.extend(names(ast, &grouping.labels));
            }
            Kind::Binary { matching: Some(matching), .. } => {
                let on = matching.labels.iter().filter(|labels| labels.on).flat_map(|labels| &labels.labels);
                let include = matching.group.iter().flat_map(|group| &group.include);
                wanted.extend(on.chain(include).map(|span| ast.name(*span).into_owned()));
            }
            Kind::Call { name, args } if ast.slice(*name) == "label_replace" => {
                wanted.extend(args.get(3).map(|id| text_of(ast, *id)));
            }
            Kind::Call { name, args } if ast.slice(*name) == "label_join" => {
                wanted.extend(args.iter().skip(3).map(|id| text_of(ast, *id)));
            }
            _ => {}
        }
    }
    wanted.retain(|name| !name.is_empty() && name != "__name__");
    wanted
}

fn evaluate(ast: &Ast, node: &Node, of: impl Fn(&Id) -> Outcome, wanted: &BTreeSet<String>) -> Outcome {
    match &node.kind {
        Kind::Missing | Kind::Variable => Outcome::Scalar(f64::NAN),
        Kind::Number { value, .. } => Outcome::Scalar(*value),
        Kind::Text => Outcome::Text(string_value(ast.slice(node.span)).into_owned()),
        Kind::Selector(selector) => selected(ast, selector, wanted),
        Kind::Range { selector: inner, .. } | Kind::Subquery { expr: inner, .. } => match of(inner) {
            Outcome::Series { labels, look, .. } => Outcome::Series { labels, look, range: true },
            other => other,
        },
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } => of(inner),
        Kind::Call { name, args } => called(ast, ast.slice(*name), args, of),
        Kind::Aggregate { op, grouping, args, .. } => {
            let by = grouping.as_ref().map(|grouping| (grouping.without, names(ast, &grouping.labels)));
            let parameter = args.first().filter(|_| args.len() > 1).map(&of);
            aggregated(*op, by, parameter, args.last().map(of))
        }
        Kind::Binary { op, lhs, rhs, matching } => {
            let reduced = matching.as_deref().filter(|matching| matching.group.is_none());
            let on = reduced.and_then(|matching| matching.labels.as_ref()).filter(|labels| labels.on);
            let on = on.map(|labels| names(ast, &labels.labels));
            let right_has_many = matching.as_ref().and_then(|m| m.group.as_ref()).is_some_and(|group| !group.left);
            let is_bool = matching.as_ref().is_some_and(|matching| matching.bool);
            let (lhs, rhs) = if right_has_many { (of(rhs), of(lhs)) } else { (of(lhs), of(rhs)) };
            combined(*op, is_bool, on.as_deref(), lhs, rhs)
        }
    }
}

fn names(ast: &Ast, spans: &[Span]) -> Vec<String> {
    spans.iter().map(|span| ast.name(*span).into_owned()).collect()
}

/// What a string argument says.
fn text_of(ast: &Ast, id: Id) -> String {
    string_value(ast.slice(ast.node(id).span)).into_owned()
}

/// The series of a selector.
fn selected(ast: &Ast, selector: &Selector, wanted: &BTreeSet<String>) -> Outcome {
    let mut choices: BTreeMap<String, Vec<String>> =
        wanted.iter().map(|name| (name.clone(), values_of(name))).collect();
    let mut set = |name: String, values: Vec<String>| _ = choices.insert(name, values);
    if let Some(name) = selector.name {
        set("__name__".to_owned(), vec![ast.name(name).into_owned()]);
    }
    for matcher in selector.matchers() {
        match *matcher {
            Matcher::Metric(span) => set("__name__".to_owned(), vec![ast.name(span).into_owned()]),
            Matcher::Label { name, op, value } => {
                let (name, value) = (ast.name(name).into_owned(), string_value(ast.slice(value)).into_owned());
                let values = matching_values(&name, op, &value);
                set(name, values);
            }
            Matcher::Variable(_) => {}
        }
    }
    let name = choices.get("__name__").and_then(|names| names.first()).cloned().unwrap_or_default();
    let mut labels = side_by_side(&choices);
    let bounds = choices.get("le").map_or(0, Vec::len);
    if bounds > 1 || bounds == 0 && name.ends_with("_bucket") {
        labels = crossed(&labels, "le", &BUCKETS);
    }
    Outcome::Series { labels: distinct(labels), look: Look::of_metric(&name), range: false }
}

/// As many series as the label with the most values has values: the first has the first value of each, and so on.
fn side_by_side(choices: &BTreeMap<String, Vec<String>>) -> Vec<Labels> {
    let count = choices.values().map(Vec::len).max().unwrap_or(1).min(MOST);
    let series = |i: usize| {
        let value = |values: &Vec<String>| values.get(i % values.len().max(1)).filter(|v| !v.is_empty()).cloned();
        choices.iter().filter_map(|(name, values)| Some((name.clone(), value(values)?))).collect()
    };
    (0..count).map(series).collect()
}

/// Each series once with each of the values.
fn crossed(series: &[Labels], name: &str, values: &[&str]) -> Vec<Labels> {
    let with = |labels: &Labels, value: &str| {
        let mut labels = labels.clone();
        labels.insert(name.to_owned(), value.to_owned());
        labels
    };
    series.iter().flat_map(|labels| values.iter().map(move |value| with(labels, value))).take(MOST).collect()
}

fn distinct(series: Vec<Labels>) -> Vec<Labels> {
    let mut seen = BTreeSet::new();
    series.into_iter().filter(|labels| seen.insert(labels.clone())).take(MOST).collect()
}

/// Values of a label where nothing is asked of them.
pub fn values_of(label: &str) -> Vec<String> {
    let made_up = |i: usize| match label {
        "le" => BUCKETS.get(i).copied().unwrap_or("+Inf").to_owned(),
        "quantile" => ["0.5", "0.9", "0.99"].get(i).copied().unwrap_or("1").to_owned(),
        "instance" => format!("10.0.0.{}:9100", i + 1),
        "code" | "status" | "status_code" => ["200", "404", "500"].get(i).copied().unwrap_or("200").to_owned(),
        "version" => format!("1.{i}.0"),
        _ => format!("{label}-{}", i + 1),
    };
    (0..if label == "le" { BUCKETS.len() } else { FEW }).map(made_up).collect()
}

/// Values of a label that a matcher lets through, as far as that can be told without a regular expression engine.
fn matching_values(label: &str, op: MatchOp, value: &str) -> Vec<String> {
    let mut values = values_of(label);
    match op {
        MatchOp::Equal => vec![value.to_owned()],
        MatchOp::NotEqual => {
            values.retain(|known| known != value);
            values
        }
        MatchOp::Matches => {
            let named: Vec<_> = value.split('|').filter_map(plain).take(8).collect();
            if named.is_empty() { values } else { named }
        }
        MatchOp::DoesNotMatch => values,
    }
}

/// The text that an alternative of a regular expression stands for, with `1` for what may be anything. None if it is
/// more than that.
fn plain(alternative: &str) -> Option<String> {
    let inner = alternative.trim_start_matches(['^', '(']).trim_end_matches(['$', ')']);
    let text = inner.replace(".*", "1").replace(".+", "1").replace('\\', "");
    let is_plain = !text.is_empty() && text != "1" && !text.contains(['[', '(', ')', '*', '+', '?', '{', '$']);
    is_plain.then_some(text)
}

fn called(ast: &Ast, name: &str, args: &[Id], of: impl Fn(&Id) -> Outcome) -> Outcome {
    let vector = args.iter().map(&of).find(|outcome| matches!(outcome, Outcome::Series { .. }));
    let text = |index: usize| args.get(index).map(|id| text_of(ast, *id)).unwrap_or_default();
    match (name, vector) {
        ("scalar", _) => Outcome::Scalar(42.0),
        ("time" | "pi", _) | (_, None) if name != "vector" => Outcome::Scalar(match args.first().map(of) {
            Some(Outcome::Scalar(value)) => value,
            _ => 1.0,
        }),
        // Everything is there.
        ("absent" | "absent_over_time", Some(_)) => series(Vec::new(), Look::One),
        ("label_replace", Some(Outcome::Series { labels, look, range })) => {
            let (to, with, from) = (text(1), text(2), text(3));
            let replaced =
                |labels: &Labels| if with.contains('$') { labels.get(&from).cloned() } else { Some(with.clone()) };
            Outcome::Series { labels: labelled(labels, &to, replaced), look, range }
        }
        ("label_join", Some(Outcome::Series { labels, look, range })) => {
            let (to, between) = (text(1), text(2));
            let from: Vec<_> = (3..args.len()).map(text).collect();
            let joined = |labels: &Labels| {
                let parts = from.iter().map(|name| labels.get(name).map_or("", String::as_str));
                Some(parts.collect::<Vec<_>>().join(&between))
            };
            Outcome::Series { labels: labelled(labels, &to, joined), look, range }
        }
        (
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" | "last_over_time",
            Some(Outcome::Series { labels, look, .. }),
        ) => series(labels, look),
        ("histogram_quantile", Some(Outcome::Series { labels, .. })) => {
            series(without(labels, &["__name__", "le"]), Look::Seconds)
        }
        (_, Some(Outcome::Series { labels, look, .. })) => series(without(labels, &["__name__"]), look.after(name)),
        // `vector(1)` has one series, and so has what a broken expression calls.
        _ => series(vec![Labels::new()], Look::One),
    }
}

fn series(labels: Vec<Labels>, look: Look) -> Outcome {
    Outcome::Series { labels: distinct(labels), look, range: false }
}

/// With the label `to` set, where there is a value for it.
fn labelled(series: Vec<Labels>, to: &str, value: impl Fn(&Labels) -> Option<String>) -> Vec<Labels> {
    let set = |mut labels: Labels| {
        if let Some(value) = value(&labels).filter(|_| !to.is_empty()) {
            labels.insert(to.to_owned(), value);
        }
        labels
    };
    distinct(series.into_iter().map(set).collect())
}

fn without(mut series: Vec<Labels>, names: &[&str]) -> Vec<Labels> {
    series.iter_mut().for_each(|labels| labels.retain(|name, _| !names.contains(&name.as_str())));
    series
}

fn aggregated(
    op: Option<AggregateOp>,
    by: Option<(bool, Vec<String>)>,
    parameter: Option<Outcome>,
    of: Option<Outcome>,
) -> Outcome {
    let Some(Outcome::Series { labels, look, .. }) = of else { return series(vec![Labels::new()], Look::One) };
    if op.is_some_and(AggregateOp::keeps_series) {
        let most = if let Some(Outcome::Scalar(most)) = parameter { most.max(0.0) as usize } else { MOST };
        return series(labels.into_iter().take(most).collect(), look);
    }
    let mut groups = match by {
        None => vec![Labels::new()],
        Some((true, mut names)) => {
            names.push("__name__".to_owned());
            without(labels, &names.iter().map(String::as_str).collect::<Vec<_>>())
        }
        Some((false, names)) => only(labels, &names),
    };
    if let (Some(AggregateOp::CountValues), Some(Outcome::Text(label))) = (op, parameter) {
        groups = crossed(&groups, &label, &["1", "2"]);
    }
    series(
        groups,
        match op {
            Some(AggregateOp::Count | AggregateOp::CountValues) => Look::Count,
            Some(AggregateOp::Group) => Look::One,
            _ => look,
        },
    )
}

fn only(mut series: Vec<Labels>, names: &[String]) -> Vec<Labels> {
    series.iter_mut().for_each(|labels| labels.retain(|name, _| names.contains(name)));
    series
}

fn combined(op: BinaryOp, is_bool: bool, on: Option<&[String]>, lhs: Outcome, rhs: Outcome) -> Outcome {
    let (labels, look, other) = match (lhs, rhs) {
        (Outcome::Series { labels, look, .. }, Outcome::Series { labels: other, .. }) => (labels, look, Some(other)),
        (Outcome::Series { labels, look, .. }, _) | (_, Outcome::Series { labels, look, .. }) => (labels, look, None),
        (Outcome::Scalar(a), Outcome::Scalar(b)) => return Outcome::Scalar(calculated(op, a, b)),
        _ => return Outcome::Scalar(f64::NAN),
    };
    match op {
        BinaryOp::Or => series(labels.into_iter().chain(other.unwrap_or_default()).collect(), look),
        _ if op.is_set() => series(labels, look),
        _ if op.is_comparison() && !is_bool => series(labels, look),
        _ => {
            let labels = match (on, other) {
                (Some(on), Some(_)) => only(labels, on),
                _ => without(labels, &["__name__"]),
            };
            series(labels, if is_bool { Look::Flag } else { look.combined(op) })
        }
    }
}

fn calculated(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        BinaryOp::Modulo => a % b,
        BinaryOp::Power => a.powf(b),
        _ => 1.0,
    }
}
