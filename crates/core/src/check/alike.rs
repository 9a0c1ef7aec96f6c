//! Which arguments of the look-ups in a table are always the same.

use rustc_hash::FxHashMap;

use super::typed::TableId;

/// Which arguments of the look-ups in each table are always the same.
#[derive(Default)]
pub(super) struct Alike {
    /// For each argument the first one that every look-up writes alike.
    by_table: FxHashMap<TableId, Vec<usize>>,
}

impl Alike {
    /// Notes a look-up by what is written for its arguments.
    pub(super) fn note(&mut self, table: TableId, arguments: &[String]) {
        let first = |at: usize| {
            let written = arguments.get(at);
            arguments.iter().position(|other| Some(other) == written).unwrap_or(at)
        };
        let Some(before) = self.by_table.get(&table) else {
            self.by_table.insert(table, (0..arguments.len()).map(first).collect());
            return;
        };
        // Those that were alike in all look-ups before, and are here.
        let both = |at: usize| (before.get(at).copied(), first(at));
        let classes = (0..before.len())
            .map(|at| (0..at).find(|other| both(*other) == both(at)).unwrap_or(at));
        let classes = classes.collect();
        self.by_table.insert(table, classes);
    }

    /// The first argument that is always the same as this one; itself where none is.
    pub(super) fn first(&self, table: TableId, argument: usize) -> usize {
        let arguments = self.by_table.get(&table);
        arguments.and_then(|arguments| arguments.get(argument)).copied().unwrap_or(argument)
    }
}
