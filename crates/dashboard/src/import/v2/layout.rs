//! Layouts of schema v2, laid out on the grid: rows and tabs become rows, those inside each other one after the other.

use super::panel;
use crate::grid::{CELL_PX, COLUMNS, GAP_PX};
use crate::import::document::escaped;
use crate::import::json::{Object, drop_all, is_true, number, set, take, take_list, take_object, text};
use serde_json::{Value, json};

/// The width of the page that an auto grid is laid out for, in CSS pixels. The grid has columns, not pixels.
const PAGE_PX: f64 = 1_600.0;
/// Rows and tabs nested deeper than this are not entered.
const MAX_DEPTH: u32 = 16;

/// What a layout became.
#[derive(Default)]
pub(super) struct Built {
    pub(super) panels: Vec<Value>,
    /// Where parts stand now, and where in the spec they stood.
    pub(super) moved: Vec<(String, String)>,
    /// What is not as it was, with its place.
    pub(super) lost: Vec<(String, &'static str)>,
    /// Variables of rows and tabs, with the place of their list.
    pub(super) variables: Vec<(Vec<Value>, String)>,
    /// Elements that stand nowhere.
    pub(super) unused: Object,
}

/// Lays out all elements.
pub(super) fn build(layout: Value, elements: Object) -> Built {
    let mut builder = Builder {
        built: Built { unused: elements, ..Built::default() },
        y: 0,
        has_row: false,
        closed: None,
        names: Vec::new(),
        collapsed: false,
        conditions: Vec::new(),
    };
    builder.layout(layout, "/layout", 0);
    builder.finish_row();
    builder.built
}

struct Builder {
    built: Built,
    y: u32,
    /// There is a row that panels belong to.
    has_row: bool,
    /// That row where it is closed, and the panels inside of it. It is not among the panels yet.
    closed: Option<(Object, Vec<Value>)>,
    /// Titles of the rows and tabs around.
    names: Vec<String>,
    /// Whether one of those is closed.
    collapsed: bool,
    /// When those are shown that have no heading of their own here, with their places.
    conditions: Vec<(Value, String)>,
}

/// A row or a tab.
struct Section {
    title: String,
    collapsed: bool,
    hidden_header: bool,
}

impl Builder {
    fn layout(&mut self, layout: Value, path: &str, depth: u32) {
        let Value::Object(mut layout) = layout else { return };
        let mut spec = take_object(&mut layout, "spec");
        let inside = |key: &str| format!("{path}/spec/{key}");
        match layout.get("kind").and_then(Value::as_str) {
            Some("AutoGridLayout" | "ResponsiveGridLayout") => self.auto_grid(&mut spec, &inside("items")),
            Some("RowsLayout") => self.sections(take_list(&mut spec, "rows"), &inside("rows"), false, depth),
            Some("TabsLayout") => {
                self.built.lost.push((inside("tabs"), "tabs are shown as rows, the first of them open"));
                self.sections(take_list(&mut spec, "tabs"), &inside("tabs"), true, depth);
            }
            _ => self.grid(take_list(&mut spec, "items"), &inside("items")),
        }
        self.built.lost.extend(spec.keys().map(|key| (inside(&escaped(key)), "is not supported")));
    }

    fn sections(&mut self, list: Vec<Value>, path: &str, tabs: bool, depth: u32) {
        if depth >= MAX_DEPTH {
            return;
        }
        for (index, section) in list.into_iter().enumerate() {
            let Value::Object(mut section) = section else { continue };
            let mut spec = take_object(&mut section, "spec");
            let path = format!("{path}/{index}/spec");
            let layout = take(&mut spec, "layout");
            let variables = take_list(&mut spec, "variables");
            if !variables.is_empty() {
                self.built.variables.push((variables, format!("{path}/variables")));
            }
            let section = Section {
                title: text(&take(&mut spec, "title")).unwrap_or_default().to_owned(),
                // Of tabs one is open: the first.
                collapsed: is_true(&take(&mut spec, "collapse")) || (tabs && index > 0),
                hidden_header: is_true(&take(&mut spec, "hideHeader")),
            };
            self.section(section, spec, layout, &path, depth);
        }
    }

    fn section(&mut self, section: Section, spec: Object, layout: Value, path: &str, depth: u32) {
        let was_collapsed = self.collapsed;
        self.collapsed |= section.collapsed;
        self.names.push(section.title);
        let is_outer = matches!(layout.get("kind").and_then(Value::as_str), Some("RowsLayout" | "TabsLayout"));
        // What only holds other rows needs no heading; nor does what hides it, unless panels before it had one.
        let around = self.conditions.len();
        if !is_outer && (!section.hidden_header || self.has_row) {
            self.start_row(spec, path);
        } else {
            self.without_heading(spec, path);
        }
        self.layout(layout, &format!("{path}/layout"), depth + 1);
        self.conditions.truncate(around);
        self.names.pop();
        self.collapsed = was_collapsed;
    }

    /// What a row or tab says that has no heading: when it is shown is for what is inside, all else is for nothing.
    fn without_heading(&mut self, mut spec: Object, path: &str) {
        spec.remove("fillScreen");
        let condition = take(&mut spec, "conditionalRendering");
        self.built.lost.extend(spec.keys().map(|key| (format!("{path}/{key}"), "is not supported here")));
        if !condition.is_null() {
            self.conditions.push((condition, format!("{path}/conditionalRendering")));
        }
    }

    /// Lets a row or panel be shown when what is around it is, unless it says when itself.
    fn inherit_condition(&mut self, part: &mut Object, place: &str) {
        let Some((condition, path)) = self.conditions.last() else { return };
        if part.contains_key("conditionalRendering") {
            self.built.lost.push((path.clone(), "is not supported around other conditions"));
            return;
        }
        self.built.moved.push((format!("{place}/conditionalRendering"), path.clone()));
        part.insert("conditionalRendering".to_owned(), condition.clone());
    }

    fn start_row(&mut self, mut row: Object, path: &str) {
        self.finish_row();
        repeat(&mut row);
        let names: Vec<&str> = self.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        set(&mut row, "type", Value::from("row"));
        set(&mut row, "title", Value::from(names.join(" / ")));
        set(&mut row, "collapsed", Value::Bool(self.collapsed));
        set(&mut row, "gridPos", json!({"x": 0, "y": self.y, "w": COLUMNS, "h": 1}));
        // How the page divides its height is not for a grid of cells.
        row.remove("fillScreen");
        let place = format!("/panels/{}", self.built.panels.len());
        self.inherit_condition(&mut row, &place);
        self.built.moved.push((place, path.to_owned()));
        self.has_row = true;
        self.y += 1;
        self.closed = Some((row, Vec::new()));
        if !self.collapsed {
            self.finish_row();
        }
    }

    /// Puts the closed row, with what is inside, to its place.
    fn finish_row(&mut self) {
        if let Some((mut row, inside)) = self.closed.take() {
            set(&mut row, "panels", Value::Array(inside));
            self.built.panels.push(Value::Object(row));
        }
    }

    fn grid(&mut self, items: Vec<Value>, path: &str) {
        let top = self.y;
        for (index, item) in items.into_iter().enumerate() {
            let Value::Object(mut item) = item else { continue };
            let is_row = item.get("kind").is_some_and(|kind| kind == "GridLayoutRow");
            let mut spec = take_object(&mut item, "spec");
            let path = format!("{path}/{index}/spec");
            if is_row {
                self.grid_row(spec, &path, top);
                continue;
            }
            let part = |spec: &mut Object, key: &str| {
                number(&take(spec, key)).map_or(0, |number| number.clamp(0.0, 100_000.0) as u32)
            };
            let place =
                [part(&mut spec, "x"), part(&mut spec, "y"), part(&mut spec, "width"), part(&mut spec, "height")];
            self.element(spec, &path, place, top);
        }
    }

    /// A row of the grid itself, as version v2alpha1 had it.
    fn grid_row(&mut self, mut spec: Object, path: &str, top: u32) {
        let y = number(&take(&mut spec, "y")).map_or(0, |y| y.clamp(0.0, 100_000.0) as u32);
        let elements = take_list(&mut spec, "elements");
        let was_collapsed = self.collapsed;
        self.collapsed |= is_true(&take(&mut spec, "collapsed"));
        self.names.push(text(&take(&mut spec, "title")).unwrap_or_default().to_owned());
        self.y = self.y.max(top + y);
        self.start_row(spec, path);
        self.grid(elements, &format!("{path}/elements"));
        // What follows is not in it.
        self.finish_row();
        self.names.pop();
        self.collapsed = was_collapsed;
    }

    /// As many columns as fit a page, up to the most that are wanted.
    fn auto_grid(&mut self, spec: &mut Object, path: &str) {
        let own_width = number(&take(spec, "columnWidth")).unwrap_or(448.0).max(50.0);
        let width = match take(spec, "columnWidthMode").as_str() {
            Some("narrow") => 192.0,
            Some("wide") => 768.0,
            Some("custom") => own_width,
            _ => 448.0,
        };
        let own_height = number(&take(spec, "rowHeight")).unwrap_or(320.0).max(50.0);
        let height = match take(spec, "rowHeightMode").as_str() {
            Some("short") => 168.0,
            Some("tall") => 512.0,
            Some("custom") => own_height,
            _ => 320.0,
        };
        let most = number(&take(spec, "maxColumnCount")).unwrap_or(3.0);
        // How the page divides its height is not for a grid of cells.
        drop_all(spec, &["fillScreen"]);
        let columns = (PAGE_PX / width).floor().min(most).clamp(1.0, f64::from(COLUMNS)) as u32;
        let cells = (height / f64::from(CELL_PX + GAP_PX)).ceil().min(1_000.0) as u32;
        let top = self.y;
        for (index, item) in take_list(spec, "items").into_iter().enumerate() {
            let Value::Object(mut item) = item else { continue };
            let spec = take_object(&mut item, "spec");
            let (line, column) = (index as u32 / columns, index as u32 % columns);
            let wide = COLUMNS / columns;
            self.element(spec, &format!("{path}/{index}/spec"), [column * wide, line * cells, wide, cells], top);
        }
    }

    /// Puts the element that an item refers to at its place, given as column, line, width and height.
    fn element(&mut self, mut item: Object, path: &str, [x, y, w, h]: [u32; 4], top: u32) {
        let reference = take_object(&mut item, "element");
        let name = reference.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !self.built.unused.get(&name).is_some_and(Value::is_object) {
            // Each element stands in one place.
            let what = "names an element that is not there, or stands elsewhere";
            return self.built.lost.push((format!("{path}/element"), what));
        }
        let panel::Converted { mut panel, moved } = panel::convert(take(&mut self.built.unused, &name));
        repeat(&mut item);
        let to = self.next_place();
        let from = format!("/elements/{}/spec", escaped(&name));
        self.built.moved.extend(moved.into_iter().map(|(part, old)| (format!("{to}{part}"), format!("{from}{old}"))));
        for key in item.keys() {
            self.built.moved.push((format!("{to}/{key}"), format!("{path}/{key}")));
        }
        if !self.has_row {
            self.inherit_condition(&mut item, &to);
        }
        self.built.moved.push((format!("{to}/gridPos"), path.to_owned()));
        self.built.moved.push((to, from));
        set(&mut panel, "gridPos", json!({"x": x, "y": top + y, "w": w, "h": h}));
        panel.extend(item);
        self.y = self.y.max(top + y + h);
        let list = self.closed.as_mut().map_or(&mut self.built.panels, |(_, inside)| inside);
        list.push(Value::Object(panel));
    }

    fn next_place(&self) -> String {
        let next = self.built.panels.len();
        match &self.closed {
            Some((_, inside)) => format!("/panels/{next}/panels/{}", inside.len()),
            None => format!("/panels/{next}"),
        }
    }
}

/// A repeat by a variable, in the words of the classic schema. Any other stays as it is.
fn repeat(item: &mut Object) {
    if item.get("repeat").and_then(|repeat| repeat.get("mode")).is_none_or(|mode| mode == "variable") {
        let mut options = take_object(item, "repeat");
        set(item, "repeat", take(&mut options, "value"));
        let direction = take(&mut options, "direction");
        set(
            item,
            "repeatDirection",
            direction.as_str().map_or(Value::Null, |text| Value::from(text.get(..1).unwrap_or(""))),
        );
        set(item, "maxPerRow", take(&mut options, "maxPerRow"));
    }
}
