//! From text to configuration, with every problem told.

use crate::access::ACCESS_KEYS;
use crate::{
    Alertmanager, Config, Dashboards, DataSource, Debug, Defaults, Embed, ExemplarLink, Limits, Resolution,
    ThemeChoice, check_link, check_url, named,
};
use serde_json::{Map, Value};
use std::fmt;

/// Something wrong in the file. The rest of it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `dataSources[1].url`; empty for the whole file.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

/// The longest file that is read, in bytes.
const MAX_BYTES: usize = 1_000_000;
/// More problems than these are not told.
const MAX_PROBLEMS: usize = 100;

const ROOT_KEYS: &[&str] = &["dataSources", "alertmanagers", "dashboards", "defaults", "embed", "limits", "debug"];
const SOURCE_KEYS: &[&str] = &[
    "uid",
    "name",
    "url",
    "default",
    "resolution",
    "scrapeInterval",
    "timeout",
    "maxInFlight",
    "exemplarTraceIdDestinations",
];
const LIMIT_KEYS: &[&str] = &["maxBytes", "maxSamples", "maxSeries"];

/// Reads a configuration. Any text gives one; what could not be used is told beside it.
#[must_use]
pub fn parse(text: &str) -> (Config, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut config = Config::default();
    if let Some(root) = reader.root(text) {
        config = reader.config(&root);
    }
    (config, reader.problems)
}

/// Collects problems while it reads.
#[derive(Default)]
pub(crate) struct Reader {
    problems: Vec<Problem>,
}

/// An object and the way to it.
pub(crate) struct Object<'a> {
    path: String,
    pub fields: &'a Map<String, Value>,
}

impl Object<'_> {
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl Reader {
    pub fn problem(&mut self, path: impl Into<String>, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { path: path.into(), message: message.into() });
        }
    }

    fn root(&mut self, text: &str) -> Option<Value> {
        if text.len() > MAX_BYTES {
            self.problem("", "the file is larger than 1 MB");
            return None;
        }
        match json::parse(text.trim_start_matches('\u{feff}')) {
            Ok(root @ Value::Object(_)) => Some(root),
            Ok(_) => {
                self.problem("", "the file must hold a JSON object");
                None
            }
            Err(json::Error { line, column, message }) => {
                self.problem("", format!("not JSON at line {line}, column {column}: {message}"));
                None
            }
        }
    }

    fn config(&mut self, root: &Value) -> Config {
        let Value::Object(fields) = root else { return Config::default() };
        let root = Object { path: String::new(), fields };
        self.check_keys(&root, ROOT_KEYS);
        let mut data_sources: Vec<DataSource> = Vec::new();
        for source in self.objects(&root, "dataSources") {
            if let Some(read) = self.data_source(&source) {
                if data_sources.iter().any(|other| other.uid == read.uid) {
                    self.problem(source.path_of("uid"), format!("\"{}\" is used twice", read.uid));
                } else {
                    data_sources.push(read);
                }
            }
        }
        let mut alertmanagers = Vec::new();
        for object in self.objects(&root, "alertmanagers") {
            self.check_keys(&object, &[["name", "url"].as_slice(), ACCESS_KEYS].concat());
            if let Some(url) = self.url(&object, "url") {
                let name = self.text(&object, "name").unwrap_or_else(|| "Alertmanager".into());
                alertmanagers.push(Alertmanager { name, url, access: self.access(&object) });
            }
        }
        let (dashboards, defaults) = (self.dashboards(&root), self.defaults(&root));
        let limits = self.object(&root, "limits").map(|object| {
            self.check_keys(&object, LIMIT_KEYS);
            self.limits(&object)
        });
        Config {
            data_sources,
            alertmanagers,
            dashboards,
            defaults,
            embed: self.embed(&root),
            limits: limits.unwrap_or_default(),
            debug: self.debug(&root),
        }
    }

    fn debug(&mut self, root: &Object<'_>) -> Debug {
        let Some(object) = self.object(root, "debug") else { return Debug::default() };
        self.check_keys(&object, &["checkMerges"]);
        Debug { check_merges: self.flag(&object, "checkMerges").unwrap_or(false) }
    }

    fn limits(&mut self, object: &Object<'_>) -> Limits {
        Limits {
            max_bytes: self.count(object, "maxBytes"),
            max_samples: self.count(object, "maxSamples"),
            max_series: self.count(object, "maxSeries"),
        }
    }

    fn embed(&mut self, root: &Object<'_>) -> Embed {
        let Some(object) = self.object(root, "embed") else { return Embed::default() };
        self.check_keys(&object, &["origins"]);
        let listed = match object.fields.get("origins") {
            None => return Embed::default(),
            Some(Value::Array(listed)) => listed,
            Some(other) => return self.wrong_type(&object, "origins", "a list", other).unwrap_or_default(),
        };
        let mut origins = Vec::new();
        for (index, value) in listed.iter().enumerate() {
            match value.as_str().filter(|text| is_origin(text)) {
                Some(origin) => origins.push(origin.to_owned()),
                None => {
                    let path = format!("{}[{index}]", object.path_of("origins"));
                    self.problem(path, "must be an origin such as https://portal.example, without a path");
                }
            }
        }
        Embed { origins }
    }

    fn data_source(&mut self, object: &Object<'_>) -> Option<DataSource> {
        self.check_keys(object, &[SOURCE_KEYS, LIMIT_KEYS, ACCESS_KEYS].concat());
        let url = self.url(object, "url");
        let Some(uid) = self.text(object, "uid").or_else(|| self.text(object, "name")) else {
            self.problem(object.path.as_str(), "a data source needs a uid");
            return None;
        };
        let url = url?;
        let name = self.text(object, "name").unwrap_or_else(|| uid.clone());
        let mut source = DataSource::new(uid, name, &url);
        source.default = self.flag(object, "default").unwrap_or(false);
        source.resolution = self.choice(object, "resolution", &Resolution::WORDS).unwrap_or_default();
        source.scrape_interval_millis =
            self.duration(object, "scrapeInterval").unwrap_or(source.scrape_interval_millis);
        source.timeout_millis = self.duration(object, "timeout").unwrap_or(source.timeout_millis);
        source.max_in_flight = self.count(object, "maxInFlight");
        source.limits = self.limits(object);
        source.exemplar_links = self.exemplar_links(object);
        source.access = self.access(object);
        Some(source)
    }

    /// Called as in Grafana's own configuration of data sources, so that it can be copied from there.
    fn exemplar_links(&mut self, source: &Object<'_>) -> Vec<ExemplarLink> {
        let mut links = Vec::new();
        for object in self.objects(source, "exemplarTraceIdDestinations") {
            self.check_keys(&object, &["name", "url", "urlDisplayLabel"]);
            let label = self.text(&object, "name").unwrap_or_else(|| "traceID".into());
            let title = self.text(&object, "urlDisplayLabel").unwrap_or_else(|| "View trace".into());
            if let Some(url) = self.checked(&object, "url", check_link) {
                links.push(ExemplarLink { label, url, title });
            }
        }
        links
    }

    fn dashboards(&mut self, root: &Object<'_>) -> Dashboards {
        let mut dashboards = Dashboards::default();
        if let Some(object) = self.object(root, "dashboards") {
            self.check_keys(&object, &["index"]);
            if object.fields.contains_key("index")
                && let Some(index) = self.url(&object, "index")
            {
                dashboards.index = index;
            }
        }
        dashboards
    }

    fn defaults(&mut self, root: &Object<'_>) -> Defaults {
        let Some(object) = self.object(root, "defaults") else { return Defaults::default() };
        self.check_keys(&object, &["dashboard", "refresh", "from", "to", "theme", "timezone"]);
        Defaults {
            dashboard: self.text(&object, "dashboard"),
            refresh: self.text(&object, "refresh"),
            from: self.text(&object, "from"),
            to: self.text(&object, "to"),
            theme: self.choice(&object, "theme", &ThemeChoice::WORDS).unwrap_or_default(),
            timezone: self.text(&object, "timezone"),
        }
    }

    /// Tells keys that nobody reads; those that look like secrets with the reason why they must go.
    fn check_keys(&mut self, object: &Object<'_>, known: &[&str]) {
        for key in object.fields.keys().filter(|key| !known.contains(&key.as_str())) {
            let message = if is_secret(key) {
                "refused: this file is public and must hold no secrets".to_owned()
            } else {
                match closest(key, known) {
                    Some(meant) => format!("unknown key, did you mean {meant}?"),
                    None => format!("unknown key, known are {}", known.join(", ")),
                }
            };
            self.problem(object.path_of(&shortened(key)), message);
        }
    }

    pub fn object<'a>(&mut self, parent: &Object<'a>, key: &str) -> Option<Object<'a>> {
        match parent.fields.get(key)? {
            Value::Object(fields) => Some(Object { path: parent.path_of(key), fields }),
            other => self.wrong_type(parent, key, "an object", other),
        }
    }

    fn objects<'a>(&mut self, parent: &Object<'a>, key: &str) -> Vec<Object<'a>> {
        let items = match parent.fields.get(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => return self.wrong_type(parent, key, "a list", other).unwrap_or_default(),
        };
        let mut objects = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{index}]", parent.path_of(key));
            match item {
                Value::Object(fields) => objects.push(Object { path, fields }),
                other => self.problem(path, format!("must be an object, not {}", kind_name(other))),
            }
        }
        objects
    }

    pub fn wrong_type<T>(&mut self, object: &Object<'_>, key: &str, wanted: &str, found: &Value) -> Option<T> {
        self.problem(object.path_of(key), format!("must be {wanted}, not {}", kind_name(found)));
        None
    }

    fn text(&mut self, object: &Object<'_>, key: &str) -> Option<String> {
        match object.fields.get(key)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => self.wrong_type(object, key, "a text", other),
        }
    }

    fn flag(&mut self, object: &Object<'_>, key: &str) -> Option<bool> {
        match object.fields.get(key)? {
            Value::Bool(flag) => Some(*flag),
            other => self.wrong_type(object, key, "true or false", other),
        }
    }

    fn count(&mut self, object: &Object<'_>, key: &str) -> Option<u64> {
        let value = object.fields.get(key)?;
        let count = value.as_u64().filter(|count| *count > 0);
        if count.is_none() {
            self.problem(object.path_of(key), "must be a whole number above 0");
        }
        count
    }

    pub fn choice<T: Copy>(&mut self, object: &Object<'_>, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(object, key)?;
        let found = named(&text, choices);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.problem(object.path_of(key), format!("must be one of {}", words.join(", ")));
        }
        found
    }

    fn duration(&mut self, object: &Object<'_>, key: &str) -> Option<u64> {
        let text = self.text(object, key)?;
        let millis = duration_millis(&text);
        if millis.is_none() {
            self.problem(object.path_of(key), "must be a duration such as 15s, 500ms or 1m");
        }
        millis
    }

    fn url(&mut self, object: &Object<'_>, key: &str) -> Option<String> {
        self.checked(object, key, check_url)
    }

    /// A URL in which `check` finds nothing wrong.
    fn checked(
        &mut self,
        object: &Object<'_>,
        key: &str,
        check: fn(&str) -> Result<(), &'static str>,
    ) -> Option<String> {
        if !object.fields.contains_key(key) {
            self.problem(object.path_of(key), "is missing: where it is, relative to the page or http(s)");
            return None;
        }
        let url = match self.text(object, key) {
            Some(url) => url,
            None => {
                self.problem(object.path_of(key), "must not be empty");
                return None;
            }
        };
        match check(&url) {
            Ok(()) => Some(url),
            Err(message) => {
                self.problem(object.path_of(key), message);
                None
            }
        }
    }
}

/// Whether `text` is a scheme and a host, perhaps with a port, as browsers write an origin.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains('/')) && check_url(text).is_ok()
}

pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Between a millisecond and a day: `15s`, `500ms`, `1m`, `1h`.
pub(crate) fn duration_millis(text: &str) -> Option<u64> {
    const DAY: u64 = 86_400_000;
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let millis = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (1..=DAY).contains(&millis).then_some(millis)
}

/// Whether a key names something that must not be public.
pub(crate) fn is_secret(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["password", "passwd", "secret", "token", "apikey", "authorization", "credential", "bearer", "basicauth"];
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word))
}

/// The known key that differs least, if it differs little. Of two equally near the one with the same letters is meant.
fn closest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    const MOST: usize = 2;
    // Longer than any known key by more than that cannot be near one.
    const LONGEST: usize = 32;
    let candidates = known.iter().filter(|_| key.len() <= LONGEST);
    let near = candidates.map(|candidate| (distance(key, candidate), !same_letters(key, candidate), *candidate));
    near.filter(|(distance, ..)| *distance <= MOST).min().map(|(.., candidate)| candidate)
}

fn same_letters(a: &str, b: &str) -> bool {
    let count = |text: &str, letter: char| text.chars().filter(|c| *c == letter).count();
    a.len() == b.len() && a.chars().all(|letter| count(a, letter) == count(b, letter))
}

/// How many letters must be added, removed or replaced (Levenshtein), upper and lower case being the same.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_ascii_lowercase().chars().collect();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_ascii_lowercase().chars().enumerate() {
        let mut left = i + 1;
        let mut line = vec![left];
        for (y, pair) in b.iter().zip(above.windows(2)) {
            let &[diagonal, up] = pair else { continue };
            left = (diagonal + usize::from(x != *y)).min(up + 1).min(left + 1);
            line.push(left);
        }
        above = line;
    }
    above.last().copied().unwrap_or(0)
}

/// The start of a text from outside, short enough for a message.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
