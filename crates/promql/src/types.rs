//! What each part of an expression evaluates to, and what functions take.

use crate::ast::{Ast, Id, Kind};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A number.
    Scalar,
    /// A value per series.
    Vector,
    /// Samples over a range, per series.
    Range,
    /// A string.
    Text,
    /// It depends on a variable, or on a function that Prometheus does not have.
    Unknown,
}

impl ValueType {
    /// As Prometheus' documentation calls it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Range => "range vector",
            Self::Text => "string",
            Self::Unknown => "unknown",
        }
    }

    /// Whether something of this type may stand where `expected` is wanted, as far as can be told.
    #[must_use]
    pub fn fits(self, expected: Self) -> bool {
        self == expected || self == Self::Unknown || expected == Self::Unknown
    }
}

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The function's name.
    pub name: &'static str,
    /// A letter per parameter, see [`Signature::parameter`].
    parameters: &'static str,
    /// How often the last parameter may be left out or repeated beyond once.
    pub repeats: Repeats,
    /// What it gives.
    pub gives: ValueType,
}

/// How many arguments there may be for the last parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// One.
    Once,
    /// None to so many.
    UpTo(usize),
    /// Any number, or none.
    Any,
}

impl Signature {
    /// How many parameters it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parameters.len()
    }

    /// Whether it takes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// The type of the argument at `index`; those beyond the last parameter are of its type.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<ValueType> {
        let letters = self.parameters.as_bytes();
        let is_repeated = self.repeats != Repeats::Once;
        let letter = letters.get(index).or_else(|| letters.last().filter(|_| is_repeated))?;
        Some(match letter {
            b's' => ValueType::Scalar,
            b'r' => ValueType::Range,
            b't' => ValueType::Text,
            _ => ValueType::Vector,
        })
    }
}

/// The signature of the function called `name`; names of functions are case-sensitive.
#[must_use]
pub fn signature(name: &str) -> Option<&'static Signature> {
    SIGNATURES.get(SIGNATURES.binary_search_by(|known| known.name.cmp(name)).ok()?)
}

/// The type of the expression at `id`.
#[must_use]
pub fn value_type(ast: &Ast, id: Id) -> ValueType {
    types(ast)[id.index()]
}

/// The types of all nodes, in their order.
pub(crate) fn types(ast: &Ast) -> Vec<ValueType> {
    let mut types: Vec<ValueType> = Vec::with_capacity(ast.nodes().len());
    for node in ast.nodes() {
        let of = |id: Id| types[id.index()];
        let it = match &node.kind {
            Kind::Missing | Kind::Variable => ValueType::Unknown,
            Kind::Number { .. } => ValueType::Scalar,
            Kind::Text => ValueType::Text,
            Kind::Selector(_) => ValueType::Vector,
            Kind::Range { .. } | Kind::Subquery { .. } => ValueType::Range,
            Kind::Call { name, .. } => signature(ast.slice(*name)).map_or(ValueType::Unknown, |known| known.gives),
            Kind::Aggregate { .. } => ValueType::Vector,
            Kind::Binary { lhs, rhs, .. } => match (of(*lhs), of(*rhs)) {
                (ValueType::Scalar, ValueType::Scalar) => ValueType::Scalar,
                (ValueType::Unknown, ValueType::Unknown | ValueType::Scalar)
                | (ValueType::Scalar, ValueType::Unknown) => ValueType::Unknown,
                _ => ValueType::Vector,
            },
            Kind::Unary { expr: inner, .. } | Kind::Paren(inner) => of(*inner),
        };
        types.push(it);
    }
    types
}

const fn f(name: &'static str, parameters: &'static str, repeats: Repeats, gives: ValueType) -> Signature {
    Signature { name, parameters, repeats, gives }
}

/// Of an instant vector, an instant vector.
const fn vector(name: &'static str) -> Signature {
    f(name, "v", Repeats::Once, ValueType::Vector)
}

/// Of a range vector, an instant vector.
const fn range(name: &'static str) -> Signature {
    f(name, "r", Repeats::Once, ValueType::Vector)
}

/// Of an instant vector or of the evaluation time, an instant vector.
const fn date(name: &'static str) -> Signature {
    f(name, "v", Repeats::UpTo(1), ValueType::Vector)
}

const fn nothing(name: &'static str) -> Signature {
    f(name, "", Repeats::Once, ValueType::Scalar)
}

/// The functions, sorted by name.
const SIGNATURES: &[Signature] = &[
    vector("abs"),
    vector("absent"),
    range("absent_over_time"),
    vector("acos"),
    vector("acosh"),
    vector("asin"),
    vector("asinh"),
    vector("atan"),
    vector("atanh"),
    range("avg_over_time"),
    vector("ceil"),
    range("changes"),
    f("clamp", "vss", Repeats::Once, ValueType::Vector),
    f("clamp_max", "vs", Repeats::Once, ValueType::Vector),
    f("clamp_min", "vs", Repeats::Once, ValueType::Vector),
    vector("cos"),
    vector("cosh"),
    range("count_over_time"),
    date("day_of_month"),
    date("day_of_week"),
    date("day_of_year"),
    date("days_in_month"),
    vector("deg"),
    range("delta"),
    range("deriv"),
    f("double_exponential_smoothing", "rss", Repeats::Once, ValueType::Vector),
    nothing("end"),
    vector("exp"),
    range("first_over_time"),
    vector("floor"),
    vector("histogram_avg"),
    vector("histogram_count"),
    f("histogram_fraction", "ssv", Repeats::Once, ValueType::Vector),
    f("histogram_quantile", "sv", Repeats::Once, ValueType::Vector),
    f("histogram_quantiles", "vtss", Repeats::UpTo(9), ValueType::Vector),
    vector("histogram_stddev"),
    vector("histogram_stdvar"),
    vector("histogram_sum"),
    f("holt_winters", "rss", Repeats::Once, ValueType::Vector),
    date("hour"),
    range("idelta"),
    range("increase"),
    f("info", "vv", Repeats::UpTo(1), ValueType::Vector),
    f("integral", "rs", Repeats::UpTo(1), ValueType::Vector),
    range("irate"),
    f("label_join", "vttt", Repeats::Any, ValueType::Vector),
    f("label_replace", "vtttt", Repeats::Once, ValueType::Vector),
    range("last_over_time"),
    vector("ln"),
    vector("log10"),
    vector("log2"),
    range("mad_over_time"),
    f("max_of", "ss", Repeats::Once, ValueType::Scalar),
    range("max_over_time"),
    f("min_of", "ss", Repeats::Once, ValueType::Scalar),
    range("min_over_time"),
    date("minute"),
    date("month"),
    nothing("pi"),
    f("predict_linear", "rs", Repeats::Once, ValueType::Vector),
    range("present_over_time"),
    f("quantile_over_time", "sr", Repeats::Once, ValueType::Vector),
    vector("rad"),
    nothing("range"),
    range("rate"),
    range("resets"),
    f("round", "vs", Repeats::UpTo(1), ValueType::Vector),
    f("scalar", "v", Repeats::Once, ValueType::Scalar),
    vector("sgn"),
    vector("sin"),
    vector("sinh"),
    vector("sort"),
    f("sort_by_label", "vt", Repeats::Any, ValueType::Vector),
    f("sort_by_label_desc", "vt", Repeats::Any, ValueType::Vector),
    vector("sort_desc"),
    vector("sqrt"),
    nothing("start"),
    vector("start_timestamp"),
    range("stddev_over_time"),
    range("stdvar_over_time"),
    nothing("step"),
    range("sum_over_time"),
    vector("tan"),
    vector("tanh"),
    nothing("time"),
    vector("timestamp"),
    range("ts_of_first_over_time"),
    range("ts_of_last_over_time"),
    range("ts_of_max_over_time"),
    range("ts_of_min_over_time"),
    f("vector", "s", Repeats::Once, ValueType::Vector),
    date("year"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::FUNCTIONS;
    use crate::parse;

    #[test]
    fn the_table_is_that_of_the_help_texts() {
        let names = |names: &mut dyn Iterator<Item = &'static str>| names.collect::<Vec<_>>();
        let known = names(&mut SIGNATURES.iter().map(|known| known.name));
        assert!(known.is_sorted());
        assert_eq!(known, names(&mut FUNCTIONS.iter().map(|known| known.name)));
        for (known, help) in SIGNATURES.iter().zip(FUNCTIONS) {
            let words = |word| help.signature.matches(word).count();
            assert_eq!(words("range-vector"), known.parameters.matches('r').count(), "{}", help.name);
            assert_eq!(words("instant-vector"), known.parameters.matches('v').count(), "{}", help.name);
        }
    }

    fn check(text: &str, expected: ValueType) {
        let parsed = parse(text);
        assert_eq!(value_type(&parsed.ast, parsed.ast.root()), expected, "{text}");
    }

    #[test]
    fn types_follow_from_the_parts() {
        for text in ["1", "-1", "(1 + 2) * time()", "scalar(a)", "5m", "min_of(1, 2)", "1 < bool 2"] {
            check(text, ValueType::Scalar);
        }
        for text in ["a", "{a=\"b\"}", "a + 1", "1 + a", "-a", "sum(a)", "rate(a[5m])", "$agg by (b) (a)", "$x + a"] {
            check(text, ValueType::Vector);
        }
        for text in ["a[5m]", "a[5m:]", "(a[5m])"] {
            check(text, ValueType::Range);
        }
        for text in ["$x", "$x + 1", "$f(a)", "frobnicate(a)", ""] {
            check(text, ValueType::Unknown);
        }
        check("'a'", ValueType::Text);
    }
}
