//! The program as it is called: its output and exit status.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const GOOD: &str = r#"{"uid": "a", "title": "A", "tags": ["t"], "schemaVersion": 39, "panels": [
    {"type": "timeseries", "targets": [{"expr": "rate(up[$__rate_interval])"}]},
    {"type": "geomap"}
]}"#;
const BAD_QUERY: &str =
    r#"{"title": "B", "schemaVersion": 39, "panels": [{"type": "stat", "targets": [{"expr": "sum(up"}]}]}"#;

/// A folder of its own for each test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("pyrograph-cli-{name}-{}", std::process::id()));
        for (file, text) in files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, file: &str) -> String {
        self.0.join(file).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pyrograph")).args(args).output().unwrap()
}

fn read_json(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn lint_reports_each_file_as_json() {
    let folder = Folder::new("lint", &[("good.json", GOOD), ("broken.json", "{")]);
    let output = run(&["lint", "--json", &folder.path("good.json"), &folder.path("broken.json")]);
    assert_eq!(output.status.code(), Some(1));
    let reports: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!({
        "file": folder.path("good.json"),
        "panels": 2,
        "supported": 1,
        "partly": [],
        "unsupported": [{"path": "panels[1]", "what": "panels of type \"geomap\" cannot be drawn yet"}],
        "promql_errors": [],
        "error": null,
    });
    assert_eq!(reports[0], expected);
    assert!(reports[1]["error"].as_str().unwrap().starts_with("not JSON at line 1"), "{reports}");
}

#[test]
fn the_exit_status_tells_fine_from_wrong_from_misused() {
    let folder = Folder::new("status", &[("good.json", GOOD), ("bad.json", BAD_QUERY)]);
    let check = |args: &[&str], expected| assert_eq!(run(args).status.code(), Some(expected), "{args:?}");
    check(&["lint", &folder.path("good.json")], 0);
    check(&["lint", &folder.path("bad.json")], 1);
    check(&["lint", &folder.path("")], 1);
    check(&["lint", &folder.path("none.json")], 1);
    check(&["lint"], 2);
    check(&["--help"], 0);
    check(&[], 2);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_are_not_followed() {
    let folder = Folder::new("circle", &[("good.json", GOOD)]);
    for name in ["latest", "newest"] {
        std::os::unix::fs::symlink(".", folder.0.join(name)).unwrap();
    }
    let output = run(&["lint", "--json", &folder.path("")]);
    let reports: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(reports.as_array().unwrap().len(), 1, "{reports}");
}

#[test]
fn index_lists_every_dashboard_below_a_folder() {
    let untitled = r#"{"panels": []}"#;
    let folder = Folder::new("index", &[("good.json", GOOD), ("infra/disks/no-title.json", untitled)]);
    let output = run(&["index", &folder.path("")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let expected = json!([
        {"uid": "a", "title": "A", "tags": ["t"], "folder": "", "file": "good.json"},
        {"uid": "no-title", "title": "no-title", "tags": [], "folder": "infra/disks", "file": "infra/disks/no-title.json"},
    ]);
    assert_eq!(read_json(&folder.0.join("index.json")), expected);
    // The list is not a dashboard itself.
    run(&["index", &folder.path("")]);
    assert_eq!(run(&["lint", &folder.path("")]).status.code(), Some(0));
    assert_eq!(read_json(&folder.0.join("index.json")), expected);
}

#[test]
fn index_says_what_it_left_out() {
    let folder = Folder::new("left-out", &[("good.json", GOOD), ("other.json", "[]"), ("twin.json", GOOD)]);
    let output = run(&["index", &folder.path("")]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("other.json: left out") && text.contains("the uid a is that of several"), "{text}");
    assert_eq!(read_json(&folder.0.join("index.json")).as_array().unwrap().len(), 2);
}
