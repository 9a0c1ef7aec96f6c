//! What a look-up in a table gives: every row is tried, cell by cell.

use std::collections::BTreeMap;

use rulebook_syntax::ast::{
    Cell, CellKind, ColumnKind, Expr, ExprKind, Grid, Name, Row, Table, TypeExpr, TypeKind,
};

use super::expression::{Env, Local, fault, number};
use super::{Exact, Fault, Reference, Value};

fn is_duration(ty: &TypeExpr) -> bool {
    matches!(ty.kind, TypeKind::Named("duration"))
}

/// A look-up in a table: the row that is looked at reads the inputs by their names.
struct LookUp<'r> {
    table: &'r Table<'r>,
    grid: &'r Grid<'r>,
    inputs: Vec<Value>,
    inside: Env<'r>,
}

/// The names of the outputs of a table of several.
fn several<'r>(table: &'r Table<'r>) -> Option<Vec<&'r Name<'r>>> {
    let grid = table.grid.as_ref()?;
    let names = grid.columns.iter().skip(grid.inputs).filter_map(|column| match &column.kind {
        ColumnKind::Value(name, _) => Some(name),
        _ => None,
    });
    let names: Vec<_> = names.collect();
    (names.len() > 1).then_some(names)
}

impl Reference<'_> {
    /// The output with this name, or the only one, of a table.
    pub(super) fn look_up<'r>(
        &'r self,
        table: &'r Table<'r>,
        output: Option<&Name>,
        arguments: &'r [Expr],
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        if let (None, Some(names)) = (output, several(table)) {
            return self.whole(table, &names, arguments, env);
        }
        let inputs: Result<Vec<_>, _> =
            arguments.iter().map(|argument| self.eval(argument, env)).collect();
        let inputs = inputs?;
        let grid = table.grid.as_ref().unwrap();
        let mut inside = Env { record: None, locals: Vec::new(), ..env.clone() };
        let named = grid.columns.iter().take(grid.inputs).filter_map(|column| match &column.kind {
            ColumnKind::Value(name, _) => Some(name.text),
            _ => None,
        });
        for (name, input) in named.zip(&inputs) {
            inside.locals.push((name.to_string(), Local::Value(input.clone())));
        }
        let look_up = LookUp { table, grid, inputs, inside };
        let rows = self.rows(&look_up)?;
        let outputs = || grid.columns.iter().skip(grid.inputs);
        let is_read = |column: &rulebook_syntax::ast::Column| match (&column.kind, output) {
            (ColumnKind::Value(name, _), Some(output)) => name.text == output.text,
            (ColumnKind::Value(..), None) => true,
            _ => false,
        };
        let read = outputs().position(is_read).unwrap_or(0);
        let leading = outputs().position(|column| !column.is_note()).unwrap_or(0);
        let value = |row: &'r Row<'r>, column: usize| self.given(&look_up, row, column);
        Ok(match table.combiner.text {
            "count" => return number(Some(Exact::whole(rows.len() as i128))),
            "only" if rows.len() > 1 => return fault("several-rows"),
            "first" | "only" => match rows.first() {
                Some(row) => value(row, read)?,
                None => Value::Missing,
            },
            "agreement" => {
                let mut agreed = None;
                for row in rows {
                    let next = value(row, read)?;
                    if agreed.as_ref().is_some_and(|agreed| *agreed != next) {
                        return fault("rows-disagree");
                    }
                    agreed = Some(next);
                }
                agreed.unwrap_or(Value::Missing)
            }
            how @ ("all" | "union") => {
                let mut values = Vec::new();
                for row in rows {
                    let next = value(row, read)?;
                    if how == "all" || !values.contains(&next) {
                        values.push(next);
                    }
                }
                Value::List(values)
            }
            "total" => {
                let ty = grid.columns.get(grid.inputs + read);
                let zero = match ty.map(|column| &column.kind) {
                    Some(ColumnKind::Value(_, ty)) if is_duration(ty) => Value::Duration(0),
                    _ => Value::Number(Exact::of(0)),
                };
                let mut total: Option<Value> = None;
                for row in rows {
                    let next = value(row, read)?;
                    total = Some(match total {
                        Some(total) => self.add(total, next)?,
                        None => next,
                    });
                }
                total.unwrap_or(zero)
            }
            // A row is taken whole, by its first output; one without it only where no other has one.
            how => {
                let mut leads = Vec::new();
                for row in &rows {
                    leads.push(value(row, leading)?);
                }
                let there: Vec<_> =
                    leads.iter().filter(|value| **value != Value::Missing).cloned().collect();
                let best = match there.is_empty() {
                    true => leads.first().cloned(),
                    false => self.extreme(&there, how != "smallest")?,
                };
                let at = leads.iter().position(|value| Some(value) == best.as_ref());
                match at {
                    Some(at) => value(rows[at], read)?,
                    None => Value::Missing,
                }
            }
        })
    }

    /// The row of a table as a record of its outputs, each of which may be a fault by itself, or a list of such.
    fn whole<'r>(
        &'r self,
        table: &'r Table<'r>,
        names: &[&Name],
        arguments: &'r [Expr],
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        let looked_up = names
            .iter()
            .map(|name| (name.text.to_string(), self.look_up(table, Some(name), arguments, env)));
        if table.combiner.text != "all" {
            let fields = looked_up.map(|(name, value)| (name, value.unwrap_or_else(Value::Faulty)));
            return Ok(Value::Record(fields.collect()));
        }
        let mut rows: Vec<BTreeMap<String, Value>> = Vec::new();
        for (name, column) in looked_up {
            let Value::List(cells) = column? else { panic!("no list") };
            rows.resize_with(cells.len(), BTreeMap::new);
            for (row, cell) in rows.iter_mut().zip(cells) {
                row.insert(name.clone(), cell);
            }
        }
        Ok(Value::List(rows.into_iter().map(Value::Record).collect()))
    }

    /// The rows that match, from the top, as far as they are looked at; the one that begins with
    /// `otherwise` where no other does.
    fn rows<'r>(&'r self, look_up: &LookUp<'r>) -> Result<Vec<&'r Row<'r>>, Fault> {
        let mut rows = Vec::new();
        let mut default = None;
        for row in &look_up.grid.rows {
            if row.cells.iter().any(|cell| matches!(cell.kind, CellKind::Otherwise)) {
                default = Some(row);
            } else if self.matches(look_up, row, false)? && self.matches(look_up, row, true)? {
                rows.push(row);
                if look_up.table.combiner.text == "first" {
                    break;
                }
            }
        }
        if rows.is_empty() {
            rows.extend(default);
        }
        Ok(rows)
    }

    /// Whether the cells of a row accept the inputs: those of constants, or the others, which are looked at
    /// only then.
    fn matches<'r>(
        &'r self,
        look_up: &LookUp<'r>,
        row: &'r Row<'r>,
        tests: bool,
    ) -> Result<bool, Fault> {
        let LookUp { grid, inputs, inside, .. } = look_up;
        let mut inputs = inputs.iter();
        for (cell, column) in row.cells.iter().zip(&grid.columns).take(grid.inputs) {
            let any = matches!(cell.kind, CellKind::Any);
            let holds = match column.kind {
                ColumnKind::Value(..) => {
                    self.accepts(&cell.kind, inputs.next().unwrap(), inside, tests)?
                }
                ColumnKind::From => any || self.instant(&self.only_value(cell)) <= inside.date,
                ColumnKind::Until => any || inside.date < self.instant(&self.only_value(cell)),
                ColumnKind::Note => true,
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn only_value(&self, cell: &Cell) -> Value {
        match &cell.kind {
            CellKind::Among(items, false) => self.constant(&items[0]),
            other => panic!("{other:?} is no value"),
        }
    }

    fn given<'r>(
        &'r self,
        look_up: &LookUp<'r>,
        row: &'r Row<'r>,
        column: usize,
    ) -> Result<Value, Fault> {
        let cell = &row.cells[look_up.grid.inputs + column];
        match &cell.kind {
            CellKind::Missing => Ok(Value::Missing),
            CellKind::Among(items, false) => match &items[0].kind {
                ExprKind::Path(path) if path.names[0].text == "missing" => Ok(Value::Missing),
                _ => self.eval(&items[0], &look_up.inside),
            },
            other => panic!("{other:?} is no value"),
        }
    }

    fn accepts<'r>(
        &'r self,
        kind: &'r CellKind<'r>,
        input: &Value,
        inside: &Env<'r>,
        tests: bool,
    ) -> Result<bool, Fault> {
        let is_missing = *input == Value::Missing;
        match kind {
            CellKind::All(parts) => {
                for part in parts {
                    if !self.accepts(&part.kind, input, inside, tests)? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
            kind if is_test(kind) != tests => {
                return Ok(tests || !is_missing || takes_missing(kind));
            }
            _ => {}
        }
        match kind {
            CellKind::OrMissing(_) if is_missing => Ok(true),
            CellKind::OrMissing(inner) => {
                let boxes = self.accepts(&inner.kind, input, inside, false)?;
                Ok(boxes && self.accepts(&inner.kind, input, inside, true)?)
            }
            CellKind::Any | CellKind::Note(_) => Ok(true),
            CellKind::Presence(present) => Ok(is_missing != *present),
            _ if is_missing => Ok(false),
            CellKind::Compare(operator, value) => {
                let value = self.present(value, inside)?;
                let holds = self.operate(operator.symbol, input.clone(), value)?;
                Ok(holds == Value::Bool(true))
            }
            CellKind::Test(name, items, negated) => {
                for item in items {
                    if tests_so(name.text, input, &self.present(item, inside)?) {
                        return Ok(!negated);
                    }
                }
                Ok(*negated)
            }
            CellKind::Among(items, negated) => {
                for item in items {
                    let holds = match &item.kind {
                        ExprKind::Range(low, high, closed) => {
                            let low = self.present(low, inside)?;
                            if self.order(input, &low)?.is_lt() {
                                false
                            } else {
                                let order = self.order(input, &self.present(high, inside)?)?;
                                order.is_lt() || *closed && order.is_eq()
                            }
                        }
                        _ => self.equal(input, &self.eval(item, inside)?)?,
                    };
                    if holds {
                        return Ok(!negated);
                    }
                }
                Ok(*negated)
            }
            CellKind::All(_) | CellKind::Otherwise | CellKind::Missing => unreachable!(),
        }
    }
}

/// Whether a cell depends on more than constants.
fn is_test(kind: &CellKind) -> bool {
    let mut depends = matches!(kind, CellKind::Test(..));
    match kind {
        CellKind::All(parts) => depends |= parts.iter().any(|part| is_test(&part.kind)),
        CellKind::OrMissing(inner) => depends |= is_test(&inner.kind),
        _ => {}
    }
    kind.expressions(&mut |expr| {
        expr.walk(&mut |inner| {
            depends |= match &inner.kind {
                ExprKind::Literal(_) | ExprKind::Range(..) => false,
                ExprKind::Prefix(..) | ExprKind::Group(_) => false,
                ExprKind::Binary(operator, _) => {
                    matches!(operator.symbol, "and" | "or" | "in" | "not in" | "??")
                }
                ExprKind::Path(path) => !CONSTANTS.contains(&path.names[0].text),
                _ => true,
            }
        });
    });
    depends
}

/// The names of what generated cells of constants hold.
const CONSTANTS: &[&str] =
    &["limit", "bar", "place", "low", "mid", "high", "red", "green", "blue", "corner", "mall"];

/// Whether a missing input is no reason to look no further.
fn takes_missing(kind: &CellKind) -> bool {
    matches!(kind, CellKind::OrMissing(_))
}

fn tests_so(name: &str, input: &Value, with: &Value) -> bool {
    match (name, input, with) {
        ("starts_with", Value::Text(text), Value::Text(with)) => text.starts_with(with.as_str()),
        ("ends_with", Value::Text(text), Value::Text(with)) => text.ends_with(with.as_str()),
        ("contains", Value::Text(text), Value::Text(with)) => text.contains(with.as_str()),
        other => panic!("{other:?}"),
    }
}
