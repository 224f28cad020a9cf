//! When a panel or row is shown.

use crate::interpolate::{Scope, Value};
use format::pattern::Pattern;

/// What decides whether a panel or row is shown.
#[derive(Clone, Debug)]
pub struct Condition {
    /// It is hidden where the checks hold, instead of shown.
    pub hides: bool,
    /// One check that holds is enough.
    pub any: bool,
    /// What is checked.
    pub checks: Vec<Check>,
}

/// One check of a [`Condition`].
#[derive(Clone, Debug)]
pub enum Check {
    /// A variable has a value.
    Variable {
        /// The variable.
        name: String,
        /// What is asked of its values.
        test: VariableTest,
        /// It must not be so.
        negated: bool,
    },
    /// There is data, or there is none.
    HasData(bool),
    /// The time range is no longer than so many milliseconds.
    RangeUpTo(i64),
    /// What this version does not know: holds.
    Unsupported,
}

/// What is asked of a variable's values, one of which has to be so.
#[derive(Clone, Debug)]
pub enum VariableTest {
    /// It is this text.
    Equals(String),
    /// It matches.
    Matches(Pattern),
}

impl Condition {
    /// Whether the panel is shown, with these variables, with data or without (or not known yet), over a time range of so
    /// many milliseconds.
    #[must_use]
    pub fn shows(&self, scope: &Scope, has_data: Option<bool>, range_millis: i64) -> bool {
        let mut held = self.checks.iter().map(|check| check.holds(scope, has_data, range_millis));
        let held = if self.any { held.any(|held| held) } else { held.all(|held| held) };
        held != self.hides
    }
}

impl Check {
    fn holds(&self, scope: &Scope, has_data: Option<bool>, range_millis: i64) -> bool {
        match self {
            Self::Variable { name, test, negated } => {
                let holds = match scope.get(name) {
                    Some(Value::Many(values)) => values.iter().any(|value| test.holds(value)),
                    Some(Value::One(value) | Value::Verbatim(value)) => test.holds(value),
                    None => test.holds(""),
                };
                holds != *negated
            }
            Self::HasData(wanted) => has_data.is_none_or(|has_data| has_data == *wanted),
            Self::RangeUpTo(most) => range_millis <= *most,
            Self::Unsupported => true,
        }
    }
}

impl VariableTest {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Equals(wanted) => wanted == value,
            Self::Matches(pattern) => pattern.is_match(value),
        }
    }
}
