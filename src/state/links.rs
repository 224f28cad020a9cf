//! Where the links of a dashboard lead now.

use super::catalog::Entry;
use super::dashboard::Loaded;
use super::session::Session;
use super::variables::Variables;
use crate::browser::zones;
use crate::dom::Memo;
use dashboard::data_point::DataPoint;
use dashboard::follow::{Catalog, Parameters, Surroundings, put_range, says_range};
use dashboard::interpolate::{Scope, Value};
use dashboard::interval::interval_text;
use dashboard::link::{SafeUrl, slug_of};
use dashboard::model::{Link, LinkTarget, TextMode, TextOptions, VariableKind};
use dashboard::text::Block;
use dashboard::time::RawRange;
use engine::SeriesHead;
use frame::{Step, Zone};
use std::sync::Arc;

/// More dashboards than this are not listed behind one link.
const MOST_DASHBOARDS: usize = 100;

/// What the links of a dashboard, or of a copy of one of its panels, go by.
#[derive(Clone)]
pub struct Links {
    pub session: Session,
    pub loaded: Arc<Loaded>,
    pub variables: Variables,
    pub range: Memo<RawRange>,
    /// The variables that only the copy has.
    pub local: Scope,
}

/// The same at one moment.
pub struct LinksNow<'a> {
    scope: Scope,
    parameters: Parameters,
    loaded: &'a Loaded,
}

/// What a series is called by a text with variables in it.
pub type Named<'a> = Box<dyn Fn(&str, &SeriesHead) -> String + 'a>;
/// Makes [`Named`] of what is chosen now.
pub type Namer = fn(&Links) -> Named<'_>;

/// A link that can be followed.
pub struct Followed {
    pub title: String,
    pub tooltip: String,
    pub url: SafeUrl,
    pub new_tab: bool,
}

impl Links {
    /// What calls series as their configuration says; none where that has no variables in it.
    pub fn named(&self) -> Option<Named<'_>> {
        self.loaded.namer.map(|namer| namer(self))
    }

    /// As [`Links::now`], for these links: where they say the time range, whoever asks is also told when time goes on.
    pub fn now_for<'l>(&self, all: impl IntoIterator<Item = &'l Link>) -> LinksNow<'_> {
        let texts = |link: &'l Link| {
            let url = match &link.target {
                LinkTarget::Url(url) => url,
                LinkTarget::Dashboards { .. } => "",
            };
            [url, &link.title, &link.tooltip]
        };
        self.now_for_texts(all.into_iter().flat_map(texts))
    }

    /// The same for texts.
    pub fn now_for_texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> LinksNow<'_> {
        if texts.into_iter().any(says_range) {
            self.session.shown.track();
        }
        self.now()
    }

    /// What links go by now; whoever asks is told when that changes.
    pub fn now(&self) -> LinksNow<'_> {
        let session = self.session;
        let range = self.range.get();
        let mut scope = self.variables.resolved.with(|resolved| resolved.scope.with(&self.local).into_owned());
        if let Some(range) = session.resolve(&range) {
            put_range(&mut scope, range, &with_name(session.zone()), |at| session.datetime(at));
        }
        let all = self.loaded.dashboard.variables.iter().zip(&self.variables.choices);
        let chosen = all.filter(|(variable, _)| !matches!(variable.kind, VariableKind::Constant));
        let values: Vec<(&str, Vec<String>)> = chosen
            .map(|(variable, choice)| {
                let own = self.local.get(&variable.name).map(|value| value.parts().to_vec());
                (&*variable.name, own.unwrap_or_else(|| choice.with(|choice| choice.chosen.values.clone())))
            })
            .collect();
        let parameters =
            Parameters::new(&range, &session.zone(), values.iter().map(|(name, values)| (*name, &values[..])));
        LinksNow { scope, parameters, loaded: &self.loaded }
    }
}

/// The browser's own zone by its name, which other tools know.
fn with_name(zone: Zone) -> Zone {
    match (&zone, zones::own_name()) {
        (Zone::Browser, Some(name)) => Zone::Named(name.into()),
        _ => zone,
    }
}

impl LinksNow<'_> {
    fn around<'b>(&'b self, data: Option<&'b DataPoint<'b>>) -> Surroundings<'b> {
        Surroundings { scope: &self.scope, parameters: &self.parameters, data, catalog: self.loaded }
    }

    /// Where `link` leads, if it belongs to `data`; none where that is nowhere safe.
    pub fn follow(&self, link: &Link, data: Option<&DataPoint<'_>>) -> Option<Followed> {
        let around = self.around(data);
        let url = around.follow(link)?;
        let title = Some(around.text(&link.title)).filter(|title| !title.is_empty());
        Some(Followed {
            title: title.unwrap_or_else(|| url.to_string()),
            tooltip: around.text(&link.tooltip),
            url,
            new_tab: link.new_tab,
        })
    }

    /// The other dashboards that have all the tags of `link`.
    pub fn dashboards(&self, link: &Link) -> Vec<Followed> {
        let LinkTarget::Dashboards { tags, .. } = &link.target else { return Vec::new() };
        let own = &self.loaded.dashboard.uid;
        let meant = |entry: &&Entry| entry.uid != *own && tags.iter().all(|tag| entry.tags.contains(tag));
        let around = self.around(None);
        let followed = |entry: &Entry| {
            let url = around.to_dashboard(&entry.uid, link)?;
            Some(Followed { title: entry.title.clone(), tooltip: String::new(), url, new_tab: link.new_tab })
        };
        self.loaded.listed.iter().filter(meant).take(MOST_DASHBOARDS).filter_map(followed).collect()
    }

    /// What a field is called by a text with variables in it; nothing where these say nothing.
    pub fn name(&self, template: &str, data: &DataPoint<'_>) -> Option<String> {
        Some(self.around(Some(data)).fill(template, "glob")).filter(|name| !name.is_empty())
    }

    /// The text of a panel, variables filled in.
    pub fn read(&self, text: &TextOptions) -> Vec<Block> {
        let around = self.around(None);
        let filled = match &text.mode {
            TextMode::Code { language } if language == "json" => around.fill(&text.content, "json"),
            TextMode::Code { .. } => around.fill(&text.content, "join:, "),
            TextMode::Markdown | TextMode::Html => around.markup(&text.content),
        };
        dashboard::text::read(&filled, &text.mode)
    }

    /// Where an address of such a text leads.
    pub fn address(&self, url: &SafeUrl) -> SafeUrl {
        self.around(None).address(url)
    }

    /// The title of a panel whose queries have `interval` between their points, if that is known.
    pub fn panel_title(mut self, title: &str, interval: Option<Step>) -> String {
        if let Some(interval) = interval {
            let millis = interval.millis();
            self.scope.set("__interval", Value::One(interval_text(millis)));
            self.scope.set("__interval_ms", Value::One(millis.to_string()));
        }
        self.around(None).text(title)
    }

    /// What a link of the dashboard is called.
    pub fn title(&self, link: &Link) -> String {
        self.around(None).text(&link.title)
    }
}

impl Catalog for Loaded {
    fn has(&self, uid: &str) -> bool {
        self.listed.iter().any(|entry| entry.uid == uid)
    }

    fn by_slug(&self, slug: &str) -> Option<String> {
        self.listed.iter().find(|entry| slug_of(&entry.title) == slug).map(|entry| entry.uid.clone())
    }
}
