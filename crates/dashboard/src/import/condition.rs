//! Conditional rendering.

use super::node::Node;
use crate::model::{Check, Condition, VariableTest};

/// Reads when a panel is shown; none where it always is.
pub(super) fn read(node: &Node<'_>) -> Option<Condition> {
    if node.is_absent() {
        return None;
    }
    node.skip(&["kind"]);
    let spec = node.get("spec");
    let items = spec.get("items");
    let condition = Condition {
        hides: spec.get("visibility").text().as_deref() == Some("hide"),
        any: spec.get("condition").text().as_deref() == Some("or"),
        checks: items.items().map(|item| read_check(&item)).collect(),
    };
    (!condition.checks.is_empty()).then_some(condition)
}

fn read_check(node: &Node<'_>) -> Check {
    let spec = node.get("spec");
    match node.get("kind").text().as_deref() {
        Some("ConditionalRenderingVariable") => read_variable(&spec),
        Some("ConditionalRenderingData") => Check::HasData(spec.get("value").flag().unwrap_or(true)),
        Some("ConditionalRenderingTimeRangeSize") => {
            let most = spec.get("value").text().as_deref().and_then(crate::time::parse_duration);
            most.map_or(Check::Unsupported, Check::RangeUpTo)
        }
        _ => {
            node.unsupported("this condition is not known; it is taken to hold");
            Check::Unsupported
        }
    }
}

fn read_variable(spec: &Node<'_>) -> Check {
    let value = spec.get("value").text().unwrap_or_default();
    let operator = spec.get("operator").text().unwrap_or_default();
    let test = match operator.as_str() {
        "matches" | "notMatches" => match spec.patterns().read(&value) {
            Ok(pattern) => VariableTest::Matches(pattern),
            Err(problem) => {
                spec.note(problem);
                return Check::Unsupported;
            }
        },
        _ => VariableTest::Equals(value),
    };
    Check::Variable {
        name: spec.get("variable").text().unwrap_or_default(),
        test,
        negated: operator.starts_with("not"),
    }
}
