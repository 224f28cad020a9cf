//! Starting Alertmanager, wherever its program comes from.

use super::StackError;
use super::files::Layout;
use super::server::{Server, free_port};
use crate::BaseUrl;
use memchr::memmem;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Where Debian's Alertmanager expects the templates of its notifications. The path is fixed in the program, and
/// without them it does not start; upstream's program carries them inside.
const TEMPLATES: &str = "/usr/share/prometheus/alertmanager";
const TEMPLATE_FILES: [&str; 2] = ["default.tmpl", "email.tmpl"];

/// Starts Alertmanager on a free port.
pub fn start(program: &Path, layout: &Layout) -> Result<Server, StackError> {
    let program = movable(program, layout)?;
    let port = free_port()?;
    let args = [
        format!("--config.file={}", layout.path("config/alertmanager.yml").display()),
        format!("--storage.path={}", layout.path("alertmanager").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        format!("--web.external-url={}/", BaseUrl::loopback(port)),
        // No gossip: it is alone, and its port would be open to the network.
        "--cluster.listen-address=".to_owned(),
        "--log.level=warn".to_owned(),
    ];
    Server::spawn("alertmanager", &program, port, args, layout)
}

/// The program itself, or a copy of it that runs without being installed.
///
/// Debian's program, unpacked from its package into some folder, does not find its templates. The copy looks for them
/// under a relative path of the same length, where empty ones are put: nobody is notified, so nothing is rendered.
fn movable(program: &Path, layout: &Layout) -> Result<PathBuf, StackError> {
    if Path::new(TEMPLATES).join(TEMPLATE_FILES[0]).exists() {
        return Ok(program.to_owned());
    }
    let mut bytes = fs::read(program).map_err(StackError::io("read", program))?;
    let places: Vec<usize> = memmem::find_iter(&bytes, TEMPLATES).collect();
    if places.is_empty() {
        return Ok(program.to_owned());
    }
    let relative = format!("{:/<width$}", "templates", width = TEMPLATES.len());
    for place in places {
        bytes[place..place + TEMPLATES.len()].copy_from_slice(relative.as_bytes());
    }
    for file in TEMPLATE_FILES {
        let file = layout.path("templates").join(file);
        fs::write(&file, "").map_err(StackError::io("write", &file))?;
    }
    let copy = layout.path("alertmanager/program");
    // Removed first: a program that still runs from an earlier start cannot be written to.
    let _ = fs::remove_file(&copy);
    fs::write(&copy, bytes).map_err(StackError::io("write", &copy))?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).map_err(StackError::io("make executable", &copy))?;
    Ok(copy)
}
