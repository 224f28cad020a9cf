//! The numbers that are told of a series.

use crate::world::*;
use engine::CalcsOf::{self, Samples, Steps};
use engine::Shaping;
use engine::shape::shape;
use frame::GAP;
use frame::calcs::Calc;

const INF: f64 = f64::INFINITY;

/// What a panel tells of a series that has these values and no more.
fn told(of: CalcsOf, values: &'static [f64], calc: Calc, shaping: Option<Shaping>) -> f64 {
    let mut world = World::new(move |sent| column(sent, values.iter().copied()));
    world.input(engine::Input::Shaper(Ok(shape)));
    let mut shown = view(&["m"]);
    (shown.panels[0].calcs, shown.panels[0].calcs_of) = (vec![calc], of);
    shown.panels[0].shaping = shaping;
    world.open(shown);
    world.run(SECOND);
    world.engine.picture(&"m".into()).expect("a picture").series[0].calcs[0]
}

#[test]
fn calcs_are_made_of_samples_or_of_what_a_chart_shows() {
    let check = |of: CalcsOf, values: &'static [f64], calc: Calc, expected: f64| {
        let found = told(of, values, calc, None);
        // By text, as a gap is not equal to itself.
        assert_eq!(found.to_string(), expected.to_string(), "{calc:?} of {of:?} in {values:?}");
    };
    let ended: &[f64] = &[GAP, 5.0, GAP, 7.0];
    check(Samples, ended, Calc::Last, 7.0);
    check(Samples, ended, Calc::First, 5.0);
    check(Samples, ended, Calc::CountAll, 2.0);
    check(Samples, ended, Calc::Mean, 6.0);
    check(Samples, &[], Calc::Last, GAP);
    check(Steps, ended, Calc::Last, GAP);
    check(Steps, ended, Calc::First, GAP);
    check(Steps, ended, Calc::CountAll, 241.0);
    check(Steps, ended, Calc::Mean, 6.0);

    let unlimited: &[f64] = &[1.0, f64::NAN, INF, -INF, 3.0, INF];
    check(Samples, unlimited, Calc::Last, INF);
    check(Samples, unlimited, Calc::Max, INF);
    check(Samples, unlimited, Calc::Min, -INF);
    check(Samples, unlimited, Calc::Count, 6.0);
    check(Steps, unlimited, Calc::LastNotNull, 3.0);
    check(Steps, unlimited, Calc::Max, 3.0);
    check(Steps, unlimited, Calc::Min, 1.0);
    check(Steps, unlimited, Calc::Count, 2.0);
}

#[test]
fn shaping_changes_no_calcs() {
    let shaping = || Some(Shaping { transformations: r#"[{"id": "organize"}]"#.into(), ..Shaping::default() });
    for (values, calc) in [(&[1.0, INF, 3.0][..], Calc::Max), (&[1.0, f64::NAN, 3.0], Calc::Count)] {
        assert_eq!(told(Steps, values, calc, shaping()), told(Steps, values, calc, None), "{calc:?} of {values:?}");
    }
}
