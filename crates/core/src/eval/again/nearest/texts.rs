//! The texts that a policy can tell apart in a field, so that what is said of any other text holds for
//! every other one.

use std::collections::BTreeSet;

use super::candidate::Candidate;
use super::fields::ChangedField;
use super::uses::Uses;
use rulebook_lang::model::{Type, Value, release_before, version_beside};
use rulebook_lang::scalar::Level;

/// With more texts than these nobody tries whether each would do.
const MOST_TEXTS: usize = 1_000;

/// The texts that the policy can tell apart in a field.
pub(super) struct Texts {
    /// Those that it names.
    pub(super) named: Vec<Candidate>,
    /// One that it does not name, where it can tell those it names from all others and nothing else of
    /// them.
    pub(super) other: Option<Candidate>,
}

impl Texts {
    pub(super) fn of(
        (slot, field): (u32, &ChangedField),
        current: &Value<'_>,
        uses: &Uses<'_>,
    ) -> Self {
        let (mut named, mut seen) = (Vec::new(), BTreeSet::new());
        let mut is_settled = !uses.free.contains(&slot);
        for (_, held) in uses.tests.iter().filter(|(tested, _)| *tested == slot) {
            is_settled &= uses.is_settled(slot, held);
            for (value, _) in uses.against(held) {
                if let Value::Text(text) = value
                    && !seen.contains(text.as_ref())
                {
                    seen.insert(text.to_string());
                    named.push(Candidate::Text(text.into_owned()));
                }
            }
        }
        if field.ty.level() > Level::Nominal {
            is_settled = false;
            add_beside(&mut named);
        }
        named.retain(|candidate| candidate.fits(&field.ty, false));
        let count = named.len();
        // What readers could not type is not told.
        named.retain(Candidate::is_legible);
        named.truncate(MOST_TEXTS);
        let other = (is_settled && named.len() == count).then(|| {
            let usual = usual(&field.ty);
            let names = (1..).map(|number| match number {
                1 => usual.clone(),
                number => format!("{usual}{number}"),
            });
            let mut names = names.map(Candidate::Text);
            names.find(|name| !named.contains(name) && !name.is(current))
        });
        let other = other.flatten().filter(|other| other.fits(&field.ty, false));
        Self { named, other }
    }
}

/// Adds the versions right before and behind those that are named: one of them is on the other side. Releases
/// that people know come first.
fn add_beside(named: &mut Vec<Candidate>) {
    let beside = named.iter().flat_map(|candidate| match candidate {
        Candidate::Text(version) => {
            [release_before(version), version_beside(version, true), version_beside(version, false)]
        }
        Candidate::Cell(_) => [None, None, None],
    });
    let mut beside: Vec<_> = beside.flatten().map(Candidate::Text).collect();
    let mut seen = Vec::new();
    beside.retain(|candidate| {
        let is_new = !named.contains(candidate) && !seen.contains(candidate);
        seen.extend(is_new.then(|| candidate.clone()));
        is_new
    });
    named.append(&mut beside);
}

/// A text that no rule is likely to name.
fn usual(ty: &Type) -> String {
    let row = ty.scalar().or(Type::Text.scalar());
    match row.map(|row| (row.usual)()) {
        Some(Value::Text(text)) => text.into_owned(),
        _ => String::new(),
    }
}
