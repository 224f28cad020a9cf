//! What crosses between page and worker comes back as it was, and any other bytes are an error, never a panic.
#![allow(clippy::unwrap_used)]

use borsh::{BorshDeserialize, BorshSerialize};
use dashboard::adhoc::{Filter, FilterOp};
use dashboard::interpolate::{Caption, Scope, Value};
use dashboard::time::{Calendar, RawRange};
use dashboard::time_override::TimeOverride;
use engine::shape::{Column, ColumnKind, Footer, SortKey, TableCell, TablePage, TableWish};
use engine::{
    CalcsOf, Course, CourseChange, ErrorCard, FieldHead, Format, Goal, PanelId, PanelSpec, Placement, QuerySource,
    QuerySpec, Refine, SeriesHead, Shape, Shaping, SourceFilters, SourceSettings, Stack, View,
};
use frame::calcs::Calc;
use frame::{GAP, Zone};
use proptest::prelude::*;
use std::fmt::Debug;

fn check<T: BorshSerialize + BorshDeserialize + PartialEq + Debug>(value: &T) {
    let bytes = borsh::to_vec(value).unwrap();
    assert_eq!(&borsh::from_slice::<T>(&bytes).unwrap(), value);
    for end in (0..bytes.len()).step_by(1 + bytes.len() / 20) {
        assert!(borsh::from_slice::<T>(&bytes[..end]).is_err(), "{value:?} cut at {end}");
    }
}

prop_compose! {
    fn query()(
        ref_id in "[A-Z]",
        source in (0..4, ".{0,5}").prop_map(|(kind, text)| match kind {
            0 => QuerySource::OfPanel,
            1 => QuerySource::Uid(text),
            2 => QuerySource::Panel(text.into()),
            _ => QuerySource::Nobody(text),
        }),
        expr in ".{0,20}",
        legend in ".{0,9}",
        instant: bool,
        interval in prop::option::of("[0-9]{1,3}s"),
        interval_factor: u32,
        format in prop::sample::select(vec![Format::TimeSeries, Format::Table, Format::Heatmap]),
    ) -> QuerySpec {
        QuerySpec { ref_id, source, expr, legend, instant, format, interval, interval_factor }
    }
}

fn shaping() -> impl Strategy<Value = Shaping> {
    let values = (".{0,6}", any::<Option<u32>>()).prop_map(|(fields, rows)| Goal::Values { fields, rows });
    let goal = prop_oneof![Just(Goal::Series), Just(Goal::Tables), values];
    (prop::collection::vec("[A-Z]", 0..3), ".{0,9}", goal).prop_map(|(shown, json, goal)| Shaping {
        shown: shown.clone(),
        hidden: shown,
        expressions: json.clone(),
        transformations: json.clone(),
        overrides: json,
        goal,
    })
}

prop_compose! {
    fn panel()(
        id in ".{0,5}",
        source in ".{0,5}",
        queries in prop::collection::vec(query(), 0..3),
        max_data_points: Option<u32>,
        min_interval in prop::option::of("[0-9]{1,3}s"),
        (instant, downwards, zeros, piecewise) in any::<(bool, bool, bool, bool)>(),
        stack in prop::option::of((".{0,3}", any::<bool>()).prop_map(|(name, shares)| Stack { name, shares })),
        rules in prop::collection::vec(any::<(u32, Option<bool>, Option<bool>)>(), 0..3),
        calcs in prop::collection::vec((1..100_u8).prop_map(Calc::Percentile), 0..3),
        local in scope(),
        refine in prop::option::of(prop::sample::select(vec![Refine::Panel, Refine::Auto, Refine::Full])),
        shaping in prop::option::of(shaping()),
    ) -> PanelSpec {
        let (shape, calcs_of) =
            if instant { (Shape::Instant, CalcsOf::Samples) } else { (Shape::Range, CalcsOf::Steps) };
        let time = TimeOverride { from: min_interval.clone(), shift: None };
        let id = id.into();
        let scale = max_data_points.unwrap_or_default();
        let change = |(rule, downwards, zeros)| {
            CourseChange { rule, downwards, zeros, stack: Some(stack.clone()), scale: Some(scale) }
        };
        let course_changes = rules.into_iter().map(change).collect();
        let course = Course { downwards, zeros, stack: stack.clone(), scale };
        PanelSpec {
            id, source, local, time, queries, max_data_points, min_interval, shape, course, course_changes, piecewise, calcs,
            calcs_of, refine, shaping
        }
    }
}

fn scope() -> impl Strategy<Value = Scope> {
    let texts = || prop::collection::vec(".{0,6}", 0..3);
    let value = prop_oneof![
        ".{0,6}".prop_map(Value::One),
        texts().prop_map(|texts| Value::Many(texts.into())),
        ".{0,6}".prop_map(Value::Verbatim)
    ];
    let caption = prop_oneof![Just(Caption::All), texts().prop_map(|texts| Caption::Each(texts.into()))];
    let values = prop::collection::vec((".{0,6}", value), 0..3);
    (values, prop::collection::vec((".{0,6}", caption), 0..3)).prop_map(|(values, captions)| Scope { values, captions })
}

proptest! {
    #[test]
    fn views_come_back(
        (from, to) in (".{0,9}", ".{0,9}"),
        zone in prop::option::of("[A-Za-z/]{1,9}"),
        week_start in 0_u8..7,
        refresh_millis: Option<i64>,
        scope in scope(),
        panels in prop::collection::vec(panel(), 0..3),
    ) {
        let zone = zone.map_or(Zone::Utc, |name| Zone::Named(name.as_str().into()));
        let calendar = Calendar { week_start, ..Calendar::default() };
        let filter = Filter { label: from.clone(), op: FilterOp::OneOf, values: vec![to.clone()] };
        let filters = vec![SourceFilters { source: to.clone(), filters: vec![filter] }];
        let range = RawRange::new(from, to);
        check(&View { range, zone, calendar, now_delay_millis: 7, refresh_millis, scope, filters, panels });
    }

    #[test]
    fn what_a_panel_is_told_comes_back(name in ".{0,9}", calcs: Vec<f64>, code: Option<u16>, width_px: u32) {
        check(&SeriesHead { name: name.clone(), calcs, query: 1, ..SeriesHead::default() });
        let error = promapi::FetchError::Status { code: code.unwrap_or(500), retry_after_secs: None, snippet: name.clone() };
        check(&ErrorCard { code, ..ErrorCard::from(&error) });
        check(&(PanelId::from(name), Placement { width_px, visible: true }));
        check(&SourceSettings::default());
    }

    #[test]
    fn tables_come_back(text in ".{0,9}", number in any::<i32>().prop_map(f64::from), rows: u32, descending: bool) {
        let field = FieldHead { name: text.clone(), overrides: vec![rows], properties: vec![("unit".into(), text.clone())], ..FieldHead::default() };
        let head = SeriesHead { field: Some(field.clone()), ..SeriesHead::default() };
        check(&head);
        let sort = vec![SortKey { column: text.clone(), descending }];
        let footer = Some(Footer { calc: "sum".into(), columns: vec![text.clone()], counts_rows: descending });
        check(&TableWish { table: rows, sort, first: rows, rows, footer });
        let trend = TableCell::Trend { values: vec![number], value: number };
        let cells = vec![TableCell::Missing, TableCell::Number(number), TableCell::Text(text.as_str().into()), TableCell::Bool(descending), trend];
        let column = |cells| Column {
            name: text.clone(),
            kind: ColumnKind::Other,
            series_index: rows,
            labels: [("job", "node")].into_iter().collect(),
            field: field.clone(),
            range: None,
            cells,
            footer: Some(TableCell::Json(text.clone())),
        };
        let inner = TablePage { columns: vec![column(cells)], ..TablePage::default() };
        check(&TablePage { columns: vec![column(vec![TableCell::Tables(vec![inner])])], rows, ..TablePage::default() });
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = borsh::from_slice::<View>(&bytes);
        let _ = borsh::from_slice::<(TableWish, TablePage)>(&bytes);
        let _ = borsh::from_slice::<(Vec<SeriesHead>, ErrorCard, SourceSettings, PanelId, Placement)>(&bytes);
    }
}

#[test]
fn gaps_and_infinities_come_back() {
    let head = SeriesHead { calcs: vec![GAP, f64::NAN, f64::INFINITY, -0.0], ..SeriesHead::default() };
    let back: SeriesHead = borsh::from_slice(&borsh::to_vec(&head).unwrap()).unwrap();
    let bits = |head: &SeriesHead| head.calcs.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&back), bits(&head));
}
