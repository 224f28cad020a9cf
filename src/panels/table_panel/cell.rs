//! The cells of a table, each as its column says: text, coloured text or ground, a bar, a small course, JSON, links.

use super::column::ColumnLook;
use crate::dom::{El, el, svg};
use crate::panels::{instant, links::anchor};
use crate::state::links::{Followed, LinksNow};
use crate::state::session::Session;
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::display::Shown;
use dashboard::model::{BarDisplay, BarValue, CellDisplay};
use engine::shape::{ColumnKind, TableCell, TablePage};
use format::color::Rgba;
use format::mapping::Sample;
use format::number::shortest;
use frame::{Labels, Millis, is_gap};

/// A small course is drawn in a box of this size, whatever size it is shown in.
const COURSE: (f64, f64) = (100.0, 20.0);

/// What rows are made of.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub session: Session,
    pub page: &'a TablePage,
    pub looks: &'a [ColumnLook],
    /// What the links of values go by, where there are any.
    pub links: Option<&'a LinksNow<'a>>,
}

/// A row, by its number in the page.
pub fn row(rows: &Rows<'_>, row: usize) -> El {
    let mut of_row = None;
    let cells: Vec<El> = rows
        .looks
        .iter()
        .filter(|look| look.is_shown())
        .map(|look| {
            let content = content(rows.page, look.index, row);
            let shown = shown(rows.session, look, content);
            if let CellDisplay::ColorBackground { whole_row: true, .. } = look.config.cell.display {
                of_row = Some(shown.color);
            }
            cell(rows, look, row, content, &shown)
        })
        .collect();
    grounded(el("tr"), of_row).children(cells)
}

fn content(page: &TablePage, column: usize, row: usize) -> &TableCell {
    page.columns.get(column).and_then(|column| column.cells.get(row)).unwrap_or(&TableCell::Missing)
}

/// What a cell says, and in which colour.
pub fn shown(session: Session, look: &ColumnLook, cell: &TableCell) -> Shown {
    let plain = |text: &str| Shown { text: format::Formatted::plain(text), ..look.display.show(None) };
    let written = |sample: Sample<'_>| {
        let shown = look.display.show_sample(sample);
        match shown.instant {
            Some(at) => {
                let text = instant::text(session, &look.unit, at, &session.zone());
                Shown { text: format::Formatted::plain(text), ..shown }
            }
            None => shown,
        }
    };
    match cell {
        TableCell::Missing => look.display.show(None),
        TableCell::Number(number) if look.kind == ColumnKind::Time => {
            plain(&instant::text(session, &look.unit, *number, &session.zone()))
        }
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => written(Sample::Number(*number)),
        TableCell::Text(text) => written(Sample::Text(text)),
        TableCell::Bool(flag) => written(Sample::Bool(*flag)),
        TableCell::Json(json) => plain(json),
        TableCell::Tables(_) => plain(""),
    }
}

fn cell(rows: &Rows<'_>, look: &ColumnLook, row: usize, content: &TableCell, shown: &Shown) -> El {
    let class = if look.config.cell.wrap_text { "wrap" } else { look.class() };
    let td = el("td").class(class);
    let said = |parent| said(parent, rows, look, row, shown);
    match (content, &look.config.cell.display) {
        (TableCell::Tables(tables), _) => td.children(tables.iter().map(|table| nested(rows.session, table))),
        (TableCell::Trend { values, .. }, _) => td.child(course(values, shown)).text(&shown.text.to_string()),
        (TableCell::Number(value), CellDisplay::Gauge { bar, value: text }) => {
            td.child(gauge(look.display.fraction(*value), shown, *bar, *text))
        }
        (_, CellDisplay::ColorText) => td.child(said(el("span").style("color", &shown.color.to_string()))),
        (_, CellDisplay::ColorBackground { whole_row: false, .. }) => said(grounded(td, Some(shown.color))),
        (_, CellDisplay::Pill) => td.child(said(grounded(el("span").class("pill"), Some(shown.color)))),
        (TableCell::Json(json), _) => td.child(el("code").text(json)),
        (_, CellDisplay::Json) => td.child(el("code").text(&shown.text.to_string())),
        _ => said(td),
    }
}

/// On a coloured ground, in the colour of text that reads better on it.
fn grounded(el: El, color: Option<Rgba>) -> El {
    let Some(color) = color else { return el };
    let text = if color.is_light() { "#14171c" } else { "#ffffff" };
    el.class_if("grounded", true).style("background", &color.to_string()).style("color", text)
}

/// The text, as a link where the column has one for it. Of several the first is the text's own, the others follow it. A
/// cell that shows links shows nothing else.
fn said(parent: El, rows: &Rows<'_>, look: &ColumnLook, row: usize, shown: &Shown) -> El {
    let text = if look.config.cell.display == CellDisplay::Links { String::new() } else { shown.text.to_string() };
    let followed = rows.links.map_or_else(Vec::new, |links| follow(rows, links, look, row, shown));
    let mut links = followed.iter();
    let parent = match links.next() {
        Some(first) => parent.child(anchor(first).text(if text.is_empty() { &first.title } else { &text })),
        None => parent.text(&text),
    };
    parent.children(links.map(|link| anchor(link).class("more-link").text(&link.title)))
}

/// Where the links of a value lead.
fn follow(rows: &Rows<'_>, links: &LinksNow<'_>, look: &ColumnLook, row: usize, shown: &Shown) -> Vec<Followed> {
    if look.config.links.is_empty() {
        return Vec::new();
    }
    let page = rows.page;
    let none = Labels::default();
    let looks = rows.looks.iter();
    let fields = looks.map(|look| DataField {
        name: &look.key,
        display_name: &look.title,
        labels: page.columns.get(look.index).map_or(&none, |column| &column.labels),
    });
    let fields: Vec<DataField<'_>> = fields.collect();
    let value = |column: usize| {
        let content = content(page, column, row);
        let shown = rows.looks.get(column).map(|look| self::shown(rows.session, look, content));
        shown.map_or_else(DataValue::default, |shown| value_of(content, &shown))
    };
    let time = rows.looks.iter().find(|look| look.kind == ColumnKind::Time);
    let time = time.and_then(|look| match content(page, look.index, row) {
        TableCell::Number(millis) => Some(Millis(*millis as i64)),
        _ => None,
    });
    let table = page.tables.get(page.table as usize).map_or("", String::as_str);
    let point = DataPoint {
        series: table,
        table,
        ref_id: "",
        fields: &fields,
        field: look.index,
        value: Some(value_of(content(page, look.index, row), shown)),
        time,
        row: Some(&value),
    };
    look.config.links.iter().filter_map(|link| links.follow(link, Some(&point))).collect()
}

fn value_of(cell: &TableCell, shown: &Shown) -> DataValue {
    let (raw, numeric) = match cell {
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => (shortest(*number), *number),
        TableCell::Text(text) => (text.to_string(), f64::NAN),
        TableCell::Bool(flag) => (flag.to_string(), f64::from(u8::from(*flag))),
        TableCell::Json(json) => (json.clone(), f64::NAN),
        TableCell::Missing | TableCell::Tables(_) => (String::new(), f64::NAN),
    };
    DataValue { raw, numeric, digits: shown.text.text.clone(), text: shown.text.to_string() }
}

/// A bar as long as the value is between its column's limits, and the value beside it.
fn gauge(fraction: f64, shown: &Shown, bar: BarDisplay, text: BarValue) -> El {
    let share = if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) };
    let color = shown.color.to_string();
    let fill = el("span").class("meter").class_if("lcd", bar == BarDisplay::Lcd).style("color", &color);
    let fill = fill.child(el("span").style("width", &format!("{}%", (share * 100.0).round() as i32)));
    let value = match text {
        BarValue::Color => Some(el("span").style("color", &color)),
        BarValue::Text => Some(el("span")),
        BarValue::Hidden => None,
    };
    el("span").class("gauge").child(fill).children(value.map(|value| value.text(&shown.text.to_string())))
}

/// The course of a series, without axes; a gap breaks it.
fn course(values: &[f64], shown: &Shown) -> El {
    let there = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (there().fold(f64::INFINITY, f64::min), there().fold(f64::NEG_INFINITY, f64::max));
    let spread = if high > low { high - low } else { 1.0 };
    let steps = values.len().saturating_sub(1).max(1) as f64;
    let mut path = String::new();
    let mut pen = "M";
    for (index, value) in values.iter().enumerate() {
        if is_gap(*value) || !value.is_finite() {
            pen = "M";
            continue;
        }
        let x = index as f64 / steps * COURSE.0;
        let y = COURSE.1 - (value - low) / spread * (COURSE.1 - 2.0) - 1.0;
        path.push_str(&format!("{pen}{x:.1} {y:.1}"));
        pen = "L";
    }
    let line = svg("path").attr("d", &path).attr("fill", "none").attr("vector-effect", "non-scaling-stroke");
    let line = line.attr("stroke", &shown.color.to_string()).attr("stroke-width", "1.5");
    svg("svg")
        .attr("class", "course")
        .attr("viewBox", &format!("0 0 {} {}", COURSE.0, COURSE.1))
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .child(line)
}

/// A table in a cell: names and values as they are.
fn nested(session: Session, page: &TablePage) -> El {
    let text = |kind: ColumnKind, cell: &TableCell| match cell {
        TableCell::Number(millis) if kind == ColumnKind::Time => session.datetime(Millis(*millis as i64)),
        TableCell::Missing | TableCell::Tables(_) => String::new(),
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => shortest(*number),
        TableCell::Text(text) => text.to_string(),
        TableCell::Bool(flag) => flag.to_string(),
        TableCell::Json(json) => json.clone(),
    };
    let count = page.columns.first().map_or(0, |column| column.cells.len());
    let heads = page.columns.iter().map(|column| el("th").attr("scope", "col").text(&column.name));
    let row = |row: usize| {
        let cells = page.columns.iter().filter_map(move |column| Some((column.kind, column.cells.get(row)?)));
        el("tr").children(cells.map(|(kind, cell)| el("td").text(&text(kind, cell))))
    };
    let table = el("table").class("data").child(el("thead").child(el("tr").children(heads)));
    let more = (page.rows as usize).saturating_sub(count);
    let cut = (more > 0).then(|| el("p").class("hint").text(&format!("and {more} more rows")));
    el("div").child(table.child(el("tbody").children((0..count).map(row)))).children(cut)
}
