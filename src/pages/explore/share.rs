//! What is on the page, for elsewhere: as a link that goes on showing it, and as a panel of a dashboard.

use super::asked::{Asked, Mode, Query, letter};
use crate::browser::url;
use crate::dom::{El, button, el};
use crate::ui::copy::copy_button;
use crate::ui::dialog;
use crate::ui::icon::drawn;
use dashboard::export::panel_to_text;
use dashboard::import::{blank_panel, blank_target};
use dashboard::model::{GridPos, Panel, QueryMode, Target};
use leptos::prelude::*;

/// The buttons.
pub fn share(asked: Asked) -> [El; 2] {
    let link =
        copy_button("Share", "Copy a link with this range as absolute times", "To copy", move || Some(link(asked)));
    let panel = button("button").child(drawn(super::icons::CODE)).text("Panel JSON");
    let title = "These queries as a panel of a Grafana dashboard";
    [link, panel.attr("title", title).on_click(move || open(asked))]
}

/// The address of the page with the range that is shown now, absolute.
fn link(asked: Asked) -> String {
    let mut route = asked.session.route.get();
    let range = asked.time_range();
    route.params.set("from", [range.start.0.to_string()]);
    route.params.set("to", [range.end.0.to_string()]);
    url::link(&route.hash())
}

fn open(asked: Asked) {
    let text = untrack(|| panel_json(asked));
    dialog::open("Panel JSON", || {
        let copied = text.clone();
        let area =
            el("textarea").class("mono wide").attr("readonly", "").attr("rows", "16").attr("aria-label", "Panel JSON");
        let advice =
            "In Grafana: a panel's menu, Inspect, Panel JSON. In a dashboard's file: an element of its panels.";
        vec![
            el("h2").text("Panel JSON"),
            el("p").class("hint").text(advice),
            area.prop("value", &text.into()),
            copy_button("Copy", "Copy the JSON", "To copy", move || Some(copied.clone())),
        ]
    });
}

/// The queries as a panel: a table where only that is shown, else a graph.
fn panel_json(asked: Asked) -> String {
    let is_table = asked.mode() == Mode::Table;
    let panel = Panel {
        id: 1,
        title: "Explore".to_owned(),
        grid: GridPos { w: 24, h: 9, ..GridPos::default() },
        targets: targets(asked, if is_table { QueryMode::Instant } else { QueryMode::Range }),
        interval: asked.chosen_step(),
        ..blank_panel(if is_table { "table" } else { "timeseries" })
    };
    panel_to_text(panel)
}

fn targets(asked: Asked, mode: QueryMode) -> Vec<Target> {
    let queries = asked.queries.get();
    let written = queries.into_iter().enumerate().filter(|(_, query)| !query.is_empty());
    let target = |(index, query): (usize, Query)| Target {
        expr: query.expr,
        hide: !query.shown,
        mode,
        ref_id: letter(index),
        ..blank_target()
    };
    written.map(target).collect()
}
