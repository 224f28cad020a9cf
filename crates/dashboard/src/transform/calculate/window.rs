//! Values of a field and the ones around or before them: running totals, moving means.

use super::super::TransformError;
use super::super::matcher::FieldMatcher;
use super::super::names::Names;
use super::super::options::Options;
use super::super::table::{Field, FieldType, Table};
use super::super::values::Values;
use super::aliased;
use std::ops::Range;
use std::sync::Arc;

/// Sum or mean of all values up to each.
#[derive(Clone, Debug)]
pub(super) struct Cumulative {
    reducer: Arc<str>,
    field: Option<Arc<str>>,
}

/// Mean, standard deviation or variance of the values around each, or up to it.
#[derive(Clone, Debug)]
pub(super) struct Window {
    reducer: Arc<str>,
    field: Option<Arc<str>>,
    /// In rows, or as a share of all rows.
    size: f64,
    is_fixed: bool,
    /// `centered` or `trailing`.
    alignment: Arc<str>,
}

impl Cumulative {
    pub(super) fn read(options: &Options) -> Self {
        Self { reducer: options.text("reducer").unwrap_or_else(|| "sum".into()), field: options.text("field") }
    }

    pub(super) fn field(
        &self,
        table: &Table,
        names: &Names,
        alias: Option<&Arc<str>>,
    ) -> Result<Option<Field>, TransformError> {
        let is_mean = match &*self.reducer {
            "sum" => false,
            "mean" => true,
            other => return Err(unsupported(other)),
        };
        let Some(numbers) = source(table, names, self.field.as_deref()) else { return Ok(None) };
        let (mut total, mut count) = (0.0, 0.0);
        let step = |number: &Option<f64>| {
            total += number.unwrap_or(0.0);
            count += f64::from(u8::from(number.is_some()));
            if is_mean { total / count } else { total }
        };
        let values: Vec<f64> = numbers.iter().map(step).collect();
        let name = format!("cumulative {}{}", self.reducer, in_brackets(self.field.as_deref()));
        Ok(Some(aliased(&name, Values::from(values), alias)))
    }
}

impl Window {
    pub(super) fn read(options: &Options) -> Self {
        const DEFAULT_SHARE: f64 = 0.1;
        Self {
            reducer: options.text("reducer").unwrap_or_default(),
            field: options.text("field"),
            size: options.number("windowSize").unwrap_or(DEFAULT_SHARE),
            is_fixed: options.str("windowSizeMode") == Some("fixed"),
            alignment: options.text("windowAlignment").unwrap_or_default(),
        }
    }

    pub(super) fn field(
        &self,
        table: &Table,
        names: &Names,
        alias: Option<&Arc<str>>,
    ) -> Result<Option<Field>, TransformError> {
        if self.size <= 0.0 {
            let message = "the window must be larger than 0".into();
            return Err(TransformError { path: "options.window.windowSize".into(), message });
        }
        let Some(numbers) = source(table, names, self.field.as_deref()) else { return Ok(None) };
        let size = if self.is_fixed { self.size } else { self.size * numbers.len() as f64 };
        let size = size.ceil() as usize;
        let is_centered = &*self.alignment == "centered";
        let values = match &*self.reducer {
            "mean" | "" if !is_centered => trailing_means(&numbers, size),
            reducer @ ("mean" | "" | "stdDev" | "variance") => {
                let window = |row| if is_centered { centered(row, size, numbers.len()) } else { trailing(row, size) };
                (0..numbers.len()).map(|row| reduced(reducer, numbers.get(window(row)).unwrap_or_default())).collect()
            }
            other => return Err(unsupported(other)),
        };
        let name = format!("{} moving {}{}", self.alignment, self.reducer, in_brackets(self.field.as_deref()));
        Ok(Some(aliased(&name, Values::from(values), alias)))
    }
}

fn unsupported(reducer: &str) -> TransformError {
    TransformError { path: "options".into(), message: format!("there is no running calculation `{reducer}`") }
}

fn in_brackets(field: Option<&str>) -> String {
    field.filter(|field| !field.is_empty()).map(|field| format!("({field})")).unwrap_or_default()
}

/// The numbers of the field called so, or of the first number field; none for a missing one.
fn source(table: &Table, names: &Names, field: Option<&str>) -> Option<Vec<Option<f64>>> {
    let index = match field.filter(|field| !field.is_empty()) {
        Some(name) => FieldMatcher::Name(name.into()).position(table, names)?,
        None => table.fields.iter().position(|field| field.kind == FieldType::Number)?,
    };
    let field = table.fields.get(index).filter(|field| field.kind == FieldType::Number)?;
    Some(
        (0..table.rows)
            .map(|row| field.values.get(row))
            .map(|cell| (!cell.is_missing()).then(|| cell.to_number()))
            .collect(),
    )
}

fn trailing(row: usize, size: usize) -> Range<usize> {
    (row + 1).saturating_sub(size)..row + 1
}

fn centered(row: usize, size: usize, rows: usize) -> Range<usize> {
    row.saturating_sub(size / 2)..row.saturating_add(size.div_ceil(2)).min(rows)
}

/// Means that slide: a value enters, one leaves. As in Grafana nothing leaves in a row without a value, so what should have
/// left there stays for good.
fn trailing_means(numbers: &[Option<f64>], size: usize) -> Vec<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    let mut means = Vec::with_capacity(numbers.len());
    for (row, number) in numbers.iter().enumerate() {
        if let Some(number) = number {
            sum += number;
            count += 1.0;
            if let Some(leaving) = row.checked_sub(size).and_then(|row| numbers[row]) {
                sum -= leaving;
                count -= 1.0;
            }
        }
        means.push(if count == 0.0 { 0.0 } else { sum / count });
    }
    means
}

fn reduced(reducer: &str, window: &[Option<f64>]) -> f64 {
    let count = window.iter().flatten().count() as f64;
    if count == 0.0 {
        return 0.0;
    }
    let mean = window.iter().flatten().sum::<f64>() / count;
    let variance = window.iter().flatten().map(|number| (number - mean) * (number - mean)).sum::<f64>() / count;
    match reducer {
        "variance" => variance,
        "stdDev" => variance.sqrt(),
        _ => mean,
    }
}
