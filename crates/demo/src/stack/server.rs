//! One child process: started, waited for, and never left behind.

use super::StackError;
use super::files::Layout;
use crate::{BaseUrl, http};
use axum::http::StatusCode;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

const START_PATIENCE: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// A running server. Dropping it kills the process; [`Server::stop`] lets it finish first.
#[derive(Debug)]
pub struct Server {
    name: &'static str,
    child: Child,
    log: PathBuf,
    /// Where it listens.
    pub url: BaseUrl,
}

impl Server {
    /// Starts `program` with arguments that make it listen on `port`, in the data directory, where what it prints goes
    /// to a log.
    ///
    /// # Errors
    /// The program does not start, or its log cannot be written.
    pub fn spawn<A: AsRef<OsStr>>(
        name: &'static str,
        program: &Path,
        port: u16,
        args: impl IntoIterator<Item = A>,
        layout: &Layout,
    ) -> Result<Self, StackError> {
        let log = layout.path(&format!("logs/{name}.log"));
        let output = File::create(&log).map_err(StackError::io("write", &log))?;
        let errors = output.try_clone().map_err(StackError::io("write", &log))?;
        let child = leashed(program)
            .args(args)
            .current_dir(layout.path(""))
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            // Its own group, so that Ctrl-C reaches this process alone and the servers are stopped in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(StackError::io("start", program))?;
        Ok(Self { name, child, log, url: BaseUrl::loopback(port) })
    }

    /// Waits until `path` answers 200.
    ///
    /// # Errors
    /// The process ends before, or does not answer for a minute.
    pub async fn ready(&mut self, path: &str) -> Result<(), StackError> {
        let deadline = Instant::now() + START_PATIENCE;
        let url = self.url.join(path);
        while Instant::now() < deadline {
            if self.child.try_wait().map_err(StackError::io("wait for", self.name))?.is_some() {
                return Err(StackError::Exited { name: self.name, log: self.log.clone(), tail: tail(&self.log) });
            }
            if http::get(&url, START_PATIENCE).await.is_ok_and(|(status, _)| status == StatusCode::OK) {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err(StackError::NotReady { name: self.name, log: self.log.clone(), after: START_PATIENCE })
    }

    /// Asks the process to end and waits for that; kills it when it takes too long.
    pub async fn stop(mut self) {
        if let Some(pid) = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)) {
            // An error means that it has ended already.
            let _ = kill_process(pid, Signal::TERM);
        }
        if timeout(STOP_PATIENCE, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

/// A command whose process the kernel ends with ours, however ours ends, where util-linux can arrange that. The
/// kernel watches the *thread* that starts it, so this is called from the runtime's own threads only, never from its
/// short-lived blocking ones.
fn leashed(program: &Path) -> Command {
    const SETPRIV: &str = "/usr/bin/setpriv";
    if !Path::new(SETPRIV).exists() {
        return Command::new(program);
    }
    let mut command = Command::new(SETPRIV);
    command.args(["--pdeathsig", "TERM"]).arg("--").arg(program);
    command
}

/// A port nobody listens on now. Someone else may take it before the server does; that server then ends at once, and
/// the error says so.
pub fn free_port() -> Result<u16, StackError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    Ok(address.map_err(StackError::io("listen on", "127.0.0.1"))?.port())
}

/// The last lines of a log, for an error message.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
