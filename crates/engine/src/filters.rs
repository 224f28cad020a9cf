//! Conditions of ad hoc variables in queries. That takes a parser; as for [`crate::analyse`], the engine calls it by a
//! pointer that it is given once the parser is loaded. Until then, panels that need it wait.

use dashboard::adhoc::{Filter, FilterOp};
use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, TooDeep, add_matchers};

/// Adds conditions to all selectors of a query.
pub type AddFilters = fn(&str, &[Filter]) -> Result<String, TooDeep>;

/// PromQL with conditions added, for [`Engine::set_filtering`](crate::Engine::set_filtering).
///
/// # Errors
/// The query nests too deep.
pub fn add_filters(expr: &str, filters: &[Filter]) -> Result<String, TooDeep> {
    let operands: Vec<String> = filters.iter().map(Filter::operand).collect();
    let matchers: Vec<NewMatcher<'_>> = filters
        .iter()
        .zip(&operands)
        .map(|(filter, value)| NewMatcher { label: &filter.label, op: op(filter.op), value })
        .collect();
    add_matchers(expr, &matchers)
}

fn op(op: FilterOp) -> MatchOp {
    match op {
        FilterOp::Equal => MatchOp::Equal,
        FilterOp::NotEqual => MatchOp::NotEqual,
        FilterOp::Matches | FilterOp::OneOf => MatchOp::Matches,
        FilterOp::DoesNotMatch | FilterOp::NoneOf => MatchOp::DoesNotMatch,
    }
}
