//! The grid that panels stand on: 24 columns, cells of 30 pixels with gaps of 8.

use crate::model::{GridPos, Panel};

/// How many columns there are.
pub const COLUMNS: u32 = 24;
/// Height of a cell in CSS pixels.
pub const CELL_PX: u32 = 30;
/// The gap between cells in CSS pixels.
pub const GAP_PX: u32 = 8;

/// A panel's place once rows are opened or closed and everything has moved up as far as it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The panel, as an index into the list that was laid out.
    pub index: usize,
    /// Where it stands.
    pub grid: GridPos,
}

impl Placed {
    /// Distance from the top in CSS pixels.
    #[must_use]
    pub fn top_px(&self) -> u32 {
        self.grid.y * (CELL_PX + GAP_PX)
    }

    /// Height in CSS pixels.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        height_px(self.grid.h)
    }
}

/// The height in CSS pixels of a panel that is `cells` cells high.
#[must_use]
pub fn height_px(cells: u32) -> u32 {
    (cells * (CELL_PX + GAP_PX)).saturating_sub(GAP_PX)
}

/// What is laid out.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// A panel that wants to stand here.
    Panel {
        /// The place.
        grid: GridPos,
        /// Whether it is in the row before it.
        in_row: bool,
    },
    /// A row; what follows it and is in it is left out where it is collapsed.
    Row {
        /// Whether it is.
        collapsed: bool,
    },
}

impl Cell {
    /// A panel or row at `grid`, which counts for panels only.
    #[must_use]
    pub fn of(panel: &Panel, grid: GridPos, collapsed: bool) -> Self {
        if panel.is_row() { Self::Row { collapsed } } else { Self::Panel { grid, in_row: panel.in_row } }
    }
}

/// Lays out panels in reading order, leaving out those in collapsed rows.
///
/// Panels keep their column and width; each stands as high up as the ones above it allow, as in Grafana. Widths and places
/// beyond the grid are brought into it, panels without height get the least one.
#[must_use]
pub fn layout(cells: impl IntoIterator<Item = Cell>) -> Vec<Placed> {
    let mut placed = Vec::new();
    // The first free cell of every column.
    let mut free = [0u32; COLUMNS as usize];
    let mut hidden = false;
    for (index, cell) in cells.into_iter().enumerate() {
        let wanted = match cell {
            Cell::Row { collapsed } => {
                hidden = collapsed;
                // Nothing moves up past a row.
                free = [free.iter().max().copied().unwrap_or(0); COLUMNS as usize];
                GridPos { x: 0, y: 0, w: COLUMNS, h: 1 }
            }
            Cell::Panel { in_row: true, .. } if hidden => continue,
            Cell::Panel { grid, .. } => normalized(grid),
        };
        let columns = wanted.x as usize..(wanted.x + wanted.w) as usize;
        let Some(taken) = free.get_mut(columns) else { continue };
        let y = taken.iter().max().copied().unwrap_or(0);
        taken.fill(y + wanted.h);
        placed.push(Placed { index, grid: GridPos { y, ..wanted } });
    }
    placed
}

/// How many cells high the whole layout is.
#[must_use]
pub fn height(placed: &[Placed]) -> u32 {
    placed.iter().map(|panel| panel.grid.y + panel.grid.h).max().unwrap_or(0)
}

/// A stretch of the grid from edge to edge, which no panel reaches out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Its first line of cells.
    pub top: u32,
    /// How many cells high it is.
    pub h: u32,
}

/// Cuts a layout into bands that are at least `least` cells high, but for the last. All panels of a band stand in the list
/// before those of the next, so that the order in which they are read and reached stays.
#[must_use]
pub fn bands(places: &[GridPos], least: u32) -> Vec<Band> {
    // The highest line that a panel or one after it begins at.
    let mut begins: Vec<u32> = places.iter().map(|place| place.y).collect();
    let mut least_begin = u32::MAX;
    for begin in begins.iter_mut().rev() {
        least_begin = least_begin.min(*begin);
        *begin = least_begin;
    }
    let mut bands = Vec::new();
    let (mut top, mut bottom) = (0, 0);
    for (index, place) in places.iter().enumerate() {
        bottom = bottom.max(place.y.saturating_add(place.h));
        let ends = begins.get(index + 1).is_none_or(|begins| *begins >= bottom && bottom - top >= least);
        if ends {
            bands.push(Band { top, h: bottom - top });
            top = bottom;
        }
    }
    bands
}

/// A place inside the grid.
fn normalized(GridPos { x, y, w, h }: GridPos) -> GridPos {
    let w = w.clamp(1, COLUMNS);
    GridPos { x: x.min(COLUMNS - w), y, w, h: h.clamp(1, 500) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import;
    use proptest::{collection, prelude::*};

    /// Lays out panels written as `type x,y,wxh` and compares with places written the same way.
    fn check(panels: &[&str], collapsed: bool, expected: &[&str]) {
        let json: Vec<serde_json::Value> = panels.iter().map(|panel| panel_json(panel)).collect();
        let text = serde_json::json!({"title": "", "panels": json}).to_string();
        let dashboard = import(&text).unwrap().dashboard;
        let written: Vec<String> = layout(dashboard.panels.iter().map(|panel| Cell::of(panel, panel.grid, collapsed)))
            .iter()
            .map(|Placed { grid: GridPos { x, y, w, h }, .. }| format!("{x},{y},{w}x{h}"))
            .collect();
        assert_eq!(written, expected);
    }

    /// A row that the file has closed is a `closed`.
    fn panel_json(panel: &str) -> serde_json::Value {
        let (kind, place) = panel.split_once(' ').unwrap();
        let (kind, collapsed) = if kind == "closed" { ("row", true) } else { (kind, false) };
        let numbers: Vec<i64> = place.split([',', 'x']).map(|number| number.parse().unwrap()).collect();
        let [x, y, w, h] = numbers.as_slice() else { panic!("four numbers: {panel}") };
        serde_json::json!({"type": kind, "collapsed": collapsed, "gridPos": {"x": x, "y": y, "w": w, "h": h}})
    }

    #[test]
    fn panels_move_up_and_never_overlap() {
        check(&["stat 0,0,12x4", "stat 12,0,12x8", "stat 0,4,12x4"], false, &["0,0,12x4", "12,0,12x8", "0,4,12x4"]);
        check(&["stat 0,5,6x2", "stat 6,9,6x2"], false, &["0,0,6x2", "6,0,6x2"]);
        check(&["stat 0,0,12x4", "stat 6,1,12x4"], false, &["0,0,12x4", "6,4,12x4"]);
    }

    #[test]
    fn rows_take_a_line_and_hide_what_follows() {
        let panels = ["stat 0,0,6x2", "row 0,2,24x1", "stat 0,3,6x5", "stat 6,3,6x5", "row 0,8,0x0", "stat 6,9,6x2"];
        let open = ["0,0,6x2", "0,2,24x1", "0,3,6x5", "6,3,6x5", "0,8,24x1", "6,9,6x2"];
        check(&panels, false, &open);
        check(&panels, true, &["0,0,6x2", "0,2,24x1", "0,3,24x1"]);
    }

    #[test]
    fn what_stands_behind_a_closed_row_is_not_in_it() {
        let panels = ["row 0,0,24x1", "stat 0,1,6x2", "closed 0,3,24x1", "stat 0,4,6x2"];
        check(&panels, true, &["0,0,24x1", "0,1,24x1", "0,2,6x2"]);
        check(&panels, false, &["0,0,24x1", "0,1,6x2", "0,3,24x1", "0,4,6x2"]);
    }

    #[test]
    fn odd_places_are_brought_into_the_grid() {
        check(&["stat 30,0,6x2"], false, &["18,0,6x2"]);
        check(&["stat 0,0,99x0"], false, &["0,0,24x1"]);
        check(&["stat 5,0,0x9999"], false, &["5,0,1x500"]);
    }

    /// Cuts what `layout` makes of `panels` into bands of four cells, written `top+height`.
    fn check_bands(panels: &[&str], expected: &[&str]) {
        let json: Vec<serde_json::Value> = panels.iter().map(|panel| panel_json(panel)).collect();
        let dashboard = import(&serde_json::json!({"title": "", "panels": json}).to_string()).unwrap().dashboard;
        let placed = layout(dashboard.panels.iter().map(|panel| Cell::of(panel, panel.grid, false)));
        let places: Vec<GridPos> = placed.iter().map(|placed| placed.grid).collect();
        let written: Vec<String> = bands(&places, 4).iter().map(|Band { top, h }| format!("{top}+{h}")).collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn bands_end_where_no_panel_crosses() {
        check_bands(&[], &[]);
        check_bands(&["stat 0,0,12x1"], &["0+1"]);
        check_bands(&["stat 0,0,12x4", "stat 12,0,12x4", "stat 0,4,12x8"], &["0+4", "4+8"]);
        check_bands(&["row 0,0,24x1", "stat 0,1,12x2", "row 0,3,24x1", "stat 0,4,9x2"], &["0+4", "4+2"]);
        // The second column of the first ends later than the panel that follows begins.
        check_bands(&["stat 0,0,12x4", "stat 12,0,12x8", "stat 0,4,12x4", "stat 0,8,9x2"], &["0+8", "8+2"]);
    }

    proptest! {
        #[test]
        fn each_panel_is_in_one_band_and_bands_follow_the_order_of_the_list(
            places in collection::vec((0_u32..24, 0_u32..60, 1_u32..20).prop_map(|(x, y, h)| GridPos { x, y, w: 1, h }), 0..30),
        ) {
            let bands = bands(&places, 4);
            let holds = |band: &Band, place: &GridPos| band.top <= place.y && place.y + place.h <= band.top + band.h;
            let found: Vec<_> = places.iter().map(|place| bands.iter().position(|band| holds(band, place))).collect();
            prop_assert!(found.iter().all(Option::is_some));
            prop_assert!(found.is_sorted());
        }
    }

    #[test]
    fn heights_are_cells_and_the_gaps_between_them() {
        assert_eq!([1, 4, 8].map(height_px), [30, 144, 296]);
    }
}
