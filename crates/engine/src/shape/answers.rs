//! From answers to tables, as Grafana's data source gives them to panels.

use super::Answers;
use crate::plan::When;
use crate::{Format, QueryData, legend};
use dashboard::transform::heatmap::heatmap_format;
use dashboard::transform::{Table, prometheus};
use frame::{Column, Frame, Labels};
use std::sync::Arc;

/// The tables of all answers, an empty one for a query without series. With `formats`, those of queries in the format "table"
/// are one each, and those in the format "heatmap" one per histogram; both come behind the series, in this order.
pub(super) fn tables(answers: &Answers<'_>, formats: bool) -> Vec<Table> {
    let mut tables: Vec<Table> = answers.queries.iter().flat_map(of_query).collect();
    let query_of = |table: &Table| {
        let ref_id = table.ref_id.as_deref();
        answers.spec.queries.iter().find(|query| ref_id == Some(&query.ref_id))
    };
    let is_automatic = |table: &Table| query_of(table).is_some_and(|query| query.legend == legend::AUTO);
    prometheus::name_automatically(&mut tables, &is_automatic);

    let (mut series, mut rows, mut buckets) = (Vec::new(), Vec::new(), Vec::new());
    for table in tables {
        match query_of(&table).filter(|_| formats).map_or(Format::TimeSeries, |query| query.format) {
            Format::TimeSeries => series.push(table),
            Format::Table => rows.push(table),
            Format::Heatmap => buckets.push(table),
        }
    }
    series.extend(prometheus::table_format(rows));
    series.extend(heatmap_format(buckets));
    series
}

fn of_query(query: &QueryData) -> Vec<Table> {
    let tables: Vec<Table> = query.frames.iter().flat_map(|frame| of_frame(frame, query)).collect();
    if tables.is_empty() { vec![Table::new(Some(query.ref_id.as_str().into()), Vec::new())] } else { tables }
}

fn of_frame(frame: &Frame, query: &QueryData) -> Vec<Table> {
    let legend = |labels: &Labels| legend::given(&query.legend, labels, &query.expr).map(Arc::from);
    let is_text = frame.fields.iter().any(|field| matches!(field.column, Column::Text(_)));
    match query.key.when {
        _ if is_text => vec![Table::from_frame(frame.clone(), Some(query.ref_id.as_str().into()))],
        When::Over(grid) => prometheus::series(frame.clone(), Some(grid.step), &query.ref_id, &legend),
        // A raw range, such as `up[5m]`, has a course even at an instant.
        When::At(_) if frame.rows() != 1 => prometheus::series(frame.clone(), None, &query.ref_id, &legend),
        When::At(at) => {
            let at = frame.times().and_then(|times| times.get(0)).unwrap_or(at);
            let numbers = frame.numbers().filter_map(|(labels, values)| Some((labels.clone(), *values.first()?)));
            prometheus::vector(at, &numbers.collect::<Vec<_>>(), &query.ref_id, &legend)
        }
    }
}
