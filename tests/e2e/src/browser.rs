//! A chromedriver process and the browser sessions it opens.

use crate::page::Page;
use anyhow::{Context as _, Result, bail};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use tokio::runtime::Handle;

/// Switches for a browser that nobody sits at: no window, as root in a container too, and no request of its own.
const SWITCHES: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
];

/// How long chromedriver may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens browser sessions; the driver is stopped when this is dropped.
pub struct Browser {
    chrome: PathBuf,
    driver: Child,
    url: String,
    runtime: Handle,
}

/// How a session sees the world.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// CSS pixels. Tall by default, so that a whole dashboard is in view and loads.
    pub size: (u32, u32),
    /// What the system says it prefers.
    pub theme: Theme,
    /// The time zone of the browser.
    pub zone: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self { size: (1440, 2600), theme: Theme::Light, zone: "UTC" }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

impl Theme {
    /// As in the address and in CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Browser {
    /// Starts a chromedriver on a free port.
    ///
    /// # Errors
    /// It does not start, or does not listen in time.
    pub fn start(chrome: &Path, chromedriver: &Path, runtime: Handle) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut driver = Command::new(chromedriver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", chromedriver.display()))?;
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = driver.try_wait()? {
                bail!("{} ended at once ({status})", chromedriver.display());
            }
            if start.elapsed() > PATIENCE {
                _ = driver.kill();
                bail!("{} does not listen on port {port}", chromedriver.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { chrome: chrome.to_owned(), driver, url: format!("http://127.0.0.1:{port}"), runtime })
    }

    /// Opens a session with a fresh profile; `base` is where the app is served.
    ///
    /// # Errors
    /// The browser does not start.
    pub fn open(&self, base: &str, options: Options) -> Result<Page> {
        let driver = self.runtime.block_on(self.session(options)).context("the browser did not start")?;
        Ok(Page::new(driver, self.runtime.clone(), base))
    }

    async fn session(&self, options: Options) -> Result<WebDriver> {
        let mut caps = DesiredCapabilities::chrome();
        caps.set_binary(&self.chrome.to_string_lossy())?;
        caps.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        for switch in SWITCHES {
            caps.add_arg(switch)?;
        }
        let (width, height) = options.size;
        caps.add_arg(&format!("--window-size={width},{height}"))?;
        let driver = WebDriver::new(&self.url, caps).await?;
        driver.set_script_timeout(Duration::from_secs(600)).await?;
        let cdp = driver.cdp();
        let metrics = serde_json::json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let scheme = serde_json::json!({ "name": "prefers-color-scheme", "value": options.theme.name() });
        cdp.send_raw("Emulation.setEmulatedMedia", serde_json::json!({ "features": [scheme] })).await?;
        cdp.send_raw("Emulation.setTimezoneOverride", serde_json::json!({ "timezoneId": options.zone })).await?;
        let watch = serde_json::json!({ "source": WATCH });
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", watch).await?;
        Ok(driver)
    }
}

/// Runs before the page's own scripts and notes what nobody would see.
const WATCH: &str = r#"
    globalThis.__seen = [];
    addEventListener("securitypolicyviolation", (e) =>
        __seen.push(`CSP ${e.violatedDirective} blocked ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`));
    addEventListener("error", (e) => __seen.push(`error: ${e.message}`));
    addEventListener("unhandledrejection", (e) => __seen.push(`unhandled rejection: ${e.reason}`));
"#;

impl Drop for Browser {
    fn drop(&mut self) {
        // It has gone by itself where this fails.
        _ = self.driver.kill();
        _ = self.driver.wait();
    }
}
