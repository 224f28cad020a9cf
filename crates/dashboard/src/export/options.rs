//! Options of the visualizations that are drawn.

use super::{optional, word};
use crate::import::words;
use crate::model::{
    Legend, LegendMode, LegendPlacement, ReduceOptions, SortBy, StatOptions, TableFooter, TableOptions, TextMode,
    TextOptions, TimeSeriesOptions, Tooltip,
};
use serde_json::{Value, json};

pub(super) fn time_series(options: &TimeSeriesOptions) -> Value {
    json!({"legend": legend(&options.legend), "tooltip": tooltip(&options.tooltip)})
}

pub(super) fn legend(legend: &Legend) -> Value {
    let as_table = legend.mode == LegendMode::Table;
    json!({
        "displayMode": if as_table { "table" } else { "list" },
        "showLegend": legend.mode != LegendMode::Hidden,
        "placement": if legend.placement == LegendPlacement::Right { "right" } else { "bottom" },
        "calcs": legend.calcs,
        "sortBy": legend.sort.as_ref().map(|sort| sort.column.as_str()),
        "sortDesc": legend.sort.as_ref().map(|sort| sort.descending),
        "width": optional(legend.width),
    })
}

pub(super) fn tooltip(tooltip: &Tooltip) -> Value {
    json!({
        "mode": word(words::TOOLTIP_MODES, &tooltip.mode),
        "sort": word(words::SORT_ORDERS, &tooltip.sort),
        "hideZeros": tooltip.hide_zeros,
    })
}

pub(super) fn reduce(reduce: &ReduceOptions) -> Value {
    json!({
        "calcs": reduce.calcs,
        "values": reduce.all_values,
        "limit": reduce.limit,
        "fields": reduce.fields,
    })
}

pub(super) fn stat(options: &StatOptions) -> Value {
    json!({
        "reduceOptions": reduce(&options.reduce),
        "colorMode": word(words::COLOR_TARGETS, &options.color),
        "graphMode": word(words::GRAPH_MODES, &options.graph),
        "textMode": word(words::VALUE_TEXTS, &options.text),
        "justifyMode": if options.centered { "center" } else { "auto" },
        "orientation": word(words::ORIENTATIONS, &options.orientation),
        "wideLayout": options.wide,
        "showPercentChange": options.show_percent_change,
        "percentChangeColorMode": word(words::PERCENT_CHANGES, &options.percent_change_color),
        "text": {"titleSize": optional(options.title_size), "valueSize": optional(options.value_size)},
    })
}

pub(super) fn text(options: &TextOptions) -> Value {
    let (mode, language) = match &options.mode {
        TextMode::Markdown => ("markdown", None),
        TextMode::Html => ("html", None),
        TextMode::Code { language } => ("code", Some(language.as_str())),
    };
    json!({"mode": mode, "content": options.content, "code": {"language": language}})
}

pub(super) fn table(options: &TableOptions) -> Value {
    let sort = |sort: &SortBy| json!({"displayName": sort.column, "desc": sort.descending});
    json!({
        "showHeader": options.show_header,
        "sortBy": options.sort.iter().map(sort).collect::<Vec<Value>>(),
        "frameIndex": options.frame,
        "cellHeight": word(words::CELL_HEIGHTS, &options.cell_height),
        "footer": options.footer.as_ref().map(footer),
        "enablePagination": options.paginated,
        "showTypeIcons": options.type_icons,
    })
}

fn footer(footer: &TableFooter) -> Value {
    json!({"show": true, "reducer": footer.calcs, "fields": footer.fields, "countRows": footer.count_rows})
}
