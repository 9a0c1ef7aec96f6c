//! What a look-up in a table gives: every row is tried, cell by cell.

use rulebook_syntax::ast::{
    Cell, CellKind, ColumnKind, Expr, ExprKind, Name, Row, Table, TypeExpr, TypeKind,
};

use super::expression::{Env, fault, number};
use super::{Exact, Fault, Reference, Value};

fn is_duration(ty: &TypeExpr) -> bool {
    matches!(ty.kind, TypeKind::Named("duration"))
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
        let inputs: Result<Vec<_>, _> =
            arguments.iter().map(|argument| self.eval(argument, env)).collect();
        let inputs = inputs?;
        let grid = table.grid.as_ref().unwrap();
        let named = |column: &rulebook_syntax::ast::Column| match (&column.kind, output) {
            (ColumnKind::Value(name, _), Some(output)) => name.text == output.text,
            _ => true,
        };
        let column = grid.columns.iter().skip(grid.inputs).position(named);
        let (mut found, mut leading) = (Vec::new(), Vec::new());
        for row in &grid.rows {
            if self.matches(table, row, &inputs, env)? {
                let value = |column: usize| {
                    let cell = row.cells.get(grid.inputs + column);
                    cell.map_or(Value::Missing, |cell| self.only_value(cell))
                };
                found.push(column.map_or(Value::Missing, value));
                leading.push(value(0));
            }
        }
        let first = found.first().cloned();
        Ok(match table.combiner.text {
            "count" => return number(Some(Exact::whole(found.len() as i128))),
            "first" => first.unwrap_or(Value::Missing),
            "only" if found.len() > 1 => return fault("several-rows"),
            "agreement" if found.iter().any(|value| Some(value) != first.as_ref()) => {
                return fault("rows-disagree");
            }
            "only" | "agreement" => first.unwrap_or(Value::Missing),
            "all" => Value::List(found),
            "union" => {
                let mut once = Vec::new();
                for value in found {
                    if !once.contains(&value) {
                        once.push(value);
                    }
                }
                Value::List(once)
            }
            "total" => {
                let mut found = found.into_iter();
                let first = found.next();
                let ty = column.and_then(|at| grid.columns.get(grid.inputs + at));
                let zero = match ty.map(|column| &column.kind) {
                    Some(ColumnKind::Value(_, ty)) if is_duration(ty) => Value::Duration(0),
                    _ => Value::Number(Exact::of(0)),
                };
                let mut total = first.unwrap_or(zero);
                for value in found {
                    total = self.add(total, value)?;
                }
                total
            }
            // A row is taken whole, by its first output.
            how => {
                let best = self.extreme(&leading, how != "smallest")?;
                let row = leading.iter().position(|value| Some(value) == best.as_ref());
                row.and_then(|row| found.get(row).cloned()).unwrap_or(Value::Missing)
            }
        })
    }

    fn matches(
        &self,
        table: &Table,
        row: &Row,
        inputs: &[Value],
        env: &Env<'_>,
    ) -> Result<bool, Fault> {
        let grid = table.grid.as_ref().unwrap();
        let mut inputs = inputs.iter();
        for (cell, column) in row.cells.iter().zip(&grid.columns).take(grid.inputs) {
            let any = matches!(cell.kind, CellKind::Any);
            let holds = match column.kind {
                ColumnKind::Value(..) => self.accepts(cell, inputs.next().unwrap())?,
                ColumnKind::From => any || self.instant(&self.only_value(cell)) <= env.date,
                ColumnKind::Until => any || env.date < self.instant(&self.only_value(cell)),
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

    fn accepts(&self, cell: &Cell, input: &Value) -> Result<bool, Fault> {
        let is_missing = *input == Value::Missing;
        match &cell.kind {
            CellKind::Any => Ok(true),
            CellKind::Presence(present) => Ok(is_missing != *present),
            _ if is_missing => Ok(false),
            CellKind::Compare(operator, constant) => {
                let constant = self.constant(constant);
                let holds = self.operate(operator.symbol, input.clone(), constant)?;
                Ok(holds == Value::Bool(true))
            }
            CellKind::Among(items, negated) => {
                for item in items {
                    let holds = match &item.kind {
                        ExprKind::Range(low, high, closed) => {
                            let (low, high) = (self.constant(low), self.constant(high));
                            let order = self.order(input, &high)?;
                            self.order(input, &low)?.is_ge()
                                && (order.is_lt() || *closed && order.is_eq())
                        }
                        _ => self.equal(input, &self.constant(item))?,
                    };
                    if holds {
                        return Ok(!negated);
                    }
                }
                Ok(*negated)
            }
        }
    }
}
