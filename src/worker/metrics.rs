//! What servers know of their metrics, from their JSON to borsh's form for the page. Loaded with the page that asks.

use crate::protocol::Metrics;
use crate::worker::alerts::{Encoded, encode};
use promapi::decode_reply;
use promapi::metadata::{count_labels, first_of_each};
use wasm_split_helpers::wasm_split;

/// The answer to a question for `of`.
#[wasm_split(explore, fallible)]
pub fn read(of: Metrics, body: Vec<u8>) -> Encoded {
    Ok(match of {
        Metrics::Help => decode_reply(&body).and_then(|reply| encode(&first_of_each(reply.data))),
        Metrics::Labels { .. } => decode_reply(&body).and_then(|reply| encode(&count_labels(&reply.data))),
    })
}
