//! Records by the values of a field.

use std::collections::BTreeMap;

use super::count::{Count, MatrixCount, entry, merge_all};
use super::fields::ScalarField;
use rulebook::Decision;

/// The records with one value.
#[derive(Debug, Clone, Default)]
pub(super) struct GroupCount {
    pub(super) all: Count,
    pub(super) changed: Count,
    pub(super) decisions: Vec<MatrixCount>,
}

/// The records by their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    by_value: BTreeMap<String, GroupCount>,
    /// Those without one.
    missing: GroupCount,
    /// Memory for the value of the record at hand.
    key: String,
    /// Whether it has one.
    has_key: bool,
}

impl Groups {
    /// Does something with the group of a record.
    pub(super) fn with(
        &mut self,
        field: &ScalarField,
        decision: &Decision,
        act: impl FnOnce(&mut GroupCount),
    ) {
        self.has_key = field.write_group(decision, &mut self.key);
        match self.has_key {
            true => entry(&mut self.by_value, &self.key, act),
            false => act(&mut self.missing),
        }
    }

    /// The value of the record at hand.
    pub(super) fn last(&self) -> Option<&str> {
        self.has_key.then_some(self.key.as_str())
    }

    pub(super) fn len(&self) -> usize {
        self.by_value.len() + usize::from(self.missing.all.records > 0)
    }

    /// Each group with its value, that of records without one first.
    pub(super) fn all(&self) -> impl Iterator<Item = (Option<&str>, &GroupCount)> {
        let missing = Some((None, &self.missing)).filter(|(_, count)| count.all.records > 0);
        let by_value = self.by_value.iter().map(|(value, count)| (Some(value.as_str()), count));
        missing.into_iter().chain(by_value)
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.missing.merge(other.missing);
        for (value, count) in other.by_value {
            self.by_value.entry(value).or_default().merge(count);
        }
    }
}

impl GroupCount {
    fn merge(&mut self, other: Self) {
        self.all.merge(other.all);
        self.changed.merge(other.changed);
        merge_all(&mut self.decisions, other.decisions);
    }
}
