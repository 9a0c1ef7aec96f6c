//! The memory that judging one record after another needs.

use super::stage::Staged;
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
}
