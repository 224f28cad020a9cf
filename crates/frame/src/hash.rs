//! A hash that is the same in every build.

/// FNV-1a, 64 bits (Fowler, Noll, Vo): short, and unlike the standard library's the same from build to build. Not for what
/// someone may choose to make two hashes equal.
///
/// ```
/// assert_eq!(frame::hash("a".bytes()), 0xaf63_dc4c_8601_ec8c);
/// ```
pub fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
