//! What crosses between page and worker comes back as it was, and any other bytes are an error, never a panic.
#![allow(clippy::unwrap_used)]

use borsh::{BorshDeserialize, BorshSerialize};
use frame::calcs::Calc;
use frame::{GAP, Labels, Millis, Step, TimeRange, Zone, float_bits};
use proptest::prelude::*;
use std::fmt::Debug;

fn check<T: BorshSerialize + BorshDeserialize + PartialEq + Debug>(value: &T) {
    let bytes = borsh::to_vec(value).unwrap();
    assert_eq!(&borsh::from_slice::<T>(&bytes).unwrap(), value);
    for end in 0..bytes.len() {
        assert!(borsh::from_slice::<T>(&bytes[..end]).is_err(), "{value:?} cut at {end}");
    }
}

#[derive(BorshSerialize, BorshDeserialize)]
struct Floats {
    #[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")]
    one: f64,
    #[borsh(serialize_with = "float_bits::write_list", deserialize_with = "float_bits::read_list")]
    many: Vec<f64>,
}

#[test]
fn every_float_survives() {
    let many = vec![0.0, -0.0, 0.25, GAP, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE];
    let bytes = borsh::to_vec(&Floats { one: GAP, many: many.clone() }).unwrap();
    let back: Floats = borsh::from_slice(&bytes).unwrap();
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!((back.one.to_bits(), bits(&back.many)), (GAP.to_bits(), bits(&many)));
}

#[test]
fn invariants_hold_whatever_the_bytes_say() {
    assert!(borsh::from_slice::<Step>(&[0; 8]).is_err());
    assert_eq!(borsh::from_slice::<Step>(&[0xFF; 8]).unwrap().millis(), i64::MAX);
    let unsorted = borsh::to_vec(&[("b", "1"), ("a", "2"), ("b", "3")].as_slice()).unwrap();
    let labels: Labels = borsh::from_slice(&unsorted).unwrap();
    assert_eq!(labels.to_string(), r#"{a="2", b="3"}"#);
    // As many as the length says would take 64 GiB.
    assert!(borsh::from_slice::<Labels>(&[0xFF; 64]).is_err());
}

proptest! {
    #[test]
    fn values_come_back(
        pairs in prop::collection::vec((".{0,8}", ".{0,8}"), 0..6),
        (start, end) in any::<(i64, i64)>(),
        step in 1..u64::MAX,
        zone in "[A-Za-z/_]{0,20}",
        percent in any::<u8>(),
    ) {
        check(&pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Labels>());
        check(&(Millis(start), TimeRange::new(start, end)));
        check(&Step::from_millis(step).unwrap());
        check(&[Zone::Browser, Zone::Utc, Zone::Named(zone.as_str().into())].to_vec());
        check(&[Calc::Last, Calc::DiffPerc, Calc::Percentile(percent)].to_vec());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = borsh::from_slice::<(Labels, Zone, Vec<Calc>, Option<Step>)>(&bytes);
        let _ = borsh::from_slice::<Floats>(&bytes);
    }
}
