//! From a dashboard's options to how each series is drawn and written. Pure: no signal, no element.

mod axes;
mod stat;

pub use stat::{Change, StatSettings};

use crate::state::course;
use crate::state::dashboard::{asked_ref_ids, calcs};
use crate::state::links::Named;
use crate::state::scale::Scale;
use axes::Axes;
use chart::{AxisId, Color, Dash, Draw, Gradient, Limits, Points, SeriesStyle, SpanGaps, Spread, Threshold, TickBase};
use dashboard::display::color_by_value;
use dashboard::model::{
    self, FieldConfig, FieldOptions, LegendMode, LegendPlacement, Link, SeriesBy, SortBy, ThresholdsStyle, TooltipMode,
};
use engine::{SeriesHead, Stack};
use format::color::{self, Rgba, Theme};
use format::mapping::{self, Sample};
use format::{Formatted, Unit};
use frame::calcs::Calc;
use frame::is_gap;
use std::sync::Arc;

/// How a chart is drawn.
#[derive(Clone, Debug, Default)]
pub struct ChartSettings {
    /// Every field's look.
    pub fields: Arc<FieldOptions>,
    /// The ref id of each query that is asked, by its index.
    pub ref_ids: Vec<String>,
    /// Colours by a hash of labels instead of what `fields` say: where no dashboard speaks.
    pub own_colors: bool,
    pub legend: LegendMode,
    pub legend_right: bool,
    /// How wide it is there, in CSS pixels, where that is set.
    pub legend_width: Option<f64>,
    /// What the legend says of each series.
    pub calcs: Vec<Calc>,
    /// By what the legend is sorted: the head of a column.
    pub legend_sort: Option<SortBy>,
    pub tooltip: model::Tooltip,
}

impl ChartSettings {
    /// What explore draws with.
    pub fn plain() -> Self {
        let tooltip =
            model::Tooltip { mode: TooltipMode::Multi, sort: model::SortOrder::Descending, hide_zeros: false };
        Self { own_colors: true, tooltip, ..Self::default() }
    }

    /// The settings of a dashboard's panel.
    pub fn of(panel: &model::Panel, options: &model::TimeSeriesOptions) -> Self {
        Self {
            fields: panel.fields.clone(),
            ref_ids: asked_ref_ids(panel),
            own_colors: false,
            legend: options.legend.mode,
            legend_right: options.legend.placement == LegendPlacement::Right,
            legend_width: options.legend.width,
            calcs: calcs(&options.legend.calcs),
            legend_sort: options.legend.sort.clone(),
            tooltip: options.tooltip,
        }
    }

    /// The query that a series answers.
    pub fn ref_id(&self, series: &SeriesHead) -> String {
        ref_id_of(series, &self.ref_ids).to_owned()
    }

    /// How every series of a picture looks.
    ///
    /// `named` calls those whose names have variables in them.
    pub fn looks(&self, series: &[SeriesHead], dark: bool, named: Option<&Named<'_>>) -> Vec<SeriesLook> {
        let own: Vec<Color> = if self.own_colors {
            let names: Vec<String> = series.iter().map(|series| series.labels.to_string()).collect();
            chart::colors_for(&names.iter().map(String::as_str).collect::<Vec<_>>(), dark)
        } else {
            Vec::new()
        };
        let colors = Colors::of(&self.fields, series, dark);
        let mut looks: Vec<SeriesLook> = series
            .iter()
            .enumerate()
            .map(|(index, series)| {
                let config = config_of(series, &self.fields, &self.ref_ids);
                let color = own.get(index).copied().unwrap_or_else(|| series_color(&config, series, colors));
                SeriesLook::new(shown_name(&config, series, named), config, color)
            })
            .collect();
        place_on_axes(&mut looks);
        looks
    }

    /// Thresholds as lines and bands, as the first of these series says that shows any.
    pub fn thresholds<'a>(&self, looks: impl Iterator<Item = &'a SeriesLook>, dark: bool) -> Vec<Threshold> {
        let Some(config) = looks.map(|look| &look.config).find(|config| config.draw.thresholds != ThresholdsStyle::Off)
        else {
            return Vec::new();
        };
        let style = config.draw.thresholds;
        let dashes = Dash { on: 6.0, off: 4.0 };
        let (line, fill) = match style {
            ThresholdsStyle::Off => return Vec::new(),
            ThresholdsStyle::Line => (Some(Dash::SOLID), false),
            ThresholdsStyle::Dashed => (Some(dashes), false),
            ThresholdsStyle::Area => (None, true),
            ThresholdsStyle::LineAndArea => (Some(Dash::SOLID), true),
            ThresholdsStyle::DashedAndArea => (Some(dashes), true),
        };
        let steps = &config.thresholds.steps;
        let ends = steps.iter().skip(1).map(|step| step.value).chain([f64::INFINITY]);
        let band = |(step, to): (&format::threshold::Step, f64)| Threshold {
            from: step.value,
            to,
            color: packed(color::parse_or_gray(&step.color, theme(dark))),
            line: line.filter(|_| step.value.is_finite()),
            fill,
        };
        steps.iter().zip(ends).map(band).collect()
    }
}

/// Gives each series that is drawn the axis of its scale.
fn place_on_axes(looks: &mut [SeriesLook]) {
    let scales: Vec<Scale<'_>> =
        looks.iter().filter(|look| look.in_chart).map(|look| Scale::of(&look.config)).collect();
    let axes = Axes::of(&scales);
    let placed: Vec<AxisId> = scales.iter().map(|scale| axes.of_scale(scale)).collect();
    for (look, axis) in looks.iter_mut().filter(|look| look.in_chart).zip(placed) {
        look.axis = axis;
    }
}

/// How a series looks: by its name and query, or by what the worker says that is for it.
fn config_of(series: &SeriesHead, fields: &FieldOptions, ref_ids: &[String]) -> FieldConfig {
    match &series.field {
        Some(field) => fields.resolve_matched(&field.properties, &field.overrides),
        None => fields.resolve(model::Candidate {
            shown_name: &series.name,
            metric_name: series.labels.metric_name(),
            ref_id: ref_id_of(series, ref_ids),
        }),
    }
}

/// What a series is called.
fn shown_name(config: &FieldConfig, series: &SeriesHead, named: Option<&Named<'_>>) -> String {
    match (&config.display_name, named) {
        (Some(template), Some(named)) => named(template, series),
        (Some(name), None) => name.clone(),
        (None, _) => series.name.clone(),
    }
}

/// The query that a series answers.
fn ref_id_of<'a>(series: &SeriesHead, ref_ids: &'a [String]) -> &'a str {
    ref_ids.get(series.query as usize).map_or("", String::as_str)
}

/// How one series is drawn and its values written.
#[derive(Clone, Debug)]
pub struct SeriesLook {
    pub name: String,
    pub color: Color,
    pub style: SeriesStyle,
    pub axis: AxisId,
    pub limits: Limits,
    pub spread: Spread,
    pub base: TickBase,
    pub in_legend: bool,
    pub in_tooltip: bool,
    pub in_chart: bool,
    /// The stack it belongs to.
    pub stack: Option<Stack>,
    config: FieldConfig,
    unit: Unit,
}

impl SeriesLook {
    fn new(name: String, config: FieldConfig, color: Color) -> Self {
        let draw = &config.draw;
        let stack = course::of(&config).stack;
        let is_share = stack.as_ref().is_some_and(|stack| stack.shares);
        Self {
            name,
            color,
            style: style(draw, color),
            axis: AxisId::First,
            limits: match is_share {
                true => Limits { soft_min: Some(0.0), max: Some(1.0), ..Limits::default() },
                false => Limits {
                    min: config.min,
                    max: config.max,
                    soft_min: draw.axis.soft_min,
                    soft_max: draw.axis.soft_max,
                    centred: draw.axis.centered_zero,
                },
            },
            spread: spread(draw.axis.scale),
            base: if is_share { TickBase::Decimal } else { tick_base(&config.unit) },
            stack,
            in_legend: !draw.hide_from.legend,
            in_tooltip: !draw.hide_from.tooltip,
            in_chart: !draw.hide_from.chart,
            unit: Unit::new(&config.unit),
            config,
        }
    }

    /// A value as legends and tooltips write it.
    pub fn text(&self, value: f64) -> String {
        self.formatted(value).to_string()
    }

    /// What a legend says: numbers of values have no unit, and changes in percent their own.
    pub fn calc_text(&self, calc: Calc, value: f64) -> String {
        match calc {
            calc if calc.keeps_unit() || is_gap(value) => self.text(value),
            Calc::DiffPerc => Unit::new("percent").format(value, Some(1)).to_string(),
            _ => Unit::default().format(value, None).to_string(),
        }
    }

    /// The same with its unit apart.
    pub fn formatted(&self, value: f64) -> Formatted {
        written(&self.config, &self.unit, value)
    }

    /// The links of its values.
    pub fn links(&self) -> &[Link] {
        &self.config.links
    }

    /// Whether its axis has ticks.
    pub fn has_axis(&self) -> bool {
        self.config.draw.axis.placement != model::AxisPlacement::Hidden
    }

    /// Whether lines go from the ticks through the chart.
    pub fn has_grid(&self) -> bool {
        self.config.draw.axis.grid_show != Some(false)
    }

    /// What stands above the ticks of its axis.
    pub fn axis_label(&self) -> Option<&str> {
        Some(self.config.draw.axis.label.as_str()).filter(|label| !label.is_empty())
    }

    /// The series down to which its area reaches.
    pub fn fill_below_to(&self) -> Option<&str> {
        self.config.draw.fill_below_to.as_deref()
    }

    /// A tick of the axis, with as many decimals as tell it from its neighbours.
    pub fn tick(&self, value: f64, step: f64) -> String {
        if self.stack.as_ref().is_some_and(|stack| stack.shares) {
            return Unit::new("percentunit").format_beside(value, 1).to_string();
        }
        let formatted = match (self.config.decimals, decimals_of(&self.unit, value, step)) {
            (None, Some(beside)) => self.unit.format_beside(value, beside),
            (own, _) => self.unit.format(value, own),
        };
        formatted.to_string()
    }
}

/// The fewest decimals that write `value` exactly in its unit; where three are not enough, the fewest with which its
/// neighbours one `step` away read differently.
fn decimals_of(unit: &Unit, value: f64, step: f64) -> Option<u8> {
    let text = |value: f64, decimals: u8| unit.format(value, Some(decimals)).to_string();
    let number = |decimals: u8| {
        let text = unit.format(value, Some(decimals)).text;
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let is_exact = |decimals: &u8| number(*decimals) == number(6);
    let differs = |decimals: &u8| {
        let own = text(value, *decimals);
        own != text(value - step, *decimals) && own != text(value + step, *decimals)
    };
    (0..=3).find(is_exact).or_else(|| (0..=3).find(differs))
}

/// A value with its mapping, or in its unit.
fn written(config: &FieldConfig, unit: &Unit, value: f64) -> Formatted {
    if let Some(text) = mapped_text(config, sample_of(value, None)) {
        return Formatted::plain(text);
    }
    if is_gap(value) {
        return Formatted::plain(config.no_value.clone().unwrap_or_else(|| "–".to_owned()));
    }
    unit.format(value, config.decimals)
}

fn sample_of(value: f64, text: Option<&str>) -> Sample<'_> {
    match text {
        Some(text) => Sample::Text(text),
        None if is_gap(value) => Sample::Missing,
        None => Sample::Number(value),
    }
}

fn mapped_text(config: &FieldConfig, sample: Sample<'_>) -> Option<String> {
    mapping::find(&config.mappings, sample)?.text
}

fn series_color(config: &FieldConfig, series: &SeriesHead, colors: Colors) -> Color {
    let Colors { range, theme } = colors;
    let mode = config.color.mode;
    let color = if mode.is_by_value() {
        let own = extent(series);
        let value = match config.color.series_by {
            SeriesBy::Last => series.calcs.iter().rev().nth(2).copied().unwrap_or(frame::GAP),
            SeriesBy::Min => own.map_or(frame::GAP, |(min, _)| min),
            SeriesBy::Max => own.map_or(frame::GAP, |(_, max)| max),
        };
        color_by_value(config, value, if config.own_min_max { own } else { range }, theme)
    } else {
        mode.series_color(series.place as usize, &series.name, config.color.fixed.as_deref().unwrap_or_default(), theme)
    };
    packed(color)
}

/// What colours go by beside the series itself.
#[derive(Clone, Copy, Debug)]
struct Colors {
    /// The least and the greatest value of all series, where any goes by its values.
    range: Option<(f64, f64)>,
    theme: Theme,
}

impl Colors {
    fn of(fields: &FieldOptions, series: &[SeriesHead], dark: bool) -> Self {
        let range = match fields.color_calcs() {
            [] => None,
            _ => series.iter().filter_map(extent).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        };
        Self { range, theme: theme(dark) }
    }
}

/// The least and the greatest value of a series, of one whose colour may go by them: the last two of its calcs.
fn extent(series: &SeriesHead) -> Option<(f64, f64)> {
    match *series.calcs.as_slice() {
        [.., min, max] if min <= max => Some((min, max)),
        _ => None,
    }
}

fn style(draw: &model::Draw, color: Color) -> SeriesStyle {
    SeriesStyle {
        color,
        draw: match (draw.style, draw.interpolation) {
            (model::DrawStyle::Bars, _) => Draw::Bars,
            (model::DrawStyle::Points, _) => Draw::Points,
            (model::DrawStyle::Line, model::Interpolation::Linear) => Draw::Line(chart::Interpolation::Linear),
            (model::DrawStyle::Line, model::Interpolation::Smooth) => Draw::Line(chart::Interpolation::Smooth),
            (model::DrawStyle::Line, model::Interpolation::StepBefore) => Draw::Line(chart::Interpolation::StepBefore),
            (model::DrawStyle::Line, model::Interpolation::StepAfter) => Draw::Line(chart::Interpolation::StepAfter),
        },
        // Grafana's lines of one pixel look thin beside text of 400: half a pixel more reads better.
        line_width: if draw.line_width == 1.0 { 1.5 } else { draw.line_width as f32 },
        dash: match &draw.line_style {
            model::LineStyle::Solid => Dash::SOLID,
            model::LineStyle::Dash(lengths) => dash(lengths, 10.0),
            model::LineStyle::Dots(lengths) => Dash { on: 0.0, ..dash(lengths, 0.0) },
        },
        fill_opacity: draw.fill_opacity as f32 / 100.0,
        bar: chart::Bar { share: draw.bar_width as f32, side: f32::from(draw.bar_alignment) },
        gradient: match draw.gradient {
            model::GradientMode::None | model::GradientMode::Scheme => Gradient::None,
            model::GradientMode::Opacity => Gradient::Opacity,
            model::GradientMode::Hue => Gradient::Hue,
        },
        points: match draw.show_points {
            model::Visibility::Auto => Points::Auto,
            model::Visibility::Never => Points::Never,
            model::Visibility::Always => Points::Always,
        },
        point_size: draw.point_size as f32,
        // Where gaps are made by a distance, missing points make none that is shorter.
        span_gaps: match (draw.span_nulls, draw.insert_gaps_millis) {
            (model::SpanNulls::Never, None) => SpanGaps::Never,
            (model::SpanNulls::Never, Some(shortest)) => SpanGaps::UpToMillis(shortest as f64),
            (model::SpanNulls::Always, _) => SpanGaps::Always,
            (model::SpanNulls::UpTo(millis), shortest) => {
                SpanGaps::UpToMillis(millis.max(shortest.unwrap_or(0)) as f64)
            }
        },
    }
}

fn dash(lengths: &[f64], fallback: f64) -> Dash {
    let at = |index: usize| lengths.get(index).copied();
    Dash { on: at(0).unwrap_or(fallback) as f32, off: at(1).unwrap_or(10.0) as f32 }
}

fn spread(scale: model::Scale) -> Spread {
    match scale {
        model::Scale::Linear => Spread::Linear,
        model::Scale::Log { base } => Spread::Log { base },
        model::Scale::SymLog { base, linear_threshold } => Spread::Symlog { base, threshold: linear_threshold },
    }
}

/// Bytes and durations have round values of their own.
fn tick_base(unit: &str) -> TickBase {
    match unit {
        "bytes" | "kbytes" | "mbytes" | "gbytes" | "bits" | "binBps" | "binbps" | "KiBs" | "MiBs" | "GiBs" => {
            TickBase::Binary
        }
        "s" | "dtdurations" | "clocks" => TickBase::Duration { per_second: 1.0 },
        "ms" | "dtdurationms" | "clockms" => TickBase::Duration { per_second: 1e3 },
        "µs" => TickBase::Duration { per_second: 1e6 },
        "ns" => TickBase::Duration { per_second: 1e9 },
        _ => TickBase::Decimal,
    }
}

fn theme(dark: bool) -> Theme {
    if dark { Theme::Dark } else { Theme::Light }
}

/// A colour as Grafana writes it, for CSS.
pub fn css_color(written: &str, dark: bool) -> String {
    packed(color::parse_or_gray(written, theme(dark))).to_string()
}

/// The colour of a text on a panel.
fn readable(color: Color, dark: bool) -> Color {
    packed(unpacked(color).readable_on(Rgba::opaque(if dark { PANEL_DARK } else { PANEL_LIGHT })))
}

/// `--panel` of assets/styles/tokens.css.
const PANEL_LIGHT: u32 = 0xff_ff_ff;
const PANEL_DARK: u32 = 0x15_1a_21;

fn unpacked(color: Color) -> Rgba {
    let [r, g, b, a] = color.channels();
    Rgba { r, g, b, a }
}

/// A colour as the chart packs it.
fn packed(color: Rgba) -> Color {
    Color(u32::from_be_bytes([color.r, color.g, color.b, color.a]))
}
