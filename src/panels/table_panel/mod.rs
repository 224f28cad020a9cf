//! The table: the fields of one of a panel's tables as columns. The worker has the tables; the page asks for the rows that
//! are in view, in the order the user wants, and for no more.

mod cell;
mod column;
mod pages;

use crate::dom::{ArcRwSignal, El, Memo, RwSignal, StoredValue, button, el, react, spawn, value_of};
use crate::panels::place;
use crate::protocol::{Question, Reply};
use crate::state::links::Links;
use crate::state::panel::{PanelView, picture_of};
use crate::state::session::Session;
use crate::ui::words::plural;
use cell::Rows;
use column::{ColumnLook, looks};
use dashboard::model::{CellHeight, FieldOptions, TableFooter, TableOptions};
use engine::PanelId;
use engine::shape::{Footer, SortKey, TableCell, TablePage, TableWish};
use format::color::Theme;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// So many rows are in the page at once. Where there are more, those around the ones in view are.
const ROWS: u32 = 200;
/// How many of them stand above those in view.
const ABOVE: u32 = 60;

/// What a table is made by.
pub struct Settings {
    /// How its fields look.
    pub fields: Arc<FieldOptions>,
    /// Its options.
    pub options: TableOptions,
    /// What the links of its values go by.
    pub links: Links,
}

/// What the user wants to see of it. The order is the options' own until the user chooses one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Choice {
    table: u32,
    sort: Option<Vec<SortKey>>,
    first: u32,
}

/// A heading, as far as the page shows it.
#[derive(Clone, Debug, PartialEq)]
struct Head {
    key: String,
    title: String,
    class: &'static str,
    width: String,
    least_width: String,
    /// Whether it is sorted by, and then whether the greatest come first.
    sorted: Option<bool>,
}

#[derive(Clone, Copy)]
struct Table {
    session: Session,
    settings: StoredValue<Rc<Settings>>,
    choice: RwSignal<Choice>,
    page: RwSignal<Option<Arc<TablePage>>>,
    /// How many rows a page has, where it has pages.
    of_page: Memo<Option<u32>>,
}

/// The table of the panel `id`.
pub fn table(id: &PanelId, view: ArcRwSignal<PanelView>, settings: Settings) -> El {
    let session = Session::expect();
    let frame = el("div").class("table-frame");
    let size = place::watch(&frame, id, session);
    let options = settings.options.clone();
    let table = Table {
        session,
        choice: RwSignal::new(Choice { table: settings.options.frame as u32, ..Choice::default() }),
        page: RwSignal::new(None),
        settings: StoredValue::new(Rc::new(settings)),
        of_page: Memo::new(move |_| {
            let rows = |height| pages::rows_of_page(&options, height, row_css_px(&options));
            options.paginated.then(|| rows(size.get().1))
        }),
    };
    table.ask_on_change(id, view);
    let scroll =
        el("div").class("table-scroll").attr("role", "region").attr("aria-label", "Table").attr("tabindex", "0");
    let node: web_sys::Element = scroll.node();
    let scroll = scroll.on("scroll", move |_| table.scrolled(f64::from(node.scroll_top())));
    frame.child(scroll.child(table.element())).child_with(move || table.foot())
}

impl Table {
    fn settings(self) -> Rc<Settings> {
        self.settings.with_value(Rc::clone)
    }

    /// Asks for rows whenever there is new data or the user wants others. What was asked before is not waited for then, and
    /// nothing is once the panel is gone.
    fn ask_on_change(self, id: &PanelId, view: ArcRwSignal<PanelView>) {
        let id = id.clone();
        let picture = picture_of(view);
        react(move || {
            if picture.with(Option::is_none) {
                return;
            }
            let question = Question::Table(id.clone(), self.wish());
            spawn(async move {
                // What the worker cannot tell now it tells with the next data.
                if let Ok(Reply::Encoded(bytes)) = self.session.ask(question).await
                    && let Ok(page) = borsh::from_slice(&bytes)
                {
                    self.arrived(page);
                }
            });
        });
    }

    fn wish(self) -> TableWish {
        let choice = self.choice.get();
        let footer = self.settings().options.footer.as_ref().and_then(footer);
        let of_page = self.of_page.get();
        TableWish {
            table: choice.table,
            sort: choice.sort.unwrap_or_default(),
            // Where a page has another size now, the one that shows the same row.
            first: of_page.map_or(choice.first, |rows| choice.first / rows * rows),
            rows: of_page.unwrap_or(ROWS),
            footer,
        }
    }

    /// The options name the columns to sort by as the user reads them: what the worker calls these is known with the first
    /// rows, which then come once more in their order.
    fn arrived(self, page: TablePage) {
        // The page may be gone with the rows.
        if let Some(of_page) = self.of_page.get_untracked().filter(|_| page.first > 0 && page.first >= page.rows) {
            return self.choice.update(|choice| choice.first = pages::last(page.rows, of_page));
        }
        let settings = self.settings();
        let wanted = &settings.options.sort;
        if self.choice.with_untracked(|choice| choice.sort.is_some()) || wanted.is_empty() {
            self.page.set(Some(Arc::new(page)));
            return;
        }
        let looks = untrack(|| self.looks(&page));
        let key = |title: &str| looks.iter().find(|look| look.title == title || look.key == title);
        let keys = wanted
            .iter()
            .filter_map(|sort| Some(SortKey { column: key(&sort.column)?.key.clone(), descending: sort.descending }));
        let keys = keys.collect();
        self.choice.update(|choice| choice.sort = Some(keys));
    }

    fn looks(self, page: &TablePage) -> Vec<ColumnLook> {
        let theme = if self.session.dark.get() { Theme::Dark } else { Theme::Light };
        let settings = self.settings();
        let links = settings.fields.has_name_templates().then(|| settings.links.now());
        looks(page, &settings.fields, theme, links.as_ref())
    }

    fn element(self) -> El {
        let settings = self.settings();
        let options = &settings.options;
        // The headings stay where they are while rows come and go, and so does the focus.
        let heads = Memo::new(move |_| self.page.with(|page| page.as_ref().map(|page| self.heads(page))));
        let head = options.show_header.then(|| {
            el("thead").child_with(move || {
                heads.with(|heads| Some(el("tr").children(heads.as_ref()?.iter().map(|head| self.heading(head)))))
            })
        });
        let body = el("tbody")
            .children_with(move || self.page.with(|page| page.as_ref().map_or_else(Vec::new, |page| self.rows(page))));
        let foot = options
            .footer
            .is_some()
            .then(|| el("tfoot").child_with(move || self.page.with(|page| Some(self.sums(page.as_ref()?)))));
        let row_height = format!("{}px", row_css_px(options));
        let table = el("table").class("data").class_if("cut", options.cell_height != CellHeight::Auto);
        table.style("--row-height", &row_height).children(head).child(body).children(foot)
    }

    fn heads(self, page: &TablePage) -> Vec<Head> {
        let sort = self.choice.get().sort.unwrap_or_default();
        let head = |look: ColumnLook| Head {
            sorted: sort.iter().find(|key| key.column == look.key).map(|key| key.descending),
            class: look.class(),
            width: look.width(),
            least_width: look.least_width(),
            key: look.key,
            title: look.title,
        };
        self.looks(page).into_iter().filter(ColumnLook::is_shown).map(head).collect()
    }

    fn heading(self, head: &Head) -> El {
        let (order, mark) = match head.sorted {
            None => ("none", ""),
            Some(false) => ("ascending", " ↑"),
            Some(true) => ("descending", " ↓"),
        };
        let (key, sorted) = (head.key.clone(), head.sorted);
        let sort = move || self.sort_by(&key, sorted);
        let button = button("sort").text(&head.title).child(el("span").attr("aria-hidden", "true").text(mark));
        let th = el("th").attr("scope", "col").attr("aria-sort", order).class(head.class).style("width", &head.width);
        th.style("min-width", &head.least_width).child(button.on_click(sort))
    }

    /// Rising, falling, then as it came.
    fn sort_by(self, column: &str, sorted: Option<bool>) {
        let key = |descending| vec![SortKey { column: column.to_owned(), descending }];
        let sort = match sorted {
            None => key(false),
            Some(false) => key(true),
            Some(true) => Vec::new(),
        };
        self.choice.update(|choice| (choice.sort, choice.first) = (Some(sort), 0));
    }

    /// The rows that are there, between two spaces as high as those that are not.
    fn rows(self, page: &TablePage) -> Vec<El> {
        let looks = self.looks(page);
        let count = page.columns.first().map_or(0, |column| column.cells.len());
        let settings = self.settings();
        let links = settings.fields.has_links().then(|| settings.links.now());
        let rows = Rows { session: self.session, page, looks: &looks, links: links.as_ref() };
        let row = |row| cell::row(&rows, row);
        let scrolls = self.of_page.get().is_none();
        let space = |rows: u32| {
            let height = format!("{}px", f64::from(rows) * row_css_px(&settings.options));
            (scrolls && rows > 0)
                .then(|| el("tr").class("space").attr("aria-hidden", "true").child(el("td").style("height", &height)))
        };
        let after = page.rows.saturating_sub(page.first).saturating_sub(count as u32);
        space(page.first).into_iter().chain((0..count).map(row)).chain(space(after)).collect()
    }

    fn sums(self, page: &TablePage) -> El {
        let cells = self.looks(page).into_iter().filter(ColumnLook::is_shown).map(|look| {
            let cell = page.columns.get(look.index).and_then(|column| column.footer.as_ref());
            let text = |cell: &TableCell| cell::shown(self.session, &look, cell).text.to_string();
            el("td").class(look.class()).text(&cell.map_or_else(String::new, text))
        });
        el("tr").children(cells)
    }

    /// Asks for other rows once those in view come near to the end of those that are there.
    fn scrolled(self, top_css_px: f64) {
        let settings = self.settings();
        let Some((first, count, rows)) = self.page.with_untracked(|page| {
            let page = page.as_ref().filter(|_| !settings.options.paginated)?;
            Some((page.first, page.columns.first().map_or(0, |column| column.cells.len() as u32), page.rows))
        }) else {
            return;
        };
        let top = (top_css_px / row_css_px(&settings.options)) as u32;
        let is_far_up = first > 0 && top < first + ABOVE / 2;
        let is_far_down = first + count < rows && top + ABOVE * 3 / 2 > first + count;
        if is_far_up || is_far_down {
            let first = top.saturating_sub(ABOVE).min(rows.saturating_sub(ROWS));
            if self.choice.with_untracked(|choice| choice.first != first) {
                self.choice.update(|choice| choice.first = first);
            }
        }
    }

    /// How many rows there are, where they are not all to be seen, and the other tables.
    fn foot(self) -> Option<El> {
        let page = self.page.get()?;
        let choose = move |event: web_sys::Event| {
            let Ok(table) = value_of(&event).parse() else { return };
            let sort = Some(Vec::new());
            self.choice.set(Choice { table, sort, first: 0 });
        };
        let picker = (page.tables.len() > 1).then(|| {
            let options = page.tables.iter().enumerate().map(|(index, name)| {
                let chosen = (index as u32 == page.table).then_some("");
                el("option").attr("value", &index.to_string()).attr_if("selected", chosen).text(name)
            });
            el("select").attr("aria-label", "Table").children(options).on("change", choose)
        });
        let turn = move |first| self.choice.update(|choice| choice.first = first);
        let count = match self.of_page.get() {
            Some(of_page) if page.rows > of_page => Some(pages::pager(page.first, of_page, page.rows, turn)),
            _ => (page.rows > ROWS || picker.is_some())
                .then(|| el("span").class("hint").text(&plural(page.rows as usize, "row"))),
        };
        let is_empty = picker.is_none() && count.is_none();
        (!is_empty).then(|| el("div").class("table-foot").children(picker).children(count))
    }
}

fn row_css_px(options: &TableOptions) -> f64 {
    match options.cell_height {
        CellHeight::Small | CellHeight::Auto => 27.0,
        CellHeight::Medium => 34.0,
        CellHeight::Large => 42.0,
    }
}

fn footer(footer: &TableFooter) -> Option<Footer> {
    Some(Footer { calc: footer.calcs.first()?.clone(), columns: footer.fields.clone(), counts_rows: footer.count_rows })
}
