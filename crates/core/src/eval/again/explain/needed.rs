//! What a node needed for a record: of tables, the cells of the rows that count, and no other.

use std::collections::HashSet;

use super::Explainer;
use super::look_up::Rows;
use crate::eval::judge::Machine;
use crate::program::{Node, NodeId, TableId};
use rulebook_lang::model::Value;

impl Explainer<'_> {
    /// The nodes that a node needs, itself first, each once, in the order in which they are written; without
    /// some steps and what only these need.
    pub(super) fn needed(
        &self,
        root: NodeId,
        steps: &[NodeId],
        machine: &Machine<'_>,
    ) -> Vec<(NodeId, Node)> {
        let program = &self.decision.program;
        let (mut pending, mut needed) = (vec![root], Vec::new());
        let mut seen: HashSet<NodeId> = steps.iter().copied().collect();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = program.node(id);
            needed.push((id, node));
            let mut parts = program.parts(node);
            if let Node::LookUp { table: number, output, .. } = node {
                let table = &program.tables[number];
                let cells = parts.split_off(table.arity().min(parts.len()));
                let is_open = !cells.is_empty() && !self.is_within_list(id);
                let matched = is_open.then(|| self.matched(id, number, machine)).flatten();
                for row in matched.into_iter().flat_map(|(_, rows)| rows) {
                    let places = [table.test_at(row), table.made_at(row, output, output)];
                    let cells = places
                        .into_iter()
                        .flatten()
                        .filter_map(|at| cells.get(at.checked_sub(table.arity())?));
                    parts.extend(cells);
                }
            }
            pending.extend(parts.into_iter().rev());
        }
        needed
    }

    /// What a look-up gave, and the rows that count; nothing where it has a fault, which the clause tells.
    pub(super) fn matched<'m>(
        &self,
        look_up: NodeId,
        table: TableId,
        machine: &Machine<'m>,
    ) -> Option<(Value<'m>, Vec<u32>)> {
        let rows = Rows::default();
        let value = machine.watched(&rows).value(look_up).ok()?;
        Some((value, rows.of(table)))
    }
}
