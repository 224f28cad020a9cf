//! What all pages share: the address, the settings, the line to the worker.

use crate::browser::url::{self, Entry};
use crate::browser::worker_client::WorkerClient;
use crate::browser::{clock, zones::BrowserZones};
use crate::dom::{ArcRwSignal, Memo, RwSignal, StoredValue};
use crate::protocol::{FetchReport, Question, Reply, ToWorker};
use crate::route::{Page, Route};
use crate::state::panel;
use crate::state::preferences::Wishes;
use crate::state::variables::Choice;
use config::{Settings, ThemeChoice};
use dashboard::time::{Place, RawRange, range_end_of_url};
use engine::{ErrorCard, PanelId, View};
use frame::{Millis, TimeRange, Zone};
use std::cell::Cell;
use std::rc::Rc;

/// Where the pointer or the keyboard's cursor is, in time, and on which panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    pub panel: PanelId,
    pub time: f64,
}

/// Handles to everything shared; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Session {
    pub route: RwSignal<Route>,
    pub config: StoredValue<config::Config>,
    /// What the user has chosen; [`crate::state::preferences`] says what comes of it.
    pub settings: RwSignal<Settings>,
    /// What the dashboard that is shown wishes for.
    pub wishes: RwSignal<Wishes>,
    pub dark: Memo<bool>,
    pub cursor: RwSignal<Option<Cursor>>,
    /// The variables of the dashboard that is shown: name, label, and what is offered and chosen.
    pub variables: RwSignal<Vec<(String, String, ArcRwSignal<Choice>)>>,
    /// The range that the page asks for, if it has one.
    pub asked: RwSignal<Option<RawRange>>,
    /// What relative times stood for at the last refresh.
    pub shown: RwSignal<TimeRange>,
    /// What is wrong with data sources as a whole, by uid.
    pub troubles: RwSignal<Vec<(String, ErrorCard)>>,
    /// By how many milliseconds the servers' clock is ahead of this device's, where that matters.
    pub skew_millis: RwSignal<i64>,
    /// The last fetch that ended well.
    pub fetched: RwSignal<Option<FetchReport>>,
    /// How often the user has asked for everything anew.
    pub refreshes: RwSignal<u32>,
    client: StoredValue<Rc<WorkerClient>>,
}

impl Session {
    /// Starts the session of a page that has just been opened. There is one to a page.
    pub fn start(client: Rc<WorkerClient>, config: config::Config, settings: Settings) -> Self {
        let route = RwSignal::new(opening_route(&config));
        url::on_change(move || {
            let next = Route::parse(&url::hash());
            // popstate and hashchange both fire for one step.
            if route.with_untracked(|known| *known != next) {
                route.set(next);
            }
        });
        let system_dark = system_is_dark();
        let mut session = Self {
            route,
            config: StoredValue::new(config),
            settings: RwSignal::new(settings),
            wishes: RwSignal::default(),
            dark: Memo::new(|_| false),
            cursor: RwSignal::new(None),
            variables: RwSignal::new(Vec::new()),
            asked: RwSignal::new(None),
            shown: RwSignal::new(TimeRange::default()),
            troubles: RwSignal::new(Vec::new()),
            skew_millis: RwSignal::new(0),
            fetched: RwSignal::new(None),
            refreshes: RwSignal::new(0),
            client: StoredValue::new(client),
        };
        session.dark = Memo::new(move |_| match session.theme() {
            ThemeChoice::Auto => system_dark.get(),
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
        });
        SESSION.set(Some(session));
        session
    }

    /// The page's session, once it has started.
    pub fn current() -> Option<Self> {
        SESSION.get()
    }

    /// The page's session, for what is only ever shown after it has started.
    ///
    /// # Panics
    /// It has not.
    #[expect(clippy::expect_used, reason = "pages and panels are made by what starts the session")]
    pub fn expect() -> Self {
        Self::current().expect("the session has started")
    }

    /// Goes to `route`.
    pub fn go(self, route: Route, entry: Entry) {
        url::set_hash(&route.hash(), entry);
        self.route.set(route);
    }

    /// Changes the address' parameters in place.
    pub fn edit_params(self, entry: Entry, edit: impl FnOnce(&mut crate::route::Params)) {
        let mut route = self.route.get_untracked();
        edit(&mut route.params);
        self.go(route, entry);
    }

    /// The time range asked for: the URL's, else `fallback`.
    pub fn range_or(self, fallback: &RawRange) -> RawRange {
        self.route.with(|route| {
            let part =
                |name, fallback: &String| route.params.get(name).map_or_else(|| fallback.clone(), range_end_of_url);
            RawRange { from: part("from", &fallback.from), to: part("to", &fallback.to) }
        })
    }

    /// Puts a range, as it is typed, into the address; back returns to the former one.
    pub fn set_range(self, from: String, to: String) {
        self.edit_params(Entry::Push, |params| {
            params.set("from", [from]);
            params.set("to", [to]);
        });
    }

    /// Puts an absolute range into the address; back returns to the former one.
    pub fn set_absolute_range(self, range: TimeRange) {
        self.set_range(range.start.0.to_string(), range.end.0.to_string());
    }

    /// Goes to `range` moved by quarters of its length, and longer by quarters at either end.
    pub fn shift_range(self, range: TimeRange, quarters: i64, grow: i64) {
        let by = range.millis() / 4;
        let (start, end) = (range.start.plus(by * (quarters - grow)), range.end.plus(by * (quarters + grow)));
        self.set_absolute_range(TimeRange { start, end });
    }

    /// The instants that `range` means now, by the zone and the weeks of the page. None for what is no range.
    pub fn resolve(self, range: &RawRange) -> Option<TimeRange> {
        let zone = self.zone();
        range.resolve_in(self.now(), self.place(&zone))
    }

    fn place(self, zone: &Zone) -> Place<'_> {
        Place { zone, zones: &BrowserZones, calendar: self.calendar() }
    }

    /// Now by the servers' clock, where that differs much from this device's: what is asked for goes by it.
    pub fn now(self) -> Millis {
        clock::now().plus(self.skew_millis.get_untracked())
    }

    /// `range` in words, its ends as times in the zone of the page where they are instants.
    pub fn range_words(self, range: &RawRange) -> String {
        let zone = self.zone();
        range.words(self.now(), self.place(&zone), |at| self.datetime(at))
    }

    /// The uid of the configured data source that dashboards call `reference`. Dashboards from elsewhere name data
    /// sources of elsewhere: the default one stands in for them.
    pub fn source_uid(self, reference: Option<&str>) -> String {
        self.config.with_value(|config| {
            let named = reference.and_then(|reference| config.data_source(reference));
            named.or_else(|| config.default_source()).map(|source| source.uid.clone()).unwrap_or_default()
        })
    }

    /// Whether the page shows nothing but panels.
    pub fn kiosk(self) -> bool {
        self.route.with(|route| route.params.is_on("kiosk"))
    }

    /// The page that is shown.
    pub fn page(self) -> Memo<Page> {
        let route = self.route;
        Memo::new(move |_| route.with(|route| route.page.clone()))
    }

    /// Shows `view` from now on; panels that are not in it are forgotten.
    pub fn show(self, view: View) {
        panel::retain(&view);
        self.send(&ToWorker::Show(view));
    }

    /// Shows no panel: what the page before asked for is of no interest any more, and its panels may have the same ids
    /// as those of the next.
    pub fn show_nothing(self) {
        self.show(View::default());
    }

    /// Takes note of what is wrong with the data source `uid`, or that nothing is any more.
    pub fn report_source(self, uid: String, trouble: Option<ErrorCard>) {
        self.troubles.update(|troubles| {
            troubles.retain(|(known, _)| *known != uid);
            troubles.extend(trouble.map(|error| (uid, error)));
        });
    }

    /// Asks for everything anew.
    pub fn refresh(self) {
        self.refreshes.update(|count| *count += 1);
        self.send(&ToWorker::Refresh);
    }

    /// Sends `message` to the worker.
    pub fn send(self, message: &ToWorker) {
        self.client.with_value(|client| client.send(message));
    }

    /// Asks the worker and waits for its answer.
    pub async fn ask(self, question: Question) -> Result<Reply, ErrorCard> {
        let client = self.client.with_value(Rc::clone);
        client.ask(question).await
    }

    /// The time of day of `at` in the zone of the page.
    pub fn clock_time(self, at: Millis) -> String {
        format::datetime(at, &self.zone(), &BrowserZones, format::DateStyle::Time)
    }

    /// `at` as it is written everywhere: date and time in the zone of the page.
    pub fn datetime(self, at: Millis) -> String {
        format::datetime(at, &self.zone(), &BrowserZones, format::DateStyle::Full)
    }
}

thread_local! {
    static SESSION: Cell<Option<Session>> = const { Cell::new(None) };
}

/// What the address names; without anything in it what is configured for that.
fn opening_route(config: &config::Config) -> Route {
    let hash = url::hash();
    match &config.defaults.dashboard {
        Some(uid) if hash.is_empty() => {
            let route = Route::to(Page::Dashboard(uid.clone()));
            url::set_hash(&route.hash(), Entry::Replace);
            route
        }
        _ => Route::parse(&hash),
    }
}

/// Follows the system's colour scheme.
fn system_is_dark() -> RwSignal<bool> {
    use wasm_bindgen::prelude::*;
    let query = web_sys::window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    let dark = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(query) = query {
        let followed = query.clone();
        let callback = Closure::<dyn Fn()>::new(move || dark.set(followed.matches()));
        query.set_onchange(Some(callback.as_ref().unchecked_ref()));
        callback.forget();
    }
    dark
}
