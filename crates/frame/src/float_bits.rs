//! Floats as their bits, for borsh's `serialize_with` and `deserialize_with`: borsh itself refuses NaN, which is an
//! ordinary value here, and of which a [`GAP`](crate::GAP) is one.

use borsh::io::{Read, Result, Write};
use borsh::{BorshDeserialize, BorshSerialize};

/// Writes a number.
///
/// # Errors
///
/// The writer's own.
pub fn write<W: Write>(value: &f64, to: &mut W) -> Result<()> {
    value.to_bits().serialize(to)
}

/// Reads a number.
///
/// # Errors
///
/// When the bytes end early.
pub fn read<R: Read>(from: &mut R) -> Result<f64> {
    u64::deserialize_reader(from).map(f64::from_bits)
}

/// Writes a list of numbers.
///
/// # Errors
///
/// The writer's own, and lists of more than `u32::MAX` numbers.
pub fn write_list<W: Write>(values: &[f64], to: &mut W) -> Result<()> {
    let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
    bits.serialize(to)
}

/// Reads a list of numbers.
///
/// # Errors
///
/// When the bytes end early.
pub fn read_list<R: Read>(from: &mut R) -> Result<Vec<f64>> {
    let bits = Vec::<u64>::deserialize_reader(from)?;
    Ok(bits.into_iter().map(f64::from_bits).collect())
}
