//! The operators and aggregations of the language.

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `unless`
    Unless,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `</`: the observations of native histograms up to a value
    TrimUpper,
    /// `>/`: the observations of native histograms from a value on
    TrimLower,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `atan2`
    Atan2,
    /// `^`
    Power,
}

impl BinaryOp {
    /// How tightly it binds; more binds tighter.
    pub(crate) fn binding(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Modulo | Self::Atan2 => 5,
            Self::Power => 6,
            _ => 3,
        }
    }

    /// Whether it compares, so that `bool` may follow.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        use BinaryOp as O;
        matches!(self, O::Equal | O::NotEqual | O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual)
    }

    /// Whether it combines sets of series, whatever their values.
    #[must_use]
    pub fn is_set(self) -> bool {
        matches!(self, Self::Or | Self::And | Self::Unless)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Unless => "unless",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::TrimUpper => "</",
            Self::TrimLower => ">/",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Atan2 => "atan2",
            Self::Power => "^",
        }
    }
}

/// How a label is compared in `{…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`: the whole value matches a regular expression
    Matches,
    /// `!~`
    DoesNotMatch,
}

impl MatchOp {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::DoesNotMatch => "!~",
        }
    }

    /// The operator written as `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Equal, Self::NotEqual, Self::Matches, Self::DoesNotMatch].into_iter().find(|op| op.as_str() == text)
    }
}

/// An aggregation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "they are called what PromQL calls them; functions::AGGREGATIONS says what they do")]
pub enum AggregateOp {
    Avg,
    Bottomk,
    Count,
    CountValues,
    Group,
    LimitRatio,
    Limitk,
    Max,
    Min,
    Quantile,
    Stddev,
    Stdvar,
    Sum,
    Topk,
}

const AGGREGATES: [(AggregateOp, &str); 14] = [
    (AggregateOp::Avg, "avg"),
    (AggregateOp::Bottomk, "bottomk"),
    (AggregateOp::Count, "count"),
    (AggregateOp::CountValues, "count_values"),
    (AggregateOp::Group, "group"),
    (AggregateOp::LimitRatio, "limit_ratio"),
    (AggregateOp::Limitk, "limitk"),
    (AggregateOp::Max, "max"),
    (AggregateOp::Min, "min"),
    (AggregateOp::Quantile, "quantile"),
    (AggregateOp::Stddev, "stddev"),
    (AggregateOp::Stdvar, "stdvar"),
    (AggregateOp::Sum, "sum"),
    (AggregateOp::Topk, "topk"),
];

impl AggregateOp {
    /// The aggregation called `word`, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        AGGREGATES.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(op, _)| *op)
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        AGGREGATES[self as usize].1
    }

    /// Whether a parameter comes before the vector, as in `topk(5, up)`.
    #[must_use]
    pub fn has_parameter(self) -> bool {
        use AggregateOp as A;
        matches!(self, A::Bottomk | A::CountValues | A::LimitRatio | A::Limitk | A::Quantile | A::Topk)
    }

    /// Whether its result is some of the series it was given, labels and all.
    #[must_use]
    pub fn keeps_series(self) -> bool {
        matches!(self, Self::Bottomk | Self::LimitRatio | Self::Limitk | Self::Topk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_operators_and_back() {
        for (index, (op, name)) in AGGREGATES.into_iter().enumerate() {
            assert_eq!(op as usize, index);
            assert_eq!((op.as_str(), AggregateOp::parse(&name.to_uppercase())), (name, Some(op)));
        }
        assert_eq!(AggregateOp::parse("median"), None);
        for op in ["=", "!=", "=~", "!~"] {
            assert_eq!(MatchOp::parse(op).map(MatchOp::as_str), Some(op));
        }
        assert_eq!(MatchOp::parse("<"), None);
    }
}
