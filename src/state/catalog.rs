//! The dashboards there are: a list in the folder of dashboards.

use crate::parts;
use crate::state::{foreign, served};
use serde_json::Value;

/// One dashboard in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub uid: String,
    pub title: String,
    pub tags: Vec<String>,
    pub folder: String,
    /// Where the dashboard's JSON is, relative to the list.
    pub file: String,
}

impl Entry {
    /// What `pyrograph index` writes: `{uid, title, tags, folder, file}`.
    fn listed(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let tags = value.get("tags").and_then(Value::as_array).into_iter().flatten();
        let entry = Self {
            uid: text("uid"),
            title: text("title"),
            tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
            folder: text("folder"),
            file: text("file"),
        };
        (!entry.uid.is_empty() && !entry.file.is_empty()).then_some(entry)
    }

    /// A file in a folder that the server lists: what is in it is not known yet, so its name stands for all else.
    fn found(folder: &str, name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".json").filter(|stem| *stem != "index")?;
        let file = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        Some(Self { uid: stem.to_owned(), title: stem.to_owned(), tags: Vec::new(), folder: folder.to_owned(), file })
    }
}

/// Why there is no list, or no dashboard, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub title: String,
    pub advice: String,
    /// Whether it may be there a little later.
    pub passes: bool,
}

impl Missing {
    /// What stays so until somebody does something.
    pub fn new(title: String, advice: &str) -> Self {
        Self { title, advice: advice.to_owned(), passes: false }
    }
}

/// More folders than this are not gone into.
const MOST_FOLDERS: usize = 100;

/// Fetches the list at `index`, relative to the page: one that `pyrograph index` wrote, or a folder that nginx lists
/// (`autoindex_format json`), with the folders in it.
pub async fn load(index: &str) -> Result<Vec<Entry>, Missing> {
    let list = fetch_list(index).await?;
    if !list.iter().any(is_listing) {
        return Ok(list.iter().filter_map(Entry::listed).collect());
    }
    let mut entries = Vec::new();
    for name in names(&list, "file") {
        entries.extend(Entry::found("", name));
    }
    for folder in names(&list, "directory").take(MOST_FOLDERS) {
        let inner = fetch_list(&beside(index, &format!("{folder}/"))).await?;
        entries.extend(names(&inner, "file").filter_map(|name| Entry::found(folder, name)));
    }
    Ok(entries)
}

/// Whether `value` is nginx's `{name, type, …}`.
fn is_listing(value: &Value) -> bool {
    value.get("name").is_some() && value.get("type").is_some()
}

fn names<'a>(list: &'a [Value], kind: &'static str) -> impl Iterator<Item = &'a str> {
    let of_kind = move |value: &&Value| value.get("type").and_then(Value::as_str) == Some(kind);
    list.iter().filter(of_kind).filter_map(|value| value.get("name")?.as_str())
}

async fn fetch_list(index: &str) -> Result<Vec<Value>, Missing> {
    let text = fetch_text(index).await?;
    let wrong = |what: &str| {
        Missing::new(
            format!("{index} is not a list of dashboards: {what}"),
            "It has to be a JSON array of {uid, title, tags, folder, file}, as `pyrograph index` writes it.",
        )
    };
    match json::parse(&text) {
        Ok(Value::Array(list)) => Ok(list),
        Ok(_) => Err(wrong("it is no array")),
        Err(error) => Err(wrong(&error.to_string())),
    }
}

/// The JSON of a dashboard, and what is known of it.
pub struct Found {
    pub entry: Entry,
    pub text: String,
    /// All dashboards there are; empty where this is one from elsewhere.
    pub listed: Vec<Entry>,
}

/// Fetches the JSON of the dashboard `uid`.
pub async fn load_dashboard(index: &str, uid: &str) -> Result<Found, Missing> {
    if foreign::is_foreign(uid) {
        let missing = |_| Missing::new(parts::MISSING.to_owned(), parts::MISSING_ADVICE);
        let (entry, text) = parts::find_foreign(uid.to_owned()).await.map_err(missing)??;
        let text = match text {
            Some(text) => text,
            None => fetch_text(&entry.file).await?,
        };
        return Ok(Found { entry, text, listed: Vec::new() });
    }
    let listed = load(index).await?;
    let entry = listed.iter().find(|entry| entry.uid == uid).cloned().ok_or_else(|| {
        Missing::new(
            format!("There is no dashboard “{uid}”"),
            "It is not in the list of dashboards; see Home for those that are.",
        )
    })?;
    let text = fetch_text(&beside(index, &entry.file)).await?;
    Ok(Found { entry, text, listed })
}

/// The address of `file`, which is given relative to the list at `index`.
fn beside(index: &str, file: &str) -> String {
    index.rsplit_once('/').map_or_else(|| file.to_owned(), |(folder, _)| format!("{folder}/{file}"))
}

async fn fetch_text(file: &str) -> Result<String, Missing> {
    let advice = "Check that the file is served beside index.html.";
    let missing = |error: served::Unserved| Missing { passes: error.passes, ..Missing::new(error.words, advice) };
    served::fetch_text(file).await.map_err(missing)
}
