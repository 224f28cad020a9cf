//! Changing JSON no more than a change asks for.

use super::Object;
use serde_json::Value;

/// Makes in `base` the change that leads from `old` to `new`. What neither of them knows stays as it is.
pub(super) fn patch(base: Value, old: &Value, new: &Value) -> Value {
    if old == new {
        return base;
    }
    match (base, old, new) {
        (Value::Object(base), Value::Object(old), Value::Object(new)) => Value::Object(patch_object(base, old, new)),
        (Value::Array(base), Value::Array(old), Value::Array(new)) if base.len() == old.len() => {
            Value::Array(patch_list(base, old, new))
        }
        (_, _, new) => new.clone(),
    }
}

pub(super) fn patch_object(mut base: Object, old: &Object, new: &Object) -> Object {
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        base.remove(key);
    }
    for (key, new) in new {
        let old = old.get(key).unwrap_or(&Value::Null);
        if old != new {
            let place = base.remove(key).unwrap_or_default();
            base.insert(key.clone(), patch(place, old, new));
        }
    }
    base
}

/// Elements that were there before keep what only `base` knows of them, wherever they stand now.
fn patch_list(base: Vec<Value>, old: &[Value], new: &[Value]) -> Vec<Value> {
    let mut base: Vec<Option<Value>> = base.into_iter().map(Some).collect();
    let same_length = old.len() == new.len();
    let mut places: Vec<Option<Value>> = new.iter().map(|_| None).collect();
    for (place, new) in places.iter_mut().zip(new) {
        let known = old.iter().zip(&mut base).find(|(old, base)| *old == new && base.is_some());
        *place = known.and_then(|(_, base)| base.take());
    }
    let mut result = Vec::new();
    for (index, (place, new)) in places.into_iter().zip(new).enumerate() {
        // One that is new among as many as before is taken for a change of the one that stood there.
        let changed = || {
            let base = base.get_mut(index).filter(|_| same_length)?.take()?;
            Some(patch(base, old.get(index)?, new))
        };
        result.push(place.or_else(changed).unwrap_or_else(|| new.clone()));
    }
    result
}

/// Objects that are read as one: a part of them alone means something else than with the default of the rest.
const WHOLE: &[&str] = &[
    "cellOptions",
    "color",
    "current",
    "filterValues",
    "footer",
    "hideFrom",
    "lineStyle",
    "scaleDistribution",
    "stacking",
    "thresholds",
    "thresholdsStyle",
    "time",
];

/// Removes what says no more than `defaults`; keys in `kept` stay.
pub(super) fn omit_defaults(json: &mut Object, defaults: &Object, kept: &[&str]) {
    json.retain(|key, value| {
        if kept.contains(&key.as_str()) {
            return true;
        }
        if value.is_null() {
            return false;
        }
        match (defaults.get(key), value) {
            (Some(Value::Object(defaults)), Value::Object(value)) if !WHOLE.contains(&key.as_str()) => {
                omit_defaults(value, defaults, &[]);
                !value.is_empty()
            }
            (default, value) => default != Some(value),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_changed_and_nothing_else() {
        let check = |base: Value, old: Value, new: Value, expected: Value| {
            assert_eq!(patch(base.clone(), &old, &new), expected, "{base} from {old} to {new}");
        };
        check(json!({"a": 1, "x": 2}), json!({"a": 1}), json!({"a": 1}), json!({"a": 1, "x": 2}));
        check(json!({"a": 1, "x": 2}), json!({"a": 1}), json!({"a": 3}), json!({"a": 3, "x": 2}));
        check(json!({"a": 1, "x": 2}), json!({"a": 1}), json!({}), json!({"x": 2}));
        check(json!({"x": 2}), json!({}), json!({"a": 1}), json!({"a": 1, "x": 2}));
        // A value in an old form stays in it until it is changed.
        check(json!({"a": "1"}), json!({"a": 1}), json!({"a": 1}), json!({"a": "1"}));
        // Elements of lists: one changed, one removed, two exchanged, one added.
        let base = json!([{"n": 1, "x": "one"}, {"n": 2, "x": "two"}]);
        let old = json!([{"n": 1}, {"n": 2}]);
        let list = |new: Value, expected: Value| check(base.clone(), old.clone(), new, expected);
        list(json!([{"n": 1}, {"n": 3}]), json!([{"n": 1, "x": "one"}, {"n": 3, "x": "two"}]));
        list(json!([{"n": 2}]), json!([{"n": 2, "x": "two"}]));
        list(json!([{"n": 2}, {"n": 1}]), json!([{"n": 2, "x": "two"}, {"n": 1, "x": "one"}]));
        list(json!([{"n": 1}, {"n": 2}, {"n": 9}]), json!([{"n": 1, "x": "one"}, {"n": 2, "x": "two"}, {"n": 9}]));
    }
}
