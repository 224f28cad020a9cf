//! How the fields of a panel look: one configuration for all, and overrides for some.

use super::{Cell, Link};
use crate::Patterns;
use crate::series_name::VALUE;
use format::mapping::Mapping;
use format::palette::ColorMode;
use format::pattern::Pattern;
use format::threshold::Thresholds;
use frame::calcs::Calc;
use serde_json::Value;
use std::fmt;

/// How the fields of a panel look.
#[derive(Clone, Default)]
pub struct FieldOptions {
    /// All of them.
    pub defaults: FieldConfig,
    /// Some of them; later ones win.
    pub overrides: Vec<Override>,
    /// What compiles the regular expressions in overrides.
    pub patterns: Patterns,
}

impl fmt::Debug for FieldOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldOptions").field("defaults", &self.defaults).field("overrides", &self.overrides).finish()
    }
}

impl FieldOptions {
    /// How a series looks.
    #[must_use]
    pub fn resolve(&self, series: Candidate) -> FieldConfig {
        let mut config = self.defaults.clone();
        for rule in self.overrides.iter().filter(|rule| rule.matcher.matches(series)) {
            self.apply(rule, &mut config);
        }
        config
    }

    /// How a field looks that came with these properties (Grafana's ids and JSON text) and for which these overrides are,
    /// by their number.
    #[must_use]
    pub fn resolve_matched(&self, properties: &[(String, String)], overrides: &[u32]) -> FieldConfig {
        let mut config = self.defaults.clone();
        for (id, text) in properties {
            if let Ok(value) = json::parse(text) {
                crate::import::set_property(&mut config, id, &value, self.patterns);
            }
        }
        for rule in overrides.iter().filter_map(|index| self.overrides.get(*index as usize)) {
            self.apply(rule, &mut config);
        }
        config
    }

    fn apply(&self, rule: &Override, config: &mut FieldConfig) {
        for (id, value) in &rule.properties {
            crate::import::set_property(config, id, value, self.patterns);
        }
    }

    /// What has to be known of every series for its colour, where the colour of any goes by values; none elsewhere.
    #[must_use]
    pub fn color_calcs(&self) -> &'static [Calc] {
        let is_by_value = |value: &Value| {
            let mode = value.get("mode").and_then(Value::as_str).and_then(ColorMode::parse);
            mode.is_some_and(ColorMode::is_by_value)
        };
        let mut properties = self.overrides.iter().flat_map(|rule| &rule.properties);
        let any =
            self.defaults.color.mode.is_by_value() || properties.any(|(id, value)| id == "color" && is_by_value(value));
        if any { &[Calc::Last, Calc::Min, Calc::Max] } else { &[] }
    }

    /// Whether any of them has links.
    #[must_use]
    pub fn has_links(&self) -> bool {
        let mut properties = self.overrides.iter().flat_map(|rule| &rule.properties);
        !self.defaults.links.is_empty() || properties.any(|(id, _)| id == "links")
    }

    /// Whether any of them is called by a text with variables in it.
    #[must_use]
    pub fn has_name_templates(&self) -> bool {
        let is_template = |name: &str| name.contains(['$', '[']);
        let mut properties = self.overrides.iter().flat_map(|rule| &rule.properties);
        self.defaults.display_name.as_deref().is_some_and(is_template)
            || properties.any(|(id, value)| id == "displayName" && value.as_str().is_some_and(is_template))
    }

    /// Whether there are overrides of which only the data tell whether they match.
    #[must_use]
    pub fn ask_the_data(&self) -> bool {
        self.overrides.iter().any(|rule| matches!(rule.matcher, Matcher::Data))
    }
}

/// Properties for the fields that match.
#[derive(Clone, Debug)]
pub struct Override {
    /// Which fields.
    pub matcher: Matcher,
    /// The same as Grafana has it.
    pub matcher_json: Value,
    /// Grafana's ids and values, such as `custom.lineWidth` and `2`.
    pub properties: Vec<(String, Value)>,
}

/// A series that an override may be for.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The name it is shown by, overrides apart.
    pub shown_name: &'a str,
    /// Its metric's name, where its labels have it.
    pub metric_name: Option<&'a str>,
    /// The query it answers.
    pub ref_id: &'a str,
}

impl Candidate<'_> {
    /// By the name shown, its field's own, or the word for the only numbers of a series.
    fn is_called(self, name: &str) -> bool {
        name == self.shown_name || name == VALUE || Some(name) == self.metric_name
    }
}

/// Which fields an override is for.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// The one called so.
    Name(String),
    /// Those called so.
    Names {
        /// The names.
        names: Vec<String>,
        /// All but those.
        exclude: bool,
    },
    /// Those whose name matches.
    Pattern(Pattern),
    /// The results of a query.
    RefId(String),
    /// All numbers.
    Numbers,
    /// Fields of another type, such as the times: never those of a series.
    OtherTypes,
    /// Only the data tell, such as "those whose last value is 0": they are matched where the data are.
    Data,
    /// A matcher this version does not know: matches nothing.
    Unsupported(String),
}

impl Matcher {
    /// Whether the numbers of `series` are meant.
    #[must_use]
    pub fn matches(&self, series: Candidate) -> bool {
        match self {
            Self::Name(wanted) => series.is_called(wanted),
            Self::Names { names, exclude } => names.iter().any(|wanted| series.is_called(wanted)) != *exclude,
            Self::Pattern(pattern) => pattern.is_match(series.shown_name),
            Self::RefId(wanted) => wanted == series.ref_id,
            Self::Numbers => true,
            Self::OtherTypes | Self::Data | Self::Unsupported(_) => false,
        }
    }
}

/// How a field looks.
#[derive(Clone, Debug, Default)]
pub struct FieldConfig {
    /// Grafana's id of the unit, empty for none.
    pub unit: String,
    /// Decimals, or as many as needed.
    pub decimals: Option<u8>,
    /// The least value, or that of the data.
    pub min: Option<f64>,
    /// The greatest value, or that of the data.
    pub max: Option<f64>,
    /// Minimum and maximum are the field's own, not those of all fields.
    pub own_min_max: bool,
    /// Its name, instead of the one from the data.
    pub display_name: Option<String>,
    /// What is shown where there is no value.
    pub no_value: Option<String>,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// Texts and colours instead of values.
    pub mappings: Vec<Mapping>,
    /// Its colour.
    pub color: FieldColor,
    /// Links of its values.
    pub links: Vec<Link>,
    /// How it is drawn on a chart.
    pub draw: Draw,
    /// How it looks in a table.
    pub cell: Cell,
    /// Where a value is missing, there is a zero.
    pub nulls_as_zero: bool,
}

/// The colour of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldColor {
    /// How it is chosen.
    pub mode: ColorMode,
    /// The colour of the modes that have one.
    pub fixed: Option<String>,
    /// Which of a series' values decides, where the colour is by value.
    pub series_by: SeriesBy,
}

/// Which of a series' values decides about its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SeriesBy {
    #[default]
    Last,
    Min,
    Max,
}

/// How a field is drawn on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// As what.
    pub style: DrawStyle,
    /// How points are joined.
    pub interpolation: Interpolation,
    /// Width of the line in CSS pixels.
    pub line_width: f64,
    /// Solid, dashed or dotted.
    pub line_style: LineStyle,
    /// Opacity of the area below, 0 to 100.
    pub fill_opacity: f64,
    /// The field down to which the area reaches, instead of the axis.
    pub fill_below_to: Option<String>,
    /// How the area is shaded.
    pub gradient: GradientMode,
    /// What it is stacked on.
    pub stacking: Stacking,
    /// Whether points are drawn.
    pub show_points: Visibility,
    /// Diameter of points in CSS pixels.
    pub point_size: f64,
    /// Which gaps are bridged.
    pub span_nulls: SpanNulls,
    /// Gaps longer than this many milliseconds are shown where no point is missing.
    pub insert_gaps_millis: Option<i64>,
    /// Drawn downwards from zero.
    pub negative_y: bool,
    /// Where the bars stand: -1 before their time, 0 centred, 1 after.
    pub bar_alignment: i8,
    /// The share of the place that a bar takes, 0 to 1.
    pub bar_width: f64,
    /// The axis it is drawn on.
    pub axis: Axis,
    /// How thresholds are shown.
    pub thresholds: ThresholdsStyle,
    /// Where it is left out.
    pub hide_from: HideFrom,
}

impl Default for Draw {
    fn default() -> Self {
        Self {
            style: DrawStyle::Line,
            interpolation: Interpolation::Linear,
            line_width: 1.0,
            line_style: LineStyle::Solid,
            fill_opacity: 0.0,
            fill_below_to: None,
            gradient: GradientMode::None,
            stacking: Stacking::default(),
            show_points: Visibility::Auto,
            point_size: 5.0,
            span_nulls: SpanNulls::Never,
            insert_gaps_millis: None,
            negative_y: false,
            bar_alignment: 0,
            bar_width: 0.6,
            axis: Axis::default(),
            thresholds: ThresholdsStyle::Off,
            hide_from: HideFrom::default(),
        }
    }
}

/// As what a field is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DrawStyle {
    #[default]
    Line,
    Bars,
    Points,
}

/// How the points of a line are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Interpolation {
    #[default]
    Linear,
    Smooth,
    StepBefore,
    StepAfter,
}

/// Solid, dashed or dotted, lengths in CSS pixels.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub enum LineStyle {
    #[default]
    Solid,
    Dash(Vec<f64>),
    Dots(Vec<f64>),
}

/// How an area is shaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GradientMode {
    /// Evenly.
    #[default]
    None,
    /// Fading out downwards.
    Opacity,
    /// Changing its hue downwards.
    Hue,
    /// By the colours of the values.
    Scheme,
}

/// What a field is stacked on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacking {
    /// Whether, and in what measure.
    pub mode: StackingMode,
    /// Fields of one group are stacked on each other.
    pub group: String,
}

/// Whether fields are stacked, and in what measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum StackingMode {
    #[default]
    None,
    Normal,
    Percent,
}

/// Whether something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Where there is room.
    #[default]
    Auto,
    /// Never.
    Never,
    /// Always.
    Always,
}

/// Which gaps are bridged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpanNulls {
    /// None.
    #[default]
    Never,
    /// All.
    Always,
    /// Those up to this many milliseconds.
    UpTo(i64),
}

/// The axis a field is drawn on. Fields of equal axes share one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// On which side.
    pub placement: AxisPlacement,
    /// Its label.
    pub label: String,
    /// Reaches down to here, further where the data does.
    pub soft_min: Option<f64>,
    /// Reaches up to here, further where the data does.
    pub soft_max: Option<f64>,
    /// How values are spread.
    pub scale: Scale,
    /// Zero is in the middle.
    pub centered_zero: bool,
    /// Whether grid lines are drawn; by default where it is the first axis.
    pub grid_show: Option<bool>,
    /// A line along it.
    pub border_show: bool,
    /// Its colour.
    pub color: AxisColor,
    /// Its width in CSS pixels.
    pub width: Option<f64>,
}

/// On which side an axis stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AxisPlacement {
    #[default]
    Auto,
    Left,
    Right,
    Top,
    Bottom,
    Hidden,
}

/// The colour of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisColor {
    /// That of text.
    #[default]
    Text,
    /// That of its series.
    Series,
}

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// By their logarithm.
    Log {
        /// Its base, 2 or 10.
        base: f64,
    },
    /// By their logarithm, and evenly around zero.
    SymLog {
        /// Its base.
        base: f64,
        /// Up to where it is linear.
        linear_threshold: f64,
    },
}

/// How thresholds are shown on a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ThresholdsStyle {
    #[default]
    Off,
    Line,
    Dashed,
    Area,
    LineAndArea,
    DashedAndArea,
}

/// Where a field is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct HideFrom {
    pub legend: bool,
    pub tooltip: bool,
    pub chart: bool,
}
