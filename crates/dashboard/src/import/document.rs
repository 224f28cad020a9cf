//! A document on its way from the file to the model: its JSON, which schema that follows, and what was moved in it.

use super::json::set_if_absent;
use super::{ImportError, legacy, v2};
use serde_json::Value;

/// The longest file that is read, in bytes; the largest public dashboard known has 3 MB.
const MAX_BYTES: usize = 10_000_000;

/// A dashboard as JSON.
#[derive(Clone, Debug)]
pub struct Document {
    /// The dashboard, the wrapper apart.
    pub(super) json: Value,
    /// What stands elsewhere now than in the file.
    pub(super) moved: Vec<Moved>,
    /// What was lost on the way: pointers into the file, and what the user is told.
    pub(super) lost: Vec<(String, &'static str)>,
}

/// A part of a document that was moved, as JSON pointers.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    /// Where it stands now.
    pub(super) to: String,
    /// Where it stood in the file.
    pub(super) from: String,
}

/// Which schema a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The newest classic one, or one near enough to be read as such.
    Classic,
    /// An older classic one, or one with panels of the Angular era: [`super::migrate_legacy`] lifts it.
    Legacy,
    /// Schema v2: [`super::migrate_v2`] makes it classic.
    V2,
}

/// Reads JSON text; of what wraps a dashboard the inside.
///
/// # Errors
/// When the text is not JSON, or is no dashboard.
pub fn parse(text: &str) -> Result<Document, ImportError> {
    if text.len() > MAX_BYTES {
        let megabytes = MAX_BYTES / 1_000_000;
        return Err(ImportError::not_a_dashboard(format!("the file is larger than {megabytes} MB")));
    }
    let text = text.trim_start_matches('\u{feff}');
    let json: Value = json::parse(text).map_err(ImportError::not_json)?;
    let json = unwrapped(json);
    check(&json)?;
    Ok(Document { json, moved: Vec::new(), lost: Vec::new() })
}

/// The dashboard in an answer of Grafana's API (`{"dashboard": …}`), and the classic one in a resource, as Grafana 12 saves
/// it: `{"kind": "Dashboard", "metadata": …, "spec": …}`. A resource of schema v2 is read as it is.
fn unwrapped(mut json: Value) -> Value {
    if let Some(inner) = json.get_mut("dashboard").filter(|inner| inner.is_object()) {
        json = inner.take();
    }
    if is_classic(&json) || v2::is_v2(&json) {
        return json;
    }
    let Some(mut spec) = json.get_mut("spec").filter(|spec| is_classic(spec)).map(Value::take) else { return json };
    // A resource is called what a dashboard's uid is.
    let name =
        json.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")).map(Value::take).unwrap_or_default();
    if let Value::Object(dashboard) = &mut spec {
        set_if_absent(dashboard, "uid", name);
    }
    spec
}

fn is_classic(json: &Value) -> bool {
    ["panels", "rows", "title", "templating"].iter().any(|key| json.get(*key).is_some())
}

fn check(json: &Value) -> Result<(), ImportError> {
    if !json.is_object() {
        return Err(ImportError::not_a_dashboard("it must be a JSON object"));
    }
    if is_classic(json) || v2::is_v2(json) {
        return Ok(());
    }
    Err(ImportError::not_a_dashboard("it has neither a title nor panels"))
}

impl Document {
    /// Which schema it follows. Looks at versions and panel types only.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if v2::is_v2(&self.json) {
            Kind::V2
        } else if legacy::is_legacy(&self.json) {
            Kind::Legacy
        } else {
            Kind::Classic
        }
    }

    /// Whether it may have regular expressions. Where it has none it can be read without the engine for them.
    #[must_use]
    pub fn has_patterns(&self) -> bool {
        mentions_patterns(&self.json)
    }
}

/// Where in the file things stood that stand elsewhere in [`Dashboard::json`](crate::Dashboard::json).
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// In order of where they stand now; of two that stand in one place the latter counts.
    moved: Vec<Moved>,
}

impl Origins {
    pub(super) fn new(mut moved: Vec<Moved>) -> Self {
        frame::sort_by(&mut moved, |a, b| a.to.cmp(&b.to));
        Self { moved }
    }

    /// The path in the file of the value at `pointer` of the dashboard's JSON, as notes write it: `panels[3].options`.
    #[must_use]
    pub fn path_of(&self, pointer: &str) -> String {
        // The nearest of what is around it that was moved.
        let mut around = pointer;
        loop {
            if let Some(from) = self.origin(around) {
                return written(&format!("{from}{}", pointer.get(around.len()..).unwrap_or_default()));
            }
            let Some((outer, _)) = around.rsplit_once('/') else { return written(pointer) };
            around = outer;
        }
    }

    /// Where that stood in the file which was moved to `place` itself.
    fn origin(&self, place: &str) -> Option<&str> {
        let end = self.moved.partition_point(|moved| moved.to.as_str() <= place);
        let moved = self.moved.get(end.checked_sub(1)?)?;
        (moved.to == place).then_some(moved.from.as_str())
    }
}

/// Whether one of the words stands in it that say of what is beside them that it is a pattern.
fn mentions_patterns(json: &Value) -> bool {
    match json {
        Value::String(text) => matches!(text.as_str(), "byRegexp" | "regex" | "matches" | "notMatches"),
        Value::Array(list) => list.iter().any(mentions_patterns),
        Value::Object(object) => object.values().any(mentions_patterns),
        _ => false,
    }
}

/// More of a key than this is not shown, in bytes.
const MAX_KEY: usize = 120;

/// The pointer to the element numbered `index` of the list at `list`.
pub(super) fn pointer(list: &str, index: usize) -> String {
    format!("{list}/{index}")
}

/// A key as a part of a JSON pointer (RFC 6901).
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A JSON pointer as people write it: `panels[3].fieldConfig`.
pub(super) fn written(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push('[');
            path.push_str(part);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(crate::prefix(&unescaped(part), MAX_KEY));
        }
    }
    path
}

/// In a JSON pointer, `~1` stands for a slash, and `~0` for itself without the number.
fn unescaped(part: &str) -> String {
    let (mut text, mut rest) = (String::new(), part);
    while let Some((before, after)) = rest.split_once('~') {
        let (character, after) = match after.strip_prefix('1') {
            Some(after) => ('/', after),
            None => ('~', after.strip_prefix('0').unwrap_or(after)),
        };
        text.push_str(before);
        text.push(character);
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::{Moved, Origins, written};

    #[test]
    fn places_are_written_as_people_write_them() {
        let check = |pointer: &str, expected: &str| assert_eq!(written(pointer), expected);
        check("/panels/3/fieldConfig", "panels[3].fieldConfig");
        check("/a~1b/~0c/~01/d~", "a/b.~c.~1.d~");
        check("", "");
    }

    #[test]
    fn the_nearest_part_that_was_moved_says_where_a_value_stood() {
        let moved = [("/panels/0", "/rows/1"), ("/panels/0/grid", "/a"), ("/panels/0", "/rows/2"), ("/panels/1", "/b")];
        let origins = Origins::new(moved.map(|(to, from)| Moved { to: to.into(), from: from.into() }).to_vec());
        let check = |pointer: &str, expected: &str| assert_eq!(origins.path_of(pointer), expected);
        check("/panels/0/grid/x", "a.x");
        check("/panels/0/gridPos", "rows[2].gridPos");
        check("/panels/0", "rows[2]");
        check("/panels/10/id", "panels[10].id");
        check("", "");
    }
}
