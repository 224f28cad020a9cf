//! The words of Grafana's JSON for choices, for reading and writing. The first word of each choice is the one to write.

use crate::model::{
    Align, AxisColor, AxisPlacement, BarDisplay, BarNames, BarValue, CellHeight, CellLayout, ColorTarget, DrawStyle,
    GradientMode, GraphMode, Interpolation, LegendMode, LinkIcon, Orientation, PercentChangeColor, PieLabel, PieSort,
    SortOrder, StackingMode, ThresholdsStyle, TooltipMode, ValueText, Visibility,
};
use format::mapping::Special;

/// Words for choices.
type Words<T> = &'static [(&'static str, T)];

pub(crate) const ALIGNMENTS: Words<Align> = &[
    ("auto", Align::Auto),
    ("", Align::Auto),
    ("left", Align::Left),
    ("center", Align::Center),
    ("right", Align::Right),
];
pub(crate) const AXIS_COLORS: Words<AxisColor> = &[("text", AxisColor::Text), ("series", AxisColor::Series)];
pub(crate) const AXIS_PLACEMENTS: Words<AxisPlacement> = &[
    ("auto", AxisPlacement::Auto),
    ("left", AxisPlacement::Left),
    ("right", AxisPlacement::Right),
    ("top", AxisPlacement::Top),
    ("bottom", AxisPlacement::Bottom),
    ("hidden", AxisPlacement::Hidden),
];
pub(crate) const BAR_DISPLAYS: Words<BarDisplay> =
    &[("basic", BarDisplay::Basic), ("lcd", BarDisplay::Lcd), ("gradient", BarDisplay::Gradient)];
pub(crate) const BAR_NAMES: Words<BarNames> =
    &[("auto", BarNames::Auto), ("top", BarNames::Top), ("left", BarNames::Left), ("hidden", BarNames::Hidden)];
pub(crate) const BAR_VALUES: Words<BarValue> =
    &[("color", BarValue::Color), ("text", BarValue::Text), ("hidden", BarValue::Hidden)];
pub(crate) const CELL_HEIGHTS: Words<CellHeight> =
    &[("sm", CellHeight::Small), ("md", CellHeight::Medium), ("lg", CellHeight::Large), ("auto", CellHeight::Auto)];
pub(crate) const COLOR_TARGETS: Words<ColorTarget> = &[
    ("none", ColorTarget::None),
    ("value", ColorTarget::Value),
    ("background", ColorTarget::Background),
    ("background_solid", ColorTarget::BackgroundSolid),
];
pub(crate) const DRAW_STYLES: Words<DrawStyle> =
    &[("line", DrawStyle::Line), ("bars", DrawStyle::Bars), ("points", DrawStyle::Points)];
pub(crate) const GRADIENT_MODES: Words<GradientMode> = &[
    ("none", GradientMode::None),
    ("opacity", GradientMode::Opacity),
    ("hue", GradientMode::Hue),
    ("scheme", GradientMode::Scheme),
];
pub(crate) const GRAPH_MODES: Words<GraphMode> =
    &[("none", GraphMode::None), ("line", GraphMode::Line), ("area", GraphMode::Area)];
pub(crate) const INTERPOLATIONS: Words<Interpolation> = &[
    ("linear", Interpolation::Linear),
    ("smooth", Interpolation::Smooth),
    ("stepBefore", Interpolation::StepBefore),
    ("stepAfter", Interpolation::StepAfter),
];
pub(crate) const LAYOUTS: Words<CellLayout> = &[
    ("auto", CellLayout::Auto),
    ("ge", CellLayout::Upper),
    ("le", CellLayout::Lower),
    ("unknown", CellLayout::Middle),
];
pub(crate) const LEGEND_MODES: Words<LegendMode> =
    &[("list", LegendMode::List), ("table", LegendMode::Table), ("hidden", LegendMode::Hidden)];
pub(crate) const LINK_ICONS: Words<LinkIcon> = &[
    ("external link", LinkIcon::External),
    ("dashboard", LinkIcon::Dashboard),
    ("question", LinkIcon::Question),
    ("info", LinkIcon::Info),
    ("bolt", LinkIcon::Bolt),
    ("doc", LinkIcon::Document),
    ("cloud", LinkIcon::Cloud),
];
pub(crate) const ORIENTATIONS: Words<Orientation> = &[
    ("auto", Orientation::Auto),
    ("", Orientation::Auto),
    ("horizontal", Orientation::Horizontal),
    ("vertical", Orientation::Vertical),
];
pub(crate) const PERCENT_CHANGES: Words<PercentChangeColor> = &[
    ("standard", PercentChangeColor::Standard),
    ("inverted", PercentChangeColor::Inverted),
    ("same_as_value", PercentChangeColor::SameAsValue),
];
pub(crate) const PIE_LABELS: Words<PieLabel> =
    &[("name", PieLabel::Name), ("value", PieLabel::Value), ("percent", PieLabel::Percent)];
pub(crate) const PIE_SORTS: Words<PieSort> =
    &[("desc", PieSort::Descending), ("asc", PieSort::Ascending), ("none", PieSort::None)];
pub(crate) const SORT_ORDERS: Words<SortOrder> =
    &[("none", SortOrder::None), ("asc", SortOrder::Ascending), ("desc", SortOrder::Descending)];
pub(crate) const SPECIALS: Words<Special> = &[
    ("null", Special::Null),
    ("nan", Special::NaN),
    ("null+nan", Special::NullOrNaN),
    ("true", Special::True),
    ("false", Special::False),
    ("empty", Special::Empty),
];
/// "value" is what some generators write; Grafana stacks by any word but "none".
pub(crate) const STACKING_MODES: Words<StackingMode> = &[
    ("none", StackingMode::None),
    ("normal", StackingMode::Normal),
    ("percent", StackingMode::Percent),
    ("value", StackingMode::Normal),
];
pub(crate) const THRESHOLDS_STYLES: Words<ThresholdsStyle> = &[
    ("off", ThresholdsStyle::Off),
    ("line", ThresholdsStyle::Line),
    ("dashed", ThresholdsStyle::Dashed),
    ("area", ThresholdsStyle::Area),
    ("line+area", ThresholdsStyle::LineAndArea),
    ("dashed+area", ThresholdsStyle::DashedAndArea),
    ("series", ThresholdsStyle::Off),
];
/// "all" is what some generators write for several.
pub(crate) const TOOLTIP_MODES: Words<TooltipMode> = &[
    ("single", TooltipMode::Single),
    ("multi", TooltipMode::Multi),
    ("all", TooltipMode::Multi),
    ("none", TooltipMode::None),
];
pub(crate) const VALUE_TEXTS: Words<ValueText> = &[
    ("auto", ValueText::Auto),
    ("value", ValueText::Value),
    ("value_and_name", ValueText::ValueAndName),
    ("name", ValueText::Name),
    ("none", ValueText::None),
];
pub(crate) const VISIBILITIES: Words<Visibility> =
    &[("auto", Visibility::Auto), ("never", Visibility::Never), ("always", Visibility::Always)];
