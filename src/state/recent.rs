//! What was used last: a short list of texts that the browser keeps, the newest first.

use crate::browser::storage;
use serde_json::Value;

/// A list under its key.
pub struct Recent {
    key: &'static str,
    most: usize,
}

/// Absolute time ranges, each as its ends in epoch milliseconds with a space between.
pub const RANGES: Recent = Recent { key: "recent-ranges", most: 6 };

/// The uids of dashboards.
pub const DASHBOARDS: Recent = Recent { key: "recent-dashboards", most: 6 };

impl Recent {
    /// The texts; none of what is kept where it is no list.
    pub fn list(&self) -> Vec<String> {
        let Some(Ok(Value::Array(kept))) = storage::get(self.key).map(|text| json::parse(&text)) else {
            return Vec::new();
        };
        kept.iter().filter_map(Value::as_str).take(self.most).map(str::to_owned).collect()
    }

    /// Puts `text` first.
    pub fn add(&self, text: &str) {
        let mut out = "[".to_owned();
        json::push_string(text, &mut out);
        for other in self.list().iter().filter(|other| *other != text).take(self.most - 1) {
            out.push(',');
            json::push_string(other, &mut out);
        }
        out.push(']');
        storage::set(self.key, &out);
    }
}
