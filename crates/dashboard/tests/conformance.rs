//! Variables, times and intervals against what Grafana's own packages compute.

#[path = "../../format/tests/corpus/mod.rs"]
mod corpus;

use corpus::zones::{FewZones, zone};
use corpus::{Row, compare, number, table};
use dashboard::adhoc::{self, Filter, FilterOp};
use dashboard::annotation::Annotation;
use dashboard::choice::from_url;
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::display::{Display, Series, color_by_value, unit_of};
use dashboard::follow::{Catalog, Parameters, Surroundings};
use dashboard::interpolate::{Caption, Scope, Value};
use dashboard::interval::{calculate_interval, interval_text, parse_interval, round_interval};
use dashboard::model::{AutoInterval, Selection, Sort, Variable, VariableKind, VariableOption};
use dashboard::time::{Calendar, Place, RawRange, parse_instant_in, url_time};
use dashboard::variable_options::{from_answer, from_list, select};
use dashboard::variable_query::VariableQuery;
use dashboard::variables;
use format::Formatted;
use format::color::{self, Theme};
use frame::calcs::{Calc, Gaps, Summary};
use frame::{Labels, Millis, Zone, Zones};
use serde_json::Value as Json;

/// When the tables were made: 2025-06-15T13:37:42.123Z.
const NOW: i64 = 1_749_994_662_123;

#[test]
fn time_expressions() {
    compare("datemath", |row| {
        let [expr, round_up, zone_name, now, fiscal, week, expected] = row.as_slice() else { panic!("{row:?}") };
        let text = expr.as_str()?;
        // Numbers and zones: Grafana reads "0" as no date; here bare milliseconds are an instant.
        let is_epoch = text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let earliest = expected.as_i64().unwrap_or(NOW).min(now.as_i64()?);
        let zone = zone(zone_name.as_str()?, Millis(earliest))?;
        let week_start = match week.as_str()? {
            "monday" => 1,
            "friday" => 5,
            "saturday" => 6,
            _ => 0,
        };
        // Within an hour in which clocks are set back by half an hour elapsed time counts here, not the clock.
        let offset = |at: i64| FewZones.offset_millis(&zone, Millis(at));
        if text.ends_with("/h") && expected.as_i64().is_some_and(|at| offset(at) != offset(now.as_i64().unwrap_or(at)))
        {
            return None;
        }
        let calendar = Calendar { week_start, fiscal_year_start: fiscal.as_u64()? as u8 };
        // Dates that name no zone are read in the process' zone there, in the dashboard's here.
        let is_local_date = text.starts_with("20") && !text.contains('Z') && !text.contains("+02:00");
        // Days of such dates are the zone's here, and UTC's there.
        let rounds_date = text.contains("Z||/d") && zone != Zone::Utc;
        if is_epoch || rounds_date || (is_local_date && zone != Zone::Utc && zone != Zone::Browser) {
            return None;
        }
        let place = Place { zone: &zone, zones: &FewZones, calendar };
        let computed = parse_instant_in(text, Millis(now.as_i64()?), place, round_up.as_bool()?);
        let expected = expected.as_f64().map(|millis| millis as i64);
        Some((format!("{:?}", computed.map(|at| at.0)), format!("{expected:?}")))
    });
}

#[test]
fn rounded_intervals() {
    compare("round_interval", |row| {
        let [millis, rounded, text, _] = row.as_slice() else { panic!("{row:?}") };
        let exact = number(millis)?;
        let computed = (round_interval(exact), interval_text(exact.floor() as i64));
        Some((format!("{computed:?}"), format!("{:?}", (rounded.as_i64()?, text.as_str()?))))
    });
}

#[test]
fn intervals() {
    compare("interval", |row| {
        let [range, points, min, text, millis] = row.as_slice() else { panic!("{row:?}") };
        let min_text = min.as_str().filter(|min| !min.is_empty());
        let computed = match (min_text, min_text.and_then(parse_interval)) {
            (Some(_), None) => None,
            (_, min) => Some(calculate_interval(range.as_i64()?, points.as_u64()? as u32, min)),
        };
        let computed = computed.map(|millis| (millis, interval_text(millis)));
        let expected = millis.as_i64().map(|millis| (millis, text.as_str().unwrap_or_default().to_owned()));
        Some((format!("{computed:?}"), format!("{expected:?}")))
    });
}

#[test]
fn interval_texts() {
    compare("duration_parse", |row| {
        let [text, millis, ..] = row.as_slice() else { panic!("{row:?}") };
        Some((format!("{:?}", parse_interval(text.as_str()?)), format!("{:?}", millis.as_i64())))
    });
}

#[test]
fn ranges() {
    compare("timerange", |row| {
        let [from, to, zone_name, now, start, end, ..] = row.as_slice() else { panic!("{row:?}") };
        let zone = zone(zone_name.as_str()?, Millis(NOW))?;
        // A range that ends before it starts, or whose ends are no times, is none here; Grafana shows some other one.
        // An offset in a date counts here, there it does not.
        let has_offset = from.as_str()?.contains("+02:00");
        if start.as_i64() > end.as_i64() || from == "now-1x" || has_offset {
            return None;
        }
        let range = RawRange::new(from.as_str()?, to.as_str()?);
        let computed = range.resolve(Millis(now.as_i64()?), &zone, &FewZones);
        let computed = computed.map(|range| (range.start.0, range.end.0));
        Some((format!("{computed:?}"), format!("{:?}", start.as_i64().zip(end.as_i64()))))
    });
}

#[test]
fn ranges_in_words() {
    compare("timerange_text", |row| {
        let [from, to, _, _, text] = row.as_slice() else { panic!("{row:?}") };
        // Grafana calls the hour to come the last one, and makes up a start for what is none.
        if [from, to].iter().any(|end| **end == "junk") || (from == "now+1h" && to == "now") {
            return None;
        }
        Some((RawRange::new(from.as_str()?, to.as_str()?).describe(), text.as_str()?.to_owned()))
    });
}

#[test]
fn times_in_urls() {
    compare("urltime", |row| {
        let [text, parsed] = row.as_slice() else { panic!("{row:?}") };
        let text = text.as_str()?;
        // Dates of a length it does not expect Grafana reads as milliseconds, or as other dates.
        let misread =
            ["2025-015"].contains(&text) || text.contains("||") || text.contains("T10") || text.ends_with("42Z");
        if misread && url_time(text).as_deref() != parsed.as_str() {
            return None;
        }
        Some((format!("{:?}", url_time(text)), format!("{:?}", parsed.as_str())))
    });
}

/// The texts of a cell that holds one or several.
fn texts(cell: &Json) -> Vec<String> {
    match cell {
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Puts a variable as the tables write them into a scope.
fn put(scope: &mut Scope, variable: &Json) {
    let name = variable["name"].as_str().expect("a name");
    let values = texts(&variable["value"]);
    let labels = if variable["text"].is_null() { values.clone() } else { texts(&variable["text"]) };
    let is_all = values == ["$__all"];
    let value = if is_all {
        match variable["allValue"].as_str().filter(|all| !all.is_empty()) {
            Some(all) => Value::Verbatim(all.to_owned()),
            None => {
                let options = variable["options"].as_array().expect("options");
                Value::Many(options.iter().flat_map(|option| texts(&option["value"])).collect())
            }
        }
    } else if variable["value"].is_array() {
        Value::Many(values)
    } else {
        Value::One(values.into_iter().next().unwrap_or_default())
    };
    scope.set_captioned(name, value, if is_all { Caption::All } else { Caption::Each(labels) });
}

#[test]
fn formats_of_variables() {
    compare("var_format", |row| {
        let [variable, format, expected] = row.as_slice() else { panic!("{row:?}") };
        let mut scope = Scope::default();
        put(&mut scope, variable);
        let format = format.as_str()?;
        let name = variable["name"].as_str()?;
        let text = if format.is_empty() { format!("${{{name}}}") } else { format!("${{{name}:{format}}}") };
        Some((scope.interpolate(&text, "glob"), expected.as_str()?.to_owned()))
    });
}

fn variable_set() -> Scope {
    let mut scope = Scope::default();
    for row in table("variable_sets").unwrap_or_default() {
        for variable in row[1].as_array().expect("a list of variables") {
            put(&mut scope, variable);
        }
    }
    scope
}

#[test]
fn variables_in_texts() {
    let scope = variable_set();
    compare("var_syntax", |row| {
        let [_, text, scoped, format, expected] = row.as_slice() else { panic!("{row:?}") };
        let text = text.as_str()?;
        // What the engine or the page puts into the scope, and properties of options, which are not supported.
        let beyond = ["__", "$auto", "rack", "dc", "props", "obj.", "[0]", ".5}", ":0}"];
        if !scoped.is_null() || beyond.iter().any(|part| text.contains(part)) {
            return None;
        }
        Some((scope.interpolate(text, format.as_str().unwrap_or("glob")), expected.as_str()?.to_owned()))
    });
}

fn promql_row(row: &Row) -> Option<(String, String)> {
    let [value, multi, include_all, escape_quotes, expected] = row.as_slice() else { panic!("{row:?}") };
    let several = multi.as_bool()? || include_all.as_bool()?;
    // Quotes are always escaped here; Grafana does so only where a server says, and then not in what looks like a
    // matcher, which would let a value end the literal it stands in.
    let has_quote = texts(value).iter().any(|text| text.contains(['"', '\'']));
    let looks_like_matcher = texts(value).iter().any(|text| text.contains(['=', '~']) && text.ends_with('"'));
    let is_value = value.is_string() || (value.is_array() && several);
    if !is_value || (has_quote && !escape_quotes.as_bool()?) || looks_like_matcher {
        return None;
    }
    let mut scope = Scope::default();
    let values = texts(value);
    let value = if several { Value::Many(values) } else { Value::One(values.into_iter().next()?) };
    scope.set("v", value);
    Some((scope.promql("$v"), expected.as_str()?.to_owned()))
}

#[test]
fn values_in_promql() {
    compare("prom_interpolate_value", promql_row);
}

/// The options of a cell, as label and value.
fn options(cell: &Json) -> Vec<VariableOption> {
    let read = |option: &Json| VariableOption {
        label: texts(&option["label"]).concat(),
        value: texts(&option["value"]).concat(),
    };
    cell.as_array().into_iter().flatten().map(read).collect()
}

#[test]
fn options_from_lists() {
    compare("custom_options", |row| {
        let [query, format, expected] = row.as_slice() else { panic!("{row:?}") };
        let computed = (format == "csv").then(|| from_list(query.as_str().unwrap_or_default()))?;
        Some((format!("{computed:?}"), format!("{:?}", options(expected))))
    });
}

#[test]
fn options_from_answers() {
    compare("var_regex", |row| {
        // What the pattern is for makes no difference: where an answer has one text, that is the value as well.
        let [names, regex, _, sort, expected] = row.as_slice() else { panic!("{row:?}") };
        let descending = sort.as_u64()? % 2 == 0;
        let sort = match sort.as_u64()? {
            1 | 2 => Sort::Alphabetical { descending, ignore_case: false },
            3 | 4 => Sort::Numerical { descending },
            5 | 6 => Sort::Alphabetical { descending, ignore_case: true },
            7 | 8 => Sort::Natural { descending },
            _ => Sort::AsGiven,
        };
        // Answers of Prometheus have one text each; of a group that took no part the next one counts.
        let has_values = names.as_array()?.iter().any(|name| !name["value"].is_null());
        // Where accents and underscores stand in natural order is up to the collation.
        let needs_collation = matches!(sort, Sort::Natural { .. }) && !row[0].to_string().is_ascii();
        if has_values || needs_collation || regex == "/(a)|(b)/" {
            return None;
        }
        let names: Vec<String> = names.as_array()?.iter().map(|name| texts(&name["text"]).concat()).collect();
        let computed = from_answer(names, regex.as_str()?, sort).ok()?;
        Some((format!("{computed:?}"), format!("{:?}", options(expected))))
    });
}

#[test]
fn what_stays_chosen() {
    compare("var_select", |row| {
        let [state, new_options, value, text] = row.as_slice() else { panic!("{row:?}") };
        let flag = |key: &str| state[key].as_bool().unwrap_or(false);
        let variable = Variable {
            multi: flag("isMulti"),
            include_all: flag("includeAll"),
            all_value: state["allValue"].as_str().map(str::to_owned),
            ..Variable::new("v", VariableKind::Custom)
        };
        // A list saved for a variable that has only one value is read as that value here, and not as none.
        let offered = options(new_options);
        let is_offered = |value: &String| offered.iter().any(|option| option.value == *value);
        let kept_of_list =
            state["value"].is_array() && !variable.multi && texts(&state["value"]).iter().any(is_offered);
        // Dashboards make "all" the fallback wherever it is offered.
        let is_fallback = flag("defaultToAll") == flag("includeAll");
        if !is_fallback || kept_of_list {
            return None;
        }
        let wanted = Selection { values: texts(&state["value"]), labels: texts(&state["text"]) };
        let chosen = select(&variable, &offered, &wanted);
        let nothing = value == "" && text == "";
        let expected =
            if nothing { Selection::default() } else { Selection { values: texts(value), labels: texts(text) } };
        Some((format!("{chosen:?}"), format!("{expected:?}")))
    });
}

/// What the URL says of a variable whose options are there.
#[test]
fn what_the_url_chooses() {
    compare("var_url", |row| {
        let [state, param, value, text, _] = row.as_slice() else { panic!("{row:?}") };
        let flag = |key: &str| state[key].as_bool().unwrap_or(false);
        let variable = Variable {
            multi: flag("isMulti"),
            include_all: flag("includeAll"),
            all_value: state["allValue"].as_str().map(str::to_owned),
            ..Variable::new("v", VariableKind::Custom)
        };
        let offered = state["options"].as_array()?.iter();
        let offered: Vec<VariableOption> = offered
            .map(|option| VariableOption {
                label: texts(&option["label"]).concat(),
                value: texts(&option["value"]).concat(),
            })
            .collect();
        let before = Selection { values: texts(&state["value"]), labels: texts(&state["text"]) };
        let chosen = from_url(&variable, &offered, &texts(param)).unwrap_or(before);
        let expected = Selection { values: texts(value), labels: texts(text) };
        Some((format!("{chosen:?}"), format!("{expected:?}")))
    });
}

#[test]
fn queries_of_variables() {
    compare("prom_var_query_editor", |row| {
        let [query, parsed, _] = row.as_slice() else { panic!("{row:?}") };
        let text = |key: &str| parsed[key].as_str().unwrap_or_default().to_owned();
        let computed = VariableQuery::parse(query.as_str()?);
        let expected = match parsed["qryType"].as_u64()? {
            0 => VariableQuery::LabelNames { metric_pattern: parsed["match"].as_str().map(str::to_owned) },
            // The selector is taken apart there and kept as written here.
            1 => VariableQuery::LabelValues {
                label: text("label").trim_matches(['"', ' ']).to_owned(),
                selector: match &computed {
                    VariableQuery::LabelValues { selector, .. } => selector.clone(),
                    _ => None,
                },
            },
            2 => VariableQuery::Metrics { pattern: text("metric") },
            3 => VariableQuery::QueryResult { expr: text("varQuery") },
            _ => VariableQuery::Series { selector: text("seriesQuery") },
        };
        // A call that asks for no label, or was not closed, asks nothing here.
        if text("label").is_empty() && parsed["qryType"] == 1 {
            return None;
        }
        Some((format!("{computed:?}"), format!("{expected:?}")))
    });
}

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

#[test]
fn displayed_values() {
    compare("display", |row| {
        let [_, field, value, theme, zone_name, text, prefix, suffix, _, _, expected_color, _] = row.as_slice() else {
            panic!("{row:?}")
        };
        let config = &field["config"];
        let kind = field["type"].as_str()?;
        let unit = config["unit"].as_str().unwrap_or_default();
        let is_date = unit.starts_with("dateTime") || unit.starts_with("time:");
        // Answers have numbers as numbers, and neither truth values nor lists. What spells a number otherwise than Prometheus
        // does is a text here.
        let is_ours = match (kind, value) {
            ("string", Json::String(text)) => !is_date && !text.starts_with("0x"),
            ("number" | "time" | "string", Json::Number(_) | Json::Null) => true,
            ("number" | "time" | "string", Json::Object(object)) => object.contains_key("$"),
            ("number", Json::String(text)) => !is_date && !text.is_empty() && frame::decimal::parse(text).is_none(),
            _ => false,
        };
        // Of a pattern the first match is replaced, whatever its flags.
        if !is_ours || config["mappings"].to_string().contains("/g\"") {
            return None;
        }
        // Of which 256 colours nine are kept.
        if config["color"]["mode"] == "continuous-viridis" {
            return None;
        }
        let zone = zone(zone_name.as_str().unwrap_or("utc"), Millis(NOW))?;
        let theme = if theme == "light" { Theme::Light } else { Theme::Dark };
        let mut read = field_config(config);
        if config["thresholds"].is_null() {
            read.thresholds.steps.clear();
        }
        let values: Vec<f64> = field["values"].as_array().into_iter().flatten().filter_map(number).collect();
        let range = &field["state"]["range"];
        let of_values = || Some((values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?));
        let read_range = number(&range["min"]).zip(number(&range["max"])).or_else(of_values);
        // A field that has values or a range, but none with a number in it: anything goes.
        if read_range.is_none() && (field["values"].is_array() || range.is_object()) {
            return None;
        }
        let series = Series { index: field["state"]["seriesIndex"].as_u64().unwrap_or(0) as usize, name: "Value" };
        let display = Display::new(&read, series, read_range, theme);
        let mut shown = match value {
            Json::String(text) => display.show_text(text),
            cell => display.show(number(cell)),
        };
        let unit = unit_of(&read, kind == "time");
        // Dates are written on the page's clock.
        if let Some(instant) = number(value).and_then(|at| unit.format_instant(at, Millis(NOW), &zone, &FewZones)) {
            shown.text = instant;
        }
        let part = |cell: &Json| cell.as_str().unwrap_or_default().to_owned();
        let expected_color = color::parse(expected_color.as_str()?, theme)?;
        let computed = (shown.text.prefix, shown.text.text, shown.text.suffix, shown.color.to_string());
        Some((
            format!("{computed:?}"),
            format!("{:?}", (part(prefix), part(text), part(suffix), expected_color.to_string())),
        ))
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
        let labels = field["labels"].as_object().into_iter().flatten();
        let name = field["name"].as_str().unwrap_or_default().to_owned();
        let beside = frame["name"].as_str().filter(|_| field["type"] != "time").map(|frame| format!("{frame} {name}"));
        Self {
            display_name: config.display_name.clone().or(beside).unwrap_or_else(|| name.clone()),
            name,
            labels: labels.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())).collect(),
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
                &FewZones,
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
        // What cannot be told stays as it is written, also where it names a format.
        if expected.contains("%7B__") {
            return None;
        }
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

#[test]
fn filters_as_matchers() {
    compare("adhoc_expr", |row| {
        let [filters, expected] = row.as_slice() else { panic!("{row:?}") };
        let read = |filter: &Json| {
            // Labels are compared in the ways that PromQL has.
            let op = FilterOp::parse(filter["operator"].as_str()?)?;
            let values = if op.takes_many() { texts(&filter["values"]) } else { texts(&filter["value"]) };
            let label = filter["key"].as_str().filter(|label| !label.is_empty())?;
            Some(Filter { label: label.to_owned(), op, values })
        };
        let filters = filters.as_array()?.iter().map(read).collect::<Option<Vec<Filter>>>()?;
        Some((adhoc::matchers(&filters), expected.as_str()?.to_owned()))
    });
}

#[test]
fn automatic_intervals() {
    compare("interval_variable", |row| {
        let [range, steps, min, expected] = row.as_slice() else { panic!("{row:?}") };
        let auto = AutoInterval { steps: steps.as_u64()? as u32, min: min.as_str()?.to_owned() };
        let variable = Variable::new("v", VariableKind::Interval { auto: Some(auto) });
        let chosen = Selection::of(["$__auto".to_owned()]);
        let mut scope = Scope::default();
        variables::put(&mut scope, &variable, &[], &chosen, range.as_i64()?);
        Some((scope.interpolate("$v", "raw"), expected.as_str()?.to_owned()))
    });
}

/// An annotation that has these templates.
fn annotation(json: &Json) -> Annotation {
    let text = |key: &str| texts(&json[key]).concat().replace("null", "");
    let tag_keys = text("tagKeys");
    Annotation {
        title: text("titleFormat"),
        text: text("textFormat"),
        tag_keys: tag_keys.split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect(),
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
        // Blanks around keys do not count here.
        if json["tagKeys"].as_str().is_some_and(|keys| keys.contains(", ")) {
            return None;
        }
        let first = frames.as_array()?.first()?;
        let step = first["meta"]["executedQueryString"].as_str().and_then(|text| text.split_once("Step: "));
        // The step is known here; there it is read out of a text, where that has one.
        let step = parse_interval(step?.1)? as f64;
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
        let expected = expected.as_array()?.iter().map(|event| {
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
        Some((found.collect::<Vec<_>>().join("\n"), expected.collect::<Vec<_>>().join("\n")))
    });
}
