//! `histogram`: how many values of each field lie in which bucket.

use super::options::Options;
use super::table::{Field, FieldType, Shape, Table};
use super::values::Values;
use super::{TransformError, check_size};

/// Numbers counted by bucket.
#[derive(Clone, Debug)]
pub struct Histogram {
    /// The width of a bucket, or none for one that fits the data.
    size: Option<f64>,
    /// Where a bucket starts.
    offset: f64,
    /// All fields together.
    combine: bool,
}

impl Histogram {
    pub(super) fn read(options: &Options) -> Self {
        let number = |key: &str| options.scalar(key).map(|text| super::cell::number_from(&text));
        Self {
            size: number("bucketSize").filter(|size| *size > 0.0),
            offset: number("bucketOffset").filter(|offset| offset.is_finite()).unwrap_or(0.0),
            combine: options.flag("combine"),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        let fields: Vec<&Field> =
            tables.iter().flat_map(|table| &table.fields).filter(|field| field.kind == FieldType::Number).collect();
        let Some(first) = fields.first() else { return Ok(Vec::new()) };
        let size = self.size.unwrap_or_else(|| fitting_size(&fields));
        let buckets = self.count(&fields, size)?;
        let starts: Vec<f64> = buckets.iter().map(|bucket| bucket.start).collect();
        let ends = starts.iter().map(|start| nine_decimals(start + size)).collect::<Vec<_>>();
        let bound = |name: &str, values: Vec<f64>| {
            let mut field = Field::new(name, FieldType::Number, Values::from(values));
            field.config_mut().unit = first.config.unit.clone();
            field.config_mut().decimals = Some(decimals(size)).filter(|decimals| *decimals > 0.0);
            field
        };
        let mut columns = vec![bound("xMin", starts), bound("xMax", ends)];
        let counts = |index: usize| buckets.iter().map(|bucket| bucket.counts[index]).collect::<Vec<f64>>();
        let mut push = |field: &Field, name: &str, counts: Vec<f64>| {
            let mut column = Field { name: name.into(), ..field.with_values(Values::from(counts)) };
            column.config_mut().unit = None;
            columns.push(column);
        };
        if self.combine {
            let totals = buckets.iter().map(|bucket| bucket.counts.iter().sum()).collect();
            push(first, "count", totals);
        } else {
            for (index, field) in fields.iter().enumerate() {
                push(field, &field.name, counts(index));
            }
        }
        Ok(vec![Table { shape: Shape::Histogram, ..Table::new(Some("histogram".into()), columns) }])
    }

    /// The buckets in their order.
    fn count(&self, fields: &[&Field], size: f64) -> Result<Vec<Bucket>, TransformError> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let start = |value: f64| nine_decimals(((value - self.offset) / size).floor() * size + self.offset) + 0.0;
            found.extend(numbers(field).map(|value| (start(value), index)));
        }
        frame::sort_by(&mut found, |(a, _), (b, _)| a.total_cmp(b));
        let mut buckets: Vec<Bucket> = Vec::new();
        for (start, field) in found {
            if buckets.last().is_none_or(|bucket| bucket.start != start) {
                check_size(buckets.len() + 1, fields.len())?;
                buckets.push(Bucket { start, counts: vec![0.0; fields.len()] });
            }
            if let Some(bucket) = buckets.last_mut() {
                bucket.counts[field] += 1.0;
            }
        }
        Ok(buckets)
    }
}

struct Bucket {
    start: f64,
    /// Of every field.
    counts: Vec<f64>,
}

fn numbers<'f>(field: &'f Field) -> impl Iterator<Item = f64> + 'f {
    (0..field.values.len()).map(|row| field.values.number(row)).filter(|value| value.is_finite())
}

/// Buckets start and end at short decimals, whatever arithmetic says.
fn nine_decimals(value: f64) -> f64 {
    let scaled = (value * 1e9).round() / 1e9;
    if scaled.is_finite() { scaled } else { value }
}

/// The smallest round width of which thirty cover all values, and that is at least the distance of any two.
fn fitting_size(fields: &[&Field]) -> f64 {
    const BUCKETS: f64 = 30.0;
    let mut values: Vec<f64> = fields.iter().flat_map(|field| numbers(field)).collect();
    values.sort_by(f64::total_cmp);
    let (Some(min), Some(max)) = (values.first(), values.last()) else { return 1.0 };
    let gaps = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0);
    let smallest = if values.len() == 1 { 1.0 } else { gaps.fold(f64::INFINITY, f64::min) };
    let wanted = (max - min) / BUCKETS;
    round_sizes().find(|size| *size > wanted && *size >= smallest).unwrap_or(1.0)
}

fn round_sizes() -> impl Iterator<Item = f64> {
    (-9..16).flat_map(|power: i32| {
        let steps: &[f64] = if power == 0 { &[1.0, 2.0, 4.0, 5.0] } else { &[1.0, 2.0, 2.5, 4.0, 5.0] };
        let unit = |step: &f64| if power < 0 { step / 10f64.powi(-power) } else { step * 10f64.powi(power) };
        steps.iter().map(unit).collect::<Vec<_>>()
    })
}

/// How many digits stand behind the point.
fn decimals(value: f64) -> f64 {
    let text = format::number::shortest(value);
    text.split_once('.').map_or(0.0, |(_, digits)| digits.len() as f64)
}
