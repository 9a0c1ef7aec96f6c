//! Counts the steps of expressions as they are written, by which the work on a record is bounded.

use crate::program::{Node, NodeId, Program};

/// The steps of looking up a row of a table.
const LOOK_UP: u64 = 32;

/// An expression of more steps is heavy: functions that use an argument more than once, called one
/// within the other, come to that.
const HEAVY: u64 = 1 << 16;

/// Counts the steps of each element of each list form, and notes which expressions are heavy.
pub(super) fn count(program: &mut Program) {
    let mut all: Vec<u64> = Vec::with_capacity(program.nodes.len());
    let mut parts: Vec<NodeId> = Vec::new();
    // What a node needs stands before it.
    for node in &program.nodes {
        parts.clear();
        let own = match *node {
            Node::Call(kernel, _) => u64::from(kernel.steps()),
            Node::LookUp { .. } => LOOK_UP,
            _ => 1,
        };
        match *node {
            // Its filter and its body are counted for each element.
            Node::Comprehension(index) => {
                parts.extend(program.comprehensions.get(index as usize).map(|inner| inner.list));
            }
            other => program.children(other, &mut parts),
        }
        let within = parts.iter().filter_map(|part| all.get(part.0 as usize).copied());
        all.push(within.fold(own, u64::saturating_add));
    }
    for inner in &mut program.comprehensions {
        let parts = inner.filter.into_iter().chain(inner.body);
        let steps = parts.filter_map(|part| all.get(part.0 as usize).copied());
        inner.steps = steps.fold(1, u64::saturating_add);
    }
    let heavy = (0..).map(NodeId).zip(all).filter(|(_, steps)| *steps > HEAVY);
    program.heavy = heavy.collect();
}
