//! Values of all kinds as fields show them.

use dashboard::display::{Display, Series};
use dashboard::model::FieldConfig;
use dashboard::transform::FieldType;
use format::color::Theme;
use format::mapping::Sample;
use serde_json::{Value, json};

fn config(defaults: &Value) -> FieldConfig {
    let panel = json!({ "type": "stat", "fieldConfig": { "defaults": defaults } });
    let file = json!({ "schemaVersion": 42, "panels": [panel] }).to_string();
    dashboard::import(&file).expect("a dashboard").dashboard.panels[0].fields.defaults.clone()
}

#[test]
fn values_of_all_kinds() {
    const GREEN: &str = "#73bf69";
    const RED: &str = "#f2495c";
    let check = |kind: FieldType, defaults: Value, sample: Sample<'_>, text: &str, color: &str| {
        let display = Display::new(&config(&defaults), Series::default(), None, Theme::Dark).holding(kind);
        let shown = display.show_sample(sample);
        assert_eq!(
            (shown.text.to_string(), shown.color.to_string()),
            (text.into(), color.into()),
            "{defaults} {sample:?}"
        );
    };
    check(FieldType::Bool, json!({}), Sample::Bool(true), "true", GREEN);
    check(FieldType::Bool, json!({}), Sample::Bool(false), "false", RED);
    check(FieldType::Bool, json!({ "unit": "bool_on_off" }), Sample::Number(1.0), "On", GREEN);
    check(FieldType::Bool, json!({ "color": { "mode": "continuous-viridis" } }), Sample::Bool(true), "true", "#fde725");
    let yes =
        json!([{ "type": "special", "options": { "match": "true", "result": { "text": "YES", "color": "red" } } }]);
    check(FieldType::Bool, json!({ "mappings": yes }), Sample::Bool(true), "YES", RED);
    let every = json!([{ "type": "regex", "options": { "pattern": "/e/g", "result": { "text": "E" } } }]);
    check(FieldType::Text, json!({ "mappings": every }), Sample::Text("eve"), "EvE", GREEN);
    check(FieldType::Text, json!({}), Sample::Text("0x1f"), "0x1f", GREEN);
    check(FieldType::Text, json!({ "unit": "bytes" }), Sample::Text("0x1f"), "31 B", GREEN);
    check(FieldType::Number, json!({ "decimals": -1 }), Sample::Text("85.4"), "85", RED);
    check(FieldType::Number, json!({ "noValue": "none" }), Sample::Missing, "none", GREEN);
}

#[test]
fn dates_are_for_the_page_to_write() {
    let check = |kind: FieldType, unit: &str, sample: Sample<'_>, expected: Option<f64>| {
        let display = Display::new(&config(&json!({ "unit": unit })), Series::default(), None, Theme::Dark);
        assert_eq!(display.holding(kind).show_sample(sample).instant, expected, "{unit} {sample:?}");
    };
    check(FieldType::Text, "dateTimeAsIso", Sample::Text("2025-06-15T13:37:42.123Z"), Some(1_749_994_662_123.0));
    check(FieldType::Text, "dateTimeAsIso", Sample::Text("soon"), None);
    check(FieldType::Time, "", Sample::Number(5.0), Some(5.0));
    check(FieldType::Time, "", Sample::Number(f64::NAN), None);
    check(FieldType::Number, "", Sample::Number(5.0), None);
}
