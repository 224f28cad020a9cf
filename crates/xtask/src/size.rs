//! The size budget: what the first view of a dashboard loads stays under 200 KB brotli.

use crate::dist::{files_below, twin};
use crate::rest;
use anyhow::{Context as _, Result, bail};
use std::fmt;
use std::fs;
use std::path::Path;

/// The most that the first load is to weigh, in bytes, brotli at quality 11.
const BUDGET: u64 = 200_000;

/// The sizes of the bundle's files.
pub struct Report {
    files: Vec<File>,
}

struct File {
    name: String,
    sizes: Sizes,
    when: When,
}

/// When the fleet dashboard's first view asks for a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// Before a panel is painted.
    First,
    /// Once one is, so that nothing has to wait for it.
    Next,
    /// When it is needed, which may be never.
    Needed,
}

#[derive(Clone, Copy, Default)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Report {
    /// Measures a bundle with its compressed twins.
    ///
    /// # Errors
    /// A file or its twin cannot be read.
    pub fn measure(dist: &Path) -> Result<Self> {
        let size = |file: &Path| -> Result<u64> {
            Ok(fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?.len())
        };
        let mut files = Vec::new();
        for file in files_below(dist)? {
            let name = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
            if name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let sizes = Sizes { raw: size(&file)?, gzip: size(&twin(&file, "gz"))?, brotli: size(&twin(&file, "br"))? };
            files.push(File { when: when(&name), name, sizes });
        }
        files.sort_by_key(|file| (file.when, std::cmp::Reverse(file.sizes.brotli)));
        Ok(Self { files })
    }

    /// # Errors
    /// The first load is over its budget.
    pub fn check(&self) -> Result<()> {
        let total = self.first_load().brotli;
        if total >= BUDGET {
            bail!(
                "the first load is {total} bytes brotli, the budget {BUDGET}: move what the first panel does not need out of it, or run `cargo xtask first-run` where much has moved"
            );
        }
        Ok(())
    }

    fn first_load(&self) -> Sizes {
        self.files.iter().filter(|file| file.when == When::First).fold(Sizes::default(), |sum, file| Sizes {
            raw: sum.raw + file.sizes.raw,
            gzip: sum.gzip + file.sizes.gzip,
            brotli: sum.brotli + file.sizes.brotli,
        })
    }
}

/// The worker runs the same glue and the same Wasm as the page. The rest (`rest/`) is fetched with the first answer, with its
/// styles, and then what watches over a page that runs; the other files in `snippets/` are the script that loads parts of the
/// app, and the parts.
/// (An end-to-end test compares this with what a browser really loads.)
fn when(name: &str) -> When {
    if name.starts_with("snippets/") && name.ends_with(rest::FILE)
        || name.starts_with(rest::STYLES)
        || name == "watch.js"
    {
        return When::Next;
    }
    let is_code = [".html", ".js", ".css"].iter().any(|extension| name.ends_with(extension));
    let is_first =
        is_code || name.ends_with("_bg.bin") || name == "config.json" || name == "dashboards/fleet-overview.json";
    if is_first { When::First } else { When::Needed }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let width = self.files.iter().map(|file| file.name.len()).max().unwrap_or(0).max(10);
        let row = |f: &mut fmt::Formatter, name: &str, s: Sizes| {
            writeln!(f, "{name:width$} {:>10} {:>10} {:>10}", s.raw, s.gzip, s.brotli)
        };
        writeln!(f, "{:width$} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli")?;
        let rows = |f: &mut fmt::Formatter, when: When| -> fmt::Result {
            let mut files = self.files.iter().filter(|file| file.when == when);
            files.try_for_each(|file| row(f, &file.name, file.sizes))
        };
        rows(f, When::First)?;
        row(f, "first load", self.first_load())?;
        writeln!(f, "{:width$} {:>10} {:>10} {BUDGET:>10}", "budget", "", "")?;
        writeln!(f, "\nloaded with the first answer")?;
        rows(f, When::Next)?;
        writeln!(f, "\nloaded when needed")?;
        rows(f, When::Needed)?;
        Ok(())
    }
}
