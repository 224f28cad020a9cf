//! Transformations and expressions of a panel, with what they make of an answer.

use crate::Utc;
use dashboard::transform::expression::{Expression, evaluate};
use dashboard::transform::{Context, Table, Transformation, apply, prometheus};
use frame::{Frame, GAP, Grid, Labels, Millis, Step, TimeRange, Times, Zone};
use serde_json::Value;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let Ok(list) = json::parse(&String::from_utf8_lossy(body)) else { return };
    let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
    if let Ok(steps) = Transformation::parse_all(&list)
        && let Ok(tables) = apply(&steps, answers(), &context)
    {
        hold_together(tables);
    }
    let read = |(index, query): (usize, &Value)| Expression::parse(query, &format!("targets[{index}]")).ok();
    let expressions: Vec<Expression> = list.as_array().into_iter().flatten().enumerate().filter_map(read).collect();
    if let Ok(tables) = evaluate(&expressions, &answers(), TimeRange::new(0, 60_000)) {
        hold_together(tables);
    }
}

fn hold_together(tables: Vec<Table>) {
    for table in tables {
        let rows = table.rows;
        assert!(table.fields.iter().all(|field| field.values.len() <= rows), "no column is longer than its table");
        assert!(table.into_frame().fields.iter().all(|field| field.column.len() == rows));
    }
}

/// Three series of two queries, and one row for each of two.
fn answers() -> Vec<Table> {
    let grid = Grid { start: Millis(0), step: Step::at_least_one(15_000), len: 5 };
    let labels = |instance: &str| -> Labels { [("__name__", "up"), ("instance", instance)].into_iter().collect() };
    let columns = [(labels("a"), vec![1.0, 2.5, GAP, -7.0, 1e300]), (labels("b"), vec![f64::NAN, 0.0, 1.0, 2.0, GAP])];
    let mut tables =
        prometheus::series(Frame::series(Times::Grid(grid), columns.clone()), Some(grid.step), "A", &|_| None);
    let later = Times::Explicit([Millis(15_000), Millis(15_001), Millis(90_000)].into());
    let other = Frame::series(later, [(labels("a"), vec![3.0, f64::INFINITY, 3.0])]);
    tables.extend(prometheus::series(other, None, "B", &|_| Some("b".into())));
    let rows = [(labels("a"), 1.0), (labels("c"), 2.0)];
    let instant = prometheus::vector(Millis(60_000), &rows, "C", &|_| None);
    tables.extend(prometheus::table_format(instant));
    tables
}
