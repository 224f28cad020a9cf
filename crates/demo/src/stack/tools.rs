//! Where the servers' programs are.

use super::StackError;
use std::env;
use std::path::{Path, PathBuf};

/// The programs the stack runs.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Prometheus, 2.42 or newer.
    pub prometheus: PathBuf,
    /// Its companion, which makes blocks out of text.
    pub promtool: PathBuf,
    /// Alertmanager.
    pub alertmanager: PathBuf,
    /// The node exporter.
    pub node_exporter: PathBuf,
}

impl Tools {
    /// Finds each program under its Debian or its upstream name, in `directory` first and then on PATH.
    ///
    /// # Errors
    /// One of them is in neither.
    pub fn find(directory: &Path) -> Result<Self, StackError> {
        let find = |names: [&'static str; 2]| {
            let path = env::var_os("PATH").unwrap_or_default();
            let places = [directory.to_owned(), directory.join("usr/bin")].into_iter().chain(env::split_paths(&path));
            places
                .flat_map(|place| names.map(|name| place.join(name)))
                .find(|program| program.is_file())
                .ok_or_else(|| StackError::NoTool { name: names[0], directory: directory.to_owned() })
        };
        Ok(Self {
            prometheus: find(["prometheus"; 2])?,
            promtool: find(["promtool"; 2])?,
            alertmanager: find(["prometheus-alertmanager", "alertmanager"])?,
            node_exporter: find(["prometheus-node-exporter", "node_exporter"])?,
        })
    }
}
