//! What servers tell about themselves, from their JSON to borsh's form for the page. Loaded with the page that shows it.

use crate::protocol::{About, Status};
use crate::worker::alerts::{Encoded, encode};
use promapi::{alertmanager, decode_reply};
use wasm_split_helpers::wasm_split;

/// The answer to a question about `about`.
#[wasm_split(targets, fallible)]
pub fn read(about: About, body: Vec<u8>) -> Encoded {
    let status = match about {
        About::Targets { .. } => decode_reply(&body).map(|reply| Status::Targets(reply.data)),
        About::Build { .. } => decode_reply(&body).map(|reply| Status::Build(reply.data)),
        About::Database { .. } => decode_reply(&body).map(|reply| Status::Database(reply.data)),
        About::Flags { .. } => decode_reply(&body).map(|reply| Status::Flags(reply.data)),
        About::Alertmanager { .. } => alertmanager::decode(&body).map(Status::Alertmanager),
    };
    Ok(status.and_then(|status| encode(&status)))
}
