//! The variables that tables refer to, and what else several of them have in common.

use crate::corpus::table;
use crate::zones::Iana;
use dashboard::follow::put_range;
use dashboard::interpolate::{Caption, Scope, Value};
use dashboard::model::{AutoInterval, Selection, Variable, VariableKind};
use dashboard::variables;
use format::date::DateStyle;
use frame::{Millis, TimeRange, Zone};
use serde_json::Value as Json;

/// When the tables were made: 2025-06-15T13:37:42.123Z.
pub const NOW: i64 = 1_749_994_662_123;
/// The time range of the set: the last six hours.
pub const SIX_HOURS: TimeRange = TimeRange { start: Millis(1_749_973_062_123), end: Millis(NOW) };

/// The texts of a cell that holds one or several.
pub fn texts(cell: &Json) -> Vec<String> {
    match cell {
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Puts a variable as the tables write them into a scope.
pub fn put(scope: &mut Scope, variable: &Json) {
    let name = variable["name"].as_str().expect("a name");
    let values = if variable["value"].is_null() { vec![String::new()] } else { texts(&variable["value"]) };
    let labels = if variable["text"].is_null() { values.clone() } else { texts(&variable["text"]) };
    let is_all = values == ["$__all"];
    let value = if is_all {
        match variable["allValue"].as_str().filter(|all| !all.is_empty()) {
            Some(all) => Value::Verbatim(all.to_owned()),
            None => {
                let options = variable["options"].as_array().expect("options");
                Value::Many(options.iter().flat_map(|option| texts(&option["value"])).collect())
            }
        }
    } else if variable["value"].is_array() {
        Value::Many(values.into())
    } else {
        Value::One(values.into_iter().next().unwrap_or_default())
    };
    scope.set_captioned(name, value, if is_all { Caption::All } else { Caption::Each(labels.into()) });
}

/// Puts an interval that follows the time range into a scope.
fn put_interval(scope: &mut Scope, json: &Json) {
    let steps = json["autoStepCount"].as_u64().expect("steps") as u32;
    let auto = AutoInterval { steps, min: texts(&json["autoMinInterval"]).concat() };
    let variable = Variable::new(texts(&json["name"]).concat(), VariableKind::Interval { auto: Some(auto) });
    variables::put(scope, &variable, &[], &Selection::of(texts(&json["value"])), SIX_HOURS.millis());
}

/// All of them, and the time range.
pub fn variable_set() -> Scope {
    let mut scope = Scope::default();
    for row in table("variable_sets").unwrap_or_default() {
        for variable in row[1].as_array().expect("a list of variables") {
            match variable["autoEnabled"] == true {
                true => put_interval(&mut scope, variable),
                false => put(&mut scope, variable),
            }
        }
    }
    let written = |at: Millis| format::date::datetime(at, &Zone::Utc, &Iana, DateStyle::Full);
    put_range(&mut scope, SIX_HOURS, &Zone::Utc, written);
    scope
}
