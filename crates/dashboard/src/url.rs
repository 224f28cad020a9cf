//! A dashboard's state in the URL, under Grafana's own names: `#/d/fleet?from=now-1h&to=now&var-job=api&var-job=web`.

use crate::interpolate::Scope;
use crate::variable_format::percent_encode;

/// What a dashboard's URL says. What it does not say is up to the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DashboardUrl {
    /// Which dashboard.
    pub uid: String,
    /// Start of the time range.
    pub from: Option<String>,
    /// End of the time range.
    pub to: Option<String>,
    /// Refresh interval; an empty text stands for none.
    pub refresh: Option<String>,
    /// Chosen values of variables, by name.
    pub variables: Vec<(String, Vec<String>)>,
    /// The panel that fills the page.
    pub view_panel: Option<String>,
    /// Shown without anything around the panels.
    pub kiosk: bool,
    /// `dark` or `light`.
    pub theme: Option<String>,
    /// `browser`, `utc` or an IANA zone.
    pub timezone: Option<String>,
}

/// More values than these are not read.
const MAX_PARAMETERS: usize = 5_000;

impl DashboardUrl {
    /// The URL of a dashboard as it opens by itself.
    #[must_use]
    pub fn new(uid: impl Into<String>) -> Self {
        Self { uid: uid.into(), ..Self::default() }
    }

    /// Reads what follows the page's address, from `#` on or without it: `#/d/<uid>?…`, also with a slug behind the uid.
    /// None for what is not a dashboard's URL.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let path = fragment.strip_prefix('/').unwrap_or(fragment).strip_prefix("d/")?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut url = Self::new(checked_uid(path.split('/').next()?)?);
        for (name, value) in parse_query(query) {
            url.set(&name, value);
        }
        Some(url)
    }

    fn set(&mut self, name: &str, value: String) {
        let filled = |value: String| (!value.is_empty()).then_some(value);
        match name {
            "from" => self.from = filled(value),
            "to" => self.to = filled(value),
            "refresh" => self.refresh = Some(value),
            // Grafana writes `panel-3` or `3`.
            "viewPanel" => self.view_panel = filled(value.strip_prefix("panel-").unwrap_or(&value).to_owned()),
            "kiosk" => self.kiosk = value != "false" && value != "0",
            "theme" => self.theme = Some(value).filter(|theme| theme == "dark" || theme == "light"),
            "timezone" => self.timezone = filled(value),
            _ => {
                if let Some(variable) = name.strip_prefix("var-").filter(|variable| !variable.is_empty()) {
                    self.add_value(variable, value);
                }
            }
        }
    }

    fn add_value(&mut self, variable: &str, value: String) {
        match self.variables.iter_mut().find(|(name, _)| name == variable) {
            Some((_, values)) => values.push(value),
            None => self.variables.push((variable.to_owned(), vec![value])),
        }
    }

    /// The values chosen for a variable, none if the URL does not mention it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&[String]> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }

    /// The URL from `#` on; [`DashboardUrl::parse`] reads it back as it was.
    #[must_use]
    pub fn to_fragment(&self) -> String {
        let mut text = String::from("#/d/");
        percent_encode(&self.uid, &mut text);
        let mut separator = '?';
        let mut write = |name: &str, value: &str| {
            text.push(separator);
            separator = '&';
            percent_encode(name, &mut text);
            if !value.is_empty() || name != "kiosk" {
                text.push('=');
                percent_encode(value, &mut text);
            }
        };
        let singles = [
            ("from", &self.from),
            ("to", &self.to),
            ("refresh", &self.refresh),
            ("timezone", &self.timezone),
            ("viewPanel", &self.view_panel),
            ("theme", &self.theme),
        ];
        for (name, value) in singles {
            if let Some(value) = value {
                write(name, value);
            }
        }
        for (variable, values) in &self.variables {
            for value in values {
                write(&format!("var-{variable}"), value);
            }
        }
        if self.kiosk {
            write("kiosk", "");
        }
        text
    }
}

/// The query parameters of all variables in a scope, as `${__all_variables}` stands for.
#[must_use]
pub fn all_variables(scope: &Scope) -> String {
    let written = scope.values.iter().filter(|(name, _)| !name.starts_with("__"));
    written
        .map(|(name, _)| scope.interpolate(&format!("${{{name}:queryparam}}"), "queryparam"))
        .collect::<Vec<_>>()
        .join("&")
}

/// Names and values of a query, decoded.
fn parse_query(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|part| !part.is_empty()).take(MAX_PARAMETERS).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(name), decode(value))
    })
}

/// Undoes percent encoding and reads `+` as a space; what is no encoding stays, what is no UTF-8 is replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let encoded = match (first, tail) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        match encoded {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// A uid that is nothing but a name, however often it was encoded: it becomes part of a file's address.
fn checked_uid(text: &str) -> Option<String> {
    const MAX_LENGTH: usize = 200;
    let uid = decode(text);
    let mut decoded = uid.clone();
    for _ in 0..3 {
        let is_path =
            decoded.contains(['/', '\\']) || decoded == "." || decoded == ".." || decoded.chars().any(char::is_control);
        if decoded.is_empty() || decoded.len() > MAX_LENGTH || is_path {
            return None;
        }
        decoded = decode(&decoded);
    }
    Some(uid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grafanas_parameters_are_read() {
        let url = DashboardUrl::parse(
            "#/d/fleet/some-slug?orgId=1&from=now-6h&to=now&var-job=api&var-job=we%20b&var-env=&refresh=10s&viewPanel=panel-7\
             &kiosk&theme=light&timezone=Europe%2FBerlin",
        )
        .unwrap();
        assert_eq!((url.uid.as_str(), url.from.as_deref(), url.to.as_deref()), ("fleet", Some("now-6h"), Some("now")));
        assert_eq!(url.variable("job"), Some(&["api".to_owned(), "we b".to_owned()][..]));
        assert_eq!(url.variable("env"), Some(&[String::new()][..]));
        assert_eq!(url.variable("other"), None);
        assert_eq!((url.refresh.as_deref(), url.view_panel.as_deref(), url.kiosk), (Some("10s"), Some("7"), true));
        assert_eq!((url.theme.as_deref(), url.timezone.as_deref()), (Some("light"), Some("Europe/Berlin")));
    }

    #[test]
    fn what_is_no_dashboard_is_none() {
        for fragment in
            ["", "#/", "#/d/", "#/alerts", "#/d/..", "#/d/..%2f..", "#/d/..%252f..", "#/d/%5cevil", "#/d/a%00b"]
        {
            assert_eq!(DashboardUrl::parse(fragment), None, "{fragment}");
        }
    }

    #[test]
    fn a_url_is_written_in_one_form() {
        let url = DashboardUrl {
            from: Some("now-1h".into()),
            variables: vec![("job".into(), vec!["a b".into(), "$__all".into()])],
            kiosk: true,
            ..DashboardUrl::new("fleet")
        };
        assert_eq!(url.to_fragment(), "#/d/fleet?from=now-1h&var-job=a%20b&var-job=%24__all&kiosk");
    }
}
