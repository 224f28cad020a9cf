//! What becomes of the values of a chart before they are drawn, as far as its panel says.

use super::scale::{self, Scale};
use dashboard::model::{DrawStyle, FieldConfig, FieldOptions, StackingMode};
use engine::{Course, CourseChange, Stack};

/// How fields configured so are drawn.
pub fn of(config: &FieldConfig) -> Course {
    let stack = stack(config);
    Course { downwards: config.draw.negative_y, zeros: config.nulls_as_zero, stack, ..Course::default() }
}

/// The stack of fields configured so. What is drawn otherwise is another one.
fn stack(config: &FieldConfig) -> Option<Stack> {
    let draw = &config.draw;
    let name = format!("{} {}", draw.style as u8, draw.stacking.group);
    (draw.stacking.mode != StackingMode::None)
        .then(|| Stack { name, shares: draw.stacking.mode == StackingMode::Percent })
}

/// What overrides change in how fields are drawn; nothing where they change nothing.
pub fn changes(fields: &FieldOptions) -> Vec<CourseChange> {
    let usual = of(&fields.defaults);
    let properties = || fields.overrides.iter().map(|rule| &rule.properties);
    let has_stacks = usual.stack.is_some() || properties().flatten().any(|(id, _)| id == "custom.stacking");
    let mut changes = Vec::new();
    let mut known = vec![fields.resolve_matched(&[], &[])];
    let mut differs = false;
    for (rule, properties) in (0..).zip(properties()) {
        let names = |ids: &[&str]| properties.iter().any(|(id, _)| ids.contains(&id.as_str()));
        let (turns, fills) = (names(&["custom.transform"]), names(&["nullValueMode"]));
        let stacks = names(&["custom.stacking", "custom.drawStyle"]);
        // A scale of its own only keeps a series out of a stack.
        let scales = has_stacks && properties.iter().any(|(id, _)| scale::is_told_by(id));
        if turns || fills || stacks || scales {
            let config = fields.resolve_matched(&[], &[rule]);
            let course = of(&config);
            let course = Course { scale: number_of_scale(config, &mut known), ..course };
            differs |= course != usual;
            changes.push(CourseChange {
                rule,
                downwards: turns.then_some(course.downwards),
                zeros: fills.then_some(course.zeros),
                stack: stacks.then_some(course.stack),
                scale: scales.then_some(course.scale),
            });
        }
    }
    if differs { changes } else { Vec::new() }
}

/// The number of a field's scale. `known` has a field of each scale so far, that of the usual one first.
fn number_of_scale(config: FieldConfig, known: &mut Vec<FieldConfig>) -> u32 {
    let scale = Scale::of(&config);
    let number = known.iter().position(|other| Scale::of(other) == scale).unwrap_or(known.len());
    if number == known.len() {
        known.push(config);
    }
    number as u32
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

    #[test]
    fn other_scales_keep_series_out_of_a_stack() {
        let check = |defaults: Value, properties: Value, expected: &[(bool, bool)]| {
            let rule = json!({ "matcher": { "id": "byName", "options": "a" }, "properties": properties });
            let fields = json!({ "defaults": defaults, "overrides": [rule] });
            let file = json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "fieldConfig": fields }] });
            let read = dashboard::import(&file.to_string()).expect("a dashboard").dashboard;
            let told = |change: CourseChange| (change.stack.is_some(), change.scale.is_some_and(|number| number > 0));
            let found: Vec<(bool, bool)> = changes(&read.panels[0].fields).into_iter().map(told).collect();
            assert_eq!(found, expected, "{fields}");
        };
        let stacked = || json!({ "unit": "bytes", "custom": { "stacking": { "mode": "normal" } } });
        let seconds = || json!({ "id": "unit", "value": "s" });
        check(json!({ "unit": "bytes" }), json!([seconds()]), &[]);
        check(stacked(), json!([seconds()]), &[(false, true)]);
        check(stacked(), json!([{ "id": "unit", "value": "bytes" }]), &[]);
        check(stacked(), json!([{ "id": "max", "value": 1 }]), &[(false, true)]);
        check(stacked(), json!([{ "id": "custom.axisPlacement", "value": "right" }]), &[(false, true)]);
        check(stacked(), json!([{ "id": "custom.axisGridShow", "value": false }]), &[]);
        let own = json!({ "id": "custom.stacking", "value": { "mode": "normal" } });
        check(json!({ "unit": "bytes" }), json!([own, seconds()]), &[(true, true)]);
    }
}
