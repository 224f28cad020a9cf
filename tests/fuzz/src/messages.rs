//! What crosses between page and worker.

use borsh::{BorshDeserialize, BorshSerialize};
use engine::{ErrorCard, PanelSpec, Placement, SeriesHead, SourceSettings, View};

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    settles::<View>(body);
    settles::<PanelSpec>(body);
    settles::<Placement>(body);
    settles::<SeriesHead>(body);
    settles::<SourceSettings>(body);
    settles::<ErrorCard>(body);
}

/// Bytes that are read are written so that they are read as the same.
fn settles<T: BorshDeserialize + BorshSerialize>(body: &[u8]) {
    let Ok(read) = borsh::from_slice::<T>(body) else { return };
    let written = borsh::to_vec(&read).expect("memory takes it");
    let again = borsh::from_slice::<T>(&written).expect("what was written is read");
    assert_eq!(borsh::to_vec(&again).expect("memory takes it"), written);
}
