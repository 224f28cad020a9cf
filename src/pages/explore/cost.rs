//! What the answers cost: bytes and time here, samples and time on the server.

use super::asked::Asked;
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, el, on_leave, react};
use crate::protocol::{FetchReport, ToWorker};
use crate::state::panel::PanelView;
use crate::ui::words::plural;
use engine::PanelId;
use format::Unit;

/// What all that was fetched for a panel cost.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cost {
    fetches: usize,
    /// The longest fetch, as they run side by side.
    millis: f64,
    bytes: u64,
    series: u64,
    samples: u64,
    eval_micros: Option<u64>,
    read_samples: Option<u64>,
    peak_samples: Option<u64>,
}

impl Cost {
    fn add(&mut self, report: &FetchReport) {
        let sum = |known: Option<u64>, new: Option<u64>| {
            new.map_or(known, |new| Some(known.unwrap_or(0).saturating_add(new)))
        };
        self.fetches += 1;
        self.millis = self.millis.max(report.query_millis);
        self.bytes = self.bytes.saturating_add(report.bytes);
        self.series += u64::from(report.series);
        self.samples = self.samples.saturating_add(report.samples);
        self.eval_micros = sum(self.eval_micros, report.cost.eval_micros);
        self.read_samples = sum(self.read_samples, report.cost.read_samples);
        self.peak_samples = self.peak_samples.max(report.cost.peak_samples);
    }

    /// `10 series, 2410 samples, 45 kB in 12 ms. Server: 3 ms, 9600 samples read, at most 240 held`
    fn words(&self) -> String {
        let text = |unit: &str, value: f64| Unit::new(unit).format(value, None).to_string();
        let here = format!(
            "{} series, {}, {} in {}",
            self.series,
            plural(usize::try_from(self.samples).unwrap_or(usize::MAX), "sample"),
            text("decbytes", self.bytes as f64),
            text("ms", self.millis.round()),
        );
        let several = if self.fetches > 1 { format!(" by {} requests", self.fetches) } else { String::new() };
        let server = [
            self.eval_micros.map(|micros| text("ms", micros as f64 / 1e3)),
            self.read_samples.map(|samples| format!("{samples} samples read")),
            self.peak_samples.map(|samples| format!("at most {samples} held")),
        ];
        let server: Vec<String> = server.into_iter().flatten().collect();
        let server = if server.is_empty() { String::new() } else { format!(". Server: {}", server.join(", ")) };
        format!("{here}{several}{server}")
    }
}

/// Has servers tell what their answers cost them, until the page is left.
pub fn ask_for_costs(asked: Asked) {
    asked.session.send(&ToWorker::Statistics(true));
    on_leave(move || asked.session.send(&ToWorker::Statistics(false)));
}

/// A quiet line on what the panel `id` cost since it last began to load.
pub fn cost_line(asked: Asked, id: PanelId, view: ArcRwSignal<PanelView>) -> El {
    let cost = RwSignal::new(Cost::default());
    let is_loading = Memo::new(move |_| view.with(|view| matches!(view, PanelView::Loading { .. })));
    react(move || {
        if is_loading.get() {
            cost.set(Cost::default());
        }
    });
    react(move || {
        asked.session.fetched.with(|report| {
            if let Some(report) = report.as_ref().filter(|report| report.panels.contains(&id)) {
                cost.update(|cost| cost.add(report));
            }
        });
    });
    let words = move || cost.with(|cost| if cost.fetches > 0 { cost.words() } else { String::new() });
    el("p").class("hint cost").text_with(words)
}
