//! Options of visualizations that are read and not drawn yet.

use super::field::read_scale;
use super::node::Node;
use super::options::{read_legend, read_orientation, read_reduce, read_tooltip};
use super::words;
use crate::model::{
    Align, BarChartOptions, BarDisplay, BarGaugeOptions, BarValue, Buckets, GaugeOptions, HeatmapAxis, HeatmapColor,
    HeatmapOptions, HistogramOptions, PieChartOptions, Sizing, TextSizes, TimelineOptions, Visibility, Visualization,
};

/// Reads the options of the visualization that Grafana calls `kind`.
pub(super) fn read(kind: &str, options: &Node<'_>) -> Visualization {
    match kind {
        "gauge" => Visualization::Gauge(read_gauge(options)),
        "bargauge" => Visualization::BarGauge(read_bar_gauge(options)),
        "piechart" => Visualization::PieChart(read_pie_chart(options)),
        "heatmap" => Visualization::Heatmap(Box::new(read_heatmap(options))),
        "histogram" => Visualization::Histogram(read_histogram(options)),
        "barchart" => Visualization::BarChart(read_bar_chart(options)),
        "state-timeline" => Visualization::StateTimeline(read_timeline(options)),
        "status-history" => Visualization::StatusHistory(read_timeline(options)),
        _ => Visualization::Unknown(kind.to_owned()),
    }
}

/// Cells with no more than this are empty.
const ALMOST_ZERO: f64 = 1e-9;

/// How a bar is drawn, as tables write it too.
pub(super) fn read_bar(node: &Node<'_>) -> BarDisplay {
    node.choice(words::BAR_DISPLAYS).unwrap_or_default()
}

/// What stands beside a bar, as tables write it too.
pub(super) fn read_bar_value(node: &Node<'_>) -> BarValue {
    node.choice(words::BAR_VALUES).unwrap_or_default()
}

fn read_sizing(options: &Node<'_>, [min_width, min_height, max_height]: [f64; 3]) -> Sizing {
    let size = |key: &str, usual: f64| options.get(key).number().unwrap_or(usual);
    Sizing {
        manual: options.get("sizing").text().as_deref() == Some("manual"),
        min_width: size("minVizWidth", min_width),
        min_height: size("minVizHeight", min_height),
        max_height: size("maxVizHeight", max_height),
    }
}

fn read_sizes(node: &Node<'_>) -> TextSizes {
    TextSizes { title: node.get("titleSize").number(), value: node.get("valueSize").number() }
}

fn read_gauge(options: &Node<'_>) -> GaugeOptions {
    GaugeOptions {
        reduce: read_reduce(&options.get("reduceOptions")),
        orientation: read_orientation(&options.get("orientation")),
        threshold_labels: options.get("showThresholdLabels").flag().unwrap_or(false),
        threshold_markers: options.get("showThresholdMarkers").flag().unwrap_or(true),
        sizing: read_sizing(options, [75.0, 75.0, 300.0]),
        text: read_sizes(&options.get("text")),
    }
}

fn read_bar_gauge(options: &Node<'_>) -> BarGaugeOptions {
    BarGaugeOptions {
        reduce: read_reduce(&options.get("reduceOptions")),
        orientation: read_orientation(&options.get("orientation")),
        bar: read_bar(&options.get("displayMode")),
        value: read_bar_value(&options.get("valueMode")),
        names: options.get("namePlacement").choice(words::BAR_NAMES).unwrap_or_default(),
        show_unfilled: options.get("showUnfilled").flag().unwrap_or(true),
        sizing: read_sizing(options, [8.0, 16.0, 300.0]),
        text: read_sizes(&options.get("text")),
        legend: read_legend(&options.get("legend")),
    }
}

fn read_pie_chart(options: &Node<'_>) -> PieChartOptions {
    let labels = |list: Node<'_>| list.items().filter_map(|label| label.choice(words::PIE_LABELS)).collect();
    PieChartOptions {
        reduce: read_reduce(&options.get("reduceOptions")),
        donut: options.get("pieType").text().as_deref() == Some("donut"),
        labels: labels(options.get("displayLabels")),
        sort: options.get("sort").choice(words::PIE_SORTS).unwrap_or_default(),
        legend: read_legend(&options.get("legend")),
        legend_values: labels(options.get("legend").get("values")),
        tooltip: read_tooltip(&options.get("tooltip")),
    }
}

fn read_heatmap(options: &Node<'_>) -> HeatmapOptions {
    let (calculation, tooltip, cells) = (options.get("calculation"), options.get("tooltip"), options.get("cellValues"));
    let (legend, exemplars) = (options.get("legend"), options.get("exemplars"));
    let filter = options.get("filterValues");
    // Two forms are in use, of which the newer one is all visualizations'.
    let (shown, shown_now) = (legend.get("show").flag(), legend.get("showLegend").flag());
    HeatmapOptions {
        calculate: options.get("calculate").flag().unwrap_or(false),
        x_buckets: read_buckets(&calculation.get("xBuckets")),
        y_buckets: read_buckets(&calculation.get("yBuckets")),
        layout: options.get("rowsFrame").get("layout").choice(words::LAYOUTS).unwrap_or_default(),
        value_name: options.get("rowsFrame").get("value").text().unwrap_or_default(),
        color: read_heatmap_color(&options.get("color")),
        cell_gap: options.get("cellGap").number().unwrap_or(1.0),
        cell_radius: options.get("cellRadius").number(),
        min_shown: if filter.is_absent() { Some(ALMOST_ZERO) } else { filter.get("le").number() },
        max_shown: filter.get("ge").number(),
        show_value: options.get("showValue").choice(words::VISIBILITIES).unwrap_or_default(),
        cell_unit: cells.get("unit").text().unwrap_or_default(),
        cell_decimals: cells.get("decimals").count(100).map(|decimals| decimals as u8),
        y_axis: read_heatmap_axis(&options.get("yAxis")),
        legend: shown.or(shown_now).unwrap_or(true),
        tooltip: tooltip.get("mode").choice(words::TOOLTIP_MODES).unwrap_or_default(),
        tooltip_histogram: tooltip.get("yHistogram").flag().unwrap_or(false),
        tooltip_color_scale: tooltip.get("showColorScale").flag().unwrap_or(false),
        exemplar_color: exemplars.get("color").filled_text().unwrap_or_else(|| "rgba(255,0,255,0.7)".into()),
    }
}

fn read_buckets(node: &Node<'_>) -> Buckets {
    Buckets {
        by_count: node.get("mode").text().as_deref() == Some("count"),
        value: node.get("value").filled_text(),
        scale: read_scale(&node.get("scale")),
    }
}

fn read_heatmap_color(node: &Node<'_>) -> HeatmapColor {
    let usual = HeatmapColor::default();
    let linear = node.get("scale").text().as_deref() == Some("linear");
    let exponent = node.get("exponent").number().filter(|exponent| *exponent > 0.0).or(usual.exponent);
    HeatmapColor {
        by_opacity: node.get("mode").text().as_deref() == Some("opacity"),
        scheme: node.get("scheme").filled_text().unwrap_or(usual.scheme),
        fill: node.get("fill").filled_text().unwrap_or(usual.fill),
        reverse: node.get("reverse").flag().unwrap_or(false),
        exponent: exponent.filter(|_| !linear),
        steps: node.get("steps").count(256).filter(|steps| *steps > 0).unwrap_or(usual.steps),
        min: node.get("min").number(),
        max: node.get("max").number(),
    }
}

fn read_heatmap_axis(node: &Node<'_>) -> HeatmapAxis {
    HeatmapAxis {
        placement: node.get("axisPlacement").choice(words::AXIS_PLACEMENTS).unwrap_or_default(),
        label: node.get("axisLabel").text().unwrap_or_default(),
        width: node.get("axisWidth").number(),
        reverse: node.get("reverse").flag().unwrap_or(false),
        unit: node.get("unit").text().unwrap_or_default(),
        decimals: node.get("decimals").count(100).map(|decimals| decimals as u8),
        min: node.get("min").number(),
        max: node.get("max").number(),
    }
}

fn read_histogram(options: &Node<'_>) -> HistogramOptions {
    HistogramOptions {
        bucket_count: options.get("bucketCount").count(10_000).filter(|count| *count > 0).unwrap_or(30),
        bucket_size: options.get("bucketSize").number().filter(|size| *size > 0.0),
        bucket_offset: options.get("bucketOffset").number().unwrap_or(0.0),
        combine: options.get("combine").flag().unwrap_or(false),
        legend: read_legend(&options.get("legend")),
        tooltip: read_tooltip(&options.get("tooltip")),
    }
}

fn read_bar_chart(options: &Node<'_>) -> BarChartOptions {
    let share = |key: &str, usual: f64| options.get(key).number().unwrap_or(usual).clamp(0.0, 1.0);
    BarChartOptions {
        orientation: read_orientation(&options.get("orientation")),
        x_field: options.get("xField").filled_text(),
        color_field: options.get("colorByField").filled_text(),
        show_value: options.get("showValue").choice(words::VISIBILITIES).unwrap_or_default(),
        stacking: options.get("stacking").choice(words::STACKING_MODES).unwrap_or_default(),
        bar_width: share("barWidth", 0.97),
        group_width: share("groupWidth", 0.7),
        bar_radius: share("barRadius", 0.0),
        full_highlight: options.get("fullHighlight").flag().unwrap_or(false),
        label_rotation: options.get("xTickLabelRotation").number().unwrap_or(0.0),
        label_length: options.get("xTickLabelMaxLength").count(10_000),
        label_spacing: options.get("xTickLabelSpacing").number().unwrap_or(0.0),
        text: read_sizes(&options.get("text")),
        legend: read_legend(&options.get("legend")),
        tooltip: read_tooltip(&options.get("tooltip")),
    }
}

fn read_timeline(options: &Node<'_>) -> TimelineOptions {
    let share = |key: &str| options.get(key).number().unwrap_or(0.9).clamp(0.0, 1.0);
    TimelineOptions {
        merge: options.get("mergeValues").flag().unwrap_or(true),
        show_value: options.get("showValue").choice(words::VISIBILITIES).unwrap_or(Visibility::Auto),
        align: options.get("alignValue").choice(words::ALIGNMENTS).unwrap_or(Align::Left),
        row_height: share("rowHeight"),
        column_width: share("colWidth"),
        per_page: options.get("perPage").count(10_000).unwrap_or(20),
        legend: read_legend(&options.get("legend")),
        tooltip: read_tooltip(&options.get("tooltip")),
    }
}
