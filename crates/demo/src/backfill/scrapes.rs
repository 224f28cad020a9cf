//! The fleet's expositions over a piece of time, as the OpenMetrics text that `promtool` reads.

use crate::fleet::{Service, Simulation, encode_plain_text};
use frame::Millis;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes the samples of `scrapes`, which are in their order, and says how many there are.
pub fn write(simulation: &mut Simulation, scrapes: &[(Millis, &'static Service)], path: &Path) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut samples = 0;
    for (at, service) in scrapes {
        simulation.advance(*at);
        samples += write_scrape(simulation, service, *at, &mut out)?;
    }
    out.write_all(b"# EOF\n")?;
    out.flush()?;
    Ok(samples)
}

/// What a scrape of `service` at `at` would have stored: its exposition and whether there was one.
pub fn write_scrape(simulation: &Simulation, service: &Service, at: Millis, out: &mut impl Write) -> io::Result<u64> {
    let secs = at.0 as f64 / 1000.0;
    // The labels Prometheus adds: the job of its configuration, the instance of its list of targets.
    let target = format!("instance=\"{}\",job=\"fleet\"", service.instance());
    let snapshot = simulation.snapshot(service.id, at);
    writeln!(out, "up{{{target},service=\"{}\"}} {} {secs}", service.name, u8::from(snapshot.is_some()))?;
    let Some(snapshot) = snapshot else { return Ok(1) };
    let exposition = encode_plain_text(snapshot).map_err(io::Error::other)?;
    let mut samples = 1;
    for line in exposition.lines() {
        // Comments have no labels; every sample has at least that of its service.
        if let Some((name, rest)) = line.split_once('{').filter(|_| !line.starts_with('#')) {
            writeln!(out, "{name}{{{target},{rest} {secs}")?;
            samples += 1;
        }
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{SERVICES, encode_text};

    #[test]
    fn the_past_is_what_the_endpoints_would_have_said() {
        let at = Millis((20_400 * 86_400 + 40_005) * 1000 + 125);
        let simulation = Simulation::new(at);
        for service in &SERVICES {
            let mut written = Vec::new();
            let count = write_scrape(&simulation, service, at, &mut written).unwrap();
            let written = String::from_utf8(written).unwrap();
            assert_eq!(written.lines().count() as u64, count);
            // The same lines, but for the labels and the time that Prometheus adds to a scrape.
            let target = format!("{{instance=\"{}-0\",job=\"fleet\",", service.name);
            let secs = format!(" {}", at.0 as f64 / 1000.0);
            let written =
                written.lines().skip(1).map(|line| line.strip_suffix(&secs).unwrap().replacen(&target, "{", 1));
            let scraped = encode_text(simulation.snapshot(service.id, at).unwrap()).unwrap();
            let scraped = scraped.lines().filter(|line| !line.starts_with('#'));
            let scraped = scraped.map(|line| line.split(" # ").next().unwrap_or(line));
            assert!(written.eq(scraped), "{}", service.name);
        }
    }

    #[test]
    fn every_scrape_says_whether_the_service_was_up() {
        let at = Millis((20_400 * 86_400 + 40_005) * 1000);
        let mut written = Vec::new();
        write_scrape(&Simulation::new(at), &SERVICES[0], at, &mut written).unwrap();
        assert!(written.starts_with(b"up{instance=\"gateway-0\",job=\"fleet\",service=\"gateway\"} 1 "));
    }
}
