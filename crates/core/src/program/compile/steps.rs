//! Counts the steps of expressions as they are written, by which the work on a record is bounded.

use crate::ids::IdVec;
use crate::program::{Node, NodeId, Program};

/// The steps of looking up a row of a table.
const LOOK_UP: u64 = 32;

/// An expression of more steps is heavy: functions that use an argument more than once, called one
/// within the other, come to that.
const HEAVY: u64 = 1 << 16;

/// Counts the steps of each element of each list form, and notes which expressions are heavy. The steps
/// of each node come back.
pub(super) fn count(program: &mut Program) -> IdVec<NodeId, u64> {
    let mut all: IdVec<NodeId, u64> = IdVec::with_capacity(program.nodes.len());
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
            Node::Comprehension(id) => parts.push(program.comprehensions[id].list),
            Node::LookUp { table, operands, .. } => {
                // Of what rows make, most look-ups take one.
                let arity = program.tables[table].arity();
                let operands = program.operands(operands);
                let (inputs, cells) = operands.split_at_checked(arity).unwrap_or((operands, &[]));
                parts.extend(inputs);
                parts.extend(cells.iter().max_by_key(|cell| all[**cell]));
            }
            other => program.children(other, &mut parts),
        }
        let within = parts.iter().map(|part| all[*part]);
        all.push(within.fold(own, u64::saturating_add));
    }
    for inner in &mut program.comprehensions {
        let parts = inner.filter.into_iter().chain(inner.body);
        let steps = parts.map(|part| all[part]);
        inner.steps = steps.fold(1, u64::saturating_add);
    }
    let heavy = all.numbered().filter(|(_, steps)| **steps > HEAVY);
    program.heavy = heavy.map(|(id, steps)| (id, *steps)).collect();
    all
}
