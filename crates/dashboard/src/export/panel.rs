//! Panels and their queries.

use super::{Object, dashboard::link, field, options, patch, visualization};
use crate::import;
use crate::model::{
    Check, Condition, LegendFormat, Panel, PanelKind, QueryMode, SourceRef, Target, TargetFormat, VariableTest,
};
use serde_json::{Value, json};

/// What is written even where it is the default.
pub(super) const KEPT: &[&str] = &["gridPos", "id", "title", "type"];
/// Of `instant` and `range` each alone means something else.
const KEPT_OF_TARGETS: &[&str] = &["expr", "instant", "range", "refId"];

/// Everything the model knows of a panel.
pub(super) fn write(panel: &Panel) -> Object {
    let grid = panel.grid;
    let repeat = panel.repeat.as_ref();
    let json = json!({
        "id": panel.id,
        "type": panel.kind.name(),
        "title": panel.title,
        "description": super::filled(&panel.description),
        "gridPos": {"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h},
        "datasource": source(&panel.datasource),
        "targets": panel.targets.iter().map(target).collect::<Vec<Value>>(),
        "fieldConfig": field::write(&panel.fields),
        "maxDataPoints": panel.max_data_points,
        "interval": panel.interval,
        "timeFrom": panel.time_from,
        "timeShift": panel.time_shift,
        "hideTimeOverride": panel.hide_time_override,
        "repeat": repeat.map(|repeat| repeat.variable.as_str()),
        "repeatDirection": repeat.filter(|repeat| repeat.vertical).map(|_| "v"),
        "maxPerRow": repeat.and_then(|repeat| repeat.max_per_row),
        "links": panel.links.iter().map(link).collect::<Vec<Value>>(),
        "transparent": panel.transparent,
        "transformations": panel.transformations.iter().map(|step| &step.json).collect::<Vec<&Value>>(),
        "conditionalRendering": panel.condition.as_ref().map(condition),
    });
    let Value::Object(mut json) = json else { return Object::new() };
    let (key, value) = kind(&panel.kind);
    json.insert(key.to_owned(), value);
    json
}

fn kind(kind: &PanelKind) -> (&'static str, Value) {
    let options = match kind {
        PanelKind::TimeSeries(options) => options::time_series(options),
        PanelKind::Stat(options) => options::stat(options),
        PanelKind::Text(options) => options::text(options),
        PanelKind::Table(options) => options::table(options),
        PanelKind::Row { collapsed } => return ("collapsed", Value::Bool(*collapsed)),
        PanelKind::Unsupported { kind } => visualization::write(kind),
    };
    ("options", options)
}

/// A data source; nothing for the default one.
pub(super) fn source(source: &SourceRef) -> Value {
    match source {
        SourceRef::Default => Value::Null,
        SourceRef::Mixed => json!({"type": "datasource", "uid": "-- Mixed --"}),
        SourceRef::Internal(name) => json!({"type": "datasource", "uid": name}),
        SourceRef::Named { reference, kind } if kind.is_empty() => json!({"uid": reference}),
        SourceRef::Named { reference, kind } if reference.is_empty() => json!({"type": kind}),
        SourceRef::Named { reference, kind } => json!({"type": kind, "uid": reference}),
    }
}

fn target(target: &Target) -> Value {
    if let Some(expression) = &target.expression {
        return expression.clone();
    }
    json!({
        "refId": target.ref_id,
        "expr": target.expr,
        "legendFormat": match &target.legend {
            LegendFormat::Auto => "__auto",
            LegendFormat::Verbose => "",
            LegendFormat::Template(template) => template,
        },
        "instant": matches!(target.mode, QueryMode::Instant | QueryMode::Both),
        "range": matches!(target.mode, QueryMode::Range | QueryMode::Both),
        "format": match target.format {
            TargetFormat::TimeSeries => "time_series",
            TargetFormat::Table => "table",
            TargetFormat::Heatmap => "heatmap",
        },
        "interval": target.interval,
        "intervalFactor": target.interval_factor,
        "hide": target.hide,
        "exemplar": target.exemplar,
        "datasource": source(&target.datasource),
        "panelId": target.panel,
    })
}

/// Leaves out of each query what says no more than the default.
pub(super) fn omit_target_defaults(panel: &mut Object) {
    let Value::Object(defaults) = target(&import::blank_target()) else { return };
    let targets = panel.get_mut("targets").and_then(Value::as_array_mut).into_iter().flatten();
    let queries = targets.filter(|target| !import::is_expression(target));
    for target in queries.filter_map(Value::as_object_mut) {
        patch::omit_defaults(target, &defaults, KEPT_OF_TARGETS);
    }
}

fn condition(condition: &Condition) -> Value {
    json!({
        "kind": "ConditionalRenderingGroup",
        "spec": {
            "visibility": if condition.hides { "hide" } else { "show" },
            "condition": if condition.any { "or" } else { "and" },
            "items": condition.checks.iter().map(check).collect::<Vec<Value>>(),
        },
    })
}

fn check(check: &Check) -> Value {
    let item = |kind: &str, spec: Value| json!({"kind": format!("ConditionalRendering{kind}"), "spec": spec});
    match check {
        Check::Variable { name, test, negated } => {
            let (operator, value) = match (test, negated) {
                (VariableTest::Equals(text), false) => ("equals", text.clone()),
                (VariableTest::Equals(text), true) => ("notEquals", text.clone()),
                (VariableTest::Matches(pattern), false) => ("matches", format!("/{pattern}/")),
                (VariableTest::Matches(pattern), true) => ("notMatches", format!("/{pattern}/")),
            };
            item("Variable", json!({"variable": name, "operator": operator, "value": value}))
        }
        Check::HasData(wanted) => item("Data", json!({"value": wanted})),
        Check::RangeUpTo(millis) => item("TimeRangeSize", json!({"value": format!("{millis}ms")})),
        Check::Unsupported => json!({}),
    }
}
