//! Look-ups in tables: what cells ask and make of the inputs is written out where a table is looked up, as
//! functions are where they are called.

use super::{Bound, Env, Lowering};
use crate::check::typed::{Expr, Fields};
use crate::ids::TableId;
use crate::program::Node;

impl Lowering<'_, '_> {
    /// Its operands are the inputs, then what rows ask, then what is made in the columns that it reads.
    pub(super) fn look_up(
        &mut self,
        table: TableId,
        output: u32,
        arguments: &[Expr],
        env: &Env,
    ) -> Node {
        let written = &self.in_tables[table];
        let mark = self.pending.len();
        let mut inside = Env::new();
        for (local, argument) in written.locals.iter().zip(arguments) {
            let id = self.lower(argument, env);
            self.pending.push(id);
            inside.insert(*local, Bound::Node(id, None, Fields::new()));
        }
        let columns = self.program.tables[table].columns_read(output);
        let made = columns.iter().filter_map(|column| written.outputs.get(*column as usize));
        for expr in written.tests.iter().chain(made.flatten()) {
            let id = self.lower(expr, &inside);
            self.pending.push(id);
        }
        Node::LookUp { table, output, operands: self.side_by_side(mark) }
    }
}
