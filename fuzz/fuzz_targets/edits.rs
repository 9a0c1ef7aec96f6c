//! Edits to a good file: what a fault of a disk, a broken transfer or somebody with a hex editor makes of it.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// Which good file is meant, which of its bytes are others, and where it ends.
#[derive(Debug, Arbitrary)]
pub struct Edits {
    #[allow(dead_code, reason = "there is one history only")]
    pub base: u8,
    bytes: Vec<(u32, u8)>,
    /// How many bytes are left, of 65,536 parts of the whole.
    cut: Option<u16>,
    /// What stands behind the end.
    more: Vec<u8>,
}

impl Edits {
    /// The file with the edits.
    pub fn of(&self, base: &[u8]) -> Vec<u8> {
        let mut bytes = base.to_vec();
        for (at, byte) in &self.bytes {
            let at = *at as usize % bytes.len();
            bytes[at] ^= byte;
        }
        if let Some(cut) = self.cut {
            bytes.truncate(bytes.len() * usize::from(cut) / 65_536);
        }
        bytes.extend(&self.more);
        bytes
    }
}
