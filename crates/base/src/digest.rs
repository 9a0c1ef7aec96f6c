//! Digests: what tells one thing from another by its bytes, wherever and whenever it is made.

use sha2::{Digest as _, Sha256};

/// A SHA-256 that grows by what it is given.
#[derive(Debug, Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let mut digest = Self::default();
        digest.add(bytes);
        digest
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes);
    }

    /// Adds bytes behind their length, so that no two rows of parts run into the same bytes.
    pub fn add_part(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.add((bytes.len() as u64).to_be_bytes());
        self.add(bytes);
    }

    /// Its bytes.
    pub fn bytes(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    /// Its bytes in hexadecimal.
    pub fn hex(self) -> String {
        self.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
