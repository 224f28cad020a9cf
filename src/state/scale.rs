//! Which fields of a chart share a value scale.

use dashboard::model::{self, AxisPlacement, FieldConfig};

/// The scale that a field is drawn on. Fields of equal scales share one, as in Grafana.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale<'a> {
    pub unit: &'a str,
    pub placement: AxisPlacement,
    limits: [Option<f64>; 4],
    spread: model::Scale,
    label: &'a str,
}

impl<'a> Scale<'a> {
    /// The scale of a field configured so.
    pub fn of(config: &'a FieldConfig) -> Self {
        let axis = &config.draw.axis;
        Self {
            unit: &config.unit,
            placement: axis.placement,
            limits: [config.min, config.max, axis.soft_min, axis.soft_max],
            spread: axis.scale,
            label: &axis.label,
        }
    }
}

/// Whether a property of an override is one that tells scales apart.
pub fn is_told_by(property: &str) -> bool {
    matches!(property, "unit" | "min" | "max" | "custom.scaleDistribution") || property.starts_with("custom.axis")
}
