//! The memory that judging one record after another needs.

use super::judgement::Given;
use super::work;
use crate::ids::InvolvedId;
use crate::program::Search;

/// The memory that judging needs besides its result.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) search: Search,
    /// The rules that override others, each before those that it overrides.
    pub(super) order: Vec<InvolvedId>,
    pub(super) staged: Staged,
    /// The steps taken by all that was judged so far.
    pub(crate) steps: u64,
    /// The steps that are left for the elements of the record at hand, which share those of a record.
    pub(super) left: Option<u64>,
}

/// The memory of judging in stages.
#[derive(Debug, Clone, Default)]
pub(super) struct Staged {
    /// What was found by the index, by the stage in which its conditions are looked at.
    pub(super) rules: Vec<(u32, InvolvedId)>,
    /// What it sets, by the stage in which the decision falls.
    pub(super) sets: Vec<(u32, InvolvedId, u32)>,
    /// Whether a rule did not fire, for each that was found.
    pub(super) unmet: Vec<bool>,
    /// What the decisions of earlier stages were given.
    pub(super) given: Vec<Given>,
}

impl Workspace {
    /// For an element of a record, with the steps that those before it have left; where that is not told,
    /// with all.
    pub(crate) fn with_left(left: Option<u64>) -> Self {
        Self { left, ..Self::default() }
    }

    /// The steps that are left for the elements of the record at hand.
    pub(crate) fn left(&self) -> u64 {
        self.left.unwrap_or(work::MOST)
    }

    /// Begins with the elements of another record.
    pub fn begin(&mut self) {
        (self.steps, self.left) = (0, Some(work::MOST));
    }
}
