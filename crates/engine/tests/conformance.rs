//! What is asked, and what its answers are called, against what Grafana's own packages do.
//!
//! Rows that differ, and are compared for everything but that:
//!
//! | Row | Here | There |
//! |---|---|---|
//! | an ad hoc filter with a quote or a backslash | is escaped | ends the literal: the query is broken |
//! | an ad hoc filter by another operator than PromQL's | none | a broken query |
//! | blanks, quotes and a last comma in a selector | as they were written | written anew |
//! | a blank around the label of `label_values` | does not count | is part of its name: no values |
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
#[path = "../../dashboard/tests/tables/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod tables;

use corpus::{Compared, compare, table};
use dashboard::adhoc::{Filter, FilterOp};
use dashboard::display::{Display, Series, unit_of};
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{AutoInterval, Selection, Variable, VariableKind};
use dashboard::time::RawRange;
use dashboard::transform::names::Names;
use dashboard::transform::{Table, prometheus};
use dashboard::variable_query::{Texts, VariableQuery, with_built_ins};
use dashboard::variables;
use engine::shape::values;
use engine::{Engine, Fetch, Input, Output, PanelSpec, Placement, QuerySpec, Settings, SourceFilters, View};
use format::color::Theme;
use frame::calcs::Calc;
use frame::{Frame, Millis, TimeRange, Times, Zone, Zones, gap_between, is_gap};
use promapi::{Budget, Decoder, Expect, QueryResult, ResponseHead, judge};
use serde_json::{Value as Json, json};
use std::rc::Rc;
use std::sync::Arc;

/// 2025-06-15T13:37:42.123Z.
const NOW: Millis = Millis(1_749_994_662_123);
const SIX_HOURS: TimeRange = TimeRange { start: Millis(1_749_973_062_123), end: NOW };

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

/// A filter as the tables write it; none for an operator that PromQL has not.
fn filter(json: &Json) -> Option<Filter> {
    let op = FilterOp::parse(json["operator"].as_str().unwrap_or("="))?;
    let values = if op.takes_many() { texts(&json["values"]) } else { texts(&json["value"]) };
    Some(Filter { label: json["key"].as_str()?.to_owned(), op, values })
}

fn texts(cell: &Json) -> Vec<String> {
    match cell {
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// A query as it is written anew, so that blanks and quotes make no difference; broken ones as they are.
fn rewritten(query: &str) -> String {
    promql::print::format(query).unwrap_or_else(|_| query.to_owned())
}

/// A literal in a query that is not escaped there, and is here.
fn escaped(query: &str, value: &str) -> String {
    let literal = value.replace('\\', "\\\\").replace('"', "\\\"");
    if literal == value { query.to_owned() } else { query.replace(&format!("\"{value}\""), &format!("\"{literal}\"")) }
}

#[test]
fn filters_in_queries() {
    compare("add_label", |row| {
        let [expr, key, value, operator, result] = row.as_slice() else { panic!("{row:?}") };
        let filter = filter(&json!({ "key": key, "value": value, "operator": operator.as_str().unwrap_or("=") }))?;
        let computed = engine::add_filters(expr.as_str()?, &[filter]).unwrap();
        Some((rewritten(&computed), rewritten(&escaped(result.as_str()?, value.as_str()?))))
    });
}

/// The variables of the tables.
fn all_variables() -> Scope {
    let mut scope = Scope::default();
    for row in table("variable_sets").unwrap_or_default() {
        for variable in row[1].as_array().unwrap() {
            let name = variable["name"].as_str().unwrap();
            match variable["autoEnabled"] == true {
                true => put_interval(name, variable, &mut scope),
                false => scope.set(name, value(variable)),
            }
        }
    }
    scope
}

/// An interval that follows the time range.
fn put_interval(name: &str, json: &Json, scope: &mut Scope) {
    let steps = json["autoStepCount"].as_u64().unwrap() as u32;
    let auto = AutoInterval { steps, min: texts(&json["autoMinInterval"]).concat() };
    let variable = Variable::new(name, VariableKind::Interval { auto: Some(auto) });
    variables::put(scope, &variable, &[], &Selection::of(texts(&json["value"])), SIX_HOURS.millis());
}

fn value(variable: &Json) -> Value {
    let is_all = variable["value"] == json!(["$__all"]);
    match (is_all, &variable["allValue"], &variable["value"]) {
        (true, Json::String(all), _) => Value::Verbatim(all.clone()),
        (true, ..) => {
            Value::Many(variable["options"].as_array().unwrap().iter().flat_map(|of| texts(&of["value"])).collect())
        }
        (_, _, Json::Array(values)) => Value::Many(values.iter().flat_map(texts).collect()),
        (_, _, one) => Value::One(texts(one).concat()),
    }
}

/// An engine that shows one panel, and its first fetch.
fn asked(spec: PanelSpec, view: View) -> (Engine, Option<Fetch>) {
    let (engine, fetches) = all_asked(spec, view);
    (engine, fetches.into_iter().next())
}

/// An engine that shows one panel, and what that asks.
fn all_asked(spec: PanelSpec, view: View) -> (Engine, Vec<Fetch>) {
    let mut engine = Engine::new(Settings::default(), Rc::new(Utc));
    engine.set_filtering(engine::add_filters);
    let id = spec.id.clone();
    let range = RawRange::new("2025-06-15T07:37:42.123Z", "2025-06-15T13:37:42.123Z");
    engine.handle_input(Input::Show(View { range, panels: vec![spec], ..view }), NOW);
    engine.handle_input(Input::Place(id, Placement { width_px: 1000, visible: true }), NOW);
    let outputs = std::iter::from_fn(|| engine.poll_output());
    let fetches = outputs.filter_map(|output| match output {
        Output::Fetch(fetch) => Some(fetch),
        _ => None,
    });
    let fetches = fetches.collect();
    (engine, fetches)
}

#[test]
fn queries_as_they_are_sent() {
    let scope = all_variables();
    compare("prom_expr", |row| {
        let [_, target, scoped, filters, _, expr, ..] = row.as_slice() else { panic!("{row:?}") };
        let written = target["expr"].as_str()?;
        let all = filters.as_array().cloned().unwrap_or_default();
        let Some(filters) = all.iter().map(filter).collect::<Option<Vec<Filter>>>() else {
            return Some(Compared::left_out("a filter by another comparison than PromQL's"));
        };
        let has_many = scoped.as_object().is_some_and(|scoped| scoped.values().any(|one| one["value"].is_array()));
        let mut local = Scope::default();
        for (name, variable) in scoped.as_object().into_iter().flatten() {
            local.set(name, value(variable));
        }
        let query = QuerySpec {
            ref_id: "A".into(),
            expr: written.into(),
            interval: Some("5m".into()),
            legend: target["legendFormat"].as_str().unwrap_or_default().into(),
            ..QuerySpec::default()
        };
        let spec = PanelSpec {
            id: "p".into(),
            source: "prom".into(),
            local: local.clone(),
            queries: vec![query],
            ..PanelSpec::default()
        };
        let expected = all.iter().fold(expr.as_str()?.to_owned(), |expr, filter| {
            texts(&filter["value"]).iter().fold(expr, |expr, value| escaped(&expr, value))
        });
        let filters = vec![SourceFilters { source: "prom".into(), filters }];
        let (_, fetch) = asked(spec, View { scope: scope.clone(), filters, ..View::default() });
        let sent = fetch.and_then(|fetch| {
            let (_, query) = fetch.request.params.into_iter().find(|(name, _)| name == "query")?;
            Some(query)
        });
        // What the backend puts in there is put in here before.
        let backend =
            [("$__interval_ms", "300000"), ("$__interval", "5m"), ("$__rate_interval", "20m"), ("$__range", "6h")];
        let expected = backend.iter().fold(expected, |expr, (name, value)| expr.replace(name, value));
        let compared = Compared::from((rewritten(&sent.unwrap_or_default()), rewritten(&expected)));
        Some(compared.unless(has_many, "several values of a variable that a panel is copied for, which has one"))
    });
}

/// An answer of the server to a query, as a table of a panel: one series, with the name that the server gives it
/// there.
fn series_table(frame: &Json) -> Vec<Table> {
    let (times, value) = (&frame["fields"][0]["values"], &frame["fields"][1]);
    let instants = times.as_array().unwrap().iter().map(|at| Millis(at.as_i64().unwrap())).collect();
    let numbers = value["values"].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    let labels =
        value["labels"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let answer = Frame::series(Times::Explicit(instants), [(labels.collect(), numbers)]);
    let named = value["config"]["displayNameFromDS"].as_str().map(Arc::from);
    prometheus::series(answer, None, frame["refId"].as_str().unwrap(), &|_| named.clone())
}

/// What series are called in a panel that shapes them, as by a transformation.
#[test]
fn names_of_shaped_series() {
    compare("legend_auto", |row| {
        let [targets, frames, names] = row.as_slice() else { panic!("{row:?}") };
        let legend_of = |table: &Table| {
            let target =
                targets.as_array().unwrap().iter().find(|target| target["refId"].as_str() == table.ref_id.as_deref());
            target.unwrap()["legendFormat"].clone()
        };
        let mut tables: Vec<Table> = frames.as_array()?.iter().flat_map(series_table).collect();
        prometheus::name_automatically(&mut tables, &|table| legend_of(table) == "__auto");
        let named = Names::of(&tables);
        let computed: Vec<Vec<Arc<str>>> =
            tables.iter().map(|table| vec![named.of_table(table).pop().unwrap()]).collect();
        Some((format!("{computed:?}"), names.to_string().replace(',', ", ").replace(",  ", ", ")))
    });
}

/// What series are called in any other panel.
#[test]
fn names_of_series() {
    compare("legend_auto", |row| {
        let [targets, frames, names] = row.as_slice() else { panic!("{row:?}") };
        let of = |ref_id: &Json| -> Vec<&Json> {
            frames.as_array().unwrap().iter().filter(|frame| frame["refId"] == *ref_id).collect()
        };
        // The names of series without labels are the server's as well.
        let is_other = |frame: &&Json| {
            let target = targets.as_array().unwrap().iter().find(|target| target["refId"] == frame["refId"]).unwrap();
            target["legendFormat"] != "__auto" || frame["fields"][1]["labels"] == json!({})
        };
        if frames.as_array()?.iter().any(|frame| is_other(&frame)) {
            return Some(Compared::left_out("names that are the server's there, which the table does not have"));
        }
        let queries: Vec<QuerySpec> = targets
            .as_array()?
            .iter()
            .map(|target| QuerySpec {
                ref_id: target["refId"].as_str().unwrap().into(),
                expr: target["expr"].as_str().unwrap().into(),
                legend: target["legendFormat"].as_str().unwrap_or_default().into(),
                interval: Some("15s".into()),
                ..QuerySpec::default()
            })
            .collect();
        let exprs: Vec<String> = queries.iter().map(|query| query.expr.clone()).collect();
        let spec = PanelSpec { id: "p".into(), queries, ..PanelSpec::default() };
        let (mut engine, fetches) = all_asked(spec, View::default());
        for fetch in fetches {
            let (_, expr) = fetch.request.params.iter().find(|(name, _)| name == "query").unwrap();
            let place = exprs.iter().position(|known| known == expr).unwrap();
            let series: Vec<Json> = of(&targets[place]["refId"]).into_iter().map(series_of).collect();
            let body = json!({ "status": "success", "data": { "resultType": "matrix", "result": series } }).to_string();
            let mut decoder = Decoder::new(fetch.expect, fetch.budget);
            let decoded = decoder.push(body.as_bytes()).and_then(|()| decoder.finish());
            let head = ResponseHead { status: 200, content_type: "application/json", ..ResponseHead::default() };
            let outcome = judge(&head, decoded);
            engine.handle_input(Input::Fetched { id: fetch.id, outcome, took_millis: 100 }, NOW);
        }
        let picture = engine.picture(&"p".into())?;
        let computed: Vec<Vec<&str>> = picture.series.iter().map(|series| vec![series.name.as_str()]).collect();
        Some((json!(computed).to_string(), names.to_string()).into())
    });
}

/// A series as Prometheus writes it.
fn series_of(frame: &Json) -> Json {
    let times = frame["fields"][0]["values"].as_array().unwrap().iter();
    let values = frame["fields"][1]["values"].as_array().unwrap().iter();
    let points: Vec<Json> =
        times.zip(values).map(|(time, value)| json!([time.as_i64().unwrap() / 1_000, value.to_string()])).collect();
    json!({ "metric": frame["fields"][1]["labels"], "values": points })
}

/// The values of a stat. Percent and course are compared by other tables.
#[test]
fn values_of_a_stat() {
    compare("field_display", |row| {
        let [frames, reduce, config, expected] = row.as_slice() else { panic!("{row:?}") };
        let tables: Vec<Table> = frames.as_array()?.iter().map(tables::table).collect();
        let wanted = texts(&reduce["fields"]).concat().replace("null", "");
        let calcs: Vec<Calc> = texts(&reduce["calcs"]).iter().filter_map(|id| Calc::parse(id)).collect();
        let calcs = if calcs.is_empty() { vec![Calc::Last] } else { calcs };
        let every_row = reduce["values"] == true;
        let rows = every_row.then(|| reduce["limit"].as_u64().map_or(25, |limit| limit as u32));
        let heads = values(&tables, &[calcs.clone(), vec![Calc::Min, Calc::Max]].concat(), &wanted, rows);

        let config: Json = serde_json::from_str(&config.to_string().replace(r#"{"$":"-Infinity"}"#, "null")).unwrap();
        let file = json!({ "schemaVersion": 42, "panels": [{ "type": "stat", "fieldConfig": config }] }).to_string();
        let mut fields = dashboard::import(&file).unwrap().dashboard.panels[0].fields.defaults.clone();
        if config["defaults"]["thresholds"].is_null() {
            fields.thresholds.steps.clear();
        }
        let mut found = Vec::new();
        for (place, head) in heads.iter().enumerate() {
            let of_series = Series { index: if every_row { place } else { 0 }, name: "" };
            let name = fields.display_name.clone().unwrap_or_else(|| head.name.clone());
            let shown_calcs = if every_row { 1 } else { calcs.len() };
            for (index, value) in head.calcs.iter().take(shown_calcs).enumerate() {
                let range = head.calcs[head.calcs.len() - 2..].to_vec();
                let range = (range[0] <= range[1]).then_some((range[0], range[1]));
                let display = Display::new(&fields, of_series, range, Theme::Dark);
                let text = head.field.as_ref().and_then(|field| field.text.as_deref()).filter(|_| index == 0);
                let is_time = head.field.as_ref().is_some_and(|field| field.is_time);
                let instant = unit_of(&fields, is_time).format_instant(*value, NOW, &Zone::Utc, &Utc);
                let mut shown = match text {
                    Some(text) => display.show_text(text),
                    None => display.show((!is_gap(*value)).then_some(*value)),
                };
                // Dates are written on the page's clock.
                if let Some(instant) = instant.filter(|_| !is_gap(*value)) {
                    shown.text = instant;
                }
                let calc = if every_row { "".into() } else { calcs[index].id() };
                let [text, suffix] = [&shown.text.text, &shown.text.suffix];
                found.push(format!("{calc} {name}: {text} {suffix} {}", shown.color));
            }
        }
        let part = |value: &Json, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let one = |value: &Json| {
            let color = part(value, "color").to_lowercase();
            format!(
                "{} {}: {} {} {color}",
                part(value, "name"),
                part(value, "title"),
                // Instants within a minute have milliseconds there.
                part(value, "text").trim_end_matches(".000"),
                part(value, "suffix")
            )
        };
        // "No data" is what the panel says, and no value.
        let expected = expected.as_array()?.iter().filter(|value| value["name"] != "No data");
        Some((found.join("\n"), expected.map(one).collect::<Vec<_>>().join("\n")))
    });
}

/// Where lines are interrupted: there one missing point is put behind the other, and some around the data, which no line
/// shows.
#[test]
fn gaps_of_lines() {
    compare("null_insert", |row| {
        let [times, _, interval, longest, _, _, expected_times, expected] = row.as_slice() else { panic!("{row:?}") };
        let instants: Vec<Millis> = times.as_array()?.iter().filter_map(Json::as_i64).map(Millis).collect();
        let longest = longest.as_i64().or(interval.as_i64());
        let broken: Vec<bool> =
            instants.windows(2).map(|pair| gap_between(pair[0], pair[1], longest).is_some()).collect();
        let points: Vec<(i64, bool)> = expected_times
            .as_array()?
            .iter()
            .zip(expected.as_array()?)
            .map(|(at, value)| (at.as_i64().unwrap(), value.is_null()))
            .collect();
        let mut expected: Vec<bool> = Vec::new();
        let mut is_broken = None;
        for (_, is_gap) in points {
            match (is_gap, is_broken) {
                (true, None) => {}
                (true, Some(_)) => is_broken = Some(true),
                (false, before) => {
                    expected.extend(before);
                    is_broken = Some(false);
                }
            }
        }
        Some((format!("{broken:?}"), format!("{expected:?}")))
    });
}

/// Texts as Prometheus writes numbers; what it never writes is refused here, and read as far as it goes there.
#[test]
fn samples_as_they_are_sent() {
    compare("sample_value", |row| {
        let [text, expected] = row.as_slice() else { panic!("{row:?}") };
        let text = text.as_str()?;
        let body = json!({ "status": "success", "data": { "resultType": "vector",
            "result": [{ "metric": {}, "value": [1, text] }] } });
        let mut decoder = Decoder::new(Expect::Any, Budget { bytes: 1_000, samples: 10, series: 10 });
        let answer = decoder.push(body.to_string().as_bytes()).and_then(|()| decoder.finish());
        let computed = answer.map(|answer| match answer.result {
            QueryResult::Vector(vector) => vector.series[0].1,
            other => panic!("{other:?}"),
        });
        let is_refused = computed.is_err();
        Some(
            Compared::debug(&computed, &Ok::<f64, ()>(corpus::number(expected).unwrap_or(f64::NAN)))
                .unless(is_refused, "a text that is no number makes the answer a broken one"),
        )
    });
}

/// What the table asks with, beside the query of a variable, that is here to be had: how often the data source scrapes.
fn scrape_interval_millis(options: &Json) -> i64 {
    options["timeInterval"].as_str().map_or(15_000, |text| dashboard::interval::parse_interval(text).unwrap())
}

#[test]
fn queries_of_variables() {
    let scope = all_variables();
    compare("prom_var_query", |row| {
        let [query, options, requests, _] = row.as_slice() else { panic!("{row:?}") };
        let query = query.as_str()?;
        let scope = with_built_ins(&scope, SIX_HOURS, scrape_interval_millis(options));
        let texts = VariableQuery::parse(query).texts(&scope);
        let asks_names = matches!(texts, Some(Texts::LabelValues { .. } | Texts::LabelNames { .. }));
        // For servers older than Prometheus 2.24, which know no selector beside a label, names are read off series there.
        let is_off_series = options["seriesEndpoint"] == true && asks_names;
        let request = texts.map(|texts| engine::texts::request(&texts, SIX_HOURS, 30));
        // Limits and time-outs are the page's own, further parameters and methods those of its access to a data source.
        let mut computed: Vec<(String, String)> = Vec::new();
        for request in request.iter() {
            computed.push(("path".into(), format!("api/v1/{}", request.path)));
            let params = request.params.iter().filter(|(name, _)| !matches!(name.as_str(), "limit" | "timeout"));
            computed.extend(params.cloned());
        }
        let mut expected: Vec<(String, String)> = Vec::new();
        for request in requests.as_array()? {
            expected.push(("path".into(), request[1].as_str()?.to_owned()));
            let params = request[2].as_object()?.iter();
            let params = params.filter(|(name, _)| !matches!(name.as_str(), "limit" | "x" | "y"));
            expected.extend(params.map(|(name, value)| (name.clone(), texts_of(value))));
        }
        // How coarse the times of names are, so that answers can be kept, is no setting here.
        if asks_names && !options["cacheLevel"].is_null() {
            computed.retain(|(name, _)| !is_time(name));
            expected.retain(|(name, _)| !is_time(name));
        }
        computed.sort();
        expected.sort();
        Some(
            Compared::debug(&computed, &expected)
                .unless(is_off_series, "names read off series, for servers older than Prometheus 2.24")
                .unless(query.starts_with("label_values( "), "blanks around a label do not count"),
        )
    });
}

/// What becomes of the answer to an instant query. All others are texts already.
#[test]
fn texts_of_results() {
    let vector = json!({ "resultType": "vector", "result": [
        { "metric": { "__name__": "up", "job": "n" }, "value": [1_749_994_662, "1"] },
        { "metric": { "job": "m", "x": "a\"b" }, "value": [1_749_994_662, "0.5"] },
        { "metric": {}, "value": [1_749_994_662, "NaN"] },
    ] });
    let scalar = json!({ "resultType": "scalar", "result": [1_749_994_662, "42"] });
    compare("prom_var_query", |row| {
        let [query, _, _, result] = row.as_slice() else { panic!("{row:?}") };
        let query = VariableQuery::parse(query.as_str()?);
        let Some(Texts::Result { expr }) = query.texts(&Scope::default()) else {
            return Some(Compared::left_out("names, values and series, which are texts already"));
        };
        if result["$error"].is_string() {
            return Some(Compared::left_out("a result over time, an error there"));
        }
        let data = if expr.contains("scalar") { &scalar } else { &vector };
        let body = json!({ "status": "success", "data": data }).to_string();
        let computed = engine::texts::of_result(body.as_bytes()).unwrap();
        // Half a second that one of them is later there: a server writes one instant for all.
        let expected =
            result.as_array()?.iter().map(|entry| texts(&entry["text"]).concat().replace("662500", "662000"));
        Some(Compared::debug(&computed, &expected.collect::<Vec<_>>()))
    });
}

fn is_time(name: &str) -> bool {
    matches!(name, "start" | "end" | "time")
}

fn texts_of(value: &Json) -> String {
    texts(value).concat()
}

#[test]
fn ranges_in_queries_of_variables() {
    compare("prom_vars", |row| {
        let [options, from, to, range_vars, interval_vars, whole_seconds, adjusted] = row.as_slice() else {
            panic!("{row:?}")
        };
        let (from, to) = (from.as_i64()?, to.as_i64()?);
        if to < from {
            return Some(Compared::left_out("a range that ends before it starts"));
        }
        let range = TimeRange::new(from, to);
        // An interval that is no duration is an error there, and cannot be in `config.json`.
        let has_interval = options["timeInterval"] != "bad";
        let scrape = if has_interval { scrape_interval_millis(options) } else { 15_000 };
        let scope = with_built_ins(&Scope::default(), range, scrape);
        let mut names = vec!["__range", "__range_s", "__range_ms"];
        names.extend(["__interval", "__interval_ms"].iter().filter(|_| has_interval));
        let computed: Vec<String> = names.iter().map(|name| scope.interpolate(&format!("${name}"), "raw")).collect();
        let expected = names.iter().map(|name| {
            let of = if name.contains("range") { range_vars } else { interval_vars };
            let value = texts(&of[*name]["value"]).concat();
            // It has its unit here, also where a data source names none.
            if value == "5" { "5s".to_owned() } else { value }
        });
        let sent = |texts: &Texts| {
            let request = engine::texts::request(texts, range, 30);
            let times = request.params.into_iter().filter(|(name, _)| is_time(name));
            times.map(|(_, value)| value).collect::<Vec<String>>()
        };
        let both = |times: &Json| [texts(&times["start"]).concat(), texts(&times["end"]).concat()];
        let (series, labels) = (Texts::Series { matcher: "up".to_owned() }, Texts::LabelNames { matcher: None });
        // How coarse the times of names are, so that answers can be kept, is no setting here.
        let names_times = options["cacheLevel"].is_null().then(|| (sent(&labels), both(adjusted)));
        let (computed_times, expected_times) = names_times.unzip();
        Some(
            (
                format!("{computed:?} {:?} {computed_times:?}", sent(&series)),
                format!("{:?} {:?} {expected_times:?}", expected.collect::<Vec<_>>(), both(whole_seconds)),
            )
                .into(),
        )
    });
}
