//! The stack behind the demo and the tests: the fleet's endpoints and a real Prometheus, Alertmanager and node exporter
//! as child processes, on free ports of the loopback interface, with all they store in one directory.

mod alertmanager;
mod files;
mod lock;
mod past;
mod prometheus;
mod server;
mod tools;
mod watched;

pub use tools::Tools;

use crate::backfill::BackfillError;
use crate::fleet::{Endpoint, EndpointError};
use crate::{BaseUrl, fleet};
use files::{Layout, Target};
use lock::Lock;
use server::{Server, free_port};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use watched::Watched;

/// How much of the past a first start fills in.
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What to start, and where.
#[derive(Clone, Debug)]
pub struct StackOptions {
    /// The folder the servers' programs are in; PATH is searched after it.
    pub tools_dir: PathBuf,
    /// Where everything is stored. A second start with the same one goes on from there.
    pub data_dir: PathBuf,
    /// A Prometheus that is there already. Nothing at all is started then.
    pub prometheus_url: Option<BaseUrl>,
    /// An Alertmanager that is there already. It is only read: no alert of the demo is ever sent to it.
    pub alertmanager_url: Option<BaseUrl>,
    /// How much of the past the fleet gets on the first start, at most.
    pub backfill: Duration,
}

/// Why the stack does not run.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// A program is missing.
    #[error("{name} is neither in {} nor on PATH; install it, or run `cargo xtask demo`, which fetches it", .directory.display())]
    NoTool {
        /// The program.
        name: &'static str,
        /// Where it was looked for first.
        directory: PathBuf,
    },
    /// The system refuses something.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A server ended while it was waited for.
    #[error("{name} ended as soon as it was started. The end of {}:\n{tail}", .log.display())]
    Exited {
        /// The server.
        name: &'static str,
        /// All it printed.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// A server does not answer.
    #[error("{name} does not answer {after:?} after its start; see {}", .log.display())]
    NotReady {
        /// The server.
        name: &'static str,
        /// All it printed.
        log: PathBuf,
        /// How long it was waited for.
        after: Duration,
    },
    /// Another stack runs there.
    #[error("{} is in use by another stack; stop that, or give another directory", .directory.display())]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },
    /// The fleet's endpoints do not run.
    #[error(transparent)]
    Fleet(#[from] EndpointError),
    /// The fleet's past cannot be filled in.
    #[error(transparent)]
    Backfill(#[from] BackfillError),
}

impl StackError {
    fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// The running stack. Dropping it kills what it started; [`Stack::stop`] lets it end in order.
#[derive(Debug)]
pub struct Stack {
    /// The Prometheus to read from.
    pub prometheus_url: BaseUrl,
    /// The Alertmanager to read from, if there is one.
    pub alertmanager_url: Option<BaseUrl>,
    servers: Vec<Server>,
    _watched: Option<Watched>,
    _lock: Option<Lock>,
}

impl Stack {
    /// Starts what `options` ask for and waits until all of it answers. `progress` is told what is going on.
    ///
    /// Must be called on a thread of the runtime that lives as long as the stack, so not in `spawn_blocking`.
    ///
    /// # Errors
    /// A program is missing, a server does not come up, or the data directory cannot be written.
    pub async fn start(options: StackOptions, progress: impl Fn(&str)) -> Result<Self, StackError> {
        if let Some(prometheus_url) = options.prometheus_url {
            let alertmanager_url = options.alertmanager_url;
            return Ok(Self { prometheus_url, alertmanager_url, servers: Vec::new(), _watched: None, _lock: None });
        }
        let tools = Tools::find(&options.tools_dir)?;
        let layout = Layout::create(&options.data_dir)?;
        let lock = Lock::take(&layout)?;

        progress("starting the fleet");
        // Where they were before, Prometheus scrapes them in the same phases.
        let ports = watched::read(&layout).map(|scrapes| scrapes.map(|scrape| scrape.port));
        let fleet = fleet::spawn(ports).await?;
        layout.write_targets("fleet", &fleet.iter().map(fleet_target).collect::<Vec<_>>())?;

        let scrapes = past::fill(&tools, &layout, options.backfill, &fleet, &progress).await?;

        progress("starting Prometheus, Alertmanager and the node exporter");
        let mut node_exporter = start_node_exporter(&tools, &layout)?;
        let mut alertmanager = match &options.alertmanager_url {
            Some(_) => None,
            None => Some(alertmanager::start(&tools.alertmanager, &layout)?),
        };
        layout.write_targets(
            "alertmanager",
            &alertmanager.iter().map(|server| target(server, "alertmanager")).collect::<Vec<_>>(),
        )?;
        layout.write_targets("node", &[target(&node_exporter, "node")])?;
        let mut prometheus =
            prometheus::start(&tools, &layout, prometheus::Config::Present, prometheus::Storage::Kept)?;

        node_exporter.ready("/").await?;
        if let Some(alertmanager) = &mut alertmanager {
            alertmanager.ready("/-/ready").await?;
        }
        prometheus.ready("/-/ready").await?;

        let prometheus_url = prometheus.url.clone();
        let own_alertmanager = alertmanager.as_ref().map(|server| server.url.clone());
        Ok(Self {
            prometheus_url,
            alertmanager_url: own_alertmanager.or(options.alertmanager_url),
            // In the order they are stopped in: nobody scrapes or notifies a server that has ended.
            servers: [Some(prometheus), alertmanager, Some(node_exporter)].into_iter().flatten().collect(),
            _watched: Some(Watched::keep(layout, fleet, scrapes)),
            _lock: Some(lock),
        })
    }

    /// Ends all that was started, Prometheus first, and waits for it.
    pub async fn stop(self) {
        for server in self.servers {
            server.stop().await;
        }
    }
}

fn start_node_exporter(tools: &Tools, layout: &Layout) -> Result<Server, StackError> {
    let port = free_port()?;
    let args = [format!("--web.listen-address=127.0.0.1:{port}")];
    Server::spawn("node-exporter", &tools.node_exporter, port, args, layout)
}

fn target(server: &Server, instance: &str) -> Target {
    Target { url: server.url.clone(), instance: instance.to_owned(), service: None }
}

fn fleet_target(endpoint: &Endpoint) -> Target {
    let service = endpoint.service;
    Target { url: endpoint.url(), instance: service.instance(), service: Some(service.name.to_owned()) }
}
