//! Options of the visualizations that are drawn.

use super::node::Node;
use super::words;
use crate::model::{
    Legend, LegendMode, LegendPlacement, Orientation, ReduceOptions, SortBy, StatOptions, TableFooter, TableOptions,
    TextMode, TextOptions, Tooltip,
};

fn read_sort(column: &Node<'_>, descending: &Node<'_>) -> Option<SortBy> {
    let descending = descending.flag().unwrap_or(false);
    column.filled_text().map(|column| SortBy { column, descending })
}

/// What migrations of Grafana's leave in the options of a legend, and nothing looks at.
const LEGEND_LEFTOVERS: &[&str] = &[
    "alignAsTable",
    "asTable",
    "avg",
    "current",
    "hideEmpty",
    "hideZero",
    "isVisible",
    "max",
    "min",
    "rightSide",
    "show",
    "total",
    "values",
];

pub(super) fn read_legend(node: &Node<'_>) -> Legend {
    node.skip(LEGEND_LEFTOVERS);
    let hidden = node.get("showLegend").flag() == Some(false);
    let mode = node.get("displayMode").choice(words::LEGEND_MODES).unwrap_or_default();
    Legend {
        mode: if hidden { LegendMode::Hidden } else { mode },
        placement: match node.get("placement").text().as_deref() {
            Some("right") => LegendPlacement::Right,
            _ => LegendPlacement::Bottom,
        },
        calcs: node.get("calcs").texts(),
        sort: read_sort(&node.get("sortBy"), &node.get("sortDesc")),
        width: node.get("width").number(),
    }
}

pub(super) fn read_tooltip(node: &Node<'_>) -> Tooltip {
    // It is as high as it has to be.
    node.skip(&["maxHeight", "maxWidth"]);
    Tooltip {
        mode: node.get("mode").choice(words::TOOLTIP_MODES).unwrap_or_default(),
        sort: node.get("sort").choice(words::SORT_ORDERS).unwrap_or_default(),
        hide_zeros: node.get("hideZeros").flag().unwrap_or(false),
    }
}

pub(super) fn read_orientation(node: &Node<'_>) -> Orientation {
    node.choice(words::ORIENTATIONS).unwrap_or_default()
}

pub(super) fn read_reduce(node: &Node<'_>) -> ReduceOptions {
    let default = ReduceOptions::default();
    let calcs = node.get("calcs").texts();
    ReduceOptions {
        calcs: if calcs.is_empty() { default.calcs } else { calcs },
        all_values: node.get("values").flag().unwrap_or(false),
        limit: node.get("limit").count(u32::MAX),
        fields: node.get("fields").text().unwrap_or_default(),
    }
}

/// What stays of a chart whose type was changed.
const OF_CHARTS: &[&str] = &["alertThreshold", "legend", "tooltip"];

pub(super) fn read_stat(options: &Node<'_>) -> StatOptions {
    options.skip(OF_CHARTS);
    let sizes = options.get("text");
    StatOptions {
        reduce: read_reduce(&options.get("reduceOptions")),
        color: options.get("colorMode").choice(words::COLOR_TARGETS).unwrap_or_default(),
        graph: options.get("graphMode").choice(words::GRAPH_MODES).unwrap_or_default(),
        text: options.get("textMode").choice(words::VALUE_TEXTS).unwrap_or_default(),
        centered: options.get("justifyMode").text().as_deref() == Some("center"),
        orientation: read_orientation(&options.get("orientation")),
        wide: options.get("wideLayout").flag().unwrap_or(true),
        show_percent_change: options.get("showPercentChange").flag().unwrap_or(false),
        percent_change_color: options.get("percentChangeColorMode").choice(words::PERCENT_CHANGES).unwrap_or_default(),
        title_size: sizes.get("titleSize").number(),
        value_size: sizes.get("valueSize").number(),
    }
}

pub(super) fn read_text(options: &Node<'_>) -> TextOptions {
    let code = options.get("code");
    // The text is shown, not edited.
    code.skip(&["showLineNumbers", "showMiniMap"]);
    let language = code.get("language").filled_text();
    let mode = match options.get("mode").text().as_deref() {
        Some("html") => TextMode::Html,
        Some("code") => TextMode::Code { language: language.unwrap_or_else(|| "plaintext".into()) },
        _ => TextMode::Markdown,
    };
    TextOptions { mode, content: options.get("content").text().unwrap_or_default() }
}

pub(super) fn read_table(options: &Node<'_>) -> TableOptions {
    options.skip(OF_CHARTS);
    let footer = options.get("footer");
    let sort = options.get("sortBy");
    let paginated = [options.get("enablePagination").flag(), footer.get("enablePagination").flag()];
    TableOptions {
        show_header: options.get("showHeader").flag().unwrap_or(true),
        sort: sort.items().filter_map(|sort| read_sort(&sort.get("displayName"), &sort.get("desc"))).collect(),
        frame: options.get("frameIndex").count(10_000).unwrap_or(0) as usize,
        cell_height: options.get("cellHeight").choice(words::CELL_HEIGHTS).unwrap_or_default(),
        footer: read_footer(&footer),
        paginated: paginated.contains(&Some(true)),
        type_icons: options.get("showTypeIcons").flag().unwrap_or(false),
    }
}

fn read_footer(node: &Node<'_>) -> Option<TableFooter> {
    let fields = node.get("fields");
    let footer = TableFooter {
        calcs: node.get("reducer").texts(),
        // One name, or a list of them.
        fields: if fields.value().is_array() { fields.texts() } else { fields.filled_text().into_iter().collect() },
        count_rows: node.get("countRows").flag().unwrap_or(false),
    };
    (node.get("show").flag() == Some(true)).then_some(footer)
}
