//! `pyrograph`: looks at dashboards without a browser.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod files;
mod index;
mod lint;
mod queries;
mod report;

use lexopt::prelude::*;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
pyrograph lint [--json] FILES…
    Says of each dashboard what of it Pyrograph supports: how many of its panels completely, which options and panels
    not, each with its path in the file, and what is wrong with its queries. A folder stands for all *.json below it.
    Exit status: 0 fine; 1 a file cannot be read or a query has an error; 2 wrong usage.

pyrograph index DIR
    Writes DIR/index.json, the list of all dashboards below DIR, for web servers that do not list folders.
    Exit status: 0 written; 1 it could not be written, or a file is no dashboard and was left out; 2 wrong usage.

pyrograph --help | --version";

/// What is to be done.
#[derive(Debug, PartialEq)]
enum Command {
    Lint { json: bool, files: Vec<PathBuf> },
    Index { folder: PathBuf },
    Help,
    Version,
}

fn main() -> ExitCode {
    let command = match parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&command, &mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}

fn parse(mut args: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let name = match args.next()? {
        Some(Value(name)) => name.string()?,
        Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Short('V') | Long("version")) => return Ok(Command::Version),
        Some(other) => return Err(other.unexpected()),
        None => return Err("a command is missing".into()),
    };
    let mut json = false;
    let mut files = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("json") if name == "lint" => json = true,
            Value(file) => files.push(PathBuf::from(file)),
            other => return Err(other.unexpected()),
        }
    }
    match (name.as_str(), files.len()) {
        ("lint", 1..) => Ok(Command::Lint { json, files }),
        ("lint", 0) => Err("no FILES are named".into()),
        ("index", 1) => Ok(Command::Index { folder: files.remove(0) }),
        ("index", _) => Err("exactly one DIR has to be named".into()),
        _ => Err(format!("there is no command {name}").into()),
    }
}

/// Does it, and tells whether all was fine.
fn run(command: &Command, out: &mut impl Write) -> io::Result<bool> {
    match command {
        Command::Help => writeln!(out, "{HELP}").map(|()| true),
        Command::Version => writeln!(out, "pyrograph {}", env!("CARGO_PKG_VERSION")).map(|()| true),
        Command::Lint { json, files } => lint(*json, files, out),
        Command::Index { folder } => index::write(folder, out),
    }
}

fn lint(json: bool, files: &[PathBuf], out: &mut impl Write) -> io::Result<bool> {
    let files = files::expand(files);
    let reports: Vec<report::Report> = files.iter().map(|file| lint::lint_file(file)).collect();
    if json {
        serde_json::to_writer_pretty(&mut *out, &reports)?;
        writeln!(out)?;
    } else {
        report::print(&reports, out)?;
    }
    Ok(reports.iter().all(report::Report::is_fine))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<Command>) {
        let words = std::iter::once("pyrograph").chain(line.split_whitespace());
        assert_eq!(parse(lexopt::Parser::from_iter(words)).ok(), expected, "{line}");
    }

    #[test]
    fn a_line_is_a_command_or_wrong_usage() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect();
        check("lint a.json", Some(Command::Lint { json: false, files: files(&["a.json"]) }));
        check("lint --json a.json b", Some(Command::Lint { json: true, files: files(&["a.json", "b"]) }));
        check("lint a.json --json", Some(Command::Lint { json: true, files: files(&["a.json"]) }));
        check("index dashboards", Some(Command::Index { folder: "dashboards".into() }));
        check("--help", Some(Command::Help));
        check("lint -h", Some(Command::Help));
        check("--version", Some(Command::Version));
        for wrong in
            ["", "lint", "lint --json", "index", "index a b", "index --json a", "paint a", "--json", "lint -x a"]
        {
            check(wrong, None);
        }
    }
}
