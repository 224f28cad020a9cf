//! Whole rounds, as files: a view as the page sends it, the server's answers, and what becomes of them.
//!
//! A case is a folder `tests/golden/engine-*` with `view.json`, `answers/<n>.json` for the n-th request, and
//! `expected.txt`. Set `UPDATE_GOLDENS` to write the last anew.
#![allow(clippy::unwrap_used)]

use dashboard::interpolate::{Scope, Value};
use dashboard::time::{Calendar, RawRange};
use engine::{
    Engine, ErrorCard, Fetch, Input, Output, PanelId, PanelSpec, PanelState, Picture, Placement, QuerySource,
    QuerySpec, Refine, SeriesHead, Settings, Shape, View,
};
use frame::calcs::Calc;
use frame::{Millis, Zone, Zones, is_gap};
use promapi::{Answer, Decoder, FetchError, ResponseHead, judge};
use serde_json::Value as Json;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// 2025-11-21 12:34:56.789 UTC.
const NOW: Millis = Millis(1_763_728_496_789);

struct Berlin;

impl Zones for Berlin {
    fn offset_millis(&self, zone: &Zone, _: Millis) -> i64 {
        if *zone == Zone::Utc { 0 } else { 3_600_000 }
    }
}

fn run(case: &Path) -> String {
    let view = fs::read_to_string(case.join("view.json")).expect("view.json");
    let view = read_view(&serde_json::from_str(&view).expect("JSON"));
    let panels: Vec<PanelId> = view.panels.iter().map(|panel| panel.id.clone()).collect();
    let mut engine = Engine::new(Settings::default(), Rc::new(Berlin));
    engine.handle_input(Input::Show(view), NOW);
    for id in &panels {
        engine.handle_input(Input::Place(id.clone(), Placement { width_px: 1000, visible: true }), NOW);
    }

    let mut story = String::new();
    let mut requests = 0;
    while let Some(output) = engine.poll_output() {
        match output {
            Output::Fetch(fetch) => {
                requests += 1;
                writeln!(story, "request {requests}: {}", describe(&fetch)).unwrap();
                if let Some(outcome) = answer(case, requests, &fetch) {
                    engine.handle_input(Input::Fetched { id: fetch.id, outcome, took_millis: 100 }, NOW);
                }
            }
            Output::Range(range) => writeln!(story, "range {} to {}", range.start.0, range.end.0).unwrap(),
            Output::Abort(_) | Output::Publish(_) | Output::WakeAt(_) | Output::Report(_) => {}
        }
    }
    for id in &panels {
        writeln!(story, "\npanel {id}").unwrap();
        story += &describe_panel(&engine, id);
    }
    story
}

fn read_view(json: &Json) -> View {
    View {
        range: RawRange::new(text(&json["range"]["from"]), text(&json["range"]["to"])),
        zone: if json["zone"] == "Utc" { Zone::Utc } else { Zone::Browser },
        calendar: Calendar::default(),
        refresh_millis: json["refresh_millis"].as_i64(),
        scope: read_scope(&json["variables"]),
        panels: list(&json["panels"]).iter().map(read_panel).collect(),
        ..View::default()
    }
}

/// A variable with a list is one that can have several values.
fn read_scope(json: &Json) -> Scope {
    let mut scope = Scope::default();
    for (name, value) in json.as_object().into_iter().flatten() {
        let value = match value {
            Json::Array(values) => Value::Many(values.iter().map(text).collect()),
            value => Value::One(text(value)),
        };
        scope.set(name, value);
    }
    scope
}

fn read_panel(json: &Json) -> PanelSpec {
    PanelSpec {
        id: text(&json["id"]).into(),
        source: text(&json["source"]),
        queries: list(&json["queries"]).iter().map(read_query).collect(),
        max_data_points: json["max_data_points"].as_u64().map(|points| points as u32),
        min_interval: json["min_interval"].as_str().map(str::to_owned),
        shape: if json["shape"] == "instant" { Shape::Instant } else { Shape::Range },
        course: engine::Course {
            stack: (json["stack"] == true).then(engine::Stack::default),
            ..engine::Course::default()
        },
        calcs: list(&json["calcs"]).iter().map(|id| Calc::parse(&text(id)).expect("a calc")).collect(),
        refine: (json["refine"] == "panel").then_some(Refine::Panel),
        ..PanelSpec::default()
    }
}

fn read_query(json: &Json) -> QuerySpec {
    QuerySpec {
        ref_id: text(&json["ref_id"]),
        source: json["source"].as_str().map_or(QuerySource::OfPanel, |uid| QuerySource::Uid(uid.to_owned())),
        expr: text(&json["expr"]),
        legend: text(&json["legend"]),
        instant: json["instant"] == true,
        interval: json["interval"].as_str().map(str::to_owned),
        format: engine::Format::TimeSeries,
        interval_factor: 1,
    }
}

/// A text; an empty one where there is none.
fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn answer(case: &Path, number: u32, fetch: &Fetch) -> Option<Result<Answer, FetchError>> {
    let body = fs::read(case.join(format!("answers/{number}.json"))).ok()?;
    let mut decoder = Decoder::new(fetch.expect, fetch.budget);
    let decoded = decoder.push(&body).and_then(|()| decoder.finish());
    let status = if decoded.is_ok() { 200 } else { 422 };
    Some(judge(&ResponseHead { status, content_type: "application/json", ..ResponseHead::default() }, decoded))
}

fn describe(fetch: &Fetch) -> String {
    let params: Vec<String> =
        fetch.request.params.iter().map(|(name, value)| format!("\n  {name} = {value}")).collect();
    format!("{} {}{}", fetch.source, fetch.request.path, params.concat())
}

fn describe_panel(engine: &Engine, id: &PanelId) -> String {
    let mut text = match engine.panel(id) {
        Some(PanelState::Ready { data }) => {
            let notices = data.notices.warnings.iter().chain(&data.notices.infos);
            format!(
                "ready, {} samples{}\n",
                data.samples,
                notices.map(|notice| format!("\n  notice: {notice}")).collect::<String>()
            )
        }
        Some(PanelState::Failed { error, .. }) => describe_error(error),
        Some(PanelState::Loading { .. }) => "loading\n".to_owned(),
        Some(PanelState::Idle) | None => "idle\n".to_owned(),
    };
    if let Some(picture) = engine.picture(id) {
        text += &describe_picture(&picture);
    }
    text
}

fn describe_picture(picture: &Picture) -> String {
    let mut text = format!("step {} s\n", picture.step.millis() as f64 / 1000.0);
    for (index, head) in picture.series.iter().enumerate() {
        writeln!(text, "  {}", describe_head(head)).unwrap();
        let points = picture.columns.offsets[index] as usize..picture.columns.offsets[index + 1] as usize;
        for point in points {
            let (at, value) = (picture.columns.times[point], picture.columns.values[point]);
            writeln!(text, "    {at} {}", describe_value(value)).unwrap();
        }
    }
    text
}

fn describe_head(head: &SeriesHead) -> String {
    let calcs: Vec<String> = head.calcs.iter().map(|value| describe_value(*value)).collect();
    format!("{:?} {} of query {}: [{}]", head.name, head.labels, head.query, calcs.join(", "))
}

fn describe_value(value: f64) -> String {
    if is_gap(value) { "gap".to_owned() } else { value.to_string() }
}

fn describe_error(error: &ErrorCard) -> String {
    let ErrorCard { title, cause, advice, retryable, code, kind } = error;
    format!("failed: {title}\n  {cause}\n  {advice}\n  retryable {retryable}, code {code:?}, kind {kind:?}\n")
}

#[test]
fn rounds_are_as_they_were() {
    let golden = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden"));
    let mut cases: Vec<PathBuf> = fs::read_dir(&golden)
        .expect("tests/golden")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("engine-")))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let (found, path) = (run(&case), case.join("expected.txt"));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&path, &found).expect("written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "{} differs; this was found:\n{found}", path.display());
    }
}
