//! Annotations of schema v2.

use super::data_source;
use crate::import::document::escaped;
use crate::import::json::{Object, put_back, set, take, take_object};

/// An annotation, and what of it stands elsewhere than in the spec: each under both as pointers.
pub(super) struct Converted {
    pub(super) annotation: Object,
    pub(super) moved: Vec<(String, String)>,
}

/// Converts the spec of an annotation: its query becomes `target`, and what the schema has no word for any more
/// (`legacyOptions`) stands again where it stood.
pub(super) fn convert(mut spec: Object) -> Converted {
    let mut moved = Vec::new();
    let older = take(&mut spec, "datasource");
    let mut query = take_object(&mut spec, "query");
    let source = data_source(&mut query, older);
    set(&mut spec, "datasource", source);
    set(&mut spec, "target", take(&mut query, "spec"));
    moved.push(("/target".to_owned(), "/query/spec".to_owned()));
    query.remove("version");
    put_back(&mut spec, "query", query);
    let mut left = Object::new();
    for (key, value) in take_object(&mut spec, "legacyOptions") {
        if spec.contains_key(&key) {
            left.insert(key, value);
            continue;
        }
        let place = escaped(&key);
        moved.push((format!("/{place}"), format!("/legacyOptions/{place}")));
        set(&mut spec, &key, value);
    }
    put_back(&mut spec, "legacyOptions", left);
    Converted { annotation: spec, moved }
}
