//! Data sources in all the forms they have had, and what a dashboard says of them elsewhere: what an exported one asks for,
//! and variables.

use super::node::Node;
use crate::model::SourceRef;
use serde_json::Value;
use std::cell::Cell;

/// What an exported dashboard asks the importing user for: references to it stand where the answers would. And the variables
/// that stand for data sources of other kinds.
#[derive(Default)]
pub(super) struct Inputs {
    /// Name and plugin of the data sources.
    sources: Vec<(String, String)>,
    /// Name and value of the constants.
    constants: Vec<(String, String)>,
    /// So many bytes of them can still be filled in.
    room: Cell<usize>,
    /// Name and plugin of the variables that stand for other data sources than those asked in PromQL.
    foreign: Vec<(String, String)>,
}

impl Inputs {
    pub(super) fn read(root: &Node<'_>) -> Self {
        // Each is looked for in every text.
        const MAX_INPUTS: usize = 100;
        const MAX_FILLED_BYTES: usize = 10_000_000;
        let mut inputs = Self { room: Cell::new(MAX_FILLED_BYTES), ..Self::default() };
        let variables =
            root.value().get("templating").and_then(|templating| templating.get("list")).and_then(Value::as_array);
        for variable in variables.into_iter().flatten() {
            let text = |key: &str| variable.get(key).and_then(Value::as_str);
            if let (Some("datasource"), Some(name), Some(plugin)) = (text("type"), text("name"), text("query"))
                && !SourceRef::is_promql(plugin)
            {
                inputs.foreign.push((name.to_owned(), plugin.to_owned()));
            }
        }
        for input in root.get("__inputs").items().take(MAX_INPUTS) {
            input.skip(&["description", "label", "pluginId", "pluginName", "value"]);
            let Some(name) = input.get("name").filled_text() else { continue };
            match input.get("type").text().as_deref() {
                Some("datasource") => inputs.sources.push((name, input.get("pluginId").text().unwrap_or_default())),
                Some("constant") => inputs.constants.push((name, input.get("value").text().unwrap_or_default())),
                _ => {}
            }
        }
        inputs
    }

    /// The plugin of the data source that `reference` asks for, such as `${DS_PROMETHEUS}`.
    fn source_kind(&self, reference: &str) -> Option<&str> {
        let name = reference.strip_prefix("${")?.strip_suffix('}')?;
        self.sources.iter().find(|(known, _)| known == name).map(|(_, kind)| kind.as_str())
    }

    /// The kind of data source that is no Prometheus, where a variable of such stands for it.
    fn foreign_kind(&self, source: &SourceRef) -> Option<&str> {
        let name = source.variable()?;
        self.foreign.iter().find(|(known, _)| known == name).map(|(_, plugin)| plugin.as_str())
    }

    /// A text that asks for constants, with the constants' defaults. Those are not looked at again, as in Grafana. What would
    /// make a dashboard larger than any file is not filled in.
    pub(super) fn fill_constants(&self, text: String) -> String {
        if self.constants.is_empty() {
            return text;
        }
        let (mut filled, mut rest) = (String::new(), text.as_str());
        while let Some((part, behind)) = rest.split_once('}') {
            let asked = part.rsplit_once('$').and_then(|(before, name)| Some((before, self.take_constant(name)?)));
            match asked {
                Some((before, value)) => filled.extend([before, value]),
                None => filled.extend([part, "}"]),
            }
            rest = behind;
        }
        filled + rest
    }

    /// The default of the constant called `{name`, as long as there is room for it.
    fn take_constant(&self, name: &str) -> Option<&str> {
        let name = name.strip_prefix('{')?;
        let (_, value) = self.constants.iter().find(|(known, _)| known == name)?;
        self.room.set(self.room.get().checked_sub(value.len())?);
        Some(value)
    }
}

/// A data source in any of the forms it has had: absent, a name, `{type, uid}`, a variable in either.
pub(super) fn read_source(node: &Node<'_>, inputs: &Inputs) -> SourceRef {
    let (reference, kind) = if node.is_object() {
        node.skip(&["default", "isDefault", "name"]);
        (node.get("uid").text().unwrap_or_default(), node.get("type").text().unwrap_or_default())
    } else {
        (node.text().unwrap_or_default(), String::new())
    };
    match reference.as_str() {
        // Before it had a uid of its own it was "-100".
        _ if kind == SourceRef::EXPRESSION => SourceRef::Internal(kind),
        // Of a kind of its own, which data source is not told.
        "" if !matches!(kind.as_str(), "" | "prometheus" | "datasource" | "grafana") => {
            SourceRef::Named { reference, kind }
        }
        "" | "default" | "-- Default --" => SourceRef::Default,
        "-- Mixed --" => SourceRef::Mixed,
        "-- Grafana --" | SourceRef::DASHBOARD | "grafana" | SourceRef::EXPRESSION => SourceRef::Internal(reference),
        _ => match inputs.source_kind(&reference) {
            // The exporter's own data source is not here: the default one is what the user would choose.
            Some("prometheus") | Some("") => SourceRef::Default,
            Some(other) => SourceRef::Named { reference: String::new(), kind: other.to_owned() },
            None => {
                let named = SourceRef::Named { reference: reference.clone(), kind };
                match inputs.foreign_kind(&named) {
                    Some(plugin) => SourceRef::Named { reference, kind: plugin.to_owned() },
                    None => named,
                }
            }
        },
    }
}
