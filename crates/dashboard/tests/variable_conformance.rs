//! Variables, times and intervals against what Grafana's own packages compute.

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
#[allow(dead_code, reason = "other tests use the rest")]
mod variable_set;
#[path = "../../format/tests/corpus/zones.rs"]
mod zones;

use corpus::{Compared, Row, SOFT, compare, number};
use dashboard::adhoc::{self, Filter, FilterOp};
use dashboard::choice::from_url;
use dashboard::interpolate::{Scope, Value};
use dashboard::interval::{calculate_interval, interval_text, parse_interval, round_interval};
use dashboard::model::{AutoInterval, Selection, Sort, Variable, VariableKind, VariableOption};
use dashboard::time::{Calendar, Place, RawRange, parse_instant_in, url_time};
use dashboard::variable_options::{at_first, from_answer, from_json, from_list};
use dashboard::variable_query::VariableQuery;
use dashboard::variables;
use format::date::DateStyle;
use frame::{Millis, Zone};
use serde_json::Value as Json;
use variable_set::{put, texts, variable_set};
use zones::{Iana, zone};

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
        // An instant is a date, as epoch milliseconds of so few digits were one as well.
        let date = |at: i64| format::date::pattern(Millis(at), "YYYY-MM-DDTHH:mm:ss.SSS[Z]", &Zone::Utc, &Iana);
        let end = |cell: &Json| cell["$t"].as_i64().map_or_else(|| texts(cell).concat(), date);
        let (now, place) = (Millis(now.as_i64()?), Place { zone: &zone, zones: &Iana, calendar: Calendar::default() });
        let words = RawRange::new(end(from), end(to)).words(now, place, written);
        let is_no_time = |cell: &Json| parse_instant_in(&end(cell), now, place, false).is_none();
        let compared: Compared = (words, text.as_str()?.to_owned()).into();
        Some(
            compared
                .unless([from, to].iter().any(|end| is_no_time(end)), "what is no time is written as it is")
                .unless(texts(from).concat().starts_with("now+"), "a time to come, which is the last one there"),
        )
    });
}

#[test]
fn times_in_urls() {
    compare("urltime", |row| {
        let [text, parsed] = row.as_slice() else { panic!("{row:?}") };
        // One that is not there is nothing, as an empty one is.
        let Some(text) = text.as_str().or((text["$"] == "undefined").then_some("")) else {
            return Some(Compared::left_out("a parameter that stands there twice"));
        };
        let is_date = text.contains(['-', 'T', '|']);
        Some(
            Compared::debug(&url_time(text), &parsed.as_str())
                .unless(is_date, "dates in forms that are cut to their year there"),
        )
    });
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
    scope.set("v", if several { Value::Many(values.into()) } else { Value::One(values.into_iter().next()?) });
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
        let file = serde_json::json!({ "schemaVersion": 42, "templating": { "list": [{
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
        let chosen = at_first(&variable, Some(&offered));
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
        let before = Selection { values: texts(&state["value"]), labels: texts(&state["text"]) };
        let chosen = from_url(&variable, &options(&state["options"]), &texts(param)).unwrap_or(before);
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
