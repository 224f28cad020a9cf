//! Links as the user meets them: in the bar of a dashboard, in the header of a panel, on a value.

use crate::dom::{El, Memo, RwSignal, el, react};
use crate::state::links::{Followed, Links, LinksNow, Named};
use crate::state::panel::use_panel;
use crate::ui::icon::drawn;
use crate::ui::list_keys::list_keys;
use crate::ui::popover::{Popover, stays_in_window};
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::model::{Link, LinkIcon, LinkTarget};
use engine::{PanelId, SeriesHead};
use format::Formatted;
use format::number::shortest;
use frame::{Labels, Millis};
use std::rc::Rc;

/// What has links.
pub enum Linked {
    /// A dashboard: they stand in its bar.
    Dashboard(Links),
    /// A panel: they stand in its header.
    Panel(Links, Vec<Link>),
    /// A value: it leads where its link does, or opens a menu of several.
    Value(Links, Vec<Link>, Box<SeriesValue>),
}

/// A value of a series, computed of all its samples or one of them.
pub struct SeriesValue {
    pub series: SeriesHead,
    /// The query that it answers.
    pub ref_id: String,
    /// What the series is called where it is shown.
    pub name: String,
    pub number: f64,
    pub shown: Formatted,
    /// When it was, and how that is written; none for one computed of several samples.
    pub at: Option<(Millis, String)>,
}

impl Linked {
    /// The elements, which stay as variables and the time range say.
    pub fn build(self) -> Vec<El> {
        let host = el("div").class("part");
        vec![match self {
            Self::Dashboard(links) => host.children_with(move || in_bar(&links)),
            Self::Panel(links, all) => {
                let follow = move || {
                    let now = links.now_for(&all);
                    all.iter().filter_map(|link| now.follow(link, None)).collect()
                };
                host.child_with(move || one_or_menu("Links of the panel", "icon-only", follow()))
            }
            Self::Value(links, all, value) => {
                let follow = move || follow_value(&links.now_for(&all), &all, &value);
                host.child_with(move || one_or_menu("Links of the value", "cover", follow()))
            }
        }]
    }
}

/// What of `all` can be followed from a value.
pub fn follow_value(now: &LinksNow<'_>, all: &[Link], value: &SeriesValue) -> Vec<Followed> {
    let SeriesValue { series, ref_id, name, number, shown, at } = value;
    let value =
        DataValue { raw: shortest(*number), numeric: *number, digits: shown.text.clone(), text: shown.to_string() };
    let mut followed = Vec::new();
    let of = Of { ref_id, name, value: Some(value), at: at.as_ref() };
    with_point(series, of, &mut |point| {
        followed = all.iter().filter_map(|link| now.follow(link, Some(point))).collect()
    });
    followed
}

/// Where `link` leads from a text, such as a label's value; none where that is nowhere safe.
pub fn follow_text(links: &Links, link: &Link, text: &str) -> Option<Followed> {
    let value = Some(text_value(text));
    let point = DataPoint { series: "", table: "", ref_id: "", fields: &[], field: 0, value, time: None, row: None };
    links.now().follow(link, Some(&point))
}

/// What calls series by texts with variables in them.
pub fn named(links: &Links) -> Named<'_> {
    let now = links.now();
    Box::new(move |template, series| {
        let mut name = None;
        let of = Of { ref_id: "", name: &series.name, value: None, at: None };
        with_point(series, of, &mut |point| name = now.name(template, point));
        name.unwrap_or_else(|| series.name.clone())
    })
}

/// Keeps `filled` the title of panel `id` with all that stands in it, its interval and the time range among that.
pub fn keep_title(links: Links, id: &PanelId, title: String, filled: RwSignal<Option<String>>) {
    let view = use_panel(id);
    let interval = Memo::new(move |_| view.with(|view| view.picture().map(|picture| picture.head.interval)));
    let now = Memo::new(move |_| links.now_for_texts([&*title]).panel_title(&title, interval.get()));
    react(move || filled.set(Some(now.get())));
}

/// What is told of a series beside what came with it.
struct Of<'a> {
    ref_id: &'a str,
    name: &'a str,
    value: Option<DataValue>,
    at: Option<&'a (Millis, String)>,
}

/// A text as links see it.
fn text_value(text: &str) -> DataValue {
    DataValue {
        raw: text.to_owned(),
        numeric: frame::decimal::parse(text).unwrap_or(f64::NAN),
        digits: text.to_owned(),
        text: text.to_owned(),
    }
}

/// A series as links and names see it. As it was answered it is a table of a time and a value that is called by its legend;
/// where it is one value of a row, all fields of that are there.
fn with_point(series: &SeriesHead, of: Of<'_>, then: &mut dyn FnMut(&DataPoint<'_>)) {
    let none = Labels::default();
    let head = series.field.as_ref();
    let own_name = head.map_or("Value", |head| &head.name);
    let row = head.map_or(&[][..], |head| &head.row);
    let mut fields: Vec<DataField<'_>> =
        row.iter().map(|(name, _)| DataField { name, display_name: name, labels: &none }).collect();
    let own = DataField { name: own_name, display_name: of.name, labels: &series.labels };
    let field = match row.iter().position(|(name, _)| name == own_name) {
        Some(index) => index,
        None => {
            fields.extend([DataField { name: "Time", display_name: "Time", labels: &none }, own]);
            fields.len() - 1
        }
    };
    let own_value = of.value.clone();
    let value = |index: usize| match (row.get(index), of.at) {
        _ if index == field => own_value.clone().unwrap_or_default(),
        (Some((_, written)), _) => text_value(written),
        (None, Some((at, written))) => DataValue { raw: at.0.to_string(), numeric: at.0 as f64, ..text_value(written) },
        (None, None) => DataValue::default(),
    };
    then(&DataPoint {
        series: &series.name,
        table: &series.name,
        ref_id: of.ref_id,
        fields: &fields,
        field,
        value: of.value.clone().or_else(|| row.get(field).map(|(_, written)| text_value(written))),
        time: of.at.map(|(at, _)| *at),
        row: (of.at.is_some() || !row.is_empty()).then_some(&value),
    });
}

/// A link; those that leave the page are opened without a way back into it.
pub fn anchor(link: &Followed) -> El {
    let tooltip = if link.tooltip.is_empty() { &link.title } else { &link.tooltip };
    el("a")
        .attr("href", link.url.as_str())
        .attr("rel", "noopener noreferrer")
        .attr("title", tooltip)
        .attr_if("target", link.new_tab.then_some("_blank"))
}

/// A list of links, for what floats.
fn menu(links: &[Followed]) -> El {
    if links.is_empty() {
        return el("p").class("hint").text("No dashboards found");
    }
    let item = |link: &Followed| el("li").child(anchor(link).class("menu-item").text(&link.title));
    list_keys(el("ul").class("link-menu").children(links.iter().map(item)), "a")
}

/// A button with a menu of links, which are looked up when it is opened.
fn menu_button(
    label: String,
    class: &'static str,
    face: Vec<El>,
    links: impl Fn() -> Rc<Vec<Followed>> + 'static,
) -> El {
    let open = RwSignal::new(false);
    let popover = Popover { open, label: Box::new(move || label.clone()), face, class, end: false };
    stays_in_window(popover.build(move || menu(&links())), open)
}

/// The only one of several links that is there, or a button with a menu of them; nothing where there is none.
fn one_or_menu(label: &str, class: &'static str, followed: Vec<Followed>) -> Option<El> {
    let symbol = || drawn(path(LinkIcon::External));
    match followed.as_slice() {
        [] => None,
        [only] => Some(anchor(only).class(&format!("button {class}")).attr("aria-label", &only.title).child(symbol())),
        _ => {
            let followed = Rc::new(followed);
            Some(menu_button(label.to_owned(), class, vec![symbol()], move || followed.clone()))
        }
    }
}

/// The links of a dashboard: each as a button, or all dashboards of some tags behind one.
fn in_bar(links: &Links) -> Vec<El> {
    let all = &links.loaded.dashboard.links;
    let now = links.now_for(all);
    let shown = all.iter().enumerate().flat_map(|(index, link)| {
        let face = |title: &str, icon| [drawn(path(icon)), el("span").class("name").text(title)];
        let button = |followed: &Followed, icon| anchor(followed).class("button").children(face(&followed.title, icon));
        match &link.target {
            LinkTarget::Url(_) => {
                now.follow(link, None).map(|followed| button(&followed, link.icon)).into_iter().collect()
            }
            LinkTarget::Dashboards { as_dropdown: false, .. } => {
                now.dashboards(link).iter().map(|followed| button(followed, LinkIcon::Dashboard)).collect()
            }
            LinkTarget::Dashboards { as_dropdown: true, .. } => {
                let (title, links) = (now.title(link), links.clone());
                let face = face(&title, link.icon).into();
                let followed = move || {
                    let link = links.loaded.dashboard.links.get(index);
                    Rc::new(link.map_or_else(Vec::new, |link| links.now().dashboards(link)))
                };
                vec![menu_button(title, "choice", face, followed)]
            }
        }
    });
    shown.collect()
}

/// The path of an icon on a 16 x 16 grid.
pub(super) fn path(icon: LinkIcon) -> &'static str {
    match icon {
        LinkIcon::External => "M7 4H3.5v8.5H12V9M9.5 3h3.5v3.5M13 3 7.5 8.5",
        LinkIcon::Dashboard => "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 9.5h4.5v4H2.5z",
        LinkIcon::Question => {
            "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2M8 11.4v.1"
        }
        LinkIcon::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4v3.6M8 5v.1",
        LinkIcon::Bolt => "M8.8 2 4 9h3.4L6.8 14 12 6.8H8.4z",
        LinkIcon::Document => "M4 2.5h5L12 5.5v8H4zM9 2.5v3h3M6 8.5h4M6 11h4",
        LinkIcon::Cloud => "M5 12.5a2.8 2.8 0 0 1-.2-5.6 3.6 3.6 0 0 1 6.8.9 2.4 2.4 0 0 1 .1 4.7z",
    }
}
