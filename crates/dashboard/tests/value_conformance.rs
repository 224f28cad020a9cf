//! Values as they are shown, named and told, against what Grafana's own packages compute.

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
#[allow(dead_code, reason = "other tests use the rest")]
mod variable_set;
#[path = "../../format/tests/corpus/zones.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod zones;

use corpus::{Compared, compare, number};
use dashboard::annotation::Annotation;
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::display::{Display, Series, color_by_value, unit_of, unit_of_instants};
use dashboard::follow::{Catalog, Parameters, Surroundings};
use dashboard::interpolate::Value;
use dashboard::interval::parse_interval;
use dashboard::time::RawRange;
use dashboard::transform::FieldType;
use format::Formatted;
use format::color::{self, Theme};
use format::mapping::Sample;
use frame::calcs::{Calc, Gaps, Summary};
use frame::{Labels, Millis, Zone};
use serde_json::Value as Json;
use variable_set::{NOW, texts, variable_set};
use zones::{Iana, zone};

/// Reads a field's configuration as that of a stat, whose colours are thresholds unless it says otherwise.
fn field_config(config: &Json) -> dashboard::model::FieldConfig {
    let panel = serde_json::json!({"type": "stat", "fieldConfig": {"defaults": finite(config)}});
    let dashboard = serde_json::json!({"title": "", "panels": [panel]}).to_string();
    let imported = dashboard::import(&dashboard).expect("a dashboard");
    imported.dashboard.panels[0].fields.defaults.clone()
}

/// In files the base threshold's value is null, in the tables negative infinity.
fn finite(config: &Json) -> Json {
    let text = config.to_string().replace(r#"{"$":"-Infinity"}"#, "null");
    serde_json::from_str(&text).expect("JSON")
}

/// A value of a field; none for a list or an object.
fn sample(value: &Json) -> Option<Sample<'_>> {
    Some(match value {
        Json::Null => Sample::Missing,
        Json::Bool(flag) => Sample::Bool(*flag),
        Json::String(text) => Sample::Text(text),
        Json::Object(object) if !object.contains_key("$") => return None,
        Json::Array(_) => return None,
        cell => number(cell).map_or(Sample::Missing, Sample::Number),
    })
}

/// Whether a text is of digits and dots alone.
fn date_digits(text: &str) -> bool {
    text.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[test]
fn displayed_values() {
    compare("display", |row| {
        let [_, field, value, theme, zone_name, text, prefix, suffix, numeric, percent, expected_color, icon] =
            row.as_slice()
        else {
            panic!("{row:?}")
        };
        let (config, range) = (&field["config"], &field["state"]["range"]);
        if text.is_object() {
            return Some(Compared::left_out("a mapping by what is no pattern, an error there"));
        }
        let Some((sample, kind)) = sample(value).zip(FieldType::parse(field["type"].as_str()?)) else {
            return Some(Compared::left_out("lists, objects, and fields of enumerated values"));
        };
        let zone = zone(zone_name.as_str().unwrap_or("utc"));
        let theme = if theme == "light" { Theme::Light } else { Theme::Dark };
        let mut read = field_config(config);
        if config["thresholds"].is_null() {
            read.thresholds.steps.clear();
        }
        let values: Vec<f64> = field["values"].as_array().into_iter().flatten().filter_map(number).collect();
        let of_values = || Some((values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?));
        let read_range = number(&range["min"]).zip(number(&range["max"])).or_else(of_values);
        let series = Series { index: field["state"]["seriesIndex"].as_u64().unwrap_or(0) as usize, name: "Value" };
        let display = Display::new(&read, series, read_range, theme).holding(kind);
        let mut shown = display.show_sample(sample);
        // How full a bar in the table is, which is none of a mapped colour, and of what is yes or no.
        let full = number(percent).filter(|_| kind == FieldType::Number).zip(number(numeric));
        let (full, expected_full) = full.map(|(percent, numeric)| (display.fraction(numeric), percent)).unzip();
        // Instants are written on the page's clock, those of a column by how far they are apart.
        let span = of_values().filter(|_| kind == FieldType::Time && values.len() > 1).map(|(min, max)| max - min);
        let of_column = unit_of_instants(&read, span);
        let unit = if of_column.is_instant() { of_column } else { unit_of(&read, kind == FieldType::Time) };
        if let Some(at) = shown.instant {
            shown.text = unit.format_instant(at, Millis(NOW), &zone, &Iana)?;
        }
        let part = |cell: &Json| cell.as_str().unwrap_or_default().to_owned();
        let expected_color = color::parse(expected_color.as_str()?, theme)?.to_string();
        let is_instant_text = unit.is_instant() && matches!(sample, Sample::Text(text) if date_digits(text));
        let has_no_number = read_range.is_none() && (field["values"].is_array() || range.is_object());
        Some(
            Compared::debug(
                &(shown.text.prefix, shown.text.text, shown.text.suffix, shown.color.to_string(), shown.icon, full),
                &(
                    part(prefix),
                    part(text),
                    part(suffix),
                    expected_color,
                    icon.as_str().map(str::to_owned),
                    expected_full,
                ),
            )
            .unless(is_instant_text, "a text of some digits, which is a year or a month there")
            .unless(has_no_number, "a value beside others of which none is a number"),
        )
    });
}

#[test]
fn colors_of_series_by_value() {
    compare("series_color_byvalue", |row| {
        let [theme, field, expected] = row.as_slice() else { panic!("{row:?}") };
        let theme = if theme == "light" { Theme::Light } else { Theme::Dark };
        let config = field_config(&field["config"]);
        let values = field["values"].as_array()?.iter();
        let values: Vec<f64> = values.map(|value| number(value).unwrap_or(frame::GAP)).collect();
        let summary = Summary::of(&values, Gaps::Ignore);
        let value = summary.get(config.color.series_by.calc());
        let (min, max) = (summary.get(Calc::Min), summary.get(Calc::Max));
        let computed = color_by_value(&config, value, (min <= max).then_some((min, max)), theme);
        Some((computed.to_string(), color::parse(expected.as_str()?, theme)?.to_string()))
    });
}

#[test]
fn labels_in_texts() {
    compare("labels", |row| {
        let [function, arguments, expected] = row.as_slice() else { panic!("{row:?}") };
        if function != "formatLabels" {
            return Some(Compared::left_out("labels read from texts, and what sets of them have in common"));
        }
        let labels = labels(&arguments[0]);
        let fields = [DataField { name: "", display_name: "", labels: &labels }];
        let field = DataPoint {
            series: "",
            table: "",
            ref_id: "",
            fields: &fields,
            field: 0,
            value: None,
            time: None,
            row: None,
        };
        let pairs = field.get("__field", Some("formattedLabels"))?;
        let computed = match (arguments[2] == false, pairs.as_str()) {
            (true, "") => texts(&arguments[1]).concat(),
            (true, pairs) => format!("{{{pairs}}}"),
            (false, _) => pairs,
        };
        Some((computed, expected.as_str()?.to_owned()).into())
    });
}

/// A frame's field as it is shown, and the values of its rows.
struct Shown {
    name: String,
    display_name: String,
    labels: Labels,
    is_time: bool,
    display: Display,
    values: Vec<Json>,
}

impl Shown {
    fn of(field: &Json, frame: &Json) -> Self {
        let config = field_config(&field["config"]);
        let name = field["name"].as_str().unwrap_or_default().to_owned();
        let beside = frame["name"].as_str().filter(|_| field["type"] != "time").map(|frame| format!("{frame} {name}"));
        Self {
            display_name: config.display_name.clone().or(beside).unwrap_or_else(|| name.clone()),
            name,
            labels: labels(&field["labels"]),
            is_time: field["type"] == "time",
            display: Display::new(&config, Series::default(), None, Theme::Dark),
            values: field["values"].as_array().cloned().unwrap_or_default(),
        }
    }

    fn value(&self, row: usize) -> DataValue {
        let cell = self.values.get(row).cloned().unwrap_or_default();
        let numeric = cell.as_f64();
        let raw = texts(&cell).concat();
        let shown = match (numeric, cell.as_str()) {
            (Some(millis), _) if self.is_time => Formatted::plain(format::date::pattern(
                Millis(millis as i64),
                "YYYY-MM-DD HH:mm:ss.SSS",
                &Zone::Utc,
                &Iana,
            )),
            (_, Some(text)) => self.display.show_text(text).text,
            (numeric, None) => self.display.show(numeric).text,
        };
        DataValue { raw, numeric: numeric.unwrap_or(f64::NAN), digits: shown.text.clone(), text: shown.to_string() }
    }
}

struct Nowhere;

impl Catalog for Nowhere {
    fn has(&self, _: &str) -> bool {
        false
    }

    fn by_slug(&self, _: &str) -> Option<String> {
        None
    }
}

#[test]
fn what_data_say_in_texts() {
    let mut scope = variable_set();
    scope.set("__from", Value::One("1749973062123".to_owned()));
    let range = RawRange::new("2025-06-15T07:37:42.123Z", "2025-06-15T13:37:42.123Z");
    let parameters = Parameters::new(&range, &Zone::Utc, []);
    compare("macros", |row| {
        let [_, text, context, expected] = row.as_slice() else { panic!("{row:?}") };
        let expected = expected.as_str()?;
        let frame = &context["frames"][context["frameIndex"].as_u64().unwrap_or(0) as usize];
        let shown: Vec<Shown> =
            frame["fields"].as_array().into_iter().flatten().map(|field| Shown::of(field, frame)).collect();
        let fields: Vec<DataField<'_>> = shown
            .iter()
            .map(|field| DataField { name: &field.name, display_name: &field.display_name, labels: &field.labels })
            .collect();
        let field = context["fieldIndex"].as_u64().unwrap_or(0) as usize;
        let row = context["rowIndex"].as_u64().map(|row| row as usize);
        let calculated = context["calculatedValue"].as_object().map(|value| DataValue {
            raw: value["numeric"].to_string(),
            numeric: value["numeric"].as_f64().unwrap_or(f64::NAN),
            digits: texts(&value["text"]).concat(),
            text: format!("{}{}", texts(&value["text"]).concat(), texts(&value["suffix"]).concat()),
        });
        let in_row = |index: usize| {
            shown.get(index).map_or_else(DataValue::default, |field| field.value(row.unwrap_or(usize::MAX)))
        };
        let name = frame["name"].as_str().unwrap_or_default();
        let point = DataPoint {
            series: if name.is_empty() { "up" } else { name },
            table: name,
            ref_id: frame["refId"].as_str().unwrap_or_default(),
            fields: &fields,
            field,
            value: calculated.or_else(|| row.map(|_| in_row(field))),
            time: row.and_then(|row| shown.first()?.values.get(row)?.as_i64()).map(Millis),
            row: row.map(|_| &in_row as &dyn Fn(usize) -> DataValue),
        };
        let data = (!context.is_null()).then_some(&point);
        let around = Surroundings { scope: &scope, parameters: &parameters, data, catalog: &Nowhere };
        Some((around.fill(text.as_str()?, "glob"), expected.to_owned()))
    });
}

/// An annotation that has these templates.
fn annotation(json: &Json) -> Annotation {
    let text = |key: &str| texts(&json[key]).concat().replace("null", "");
    let tag_keys = text("tagKeys");
    Annotation {
        title: text("titleFormat"),
        text: text("textFormat"),
        tag_keys: tag_keys.split(',').map(str::to_owned).filter(|key| !key.is_empty()).collect(),
        use_value_for_time: json["useValueForTime"] == true || json["useValueForTime"] == "off",
        ..Annotation::default()
    }
}

fn labels(json: &Json) -> Labels {
    let pairs = json.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())).collect()
}

#[test]
fn titles_of_events() {
    compare("legend_render", |row| {
        let [pattern, of_series, expected] = row.as_slice() else { panic!("{row:?}") };
        let annotation = annotation(&serde_json::json!({ "titleFormat": pattern }));
        let events = annotation.events(&labels(of_series), &[1.0], &[1.0], 1.0);
        Some((events.into_iter().map(|event| event.title).collect(), expected.as_str()?.to_owned()))
    });
}

#[test]
fn events_of_answers() {
    compare("prom_annotations", |row| {
        let [json, frames, expected] = row.as_slice() else { panic!("{row:?}") };
        // The step is known here; there it is read out of a text, or else a minute.
        let step = frames[0]["meta"]["executedQueryString"].as_str().and_then(|text| text.split_once("Step: "));
        let step = step.and_then(|(_, step)| parse_interval(step)).unwrap_or(60_000) as f64;
        if expected["$error"].is_string() {
            return Some(Compared::left_out("a distance of points that is no length of time, an error there"));
        }
        let annotation = annotation(json);
        let mut found = Vec::new();
        for frame in frames.as_array()? {
            let numbers = |field: usize| -> Vec<f64> {
                let values = frame["fields"][field]["values"].as_array().into_iter().flatten();
                values.map(|value| number(value).unwrap_or(f64::NAN)).collect()
            };
            let of_series = labels(&frame["fields"][1]["labels"]);
            found.extend(annotation.events(&of_series, &numbers(0), &numbers(1), step));
        }
        let found = found.iter().map(|event| {
            let mut tags = event.tags.clone();
            tags.sort();
            format!("{} {} {:?} {:?} {tags:?}", event.start, event.end, event.title, event.text)
        });
        let expected = expected.as_array().into_iter().flatten().map(|event| {
            let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            let mut tags = texts(&event["tags"]);
            tags.sort();
            let (start, end) = (event["time"].as_f64(), event["timeEnd"].as_f64());
            format!(
                "{} {} {:?} {:?} {tags:?}",
                start.unwrap_or(f64::NAN),
                end.unwrap_or(f64::NAN),
                text("title"),
                text("text")
            )
        });
        Some((found.collect::<Vec<_>>().join("\n"), expected.collect::<Vec<_>>().join("\n")).into())
    });
}
