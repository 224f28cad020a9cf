//! What fields are called, which overrides are for them, and how they are shown as far as that came out of the data.

use super::{FieldHead, list};
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::names::Names;
use dashboard::transform::{Field, FieldConfig, FieldType, Table};
use std::fmt::Write;
use std::sync::Arc;

/// What goes for the fields of all tables together.
#[derive(Debug)]
pub(super) struct Fields {
    names: Names,
    overrides: Vec<Option<FieldMatcher>>,
}

impl Fields {
    pub fn new(overrides: &str, tables: &[Table], problems: &mut Vec<String>) -> Self {
        let matcher = |(index, json): (usize, &serde_json::Value)| {
            let path = format!("fieldConfig.overrides[{index}].matcher");
            FieldMatcher::parse(json, &path).map_err(|error| problems.push(error.to_string())).ok()
        };
        Self { names: Names::of(tables), overrides: list(overrides).iter().enumerate().map(matcher).collect() }
    }

    /// What names them all.
    pub fn all(&self) -> &Names {
        &self.names
    }

    /// The names of a table's fields.
    pub fn names(&self, table: &Table) -> Vec<Arc<str>> {
        self.names.of_table(table)
    }

    /// The name of one field of a table.
    pub fn name(&self, table: &Table, field: &Field) -> Arc<str> {
        self.names.of_field(field, table)
    }

    /// Whether `matcher` is for the field of this number.
    pub fn matches(&self, matcher: &FieldMatcher, table: &Table, index: usize) -> bool {
        matcher.matches(table, index, &self.names)
    }

    /// What is told of the field of this number.
    pub fn head(&self, table: &Table, index: usize) -> FieldHead {
        let rules = self.overrides.iter().zip(0..);
        let is_for_it = |matcher: &FieldMatcher| self.matches(matcher, table, index);
        let field = table.fields.get(index);
        FieldHead {
            name: field.map(|field| field.name.to_string()).unwrap_or_default(),
            overrides: rules
                .filter(|(rule, _)| rule.as_ref().is_some_and(is_for_it))
                .map(|(_, number)| number)
                .collect(),
            is_time: field.is_some_and(|field| field.kind == FieldType::Time),
            properties: field.map_or_else(Vec::new, |field| properties(&field.config)),
            text: None,
            row: Vec::new(),
        }
    }
}

/// Grafana's ids of what `config` says, with JSON text.
fn properties(config: &FieldConfig) -> Vec<(String, String)> {
    let quoted = |text: &Arc<str>| {
        let mut json = String::new();
        json::push_string(text, &mut json);
        json
    };
    let number = |number: &f64| number.is_finite().then(|| number.to_string());
    let properties = [
        ("displayName", config.display_name.as_ref().map(quoted)),
        ("unit", config.unit.as_ref().map(quoted)),
        ("decimals", config.decimals.as_ref().and_then(number)),
        ("min", config.min.as_ref().and_then(number)),
        ("max", config.max.as_ref().and_then(number)),
        ("color", config.color.as_ref().map(|color| format!(r#"{{"mode":"fixed","fixedColor":{}}}"#, quoted(color)))),
        ("thresholds", (!config.thresholds.is_empty()).then(|| thresholds(config, &quoted))),
        ("mappings", (!config.mappings.is_empty()).then(|| mappings(config, &quoted))),
    ];
    properties.into_iter().filter_map(|(id, json)| Some((id.to_owned(), json?))).collect()
}

fn thresholds(config: &FieldConfig, quoted: &dyn Fn(&Arc<str>) -> String) -> String {
    let step = |(from, color): &(f64, Arc<str>)| {
        // JSON has no infinity: the base has no value.
        let from = if from.is_finite() { from.to_string() } else { "null".to_owned() };
        format!(r#"{{"value":{from},"color":{}}}"#, quoted(color))
    };
    let steps: Vec<String> = config.thresholds.iter().map(step).collect();
    format!(r#"{{"mode":"absolute","steps":[{}]}}"#, steps.join(","))
}

fn mappings(config: &FieldConfig, quoted: &dyn Fn(&Arc<str>) -> String) -> String {
    let mut json = String::from(r#"[{"type":"value","options":{"#);
    for (index, mapping) in config.mappings.iter().enumerate() {
        let part = |key: &str, text: &Option<Arc<str>>| {
            text.as_ref().map_or_else(String::new, |text| format!(r#""{key}":{},"#, quoted(text)))
        };
        let shown = format!("{}{}", part("text", &mapping.text), part("color", &mapping.color));
        let separator = if index > 0 { "," } else { "" };
        let _ = write!(json, "{separator}{}:{{{}}}", quoted(&mapping.value), shown.trim_end_matches(','));
    }
    json.push_str("}}]");
    json
}
