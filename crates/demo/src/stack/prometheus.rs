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

/// Starts Prometheus on a free port.
pub fn start(tools: &Tools, layout: &Layout, config: Config) -> Result<Server, StackError> {
    let port = free_port()?;
    let url = BaseUrl::loopback(port);
    let file = match config {
        Config::Present => "config/prometheus.yml",
        Config::Past => "config/past.yml",
    };
    let itself = Target { url: url.clone(), instance: "prometheus".to_owned(), service: None };
    layout.write_targets("prometheus", &[itself])?;
    let args = [
        format!("--config.file={}", layout.path(file).display()),
        format!("--storage.tsdb.path={}", layout.path("tsdb").display()),
        "--storage.tsdb.retention.time=7d".to_owned(),
        "--enable-feature=native-histograms,exemplar-storage".to_owned(),
        format!("--web.listen-address=127.0.0.1:{port}"),
        format!("--web.external-url={url}/"),
        "--log.level=warn".to_owned(),
    ];
    Server::spawn("prometheus", &tools.prometheus, port, args, layout)
}
