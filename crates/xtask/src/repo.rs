//! Where things stand in this repository.

use std::path::{Path, PathBuf};

/// The repository this program was built in.
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// The repository of the running `xtask`, whatever the current directory is.
    pub fn find() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: here.ancestors().nth(2).unwrap_or(here).to_path_buf() }
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the repository, given from its root.
    pub fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Everything downloaded or built for the commands; ignored by git.
    pub fn tools(&self) -> PathBuf {
        self.path(".tools")
    }

    /// Every tool under one name, wherever it came from.
    pub fn bin(&self) -> PathBuf {
        self.path(".tools/bin")
    }

    /// Where reports for people and tools go: always below the root, so that they are found.
    pub fn reports(&self) -> PathBuf {
        self.path("target")
    }
}
