//! Whatever happens, in whatever order.

use crate::world::*;
use engine::{Input, PanelState, Refine};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Event {
    Run(i64),
    Range(u8),
    Variable(u8),
    Place(u8, u32, bool),
    Refresh,
    Retry(u8),
    Hidden(bool),
    Interval(Option<i64>),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1..20_000_i64).prop_map(Event::Run),
        1 => (1..5_u8).prop_map(Event::Range),
        1 => (0..3_u8).prop_map(Event::Variable),
        2 => (0..8_u8, 0..2_000_u32, any::<bool>()).prop_map(|(panel, width, visible)| Event::Place(panel, width, visible)),
        1 => Just(Event::Refresh),
        1 => (0..8_u8).prop_map(Event::Retry),
        1 => any::<bool>().prop_map(Event::Hidden),
        1 => prop_oneof![Just(None), (1_000..60_000_i64).prop_map(Some)].prop_map(Event::Interval),
    ]
}

fn reply(dice: u8) -> Reply {
    match dice {
        0 => refused(),
        1 => status(503, Some(2)),
        2 => api_error(422, "execution"),
        3 => Reply::Error { after: 900, error: promapi::FetchError::TimedOut { after_secs: 1 } },
        4 => Reply::Error { after: 50, error: promapi::FetchError::SignIn { code: 401 } },
        _ => answer(i64::from(dice) * 7),
    }
}

const PANELS: [&str; 8] = ["a", "b", "c", "a{x=\"$v\"}", "d", "e", "f", "g"];

proptest! {
    #![proptest_config(usually(200))]

    #[test]
    fn promises_are_kept(
        events in proptest::collection::vec(event(), 1..60),
        dice in proptest::collection::vec(any::<u8>(), 1..50),
        aborts_come_too_late: bool,
        seed: u64,
    ) {
        let rolls = dice.len();
        let mut next = 0;
        let settings = engine::Settings { seed, ..engine::Settings::default() };
        let mut world = World::with_settings(settings, move |_| {
            next += 1;
            // After a while the server is well.
            reply(if next > 300 { 9 } else { dice[next % rolls] })
        });
        world.aborts_come_too_late = aborts_come_too_late;
        let mut shown = view(&PANELS);
        for panel in &mut shown.panels {
            panel.refine = Some(Refine::Auto);
        }
        // One of several queries, which shows what is answered of them.
        let second = panel("", &["b", "h{x=\"$v\"}", "i"]);
        shown.panels[0] = engine::PanelSpec { piecewise: true, queries: second.queries, ..shown.panels[0].clone() };
        world.open(shown.clone());
        let mut hidden = false;
        for event in events {
            let sent = world.sent.len();
            match event {
                Event::Run(millis) => world.run(millis),
                Event::Range(hours) => {
                    shown.range.from = format!("now-{hours}h");
                    world.input(Input::Show(shown.clone()));
                }
                Event::Variable(value) => {
                    shown.scope = variable("v", &value.to_string());
                    world.input(Input::Show(shown.clone()));
                }
                Event::Place(panel, width_px, visible) => {
                    world.input(Input::Place(PANELS[panel as usize].into(), engine::Placement { width_px, visible }));
                }
                Event::Refresh => world.input(Input::Refresh),
                Event::Retry(panel) => world.input(Input::Retry(PANELS[panel as usize].into())),
                Event::Hidden(now_hidden) => {
                    hidden = now_hidden;
                    world.input(Input::Hidden(hidden));
                }
                Event::Interval(millis) => {
                    shown.refresh_millis = millis;
                    world.input(Input::Show(shown.clone()));
                }
            }
            prop_assert!(!hidden || world.sent.len() == sent, "a hidden tab sends nothing");
            prop_assert!(world.most_in_flight <= 5);
            for panel in PANELS {
                // Whatever is shown as ready is drawn over its own range.
                if let PanelState::Ready { data } = world.state(panel) {
                    let picture = world.engine.picture(&panel.into()).expect("data to draw");
                    prop_assert_eq!(picture.range, data.range);
                    prop_assert_eq!(picture.columns.offsets.len(), picture.series.len() + 1);
                }
            }
        }

        // In the end every panel that is looked at has its answer, or says why not.
        shown.refresh_millis = None;
        world.input(Input::Hidden(false));
        world.input(Input::Show(shown));
        for panel in PANELS {
            world.input(Input::Place(panel.into(), ON_SCREEN));
        }
        world.run(30 * MINUTE);
        // A page that does not refresh gives up after some retries, until somebody looks again.
        let has_given_up = |world: &World| {
            let failed = |panel: &str| matches!(world.state(panel), PanelState::Failed { error, .. } if error.retryable);
            PANELS.into_iter().any(failed)
        };
        while has_given_up(&world) && world.sent.len() < 10_000 {
            world.input(Input::Hidden(true));
            world.input(Input::Hidden(false));
            world.run(MINUTE);
        }
        for panel in PANELS {
            let state = world.word(panel);
            prop_assert!(matches!(state, "ready" | "failed" | "failed stale"), "{panel} is {state}");
            if let PanelState::Failed { error, .. } = world.state(panel) {
                prop_assert!(!error.retryable, "it is tried again as long as that may help");
            }
        }
        prop_assert_eq!(world.in_flight(), 0);
    }

    #[test]
    fn the_same_inputs_give_the_same_outputs(events in proptest::collection::vec(event(), 1..30), dice in any::<u8>()) {
        let run = || {
            let mut world = World::new(move |sent| reply(dice.wrapping_mul(sent.id.0 as u8)));
            world.open(view(&PANELS));
            for event in &events {
                match event {
                    Event::Run(millis) => world.run(*millis),
                    Event::Hidden(hidden) => world.input(Input::Hidden(*hidden)),
                    _ => world.input(Input::Refresh),
                }
            }
            (world.sent, world.aborted, world.published)
        };
        prop_assert_eq!(run(), run());
    }
}
