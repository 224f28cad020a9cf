//! What a panel's queries become before they are sent, against what Grafana's own packages compute.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;

use corpus::{Compared, compare};
use dashboard::adhoc::{self, Filter, FilterOp};
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{LegendFormat, Target, TargetFormat};
use dashboard::time::RawRange;
use dashboard::time_override::TimeOverride;
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::names::Names;
use dashboard::transform::{Field, FieldType, Table, Values};
use format::pattern::Pattern;
use serde_json::{Value as Json, json};

/// The only query of a panel, as its file has it.
fn target(json: &Json) -> Target {
    let file = json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "targets": [json] }] }).to_string();
    let imported = dashboard::import(&file).unwrap();
    imported.dashboard.panels[0].targets[0].clone()
}

#[test]
fn queries_of_a_target() {
    compare("prom_targets", |row| {
        let [json, _, _, _, sent] = row.as_slice() else { panic!("{row:?}") };
        let target = target(json);
        let computed: Vec<Json> = target
            .asked()
            .map(|asked| {
                json!({
                    "refId": asked.ref_id,
                    "expr": target.expr,
                    "instant": asked.instant,
                    "exemplar": asked.exemplar,
                    "table": target.format == TargetFormat::Table,
                    "legend": match &target.legend {
                        LegendFormat::Auto => "__auto",
                        LegendFormat::Verbose => "",
                        LegendFormat::Template(template) => template,
                    },
                })
            })
            .collect();
        // What is left out names the request, and tells Grafana's server the offset of the zone, which is known here.
        let expected = sent.as_array()?.iter().map(|sent| {
            json!({
                "refId": sent["refId"],
                "expr": sent["expr"],
                "instant": sent["instant"] == true,
                "exemplar": sent["exemplar"],
                "table": sent["format"] == "table",
                "legend": sent["legendFormat"].as_str().unwrap_or_default(),
            })
        });
        Some((json!(computed).to_string(), Json::Array(expected.collect()).to_string()))
    });
}

/// Quotes are always escaped here; Grafana does so only where a server says.
#[test]
fn values_in_literals() {
    compare("prom_escape", |row| {
        let [value, escapes_quotes, regular, regex] = row.as_slice() else { panic!("{row:?}") };
        // Values of variables are texts.
        let Some(text) = value.as_str() else {
            return Some(Compared::left_out("values that are no texts, which no variable has"));
        };
        let has_quote = text.contains(['"', '\'']);
        // So that a matcher is put in as it is, Grafana leaves what looks like one: it would end the literal it stands in.
        let looks_like_matcher = text.contains(['=', '~']) && text.ends_with('"');
        let filled = |value: Value| {
            let mut scope = Scope::default();
            scope.set("v", value);
            scope.promql("$v")
        };
        let one = filled(Value::One(text.to_owned()));
        let many = filled(Value::Many([text.to_owned()].into()));
        let compared = Compared::from(match looks_like_matcher {
            true => (many, regex.as_str()?.to_owned()),
            false => (format!("{one}\n{many}"), format!("{}\n{}", regular.as_str()?, regex.as_str()?)),
        });
        Some(compared.unless(has_quote && !escapes_quotes.as_bool()?, "quotes are escaped whatever a server says"))
    });
}

#[test]
fn values_in_matchers() {
    compare("prom_label_escape", |row| {
        let [value, exact, regex] = row.as_slice() else { panic!("{row:?}") };
        let matcher = |op| {
            let filter = Filter { label: "l".to_owned(), op, values: vec![value.as_str()?.to_owned()] };
            let matcher = adhoc::matchers(&[filter]);
            Some(matcher.split_once('"')?.1.strip_suffix('"')?.to_owned())
        };
        let computed = (matcher(FilterOp::Equal)?, matcher(FilterOp::OneOf)?);
        Some((format!("{computed:?}"), format!("{:?}", (exact.as_str()?, regex.as_str()?))))
    });
}

/// Of how many numbers with units a text is made.
fn parse_duration_parts(text: &str) -> usize {
    text.split(|c: char| c.is_ascii_digit()).filter(|unit| !unit.is_empty() && unit.is_ascii()).count()
}

#[test]
fn ranges_of_panels_in_words() {
    compare("timespan", |row| {
        let [text, display, ..] = row.as_slice() else { panic!("{row:?}") };
        let text = text.as_str()?;
        // Grafana has no words for a time to come, for milliseconds, and for more than one unit, and takes others.
        let is_misread = text.starts_with("now+") || text.contains("ms") || parse_duration_parts(text) > 1;
        let time = TimeOverride { from: Some(text.to_owned()), shift: None };
        Some(
            Compared::from((time.note(&RawRange::new("now-6h", "now")), display.as_str()?.to_owned()))
                .unless(is_misread, "spans of several units, of milliseconds, and times to come")
                .unless(text.starts_with('+'), "the next so long, which has the name of the page's range"),
        )
    });
}

/// By what they match: the engine here is another one.
#[test]
fn patterns_of_options() {
    compare("string_to_regex", |row| {
        let [text, source, flags] = row.as_slice() else { panic!("{row:?}") };
        let table = Table::new(None, Vec::new());
        let probes = ["abc", "xabcx", "ABC", "a", "b", "xa", "bx", "x", "[", "/abc"];
        let matches = |name: &str| {
            let field = Field::new(name, FieldType::Text, Values::default());
            let table = table.with_fields(vec![field]);
            FieldMatcher::pattern(text.as_str().unwrap()).matches(&table, 0, &Names::of(std::slice::from_ref(&table)))
        };
        let flags = flags.as_str().unwrap_or_default().replace(['g', 'u', 'y'], "");
        let source = source.as_str().map(|source| match flags.is_empty() {
            true => source.to_owned(),
            false => format!("(?{flags}){source}"),
        });
        // What is no pattern matches nothing.
        let expected = source.and_then(|source| Pattern::compile(&source).ok());
        let (mut computed, mut wanted) = (Vec::new(), Vec::new());
        for probe in probes {
            computed.push(matches(probe));
            wanted.push(expected.as_ref().is_some_and(|pattern| pattern.is_match(probe)));
        }
        Some((format!("{computed:?}"), format!("{wanted:?}")))
    });
}
