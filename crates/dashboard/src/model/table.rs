//! Options of a table and of its cells.

use super::{BarDisplay, BarValue, SortBy};

/// Options of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableOptions {
    /// Column headings are shown.
    pub show_header: bool,
    /// By which columns it is sorted, the most important first.
    pub sort: Vec<SortBy>,
    /// Which of several results is shown.
    pub frame: usize,
    /// How high its lines are.
    pub cell_height: CellHeight,
    /// A line below it that sums it up.
    pub footer: Option<TableFooter>,
    /// It is shown page by page.
    pub paginated: bool,
    /// A sign for its type stands in each heading.
    pub type_icons: bool,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            show_header: true,
            sort: Vec::new(),
            frame: 0,
            cell_height: CellHeight::default(),
            footer: None,
            paginated: false,
            type_icons: false,
        }
    }
}

/// How high the lines of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CellHeight {
    #[default]
    Small,
    Medium,
    Large,
    /// As high as their text.
    Auto,
}

/// The line below a table that sums it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableFooter {
    /// Grafana's ids of the reducers; the first counts.
    pub calcs: Vec<String>,
    /// The fields that are summed up; empty for all numbers.
    pub fields: Vec<String>,
    /// `count` counts lines, not values.
    pub count_rows: bool,
}

/// How a field's cells look in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Where in the cell its content stands.
    pub align: Align,
    /// The column's width in CSS pixels, or as much as it gets.
    pub width: Option<f64>,
    /// The column's least width in CSS pixels.
    pub min_width: Option<f64>,
    /// As what the content is shown.
    pub display: CellDisplay,
    /// The column is not shown.
    pub hidden: bool,
    /// The column can be filtered.
    pub filterable: bool,
    /// The whole content can be looked at.
    pub inspect: bool,
    /// Text goes on in a next line.
    pub wrap_text: bool,
    /// So does the heading.
    pub wrap_header: bool,
}

/// Where in a cell its content stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Align {
    /// Numbers on the right, all else on the left.
    #[default]
    Auto,
    Left,
    Center,
    Right,
}

/// As what the content of a cell is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CellDisplay {
    /// As text, or as what its type suggests.
    #[default]
    Auto,
    /// As coloured text.
    ColorText,
    /// As text on a coloured ground.
    ColorBackground {
        /// The ground changes its hue a little.
        gradient: bool,
        /// The whole line has it.
        whole_row: bool,
    },
    /// As a bar.
    Gauge {
        /// How the bar is drawn.
        bar: BarDisplay,
        /// What stands beside it.
        value: BarValue,
    },
    /// As a small chart.
    Sparkline,
    /// As JSON.
    Json,
    /// As a picture, its address being the content.
    Image,
    /// As the links of the field.
    Links,
    /// As words on coloured grounds.
    Pill,
    /// As markdown.
    Markdown,
    /// As something this version does not know, which is shown as text.
    Other(String),
}
