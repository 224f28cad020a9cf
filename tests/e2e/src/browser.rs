//! A chromedriver process and the browser sessions it opens.

use crate::page::{Console, Page};
use crate::process::{self, Process};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
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
    "--enable-precise-memory-info",
];

/// Opens browser sessions; the driver is stopped when this is dropped.
pub struct Browser {
    chrome: PathBuf,
    driver: Process,
    runtime: Handle,
}

/// How a session sees the world.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// CSS pixels. Tall by default, so that a whole dashboard is in view and loads.
    pub size: (u32, u32),
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
    /// What the system says it prefers.
    pub theme: Theme,
    /// The time zone of the browser.
    pub zone: &'static str,
    /// Whether the user forbids pages to keep anything: every access throws.
    pub storage_denied: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { size: (1440, 2600), pixel_ratio: 1.0, theme: Theme::Light, zone: "UTC", storage_denied: false }
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
        let port = process::free_port()?;
        let mut command = Command::new(chromedriver);
        command.arg(format!("--port={port}"));
        Ok(Self { chrome: chrome.to_owned(), driver: Process::start(command, port, None)?, runtime })
    }

    /// Opens a session with a fresh profile; `base` is where the app is served.
    ///
    /// # Errors
    /// The browser does not start.
    pub fn open(&self, base: &str, options: Options) -> Result<Page> {
        let driver = self.runtime.block_on(self.session(options)).context("the browser did not start")?;
        Ok(Page::new(driver, self.runtime.clone(), base, Console::Driver))
    }

    async fn session(&self, options: Options) -> Result<WebDriver> {
        let mut caps = DesiredCapabilities::chrome();
        caps.set_binary(&self.chrome.to_string_lossy())?;
        caps.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        // Certificates of the tests' own.
        caps.accept_insecure_certs(true)?;
        if options.storage_denied {
            let block_all = serde_json::json!({ "profile.default_content_setting_values.cookies": 2 });
            caps.add_experimental_option("prefs", block_all)?;
        }
        for switch in SWITCHES {
            caps.add_arg(switch)?;
        }
        let (width, height) = options.size;
        caps.add_arg(&format!("--window-size={width},{height}"))?;
        let driver = WebDriver::new(&format!("http://127.0.0.1:{}", self.driver.port), caps).await?;
        driver.set_script_timeout(Duration::from_secs(600)).await?;
        let cdp = driver.cdp();
        let metrics = serde_json::json!({ "width": width, "height": height, "deviceScaleFactor": options.pixel_ratio, "mobile": false });
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
