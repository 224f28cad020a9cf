//! Options of each visualization.

/// Options of a chart over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeSeriesOptions {
    /// Its legend.
    pub legend: Legend,
    /// Its tooltip.
    pub tooltip: Tooltip,
}

/// The legend of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// As what it is shown, if it is.
    pub mode: LegendMode,
    /// Where.
    pub placement: LegendPlacement,
    /// Grafana's ids of the reducers whose results it shows, such as `lastNotNull`.
    pub calcs: Vec<String>,
    /// By which reducer it is sorted.
    pub sort: Option<SortBy>,
    /// Its width in CSS pixels where it stands on the right.
    pub width: Option<f64>,
}

/// As what a legend is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LegendMode {
    #[default]
    List,
    Table,
    Hidden,
}

/// Where a legend stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LegendPlacement {
    #[default]
    Bottom,
    Right,
}

/// A column to sort by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortBy {
    /// Its heading.
    pub column: String,
    /// The greatest first.
    pub descending: bool,
}

/// The tooltip of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tooltip {
    /// What it shows.
    pub mode: TooltipMode,
    /// In which order.
    pub sort: SortOrder,
    /// Series that are zero are left out.
    pub hide_zeros: bool,
}

/// What a tooltip shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TooltipMode {
    /// The series under the pointer.
    #[default]
    Single,
    /// All.
    Multi,
    /// Nothing.
    None,
}

/// The order of a tooltip's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SortOrder {
    #[default]
    None,
    Ascending,
    Descending,
}

/// Options of a stat: one big number per series.
#[derive(Clone, Debug, PartialEq)]
pub struct StatOptions {
    /// How a series becomes a number.
    pub reduce: ReduceOptions,
    /// What is coloured.
    pub color: ColorTarget,
    /// The small chart behind the number.
    pub graph: GraphMode,
    /// What is written.
    pub text: ValueText,
    /// Text stands in the middle even where there is a chart.
    pub centered: bool,
    /// In which direction several numbers are laid out.
    pub orientation: Orientation,
    /// Name and number side by side where there is room.
    pub wide: bool,
    /// The change over the time range is shown.
    pub show_percent_change: bool,
    /// How the change is coloured.
    pub percent_change_color: PercentChangeColor,
    /// Size of the name in CSS pixels.
    pub title_size: Option<f64>,
    /// Size of the number in CSS pixels.
    pub value_size: Option<f64>,
}

impl Default for StatOptions {
    fn default() -> Self {
        Self {
            reduce: ReduceOptions::default(),
            color: ColorTarget::Value,
            graph: GraphMode::Area,
            text: ValueText::Auto,
            centered: false,
            orientation: Orientation::Auto,
            wide: true,
            show_percent_change: false,
            percent_change_color: PercentChangeColor::default(),
            title_size: None,
            value_size: None,
        }
    }
}

/// How the change over the time range is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PercentChangeColor {
    /// More is green, less is red.
    #[default]
    Standard,
    /// More is red, less is green.
    Inverted,
    /// As the value.
    SameAsValue,
}

/// How a series becomes a number.
#[derive(Clone, Debug, PartialEq)]
pub struct ReduceOptions {
    /// Grafana's ids of the reducers, such as `lastNotNull`; the first counts.
    pub calcs: Vec<String>,
    /// Every value on its own instead.
    pub all_values: bool,
    /// At most so many of them.
    pub limit: Option<u32>,
    /// Which fields: empty for numbers, a pattern between slashes, or a name.
    pub fields: String,
}

impl Default for ReduceOptions {
    fn default() -> Self {
        Self { calcs: vec!["lastNotNull".into()], all_values: false, limit: None, fields: String::new() }
    }
}

/// What of a stat is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ColorTarget {
    None,
    #[default]
    Value,
    Background,
    BackgroundSolid,
}

/// The small chart of a stat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum GraphMode {
    None,
    Line,
    #[default]
    Area,
}

/// What a stat writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueText {
    /// The name too where there are several.
    #[default]
    Auto,
    /// The number.
    Value,
    /// Both.
    ValueAndName,
    /// The name.
    Name,
    /// Nothing.
    None,
}

/// In which direction things are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Orientation {
    #[default]
    Auto,
    Horizontal,
    Vertical,
}

/// Options of a text panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// How the text is read.
    pub mode: TextMode,
    /// The text, variables not yet filled in.
    pub content: String,
}

/// How a text is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TextMode {
    /// As markdown.
    #[default]
    Markdown,
    /// As HTML, which is never given to the browser as such.
    Html,
    /// As source code.
    Code {
        /// Its language.
        language: String,
    },
}
