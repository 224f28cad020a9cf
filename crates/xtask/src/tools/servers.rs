//! Prometheus and its companions, as the demo and the tests run them.

use super::{debian, link, major_minor, take_from_path, version_of};
use crate::repo::Repo;
use crate::run::say;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// One server program: the name it gets in `.tools/bin` (Debian's), others it is known by, the package it comes in,
/// and the oldest version that has what we use.
struct Server {
    name: &'static str,
    aliases: &'static [&'static str],
    package: &'static str,
    oldest: (u32, u32),
}

/// Prometheus 2.42 has native histograms behind a flag and exemplar storage.
const SERVERS: &[Server] = &[
    Server { name: "prometheus", aliases: &["prometheus"], package: "prometheus", oldest: (2, 42) },
    Server { name: "promtool", aliases: &["promtool"], package: "prometheus", oldest: (2, 42) },
    Server {
        name: "prometheus-alertmanager",
        aliases: &["prometheus-alertmanager", "alertmanager"],
        package: "prometheus-alertmanager",
        oldest: (0, 25),
    },
    Server {
        name: "prometheus-node-exporter",
        aliases: &["prometheus-node-exporter", "node_exporter"],
        package: "prometheus-node-exporter",
        oldest: (1, 3),
    },
];

/// Makes sure of prometheus, promtool, alertmanager and node_exporter, and gives the folder they are in.
///
/// # Errors
/// One is missing, and this is not a machine on which it can be downloaded.
pub fn servers(repo: &Repo) -> Result<PathBuf> {
    let bin = repo.bin();
    for server in SERVERS {
        let program = bin.join(server.name);
        let will_do = |printed: &str| major_minor(printed).is_some_and(|version| version >= server.oldest);
        if version_of(&program).is_some_and(|printed| will_do(&printed))
            || take_from_path(server.aliases, &program, will_do)?
        {
            continue;
        }
        let unpacked = debian::root(repo).join("usr/bin").join(server.name);
        if !unpacked.is_file() {
            say(format!("downloading {} from the distribution's packages into .tools", server.package));
            debian::unpack(repo, debian::Wanted::Alone(server.package)).with_context(|| advice(server))?;
        }
        link(&unpacked, &program)?;
        let printed = version_of(&program).with_context(|| format!("{} does not run here", program.display()))?;
        if !will_do(&printed) {
            anyhow::bail!("{} is too old ({}); {}", server.name, printed.trim(), advice(server));
        }
    }
    Ok(bin)
}

fn advice(server: &Server) -> String {
    let (major, minor) = server.oldest;
    format!("install {} {major}.{minor} or newer and put it on PATH", server.aliases[server.aliases.len() - 1])
}
