//! Programs out of Debian's (or Ubuntu's) packages, unpacked below `.tools/debian`.
//!
//! Only downloading and unpacking: no root, no maintainer scripts, so no daemon and no change to the system. apt's own
//! caches and, where the system's package lists are missing or too old, the lists are kept below `.tools/apt`.

use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which packages to unpack.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    /// This one only: it holds a program that needs nothing but the C library.
    Alone(&'a str),
    /// These and every package they need that the system does not have.
    WithDependencies(&'a [&'a str]),
}

/// Where packages are unpacked.
pub fn root(repo: &Repo) -> PathBuf {
    repo.tools().join("debian")
}

/// Downloads packages and unpacks them below [`root`].
///
/// # Errors
/// There is no apt here, or the package cannot be had.
pub fn unpack(repo: &Repo, wanted: Wanted) -> Result<()> {
    if run::on_path("apt-get").is_none() || run::on_path("dpkg-deb").is_none() {
        bail!("this is neither Debian nor Ubuntu, so it cannot be downloaded here");
    }
    let apt = Apt::new(repo)?;
    let archives = match apt.lists().map(|lists| apt.download(wanted, lists)) {
        Some(Ok(archives)) => archives,
        // No lists, or old ones that name a version which is gone from the server.
        _ => {
            apt.update();
            apt.download(wanted, Lists::Ours).context("the package cannot be downloaded; is there a network?")?
        }
    };
    for archive in archives {
        run::run(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(root(repo)))?;
        fs::remove_file(&archive).with_context(|| format!("{} cannot be removed", archive.display()))?;
    }
    Ok(())
}

/// Whose package lists apt reads.
#[derive(Clone, Copy)]
enum Lists {
    System,
    Ours,
}

struct Apt {
    dir: PathBuf,
}

impl Apt {
    fn new(repo: &Repo) -> Result<Self> {
        let dir = repo.tools().join("apt");
        for below in ["lists/partial", "cache/archives/partial"] {
            let path = dir.join(below);
            fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        }
        fs::create_dir_all(root(repo))?;
        Ok(Self { dir })
    }

    /// The lists at hand: ours are newer than the system's. A fresh container has none.
    fn lists(&self) -> Option<Lists> {
        if has_lists(&self.dir.join("lists")) {
            return Some(Lists::Ours);
        }
        has_lists(Path::new("/var/lib/apt/lists")).then_some(Lists::System)
    }

    /// Fetches the package lists into a folder of our own. A source that cannot be reached is none of our business:
    /// whether the package is found decides.
    fn update(&self) {
        say("fetching the distribution's package lists into .tools/apt");
        let _ = run::read(self.get(Lists::Ours).arg("update"));
    }

    fn download(&self, wanted: Wanted, lists: Lists) -> Result<Vec<PathBuf>> {
        let archives = self.dir.join("cache/archives");
        let mut command = self.get(lists);
        match wanted {
            Wanted::Alone(package) => command.current_dir(&archives).args(["download", package]),
            Wanted::WithDependencies(packages) => {
                command.args(["install", "--download-only", "--yes", "--no-install-recommends"]).args(packages)
            }
        };
        run::read(&mut command)?;
        packages_in(&archives)
    }

    /// apt-get with its caches moved to a folder of ours, so that no lock and no right of root's is needed.
    fn get(&self, lists: Lists) -> Command {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]);
        command.arg("-o").arg(setting("Dir::Cache", &self.dir.join("cache")));
        if let Lists::Ours = lists {
            command.arg("-o").arg(setting("Dir::State::Lists", &self.dir.join("lists")));
        }
        command
    }
}

fn has_lists(dir: &Path) -> bool {
    let is_list = |entry: fs::DirEntry| entry.file_name().to_string_lossy().contains("_Packages");
    fs::read_dir(dir).is_ok_and(|entries| entries.flatten().any(is_list))
}

fn setting(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}

fn packages_in(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let files = entries.flatten().map(|entry| entry.path());
    let packages: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "deb")).collect();
    if packages.is_empty() {
        bail!("apt-get left no package in {}", dir.display());
    }
    Ok(packages)
}
