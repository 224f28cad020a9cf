//! Whole rounds, as files: a view as the page sends it, the server's answers, and what becomes of them.
//!
//! A case is a folder `tests/golden/engine-*` with `view.json`, `answers/<n>.json` for the n-th request, and
//! `expected.txt`. Set `UPDATE_GOLDEN` to write the last anew.
#![allow(clippy::unwrap_used)]

use engine::{Engine, Fetch, Input, Output, PanelId, PanelState, Picture, Placement, Settings, View};
use frame::{Millis, Zone, Zones, is_gap};
use promapi::{Answer, Decoder, FetchError, ResponseHead, judge};
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
    let view: View = serde_json::from_str(&view).expect("a view");
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
            Output::Abort(_) | Output::Publish(_) | Output::WakeAt(_) => {}
        }
    }
    for id in &panels {
        writeln!(story, "\npanel {id}").unwrap();
        story += &describe_panel(&engine, id);
    }
    story
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
        Some(PanelState::Failed { error, .. }) => format!("failed: {}\n", serde_json::to_string(error).unwrap()),
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
        writeln!(text, "  {}", serde_json::to_string(head).unwrap()).unwrap();
        let points = picture.columns.offsets[index] as usize..picture.columns.offsets[index + 1] as usize;
        for point in points {
            let (at, value) = (picture.columns.times[point], picture.columns.values[point]);
            let value = if is_gap(value) { "gap".to_owned() } else { value.to_string() };
            writeln!(text, "    {at} {value}").unwrap();
        }
    }
    text
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
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &found).expect("written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "{} differs; this was found:\n{found}", path.display());
    }
}
