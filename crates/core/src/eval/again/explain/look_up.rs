//! What look-ups in tables gave, and which rows gave it.

use std::cell::RefCell;

use super::Explainer;
use crate::eval::judge::{Machine, Watch};
use crate::eval::tell::ToldValue;
use crate::program::{Node, NodeId, Operand, Table, TableId};
use rulebook_lang::figures::phrases;
use rulebook_lang::model::Value;

/// Notes the rows that count.
#[derive(Default)]
pub(super) struct Rows(RefCell<Vec<(TableId, u32)>>);

impl Rows {
    /// Those of a table, from the top.
    pub(super) fn of(self, table: TableId) -> Vec<u32> {
        let rows = self.0.into_inner().into_iter();
        let mut rows: Vec<_> = rows.filter(|(id, _)| *id == table).map(|(_, row)| row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

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
        let mut look_ups: Vec<(String, ToldValue)> = Vec::new();
        for (id, node) in self.needed(root, steps, machine) {
            let Node::LookUp { table: number, output, operands: cells } = node else { continue };
            if self.is_within_list(id) {
                continue;
            }
            let table = &program.tables[number];
            let Some((value, rows)) = self.matched(id, number, machine) else { continue };
            let operand = operands.iter().find(|operand| operand.node == id);
            let mut name = self.written(operand.map_or(program.span(id), |operand| operand.span));
            // Of a whole row, each output is told by itself.
            let called = name.strip_prefix(&table.name).unwrap_or_default();
            let is_whole = called.starts_with('(') && called.ends_with(')');
            if let (true, Some(read)) = (is_whole, table.output_name(output)) {
                name = format!("{name}.{read}");
            }
            let by = self.rows_text(&rows);
            let mut value = self.shown(&value, &table.value_type(output));
            value.text = format!("{value} {by}");
            let mut told = vec![(name, value)];
            told.extend(rows.iter().flat_map(|row| {
                self.made(table, (*row, output), program.operands(cells), machine)
            }));
            for (name, value) in told {
                if !look_ups.iter().any(|(earlier, _)| *earlier == name) {
                    look_ups.push((name, value));
                }
            }
        }
        look_ups
    }

    /// What a row has made its output of: the cell as it is written, and the inputs that it reads where the
    /// look-up calls them otherwise.
    fn made(
        &self,
        table: &Table,
        (row, output): (u32, u32),
        operands: &[NodeId],
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let program = &self.decision.program;
        let cell = table.made_at(row, output, output).and_then(|at| operands.get(at));
        let Some(cell) = cell.copied() else { return Vec::new() };
        let Ok(value) = machine.value(cell) else { return Vec::new() };
        let written = self.written(table.made_span(row, output).unwrap_or_default());
        let mut told = vec![(written, self.shown(&value, &table.cell_type(output)))];
        let mut within = Vec::new();
        program.walk(cell, &mut |id, _| within.push(id));
        for (at, operand) in operands.iter().take(table.arity()).enumerate() {
            let Some((name, ty)) = table.input(at) else { continue };
            let is_called_so = self.written(program.span(*operand)) == *name;
            if is_called_so || !within.contains(operand) {
                continue;
            }
            if let Ok(value) = machine.value(*operand) {
                told.push((name.to_string(), self.shown(&value, ty)));
            }
        }
        told
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
