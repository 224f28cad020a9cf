//! Questions that a server answers once: label values, rules, alerts, what metrics are.

use crate::browser::url;
use crate::protocol::{self, Access, Endpoint, Reply, Texts};
use crate::worker::{alerts, exemplars, fetch, metrics, series, status};
use engine::ExemplarQuery;
use frame::{SortedMap, Step, TimeRange};
use promapi::rule_list::RuleWish;
use promapi::{FetchError, Request, alertmanager};
use std::cell::Cell;
use std::rc::Rc;
use wasm_split_helpers::SplitLoaderError;

/// How long a server may take for a question.
const TIMEOUT_SECS: u32 = 30;
/// How long the answer is waited for: so much longer that the server's word comes that it gives up.
pub const TIMEOUT_MILLIS: i64 = TIMEOUT_SECS as i64 * 1_000 + engine::GRACE_MILLIS;
/// How many series are asked for to count the values of their labels.
const SERIES_LIMIT: u32 = 5_000;
/// How many of the largest names are asked for.
const COUNTS_LIMIT: u32 = 20;

/// The servers that may be asked.
#[derive(Default)]
pub struct Servers {
    sources: SortedMap<String, Server>,
    alertmanagers: SortedMap<String, Server>,
}

/// A server's API: where it begins, and what goes with every request.
#[derive(Clone)]
pub struct Server {
    pub base: String,
    pub access: Rc<Access>,
    pub found_out: Rc<FoundOut>,
}

/// What a server turned out to be like.
#[derive(Default)]
pub struct FoundOut {
    /// It takes no POST.
    pub refuses_post: Cell<bool>,
    /// Whether it sends requests elsewhere, and by which [`crate::browser::clock::ticks`] that was seen.
    pub sends_elsewhere: Cell<Option<(bool, f64)>>,
}

/// A question as its server understands it.
pub struct Call {
    server: Server,
    request: Request,
    about: About,
}

/// What the answer tells about, and so how it is read.
enum About {
    Names,
    Result,
    Series,
    /// Of this data source.
    Rules(String),
    AlertGroups,
    Status(protocol::About),
    Metrics(protocol::Metrics),
    /// Of this data source, where a panel asks for points so far apart.
    Exemplars(String, Step),
}

impl Servers {
    /// These and no others.
    pub fn new(sources: Vec<Endpoint>, alertmanagers: Vec<Endpoint>) -> Self {
        let by_name = |endpoints: Vec<Endpoint>| {
            let server = |Endpoint { uid, url, access }| {
                (uid, Server { base: url, access: access.into(), found_out: Rc::default() })
            };
            endpoints.into_iter().map(server).collect()
        };
        Self { sources: by_name(sources), alertmanagers: by_name(alertmanagers) }
    }

    /// Texts for a variable.
    pub fn texts(&self, source: &str, of: Texts, range: TimeRange) -> Result<Call, FetchError> {
        let server = self.source(source)?;
        let about = match of {
            Texts::LabelValues { .. } | Texts::LabelNames { .. } => About::Names,
            Texts::Series { .. } => About::Series,
            Texts::Result { .. } => About::Result,
        };
        Ok(Call { server, request: engine::texts::request(&of, range, TIMEOUT_SECS), about })
    }

    /// The rules of a data source.
    pub fn rules(&self, source: &str) -> Result<Call, FetchError> {
        Ok(Call { server: self.source(source)?, request: Request::rules(), about: About::Rules(source.to_owned()) })
    }

    /// The alerts of an Alertmanager.
    pub fn alert_groups(&self, alertmanager: &str) -> Result<Call, FetchError> {
        let server = self.alertmanager(alertmanager)?;
        Ok(Call { server, request: alertmanager::alert_groups(), about: About::AlertGroups })
    }

    /// What a server tells about itself.
    pub fn status(&self, about: protocol::About) -> Result<Call, FetchError> {
        use protocol::About as Of;
        let (server, request) = match &about {
            Of::Targets { source } => (self.source(source)?, Request::targets()),
            Of::Build { source } => (self.source(source)?, Request::buildinfo()),
            Of::Database { source } => (self.source(source)?, Request::database_status(COUNTS_LIMIT)),
            Of::Flags { source } => (self.source(source)?, Request::flags()),
            Of::Alertmanager { alertmanager } => (self.alertmanager(alertmanager)?, alertmanager::status()),
        };
        Ok(Call { server, request, about: About::Status(about) })
    }

    /// What a data source knows of its metrics.
    pub fn metrics(&self, source: &str, of: protocol::Metrics) -> Result<Call, FetchError> {
        use protocol::Metrics as Of;
        let request = match &of {
            Of::Help => Request::metadata(engine::texts::MOST),
            Of::Labels { selector, range } => Request::series(std::slice::from_ref(selector), *range, SERIES_LIMIT),
        };
        Ok(Call { server: self.source(source)?, request, about: About::Metrics(of) })
    }

    /// Exemplars of what a panel shows.
    pub fn exemplars(&self, query: ExemplarQuery) -> Result<Call, FetchError> {
        let ExemplarQuery { source, expr, range, step } = query;
        let (server, request) = (self.source(&source)?, Request::query_exemplars(&expr, range));
        Ok(Call { server, request, about: About::Exemplars(source, step) })
    }

    /// The API of a data source.
    pub fn source(&self, uid: &str) -> Result<Server, FetchError> {
        let found = find(&self.sources, uid)?;
        Ok(Server { base: format!("{}/api/v1", found.base), ..found })
    }

    fn alertmanager(&self, name: &str) -> Result<Server, FetchError> {
        find(&self.alertmanagers, name)
    }
}

fn find(servers: &SortedMap<String, Server>, uid: &str) -> Result<Server, FetchError> {
    let found = servers.get(uid).cloned();
    // There is nowhere to send the request to: as unreachable as it gets, with the reason.
    found.ok_or_else(|| FetchError::Unreachable { detail: format!("config.json names no “{uid}”") })
}

impl Call {
    /// Scheme, host and port of the server.
    pub fn origin(&self) -> String {
        url::origin(&self.server.base).unwrap_or_default()
    }

    /// Fetches and reads the answer.
    pub async fn run(self, watch: &fetch::Watch) -> Result<Reply, FetchError> {
        let (head, body) = fetch::whole(&self.server, self.request, watch).await?;
        let encoded = match self.about {
            About::Names => return head.judge(promapi::decode_names(&body).map(Reply::Texts)),
            About::Result => return head.judge(engine::texts::of_result(&body).map(Reply::Texts)),
            About::Series => {
                let texts = series::texts(body).await.map_err(missing)?;
                return head.judge(texts.map(Reply::Texts));
            }
            About::Rules(source) => alerts::rules(source, body).await,
            About::AlertGroups => alerts::groups(body).await,
            About::Status(about) => status::read(about, body).await,
            About::Metrics(of) => metrics::read(of, body).await,
            About::Exemplars(source, step) => exemplars::read(source, step, body).await,
        };
        head.judge(encoded.map_err(missing)?.map(Reply::Encoded))
    }
}

/// A part of the rules that are kept of the data source `source`.
pub async fn rule_page(source: String, wish: RuleWish) -> Result<Reply, FetchError> {
    let page = alerts::rule_page(source, wish).await.map_err(missing)?;
    page.map(Reply::Encoded).map_err(FetchError::Decode)
}

fn missing(_: SplitLoaderError) -> FetchError {
    FetchError::Unreachable { detail: "the part of Pyrograph that reads the answer could not be loaded".to_owned() }
}
