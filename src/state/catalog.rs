//! The dashboards there are: a list in the folder of dashboards.

use gloo_net::http::Request;
use serde::Deserialize;

/// One dashboard in the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    pub uid: String,
    pub title: String,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub folder: String,
    /// Where the dashboard's JSON is, relative to the list.
    pub file: String,
}

/// Why there is no list, or no dashboard, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub title: String,
    pub advice: String,
}

impl Missing {
    fn new(title: String, advice: &str) -> Self {
        Self { title, advice: advice.to_owned() }
    }
}

/// Fetches the list at `index`, relative to the page.
pub async fn load(index: &str) -> Result<Vec<Entry>, Missing> {
    let text = fetch_text(index).await?;
    serde_json::from_slice(text.as_bytes()).map_err(|error| {
        Missing::new(
            format!("{index} is not a list of dashboards: {error}"),
            "It has to be a JSON array of {uid, title, tags, folder, file}.",
        )
    })
}

/// Fetches the JSON of the dashboard `uid`.
pub async fn load_dashboard(index: &str, uid: &str) -> Result<(Entry, String), Missing> {
    let entries = load(index).await?;
    let entry = entries.into_iter().find(|entry| entry.uid == uid).ok_or_else(|| {
        Missing::new(
            format!("There is no dashboard “{uid}”"),
            "It is not in the list of dashboards; see Home for those that are.",
        )
    })?;
    let folder = index.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = if folder.is_empty() { entry.file.clone() } else { format!("{folder}/{}", entry.file) };
    let text = fetch_text(&file).await?;
    Ok((entry, text))
}

async fn fetch_text(file: &str) -> Result<String, Missing> {
    let advice = "Check that the file is served beside index.html.";
    let response = Request::get(file)
        .send()
        .await
        .map_err(|error| Missing::new(format!("{file} could not be fetched: {error}"), advice))?;
    if !response.ok() {
        return Err(Missing::new(format!("{file} answered {} {}", response.status(), response.status_text()), advice));
    }
    response.text().await.map_err(|error| Missing::new(format!("{file} could not be read: {error}"), advice))
}
