//! Exemplars, from their server's JSON to borsh's form for the page. Loaded with the first chart that shows them.

use super::alerts::{Encoded, encode};
use crate::protocol::Exemplars;
use frame::Step;
use promapi::exemplars::{decode, pick};
use wasm_split_helpers::wasm_split;

/// More marks than this would only hide each other.
const MOST: usize = 500;

/// What is shown of the answer of `source` where points are asked for at each `step`.
#[wasm_split(exemplars, fallible)]
pub fn read(source: String, step: Step, body: Vec<u8>) -> Encoded {
    Ok(decode(&body).and_then(|reply| encode(&Exemplars { source, shown: pick(reply.data, step, MOST) })))
}
