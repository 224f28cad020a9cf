//! Blocks on their way into Prometheus' directory.

use super::BackfillError;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Makes sure that `staging` is there and empty.
pub fn clear(staging: &Path) -> Result<(), BackfillError> {
    if staging.exists() {
        fs::remove_dir_all(staging).map_err(BackfillError::io(staging))?;
    }
    fs::create_dir_all(staging).map_err(BackfillError::io(staging))
}

/// Moves the blocks in the folder `made` into Prometheus' directory and removes the folder.
pub fn adopt(made: &Path, tsdb: &Path) -> Result<(), BackfillError> {
    for found in fs::read_dir(made).map_err(BackfillError::io(made))? {
        let block = found.map_err(BackfillError::io(made))?.path();
        let (Some(name), true) = (block.file_name(), block.join("meta.json").is_file()) else { continue };
        hint(&block.join("meta.json"))?;
        fs::rename(&block, tsdb.join(name)).map_err(BackfillError::io(&block))?;
    }
    fs::remove_dir_all(made).map_err(BackfillError::io(made))
}

/// Marks a block as made of out-of-order samples, as Prometheus itself does with those that come late.
///
/// Without the mark Prometheus takes the end of its last block for the beginning of what its log may hold, and drops
/// what it has in the log from before: on a later start the samples since the last block it wrote itself.
fn hint(meta: &Path) -> Result<(), BackfillError> {
    let text = fs::read_to_string(meta).map_err(BackfillError::io(meta))?;
    let mut json: Value = serde_json::from_str(&text).map_err(|error| BackfillError::io(meta)(error.into()))?;
    json["compaction"]["hints"] = json!(["from-out-of-order"]);
    fs::write(meta, format!("{json:#}\n")).map_err(BackfillError::io(meta))
}
