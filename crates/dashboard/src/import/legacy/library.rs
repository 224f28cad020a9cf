//! Library panels: an exported dashboard names them, and brings what they are beside its own panels (`__elements`).

use super::MAX_DEPTH;
use crate::import::document::{Moved, escaped, pointer};
use crate::import::json::Object;
use serde_json::Value;

/// What a panel of the dashboard says itself, whatever the library has.
const OWN: &[&str] = &["id", "gridPos", "maxPerRow", "repeat", "repeatDirection", "span"];

/// Whether a dashboard brings panels of a library.
pub(super) fn comes_along(dashboard: &Object) -> bool {
    elements(dashboard).is_some_and(|elements| !elements.is_empty())
}

/// Puts what the library has where panels name it.
pub(super) fn put_in(dashboard: &mut Object, moved: &mut Vec<Moved>) {
    let Some(elements) = elements(dashboard).cloned() else { return };
    if let Some(Value::Array(panels)) = dashboard.get_mut("panels") {
        Library { elements, moved }.fill(panels, "/panels", 0);
    }
}

fn elements(dashboard: &Object) -> Option<&Object> {
    dashboard.get("__elements")?.as_object()
}

struct Library<'a> {
    elements: Object,
    moved: &'a mut Vec<Moved>,
}

impl Library<'_> {
    fn fill(&mut self, panels: &mut [Value], at: &str, depth: u32) {
        for (index, panel) in panels.iter_mut().enumerate() {
            let Value::Object(panel) = panel else { continue };
            let to = pointer(at, index);
            let uid = panel.get("libraryPanel").and_then(|library| library.get("uid")?.as_str()).map(str::to_owned);
            if let Some((uid, model)) = uid.and_then(|uid| self.model(&uid).map(|model| (uid, model))) {
                self.moved.push(Moved { to: to.clone(), from: format!("/__elements/{}/model", escaped(&uid)) });
                for key in OWN {
                    self.moved.push(Moved { to: format!("{to}/{key}"), from: format!("{to}/{key}") });
                }
                let own = std::mem::replace(panel, model);
                // From now on it is a panel like others: a Grafana without that library could not show it.
                panel.retain(|key, _| !OWN.contains(&key.as_str()) && key != "libraryPanel");
                panel.extend(own.into_iter().filter(|(key, _)| OWN.contains(&key.as_str())));
            }
            if let Some(Value::Array(inside)) = panel.get_mut("panels").filter(|_| depth < MAX_DEPTH) {
                self.fill(inside, &format!("{to}/panels"), depth + 1);
            }
        }
    }

    fn model(&self, uid: &str) -> Option<Object> {
        self.elements.get(uid)?.get("model")?.as_object().cloned()
    }
}
