//! Encodings where the build leaves them out: UTF-8 alone.

use std::io::Read;

/// UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(());

/// What the first bytes of a text say of its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// It is UTF-8, or may be.
    Utf8,
    /// Never.
    Certain(Encoding),
    /// Never.
    Guessed(Encoding),
}

impl Encoding {
    /// UTF-8 by its name.
    ///
    /// # Errors
    /// For any other: what this build leaves out.
    pub fn named(name: &str) -> Result<Self, String> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self(())),
            _ => Err("this build reads UTF-8 alone; build it with the feature `encodings`".into()),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        "UTF-8"
    }

    /// Whether nothing has to be decoded.
    pub fn is_utf8(self) -> bool {
        true
    }

    /// The text as it is.
    pub fn decoded(self, inner: impl Read + Send + 'static) -> impl Read + Send + 'static {
        inner
    }
}

/// What a build without encodings takes every text for.
pub fn sniffed(_: &[u8], _: bool) -> Sniffed {
    Sniffed::Utf8
}
