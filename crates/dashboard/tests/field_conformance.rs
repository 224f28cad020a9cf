//! Fields as they are configured and shown, overrides applied, against what Grafana's own packages compute.
//!
//! Rows that differ, and are left out:
//!
//! | Row | Here | There |
//! |---|---|---|
//! | a time | is written by its unit or the page's format; no threshold colours it | goes by its number of milliseconds |
//! | yes or no, and what is neither text nor number | is written as a text | goes by mappings and thresholds as 1 and 0 |
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
#[allow(dead_code, reason = "other tests use the rest")]
mod tables;

use corpus::{Compared, Row, number};
use dashboard::display::{Display, Series};
use dashboard::model::{Candidate, FieldConfig, FieldOptions, Matcher};
use dashboard::series_name::own_name;
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::names::Names;
use dashboard::transform::{Field, FieldType, Shape, Table};
use format::color::{self, Theme};
use serde_json::{Value as Json, json};
use tables::table;

/// The field configuration of a panel whose colours are thresholds unless it says otherwise.
fn options(config: &Json) -> FieldOptions {
    // In files the base threshold's value is null, in the tables negative infinity.
    let text = config.to_string().replace(r#"{"$":"-Infinity"}"#, "null");
    let config: Json = serde_json::from_str(&text).unwrap();
    let panel = json!({ "type": "stat", "fieldConfig": config });
    let file = json!({ "schemaVersion": 42, "panels": [&panel] }).to_string();
    let mut fields = FieldOptions::clone(&dashboard::import(&file).unwrap().dashboard.panels[0].fields);
    // Panels have thresholds where they say none; here there are those that are said.
    if panel["fieldConfig"]["defaults"]["thresholds"].is_null() {
        fields.defaults.thresholds.steps.clear();
    }
    fields
}

/// The numbers of the overrides that are for a field.
fn rules(fields: &FieldOptions, table: &Table, index: usize, names: &Names) -> Vec<u32> {
    let matches = |json: &Json| FieldMatcher::parse(json, "").is_ok_and(|matcher| matcher.matches(table, index, names));
    let rules = (0..).zip(&fields.overrides);
    rules.filter(|(_, rule)| matches(&rule.matcher_json)).map(|(number, _)| number).collect()
}

/// The least and the greatest of some fields' numbers.
fn range_of<'a>(fields: impl Iterator<Item = &'a Field>) -> Option<(f64, f64)> {
    let numbers = fields.filter(|field| field.kind == FieldType::Number);
    let finite = numbers.flat_map(|field| (0..field.values.len()).map(|row| field.values.number(row)));
    finite.filter(|value| value.is_finite()).map(|value| (value, value)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

fn overridden(row: &Row) -> Option<(String, String)> {
    let [config, frames, expected] = row.as_slice() else { panic!("{row:?}") };
    let (fields, tables) = (options(config), frames.as_array()?.iter().map(table).collect::<Vec<Table>>());
    let (names, range) = (Names::of(&tables), range_of(tables.iter().flat_map(|table| &table.fields)));
    let (mut found, mut wanted) = (Vec::new(), Vec::new());
    for (table, (frame, expected)) in tables.iter().zip(frames.as_array()?.iter().zip(expected.as_array()?)) {
        let shown = names.of_table(table);
        for (index, field) in table.fields.iter().enumerate() {
            let expected = &expected[index];
            if !matches!(field.kind, FieldType::Number | FieldType::Text) {
                continue;
            }
            let config = fields.resolve_matched(&[], &rules(&fields, table, index, &names));
            let of_series = Series { index: expected["seriesIndex"].as_u64()? as usize, name: "" };
            let is_number = field.kind == FieldType::Number;
            let range = if config.own_min_max { range_of(std::iter::once(field)) } else { range };
            let display = Display::new(&config, of_series, range.filter(|_| is_number), Theme::Dark);
            let name = config.display_name.clone().unwrap_or_else(|| shown[index].to_string());
            let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
            let told = options(&json!({ "defaults": expected["config"], "overrides": [] })).defaults;
            let draw = |config: &FieldConfig| {
                // Decimals of a text are none.
                let decimals = config.decimals.filter(|_| is_number);
                format!("{decimals:?} {:?} {:?}", config.draw.line_width, config.draw.hide_from)
            };
            // Names with variables in them are filled in by the page.
            let (name, called) = match name.contains('$') {
                true => (String::new(), String::new()),
                false => (name, text(&expected["display"])),
            };
            found.push(format!("{name} {}", draw(&config)));
            wanted.push(format!("{called} {}", draw(&told)));
            let cells = frame["fields"][index]["values"].as_array()?;
            for (cell, expected) in cells.iter().zip(expected["values"].as_array()?) {
                let shown = match cell.as_str() {
                    Some(text) => display.show_text(text),
                    None => display.show(number(cell)),
                };
                found.push(format!("{} {} {} {}", shown.text.prefix, shown.text.text, shown.text.suffix, shown.color));
                let color = color::parse_or_gray(expected["color"].as_str()?, Theme::Dark);
                let part = |key: &str| text(&expected[key]);
                wanted.push(format!("{} {} {} {color}", part("prefix"), part("text"), part("suffix")));
            }
        }
    }
    Some((found.join("\n"), wanted.join("\n")))
}

/// Which series of panels that shape nothing an override is for: the page tells by what it knows of them.
#[test]
fn series_with_overrides() {
    corpus::compare("matchers", |row| {
        let [matcher, frames, matches] = row.as_slice() else { panic!("{row:?}") };
        let rule = options(&json!({ "overrides": [{ "matcher": matcher, "properties": [] }] })).overrides.pop()?;
        if matches!(rule.matcher, Matcher::Data | Matcher::Unsupported(_)) {
            return Some(Compared::left_out("a matcher that only the data tell"));
        }
        let tables: Vec<Table> = frames.as_array()?.iter().map(table).collect();
        let names = Names::of(&tables);
        let (mut found, mut expected) = (Vec::new(), Vec::new());
        for (table, matches) in tables.iter().zip(matches.as_array()?) {
            for (field, is_meant) in table.fields.iter().zip(matches.as_array()?) {
                let labels = field.labels.clone().unwrap_or_default();
                if table.shape != Shape::TimeSeriesMulti || *field.name != *own_name(&labels) {
                    continue;
                }
                let (shown_name, ref_id) = (names.of_field(field, table), table.ref_id.clone().unwrap_or_default());
                let series = Candidate { shown_name: &shown_name, metric_name: labels.metric_name(), ref_id: &ref_id };
                found.push(rule.matcher.matches(series));
                expected.push(is_meant.as_bool()?);
            }
        }
        Some((format!("{found:?}"), format!("{expected:?}")).into())
    });
}

#[test]
fn fields_with_overrides() {
    corpus::compare("overrides", overridden);
}
