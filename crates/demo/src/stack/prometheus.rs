//! Starting Prometheus.

use super::files::{Layout, Target};
use super::server::{Server, free_port};
use super::{StackError, Tools};
use crate::BaseUrl;

/// What a Prometheus is started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Config {
    /// To watch everything and alert.
    Present,
    /// To evaluate its rules over the past: it scrapes nothing and alerts nobody.
    Past,
}

/// What becomes of what it stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// It is what the stack knows.
    Kept,
    /// It begins with nothing and is thrown away at the next such start.
    Thrown,
}

/// Starts Prometheus on a free port.
pub fn start(tools: &Tools, layout: &Layout, config: Config, storage: Storage) -> Result<Server, StackError> {
    let port = free_port()?;
    let url = BaseUrl::loopback(port);
    let file = match config {
        Config::Present => "config/prometheus.yml",
        Config::Past => "config/past.yml",
    };
    let storage = match storage {
        Storage::Kept => "tsdb",
        Storage::Thrown => {
            layout.empty("tsdb-thrown")?;
            "tsdb-thrown"
        }
    };
    let itself = Target { url: url.clone(), instance: "prometheus".to_owned(), service: None };
    layout.write_targets("prometheus", &[itself])?;
    let args = [
        format!("--config.file={}", layout.path(file).display()),
        format!("--storage.tsdb.path={}", layout.path(storage).display()),
        "--storage.tsdb.retention.time=7d".to_owned(),
        "--enable-feature=native-histograms,exemplar-storage".to_owned(),
        format!("--web.listen-address=127.0.0.1:{port}"),
        format!("--web.external-url={url}/"),
        "--log.level=warn".to_owned(),
    ];
    Server::spawn("prometheus", &tools.prometheus, port, args, layout)
}
