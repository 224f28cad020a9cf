//! The address behind `#/`, parsed and written. The URL is the one source of truth of what the page shows.

use crate::state::foreign;
use wasm_bindgen::JsValue;

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    Home,
    Dashboard(String),
    Explore,
    Alerts,
    Targets,
    Settings,
    Unknown(String),
}

/// A page and its parameters, in the order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub page: Page,
    pub params: Params,
}

impl Route {
    /// A page without parameters.
    pub fn to(page: Page) -> Self {
        Self { page, params: Params::default() }
    }

    /// Reads what stands after `#`. Total: anything is a route, if need be to [`Page::Unknown`].
    pub fn parse(hash: &str) -> Self {
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let mut params = Params::parse(query);
        let page = match segments.as_slice() {
            [] => Page::Home,
            ["d", uid] | ["d", uid, _] => Page::Dashboard(decode(uid)),
            // A dashboard that is in no list, by its address.
            ["d"] if params.get("url").is_some() => {
                let uid = foreign::at(params.get("url").unwrap_or_default());
                params.set("url", []);
                Page::Dashboard(uid)
            }
            ["explore"] => Page::Explore,
            ["alerts"] => Page::Alerts,
            ["targets"] => Page::Targets,
            ["settings"] => Page::Settings,
            _ => Page::Unknown(path.to_owned()),
        };
        Self { page, params }
    }

    /// What stands after `#` for this route.
    pub fn hash(&self) -> String {
        let path = match &self.page {
            Page::Home => "/".to_owned(),
            Page::Dashboard(uid) => format!("/d/{}", js_sys::encode_uri_component(uid)),
            Page::Explore => "/explore".to_owned(),
            Page::Alerts => "/alerts".to_owned(),
            Page::Targets => "/targets".to_owned(),
            Page::Settings => "/settings".to_owned(),
            Page::Unknown(path) => path.clone(),
        };
        let query = self.params.query();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

fn decode(segment: &str) -> String {
    js_sys::decode_uri_component(segment).ok().and_then(|text| text.as_string()).unwrap_or_else(|| segment.to_owned())
}

/// The parameters of a URL: names may repeat, order is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    fn parse(query: &str) -> Self {
        let Ok(params) = web_sys::UrlSearchParams::new_with_str(query) else { return Self::default() };
        let mut pairs = Vec::new();
        for pair in js_sys::try_iter(&params).ok().flatten().into_iter().flatten().flatten() {
            let pair = js_sys::Array::from(&pair);
            let text = |value: JsValue| value.as_string().unwrap_or_default();
            pairs.push((text(pair.get(0)), text(pair.get(1))));
        }
        Self(pairs)
    }

    fn query(&self) -> String {
        let Ok(params) = web_sys::UrlSearchParams::new() else { return String::new() };
        for (name, value) in &self.0 {
            params.append(name, value);
        }
        params.to_string().into()
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of `name`, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether `name` is there and not switched off: `kiosk`, `kiosk=true` and `kiosk=1` all say yes.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "false" | "0"))
    }

    /// Replaces all values of `name`, at the place of the first; no values take it out.
    pub fn set<I: IntoIterator<Item = String>>(&mut self, name: &str, values: I) {
        let place = self.0.iter().position(|(known, _)| known == name).unwrap_or(self.0.len());
        self.0.retain(|(known, _)| known != name);
        for (index, value) in values.into_iter().enumerate() {
            self.0.insert((place + index).min(self.0.len()), (name.to_owned(), value));
        }
    }
}
