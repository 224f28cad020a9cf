//! Everything that the tests share: the servers, the site in front of them and the browser.

use crate::browser::{Browser, Options};
use crate::clock::Clock;
use crate::dashboards::{Dashboard, rules_for_file};
use crate::firefox::Firefox;
use crate::local::Local;
use crate::nginx::NginxConfig;
use crate::page::Page;
use crate::setup::Setup;
use anyhow::{Context as _, Result};
use demo::serve::{self, Served, Site};
use demo::stack::{Stack, StackOptions};
use faultd::{Fault, FaultHandle, Rule, When};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The dashboards that come with the app.
const DASHBOARDS: &str = "assets/dashboards";

/// How much of the past the fleet has. Enough for every range the tests look at, and soon there.
const PAST: Duration = Duration::from_secs(6 * 60 * 60);

/// Started once, stopped when dropped.
pub struct World {
    setup: Setup,
    browser: Browser,
    site: Served,
    stack: Option<Stack>,
    runtime: Runtime,
}

impl World {
    /// Starts servers, site and browser.
    ///
    /// # Errors
    /// One of them does not start, with what to do about it.
    pub fn start(setup: &Setup) -> Result<Self> {
        let runtime = Runtime::new()?;
        let browser = Browser::start(&setup.chrome, &setup.chromedriver, runtime.handle().clone())?;
        let data = Setup::reports().join("data");
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("{} cannot be emptied", data.display()))?;
        }
        let options = StackOptions {
            tools_dir: setup.tools.clone(),
            data_dir: data,
            prometheus_url: None,
            alertmanager_url: None,
            backfill: PAST,
        };
        let (stack, site) = runtime.block_on(async {
            let stack = Stack::start(options, |line| eprintln!("{line}")).await?;
            let site = Site {
                dist: setup.dist.clone(),
                config_json: checking_merges(&serve::config_json(stack.alertmanager_url.is_some())),
                dashboards: Setup::root().join(DASHBOARDS),
                prometheus: stack.prometheus_url.clone(),
                alertmanager: stack.alertmanager_url.clone(),
            };
            anyhow::Ok((stack, serve::spawn(site, 0).await?))
        })?;
        Ok(Self { setup: setup.clone(), browser, site, stack: Some(stack), runtime })
    }

    /// Every page with something on it, by route.
    pub fn routes(&self) -> Vec<String> {
        let dashboards = serve::dashboards::index(&Setup::root().join(DASHBOARDS));
        let dashboards = dashboards.unwrap_or_else(|error| panic!("{DASHBOARDS} cannot be read: {error}"));
        let others =
            ["", "explore?expr=sum by (job) (up)&expr=process_cpu_seconds_total", "alerts", "targets", "settings"];
        others
            .into_iter()
            .map(str::to_owned)
            .chain(dashboards.into_iter().map(|entry| format!("d/{}", entry.uid)))
            .collect()
    }

    /// A fresh browser session on the site.
    pub fn page(&self) -> Page {
        self.page_with(Options::default())
    }

    /// A fresh browser session on the site that sees the world otherwise.
    pub fn page_with(&self, options: Options) -> Page {
        self.open(&self.site.url.to_string(), options)
    }

    /// A fresh browser session on the app as it is served at another address.
    pub fn page_at(&self, url: &str, options: Options) -> Page {
        self.open(url, options)
    }

    /// The app as it was built.
    pub fn dist(&self) -> &Path {
        &self.setup.dist
    }

    /// The name of a file of the built app.
    pub fn built(&self, is_meant: impl Fn(&str) -> bool) -> String {
        let files = fs::read_dir(self.dist()).unwrap_or_else(|error| panic!("{}: {error}", self.dist().display()));
        let mut names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
        names.find(|name| is_meant(name)).unwrap_or_else(|| panic!("the app has no such file"))
    }

    /// The folder of the servers' programs.
    pub fn tools(&self) -> &Path {
        &self.setup.tools
    }

    /// Where the site is, such as `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        self.site.url.to_string()
    }

    /// nginx as it is shipped, not started yet, in front of the app and of the real servers.
    pub fn nginx(&self) -> NginxConfig {
        let stack = self.stack.as_ref().unwrap_or_else(|| unreachable!("it is taken on drop only"));
        let address = |url: &demo::BaseUrl| url.to_string().replace("http://", "");
        let prometheus = address(&stack.prometheus_url);
        let alertmanager = stack.alertmanager_url.as_ref().map_or_else(|| prometheus.clone(), address);
        self.nginx_in_front_of(&prometheus, &alertmanager)
    }

    /// The same in front of other servers, each given as `host:port`.
    pub fn nginx_in_front_of(&self, prometheus: &str, alertmanager: &str) -> NginxConfig {
        let dashboards = Setup::root().join(DASHBOARDS);
        let config = NginxConfig::shipped(&self.setup, &checking_merges(&serve::config_json(true)), &dashboards);
        config.unwrap_or_else(|error| panic!("{error:#}")).upstreams(prometheus, alertmanager)
    }

    /// A small server of the test's own.
    pub fn serve(&self, router: axum::Router) -> Local {
        self.runtime.block_on(Local::start(router)).unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// A geckodriver for one session of Firefox.
    pub fn firefox(&self) -> Firefox {
        let firefox = Firefox::start(&self.setup.tools, self.runtime.handle().clone());
        firefox.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// The site with a fault server in front of it, of this test's own.
    pub fn faulty(&self) -> Faulty<'_> {
        let server = self.runtime.block_on(faultd::spawn(&self.site.url.to_string(), 0));
        let server = server.unwrap_or_else(|error| panic!("the fault server did not start: {error}"));
        Faulty { world: self, server, always: Vec::new(), clock: None }
    }

    fn open(&self, base: &str, options: Options) -> Page {
        self.browser.open(base, options).unwrap_or_else(|error| panic!("{error:#}"))
    }
}

/// The same configuration, with every merged answer compared to a whole one: the page tells on its console where they
/// differ, and the test ends.
fn checking_merges(config_json: &str) -> String {
    let mut config: Value = serde_json::from_str(config_json).unwrap_or_else(|error| panic!("config.json: {error}"));
    config["debug"] = json!({ "checkMerges": true });
    config.to_string()
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(stack) = self.stack.take() {
            self.runtime.block_on(stack.stop());
        }
    }
}

/// The site behind a fault server.
pub struct Faulty<'a> {
    world: &'a World,
    server: faultd::Server,
    always: Vec<Rule>,
    clock: Option<Clock>,
}

impl Faulty<'_> {
    /// Puts a dashboard on the site, as its only one.
    #[must_use]
    pub fn with(self, dashboard: &Dashboard) -> Self {
        self.always(dashboard.rules())
    }

    /// Puts any text on the site where a dashboard's file should be.
    #[must_use]
    pub fn with_file(self, text: &str) -> Self {
        self.always(rules_for_file(text))
    }

    /// Has made-up answers to every query instead of those of the real servers.
    #[must_use]
    pub fn on_synthetic(self) -> Self {
        let config = serde_json::json!({
            "dataSources": [{ "uid": "prometheus", "name": "Prometheus", "url": "synthetic", "default": true }],
            "dashboards": { "index": "dashboards/index.json" },
        });
        let config = Fault::status(200, "application/json", &config.to_string());
        self.always(vec![Rule::new(When::path("/config.json"), config)])
    }

    /// Has one more fault made always, whatever others are set.
    #[must_use]
    pub fn and(self, rule: Rule) -> Self {
        self.always(vec![rule])
    }

    /// Has the pages that are opened from now on go by a clock that the test moves; see [`Self::jump`].
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        let in_worker = clock.in_worker(self.world.dist());
        self.and(in_worker)
    }

    /// Has a made-up server with so many rules in so many groups; the last is called `TheVeryLastOne`.
    #[must_use]
    pub fn with_rules(self, groups: u32, rules: u32) -> Self {
        let config = json!({
            "dataSources": [{
                "uid": "prometheus", "name": "Prometheus", "url": "synthetic",
                "params": { "groups": groups.to_string(), "rules": rules.to_string() },
            }],
        });
        let config = Fault::status(200, "application/json", &config.to_string());
        self.and(Rule::new(When::path("/config.json"), config))
    }

    /// Puts any text on the site where a dashboard's file should be, until the next change of faults.
    pub fn put_file(&self, text: &str) {
        self.set(&rules_for_file(text));
    }

    /// The first rule that matches decides, so what is said last counts.
    fn always(mut self, rules: Vec<Rule>) -> Self {
        self.always = [rules, self.always].concat();
        self.set(&[]);
        self
    }

    /// Where it is.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Makes these faults from now on, and no others.
    pub fn set(&self, rules: &[Rule]) {
        self.server.faults().set([&self.always, rules].concat());
    }

    /// Makes no more faults.
    pub fn heal(&self) {
        self.set(&[]);
    }

    /// Lets time pass at once, for the page and for the servers, as for a machine that slept.
    pub fn jump(&self, page: &Page, by: Duration) {
        self.log().put_clock_ahead(by);
        page.jump(by);
    }

    /// What arrived.
    pub fn log(&self) -> &FaultHandle {
        self.server.faults()
    }

    /// A fresh browser session on it.
    pub fn page(&self) -> Page {
        self.page_with(Options::default())
    }

    /// A fresh browser session on it that sees the world otherwise.
    pub fn page_with(&self, options: Options) -> Page {
        let page = self.world.open(&self.server.url(), options);
        if let Some(clock) = self.clock {
            page.before_scripts(&clock.script());
        }
        page
    }
}
