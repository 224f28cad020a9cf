//! The cells of a table, each as its column says: text, coloured text or ground, a bar, a small course, JSON, links.

use super::Fill;
use super::column::ColumnLook;
use super::links::{self, Place};
use crate::dom::{El, el, svg};
use crate::state::session::Session;
use dashboard::display::Shown;
use dashboard::model::{BarDisplay, BarValue, CellDisplay};
use engine::shape::{ColumnKind, TableCell, TablePage};
use format::color::Rgba;
use frame::{Millis, is_gap};

/// A small course is drawn in a box of this size, whatever size it is shown in.
const COURSE: (f64, f64) = (100.0, 20.0);

/// A row of `page`, by its number in it.
pub fn row(session: Session, page: &TablePage, looks: &[ColumnLook], row: usize, fill: &Fill) -> El {
    let mut of_row = None;
    let cells: Vec<El> = looks
        .iter()
        .map(|look| {
            let content = page.columns.get(look.index).and_then(|column| column.cells.get(row));
            let content = content.unwrap_or(&TableCell::Missing);
            let shown = shown(session, look, content);
            if let CellDisplay::ColorBackground { whole_row: true, .. } = look.config.cell.display {
                of_row = Some(shown.color);
            }
            cell(
                session,
                look,
                content,
                &shown,
                &Place { page, column: look, row, shown: &shown.text.to_string() },
                fill,
            )
        })
        .collect();
    grounded(el("tr"), of_row).children(cells)
}

/// What a cell says, and in which colour.
pub fn shown(session: Session, look: &ColumnLook, cell: &TableCell) -> Shown {
    let plain = |text: &str| Shown { text: format::Formatted::plain(text), ..look.display.show(None) };
    match cell {
        TableCell::Missing => look.display.show(None),
        TableCell::Number(number) if look.kind == ColumnKind::Time => plain(&instant(session, look, *number)),
        TableCell::Number(number) if look.unit.is_instant() => Shown {
            text: format::Formatted::plain(instant(session, look, *number)),
            ..look.display.show(Some(*number))
        },
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => look.display.show(Some(*number)),
        TableCell::Text(text) => look.display.show_text(text),
        TableCell::Json(json) => plain(json),
        TableCell::Tables(_) => plain(""),
    }
}

fn instant(session: Session, look: &ColumnLook, millis: f64) -> String {
    let written = look.unit.format_instant(
        millis,
        crate::browser::clock::now(),
        &session.zone(),
        &crate::browser::zones::BrowserZones,
    );
    written.map_or_else(|| session.datetime(Millis(millis as i64)), |written| written.to_string())
}

fn cell(session: Session, look: &ColumnLook, content: &TableCell, shown: &Shown, place: &Place<'_>, fill: &Fill) -> El {
    let class = if look.config.cell.wrap_text { "wrap" } else { look.class() };
    let td = el("td").class(class);
    match (content, &look.config.cell.display) {
        (TableCell::Tables(tables), _) => td.children(tables.iter().map(|table| nested(session, table))),
        (TableCell::Trend { values, .. }, _) => td.child(course(values, shown)).text(&shown.text.to_string()),
        (TableCell::Number(value), CellDisplay::Gauge { bar, value: text }) => {
            td.child(gauge(look.display.fraction(*value), shown, *bar, *text))
        }
        (_, CellDisplay::ColorText) => {
            td.child(said(el("span").style("color", &shown.color.to_string()), shown, place, fill))
        }
        (_, CellDisplay::ColorBackground { whole_row: false, .. }) => {
            said(grounded(td, Some(shown.color)), shown, place, fill)
        }
        (_, CellDisplay::Pill) => {
            td.child(said(grounded(el("span").class("pill"), Some(shown.color)), shown, place, fill))
        }
        (TableCell::Json(json), _) => td.child(el("code").text(json)),
        (_, CellDisplay::Json) => td.child(el("code").text(&shown.text.to_string())),
        _ => said(td, shown, place, fill),
    }
}

/// On a coloured ground, in the colour of text that reads better on it.
fn grounded(el: El, color: Option<Rgba>) -> El {
    let Some(color) = color else { return el };
    let text = if color.is_light() { "#14171c" } else { "#ffffff" };
    el.class_if("grounded", true).style("background", &color.to_string()).style("color", text)
}

/// The text, as a link where the column has one for it. Of several the first is the text's own, the others follow it.
fn said(parent: El, shown: &Shown, place: &Place<'_>, fill: &Fill) -> El {
    let resolved = place.column.config.links.iter().filter_map(|link| {
        let (title, url) = links::resolve(link, place, fill)?;
        Some((title, url, link.new_tab))
    });
    let mut links = resolved.map(|(title, url, new_tab)| {
        let link = el("a").attr("href", url.as_str()).attr("rel", "noopener noreferrer").attr("title", &title);
        (title, link.attr_if("target", new_tab.then_some("_blank")))
    });
    let text = shown.text.to_string();
    let parent = match links.next() {
        Some((_, link)) if !text.is_empty() => parent.child(link.text(&text)),
        Some((title, link)) => parent.child(link.text(&title)),
        None => parent.text(&text),
    };
    parent.children(links.map(|(title, link)| link.class("more-link").text(&title)))
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
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => format::number::shortest(*number),
        TableCell::Text(text) => text.to_string(),
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
