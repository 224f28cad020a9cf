//! What a user has chosen: one JSON text, which the browser keeps and which goes from browser to browser as a file.
//!
//! ```
//! use config::{Settings, ThemeChoice};
//! let settings = Settings::parse(r#"{"version": 1, "theme": "dark", "refresh": "soon"}"#);
//! assert_eq!(settings.theme, Some(ThemeChoice::Dark));
//! assert_eq!(settings.refresh, None, "what cannot be understood is left away");
//! assert_eq!(Settings::parse(&settings.to_json()), settings);
//! ```

use crate::read::duration_millis;
use crate::{Resolution, ThemeChoice, named, word_of};
use json::push_string;
use serde_json::{Map, Value};

/// The form of the text. A text of a later one is read as far as it is understood.
const VERSION: u64 = 1;
/// Longer texts are nobody's choice.
const LONGEST_TEXT: usize = 200;
/// More entries of a list than these are not read.
const MOST_ENTRIES: usize = 1_000;

/// What a user has chosen; none for what is left to the dashboard and to `config.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How the page is coloured.
    pub theme: Option<ThemeChoice>,
    /// `browser`, `utc` or an IANA zone.
    pub timezone: Option<String>,
    /// The day that weeks start with.
    pub week_start: Option<WeekStart>,
    /// How often a page refreshes itself, such as `30s`; empty for never.
    pub refresh: Option<String>,
    /// How finely charts ask a data source, by its uid.
    pub resolutions: Vec<(String, Resolution)>,
    /// The uids of dashboards that come first.
    pub favourites: Vec<String>,
    /// Whether every page shows firing alerts on its tab, and asks for them.
    pub alerts_on_tab: bool,
}

/// The day that weeks start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WeekStart {
    Saturday,
    Sunday,
    Monday,
}

impl WeekStart {
    /// The days there are, by Grafana's words.
    pub const WORDS: [(&'static str, Self); 3] =
        [("saturday", Self::Saturday), ("sunday", Self::Sunday), ("monday", Self::Monday)];

    /// Its number, 0 being Sunday.
    #[must_use]
    pub fn day(self) -> u8 {
        match self {
            Self::Saturday => 6,
            Self::Sunday => 0,
            Self::Monday => 1,
        }
    }
}

impl Settings {
    /// Reads what [`Settings::to_json`] has written. Any text gives settings: what is missing or makes no sense is as if
    /// it had not been chosen.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let Ok(Value::Object(fields)) = json::parse(text) else { return Self::default() };
        let resolutions = fields.get("resolution").and_then(Value::as_object).into_iter().flatten();
        let resolution = |(uid, word): (&String, &Value)| {
            let resolution = named(word.as_str()?, &Resolution::WORDS)?;
            is_short(uid).then(|| (uid.clone(), resolution))
        };
        let favourites = fields.get("favourites").and_then(Value::as_array).into_iter().flatten();
        let favourites = favourites.filter_map(Value::as_str).filter(|uid| is_short(uid)).map(str::to_owned);
        let is_interval = |text: &&str| text.is_empty() || duration_millis(text).is_some();
        Self {
            theme: word(&fields, "theme").and_then(|word| named(word, &ThemeChoice::WORDS)),
            timezone: word(&fields, "timezone").filter(|zone| !zone.is_empty()).map(str::to_owned),
            week_start: word(&fields, "weekStart").and_then(|word| named(word, &WeekStart::WORDS)),
            refresh: word(&fields, "refresh").filter(is_interval).map(str::to_owned),
            resolutions: resolutions.take(MOST_ENTRIES).filter_map(resolution).collect(),
            favourites: favourites.take(MOST_ENTRIES).collect(),
            alerts_on_tab: fields.get("alertsOnTab") == Some(&Value::Bool(true)),
        }
    }

    /// The keys of `text` that [`Settings::parse`] makes nothing of.
    ///
    /// # Errors
    /// The text is no JSON object.
    pub fn unused(text: &str) -> Result<Vec<String>, String> {
        let fields = match json::parse(text) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return Err("it is no JSON object".to_owned()),
            Err(error) => return Err(format!("it is no JSON: {error}")),
        };
        let kept = match json::parse(&Self::parse(text).to_json()) {
            Ok(Value::Object(kept)) => kept,
            _ => Map::new(),
        };
        let says_nothing = |key: &str, value: &Value| key == "alertsOnTab" && *value == Value::Bool(false);
        let unused = fields.iter().filter(|(key, value)| kept.get(*key) != Some(*value) && !says_nothing(key, value));
        Ok(unused.map(|(key, _)| key.chars().take(LONGEST_TEXT).collect()).collect())
    }

    /// The text that the browser keeps: a JSON object with what is chosen, a line for each.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\n  \"version\": {VERSION}");
        text_field(&mut out, "theme", self.theme.map(ThemeChoice::word));
        text_field(&mut out, "timezone", self.timezone.as_deref());
        text_field(&mut out, "weekStart", self.week_start.map(|day| word_of(day, &WeekStart::WORDS)));
        text_field(&mut out, "refresh", self.refresh.as_deref());
        if !self.resolutions.is_empty() {
            let resolution = |(uid, resolution): &(String, Resolution)| {
                format!("{}: {}", quoted(uid), quoted(word_of(*resolution, &Resolution::WORDS)))
            };
            let resolutions: Vec<String> = self.resolutions.iter().map(resolution).collect();
            field(&mut out, "resolution", &format!("{{{}}}", resolutions.join(", ")));
        }
        if !self.favourites.is_empty() {
            let favourites: Vec<String> = self.favourites.iter().map(|uid| quoted(uid)).collect();
            field(&mut out, "favourites", &format!("[{}]", favourites.join(", ")));
        }
        if self.alerts_on_tab {
            field(&mut out, "alertsOnTab", "true");
        }
        out.push_str("\n}\n");
        out
    }

    /// How finely the data source `uid` is to be asked, if that is chosen.
    #[must_use]
    pub fn resolution(&self, uid: &str) -> Option<Resolution> {
        self.resolutions.iter().find(|(known, _)| known == uid).map(|(_, resolution)| *resolution)
    }

    /// Chooses how finely the data source `uid` is to be asked; none leaves it to `config.json`.
    pub fn set_resolution(&mut self, uid: &str, resolution: Option<Resolution>) {
        self.resolutions.retain(|(known, _)| known != uid);
        self.resolutions.extend(resolution.map(|resolution| (uid.to_owned(), resolution)));
    }

    /// Puts the dashboard `uid` among the favourites, or takes it out.
    pub fn set_favourite(&mut self, uid: &str, on: bool) {
        self.favourites.retain(|known| known != uid);
        self.favourites.extend(on.then(|| uid.to_owned()));
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= LONGEST_TEXT
}

fn word<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key)?.as_str().filter(|text| is_short(text))
}

fn text_field(out: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        field(out, key, &quoted(text));
    }
}

fn field(out: &mut String, key: &str, value: &str) {
    out.push_str(",\n  ");
    push_string(key, out);
    out.push_str(": ");
    out.push_str(value);
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    push_string(text, &mut out);
    out
}
