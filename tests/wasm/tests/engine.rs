use crate::{Utc, matrix};
use dashboard::time::RawRange;
use engine::{
    Engine, Fetch, Input, Output, PanelId, PanelSpec, PanelState, Placement, QuerySpec, Settings, Shape, View,
};
use frame::{Millis, Zone};
use promapi::Decoder;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

const NOW: Millis = Millis(900_000);

fn view() -> View {
    let query = QuerySpec { ref_id: "A".into(), expr: "m".into(), ..QuerySpec::default() };
    let panel =
        PanelSpec { id: PanelId::from("1"), source: "prometheus".into(), queries: vec![query], ..PanelSpec::default() };
    View { range: RawRange::new("now-15m", "now"), zone: Zone::Utc, panels: vec![panel], ..View::default() }
}

fn next_fetch(engine: &mut Engine) -> Option<Fetch> {
    std::iter::from_fn(|| engine.poll_output()).find_map(|output| match output {
        Output::Fetch(fetch) => Some(fetch),
        _ => None,
    })
}

#[wasm_bindgen_test]
fn a_panel_goes_from_question_to_picture() {
    let mut engine = Engine::new(Settings::default(), Rc::new(Utc));
    let id = PanelId::from("1");
    engine.handle_input(Input::Show(view()), NOW);
    engine.handle_input(Input::Place(id.clone(), Placement { width_px: 600, visible: true }), NOW);
    let fetch = next_fetch(&mut engine).unwrap();

    let mut decoder = Decoder::new(fetch.expect, fetch.budget);
    decoder.push(matrix(3, 61, |series, point| series as f64 + point as f64).as_bytes()).unwrap();
    let answer = decoder.finish();
    engine.handle_input(
        Input::Fetched { id: fetch.id, outcome: answer.map_err(promapi::FetchError::Decode), took_millis: 20 },
        NOW,
    );

    assert!(matches!(engine.panel(&id), Some(PanelState::Ready { .. })));
    let picture = engine.picture(&id).unwrap();
    assert_eq!(picture.series.len(), 3);
    assert_eq!(picture.columns.values.len(), picture.columns.times.len());
    assert!(picture.columns.values.contains(&62.0), "the last series' last value is drawn");
}
