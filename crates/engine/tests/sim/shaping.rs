//! Panels whose answers are shaped before they are shown.

use crate::world::*;
use engine::shape::{TableCell, TablePage, TableWish, shape};
use engine::{
    Course, CourseChange, ErrorCard, FieldHead, Format, Goal, Input, PanelState, Picture, Refine, Shaping, Stack, View,
};
use frame::calcs::Calc;
use frame::{Frame, GAP, Labels, Millis, Times};
use promapi::QueryResult;

/// A panel called "p" over the last hour, with these queries, shaped.
fn shaped(exprs: &[&str], shaping: Shaping) -> View {
    let mut shown = view(&[]);
    let mut one = panel("p", exprs);
    one.refine = Some(Refine::Full);
    one.calcs = vec![Calc::LastNotNull, Calc::Max];
    one.shaping = Some(shaping);
    shown.panels = vec![one];
    shown
}

fn transformations(json: &str) -> Shaping {
    Shaping { transformations: json.into(), ..Shaping::default() }
}

/// What a panel shows a second after it is opened. The query `none` has no series.
fn opened(view: View) -> World {
    let mut world = World::new(|sent| match &*sent.expr {
        "none" => Reply::Given { after: 100, answer: an_answer_of(QueryResult::Matrix(Vec::new()), 0, 0) },
        _ => answer(100),
    });
    world.input(Input::Shaper(Ok(shape)));
    world.open(view);
    world.run(SECOND);
    world
}

fn picture(world: &World) -> Picture {
    assert_eq!(world.word("p"), "ready");
    world.engine.picture(&"p".into()).expect("a picture")
}

fn names(picture: &Picture) -> Vec<&str> {
    picture.series.iter().map(|head| &*head.name).collect()
}

fn problems(world: &World) -> Vec<String> {
    match world.state("p") {
        PanelState::Ready { data } => data.notices.warnings.clone(),
        _ => panic!("{}", world.word("p")),
    }
}

#[test]
fn what_is_shaped_waits_for_the_shaper() {
    let mut world = World::new(|_| answer(100));
    let mut view = shaped(&["m"], transformations("[]"));
    view.panels.push(panel("plain", &["m"]));
    world.open(view);
    world.run(SECOND);
    assert_eq!((world.word("p"), world.word("plain")), ("loading", "ready"));
    world.input(Input::Shaper(Ok(shape)));
    assert_eq!(world.word("p"), "ready");
    assert_eq!(world.exprs(), ["m"], "nothing is asked for again, and nothing finer");
}

#[test]
fn without_a_shaper_the_panel_says_so_until_there_is_one() {
    let mut world = World::new(|_| answer(100));
    let error: ErrorCard = (&promapi::FetchError::Aborted).into();
    world.input(Input::Shaper(Err(error)));
    world.open(shaped(&["m"], transformations("[]")));
    world.run(SECOND);
    assert_eq!(world.word("p"), "failed");
    world.input(Input::Shaper(Ok(shape)));
    world.run(SECOND);
    assert_eq!(world.word("p"), "ready");
}

#[test]
fn transformed_series_are_drawn_and_read_off_in_full_resolution() {
    let json = r#"[{"id": "calculateField", "options": {"mode": "reduceRow", "alias": "both",
        "reduce": {"reducer": "sum"}, "replaceFields": true}}]"#;
    let joined = format!(r#"[{{"id": "joinByField", "options": {{}}}},{}"#, &json[1..]);
    let world = opened(shaped(&["m"], transformations(&joined)));
    let shown = picture(&world);
    assert_eq!((names(&shown), problems(&world)), (vec!["both"], vec![]));
    let sum = |at: Millis| value(at, 0) + value(at, 1);
    for (at, drawn) in shown.columns.times.iter().zip(&shown.columns.values) {
        assert_eq!(*drawn, sum(Millis(*at as i64)));
    }
    assert_eq!(shown.columns.times.len(), 241);
    assert_eq!(shown.series[0].calcs[0], sum(NOON));
    let probe = world.engine.values_at(&"p".into(), NOON).expect("values");
    assert_eq!(probe.values, [sum(NOON)]);
}

#[test]
fn expressions_stand_in_the_order_of_the_panel_and_hidden_queries_only_serve() {
    let expressions = r#"[
        {"refId": "D", "type": "math", "expression": "$A * 2"},
        {"refId": "E", "type": "reduce", "expression": "D", "reducer": "max"}]"#;
    let shaping = Shaping {
        hidden: vec!["A".into(), "E".into()],
        shown: vec!["D".into(), "B".into()],
        expressions: expressions.into(),
        ..Shaping::default()
    };
    let world = opened(shaped(&["m", "n"], shaping));
    let shown = picture(&world);
    let expected = [
        r#"D {__name__="m", instance="a"}"#,
        r#"D {__name__="m", instance="b"}"#,
        r#"n{instance="a"}"#,
        r#"n{instance="b"}"#,
    ];
    assert_eq!((names(&shown), problems(&world)), (expected.to_vec(), vec![]));
    assert_eq!(shown.series[0].calcs[0], 2.0 * value(NOON, 0));
    assert_eq!(shown.series[2].query, 1);
}

#[test]
fn an_expression_on_a_query_without_series_has_none() {
    let expressions = r#"[
        {"refId": "C", "type": "math", "expression": "$B / $A"},
        {"refId": "D", "type": "math", "expression": "$A * 2"}]"#;
    let shaping = Shaping {
        hidden: vec!["A".into(), "B".into()],
        shown: vec!["C".into(), "D".into()],
        expressions: expressions.into(),
        ..Shaping::default()
    };
    let world = opened(shaped(&["m", "none"], shaping));
    let expected = [r#"D {__name__="m", instance="a"}"#, r#"D {__name__="m", instance="b"}"#];
    assert_eq!((names(&picture(&world)), problems(&world)), (expected.to_vec(), vec![]));
}

#[test]
fn what_cannot_be_done_is_told_and_the_data_stay() {
    let check = |shaping: Shaping, expected: &str| {
        let world = opened(shaped(&["m"], shaping));
        assert_eq!(picture(&world).series.len(), 2, "{expected}");
        let told = problems(&world);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");
    };
    check(
        transformations(r#"[{"id": "organize"}, {"id": "nonsense"}]"#),
        "transformations[1]: “nonsense” is not supported",
    );
    let regex = r#"[{"id": "renameByRegex", "options": {"regex": "(?<=a)", "renamePattern": "b"}}]"#;
    check(transformations(regex), "transformations[0].options.regex: ");
    let matcher = r#"[{"id": "reduce", "options": {"fields": {"id": "byNothing"}}}]"#;
    check(transformations(matcher), "transformations[0].options.fields: ");
    let expressions = r#"[{"refId": "B", "type": "math", "expression": "$A +"}]"#;
    check(Shaping { expressions: expressions.into(), ..Shaping::default() }, "expression B.expression: ");
    let missing = r#"[{"refId": "B", "type": "reduce", "expression": "Z"}]"#;
    check(Shaping { expressions: missing.into(), ..Shaping::default() }, "expression B: there is no query Z");
    let overrides = r#"[{"id": "byMoon"}]"#;
    check(Shaping { overrides: overrides.into(), ..Shaping::default() }, "fieldConfig.overrides[0].matcher: ");
}

#[test]
fn a_result_without_times_is_not_a_course() {
    let world = opened(shaped(&["m"], transformations(r#"[{"id": "reduce", "options": {"reducers": ["max"]}}]"#)));
    assert_eq!(picture(&world).series, []);
    assert_eq!(problems(&world), ["1 table without a time field cannot be drawn over time"]);
}

#[test]
fn overrides_are_matched_where_the_data_are() {
    let overrides = r#"[
        {"id": "byValue", "options": {"reducer": "lastNotNull", "op": "gt", "value": 1000}},
        {"id": "byType", "options": "number"},
        {"id": "byName", "options": "m{instance=\"a\"}"},
        {"id": "byFrameRefID", "options": "A"}]"#;
    let world = opened(shaped(&["m"], Shaping { overrides: overrides.into(), ..Shaping::default() }));
    let rules = |head: &engine::SeriesHead| head.field.as_ref().expect("shaped").overrides.clone();
    assert_eq!(picture(&world).series.iter().map(rules).collect::<Vec<_>>(), [vec![1, 2, 3], vec![1, 3]]);
}

#[test]
fn values_are_those_of_fields() {
    let check = |fields: &str, rows: Option<u32>, expected: &[(&str, f64, Option<&str>)]| {
        let goal = Goal::Values { fields: fields.into(), rows };
        let mut view = shaped(&["m"], Shaping { goal, ..Shaping::default() });
        view.panels[0].queries[0].instant = true;
        view.panels[0].queries[0].format = Format::Table;
        let world = opened(view);
        let shown = picture(&world);
        let text = |field: &Option<FieldHead>| field.as_ref().and_then(|field| field.text.clone());
        let found: Vec<(String, f64, Option<String>)> =
            shown.series.iter().map(|head| (head.name.clone(), head.calcs[0], text(&head.field))).collect();
        let expected: Vec<(String, f64, Option<String>)> =
            expected.iter().map(|(name, value, text)| ((*name).to_owned(), *value, text.map(str::to_owned))).collect();
        // By text, as a gap is not equal to itself.
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{fields:?} {rows:?}");
    };
    let (a, b) = (value(NOON, 0), value(NOON, 1));
    check("", None, &[("Value", b, None)]);
    check("/^instance$/", None, &[("instance", GAP, Some("b"))]);
    check("", Some(9), &[("m a", a, None), ("m b", b, None)]);
    check("", Some(1), &[("m a", a, None)]);
    check("/nothing/", None, &[]);
}

#[test]
fn tables_are_looked_into() {
    let json = r#"[{"id": "merge", "options": {}}, {"id": "organize", "options": {"excludeByName": {"Time": true}}}]"#;
    let mut view = shaped(&["m", "n"], Shaping { goal: Goal::Tables, ..transformations(json) });
    for query in &mut view.panels[0].queries {
        (query.instant, query.format) = (true, Format::Table);
    }
    let world = opened(view);
    assert_eq!(picture(&world).series.len(), 1);
    let page = page_of(&world);
    assert_eq!((heads(&page), page.rows), (vec!["__name__", "instance", "Value #A", "Value #B"], 4));
    let cells = |column: usize| page.columns[column].cells.clone();
    assert_eq!(cells(2)[..2], [TableCell::Number(value(NOON, 0)), TableCell::Number(value(NOON, 1))]);
    assert_eq!(cells(3)[0], TableCell::Missing);
    assert_eq!(world.engine.table(&"q".into(), &TableWish::default()), None);
}

fn page_of(world: &World) -> TablePage {
    let wish = TableWish { rows: 10, ..TableWish::default() };
    borsh::from_slice(&world.engine.table(&"p".into(), &wish).expect("a table")).unwrap()
}

fn heads(page: &TablePage) -> Vec<&str> {
    page.columns.iter().map(|column| &*column.name).collect()
}

#[test]
fn a_query_without_series_keeps_its_column() {
    let check = |exprs: &[&str], json: &str, expected: (&[&str], u32)| {
        let mut view = shaped(exprs, Shaping { goal: Goal::Tables, ..transformations(json) });
        for query in &mut view.panels[0].queries {
            (query.instant, query.format) = (true, Format::Table);
        }
        let world = opened(view);
        let page = page_of(&world);
        assert_eq!((&*heads(&page), page.rows), expected, "{exprs:?} {json}");
    };
    let all: &[&str] = &["Time", "__name__", "instance", "CPU", "OOM"];
    let merged = r#"[{"id": "merge", "options": {}},
        {"id": "organize", "options": {"renameByName": {"Value #A": "CPU", "Value #B": "OOM"}}}]"#;
    check(&["m", "none"], merged, (all, 2));
    check(&["m"], merged, (&["Time", "__name__", "instance", "Value"], 2));
    let joined = r#"[{"id": "joinByField", "options": {"byField": "instance", "mode": "inner"}}]"#;
    check(&["m", "none"], joined, (&[], 0));
}

#[test]
fn a_series_that_is_named_automatically_keeps_its_metric() {
    let check = |goal: Goal, json: &str, found: &dyn Fn(&World) -> Vec<String>, expected: &[&str]| {
        let mut view = shaped(&["m", "n"], Shaping { goal, ..transformations(json) });
        for query in &mut view.panels[0].queries {
            query.legend = "__auto".into();
        }
        assert_eq!(found(&opened(view)), expected, "{json}");
    };
    let columns = |world: &World| page_of(world).columns.iter().map(|column| column.field.name.clone()).collect();
    let series = |world: &World| names(&picture(world)).into_iter().map(str::to_owned).collect();
    let to_fields = r#"[{"id": "labelsToFields", "options": {}}]"#;
    check(Goal::Tables, to_fields, &columns, &["Time", "m", "__name__", "instance"]);
    check(Goal::Tables, r#"[{"id": "merge", "options": {}}]"#, &columns, &["Time", "m", "n"]);
    check(
        Goal::Series,
        r#"[{"id": "sortBy", "options": {}}]"#,
        &series,
        &[
            r#"{__name__="m", instance="a"}"#,
            r#"{__name__="m", instance="b"}"#,
            r#"{__name__="n", instance="a"}"#,
            r#"{__name__="n", instance="b"}"#,
        ],
    );
}

#[test]
fn overrides_turn_around_and_stack_some() {
    let overrides = r#"[{"id": "byRegexp", "options": "/\"b\"/"}, {"id": "byName", "options": "m{instance=\"a\"}"}]"#;
    let drawn = |course: Course, course_changes: Vec<CourseChange>| {
        let mut view = shaped(&["m"], Shaping { overrides: overrides.into(), ..Shaping::default() });
        (view.panels[0].course, view.panels[0].course_changes) = (course, course_changes);
        let world = opened(view);
        let shown = picture(&world);
        let last = |index: usize| shown.columns.values[shown.columns.offsets[index + 1] as usize - 1];
        assert_eq!(shown.series[1].calcs[0], value(NOON, 1), "numbers to read stay");
        [last(0), last(1)]
    };
    let (a, b) = (value(NOON, 0), value(NOON, 1));
    let down = |rule| CourseChange { rule, downwards: Some(true), ..CourseChange::default() };
    let stacked = |shares| Course { stack: Some(Stack { name: "A".into(), shares }), ..Course::default() };
    let alone = CourseChange { rule: 0, stack: Some(None), ..CourseChange::default() };
    let on_its_own_scale = CourseChange { rule: 0, scale: Some(1), ..CourseChange::default() };
    assert_eq!(drawn(Course::default(), vec![]), [a, b]);
    assert_eq!(drawn(Course::default(), vec![down(0)]), [a, -b]);
    assert_eq!(drawn(Course { downwards: true, ..Course::default() }, vec![]), [-a, -b]);
    assert_eq!(drawn(stacked(false), vec![]), [a, a + b]);
    assert_eq!(drawn(stacked(true), vec![]), [a / (a + b), a / (a + b) + b / (a + b)]);
    assert_eq!(drawn(stacked(false), vec![alone]), [a, b]);
    assert_eq!(drawn(stacked(false), vec![on_its_own_scale]), [a, b]);
    assert_eq!(drawn(stacked(false), vec![down(1)]), [-a, b]);
}

/// A day of two series, the second stacked on the first by an override, refined. Between two of Grafana's points a third
/// comes and goes, which another override turns around.
#[test]
fn what_overrides_stack_is_drawn_from_a_finer_answer() {
    let overrides = r#"[{"id": "byFrameRefID", "options": "A"}, {"id": "byName", "options": "m{instance=\"c\"}"}]"#;
    let mut view = shaped(&["m"], Shaping { overrides: overrides.into(), ..transformations("[]") });
    view.range.from = "now-24h".into();
    let stack = Some(Stack { name: "A".into(), shares: false });
    let stacked = CourseChange { rule: 0, stack: Some(stack), ..CourseChange::default() };
    let alone = CourseChange { rule: 1, stack: Some(None), downwards: Some(true), ..CourseChange::default() };
    view.panels[0].course_changes = vec![stacked, alone];
    let mut world = World::new(|sent| {
        let grid = sent.grid.expect("a range query");
        let instances = if grid.step.millis() == MINUTE { &["a", "b"][..] } else { &["a", "b", "c"] };
        let series = (0..).zip(instances).map(|(shift, instance)| {
            let labels: Labels = [("__name__", "m"), ("instance", instance)].into_iter().collect();
            (labels, (0..grid.len as usize).map(|row| value(grid.at(row), shift)).collect())
        });
        let result = QueryResult::Matrix(vec![Frame::series(Times::Grid(grid), series)]);
        Reply::Given { after: 100, answer: an_answer_of(result, 3, 3 * u64::from(grid.len)) }
    });
    world.input(Input::Shaper(Ok(shape)));
    world.open(view);
    world.run(SECOND);
    let shown = picture(&world);
    assert_eq!(shown.step.millis(), 15 * SECOND);
    let last = |index: usize| shown.columns.values[shown.columns.offsets[index + 1] as usize - 1];
    let [a, b, c] = [0, 1, 2].map(|series| value(NOON, series));
    assert_eq!([last(0), last(1), last(2)], [a, a + b, -c]);
    let rules = |index: usize| shown.series[index].field.as_ref().map(|field| field.overrides.clone());
    assert_eq!([rules(0), rules(1), rules(2)], [Some(vec![0]), Some(vec![0]), Some(vec![0, 1])]);
    assert_eq!(shown.series[1].calcs[0], b, "numbers to read are those of Grafana's grid, and not stacked");
}
