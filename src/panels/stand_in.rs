//! What stands where a visualization is not drawn yet: a word about that, and the answers all the same.

use crate::dom::{El, el};
use crate::panels::settings::StatSettings;
use crate::panels::stat::stat;
use crate::panels::table_panel::{self, Settings as TableSettings};
use crate::state::links::Links;
use crate::state::panel::use_panel;
use crate::state::sources::foreign;
use crate::state::stand_in::StandIn;
use dashboard::model::{Panel, PanelKind, TableOptions, Visualization};
use engine::PanelId;
use std::rc::Rc;

/// The content of a panel that cannot be drawn as it says, or whose queries nobody here can answer.
pub fn stand_in(id: &PanelId, panel: &Panel, links: Links) -> Vec<El> {
    if let Some(whom) = foreign(panel) {
        return message(&format!("This panel asks {whom}; only Prometheus is asked"));
    }
    let PanelKind::Unsupported { kind } = &panel.kind else { return Vec::new() };
    let Some(stand_in) = StandIn::of(panel) else {
        return message(&why_not(kind));
    };
    let view = use_panel(id);
    let (of_it, shown) = match stand_in {
        StandIn::Values(options) => ("its values", stat(id, view, Rc::new(StatSettings::of(panel, &options)), links)),
        StandIn::Table => {
            let settings = TableSettings { fields: panel.fields.clone(), options: TableOptions::default(), links };
            ("its data", table_panel::table(id, view, settings))
        }
    };
    let words = format!("{} not drawn yet: {of_it}", called(kind));
    vec![el("p").class("stand-in").attr("role", "note").attr("title", &words).text(&words), shown]
}

fn message(words: &str) -> Vec<El> {
    vec![el("div").class("panel-message").child(el("span").class("title").text(words))]
}

/// Why nothing at all is shown.
fn why_not(kind: &Visualization) -> String {
    match kind {
        Visualization::LibraryPanel(name) => format!("The library panel “{name}” is not in the file"),
        Visualization::Unknown(name) if name.is_empty() => "This panel does not say of what type it is".to_owned(),
        kind => format!("{} panels are not supported yet", called(kind)),
    }
}

/// What such a panel is called.
fn called(kind: &Visualization) -> String {
    let known = match kind {
        Visualization::Gauge(_) => "Gauge",
        Visualization::BarGauge(_) => "Bar gauge",
        Visualization::PieChart(_) => "Pie chart",
        Visualization::Heatmap(_) => "Heatmap",
        Visualization::Histogram(_) => "Histogram",
        Visualization::BarChart(_) => "Bar chart",
        Visualization::StateTimeline(_) => "State timeline",
        Visualization::StatusHistory(_) => "Status history",
        Visualization::LibraryPanel(name) | Visualization::Unknown(name) => return format!("“{name}”"),
    };
    known.to_owned()
}
