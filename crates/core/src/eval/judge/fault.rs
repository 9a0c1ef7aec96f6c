//! Why a node has no value.

use crate::program::NodeId;
use rulebook_lang::kernel::Problem;

/// A problem at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFault {
    /// Where.
    pub node: NodeId,
    /// What.
    pub problem: Problem,
}
