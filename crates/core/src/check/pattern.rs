//! The patterns of a rulebook, each compiled once, and how much memory they may take.

use std::collections::HashMap;

use rulebook_lang::model::{Pattern, PatternError};

/// The most memory that the patterns of a rulebook may take, and each of them, in bytes.
const MOST_BYTES: usize = 32 << 20;
const LARGEST: usize = 16 << 20;

/// So much may be built of patterns, of those that are refused too: building takes time.
const MOST_BUILT: usize = 2 * MOST_BYTES;

/// What is counted at least for one that is refused.
const TRYING: usize = 64 << 10;

/// The patterns compiled so far.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: HashMap<String, Pattern>,
    bytes: usize,
    /// The memory that was filled, for those that were refused too.
    built: usize,
    /// Whether it has been reported that they take too much together.
    full: bool,
}

/// Why a pattern was not compiled.
pub(super) enum Refused {
    Malformed(String),
    /// It takes too much memory, in these words.
    Large(String),
    /// Others were refused; this one is looked at when those have gone.
    Later,
}

impl Patterns {
    pub(super) fn compile(&mut self, text: &str) -> Result<Pattern, Refused> {
        if let Some(pattern) = self.compiled.get(text) {
            return Ok(pattern.clone());
        }
        if self.built >= MOST_BUILT {
            return Err(Refused::Later);
        }
        let left = MOST_BYTES.saturating_sub(self.bytes);
        let most = left.min(LARGEST);
        match Pattern::new(text, most) {
            Ok(pattern) => {
                self.bytes += pattern.bytes();
                self.built += pattern.bytes();
                self.compiled.insert(text.to_string(), pattern.clone());
                Ok(pattern)
            }
            Err(PatternError::Malformed(reason)) => Err(Refused::Malformed(reason)),
            Err(PatternError::TooLarge) => {
                // A full total is used up by trying, too.
                self.built += most.max(TRYING);
                let is_alone = left >= LARGEST;
                // Where there is no room for one, there is none for others like it.
                if !is_alone && std::mem::replace(&mut self.full, true) {
                    return Err(Refused::Later);
                }
                let [most, largest] = [MOST_BYTES, LARGEST].map(|bytes| bytes >> 20);
                Err(Refused::Large(match is_alone {
                    true => format!("this pattern takes more than {largest} MB of memory"),
                    false => format!(
                        "with this pattern, those of the rulebook take more than {most} MB of memory"
                    ),
                }))
            }
        }
    }
}
