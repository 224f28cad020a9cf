//! Tables: what transformations work on, a column per field.

use super::cell::Cell;
use super::values::Values;
use frame::Labels;
use std::sync::Arc;

/// A table of fields: Grafana's data frame. Cheap to clone, as columns are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name, where it has one.
    pub name: Option<Arc<str>>,
    /// The query it answers, or how it came to be out of several.
    pub ref_id: Option<Arc<str>>,
    /// What its fields mean together.
    pub shape: Shape,
    /// Whether it belongs to the annotations instead of the panel's data.
    pub is_annotation: bool,
    /// For a table in a table: shown without the names of its fields.
    pub hides_header: bool,
    /// How many rows there are. A column that is shorter holds nothing below its end.
    pub rows: usize,
    /// Its columns.
    pub fields: Vec<Field>,
}

/// What the fields of a table mean together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Nothing in particular.
    #[default]
    Plain,
    /// One series: a time and a value.
    TimeSeriesMulti,
    /// A time and a value per series.
    TimeSeriesWide,
    /// A row per series and time, with labels as fields.
    TimeSeriesLong,
    /// One number.
    NumericMulti,
    /// A number per field.
    NumericWide,
    /// A number per row, with labels as fields.
    NumericLong,
    /// Buckets: lower bound, upper bound, counts.
    Histogram,
    /// A time and a field of counts per bucket.
    HeatmapRows,
    /// A row per cell of a heat map.
    HeatmapCells,
}

impl Shape {
    const NAMED: [(Self, &'static str); 9] = [
        (Self::TimeSeriesMulti, "timeseries-multi"),
        (Self::TimeSeriesWide, "timeseries-wide"),
        (Self::TimeSeriesLong, "timeseries-long"),
        (Self::NumericMulti, "numeric-multi"),
        (Self::NumericWide, "numeric-wide"),
        (Self::NumericLong, "numeric-long"),
        (Self::Histogram, "histogram"),
        (Self::HeatmapRows, "heatmap-rows"),
        (Self::HeatmapCells, "heatmap-cells"),
    ];

    /// The shape Grafana calls so; plain for one it does not know.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self::NAMED.iter().find(|(_, known)| *known == name).map_or(Self::Plain, |(shape, _)| *shape)
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldType {
    /// Instants, in epoch milliseconds.
    Time,
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// True and false.
    Bool,
    /// Tables.
    Tables,
    /// Series to draw in a cell.
    Trend,
    /// Anything else.
    #[default]
    Other,
}

impl FieldType {
    const NAMED: [(Self, &'static str); 7] = [
        (Self::Time, "time"),
        (Self::Number, "number"),
        (Self::Text, "string"),
        (Self::Bool, "boolean"),
        (Self::Tables, "nestedFrames"),
        (Self::Trend, "frame"),
        (Self::Other, "other"),
    ];

    /// The type Grafana calls so.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// The type of the first value there is.
    #[must_use]
    pub fn guess(values: &Values) -> Self {
        let first = (0..values.len()).map(|row| values.get(row)).find(|cell| !cell.is_missing());
        match first {
            Some(Cell::Number(_)) => Self::Number,
            Some(Cell::Text(_)) => Self::Text,
            Some(Cell::Bool(_)) => Self::Bool,
            _ => Self::Other,
        }
    }
}

/// How one field is shown, as far as it comes with the data or out of transformations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldConfig {
    /// The name the user gave it.
    pub display_name: Option<Arc<str>>,
    /// The name the data source gave it: its legend.
    pub display_name_from_source: Option<Arc<str>>,
    /// Grafana's id of its unit.
    pub unit: Option<Arc<str>>,
    /// How many decimals.
    pub decimals: Option<f64>,
    /// The least value.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// A fixed colour.
    pub color: Option<Arc<str>>,
    /// From which value on which colour; the first counts from below everything.
    pub thresholds: Vec<(f64, Arc<str>)>,
    /// Texts and colours instead of values.
    pub mappings: Vec<ValueMapping>,
    /// The distance between points in milliseconds.
    pub interval_millis: Option<f64>,
    /// Whether its values can become ad hoc filters.
    pub filterable: Option<bool>,
}

/// A text and a colour instead of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueMapping {
    /// The value, as a text.
    pub value: Arc<str>,
    /// What is shown instead.
    pub text: Option<Arc<str>>,
    /// In which colour.
    pub color: Option<Arc<str>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name: `Time`, `Value`, a label's …
    pub name: Arc<str>,
    /// What it holds.
    pub kind: FieldType,
    /// The labels of its series. None where the field cannot have any: that counts when names are made.
    pub labels: Option<Labels>,
    /// How it is shown.
    pub config: Arc<FieldConfig>,
    /// Its values.
    pub values: Values,
}

impl Field {
    /// A field without labels and settings.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, kind: FieldType, values: Values) -> Self {
        Self { name: name.into(), kind, labels: None, config: Arc::default(), values }
    }

    /// The same field with other values.
    #[must_use]
    pub fn with_values(&self, values: Values) -> Self {
        Self { values, ..self.clone() }
    }

    /// Its settings, to change them.
    pub fn config_mut(&mut self) -> &mut FieldConfig {
        Arc::make_mut(&mut self.config)
    }

    /// The value of one of its labels.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.as_ref()?.get(name)
    }

    /// Whether it has a label at all.
    #[must_use]
    pub fn has_labels(&self) -> bool {
        self.labels.as_ref().is_some_and(|labels| !labels.is_empty())
    }
}

impl Table {
    /// A table of these columns, as long as the longest.
    #[must_use]
    pub fn new(ref_id: Option<Arc<str>>, fields: Vec<Field>) -> Self {
        let rows = fields.iter().map(|field| field.values.len()).max().unwrap_or(0);
        Self { ref_id, rows, fields, ..Self::default() }
    }

    /// The same table with other columns, as many rows as before.
    #[must_use]
    pub fn with_fields(&self, fields: Vec<Field>) -> Self {
        Self { fields, name: self.name.clone(), ref_id: self.ref_id.clone(), ..*self }
    }

    /// The first column of instants.
    #[must_use]
    pub fn time_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == FieldType::Time)
    }

    /// Only these rows, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let picked: Vec<Option<usize>> = rows.iter().map(|row| Some(*row)).collect();
        let fields = self.fields.iter().map(|field| field.with_values(field.values.select(&picked))).collect();
        Self { rows: rows.len(), ..self.with_fields(fields) }
    }
}
