//! What becomes of the values of a chart before they are drawn, as far as its panel says.

use dashboard::model::{AxisPlacement, DrawStyle, FieldConfig, FieldOptions, StackingMode};
use engine::{Course, CourseChange, Stack};

/// How fields configured so are drawn.
pub fn of(config: &FieldConfig) -> Course {
    Course { downwards: config.draw.negative_y, zeros: config.nulls_as_zero, stack: stack(config) }
}

/// The stack of fields configured so. What is drawn otherwise, or on another axis, is another one.
fn stack(config: &FieldConfig) -> Option<Stack> {
    let draw = &config.draw;
    let side = if draw.axis.placement == AxisPlacement::Right { 'r' } else { 'l' };
    let name = format!("{side}{} {}", draw.style as u8, draw.stacking.group);
    (draw.stacking.mode != StackingMode::None)
        .then(|| Stack { name, shares: draw.stacking.mode == StackingMode::Percent })
}

/// What overrides change in how fields are drawn; nothing where they change nothing.
pub fn changes(fields: &FieldOptions) -> Vec<CourseChange> {
    let usual = of(&fields.defaults);
    let mut changes = Vec::new();
    let mut differs = false;
    for (rule, properties) in (0..).zip(fields.overrides.iter().map(|rule| &rule.properties)) {
        let names = |ids: &[&str]| properties.iter().any(|(id, _)| ids.contains(&id.as_str()));
        let (turns, fills) = (names(&["custom.transform"]), names(&["nullValueMode"]));
        let stacks = names(&["custom.stacking", "custom.axisPlacement", "custom.drawStyle"]);
        if turns || fills || stacks {
            let course = of(&fields.resolve_matched(&[], &[rule]));
            differs |= course != usual;
            changes.push(CourseChange {
                rule,
                downwards: turns.then_some(course.downwards),
                zeros: fills.then_some(course.zeros),
                stack: stacks.then_some(course.stack),
            });
        }
    }
    if differs { changes } else { Vec::new() }
}

/// Whether a mark stands for each step: there would be others in a finer answer, where a line only shows more.
pub fn is_of_steps(fields: &FieldOptions) -> bool {
    let bars = |(id, value): &(String, serde_json::Value)| id == "custom.drawStyle" && value == "bars";
    fields.defaults.draw.style == DrawStyle::Bars
        || fields.overrides.iter().any(|rule| rule.properties.iter().any(bars))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn bars_stand_for_steps() {
        let check = |custom: Value, properties: Value, expected: bool| {
            let rule = json!({ "matcher": { "id": "byName", "options": "a" }, "properties": properties });
            let fields = json!({ "defaults": { "custom": custom }, "overrides": [rule] });
            let file = json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "fieldConfig": fields }] });
            let read = dashboard::import(&file.to_string()).expect("a dashboard").dashboard;
            assert_eq!(is_of_steps(&read.panels[0].fields), expected, "{fields}");
        };
        check(json!({}), json!([]), false);
        check(json!({ "drawStyle": "line" }), json!([{ "id": "custom.drawStyle", "value": "points" }]), false);
        check(json!({ "drawStyle": "bars" }), json!([]), true);
        check(json!({}), json!([{ "id": "custom.drawStyle", "value": "bars" }]), true);
    }
}
