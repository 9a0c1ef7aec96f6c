//! Draws keys into buckets as flagd's fractional evaluation (v2) does, so that any other system
//! can reproduce a cohort: MurmurHash3 x86 32-bit with seed 0, then `(hash * buckets) >> 32`.

use std::io::Read;

/// How many buckets a cohort is drawn from: shares go in steps of 0.01%.
pub const BUCKETS: u32 = 10_000;

/// The bucket of a salted key, `0 ..< BUCKETS`; the salt stands before the key.
///
/// ```
/// use rulebook_lang::hash::bucket;
/// assert_eq!(bucket("", "ejOoVL"), 0);
/// assert_eq!(bucket("", "ceQdGm"), 9_999);
/// ```
pub fn bucket(salt: &str, key: &str) -> u32 {
    let scaled = (u64::from(murmur3(salt, key)) * u64::from(BUCKETS)) >> 32;
    u32::try_from(scaled).unwrap_or(BUCKETS - 1)
}

/// MurmurHash3 x86 32-bit, seed 0, of `salt` and `key` written one behind the other.
pub fn murmur3(salt: &str, key: &str) -> u32 {
    let mut bytes = salt.as_bytes().chain(key.as_bytes());
    // Reading from memory cannot fail.
    murmur3::murmur3_32(&mut bytes, 0).unwrap_or_default()
}
