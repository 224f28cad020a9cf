//! Thresholds: the values from which on a field is shown in another colour.

use crate::color::{self, Rgba, Theme};

/// What a threshold's value means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThresholdMode {
    /// A value in the field's own unit.
    #[default]
    Absolute,
    /// A percentage of the way from the field's minimum to its maximum.
    Percentage,
}

/// From this value on, this colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Negative infinity for the base.
    pub value: f64,
    /// A colour's name or code, as [`crate::color::parse`] reads it.
    pub color: String,
}

/// The steps of a field, from the base upwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thresholds {
    /// What the values mean.
    pub mode: ThresholdMode,
    /// In rising order, as Grafana's editor keeps them. May be empty.
    pub steps: Vec<Step>,
}

impl Thresholds {
    /// What a new panel has: green, and red from 80.
    #[must_use]
    pub fn usual() -> Self {
        let step = |value, color: &str| Step { value, color: color.into() };
        Self { mode: ThresholdMode::Absolute, steps: vec![step(f64::NEG_INFINITY, "green"), step(80.0, "red")] }
    }

    /// The highest step that `value` has reached, of a field that goes from `min` to `max`.
    ///
    /// Below the lowest step that is the lowest. The search ends at the first step not reached.
    #[must_use]
    pub fn reached(&self, value: f64, min: f64, max: f64) -> Option<&Step> {
        let measured = match self.mode {
            ThresholdMode::Absolute => value,
            ThresholdMode::Percentage => (value - min) / (max - min) * 100.0,
        };
        self.steps.iter().take_while(|step| measured >= step.value).last().or(self.steps.first())
    }

    /// The colour of the step that `value` has reached, gray without steps.
    #[must_use]
    pub fn color(&self, value: f64, min: f64, max: f64, theme: Theme) -> Rgba {
        self.reached(value, min, max).map_or(Rgba::GRAY, |step| color::parse_or_gray(&step.color, theme))
    }
}
