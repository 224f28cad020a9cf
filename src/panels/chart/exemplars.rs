//! Exemplars, above a chart: a diamond for each where its time and value are, and a card that tells more.

use super::marks::{Pointed, PointedAt, tells};
use super::tooltip::{closable, placed};
use super::{Area, px};
use crate::dom::{El, Memo, RwSignal, button, el, on_window, react, spawn};
use crate::panels::links::{anchor, follow_text};
use crate::protocol::{Exemplars, Question, Reply};
use crate::state::links::{Followed, Links};
use crate::state::panel::{PanelView, use_panel};
use crate::state::session::Session;
use crate::ui::list_keys::list_keys;
use dashboard::model::{Link, LinkTarget, Panel, QueryMode};
use engine::PanelId;
use format::Unit;
use frame::Labels;
use promapi::exemplars::Picked;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// An exemplar and the uid of the data source that told it.
type Mark = (Arc<str>, Picked);

/// The layer above the chart of an instance of `panel`, whose plot is at `area`.
pub fn layer(links: Links, id: PanelId, panel: &Panel, area: RwSignal<Option<Area>>) -> Vec<El> {
    let session = links.session;
    let found = RwSignal::new(Arc::new(Vec::new()));
    ask(session, id, Rc::new(queries(panel)), found);
    let (pointed, kept): (PointedAt<Mark>, PointedAt<Mark>) = (RwSignal::new(None), RwSignal::new(None));
    let writer =
        Writer { session, unit: Unit::new(&panel.fields.defaults.unit), decimals: panel.fields.defaults.decimals };
    let marks = {
        let writer = writer.clone();
        move || {
            let Some(area) = area.get() else { return Vec::new() };
            found.with(|found: &Arc<Vec<Mark>>| {
                let placed = found.iter().filter_map(|mark| Some((mark, area.place(&mark.1)?)));
                let diamond = |(mark, place): (&Mark, (f64, f64))| diamond(mark, place, &writer, pointed, kept);
                let shown = placed.map(diamond).enumerate();
                // One stop for the Tab key: the arrow keys go on from there.
                shown.map(|(index, shown)| shown.attr_if("tabindex", (index > 0).then_some("-1"))).collect()
            })
        }
    };
    on_window("pointerdown", move |_| kept.set(None));
    let card = move || match kept.get() {
        Some(kept_mark) => Some(kept_card(&links, &writer, &kept_mark, kept)),
        None => pointed.with(|pointed| Some(card(&writer, pointed.as_ref()?).attr("role", "status"))),
    };
    let layer = el("div").class("exemplars");
    let list = el("div").class("part").attr("role", "group").attr("aria-label", "Exemplars").children_with(marks);
    // The chart's own keys move the cursor.
    let list = list_keys(list, ".exemplar").on("keydown", |event| event.stop_propagation());
    vec![layer.child(list).child_with(card)]
}

impl Area {
    /// Where an exemplar stands, in CSS pixels from the chart's corner: on the plot's edge where its value is beyond it,
    /// none where its time is.
    fn place(&self, exemplar: &Picked) -> Option<(f64, f64)> {
        let x = self.x_of(exemplar.at.0 as f64);
        let is_inside = self.range.start <= exemplar.at && exemplar.at <= self.range.end;
        is_inside.then(|| (x, self.y_of(exemplar.value)))
    }
}

/// The ref ids of the queries whose exemplars are wanted, together where they are asked of the same data source.
fn queries(panel: &Panel) -> Vec<Vec<String>> {
    let mut groups: Vec<(_, Vec<String>)> = Vec::new();
    let wanted = panel.targets.iter().filter(|target| target.exemplar && !target.hide);
    for target in wanted.filter(|target| target.mode != QueryMode::Instant && target.expression.is_none()) {
        match groups.iter_mut().find(|(source, _)| *source == &target.datasource) {
            Some((_, ref_ids)) => ref_ids.push(target.ref_id.clone()),
            None => groups.push((&target.datasource, vec![target.ref_id.clone()])),
        }
    }
    groups.into_iter().map(|(_, ref_ids)| ref_ids).collect()
}

/// Asks after each answer to the panel's own queries. One that is overtaken is not waited for any more.
fn ask(session: Session, id: PanelId, groups: Rc<Vec<Vec<String>>>, found: RwSignal<Arc<Vec<Mark>>>) {
    let view = use_panel(&id);
    let answered = move |_: Option<&_>| {
        view.with(|view| match view {
            PanelView::Ready(picture) => Some((picture.head.range, picture.head.step)),
            _ => None,
        })
    };
    // A finer answer to the same queries has no other exemplars.
    let is_other =
        |old: Option<&Option<_>>, new: Option<&Option<_>>| match (old.copied().flatten(), new.copied().flatten()) {
            (Some((old, coarse)), Some((new, finer))) => old != new || finer >= coarse,
            (_, new) => new.is_some(),
        };
    let answered = Memo::new_with_compare(answered, is_other);
    react(move || {
        if answered.get().is_none() {
            return;
        }
        let (id, groups) = (id.clone(), groups.clone());
        spawn(async move {
            let mut marks = Vec::new();
            for group in groups.iter() {
                // A server that keeps no exemplars says so in its own way; the chart is as good without them.
                if let Ok(Reply::Encoded(bytes)) = session.ask(Question::Exemplars(id.clone(), group.clone())).await
                    && let Ok(Exemplars { source, shown }) = borsh::from_slice(&bytes)
                {
                    let source: Arc<str> = source.into();
                    marks.extend(shown.into_iter().map(|exemplar| (source.clone(), exemplar)));
                }
            }
            let _ = found.try_set(Arc::new(marks));
        });
    });
}

/// Writes times and values.
#[derive(Clone)]
struct Writer {
    session: Session,
    unit: Unit,
    decimals: Option<u8>,
}

impl Writer {
    fn time(&self, exemplar: &Picked) -> String {
        self.session.datetime(exemplar.at)
    }

    fn value(&self, exemplar: &Picked) -> String {
        self.unit.format(exemplar.value, self.decimals).to_string()
    }
}

fn diamond(mark: &Mark, (x, y): (f64, f64), writer: &Writer, pointed: PointedAt<Mark>, kept: PointedAt<Mark>) -> El {
    let words = format!("Exemplar, {}, {}", writer.time(&mark.1), writer.value(&mark.1));
    let diamond = button("exemplar").attr("aria-label", &words).style("left", &px(x)).style("top", &px(y));
    // A click is not the begin of a range.
    let diamond = ["pointerdown", "pointerup", "dblclick"]
        .into_iter()
        .fold(diamond, |diamond, name| diamond.on(name, |event| event.stop_propagation()));
    tells(diamond, mark.clone(), pointed).on_click(move || kept.set(pointed.get_untracked()))
}

fn card(writer: &Writer, Pointed { what: (_, exemplar), x, y }: &Pointed<Mark>) -> El {
    let pair = |name: &str, value: &str| [el("dt").text(name), el("dd").text(value)];
    let labels = |labels: &Labels| labels.iter().flat_map(|(name, value)| pair(name, value)).collect::<Vec<_>>();
    let pairs = el("dl").children(pair("Value", &writer.value(exemplar)));
    let pairs = pairs.children(labels(&exemplar.labels)).children(labels(&exemplar.series));
    let card = el("div").class("tooltip").style("transform", &placed(*x, *y));
    card.child(el("div").class("time").text(&writer.time(exemplar))).child(pairs)
}

/// The card as one that stays, with the links of the exemplar's labels.
fn kept_card(links: &Links, writer: &Writer, mark: &Pointed<Mark>, kept: PointedAt<Mark>) -> El {
    let document = web_sys::window().and_then(|window| window.document());
    let focused = document.and_then(|document| document.active_element()?.dyn_into::<HtmlElement>().ok());
    let close = Rc::new(move || {
        kept.set(None);
        if let Some(focused) = &focused {
            // A mark that is gone cannot be focused.
            let _ = focused.focus();
        }
    });
    let (source, exemplar) = &mark.what;
    let followed = follow(links, source, exemplar);
    let items = followed.iter().map(|link| anchor(link).class("menu-item").text(&link.title));
    let items = (!followed.is_empty()).then(|| el("div").class("links").children(items));
    closable(card(writer, mark), "Exemplar", items, close)
}

/// Where the labels of an exemplar lead, by what `config.json` says of its data source.
fn follow(links: &Links, source: &str, exemplar: &Picked) -> Vec<Followed> {
    let known = links
        .session
        .config
        .with_value(|config| config.data_source(source).map(|source| source.exemplar_links.clone()));
    let follow = |of: &config::ExemplarLink| {
        let value = exemplar.labels.get(&of.label).or_else(|| exemplar.series.get(&of.label))?;
        let link =
            Link { title: of.title.clone(), target: LinkTarget::Url(of.url.clone()), new_tab: true, ..Link::default() };
        follow_text(links, &link, value)
    };
    known.unwrap_or_default().iter().filter_map(follow).collect()
}
