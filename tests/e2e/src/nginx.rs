//! nginx with the configuration that is shipped in `stack/`, as an operator would put it into `/etc/nginx/`.

use crate::process::{self, Process};
use crate::setup::Setup;
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the shipped configuration puts the app.
pub const PATH: &str = "/pyrograph";

/// The module that sends `.br` files, beside the program where there is one.
const BROTLI: &str = "ngx_http_brotli_static_module.so";

/// The shipped files, to be edited as an operator would.
pub struct NginxConfig {
    program: PathBuf,
    brotli: Option<PathBuf>,
    dir: PathBuf,
    /// By their place below `/etc/nginx/`.
    files: BTreeMap<String, String>,
    http_port: u16,
    https_port: u16,
}

impl NginxConfig {
    /// The files as they are shipped, but on free ports, in front of the app in `dist` with an operator's configuration
    /// and dashboards.
    pub(crate) fn shipped(setup: &Setup, config_json: &str, dashboards: &Path) -> Result<Self> {
        let (http_port, https_port) = (process::free_port()?, process::free_port()?);
        let dir = Setup::reports().join(format!("nginx-{http_port}"));
        let site = dir.join("site");
        lay_out(&setup.dist, &site, config_json, dashboards).context("the folder of the app cannot be laid out")?;
        let stack = Setup::root().join("stack");
        let main = fs::read_to_string(stack.join("nginx.conf"))?;
        let mut files = BTreeMap::from([("conf.d/pyrograph.conf".to_owned(), main)]);
        for entry in fs::read_dir(stack.join("pyrograph"))? {
            let entry = entry?;
            let place = format!("pyrograph/{}", entry.file_name().to_string_lossy());
            files.insert(place, fs::read_to_string(entry.path())?);
        }
        let brotli = Some(setup.tools.join(BROTLI)).filter(|module| module.exists());
        let config = Self { program: setup.tools.join("nginx"), brotli, dir, files, http_port, https_port };
        let listen = |port| format!("listen 127.0.0.1:{port}");
        Ok(config
            .set("listen 80", &listen(http_port))
            .set("listen 443", &listen(https_port))
            .set("/usr/share/pyrograph/", &format!("{}/", site.display()))
            .set("/etc/nginx/", ""))
    }

    /// Whether compressed files can be sent in brotli here.
    pub fn has_brotli(&self) -> bool {
        self.brotli.is_some()
    }

    /// Sends what is passed on to these two servers.
    #[must_use]
    pub fn upstreams(self, prometheus: &str, alertmanager: &str) -> Self {
        self.set("server 127.0.0.1:9090;", &format!("server {prometheus};"))
            .set("server 127.0.0.1:9093;", &format!("server {alertmanager};"))
    }

    /// Takes the `#` away from the include of a part.
    #[must_use]
    pub fn with(self, part: &str) -> Self {
        let include = format!("include pyrograph/{part}.conf;");
        self.set(&format!("# {include}"), &include)
    }

    /// Puts `new` wherever the files say `old`.
    #[must_use]
    pub fn set(mut self, old: &str, new: &str) -> Self {
        assert!(self.files.values().any(|text| text.contains(old)), "stack/ no longer says {old:?}");
        self.files.values_mut().for_each(|text| *text = text.replace(old, new));
        self
    }

    /// Adds a file that the configuration refers to.
    #[must_use]
    pub fn file(mut self, place: &str, text: impl Into<String>) -> Self {
        self.files.insert(place.to_owned(), text.into());
        self
    }

    /// Starts nginx with it.
    ///
    /// # Panics
    /// nginx refuses the configuration.
    #[must_use]
    pub fn start(self) -> Nginx {
        self.try_start().unwrap_or_else(|error| panic!("nginx did not start: {error:#}"))
    }

    fn try_start(mut self) -> Result<Nginx> {
        let place = self.dir.display().to_string();
        self.files.insert("nginx.conf".to_owned(), main_file(&place, self.brotli.as_deref()));
        for (file, text) in &self.files {
            let file = self.dir.join(file);
            fs::create_dir_all(file.parent().unwrap_or(&self.dir))?;
            fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        }
        fs::create_dir_all(self.dir.join("temp"))?;
        let mut command = Command::new(&self.program);
        command.args(["-e", "stderr", "-c"]).arg(self.dir.join("nginx.conf"));
        let process = Process::start(command, self.http_port, Some(&self.dir.join("error.log")))?;
        Ok(Nginx { process, https_port: self.https_port, dir: self.dir })
    }
}

/// The app as it was built, with `config.json` edited where it lies and the dashboards replaced.
fn lay_out(dist: &Path, site: &Path, config_json: &str, dashboards: &Path) -> Result<()> {
    fs::create_dir_all(site.join("dashboards"))?;
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != "config.json" && name != "dashboards" {
            std::os::unix::fs::symlink(entry.path(), site.join(name))?;
        }
    }
    fs::write(site.join("config.json"), config_json)?;
    for entry in fs::read_dir(dashboards)? {
        let entry = entry?;
        fs::copy(entry.path(), site.join("dashboards").join(entry.file_name()))?;
    }
    let index = serde_json::to_string(&demo::serve::dashboards::index(dashboards)?)?;
    Ok(fs::write(site.join("dashboards/index.json"), index)?)
}

/// What a distribution's own nginx.conf does, in one process that any user may start.
fn main_file(place: &str, brotli: Option<&Path>) -> String {
    let module = brotli.map(|module| format!("load_module {};\n", module.display())).unwrap_or_default();
    let kinds = ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"];
    let temp: String = kinds.iter().map(|kind| format!("    {kind}_temp_path {place}/temp/{kind};\n")).collect();
    format!(
        "{module}daemon off;\nmaster_process off;\npid {place}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\n{temp}    access_log off;\n    include conf.d/*.conf;\n}}\n"
    )
}

/// A running nginx; it is stopped when this is dropped.
pub struct Nginx {
    process: Process,
    https_port: u16,
    dir: PathBuf,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // What a failed test leaves is there to be looked at.
        if !std::thread::panicking() {
            _ = fs::remove_dir_all(&self.dir);
        }
    }
}

impl Nginx {
    /// The port for http.
    pub fn port(&self) -> u16 {
        self.process.port
    }

    /// The port for https, where that is switched on.
    pub fn https_port(&self) -> u16 {
        self.https_port
    }

    /// Where the app is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port())
    }

    /// Where the app is by https.
    pub fn https_url(&self) -> String {
        format!("https://127.0.0.1:{}{PATH}", self.https_port)
    }
}
