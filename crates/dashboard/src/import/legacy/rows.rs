//! Version 16: panels get a place on the grid. Before, they stood in rows and had a width and the row's height.

use crate::grid::{CELL_PX, COLUMNS, GAP_PX};
use crate::import::document::{Moved, pointer};
use crate::import::json::{Object, drop_all, drop_off, is_true, json_number, number, take, take_list};
use serde_json::{Value, json};

/// The height of a row that names none, in pixels.
const ROW_HEIGHT_PX: f64 = 250.0;
/// Less than this was not useful: a heading and little below it.
const MIN_HEIGHT_PX: f64 = 90.0;
/// The width of a panel that names none, in twelfths.
const SPAN: f64 = 4.0;

/// Whether there are rows and no panels beside them.
pub(super) fn stand_alone(dashboard: &Object) -> bool {
    let is_filled = |key: &str| dashboard.get(key).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    is_filled("rows") && !is_filled("panels")
}

/// Turns `rows` into `panels`; a row is kept as such where any has a title that is shown, repeats or is collapsed.
pub(super) fn to_grid(dashboard: &mut Object, moved: &mut Vec<Moved>) {
    if !stand_alone(dashboard) {
        return;
    }
    let rows = take_list(dashboard, "rows");
    let mut layout = Layout { panels: Vec::new(), y: 0, with_rows: rows.iter().any(is_marked), moved };
    let rest: Vec<Value> = rows.into_iter().enumerate().map(|(index, row)| layout.add_row(index, row)).collect();
    dashboard.insert("panels".to_owned(), Value::Array(layout.panels));
    // What rows say beyond this stays where it was, so that it can be told and exported.
    if rest.iter().any(|row| row.as_object().is_none_or(|row| !row.is_empty())) {
        dashboard.insert("rows".to_owned(), Value::Array(rest));
    }
}

/// Whether a row is more than a way to place panels. One such row makes all rows visible, as in Grafana.
fn is_marked(row: &Value) -> bool {
    ["collapse", "showTitle", "repeat"].iter().any(|key| row.get(*key).is_some_and(is_true))
}

struct Layout<'a> {
    panels: Vec<Value>,
    y: u32,
    with_rows: bool,
    moved: &'a mut Vec<Moved>,
}

impl Layout<'_> {
    /// Places a row and its panels and returns what is left of the row.
    fn add_row(&mut self, index: usize, row: Value) -> Value {
        let Value::Object(mut row) = row else { return row };
        // Copies that an old version saved; they are made anew.
        if row.get("repeatIteration").is_some_and(is_true) {
            return Value::Object(Object::new());
        }
        let from = pointer("/rows", index);
        let row_cells = cells(&take(&mut row, "height"), ROW_HEIGHT_PX);
        let collapsed = row.get("collapse").is_some_and(is_true);
        let mut inside = Vec::new();
        if self.with_rows {
            let row_to = pointer("/panels", self.panels.len());
            self.moved.push(Moved { to: row_to, from: from.clone() });
            self.panels.push(Value::Null);
        }
        let row_index = self.panels.len().wrapping_sub(1);
        let row_y = self.y;
        self.y += u32::from(self.with_rows);
        let mut area = Area::new(row_cells, self.y);
        for (number, panel) in take_list(&mut row, "panels").into_iter().enumerate() {
            let Value::Object(panel) = panel else { continue };
            let place = self.next_place(collapsed, row_index, inside.len());
            self.moved.push(Moved { to: place, from: pointer(&format!("{from}/panels"), number) });
            let panel = placed(panel, &mut area, row_cells);
            if collapsed { inside.push(panel) } else { self.panels.push(panel) }
        }
        if !collapsed {
            self.y = area.top + row_cells;
        }
        if self.with_rows
            && let Some(place) = self.panels.get_mut(row_index)
        {
            *place = row_panel(&mut row, row_y, inside);
        }
        drop_all(&mut row, &["title", "showTitle", "titleSize", "collapse", "collapsed", "editable", "type"]);
        drop_off(&mut row, &["repeat", "repeatRowId", "repeatIteration"]);
        Value::Object(row)
    }

    fn next_place(&self, collapsed: bool, row_index: usize, inside: usize) -> String {
        if collapsed {
            return pointer(&format!("{}/panels", pointer("/panels", row_index)), inside);
        }
        pointer("/panels", self.panels.len())
    }
}

/// The panel that stands for a row.
fn row_panel(row: &mut Object, y: u32, inside: Vec<Value>) -> Value {
    json!({
        "type": "row",
        "title": take(row, "title"),
        "collapsed": is_true(&take(row, "collapse")),
        "repeat": take(row, "repeat"),
        "panels": inside,
        "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
    })
}

/// Gives a panel its place.
fn placed(mut panel: Object, area: &mut Area, row_cells: u32) -> Value {
    let span = number(&take(&mut panel, "span")).filter(|span| *span > 0.0).unwrap_or(SPAN);
    // Widths were in twelfths.
    let width = (span.floor() * 2.0).clamp(1.0, f64::from(COLUMNS)) as u32;
    let height = take(&mut panel, "height");
    let height = if is_true(&height) { cells(&height, ROW_HEIGHT_PX) } else { row_cells };
    if let Some(least) = panel.get("minSpan").and_then(number) {
        let least = (least * 2.0).min(f64::from(COLUMNS));
        panel.insert("minSpan".to_owned(), json_number(least));
    }
    let (x, y) = area.place(width, height);
    panel.insert("gridPos".to_owned(), json!({"x": x, "y": y, "w": width, "h": height}));
    Value::Object(panel)
}

/// `250`, `"250"` or `"250px"` as cells of the grid.
fn cells(height: &Value, default: f64) -> u32 {
    let pixels = match height {
        Value::String(text) => frame::decimal::parse(text.trim_end_matches("px").trim()).filter(|px| px.is_finite()),
        other => number(other),
    };
    let pixels = pixels.filter(|px| *px > 0.0).unwrap_or(default).max(MIN_HEIGHT_PX);
    (pixels / f64::from(CELL_PX + GAP_PX)).ceil().min(1_000.0) as u32
}

/// The part of the grid that a row takes, filled from left to right. Panels lower than the row stand below each other.
struct Area {
    /// How far down every column is taken.
    taken: [u32; COLUMNS as usize],
    height: u32,
    top: u32,
}

impl Area {
    fn new(height: u32, top: u32) -> Self {
        Self { taken: [0; COLUMNS as usize], height, top }
    }

    /// Takes the next free place, one line further down where there is none.
    fn place(&mut self, width: u32, height: u32) -> (u32, u32) {
        let (x, y) = self.free(width).unwrap_or_else(|| {
            self.top += self.height;
            self.taken.fill(0);
            (0, 0)
        });
        let end = (x + width).min(COLUMNS) as usize;
        for taken in self.taken.get_mut(x as usize..end).unwrap_or_default() {
            *taken = (*taken).max(y + height);
        }
        (x, self.top + y)
    }

    /// The place that ends at the right border and is not taken down to the row's end, if it is wide enough. It grows to
    /// the left as long as columns are taken no further down than their neighbour.
    fn free(&self, width: u32) -> Option<(u32, u32)> {
        let mut start = None;
        let mut neighbour = u32::MAX;
        for (column, taken) in self.taken.iter().enumerate().rev() {
            if *taken >= self.height || *taken > neighbour {
                break;
            }
            neighbour = *taken;
            start = Some(column);
        }
        let start = start?;
        let deepest = self.taken.get(start..)?.iter().max()?;
        (COLUMNS as usize - start >= width as usize).then_some((start as u32, *deepest))
    }
}
