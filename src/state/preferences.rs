//! What a page opens with, and who has the say: the address, then the user's settings, then the dashboard that is shown,
//! then config.json.

use crate::browser::storage;
use crate::browser::url::Entry;
use crate::dom::on_leave;
use crate::state::session::Session;
use crate::state::setup;
use config::{Settings, ThemeChoice};
use dashboard::model::Dashboard;
use dashboard::time::{Calendar, RawRange};
use dashboard::zone_named;
use frame::Zone;

/// Where the browser keeps the user's settings.
const SETTINGS_KEY: &str = "settings";

/// What the dashboard that is shown wishes for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// The zone of its times; none where it leaves that open.
    pub zone: Option<Zone>,
    /// Its weeks and fiscal years.
    pub calendar: Calendar,
    /// Time ranges of its own, by name.
    pub quick_ranges: Vec<(String, RawRange)>,
    /// Refresh intervals of its own.
    pub refresh_intervals: Vec<String>,
}

impl Wishes {
    /// Those of `dashboard`.
    pub fn of(dashboard: &Dashboard) -> Self {
        Self {
            zone: (dashboard.timezone != Zone::Browser).then(|| dashboard.timezone.clone()),
            calendar: dashboard.calendar,
            quick_ranges: dashboard.time_picker.quick_ranges.clone(),
            refresh_intervals: dashboard.time_picker.refresh_intervals.clone(),
        }
    }
}

/// The settings that the browser has kept.
pub fn kept_settings() -> Settings {
    storage::get(SETTINGS_KEY).map(|text| Settings::parse(&text)).unwrap_or_default()
}

impl Session {
    /// Changes the user's settings, and keeps them.
    pub fn change_settings(self, change: impl FnOnce(&mut Settings)) {
        let mut next = self.settings.get_untracked();
        change(&mut next);
        self.set_settings(next);
    }

    /// Takes over other settings, and keeps them.
    pub fn set_settings(self, next: Settings) {
        let asks_otherwise = self.settings.with_untracked(|known| known.resolutions != next.resolutions);
        storage::set(SETTINGS_KEY, &next.to_json());
        if asks_otherwise {
            self.config.with_value(|config| self.send(&setup::configure(config, &next)));
        }
        self.settings.set(next);
    }

    /// Goes by the wishes of a dashboard until its page is left.
    pub fn go_by(self, wishes: Wishes) {
        self.wishes.set(wishes);
        on_leave(move || self.wishes.set(Wishes::default()));
    }

    /// How the page is to be coloured.
    pub fn theme(self) -> ThemeChoice {
        let asked = self.route.with(|route| route.params.get("theme").map(ThemeChoice::parse));
        let chosen = asked.or_else(|| self.settings.with(|settings| settings.theme));
        chosen.unwrap_or_else(|| self.config.with_value(|config| config.defaults.theme))
    }

    /// Chooses how the page is coloured. An address that says so too goes along.
    pub fn set_theme(self, theme: ThemeChoice) {
        self.change_settings(|settings| settings.theme = Some(theme));
        if self.route.with_untracked(|route| route.params.get("theme").is_some()) {
            self.edit_params(Entry::Replace, |params| params.set("theme", [theme.word().to_owned()]));
        }
    }

    /// The zone times are shown in.
    pub fn zone(self) -> Zone {
        let asked = self.route.with(|route| route.params.get("timezone").map(str::to_owned));
        let asked = asked.or_else(|| self.settings.with(|settings| settings.timezone.clone()));
        let chosen = asked.as_deref().map(zone_named).or_else(|| self.wishes.with(|wishes| wishes.zone.clone()));
        chosen.unwrap_or_else(|| {
            self.config.with_value(|config| zone_named(config.defaults.timezone.as_deref().unwrap_or_default()))
        })
    }

    /// Weeks and fiscal years.
    pub fn calendar(self) -> Calendar {
        let calendar = self.wishes.with(|wishes| wishes.calendar);
        let chosen = self.settings.with(|settings| settings.week_start);
        chosen.map_or(calendar, |chosen| Calendar { week_start: chosen.day(), ..calendar })
    }

    /// The time range a page opens with that has none of its own: the configured one, else `usual`.
    pub fn opening_range(self, usual: RawRange) -> RawRange {
        self.config.with_value(|config| RawRange {
            from: config.defaults.from.clone().unwrap_or(usual.from),
            to: config.defaults.to.clone().unwrap_or(usual.to),
        })
    }

    /// How often the page refreshes itself; empty for never. `own` is what the page itself would have.
    pub fn refresh_or(self, own: Option<&str>) -> String {
        let asked = self.route.with(|route| route.params.get("refresh").map(str::to_owned));
        let chosen = asked.or_else(|| self.settings.with(|settings| settings.refresh.clone()));
        let chosen = chosen.or_else(|| own.map(str::to_owned));
        chosen.or_else(|| self.config.with_value(|config| config.defaults.refresh.clone())).unwrap_or_default()
    }
}
