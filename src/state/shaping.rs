//! What the worker does to a panel's answers before they are shown, as far as the panel says: most say nothing.

use super::course;
use super::stand_in::{self, StandIn};
use dashboard::model::{Panel, PanelKind, ReduceOptions, TargetFormat};
use engine::{Goal, Shaping};
use serde_json::Value;

/// So many rows a stat of rows shows where it does not say.
const USUAL_ROWS: u32 = 25;

/// A transformation: tables side by side, row by row of their times.
const JOINED: &str = r#"{"id":"joinByField","options":{"mode":"outer"}}"#;

/// How the answers of `panel` are shaped; none where they are shown as they are.
pub fn of(panel: &Panel) -> Option<Shaping> {
    let stand_in = StandIn::of(panel);
    let goal = match (&panel.kind, &stand_in) {
        (PanelKind::Table(_), _) | (_, Some(StandIn::Table)) => Goal::Tables,
        (PanelKind::Stat(options), _) => values(&options.reduce),
        (_, Some(StandIn::Values(options))) => values(&options.reduce),
        _ => Goal::Series,
    };
    if !is_needed(panel, &goal) {
        return None;
    }
    let expressions = panel.targets.iter().filter_map(|target| target.expression.as_ref());
    let ref_ids = |hidden: bool| {
        let targets = panel.targets.iter().filter(|target| target.hide == hidden);
        targets.map(|target| target.ref_id.clone()).collect()
    };
    // What would be drawn over one time is one table.
    let joined =
        (stand_in == Some(StandIn::Table) && stand_in::is_over_time(panel)).then(|| json::parse(JOINED).ok()).flatten();
    Some(Shaping {
        shown: ref_ids(false),
        hidden: ref_ids(true),
        expressions: text(expressions),
        transformations: text(panel.transformations.iter().map(|step| &step.json).chain(&joined)),
        overrides: text(panel.fields.overrides.iter().map(|rule| &rule.matcher_json)),
        goal,
    })
}

fn values(reduce: &ReduceOptions) -> Goal {
    let rows = reduce.all_values.then(|| reduce.limit.unwrap_or(USUAL_ROWS));
    Goal::Values { fields: reduce.fields.clone(), rows }
}

fn is_needed(panel: &Panel, goal: &Goal) -> bool {
    let asked = |format| panel.targets.iter().any(|target| !target.hide && target.format == format);
    let of_its_goal = match goal {
        Goal::Series => false,
        Goal::Tables => true,
        // A table is one value, where its series are several.
        Goal::Values { fields, rows } => asked(TargetFormat::Table) || rows.is_some() || !fields.is_empty(),
    };
    of_its_goal
        || asked(TargetFormat::Heatmap)
        || panel.transformations.iter().any(|step| !step.disabled)
        || panel.targets.iter().any(|target| target.expression.is_some())
        || panel.fields.ask_the_data()
        || (matches!(panel.kind, PanelKind::TimeSeries(_)) && !course::changes(&panel.fields).is_empty())
}

fn text<'a>(items: impl Iterator<Item = &'a Value>) -> String {
    let mut text = String::new();
    json::push_list(items, &mut text);
    text
}
