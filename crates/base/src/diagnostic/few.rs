//! Very many diagnostics to few: the first of each kind, and how many there are of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Diagnostic;

/// How many are told, whatever they are.
const MANY: usize = 40;
/// How many are told of more than that.
const TOLD: usize = 15;
/// How many of one kind are told of more than that, at most.
const ALIKE: usize = 3;

/// The diagnostics to draw.
#[derive(Debug)]
pub struct Few {
    /// All of them, or the first of each kind.
    pub told: Vec<Diagnostic>,
    /// Where these are not all: each kind, with how many there are of it, the most frequent first.
    pub kinds: Vec<(String, usize)>,
}

impl Few {
    /// Those that a person reads of so many.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        if diagnostics.len() <= MANY {
            return Self { told: diagnostics.to_vec(), kinds: Vec::new() };
        }
        let kinds: Vec<_> = diagnostics.iter().map(kind).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in &kinds {
            *counts.entry(kind).or_default() += 1;
        }
        let alike = (TOLD / counts.len()).clamp(1, ALIKE);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let firsts = diagnostics.iter().zip(&kinds).filter(|(_, kind)| {
            let count = seen.entry(kind).or_default();
            *count += 1;
            *count <= alike
        });
        let told = firsts.take(TOLD).map(|(diagnostic, _)| diagnostic.clone()).collect();
        let kinds = counts.into_iter().map(|(kind, count)| (kind.to_string(), count));
        let mut kinds: Vec<_> = kinds.collect();
        kinds.sort_by_key(|(_, count)| Reverse(*count));
        Self { told, kinds }
    }
}

/// What diagnostics of one kind have in common: all but what they quote.
fn kind(diagnostic: &Diagnostic) -> String {
    let mut kind = format!("{}[{}]: ", diagnostic.severity.name(), diagnostic.code.name());
    for (at, part) in diagnostic.message.split('`').enumerate() {
        kind.push_str(if at % 2 == 0 { part } else { "`…`" });
    }
    kind
}
