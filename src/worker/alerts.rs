//! Rules and alerts, from their server's JSON to borsh's form for the page. Only these functions need what reads JSON
//! here, so they are loaded when somebody looks at alerts.

use crate::protocol::Alerts;
use borsh::BorshSerialize;
use promapi::rules::Rules;
use promapi::{DecodeError, alertmanager, decode_reply};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// An answer in borsh's form, or why the answer has none; or why there is no code to read it with.
pub type Encoded = Result<Result<Vec<u8>, DecodeError>, SplitLoaderError>;

/// The rules in a Prometheus' answer.
#[wasm_split(alerts, fallible)]
pub fn rules(body: Vec<u8>) -> Encoded {
    Ok(decode_reply::<Rules>(&body).and_then(|reply| encode(&Alerts::Rules(reply.data.groups))))
}

/// The groups of alerts in an Alertmanager's answer.
#[wasm_split(alerts, fallible)]
pub fn groups(body: Vec<u8>) -> Encoded {
    Ok(alertmanager::decode(&body).and_then(|groups| encode(&Alerts::Groups(groups))))
}

/// An answer in borsh's form. Fails for nothing that JSON has a form for.
pub fn encode(answer: &impl BorshSerialize) -> Result<Vec<u8>, DecodeError> {
    borsh::to_vec(answer).map_err(|_| DecodeError::OutOfMemory)
}
