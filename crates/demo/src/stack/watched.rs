//! When each service was last scraped, and where, kept in a file, so that the next start knows what it missed, and when
//! Prometheus comes again: that depends on the port.

use super::StackError;
use super::files::Layout;
use crate::fleet::{Endpoint, PerService, SERVICES};
use frame::Millis;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::interval;

const FILE: &str = "scrapes";
/// When all ends without notice, the next start fills in at most this much twice, with the same figures.
const PERIOD: Duration = Duration::from_secs(5);

/// A service's last scrape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scrape {
    /// The port of its endpoint.
    pub port: u16,
    /// The instant.
    pub at: Millis,
}

/// The services' last scrapes; none when there never was one.
pub fn read(layout: &Layout) -> Option<PerService<Scrape>> {
    let text = fs::read_to_string(layout.path(FILE)).ok()?;
    parse(&text)
}

/// A line a service: name, port, milliseconds since the epoch.
fn parse(text: &str) -> Option<PerService<Scrape>> {
    let scrapes = text.lines().zip(&SERVICES).map_while(|(line, service)| {
        let mut words = line.split(' ');
        let is_it = words.next() == Some(service.name);
        let scrape = Scrape { port: words.next()?.parse().ok()?, at: Millis(words.next()?.parse().ok()?) };
        is_it.then_some(scrape)
    });
    scrapes.collect::<Vec<_>>().try_into().ok()
}

/// Notes the services' last scrapes.
///
/// # Errors
/// The file cannot be written.
pub fn note(layout: &Layout, scrapes: &PerService<Scrape>) -> Result<(), StackError> {
    let path = layout.path(FILE);
    fs::write(&path, print(scrapes)).map_err(StackError::io("write", &path))
}

fn print(scrapes: &PerService<Scrape>) -> String {
    let lines = SERVICES.iter().zip(scrapes);
    lines.map(|(service, Scrape { port, at })| format!("{} {port} {}\n", service.name, at.0)).collect()
}

/// The running endpoints, whose scrapes are noted again and again until this is dropped, and then once more.
#[derive(Debug)]
pub struct Watched {
    notes: Arc<Notes>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Notes {
    layout: Layout,
    fleet: Vec<Endpoint>,
    /// The last scrapes before this.
    before: PerService<Scrape>,
}

impl Watched {
    /// Begins to take notes. `before` are the last scrapes up to now.
    #[must_use]
    pub fn keep(layout: Layout, fleet: Vec<Endpoint>, before: PerService<Scrape>) -> Self {
        let notes = Arc::new(Notes { layout, fleet, before });
        let task = tokio::spawn({
            let notes = Arc::clone(&notes);
            async move {
                let mut ticks = interval(PERIOD);
                loop {
                    ticks.tick().await;
                    notes.take();
                }
            }
        });
        Self { notes, task }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
        self.notes.take();
    }
}

impl Notes {
    fn take(&self) {
        let mut scrapes = self.before;
        for (scrape, endpoint) in scrapes.iter_mut().zip(&self.fleet) {
            scrape.at = endpoint.last_scrape().map_or(scrape.at, |at| scrape.at.max(at));
        }
        // A note that cannot be written costs the next start some time, nothing else.
        let _ = note(&self.layout, &scrapes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read() {
        let scrapes = std::array::from_fn(|index| Scrape { port: 40_000 + index as u16, at: Millis(index as i64) });
        let text = print(&scrapes);
        assert_eq!(parse(&text), Some(scrapes));
        for broken in
            ["", "gateway", "gateway 1 2", &text.replacen("gateway", "gatekeeper", 1), &text[..text.len() - 2]]
        {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }
}
