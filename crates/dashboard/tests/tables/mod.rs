//! Tables as the corpus writes Grafana's data frames.

use dashboard::transform::names::Names;
use dashboard::transform::{Cell, Field, FieldConfig, FieldType, Shape, Table};
use frame::Labels;
use serde_json::Value as Json;
use std::sync::Arc;

/// The table of a frame.
pub fn table(json: &Json) -> Table {
    Table {
        name: json["name"].as_str().map(Arc::from),
        ref_id: json["refId"].as_str().map(Arc::from),
        shape: Shape::parse(json["meta"]["type"].as_str().unwrap_or_default()),
        is_annotation: json["meta"]["dataTopic"] == "annotations",
        hides_header: json["meta"]["custom"]["noHeader"] == true,
        rows: json["length"].as_u64().unwrap() as usize,
        fields: json["fields"].as_array().unwrap().iter().map(field).collect(),
    }
}

fn field(json: &Json) -> Field {
    let config = &json["config"];
    let text = |key: &str| config[key].as_str().map(Arc::from);
    Field {
        name: json["name"].as_str().unwrap_or_default().into(),
        kind: FieldType::parse(json["type"].as_str().unwrap()).unwrap(),
        labels: json["labels"].as_object().map(|labels| {
            let value =
                |value: &Json| value.as_str().map_or_else(|| value.to_string().replace("null", ""), str::to_owned);
            Labels::new(labels.iter().map(|(name, found)| (name.as_str().into(), value(found).into())).collect())
        }),
        config: Arc::new(FieldConfig {
            display_name: text("displayName"),
            display_name_from_source: text("displayNameFromDS"),
            unit: text("unit"),
            decimals: config["decimals"].as_f64(),
            interval_millis: config["interval"].as_f64(),
            filterable: config["filterable"].as_bool(),
            ..FieldConfig::default()
        }),
        values: json["values"].as_array().unwrap().iter().map(cell).collect(),
    }
}

/// The cell of a value.
pub fn cell(json: &Json) -> Cell {
    match json["$"].as_str() {
        Some("NaN") => Cell::Number(f64::NAN),
        Some("Infinity") => Cell::Number(f64::INFINITY),
        Some("-Infinity") => Cell::Number(f64::NEG_INFINITY),
        Some("undefined") => Cell::Absent,
        _ => match json {
            Json::Array(tables) if tables.iter().any(|item| item["fields"].is_array()) => {
                Cell::Tables(tables.iter().map(table).collect())
            }
            Json::Array(items) => Cell::List(items.iter().map(cell).collect()),
            other => Cell::from_json(other),
        },
    }
}

/// A table as a text in which equal tables are equal. `names` is what the fields are shown as.
///
/// Left out: settings of the whole table that come with its shape. `undefined` is as good as `null`.
pub fn text(table: &Table, names: &[String]) -> String {
    let mut out = format!("{:?} {:?} {:?} {} rows", table.name, table.ref_id, table.shape, table.rows);
    out.push_str(if table.is_annotation { " annotation" } else { "" });
    out.push_str(if table.hides_header { " without header" } else { "" });
    for (index, field) in table.fields.iter().enumerate() {
        let labels = field.labels.clone().unwrap_or_default();
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let shown = names.get(index).cloned().unwrap_or_default();
        out.push_str(&format!("\n  {}: {:?} {labels:?} shown as {shown} {:?}", field.name, field.kind, field.config));
        let values = (0..table.rows).map(|row| cell_text(&field.values.get(row)));
        out.push_str(&format!("\n    {}", values.collect::<Vec<_>>().join(" ")));
    }
    out
}

/// A cell as a text in which equal cells are equal.
pub fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Absent | Cell::Null => "-".into(),
        Cell::Number(number) if *number == 0.0 => "0".into(),
        // Eleven digits: sums may be taken in another order.
        Cell::Number(number) if number.fract() != 0.0 => format!("{number:.11e}"),
        Cell::List(items) => format!("[{}]", items.iter().map(cell_text).collect::<Vec<_>>().join(" ")),
        Cell::Tables(tables) => tables.iter().map(|table| text(table, &[])).collect::<Vec<_>>().join("\n"),
        other => format!("{other:?}"),
    }
}

/// The tables of a result as text, with the names that they show.
pub fn result_text(tables: &[Table]) -> String {
    let names = Names::of(tables);
    let shown = |table: &Table| names.of_table(table).iter().map(|name| name.to_string()).collect::<Vec<_>>();
    tables.iter().map(|table| text(table, &shown(table))).collect::<Vec<_>>().join("\n")
}

/// The recorded result as the same text.
pub fn expected_text(frames: &Json) -> String {
    let one = |json: &Json| {
        let shown: Vec<String> = json["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["display"].as_str().unwrap_or_default().into())
            .collect();
        text(&table(json), &shown)
    };
    frames.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join("\n")
}
