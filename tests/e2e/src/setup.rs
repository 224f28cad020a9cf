//! What the tests are given by `cargo xtask`.

use anyhow::{Context as _, Result};
use std::env;
use std::path::{Path, PathBuf};

/// Where the app, the servers' programs and the browser are.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The built app.
    pub dist: PathBuf,
    /// The folder of the servers' programs, of nginx, and of Firefox with its geckodriver.
    pub tools: PathBuf,
    /// Chrome or Chromium.
    pub chrome: PathBuf,
    /// The chromedriver of the same version.
    pub chromedriver: PathBuf,
}

impl Setup {
    /// Reads it from the environment.
    ///
    /// # Errors
    /// Something is not there. Nothing is left out in silence for want of a tool.
    pub fn from_env() -> Result<Self> {
        let path = |name: &str| {
            let value =
                env::var_os(name).with_context(|| format!("{name} is not set; run this through `cargo xtask`"))?;
            anyhow::Ok(PathBuf::from(value))
        };
        Ok(Self {
            dist: path("PYROGRAPH_DIST")?,
            tools: path("PYROGRAPH_TOOLS")?,
            chrome: path("CHROME")?,
            chromedriver: path("CHROMEDRIVER")?,
        })
    }

    /// The repository.
    pub fn root() -> PathBuf {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().nth(2).unwrap_or(here).to_path_buf()
    }

    /// Where reports go: pictures of failures, the servers' data and logs.
    pub fn reports() -> PathBuf {
        Self::root().join("target/e2e")
    }
}
