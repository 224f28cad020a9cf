//! The schema before version 16: panels stand in rows and have a width and the row's height instead of a place.

use super::{
    Inputs,
    node::Node,
    panel::{MAX_PANELS, read_panel, read_panel_of},
};
use crate::grid::{CELL_PX, GAP_PX};
use crate::model::{GridPos, Panel, PanelKind};

/// The height of a row that names none, in pixels.
const ROW_HEIGHT_PX: f64 = 250.0;
/// What a panel's heading took in the old layout: less than this was not useful.
const MIN_HEIGHT_CELLS: u32 = 3;

/// Lays the panels of old rows out on the grid; a row is kept as such where it has a title, repeats or is collapsed.
pub(super) fn read_rows(rows: &Node<'_>, inputs: &Inputs, panels: &mut Vec<Panel>) {
    let show_all = rows.items().any(|row| is_marked(&row));
    let mut y = 0;
    for row in rows.items() {
        if show_all {
            panels.push(read_row(&row, y, inputs));
            y += 1;
        }
        y = read_row_panels(&row, y, inputs, panels);
    }
}

/// Whether a row is more than a way to place panels. One such row makes all rows visible, as in Grafana.
fn is_marked(row: &Node<'_>) -> bool {
    row.get("collapse").flag() == Some(true)
        || row.get("showTitle").flag() == Some(true)
        || row.get("repeat").filled_text().is_some()
}

fn read_row(node: &Node<'_>, y: u32, inputs: &Inputs) -> Panel {
    let grid = GridPos { x: 0, y, w: crate::grid::COLUMNS, h: 1 };
    let mut panel = read_panel_of(node, "row", grid, inputs);
    panel.id = 0;
    panel.kind = PanelKind::Row { collapsed: node.get("collapse").flag().unwrap_or(false) };
    panel
}

/// Fills lines of the grid from left to right and returns where the next row starts.
fn read_row_panels(row: &Node<'_>, top: u32, inputs: &Inputs, panels: &mut Vec<Panel>) -> u32 {
    let row_height = pixels(&row.get("height")).unwrap_or(ROW_HEIGHT_PX);
    let (mut x, mut y, mut line_height) = (0, top, 0);
    let list = row.get("panels");
    let room = MAX_PANELS.saturating_sub(panels.len());
    for node in list.items().filter(Node::is_object).take(room) {
        // Widths were in twelfths.
        let w = (node.get("span").number().unwrap_or(4.0) * 2.0).clamp(1.0, 24.0) as u32;
        let h = cells(pixels(&node.get("height")).unwrap_or(row_height));
        if x + w > crate::grid::COLUMNS {
            (x, y, line_height) = (0, y + line_height, 0);
        }
        panels.push(read_panel(&node, GridPos { x, y, w, h }, inputs));
        x += w;
        line_height = line_height.max(h);
    }
    y + line_height
}

/// `250`, `"250"` or `"250px"`.
fn pixels(node: &Node<'_>) -> Option<f64> {
    let text = node.text()?;
    text.trim_end_matches("px").trim().parse().ok().filter(|height: &f64| height.is_finite())
}

fn cells(pixels: f64) -> u32 {
    let cell = f64::from(CELL_PX + GAP_PX);
    ((pixels / cell).ceil().clamp(1.0, 1_000.0) as u32).max(MIN_HEIGHT_CELLS)
}
