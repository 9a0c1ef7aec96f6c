//! What look-ups in tables gave, and which rows gave it.

use std::cell::RefCell;

use super::Explainer;
use crate::eval::judge::{Machine, Watch};
use crate::eval::tell::ToldValue;
use crate::program::{Node, NodeId, Operand, TableId};
use rulebook_lang::figures::phrases;
use rulebook_lang::model::Value;

/// Notes the rows that count.
#[derive(Default)]
struct Rows(RefCell<Vec<(TableId, u32)>>);

impl Watch for &Rows {
    fn saw(&self, _: NodeId, _: &Value<'_>) {}

    fn matched(&self, table: TableId, row: u32) {
        self.0.borrow_mut().push((table, row));
    }
}

impl Explainer<'_> {
    /// The look-ups that a node needs, each as written, with what it gave and by which rows. What is among
    /// the operands is called as it is written there.
    pub(super) fn look_ups(
        &self,
        root: NodeId,
        (operands, steps): (&[&Operand], &[NodeId]),
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let program = &self.decision.program;
        let mut found = Vec::new();
        program.walk_without(root, steps, &mut |id, node| {
            if let Node::LookUp { table, output, .. } = node
                && !self.is_within_list(id)
            {
                found.push((id, table, output));
            }
        });
        let mut look_ups: Vec<(String, ToldValue)> = Vec::new();
        for (id, number, output) in found {
            let table = &program.tables[number];
            let rows = Rows::default();
            // The fault of the clause says so.
            let Ok(value) = machine.watched(&rows).value(id) else { continue };
            let operand = operands.iter().find(|operand| operand.node == id);
            let name = self.written(operand.map_or(program.span(id), |operand| operand.span));
            let rows = rows.0.into_inner();
            let mut rows: Vec<_> = rows
                .into_iter()
                .filter(|(table_id, _)| *table_id == number)
                .map(|(_, row)| row)
                .collect();
            rows.sort_unstable();
            rows.dedup();
            let by = self.rows_text(&rows);
            let mut value = self.shown(&value, &table.value_type(output));
            value.text = format!("{value} {by}");
            if !look_ups.iter().any(|(earlier, _)| *earlier == name) {
                look_ups.push((name, value));
            }
        }
        look_ups
    }

    /// Whether a node has another value for each element of a list.
    pub(super) fn is_within_list(&self, id: NodeId) -> bool {
        let mut within = false;
        self.decision.program.walk(id, &mut |_, node| {
            within |= matches!(node, Node::Local(_) | Node::LocalField(..));
        });
        within
    }

    fn rows_text(&self, rows: &[u32]) -> String {
        let numbers: Vec<_> = rows.iter().map(|row| (row + 1).to_string()).collect();
        let language = &self.decision.language;
        match numbers.as_slice() {
            [] => phrases::NO_ROW.in_language(language).to_string(),
            [only] => phrases::ONE_ROW.fill(language, &[("row", only)]),
            several => phrases::SEVERAL_ROWS.fill(language, &[("rows", &several.join(", "))]),
        }
    }
}
