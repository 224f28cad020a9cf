//! The files the servers read, laid out in the data directory.
//!
//! The configuration in `stack/` is used as it is; what is only known at run time, the ports, is in files that
//! Prometheus' file-based service discovery reads.

use super::StackError;
use crate::BaseUrl;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// The configuration as it is in the repository, with the place it gets below the data directory.
const CONFIGURATION: [(&str, &str); 5] = [
    ("config/prometheus.yml", include_str!("../../../../stack/prometheus.yml")),
    ("config/past.yml", include_str!("../../../../stack/past.yml")),
    ("config/rules/recording.yml", include_str!("../../../../stack/rules/recording.yml")),
    ("config/rules/alerts.yml", include_str!("../../../../stack/rules/alerts.yml")),
    ("config/alertmanager.yml", include_str!("../../../../stack/alertmanager.yml")),
];

/// The data directory.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Makes the folders below `root` and writes the configuration.
    ///
    /// # Errors
    /// A folder or file cannot be written.
    pub fn create(root: &Path) -> Result<Self, StackError> {
        let root = std::path::absolute(root).map_err(StackError::io("find", root))?;
        let layout = Self { root };
        for folder in
            ["config/rules", "config/targets", "logs", "tsdb", "tsdb-thrown", "alertmanager", "templates", "staging"]
        {
            let folder = layout.root.join(folder);
            fs::create_dir_all(&folder).map_err(StackError::io("create", &folder))?;
        }
        for (place, text) in CONFIGURATION {
            layout.write(place, text)?;
        }
        Ok(layout)
    }

    /// Tells Prometheus where `job` is: each address with its `instance` and `service` label.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_targets(&self, job: &str, targets: &[Target]) -> Result<(), StackError> {
        let groups: Vec<Value> = targets.iter().map(Target::to_json).collect();
        self.write(&format!("config/targets/{job}.json"), &format!("{:#}\n", Value::from(groups)))
    }

    /// Removes everything in the folder `place`.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn empty(&self, place: &str) -> Result<(), StackError> {
        let folder = self.path(place);
        fs::remove_dir_all(&folder).map_err(StackError::io("empty", &folder))?;
        fs::create_dir_all(&folder).map_err(StackError::io("create", &folder))
    }

    fn write(&self, place: &str, text: &str) -> Result<(), StackError> {
        let path = self.root.join(place);
        fs::write(&path, text).map_err(StackError::io("write", &path))
    }

    /// The file or folder `place` of the data directory.
    #[must_use]
    pub fn path(&self, place: &str) -> PathBuf {
        self.root.join(place)
    }
}

/// One scraped endpoint.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it listens.
    pub url: BaseUrl,
    /// A name that stays when the port does not.
    pub instance: String,
    /// The service it is an instance of, for the fleet.
    pub service: Option<String>,
}

impl Target {
    fn to_json(&self) -> Value {
        let address = self.url.to_string();
        let address = address.strip_prefix("http://").unwrap_or(&address);
        let mut labels = json!({ "instance": self.instance });
        if let Some(service) = &self.service {
            labels["service"] = json!(service);
        }
        json!({ "targets": [address], "labels": labels })
    }
}
