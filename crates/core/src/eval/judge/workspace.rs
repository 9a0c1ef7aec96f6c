//! The memory that judging one record after another needs.

use crate::program::Search;

/// The memory that judging needs besides its result.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) search: Search,
    pub(super) order: Vec<u32>,
    /// The steps taken by all that was judged so far.
    pub(crate) steps: u64,
}
