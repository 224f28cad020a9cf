//! Variables, times and intervals against what Grafana's own packages compute.

#[path = "../../format/tests/corpus/mod.rs"]
mod corpus;
#[path = "../../format/tests/corpus/zones.rs"]
mod zones;

use corpus::{Compared, Row, SOFT, compare, number, table};
use dashboard::adhoc::{self, Filter, FilterOp};
use dashboard::annotation::Annotation;
use dashboard::choice::from_url;
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::display::{Display, Series, color_by_value, unit_of};
use dashboard::follow::{Catalog, Parameters, Surroundings, put_range};
use dashboard::interpolate::{Caption, Scope, Value};
use dashboard::interval::{calculate_interval, interval_text, parse_interval, round_interval};
use dashboard::model::{AutoInterval, Selection, Sort, Variable, VariableKind, VariableOption};
use dashboard::time::{Calendar, Place, RawRange, parse_instant_in, url_time};
use dashboard::transform::FieldType;
use dashboard::variable_options::{from_answer, from_json, from_list, select};
use dashboard::variable_query::VariableQuery;
use dashboard::variables;
use format::Formatted;
use format::color::{self, Theme};
use format::date::DateStyle;
use format::mapping::Sample;
use frame::calcs::{Calc, Gaps, Summary};
use frame::{Labels, Millis, TimeRange, Zone};
use serde_json::Value as Json;
use zones::{Iana, zone};

/// When the tables were made: 2025-06-15T13:37:42.123Z.
const NOW: i64 = 1_749_994_662_123;
const SIX_HOURS: TimeRange = TimeRange { start: Millis(1_749_973_062_123), end: Millis(NOW) };

#[test]
fn time_expressions() {
    compare("datemath", |row| {
        let [expr, round_up, zone_name, now, fiscal, week, expected] = row.as_slice() else { panic!("{row:?}") };
        let text = expr.as_str()?;
        // What does not begin with now is read on the clock of the process there: the browser's.
        let zone = if text.starts_with("now") { zone(zone_name.as_str()?) } else { Zone::Browser };
        let week_start = match week.as_str()? {
            "monday" => 1,
            "friday" => 5,
            "saturday" => 6,
            _ => 0,
        };
        let calendar = Calendar { week_start, fiscal_year_start: fiscal.as_u64()? as u8 };
        let place = Place { zone: &zone, zones: &Iana, calendar };
        let computed = parse_instant_in(text, Millis(now.as_i64()?), place, round_up.as_bool()?);
        let expected = expected.as_f64().map(|millis| millis as i64);
        let is_epoch = text.bytes().all(|byte| byte.is_ascii_digit());
        Some(Compared::debug(&computed.map(|at| at.0), &expected).unless(is_epoch, "epoch milliseconds are an instant"))
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
            (_, min) => Some(calculate_interval(range.as_i64()?, points.as_f64()?, min)),
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
        let zone = zone(zone_name.as_str()?);
        let place = Place { zone: &zone, zones: &Iana, calendar: Calendar::default() };
        let (from, to, now) = (from.as_str()?, to.as_str()?, Millis(now.as_i64()?));
        let ends = [(from, false), (to, true)].map(|(text, up)| parse_instant_in(text, now, place, up).map(|at| at.0));
        // One that ends before it starts is no range here: its ends are compared.
        let range = RawRange::new(from, to).resolve(now, &zone, &Iana);
        let computed = range.map_or(ends, |range| [Some(range.start.0), Some(range.end.0)]);
        let compared = Compared::debug(&computed, &[start.as_i64(), end.as_i64()]);
        Some(
            compared
                .unless(ends.contains(&None), "what is no time is refused; there it is now, or a year")
                .unless(from.contains('+') && !from.starts_with("now"), "the offset in a date counts"),
        )
    });
}

#[test]
fn ranges_in_words() {
    compare("timerange_text", |row| {
        let [from, to, zone_name, now, text] = row.as_slice() else { panic!("{row:?}") };
        let zone = zone(zone_name.as_str()?);
        let written = |at: Millis| format::date::datetime(at, &zone, &Iana, DateStyle::Full);
        let end = |cell: &Json| cell["$t"].as_i64().map_or_else(|| texts(cell).concat(), |at| at.to_string());
        let (now, place) = (Millis(now.as_i64()?), Place { zone: &zone, zones: &Iana, calendar: Calendar::default() });
        let words = RawRange::new(end(from), end(to)).words(now, place, written);
        let is_no_time = |cell: &Json| parse_instant_in(&end(cell), now, place, false).is_none();
        let is_short = |cell: &Json| cell["$t"].as_i64().is_some_and(|at| at.abs() < 100_000_000);
        let compared: Compared = (words, text.as_str()?.to_owned()).into();
        Some(
            compared
                .unless([from, to].iter().any(|end| is_short(end)), "epoch milliseconds of so few digits are a date")
                .unless([from, to].iter().any(|end| is_no_time(end)), "what is no time is written as it is")
                .unless(texts(from).concat().starts_with("now+"), "a time to come, which is the last one there"),
        )
    });
}

#[test]
fn times_in_urls() {
    compare("urltime", |row| {
        let [text, parsed] = row.as_slice() else { panic!("{row:?}") };
        let Some(text) = text.as_str() else {
            return Some(Compared::left_out("a parameter that is not there, or stands there twice"));
        };
        let is_date = text.contains(['-', 'T', '|']);
        Some(
            Compared::debug(&url_time(text), &parsed.as_str())
                .unless(is_date, "dates in forms that are cut to their year there"),
        )
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
    let values = if variable["value"].is_null() { vec![String::new()] } else { texts(&variable["value"]) };
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

/// Puts an interval that follows the time range into a scope.
fn put_interval(scope: &mut Scope, json: &Json) {
    let steps = json["autoStepCount"].as_u64().expect("steps") as u32;
    let auto = AutoInterval { steps, min: texts(&json["autoMinInterval"]).concat() };
    let variable = Variable::new(texts(&json["name"]).concat(), VariableKind::Interval { auto: Some(auto) });
    variables::put(scope, &variable, &[], &Selection::of(texts(&json["value"])), SIX_HOURS.millis());
}

fn variable_set() -> Scope {
    let mut scope = Scope::default();
    for row in table("variable_sets").unwrap_or_default() {
        for variable in row[1].as_array().expect("a list of variables") {
            match variable["autoEnabled"] == true {
                true => put_interval(&mut scope, variable),
                false => put(&mut scope, variable),
            }
        }
    }
    let written = |at: Millis| format::date::datetime(at, &Zone::Utc, &Iana, DateStyle::Full);
    put_range(&mut scope, SIX_HOURS, &Zone::Utc, written);
    scope
}

/// Parts of texts that ask for what there is not.
const LEFT_OUT: [(&[&str], &str); 2] = [
    (&["host.", "host[", "props", "obj."], "properties of options and of values"),
    (&["__user", "__org", "__theme"], "who looks, of which organisation, and the theme"),
];

#[test]
fn variables_in_texts() {
    let scope = variable_set();
    compare("var_syntax", |row| {
        let [_, text, scoped, format, expected] = row.as_slice() else { panic!("{row:?}") };
        let text = text.as_str()?;
        let mut own = Scope::default();
        for (name, variable) in scoped.as_object().into_iter().flatten() {
            put(&mut own, &serde_json::json!({ "name": name, "value": variable["value"], "text": variable["text"] }));
        }
        let computed = scope.with(&own).interpolate(text, format.as_str().unwrap_or("glob"));
        let compared = Compared::from((computed, expected.as_str()?.to_owned()));
        let reason = LEFT_OUT.iter().find(|(parts, _)| parts.iter().any(|part| text.contains(part)));
        Some(compared.unless(reason.is_some(), reason.map_or("", |(_, reason)| reason)))
    });
}

fn promql_row(row: &Row) -> Option<Compared> {
    let [value, multi, include_all, escape_quotes, expected] = row.as_slice() else { panic!("{row:?}") };
    let several = multi.as_bool()? || include_all.as_bool()?;
    if (value.is_array() && !several) || value.is_object() {
        return Some(Compared::left_out("several values, or none, of a variable that has one"));
    }
    let values = texts(value);
    let has_quote = values.iter().any(|text| text.contains(['"', '\'']));
    let looks_like_matcher = values.iter().any(|text| text.contains(['=', '~']) && text.ends_with('"'));
    let mut scope = Scope::default();
    scope.set("v", if several { Value::Many(values) } else { Value::One(values.into_iter().next()?) });
    let compared = Compared::from((scope.promql("$v"), expected.as_str()?.to_owned()));
    Some(
        compared
            .unless(has_quote && !escape_quotes.as_bool()?, "quotes are escaped whatever a server says")
            .unless(looks_like_matcher, "what looks like a matcher is a value like any other"),
    )
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
        let query = query.as_str().unwrap_or_default();
        let computed = if format == "csv" { from_list(query) } else { from_json(query) };
        // A text that is no list of options gives none.
        let items: Json = serde_json::from_str(query).unwrap_or_default();
        let is_without_value = items.as_array().is_some_and(|items| items.iter().any(|item| item["value"].is_null()));
        Some(Compared::debug(&computed, &options(expected)).unless(is_without_value, "an option without a value"))
    });
}

#[test]
fn options_from_answers() {
    compare("var_regex", |row| {
        let [names, regex, apply_to, sort, expected] = row.as_slice() else { panic!("{row:?}") };
        let descending = sort.as_u64()? % 2 == 0;
        let sort = match sort.as_u64()? {
            1 | 2 => Sort::Alphabetical { descending, ignore_case: false },
            3 | 4 => Sort::Numerical { descending },
            5 | 6 => Sort::Alphabetical { descending, ignore_case: true },
            7 | 8 => Sort::Natural { descending },
            _ => Sort::AsGiven,
        };
        // Answers of Prometheus have one text each. Of those that have two a pattern takes the one it is for.
        let (wanted, other) = if apply_to == "value" { ("value", "text") } else { ("text", "value") };
        let text = |name: &Json| texts(if name[wanted].is_null() { &name[other] } else { &name[wanted] }).concat();
        let entries = names.as_array()?;
        let has_two = entries.iter().any(|name| !name["value"].is_null());
        let needs_collation = matches!(sort, Sort::Natural { .. }) && !names.to_string().is_ascii();
        let computed = from_answer(entries.iter().map(text), regex.as_str()?, sort);
        let expected = if expected["$error"].is_string() { Err(()) } else { Ok(options(expected)) };
        let has_names = expected.iter().flatten().any(|option| option.label != option.value);
        Some(
            Compared::debug(&computed.map_err(|_| ()), &expected)
                .unless(has_two && has_names, "names of values, which no answer of Prometheus has")
                .unless(needs_collation, SOFT)
                .unless(regex == "/(a)|(b)/", "of a group that took no part the next one counts"),
        )
    });
}

#[test]
fn what_stays_chosen() {
    compare("var_select", |row| {
        let [state, new_options, value, text] = row.as_slice() else { panic!("{row:?}") };
        let flag = |key: &str| state[key].as_bool().unwrap_or(false);
        let file = serde_json::json!({ "templating": { "list": [{
            "type": "custom",
            "name": "v",
            "multi": state["isMulti"],
            "includeAll": state["includeAll"],
            "allValue": state["allValue"],
            "current": { "value": state["value"], "text": state["text"] },
        }] } });
        let mut variable = dashboard::import(&file.to_string()).ok()?.dashboard.variables.pop()?;
        let wanted = variable.current.clone();
        let offered = options(new_options);
        // In a dashboard one setting says that all is offered and that it is fallen back on. Of the two there it is the one
        // that the row is about.
        variable.include_all = match (offered.is_empty(), wanted.is_all()) {
            (true, _) => flag("includeAll") || flag("defaultToAll"),
            (false, true) => flag("includeAll"),
            (false, false) => flag("defaultToAll"),
        };
        let chosen = select(&variable, &offered, &wanted);
        let nothing = value == "" && text == "";
        let expected =
            if nothing { Selection::default() } else { Selection { values: texts(value), labels: texts(text) } };
        Some(Compared::debug(&chosen, &expected))
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
        let asks_nothing = text("label").is_empty() && parsed["qryType"] == 1;
        Some(Compared::debug(&computed, &expected).unless(asks_nothing, "values of no label: nothing is asked"))
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
        // Instants are written on the page's clock.
        let unit = unit_of(&read, kind == FieldType::Time);
        if let Some(at) = shown.instant {
            shown.text = unit.format_instant(at, Millis(NOW), &zone, &Iana)?;
        }
        let part = |cell: &Json| cell.as_str().unwrap_or_default().to_owned();
        let expected_color = color::parse(expected_color.as_str()?, theme)?.to_string();
        let is_instant_text = unit.is_instant() && matches!(sample, Sample::Text(text) if date_digits(text));
        let is_within_a_minute = kind == FieldType::Time && !values.is_empty();
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
            .unless(is_within_a_minute, "times within a minute, which have milliseconds there")
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

#[test]
fn filters_as_matchers() {
    compare("adhoc_expr", |row| {
        let [filters, expected] = row.as_slice() else { panic!("{row:?}") };
        let read = |filter: &Json| {
            let op = FilterOp::parse(filter["operator"].as_str()?)?;
            let values = if op.takes_many() { texts(&filter["values"]) } else { texts(&filter["value"]) };
            let label = filter["key"].as_str().filter(|label| !label.is_empty())?;
            Some(Filter { label: label.to_owned(), op, values })
        };
        let filters = filters.as_array()?.iter().map(read).collect::<Option<Vec<Filter>>>();
        Some(match filters {
            Some(filters) => (adhoc::matchers(&filters), expected.as_str()?.to_owned()).into(),
            None => Compared::left_out("a filter by no label, or by another comparison than PromQL's"),
        })
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
