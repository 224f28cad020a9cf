//! The format "heatmap": of the cumulative buckets of a histogram a table with a field of counts per bucket, as Grafana's
//! data source gives them to panels.

use super::table::{Field, FieldType, Shape, Table};
use super::values::Values;
use frame::{GAP, Labels, is_gap};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The label that holds the upper bound of a bucket.
const BOUND: &str = "le";
/// Differences below this are what computing left over.
const NOTHING: f64 = 1e-9;

/// A table per histogram of each query in place of one per bucket: the counts between each upper bound and the one below
/// it, the lowest first. A series that is no bucket is one of its own, an empty table none.
#[must_use]
pub fn heatmap_format(tables: Vec<Table>) -> Vec<Table> {
    let buckets = tables.into_iter().filter(|table| !table.fields.is_empty());
    histograms(buckets).into_iter().map(in_one).collect()
}

/// A series of counts, with its labels and bound.
struct Bucket {
    table: Table,
    labels: Labels,
    bound: Option<Arc<str>>,
}

impl Bucket {
    fn of(table: Table) -> Self {
        let value = table.fields.iter().find(|field| field.kind == FieldType::Number);
        let labels = value.and_then(|field| field.labels.clone()).unwrap_or_default();
        let bound = labels.get(BOUND).map(Arc::from);
        Self { table, labels, bound }
    }

    /// What buckets of one histogram have in common.
    fn histogram(&self) -> Labels {
        self.labels.iter().filter(|(name, _)| *name != BOUND).collect()
    }

    fn name(&self) -> Arc<str> {
        self.bound.clone().unwrap_or_else(|| self.labels.to_string().into())
    }

    /// Instants and counts.
    fn points(&self) -> impl Iterator<Item = (i64, f64)> + '_ {
        let value = self.table.fields.iter().find(|field| field.kind == FieldType::Number);
        let pair = move |row| Some((self.table.time_field()?.values.number(row) as i64, value?.values.number(row)));
        (0..self.table.rows).filter_map(pair)
    }
}

/// Buckets that belong together, the lowest first. A bound that is there already begins another histogram.
fn histograms(tables: impl Iterator<Item = Table>) -> Vec<Vec<Bucket>> {
    let mut found: Vec<(Labels, Vec<Bucket>)> = Vec::new();
    for bucket in tables.map(Bucket::of) {
        let labels = bucket.histogram();
        let is_its = |known: &Bucket| known.table.ref_id == bucket.table.ref_id && known.bound != bucket.bound;
        match found.iter_mut().find(|(known, buckets)| *known == labels && buckets.iter().all(is_its)) {
            Some((_, buckets)) => buckets.push(bucket),
            None => found.push((labels, vec![bucket])),
        }
    }
    let sorted = |(_, mut buckets): (Labels, Vec<Bucket>)| {
        buckets.sort_by(|a, b| by_bound(&a.name(), &b.name()));
        buckets
    };
    found.into_iter().map(sorted).collect()
}

/// The order of buckets by their bounds, which are numbers as Prometheus writes them; anything else comes last.
#[must_use]
pub fn by_bound(a: &str, b: &str) -> Ordering {
    let bound = |text: &str| frame::decimal::parse_sample(text.as_bytes()).unwrap_or(f64::NAN);
    let (a, b) = (bound(a), bound(b));
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn in_one(buckets: Vec<Bucket>) -> Table {
    let times: BTreeSet<i64> = buckets.iter().flat_map(|bucket| bucket.points().map(|(at, _)| at)).collect();
    let times: Vec<i64> = times.into_iter().collect();
    let mut counts: Vec<Vec<f64>> = buckets.iter().map(|bucket| on(&times, bucket)).collect();
    apart(&mut counts);

    let first = buckets.first();
    let rest = first.map(Bucket::histogram).unwrap_or_default();
    let is_alone = rest.iter().all(|(name, _)| name == Labels::METRIC_NAME);
    let name = match first.filter(|first| is_alone && first.bound.is_some()) {
        Some(lowest) => lowest.name(),
        None => rest.to_string().into(),
    };
    let time = first.and_then(|first| first.table.time_field().cloned());
    let time = time.unwrap_or_else(|| Field::new("Time", FieldType::Time, Values::default()));
    let mut fields = vec![time.with_values(times.iter().map(|at| *at as f64).collect::<Vec<f64>>().into())];
    let ref_id = first.and_then(|first| first.table.ref_id.clone());
    for (bucket, counts) in buckets.into_iter().zip(counts) {
        let mut field = Field::new(bucket.name(), FieldType::Number, counts.into());
        field.config_mut().display_name_from_source = Some(bucket.name());
        field.labels = Some(bucket.labels);
        fields.push(field);
    }
    Table { name: Some(name), shape: Shape::HeatmapRows, ..Table::new(ref_id, fields) }
}

/// The counts of a bucket at these instants.
fn on(times: &[i64], bucket: &Bucket) -> Vec<f64> {
    let mut counts = vec![GAP; times.len()];
    for (at, count) in bucket.points() {
        if let Some(place) = times.binary_search(&at).ok().and_then(|place| counts.get_mut(place)) {
            *place = count;
        }
    }
    counts
}

/// Takes from each bucket, the lowest first, what is in the one below it.
pub fn apart(counts: &mut [Vec<f64>]) {
    for upper in (1..counts.len()).rev() {
        let (below, above) = counts.split_at_mut(upper);
        let (Some(lower), Some(upper)) = (below.last(), above.first_mut()) else { return };
        for (row, count) in upper.iter_mut().enumerate().filter(|(_, count)| !is_gap(**count)) {
            let inside = lower.get(row).copied().filter(|inside| !inside.is_nan()).unwrap_or(0.0);
            let rest = *count - inside;
            *count = if rest < NOTHING { 0.0 } else { rest };
        }
    }
}
