//! A long list of rows of one height, of which only those in view are in the page.

use crate::browser::observe::SizeObserver;
use crate::dom::{El, Memo, RwSignal, StoredValue, el, keep};
use std::ops::Range;
use web_sys::Element;

/// So many rows above and below those in view are there too, to be seen at once when the user scrolls.
const SPARE: usize = 8;

/// A scrolling list; copying it copies handles.
#[derive(Clone, Copy)]
pub struct VirtualRows {
    scroller: StoredValue<El>,
    /// How many rows there are.
    count: Memo<usize>,
    row_css_px: u32,
    top: RwSignal<i32>,
    height: RwSignal<f64>,
}

impl VirtualRows {
    /// A list of `count` rows, `row_css_px` high each, that scrolls in `scroller`.
    pub fn new(scroller: El, count: Memo<usize>, row_css_px: u32) -> Self {
        let (top, height) = (RwSignal::new(0), RwSignal::new(0.0));
        Self { scroller: StoredValue::new(scroller), count, row_css_px, top, height }
    }

    /// The scroller, with what `row` builds for each row in view.
    pub fn build(self, row: impl Fn(usize) -> El + 'static) -> El {
        let scroller = self.scroller.with_value(El::clone);
        let node: Element = scroller.node();
        let on_size = move |_, height| {
            // The list may be gone when its last report comes.
            let _ = self.height.try_set(height);
        };
        keep(SizeObserver::new(&node, on_size));
        let in_view = Memo::new(move |_| self.in_view());
        let place = move |index: usize| format!("translateY({}px)", index as u64 * u64::from(self.row_css_px));
        let rows = el("div")
            .class("virtual-rows")
            .attr("role", "presentation")
            .style_with("height", move || format!("{}px", self.count.get() as u64 * u64::from(self.row_css_px)))
            .children_with(move || in_view.get().map(|index| row(index).style("transform", &place(index))).collect());
        scroller.child(rows).on("scroll", move |_| self.top.set(node.scroll_top()))
    }

    /// The rows that are in the page.
    pub fn in_view(self) -> Range<usize> {
        let row = f64::from(self.row_css_px);
        let first = (f64::from(self.top.get()) / row) as usize;
        let seen = (self.height.get() / row) as usize + 1;
        let count = self.count.get();
        first.saturating_sub(SPARE).min(count)..(first + seen + SPARE).min(count)
    }

    /// Scrolls as little as is needed to have row number `index` in view.
    pub fn reveal(self, index: usize) {
        let node: Element = self.scroller.with_value(El::node);
        let row = self.row_css_px as i32;
        let top = i32::try_from(index).unwrap_or(i32::MAX).saturating_mul(row);
        let lowest = top.saturating_add(row) - node.client_height();
        let now = node.scroll_top();
        if top < now {
            node.set_scroll_top(top);
        } else if lowest > now {
            node.set_scroll_top(lowest);
        }
    }
}
