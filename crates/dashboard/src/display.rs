//! A field's values as they are shown: text in its unit, or what a mapping says, and a colour.

use crate::model::{FieldConfig, SeriesBy};
use crate::time::date_on_utc;
use crate::transform::FieldType;
use crate::transform::cell::number_from;
use format::color::{self, Rgba, Theme};
use format::mapping::{self, Mapping, Sample};
use format::palette::ColorMode;
use format::threshold::Thresholds;
use format::{Formatted, Unit};
use frame::calcs::Calc;
use frame::is_gap;

/// How the values of one field are shown, looked up once for all of them.
#[derive(Clone, Debug)]
pub struct Display {
    kind: FieldType,
    unit: Unit,
    has_unit: bool,
    /// Nothing is a number, whatever it spells.
    is_string: bool,
    decimals: Option<u8>,
    mappings: Vec<Mapping>,
    no_value: Option<String>,
    color: ColorMode,
    /// The colour of the modes that colour by series.
    series_color: Rgba,
    thresholds: Thresholds,
    min: f64,
    max: f64,
    theme: Theme,
}

/// Which of several series a field is: palettes go by the one or the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Series<'a> {
    /// Its number, from 0.
    pub index: usize,
    /// Its name.
    pub name: &'a str,
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its text.
    pub text: Formatted,
    /// The instant that it is, in epoch milliseconds, where it is to be written as one: [`Unit::format_instant`].
    pub instant: Option<f64>,
    /// Its colour.
    pub color: Rgba,
    /// The path of an icon instead of the text.
    pub icon: Option<String>,
}

/// The least and the greatest value, by the configuration or else the data.
fn limits(config: &FieldConfig, range: Option<(f64, f64)>) -> (f64, f64) {
    match (config.min, config.max, range) {
        (Some(min), Some(max), _) => (min, max),
        (min, max, Some(range)) => (min.unwrap_or(range.0), max.unwrap_or(range.1)),
        (_, _, None) => (0.0, 100.0),
    }
}

/// How far `value` is between two others, from 0 to 1 and beyond; 0 for what is no number.
fn fraction_between(value: f64, (min, max): (f64, f64)) -> f64 {
    let fraction = (value - min) / (max - min);
    if fraction.is_nan() { 0.0 } else { fraction }
}

impl SeriesBy {
    /// What tells it of a series.
    #[must_use]
    pub fn calc(self) -> Calc {
        match self {
            Self::Last => Calc::Last,
            Self::Min => Calc::Min,
            Self::Max => Calc::Max,
        }
    }
}

/// The colour of a series as a whole, where it goes by its values: that of `value`, which [`SeriesBy::calc`] tells. `range` is
/// that of the data.
#[must_use]
pub fn color_by_value(config: &FieldConfig, value: f64, range: Option<(f64, f64)>, theme: Theme) -> Rgba {
    let value = if is_gap(value) { 0.0 } else { value };
    let (min, max) = limits(config, range);
    match config.color.mode {
        ColorMode::Continuous(gradient) => gradient.at(fraction_between(value, (min, max)), theme),
        _ => config.thresholds.color(value, min, max, theme),
    }
}

/// The unit of a field's values. Those of a time are written as one, whatever unit the panel has for others.
#[must_use]
pub fn unit_of(config: &FieldConfig, is_time: bool) -> Unit {
    let unit = Unit::new(&config.unit);
    if is_time && !unit.is_instant() { Unit::new("dateTimeAsSystem") } else { unit }
}

/// The unit of a column of instants, of which the first and the last are so far apart: within a minute they are written with
/// milliseconds. One that is no unit of instants leaves them to the page.
#[must_use]
pub fn unit_of_instants(config: &FieldConfig, span_millis: Option<f64>) -> Unit {
    const MINUTE_MILLIS: f64 = 60_000.0;
    let unit = Unit::new(&config.unit);
    match span_millis {
        Some(span) if span < MINUTE_MILLIS && !unit.is_instant() => Unit::new("time:YYYY-MM-DD HH:mm:ss.SSS"),
        _ => unit,
    }
}

impl Display {
    /// How a series configured so is shown. `range` is that of its data, for want of set limits.
    #[must_use]
    pub fn new(config: &FieldConfig, series: Series<'_>, range: Option<(f64, f64)>, theme: Theme) -> Self {
        let fixed = config.color.fixed.as_deref().unwrap_or_default();
        let (min, max) = limits(config, range);
        Self {
            kind: FieldType::Number,
            unit: Unit::new(&config.unit),
            has_unit: !config.unit.is_empty(),
            is_string: config.unit == "string",
            decimals: config.decimals,
            mappings: config.mappings.clone(),
            no_value: config.no_value.clone(),
            color: config.color.mode,
            series_color: config.color.mode.series_color(series.index, series.name, fixed, theme),
            thresholds: config.thresholds.clone(),
            min,
            max,
            theme,
        }
    }

    /// As that of a field that holds values of this kind: numbers unless it is said.
    #[must_use]
    pub fn holding(mut self, kind: FieldType) -> Self {
        self.kind = kind;
        match kind {
            FieldType::Time if !self.unit.is_instant() => self.unit = Unit::new("dateTimeAsSystem"),
            FieldType::Bool if !self.unit.is_bool() => self.unit = Unit::new("bool"),
            _ => {}
        }
        self
    }

    /// A number, or the lack of one.
    #[must_use]
    pub fn show(&self, value: Option<f64>) -> Shown {
        self.show_sample(value.map_or(Sample::Missing, Sample::Number))
    }

    /// A text: as it is, or as the number or the date that it spells where the field is one of those.
    #[must_use]
    pub fn show_text(&self, text: &str) -> Shown {
        self.show_sample(Sample::Text(text))
    }

    /// Any value.
    #[must_use]
    pub fn show_sample(&self, sample: Sample<'_>) -> Shown {
        let sample = match sample {
            Sample::Text(text) if self.unit.is_instant() => {
                Sample::Number(date_on_utc(text.trim()).map_or(f64::NAN, |at| at.0 as f64))
            }
            other => other,
        };
        let is_text = self.is_string || (self.kind == FieldType::Text && !self.has_unit);
        let number = if is_text { f64::NAN } else { number_of(sample) };
        let mapped = mapping::find(&self.mappings, sample).unwrap_or_default();
        let is_own = mapped.text.is_none() && !number.is_nan() && !matches!(sample, Sample::Bool(_));
        let no_value = || self.no_value.clone().unwrap_or_default();
        let text = match (mapped.text, sample) {
            (Some(text), _) => Formatted::plain(text),
            _ if is_own => self.unit.format(number, self.decimals),
            (None, Sample::Bool(flag)) => Formatted::plain(flag.to_string()),
            (None, Sample::Number(value)) => Formatted::plain(format::number::shortest(value)),
            (None, Sample::Text("") | Sample::Missing) => Formatted::plain(no_value()),
            (None, Sample::Text(text)) => Formatted::plain(text),
        };
        let color = match mapped.color {
            Some(name) => color::parse_or_gray(&name, self.theme),
            // What is no number has reached no threshold but the base.
            None => self.color_of(if number.is_nan() { f64::NEG_INFINITY } else { number }),
        };
        Shown { text, instant: (is_own && self.unit.is_instant()).then_some(number), color, icon: mapped.icon }
    }

    /// How far a value is between minimum and maximum, from 0 to 1 and beyond; 0 for what is no number.
    #[must_use]
    pub fn fraction(&self, value: f64) -> f64 {
        fraction_between(value, (self.min, self.max))
    }

    fn color_of(&self, value: f64) -> Rgba {
        match self.color {
            ColorMode::Continuous(gradient) if self.kind == FieldType::Bool => {
                gradient.at(if value == 0.0 { 0.0 } else { 1.0 }, self.theme)
            }
            _ if self.kind == FieldType::Bool => {
                color::parse_or_gray(if value == 0.0 { "red" } else { "green" }, self.theme)
            }
            ColorMode::Thresholds => self.thresholds.color(value, self.min, self.max, self.theme),
            ColorMode::Continuous(gradient) => gradient.at(self.fraction(value), self.theme),
            _ => self.series_color,
        }
    }
}

/// A value as a number; NaN for what spells none.
fn number_of(sample: Sample<'_>) -> f64 {
    match sample {
        Sample::Number(number) => number,
        Sample::Bool(flag) => f64::from(u8::from(flag)),
        Sample::Text("") | Sample::Missing => f64::NAN,
        Sample::Text(text) => number_from(text),
    }
}
