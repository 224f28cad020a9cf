//! What crosses from a worker to its page: no bytes make decoding panic.

use promapi::alertmanager::AlertGroup;
use promapi::rules::Rules;
use proptest::prelude::*;

/// A group with a firing alert, as borsh writes it.
fn rules() -> Vec<u8> {
    let body = br#"{"status":"success","data":{"groups":[{"name":"g","rules":[{"type":"alerting","name":"Down","state":"firing",
        "alerts":[{"labels":{"job":"db"},"state":"firing","value":"1e+00","activeAt":"2026-11-20T13:00:00Z"}]},
        {"type":"recording","name":"job:up:sum","health":"ok"}]}]}}"#;
    borsh::to_vec(&promapi::decode_reply::<Rules>(body).expect("rules").data).expect("encodable")
}

#[test]
fn rules_that_are_cut_short_are_refused() {
    let bytes = rules();
    assert!(borsh::from_slice::<Rules>(&bytes).is_ok());
    for end in 0..bytes.len() {
        assert!(borsh::from_slice::<Rules>(&bytes[..end]).is_err(), "cut at {end}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = borsh::from_slice::<Rules>(&bytes);
        let _ = borsh::from_slice::<Vec<AlertGroup>>(&bytes);
    }

    #[test]
    fn a_changed_byte_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = rules();
        *at.get_mut(&mut bytes) = byte;
        let _ = borsh::from_slice::<Rules>(&bytes);
    }
}
