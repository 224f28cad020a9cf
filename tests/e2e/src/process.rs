//! A program that serves on a port: chromedriver, geckodriver, nginx, a Prometheus of a test's own.

use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that listens on a port of the loopback interface; it is stopped when this is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Process {
    /// Starts `command`, which the caller has told to listen on `port`, and waits until it does. What it prints goes to
    /// `log`.
    ///
    /// # Errors
    /// It does not start, or does not listen in time; the message carries what it printed.
    pub fn start(mut command: Command, port: u16, log: Option<&Path>) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = || match log {
            Some(log) => File::options().create(true).append(true).open(log).map(Stdio::from),
            None => Ok(Stdio::null()),
        };
        command.stdin(Stdio::null()).stdout(output()?).stderr(output()?);
        let child = command.spawn().with_context(|| format!("{name} could not be started"))?;
        let mut process = Self { child, port };
        let printed = || log.and_then(|log| std::fs::read_to_string(log).ok()).unwrap_or_default();
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = process.child.try_wait()? {
                bail!("{name} ended at once ({status})\n{}", printed());
            }
            if start.elapsed() > PATIENCE {
                bail!("{name} does not listen on port {port}\n{}", printed());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(process)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has gone by itself where this fails.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// A port of the loopback interface that nobody listens on now.
///
/// # Errors
/// The system has none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
