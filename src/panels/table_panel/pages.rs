//! Pages: a table that is not scrolled through but turned over shows as many rows at once as have room.

use crate::dom::{El, el};
use crate::ui::icon::{Shape, icon_button};
use dashboard::model::TableOptions;

/// The heights of the heading, of the sums and of the line below the table, in CSS pixels.
const HEAD: f64 = 27.0;
const SUMS: f64 = 27.0;
const FOOT: f64 = 37.0;

/// How many rows of this height have room in a panel, one at the least.
pub fn rows_of_page(options: &TableOptions, panel_css_px: f64, row_css_px: f64) -> u32 {
    let head = if options.show_header { HEAD } else { 0.0 };
    let sums = if options.footer.is_some() { SUMS } else { 0.0 };
    (((panel_css_px - FOOT - head - sums) / row_css_px) as u32).max(1)
}

/// Where the last page of so many rows begins.
pub fn last(rows: u32, of_page: u32) -> u32 {
    rows.saturating_sub(1) / of_page * of_page
}

/// Which rows are shown, between buttons that turn the page: `turn` is told where the wanted one begins.
pub fn pager(first: u32, of_page: u32, rows: u32, turn: impl Fn(u32) + Copy + 'static) -> El {
    let (back, forward) = (first.checked_sub(of_page), (first + of_page < rows).then_some(first + of_page));
    let side = |shape: Shape, name: &str, to: Option<u32>| {
        let button = icon_button(shape, name).attr_if("disabled", to.is_none().then_some(""));
        button.on_click(move || to.into_iter().for_each(turn))
    };
    let end = (first + of_page).min(rows);
    let range = if of_page == 1 { end.to_string() } else { format!("{} – {end}", first + 1) };
    let shown = el("span").attr("aria-live", "polite").text(&format!("{range} of {rows} rows"));
    el("span").class("pager").child(side(Shape::Back, "Previous page", back)).child(shown).child(side(
        Shape::Forward,
        "Next page",
        forward,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_rows_that_have_room() {
        let check = |show_header: bool, height: f64, expected: u32| {
            let options = TableOptions { show_header, ..TableOptions::default() };
            assert_eq!(rows_of_page(&options, height, 27.0), expected, "{height}");
        };
        check(true, 27.0 * 4.0 + HEAD + FOOT, 4);
        check(true, 27.0 * 4.0 + HEAD + FOOT - 1.0, 3);
        check(false, 27.0 * 4.0 + FOOT, 4);
        check(true, 0.0, 1);
    }

    #[test]
    fn the_last_page_begins_where_the_others_end() {
        let check = |rows: u32, of_page: u32, expected: u32| assert_eq!(last(rows, of_page), expected);
        check(0, 5, 0);
        check(5, 5, 0);
        check(6, 5, 5);
        check(10, 5, 5);
        check(11, 5, 10);
    }
}
