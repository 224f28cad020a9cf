//! Options of visualizations that are not drawn yet.

use super::options::{legend, reduce, tooltip};
use super::{filled, optional, word};
use crate::import::words;
use crate::model::{
    BarChartOptions, BarDisplay, BarGaugeOptions, BarValue, Buckets, GaugeOptions, HeatmapAxis, HeatmapColor,
    HeatmapOptions, HistogramOptions, PieChartOptions, PieLabel, Scale, Sizing, TextSizes, TimelineOptions,
    Visualization,
};
use serde_json::{Value, json};

pub(super) fn write(kind: &Visualization) -> Value {
    match kind {
        Visualization::Gauge(options) => gauge(options),
        Visualization::BarGauge(options) => bar_gauge(options),
        Visualization::PieChart(options) => pie_chart(options),
        Visualization::Heatmap(options) => heatmap(options),
        Visualization::Histogram(options) => histogram(options),
        Visualization::BarChart(options) => bar_chart(options),
        Visualization::StateTimeline(options) | Visualization::StatusHistory(options) => timeline(options),
        Visualization::LibraryPanel(_) | Visualization::Unknown(_) => Value::Null,
    }
}

/// How a bar is drawn and what stands beside it, as tables write it too.
pub(super) fn bar_words(bar: BarDisplay, value: BarValue) -> (Value, Value) {
    (word(words::BAR_DISPLAYS, &bar), word(words::BAR_VALUES, &value))
}

fn sizes(sizes: TextSizes) -> Value {
    json!({"titleSize": optional(sizes.title), "valueSize": optional(sizes.value)})
}

fn sizing(sizing: Sizing, options: &mut Value) {
    if let Value::Object(options) = options {
        let mode = if sizing.manual { "manual" } else { "auto" };
        options.insert("sizing".to_owned(), Value::from(mode));
        options.insert("minVizWidth".to_owned(), optional(Some(sizing.min_width)));
        options.insert("minVizHeight".to_owned(), optional(Some(sizing.min_height)));
        options.insert("maxVizHeight".to_owned(), optional(Some(sizing.max_height)));
    }
}

fn gauge(options: &GaugeOptions) -> Value {
    let mut json = json!({
        "reduceOptions": reduce(&options.reduce),
        "orientation": word(words::ORIENTATIONS, &options.orientation),
        "showThresholdLabels": options.threshold_labels,
        "showThresholdMarkers": options.threshold_markers,
        "text": sizes(options.text),
    });
    sizing(options.sizing, &mut json);
    json
}

fn bar_gauge(options: &BarGaugeOptions) -> Value {
    let (bar, value) = bar_words(options.bar, options.value);
    let mut json = json!({
        "reduceOptions": reduce(&options.reduce),
        "orientation": word(words::ORIENTATIONS, &options.orientation),
        "displayMode": bar,
        "valueMode": value,
        "namePlacement": word(words::BAR_NAMES, &options.names),
        "showUnfilled": options.show_unfilled,
        "text": sizes(options.text),
        "legend": legend(&options.legend),
    });
    sizing(options.sizing, &mut json);
    json
}

fn pie_chart(options: &PieChartOptions) -> Value {
    let labels =
        |labels: &[PieLabel]| labels.iter().map(|label| word(words::PIE_LABELS, label)).collect::<Vec<Value>>();
    let mut legend = legend(&options.legend);
    if let Value::Object(legend) = &mut legend {
        legend.insert("values".to_owned(), Value::Array(labels(&options.legend_values)));
    }
    json!({
        "reduceOptions": reduce(&options.reduce),
        "pieType": if options.donut { "donut" } else { "pie" },
        "displayLabels": labels(&options.labels),
        "sort": word(words::PIE_SORTS, &options.sort),
        "legend": legend,
        "tooltip": tooltip(&options.tooltip),
    })
}

fn heatmap(options: &HeatmapOptions) -> Value {
    json!({
        "calculate": options.calculate,
        "calculation": {"xBuckets": buckets(&options.x_buckets), "yBuckets": buckets(&options.y_buckets)},
        "rowsFrame": {"layout": word(words::LAYOUTS, &options.layout), "value": filled(&options.value_name)},
        "color": heatmap_color(&options.color),
        "cellGap": optional(Some(options.cell_gap)),
        "cellRadius": optional(options.cell_radius),
        "filterValues": {"le": optional(options.min_shown), "ge": optional(options.max_shown)},
        "showValue": word(words::VISIBILITIES, &options.show_value),
        "cellValues": {"unit": filled(&options.cell_unit), "decimals": options.cell_decimals},
        "yAxis": heatmap_axis(&options.y_axis),
        "legend": {"show": options.legend},
        "tooltip": {
            "mode": word(words::TOOLTIP_MODES, &options.tooltip),
            "yHistogram": options.tooltip_histogram,
            "showColorScale": options.tooltip_color_scale,
        },
        "exemplars": {"color": options.exemplar_color},
    })
}

fn buckets(buckets: &Buckets) -> Value {
    let scale = match buckets.scale {
        Scale::Log { base } => json!({"type": "log", "log": optional(Some(base))}),
        Scale::SymLog { base, linear_threshold } => {
            json!({"type": "symlog", "log": optional(Some(base)), "linearThreshold": optional(Some(linear_threshold))})
        }
        Scale::Linear => json!({"type": "linear"}),
    };
    json!({"mode": if buckets.by_count { "count" } else { "size" }, "value": buckets.value, "scale": scale})
}

fn heatmap_color(color: &HeatmapColor) -> Value {
    json!({
        "mode": if color.by_opacity { "opacity" } else { "scheme" },
        "scheme": color.scheme,
        "fill": color.fill,
        "reverse": color.reverse,
        "scale": if color.exponent.is_some() { "exponential" } else { "linear" },
        "exponent": optional(color.exponent),
        "steps": color.steps,
        "min": optional(color.min),
        "max": optional(color.max),
    })
}

fn heatmap_axis(axis: &HeatmapAxis) -> Value {
    json!({
        "axisPlacement": word(words::AXIS_PLACEMENTS, &axis.placement),
        "axisLabel": filled(&axis.label),
        "axisWidth": optional(axis.width),
        "reverse": axis.reverse,
        "unit": filled(&axis.unit),
        "decimals": axis.decimals,
        "min": optional(axis.min),
        "max": optional(axis.max),
    })
}

fn histogram(options: &HistogramOptions) -> Value {
    json!({
        "bucketCount": options.bucket_count,
        "bucketSize": optional(options.bucket_size),
        "bucketOffset": optional(Some(options.bucket_offset)),
        "combine": options.combine,
        "legend": legend(&options.legend),
        "tooltip": tooltip(&options.tooltip),
    })
}

fn bar_chart(options: &BarChartOptions) -> Value {
    json!({
        "orientation": word(words::ORIENTATIONS, &options.orientation),
        "xField": options.x_field,
        "colorByField": options.color_field,
        "showValue": word(words::VISIBILITIES, &options.show_value),
        "stacking": word(words::STACKING_MODES, &options.stacking),
        "barWidth": optional(Some(options.bar_width)),
        "groupWidth": optional(Some(options.group_width)),
        "barRadius": optional(Some(options.bar_radius)),
        "fullHighlight": options.full_highlight,
        "xTickLabelRotation": optional(Some(options.label_rotation)),
        "xTickLabelMaxLength": options.label_length,
        "xTickLabelSpacing": optional(Some(options.label_spacing)),
        "text": sizes(options.text),
        "legend": legend(&options.legend),
        "tooltip": tooltip(&options.tooltip),
    })
}

fn timeline(options: &TimelineOptions) -> Value {
    json!({
        "mergeValues": options.merge,
        "showValue": word(words::VISIBILITIES, &options.show_value),
        "alignValue": word(words::ALIGNMENTS, &options.align),
        "rowHeight": optional(Some(options.row_height)),
        "colWidth": optional(Some(options.column_width)),
        "perPage": options.per_page,
        "legend": legend(&options.legend),
        "tooltip": tooltip(&options.tooltip),
    })
}
