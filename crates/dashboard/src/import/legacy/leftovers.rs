//! What a graph panel left behind when its type was changed: no other visualization ever looked at it.

use super::type_of;
use crate::import::json::{Object, drop_all};

/// Visualizations that have all their options in `options` and `fieldConfig`.
const WITHOUT: &[&str] = &[
    "bargauge",
    "barchart",
    "gauge",
    "histogram",
    "logs",
    "piechart",
    "row",
    "stat",
    "state-timeline",
    "status-history",
    "table",
    "text",
    "timeseries",
    "heatmap",
];

/// Options of the graph panel.
const OF_GRAPH: &[&str] = &[
    "aliasColors",
    "bars",
    "dashLength",
    "dashes",
    "decimals",
    "fill",
    "fillGradient",
    "grid",
    "hiddenSeries",
    "legend",
    "leftYAxisLabel",
    "lines",
    "linewidth",
    "nullPointMode",
    "paceLength",
    "percentage",
    "pointradius",
    "points",
    "renderer",
    "rightYAxisLabel",
    "seriesOverrides",
    "spaceLength",
    "stack",
    "steppedLine",
    "thresholds",
    "timeRegions",
    "tooltip",
    "x-axis",
    "xaxis",
    "y-axis",
    "y_formats",
    "yaxes",
    "yaxis",
];

/// Of singlestat and the old table, before the type was changed.
const OF_OTHERS: &[&str] = &[
    "colorBackground",
    "colorValue",
    "colors",
    "fontSize",
    "format",
    "mappingType",
    "mappingTypes",
    "nullText",
    "pageSize",
    "postfix",
    "postfixFontSize",
    "prefix",
    "prefixFontSize",
    "rangeMaps",
    "scroll",
    "showHeader",
    "sort",
    "sparkline",
    "tableColumn",
    "valueFontSize",
    "valueMaps",
    "valueName",
    "columns",
    "transform",
];

/// Whether a graph panel left anything behind: each was saved with this.
pub(super) fn are_there(panel: &Object) -> bool {
    panel.contains_key("lines") && WITHOUT.contains(&type_of(panel))
}

/// Removes it from a panel of a newest version, if it was a graph. Of others, what is there may be what lifting them left.
pub(super) fn take_out_of_changed(panel: &mut Object) {
    if are_there(panel) {
        take_out(panel);
    }
}

/// Removes it. Comes before the panels of the Angular era are lifted: those look at it.
pub(super) fn take_out(panel: &mut Object) {
    if WITHOUT.contains(&type_of(panel)) && !super::is_old(panel) {
        take_out_of_graph(panel);
        drop_all(panel, OF_OTHERS);
    }
}

/// Removes what a graph left behind in another panel of its time.
pub(super) fn take_out_of_graph(panel: &mut Object) {
    drop_all(panel, OF_GRAPH);
}
