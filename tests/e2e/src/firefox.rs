//! A geckodriver process and the one Firefox session that a test opens with it.

use crate::page::{Console, Page};
use crate::process::{self, Process};
use crate::setup::Setup;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use thirtyfour::prelude::*;
use tokio::runtime::Handle;

/// Opens Firefox; its driver is stopped when this is dropped.
pub struct Firefox {
    program: PathBuf,
    driver: Process,
    log: PathBuf,
    runtime: Handle,
}

impl Drop for Firefox {
    fn drop(&mut self) {
        // What a failed test leaves is there to be looked at.
        if !std::thread::panicking() {
            _ = fs::remove_file(&self.log);
        }
    }
}

impl Firefox {
    /// Starts the geckodriver in `tools` on a free port.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(tools: &Path, runtime: Handle) -> Result<Self> {
        let port = process::free_port()?;
        let log = Setup::reports().join(format!("firefox-{port}.log"));
        fs::create_dir_all(Setup::reports())?;
        fs::write(&log, "")?;
        let mut command = Command::new(tools.join("geckodriver"));
        command.args(["--port", &port.to_string(), "--websocket-port", "0"]);
        let driver = Process::start(command, port, Some(&log))?;
        Ok(Self { program: tools.join("firefox"), driver, log, runtime })
    }

    /// Opens a session with a fresh profile; `base` is where the app is served.
    ///
    /// # Errors
    /// Firefox does not start.
    pub fn open(&self, base: &str) -> Result<Page> {
        let driver = self.runtime.block_on(self.session()).context("Firefox did not start")?;
        Ok(Page::new(driver, self.runtime.clone(), base, Console::File(self.log.clone())))
    }

    async fn session(&self) -> Result<WebDriver> {
        let mut caps = DesiredCapabilities::firefox();
        caps.set_firefox_binary(&self.program.to_string_lossy())?;
        caps.add_arg("-headless")?;
        let mut preferences = thirtyfour::common::capabilities::firefox::FirefoxPreferences::new();
        // geckodriver has no command for errors: they go to the log, through Firefox's own output.
        preferences.set("devtools.console.stdout.content", true)?;
        caps.set_preferences(preferences)?;
        let driver = WebDriver::new(&format!("http://127.0.0.1:{}", self.driver.port), caps).await?;
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        driver.set_window_rect(0, 0, 1440, 2600).await?;
        Ok(driver)
    }
}
