//! On which of a chart's two value axes each scale stands.

use crate::state::scale::Scale;
use chart::AxisId;
use dashboard::model::AxisPlacement;

/// The scales that have the first and the second axis.
#[derive(Debug, Default)]
pub struct Axes<'a> {
    first: Option<&'a Scale<'a>>,
    second: Option<&'a Scale<'a>>,
}

impl<'a> Axes<'a> {
    /// Each scale gets the axis on its side, or else the other one, until none is left. Those that nobody sees come last.
    pub fn of(scales: &'a [Scale<'a>]) -> Self {
        let mut axes = Self::default();
        let seen =
            |is_seen: bool| scales.iter().filter(move |scale| is_seen != (scale.placement == AxisPlacement::Hidden));
        for scale in seen(true) {
            let on_its_side = if scale.placement == AxisPlacement::Right { &mut axes.second } else { &mut axes.first };
            on_its_side.get_or_insert(scale);
        }
        for scale in seen(true).chain(seen(false)) {
            let is_placed = [axes.first, axes.second].contains(&Some(scale));
            let free = [&mut axes.first, &mut axes.second].into_iter().find(|axis| axis.is_none());
            if let (false, Some(free)) = (is_placed, free) {
                *free = Some(scale);
            }
        }
        axes
    }

    /// The axis of one of the scales. One that has got none shares that of its unit, or else the second.
    pub fn of_scale(&self, scale: &Scale<'_>) -> AxisId {
        let axes = [(AxisId::First, self.first), (AxisId::Second, self.second)];
        let found = |is_it: &dyn Fn(&Scale<'_>) -> bool| axes.iter().find(|(_, of)| of.is_some_and(is_it));
        let axis = found(&|of| of == scale).or_else(|| found(&|of| of.unit == scale.unit));
        axis.map_or(AxisId::Second, |(axis, _)| *axis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AxisId::{First, Second};
    use AxisPlacement::{Auto, Hidden, Left, Right};
    use dashboard::model::FieldConfig;

    fn field(unit: &str, placement: AxisPlacement, max: Option<f64>) -> FieldConfig {
        let mut config = FieldConfig { unit: unit.into(), max, ..FieldConfig::default() };
        config.draw.axis.placement = placement;
        config
    }

    #[test]
    fn each_scale_has_its_axis() {
        let check = |fields: &[(&str, AxisPlacement, Option<f64>)], expected: &[AxisId]| {
            let configs: Vec<FieldConfig> =
                fields.iter().map(|(unit, placement, max)| field(unit, *placement, *max)).collect();
            let scales: Vec<Scale<'_>> = configs.iter().map(Scale::of).collect();
            let axes = Axes::of(&scales);
            let found: Vec<AxisId> = scales.iter().map(|scale| axes.of_scale(scale)).collect();
            assert_eq!(found, expected, "{fields:?}");
        };
        check(&[("s", Auto, None), ("s", Auto, None)], &[First, First]);
        check(&[("bytes", Auto, None), ("s", Auto, None), ("bytes", Auto, None)], &[First, Second, First]);
        check(&[("s", Auto, None), ("s", Auto, Some(1.0))], &[First, Second]);
        check(&[("s", Right, None), ("bytes", Auto, None)], &[Second, First]);
        check(&[("s", Right, None), ("s", Right, None)], &[Second, Second]);
        check(&[("s", Right, None), ("bytes", Right, None)], &[Second, First]);
        check(&[("s", Left, None), ("bytes", Left, None)], &[First, Second]);
        // A third scale has no axis of its own.
        check(&[("s", Auto, None), ("bytes", Auto, None), ("short", Auto, None)], &[First, Second, Second]);
        check(&[("s", Auto, None), ("bytes", Auto, None), ("s", Auto, Some(1.0))], &[First, Second, First]);
        check(&[("s", Auto, None), ("bytes", Auto, None), ("short", Right, None)], &[First, Second, Second]);
        // Nor does one that is hidden, where it is wanted for another.
        check(&[("s", Auto, None), ("bytes", Hidden, None)], &[First, Second]);
        check(&[("bytes", Hidden, None), ("s", Auto, None), ("short", Right, None)], &[Second, First, Second]);
        check(&[("s", Hidden, None)], &[First]);
        check(&[], &[]);
    }
}
