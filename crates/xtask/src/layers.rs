//! The layering rules: which crate may know which. A lower layer never learns of a higher one, and no crate below the
//! app knows a browser.

use crate::repo::Repo;
use crate::run;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Crates that compile and are tested natively, and know no browser, clock, network or global.
pub const PURE: &[&str] =
    &["frame", "json", "format", "promapi", "promql", "dashboard", "pyrograph-config", "engine", "chart"];

/// What a crate of ours may depend on. The app and the programs around it may use every pure crate.
const ALLOWED: &[(&str, &[&str])] = &[
    ("frame", &[]),
    ("promql", &[]),
    ("json", &["frame"]),
    ("pyrograph-config", &["json"]),
    ("format", &["frame"]),
    ("promapi", &["frame"]),
    ("dashboard", &["frame", "json", "format", "promapi", "promql"]),
    ("chart", &["frame", "format", "promapi", "promql"]),
    ("engine", &["frame", "json", "promapi", "promql", "dashboard"]),
    ("xtask", &[]),
];

/// Packages that only work in a browser, by the start of their name.
const BROWSER: &[&str] = &["wasm-bindgen", "js-sys", "web-sys", "gloo", "leptos"];

/// The drawing library, and who may know it.
const PLOTTERS: &str = "plotters";
const DRAWS: &[&str] = &["chart", "pyrograph-cli", "pyrograph"];

/// Holds the workspace's dependencies against the rules.
///
/// # Errors
/// Every dependency that breaks one, each with its reason.
pub fn check(repo: &Repo) -> Result<()> {
    let text = run::read(run::cargo(repo.root()).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    let packages = list(&metadata, "packages");
    let ours: Vec<&str> = packages.iter().map(name).collect();
    let mut breaches = Vec::new();
    for package in packages {
        for dependency in list(package, "dependencies").iter().filter(|dependency| dependency["kind"] != "dev") {
            if let Err(reason) = judge(name(package), name(dependency), &ours) {
                breaches.push(format!("{} -> {}: {reason}", name(package), name(dependency)));
            }
        }
    }
    if !breaches.is_empty() {
        bail!("the layering is broken:\n  {}", breaches.join("\n  "));
    }
    Ok(())
}

fn judge(package: &str, dependency: &str, ours: &[&str]) -> Result<(), &'static str> {
    let is = |family: &str| {
        dependency == family || dependency.strip_prefix(family).is_some_and(|r| r.starts_with(['-', '_']))
    };
    if PURE.contains(&package) && BROWSER.iter().any(|family| is(family)) {
        return Err("a pure crate never knows a browser");
    }
    if is(PLOTTERS) && !DRAWS.contains(&package) {
        return Err("plotters is known to chart, the command line and the app only");
    }
    let allowed = ALLOWED.iter().find(|(name, _)| *name == package).map(|(_, allowed)| *allowed);
    if ours.contains(&dependency) && allowed.is_some_and(|allowed| !allowed.contains(&dependency)) {
        return Err("a layer knows the ones below it only (ARCHITECTURE.md names them)");
    }
    Ok(())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn dependencies_are_judged() {
        let check = |package, dependency, allowed: bool| {
            let ours = ["frame", "engine", "chart", "pyrograph", "demo"];
            assert_eq!(judge(package, dependency, &ours).is_ok(), allowed, "{package} -> {dependency}");
        };
        check("engine", "frame", true);
        check("frame", "engine", false);
        check("engine", "chart", false);
        check("engine", "serde", true);
        check("engine", "web-sys", false);
        check("engine", "leptos_reactive", false);
        check("chart", "gloo-net", false);
        check("pyrograph", "web-sys", true);
        check("pyrograph", "plotters-backend", true);
        check("engine", "plotters", false);
        check("demo", "frame", true);
    }
}
