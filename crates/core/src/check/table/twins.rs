//! What rows are told apart by, line by line. Columns that every look-up hands one value are one line: what
//! cannot be asked for is no gap. What cells ask besides is a line of its own answers.

use crate::check::alike::Alike;
use crate::check::typed::{Atom, Constant, Domain, Row, Stands, Table, TableId};
use rulebook_lang::model::{Key, Ranges};

/// The columns of a table as they can be asked for.
pub(super) struct Lines {
    lines: Vec<Line>,
    /// The values that each line has.
    pub(super) universe: Vec<Ranges>,
    /// What each row accepts of each line.
    pub(super) rows: Vec<Vec<Ranges>>,
}

/// Columns that are always handed one value; the dates of rows are a line of their own.
struct Line {
    columns: Vec<usize>,
    /// All values that one of the columns tells apart, where they are several.
    joint: Option<Domain>,
}

impl Lines {
    pub(super) fn of(table: &Table, id: TableId, alike: &Alike) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        for (at, input) in table.inputs.iter().enumerate() {
            let first = alike.first(id, at);
            let is_twin = table.inputs.get(first).is_some_and(|other| other.ty == input.ty);
            match lines.iter_mut().find(|line| is_twin && line.columns.first() == Some(&first)) {
                Some(line) => line.columns.push(at),
                None => lines.push(Line { columns: vec![at], joint: None }),
            }
        }
        lines.extend(
            table.dates.iter().map(|_| Line { columns: vec![table.inputs.len()], joint: None }),
        );
        for line in &mut lines {
            line.joint = joint(table, &line.columns);
        }
        let mut universe: Vec<_> = lines.iter().map(|line| line.universe(table)).collect();
        universe.extend(table.atoms.iter().map(Atom::universe));
        let rows = table.plain_rows().iter().map(|row| {
            let mut accepted: Vec<_> =
                lines.iter().map(|line| line.accepted(table, &row.accepts)).collect();
            accepted.extend((0..).zip(&table.atoms).map(|(at, atom)| answered(row, at, atom)));
            accepted
        });
        let rows = rows.collect();
        Self { lines, universe, rows }
    }

    /// The line of what cells ask besides.
    pub(super) fn of_atom(&self, atom: usize) -> usize {
        self.lines.len() + atom
    }

    /// How many lines are no answers.
    pub(super) fn plain(&self) -> usize {
        self.lines.len()
    }

    /// What each column is handed for a number of each line, and for the dates of rows.
    pub(super) fn input<'l>(&'l self, table: &'l Table, keys: &[Key]) -> Vec<Stands<'l>> {
        let of_column = |column: usize| {
            let mut lines = self.lines.iter().zip(keys);
            let (line, key) = lines.find(|(line, _)| line.columns.contains(&column))?;
            let domain = line.joint.as_ref().or_else(|| domain(table, column))?;
            Some(domain.stands_for(*key))
        };
        (0..=table.inputs.len()).map_while(of_column).collect()
    }

    /// The names of the columns of a line; none for the dates of rows.
    pub(super) fn names<'t>(&self, table: &'t Table, line: usize) -> Vec<&'t str> {
        let columns = self.lines.get(line).into_iter().flat_map(|line| &line.columns);
        columns.filter_map(|at| table.inputs.get(*at)).map(|input| input.name.as_str()).collect()
    }
}

impl Line {
    fn universe(&self, table: &Table) -> Ranges {
        let only = || self.columns.first().and_then(|at| domain(table, *at));
        self.joint.as_ref().or_else(only).map_or_else(Ranges::none, Domain::universe)
    }

    /// The number in a column of what a number of the line stands for.
    fn own(&self, table: &Table, column: usize, key: Key) -> Option<Key> {
        match &self.joint {
            Some(joint) => domain(table, column)?.number_from(joint, key),
            None => Some(key),
        }
    }

    /// What all cells of a row accept in these columns.
    fn accepted(&self, table: &Table, cells: &[Ranges]) -> Ranges {
        let cell = |at: &usize| cells.get(*at).cloned().unwrap_or_else(Ranges::none);
        let Some(joint) = &self.joint else {
            return self.columns.first().map_or_else(Ranges::none, cell);
        };
        let accepts = |key: &Key| {
            self.columns.iter().all(|at| {
                self.own(table, *at, *key).is_some_and(|own| cell(at).meets(&Ranges::point(own)))
            })
        };
        let universe = joint.universe();
        let keys = universe.iter().flat_map(|(low, high)| low..=high);
        Ranges::points(keys.filter(accepts))
    }
}

/// Which answers a row accepts to what cells ask.
fn answered(row: &Row, atom: usize, asked: &Atom) -> Ranges {
    let answers = row.tests.iter().flat_map(|tests| &tests.answers);
    let own = answers.filter(|(at, _)| *at == atom).map(|(_, accepts)| accepts);
    own.fold(asked.universe(), |all, accepts| all.intersection(accepts))
}

fn domain(table: &Table, column: usize) -> Option<&Domain> {
    table.inputs.get(column).map(|input| &input.domain).or(table.dates.as_ref())
}

/// The domain that tells apart what one of several columns does.
fn joint(table: &Table, columns: &[usize]) -> Option<Domain> {
    let [first, _, ..] = columns else { return None };
    let ty = &table.inputs.get(*first)?.ty;
    let named = columns.iter().filter_map(|at| domain(table, *at)).flat_map(Domain::named);
    let named: Vec<Constant> = named.collect();
    Some(Domain::new(ty, named))
}
