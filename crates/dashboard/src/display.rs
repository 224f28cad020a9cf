//! A field's values as they are shown: text in its unit, or what a mapping says, and a colour.

use crate::model::{FieldConfig, SeriesBy};
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
    unit: Unit,
    has_unit: bool,
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
        ColorMode::Continuous(gradient) => gradient.at((value - min) / (max - min), theme),
        _ => config.thresholds.color(value, min, max, theme),
    }
}

/// The unit of a field's values. Those of a time are written as one, whatever unit the panel has for others.
#[must_use]
pub fn unit_of(config: &FieldConfig, is_time: bool) -> Unit {
    let unit = Unit::new(&config.unit);
    if is_time && !unit.is_instant() { Unit::new("dateTimeAsSystem") } else { unit }
}

impl Display {
    /// How a series configured so is shown. `range` is that of its data, for want of set limits.
    #[must_use]
    pub fn new(config: &FieldConfig, series: Series<'_>, range: Option<(f64, f64)>, theme: Theme) -> Self {
        let fixed = config.color.fixed.as_deref().unwrap_or_default();
        let (min, max) = limits(config, range);
        Self {
            unit: Unit::new(&config.unit),
            has_unit: !matches!(config.unit.as_str(), "" | "string"),
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

    /// A value, or the lack of one.
    #[must_use]
    pub fn show(&self, value: Option<f64>) -> Shown {
        let sample = value.map_or(Sample::Missing, Sample::Number);
        let mapped = mapping::find(&self.mappings, sample).unwrap_or_default();
        let text = match (mapped.text, value) {
            (Some(text), _) => Formatted::plain(text),
            // A unit would say nothing about what is no number.
            (None, Some(value)) if value.is_nan() => Formatted::plain("NaN"),
            (None, Some(value)) => self.unit.format(value, self.decimals),
            (None, None) => Formatted::plain(self.no_value.clone().unwrap_or_default()),
        };
        let color = match mapped.color {
            Some(name) => color::parse_or_gray(&name, self.theme),
            None => self.color_of(value.unwrap_or(f64::NAN)),
        };
        Shown { text, color, icon: mapped.icon }
    }

    /// A text: as it is, or as the number it spells where the field has a unit.
    #[must_use]
    pub fn show_text(&self, text: &str) -> Shown {
        let number = frame::decimal::parse(text.trim()).filter(|_| self.has_unit);
        let mapped = mapping::find(&self.mappings, Sample::Text(text));
        if let (Some(number), None) = (number, &mapped) {
            return self.show(Some(number));
        }
        let mapped = mapped.unwrap_or_default();
        let color = match mapped.color {
            Some(name) => color::parse_or_gray(&name, self.theme),
            // What is no number has reached no threshold but the base.
            None => self.color_of(number.unwrap_or(f64::NEG_INFINITY)),
        };
        let own = || if text.is_empty() { self.no_value.clone().unwrap_or_default() } else { text.to_owned() };
        Shown { text: Formatted::plain(mapped.text.unwrap_or_else(own)), color, icon: mapped.icon }
    }

    /// How far a value is between minimum and maximum, from 0 to 1 and beyond.
    #[must_use]
    pub fn fraction(&self, value: f64) -> f64 {
        (value - self.min) / (self.max - self.min)
    }

    fn color_of(&self, value: f64) -> Rgba {
        match self.color {
            ColorMode::Thresholds => self.thresholds.color(value, self.min, self.max, self.theme),
            ColorMode::Continuous(gradient) => gradient.at(self.fraction(value), self.theme),
            _ => self.series_color,
        }
    }
}
