//! Until when the fleet has been watched, kept in a file, so that the next start knows what it missed.

use super::StackError;
use super::files::Layout;
use crate::fleet;
use frame::Millis;
use std::fs;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::interval;

const FILE: &str = "watched-until";
/// Written about as often as the fleet is scraped. When all ends without notice, the next start fills in at most this
/// much twice, with the same figures.
const PERIOD: Duration = Duration::from_secs(15);

/// The instant up to which Prometheus has the fleet's samples; none when it never had any.
pub fn until(layout: &Layout) -> Option<Millis> {
    fs::read_to_string(layout.path(FILE)).ok()?.trim().parse().ok().map(Millis)
}

/// Notes that Prometheus has the fleet's samples up to `at`.
///
/// # Errors
/// The file cannot be written.
pub fn note(layout: &Layout, at: Millis) -> Result<(), StackError> {
    let path = layout.path(FILE);
    fs::write(&path, at.0.to_string()).map_err(StackError::io("write", &path))
}

/// Notes the present instant again and again until it is dropped.
#[derive(Debug)]
pub struct Watched {
    task: JoinHandle<()>,
}

impl Watched {
    /// Begins to take notes.
    #[must_use]
    pub fn keep(layout: Layout) -> Self {
        let task = tokio::spawn(async move {
            let mut ticks = interval(PERIOD);
            loop {
                ticks.tick().await;
                // A note that cannot be written costs the next start some time, nothing else.
                let _ = note(&layout, fleet::now());
            }
        });
        Self { task }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
    }
}
