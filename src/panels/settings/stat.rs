//! How a stat is shown, and what it shows of each series.

use super::{
    Colors, config_of, extent, mapped_text, packed, readable, ref_id_of, sample_of, series_color, shown_name, theme,
    unpacked, written,
};
use crate::state::dashboard::{asked_ref_ids, calcs};
use crate::state::links::Named;
use chart::Color;
use dashboard::display::{color_by_value, unit_of};
use dashboard::model::{self, FieldConfig, FieldOptions, Link, PercentChangeColor};
use engine::SeriesHead;
use format::color::{self, Rgba};
use format::{Formatted, Unit, mapping};
use frame::is_gap;
use std::sync::Arc;

/// How a stat is shown.
#[derive(Clone, Debug)]
pub struct StatSettings {
    fields: Arc<FieldOptions>,
    ref_ids: Vec<String>,
    /// The background carries the colour, not the text.
    pub filled: bool,
    plain: bool,
    /// The rest of what the panel says.
    pub options: model::StatOptions,
    /// Where the change over the time range stands among the calcs.
    change_at: usize,
}

/// A value of a stat, ready to be written.
#[derive(Clone, Debug)]
pub struct StatValue {
    pub name: String,
    pub value: Formatted,
    /// The unit by which it is written where it is an instant, in milliseconds since the epoch.
    pub instant: Option<(Unit, f64)>,
    /// By how much it has changed, where the panel shows that.
    pub change: Option<Change>,
    /// Of the text, or of the background where that is filled; none for the page's own.
    pub color: Option<Color>,
    /// The background is so light that the text on it is dark.
    pub on_light: bool,
    pub spark_color: Color,
    pub links: Vec<Link>,
}

/// A change over the time range.
#[derive(Clone, Debug)]
pub struct Change {
    /// With its unit.
    pub text: String,
    pub is_up: bool,
    /// What is good about it is green, what is bad is red; none where it has the value's colour.
    pub is_good: Option<bool>,
}

impl StatSettings {
    /// The settings of a dashboard's panel.
    pub fn of(panel: &model::Panel, options: &model::StatOptions) -> Self {
        Self {
            fields: panel.fields.clone(),
            ref_ids: asked_ref_ids(panel),
            filled: matches!(options.color, model::ColorTarget::Background | model::ColorTarget::BackgroundSolid),
            plain: options.color == model::ColorTarget::None,
            change_at: calcs(&options.reduce.calcs).len(),
            options: options.clone(),
        }
    }

    /// Whether the course of a value is drawn behind it.
    pub fn has_sparkline(&self) -> bool {
        self.options.graph != model::GraphMode::None
    }

    /// The query that a series answers.
    pub fn ref_id(&self, series: &SeriesHead) -> String {
        ref_id_of(series, &self.ref_ids).to_owned()
    }

    /// What is shown of the series `index` of `all`. `named` calls those whose names have variables in them.
    pub fn value(&self, all: &[SeriesHead], index: usize, dark: bool, named: Option<&Named<'_>>) -> Option<StatValue> {
        let series = all.get(index)?;
        let config = config_of(series, &self.fields, &self.ref_ids);
        let number = series.calcs.first().copied().unwrap_or(frame::GAP);
        let text = series.field.as_ref().and_then(|field| field.text.as_deref());
        let sample = sample_of(number, text);
        let mapped = mapping::find(&config.mappings, sample).and_then(|shown| color::parse(&shown.color?, theme(dark)));
        // What is no number has reached no threshold but the base.
        let reached = if text.is_some() { f64::NEG_INFINITY } else { number };
        let color = mapped.map_or_else(|| self.color(&config, (all, index), reached, dark), packed);
        let on_light = self.filled && unpacked(color).is_light();
        let is_time = series.field.as_ref().is_some_and(|field| field.is_time);
        let unit = unit_of(&config, is_time);
        Some(StatValue {
            instant: (unit.is_instant() && text.is_none() && !is_gap(number) && mapped_text(&config, sample).is_none())
                .then(|| (unit.clone(), number)),
            change: self.options.show_percent_change.then(|| self.change(series)).flatten(),
            name: shown_name(&config, series, named),
            value: match text {
                Some(text) => Formatted::plain(mapped_text(&config, sample).unwrap_or_else(|| text.to_owned())),
                None => written(&config, &unit, number),
            },
            color: (!self.plain).then(|| if self.filled { color } else { readable(color, dark) }),
            on_light,
            spark_color: match (self.filled, on_light) {
                (false, _) => color,
                (true, false) => Color::rgb(0xff_ff_ff).faded(0.8),
                (true, true) => Color::rgb(0).faded(0.6),
            },
            links: config.links,
        })
    }

    /// The colour of a number, which is what its colour goes by, and not what a series as a whole goes by.
    fn color(&self, config: &FieldConfig, (all, index): (&[SeriesHead], usize), number: f64, dark: bool) -> Color {
        let colors = Colors::of(&self.fields, all, dark);
        match (config.color.mode.is_by_value(), all.get(index)) {
            (true, _) if is_gap(number) => packed(Rgba::GRAY),
            (true, series) => {
                let range = if config.own_min_max { series.and_then(extent) } else { colors.range };
                packed(color_by_value(config, number, range, colors.theme))
            }
            (false, Some(series)) => series_color(config, series, colors),
            (false, None) => packed(Rgba::GRAY),
        }
    }

    fn change(&self, series: &SeriesHead) -> Option<Change> {
        let percent = series.calcs.get(self.change_at).copied().filter(|percent| !percent.is_nan())?;
        let is_up = percent > 0.0;
        Some(Change {
            text: Unit::new("percent").format(percent, None).to_string(),
            is_up,
            is_good: match self.options.percent_change_color {
                _ if percent == 0.0 => None,
                PercentChangeColor::Standard => Some(is_up),
                PercentChangeColor::Inverted => Some(!is_up),
                PercentChangeColor::SameAsValue => None,
            },
        })
    }
}
