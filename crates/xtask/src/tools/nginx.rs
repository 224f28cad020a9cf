//! nginx, as the tests of its configuration run it.

use super::{debian, launcher, link};
use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the configuration uses beyond the bare server.
const MODULES: &[&str] = &["http_auth_request_module", "http_gzip_static_module", "http_ssl_module", "http_v2_module"];

/// Sends `.br` files. It is a package of its own, and the tests do without where it cannot be had.
const BROTLI: &str = "ngx_http_brotli_static_module.so";

const ADVICE: &str = "install nginx 1.20 or newer and put it on PATH";

/// Makes sure of an nginx with all that stack/nginx.conf needs, and of the module for `.br` files beside it if it can
/// be had.
///
/// # Errors
/// There is none, and this is not a machine on which it can be downloaded.
pub fn nginx(repo: &Repo) -> Result<()> {
    let program = repo.bin().join("nginx");
    if will_do(&program) {
        return Ok(());
    }
    let installed = places().into_iter().find(|found| *found != program && will_do(found));
    if let Some(installed) = installed {
        link(&installed, &program)?;
        return link_brotli(repo, &modules_folder(&installed).unwrap_or_default());
    }
    unpack(repo).context(ADVICE)?;
    launcher::write(repo, "nginx", &debian::root(repo).join("usr/sbin/nginx"))?;
    link_brotli(repo, &debian::root(repo).join("usr/lib/nginx/modules"))?;
    if !will_do(&program) {
        bail!("the nginx in {} does not run here; {ADVICE}", debian::root(repo).display());
    }
    Ok(())
}

/// Where nginx may be: what only root is meant to start is on root's `PATH` alone.
fn places() -> Vec<PathBuf> {
    let common = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from);
    run::on_path("nginx").into_iter().chain(common).collect()
}

/// What `nginx -V` prints: how it was built.
fn built_with(program: &Path) -> Option<String> {
    let output = Command::new(program).args(["-e", "stderr", "-V"]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn will_do(program: &Path) -> bool {
    built_with(program).is_some_and(|built| MODULES.iter().all(|module| built.contains(module)))
}

fn modules_folder(program: &Path) -> Option<PathBuf> {
    let built = built_with(program)?;
    built.split_whitespace().find_map(|flag| flag.strip_prefix("--modules-path=")).map(PathBuf::from)
}

fn unpack(repo: &Repo) -> Result<()> {
    if debian::root(repo).join("usr/sbin/nginx").is_file() {
        return Ok(());
    }
    say("downloading nginx from the distribution's packages into .tools (once)");
    debian::unpack(repo, debian::Wanted::WithDependencies(&["nginx", "libnginx-mod-http-brotli-static"]))
        .or_else(|_| debian::unpack(repo, debian::Wanted::WithDependencies(&["nginx"])))
}

/// Puts the module beside the program it was built for, or takes away one that another was.
fn link_brotli(repo: &Repo, modules: &Path) -> Result<()> {
    let (module, beside) = (modules.join(BROTLI), repo.bin().join(BROTLI));
    if module.is_file() {
        return link(&module, &beside);
    }
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", beside.display()))
        }
        _ => Ok(()),
    }
}
