//! Types the cells of a table, and numbers the values that they accept.

use std::cmp::Ordering;

use super::super::Checker;
use super::super::infer::Scope;
use super::super::typed::{Constant, Dates, Domain, Expr, Kind, MISSING, Table};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::kernel;
use rulebook_lang::model::{Ranges, Time, Type};
use rulebook_lang::operator::{self, Meaning};
use rulebook_syntax::ast::{self, CellKind, ColumnKind, ExprKind, Grid};

/// What a cell of an input accepts.
pub(super) enum Accepts {
    Any,
    /// What is there, or what is missing.
    Presence(bool),
    /// What stands to the constant in one of the accepted orders.
    Compared(kernel::Accepts, Constant),
    /// What is (or is not) one of these.
    Among(Vec<Item>, bool),
}

pub(super) enum Item {
    One(Constant),
    /// From one to the other, which belongs to it or not.
    Range(Constant, Constant, bool),
}

/// The typed cells of a table.
pub(super) struct Cells {
    /// What the cells of each column of inputs accept; nothing for columns of dates.
    pub(super) inputs: Vec<Vec<Accepts>>,
    pub(super) has_dates: bool,
    pub(super) dates: Vec<Dates>,
    /// The outputs of each row.
    pub(super) outputs: Vec<Vec<Constant>>,
}

impl Checker<'_> {
    /// The typed cells of a table whose columns are sound; `None` where one is wrong, which is
    /// reported.
    pub(super) fn cells(&mut self, grid: &Grid, table: &Table) -> Option<Cells> {
        let is_dates = |column: &ast::Column| !matches!(column.kind, ColumnKind::Value(..));
        let mut cells = Cells {
            inputs: grid.columns.iter().take(grid.inputs).map(|_| Vec::new()).collect(),
            has_dates: grid.columns.iter().any(is_dates),
            dates: Vec::new(),
            outputs: Vec::new(),
        };
        let mut sound = true;
        for row in &grid.rows {
            let mut dates = (None, None);
            let mut inputs = table.inputs.iter();
            let (own, outputs) = row.cells.split_at_checked(grid.inputs)?;
            for ((cell, column), into) in own.iter().zip(&grid.columns).zip(&mut cells.inputs) {
                match column.kind {
                    ColumnKind::Value(..) => {
                        let accepts = self.accepts(cell, &inputs.next()?.ty, column.span);
                        sound &= accepts.is_some();
                        into.extend(accepts);
                    }
                    ColumnKind::From => sound &= self.date(cell, &mut dates.0),
                    ColumnKind::Until => sound &= self.date(cell, &mut dates.1),
                }
            }
            cells.dates.push(dates);
            let values = outputs.iter().zip(&table.outputs).filter_map(|(cell, output)| {
                let CellKind::Among(items, _) = &cell.kind else { return None };
                self.cell_constant(items.first()?, &output.ty)
            });
            let values: Vec<_> = values.collect();
            sound &= values.len() == table.outputs.len();
            cells.outputs.push(values);
        }
        sound.then_some(cells)
    }

    /// Reads a date of a row and tells whether that is sound.
    fn date(&mut self, cell: &ast::Cell, into: &mut Option<Time>) -> bool {
        match &cell.kind {
            CellKind::Any => true,
            CellKind::Among(items, false) if matches!(items.as_slice(), [_]) => {
                *into = items.first().and_then(|date| self.constant_time(date, None));
                into.is_some()
            }
            _ => {
                self.report(
                    Diagnostic::new(Code::TableCell, cell.span, "expected a date or `_`")
                        .help("write a day such as `2024-08-09`; `until` does not include its own"),
                );
                false
            }
        }
    }

    fn accepts(&mut self, cell: &ast::Cell, ty: &Type, column: Span) -> Option<Accepts> {
        match &cell.kind {
            CellKind::Any => Some(Accepts::Any),
            CellKind::Presence(present) => {
                if !ty.is_optional() {
                    self.report(
                        Diagnostic::new(Code::TableCell, cell.span, "this input is never missing")
                            .also(column, "declare it with `?` if it may be")
                            .help("write `_` where any value will do"),
                    );
                    return None;
                }
                Some(Accepts::Presence(*present))
            }
            CellKind::Compare(operator, value) => {
                let Meaning::Kernel(signatures) = operator.meaning else { return None };
                let constant = self.cell_constant(value, ty)?;
                if !self.is_comparable(operator.symbol, ty, value.span, column) {
                    return None;
                }
                let comparison = signatures.first()?.kernel.comparison()?;
                Some(Accepts::Compared(comparison, constant))
            }
            CellKind::Among(items, negated) => {
                let count = items.len();
                let items = items.iter().filter_map(|item| self.item(item, ty, column));
                let items: Vec<_> = items.collect();
                (items.len() == count).then_some(Accepts::Among(items, *negated))
            }
        }
    }

    fn item(&mut self, expr: &ast::Expr, ty: &Type, column: Span) -> Option<Item> {
        let ExprKind::Range(low, high, closed) = &expr.kind else {
            return self.cell_constant(expr, ty).map(Item::One);
        };
        let (low, high) = (self.cell_constant(low, ty), self.cell_constant(high, ty));
        let (low, high) = (low?, high?);
        let fits = self.is_comparable("<", ty, expr.span, column);
        fits.then_some(Item::Range(low, high, *closed))
    }

    /// Whether values of a column can be compared so; reports where they cannot.
    fn is_comparable(&mut self, symbol: &str, ty: &Type, cell: Span, column: Span) -> bool {
        let Some(operator) = operator::binary(symbol) else { return false };
        let Meaning::Kernel(signatures) = operator.meaning else { return false };
        let operand = |span| Expr { span, ty: ty.required().clone(), kind: Kind::Wrong };
        !self.apply(symbol, signatures, vec![operand(column), operand(cell)], cell).ty.is_unknown()
    }

    /// The constant that a cell names; a day beside instants is its first one.
    fn cell_constant(&mut self, expr: &ast::Expr, ty: &Type) -> Option<Constant> {
        if *ty.required() != Type::Time {
            return self.constant_of(expr, ty, "a cell of a table");
        }
        let scope = Scope { constant: true, ..Scope::default() };
        match self.infer(expr, None, &scope).ty {
            Type::Date => self.constant_time(expr, None).map(Constant::Time),
            _ => self.constant_of(expr, ty, "a cell of a table"),
        }
    }
}

/// The domain of a column of a type, and what each of its cells accepts of it.
pub(super) fn numbered(ty: &Type, cells: &[Accepts]) -> (Domain, Vec<Ranges>) {
    let mut constants = Vec::new();
    for cell in cells {
        match cell {
            Accepts::Any | Accepts::Presence(_) => {}
            Accepts::Compared(_, constant) => constants.push(constant.clone()),
            Accepts::Among(items, _) => {
                constants.extend(items.iter().flat_map(|item| match item {
                    Item::One(constant) => vec![constant.clone()],
                    Item::Range(low, high, _) => vec![low.clone(), high.clone()],
                }))
            }
        }
    }
    let domain = Domain::new(ty, constants);
    let universe = domain.universe();
    let accepts = cells.iter().map(|cell| numbers(&domain, cell).intersection(&universe));
    let accepts = accepts.collect();
    (domain, accepts)
}

fn numbers(domain: &Domain, cell: &Accepts) -> Ranges {
    let present = domain.present();
    match cell {
        Accepts::Any => domain.universe(),
        Accepts::Presence(true) => present,
        Accepts::Presence(false) => Ranges::point(MISSING),
        Accepts::Compared(accepts, constant) => {
            let number = domain.number_of(constant);
            let parts = [
                (Ordering::Less, Ranges::between(MISSING, number - 1)),
                (Ordering::Equal, Ranges::point(number)),
                (Ordering::Greater, Ranges::between(number + 1, i64::MAX)),
            ];
            let accepted = parts.into_iter().filter(|(order, _)| accepts.accepts(*order));
            let ranges = accepted.fold(Ranges::none(), |all, (_, part)| all.union(&part));
            ranges.intersection(&present)
        }
        Accepts::Among(items, negated) => {
            let ranges = items.iter().fold(Ranges::none(), |all, item| {
                all.union(&match item {
                    Item::One(constant) => Ranges::point(domain.number_of(constant)),
                    Item::Range(low, high, closed) => {
                        let high = domain.number_of(high) - i64::from(!closed);
                        Ranges::between(domain.number_of(low), high)
                    }
                })
            });
            let ranges = if *negated { ranges.complement() } else { ranges };
            ranges.intersection(&present)
        }
    }
}

/// The domain of the dates of rows, and what each row accepts of it.
pub(super) fn dates(rows: &[Dates]) -> (Domain, Vec<Ranges>) {
    let times = rows.iter().flat_map(|(from, until)| [*from, *until]).flatten();
    let domain = Domain::new(&Type::Time, times.map(Constant::Time).collect());
    let universe = domain.universe();
    let accepts = rows.iter().map(|(from, until)| {
        let number = |time: Time| domain.number_of(&Constant::Time(time));
        let from = from.map_or(MISSING, number);
        let until = until.map_or(i64::MAX, |until| number(until) - 1);
        Ranges::between(from, until).intersection(&universe)
    });
    let accepts = accepts.collect();
    (domain, accepts)
}
