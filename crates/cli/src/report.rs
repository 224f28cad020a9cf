//! What is said about a file.

use serde::Serialize;
use std::fmt;
use std::io::{self, Write};

/// What is said about a dashboard.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file, as it was named.
    pub file: String,
    /// How many panels it has, rows apart.
    pub panels: usize,
    /// How many of them are supported with everything they say.
    pub supported: usize,
    /// Options without effect, and values that cannot be used.
    pub partly: Vec<Finding>,
    /// Panels and other things of a kind that is not supported.
    pub unsupported: Vec<Finding>,
    /// What is wrong with queries.
    pub promql_errors: Vec<Finding>,
    /// Why it cannot be read at all.
    pub error: Option<String>,
}

/// Something about a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The place, such as `panels[3].options`; empty where the whole file is meant.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, what } = self;
        if path.is_empty() { f.write_str(what) } else { write!(f, "{path}: {what}") }
    }
}

impl Report {
    /// Whether there is nothing that a person has to mend.
    pub fn is_fine(&self) -> bool {
        self.error.is_none() && self.promql_errors.is_empty()
    }
}

/// Writes reports for people, and a line that sums them up.
pub fn print(reports: &[Report], out: &mut impl Write) -> io::Result<()> {
    for report in reports {
        print_one(report, out)?;
    }
    let panels: usize = reports.iter().map(|report| report.panels).sum();
    let supported: usize = reports.iter().map(|report| report.supported).sum();
    let unreadable = reports.iter().filter(|report| report.error.is_some()).count();
    let wrong: usize = reports.iter().map(|report| report.promql_errors.len()).sum();
    writeln!(
        out,
        "{} files, {unreadable} of them unreadable; {supported} of {panels} panels fully supported; {wrong} errors in queries",
        reports.len()
    )
}

fn print_one(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if let Some(error) = &report.error {
        return writeln!(out, "{}: error: {error}", report.file);
    }
    writeln!(out, "{}: {} of {} panels fully supported", report.file, report.supported, report.panels)?;
    let sections = [("error", &report.promql_errors), ("unsupported", &report.unsupported), ("partly", &report.partly)];
    for (name, findings) in sections {
        for finding in findings {
            writeln!(out, "  {name}: {finding}")?;
        }
    }
    Ok(())
}
