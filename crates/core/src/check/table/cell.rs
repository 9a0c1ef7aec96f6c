//! Types the cells of a table, and numbers the values that they accept.

use std::cmp::Ordering;

use crate::check::checker::Checker;
use crate::check::foreign;
use crate::check::infer::infer;
use crate::check::number::{self, Parted};
use crate::check::scope::Scope;
use crate::check::sink::Wrong;
use crate::check::typed::{Constant, Dates, Domain, Expr, Kind, MISSING, Table};
use crate::check::{constant, instant, operation};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::kernel;
use rulebook_lang::model::{Ranges, Time, Type};
use rulebook_lang::operator::{self, Meaning};
use rulebook_lang::signature::Signature;
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

/// The typed cells of a table whose columns are sound.
pub(super) fn cells(checker: &mut Checker, grid: &Grid, table: &Table) -> Result<Cells, Wrong> {
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
        let (input_cells, outputs) =
            row.cells.split_at_checked(grid.inputs).ok_or_else(Wrong::reported)?;
        for ((cell, column), into) in input_cells.iter().zip(&grid.columns).zip(&mut cells.inputs) {
            match column.kind {
                ColumnKind::Value(..) => {
                    let accepts = accepts(
                        checker,
                        cell,
                        &inputs.next().ok_or_else(Wrong::reported)?.ty,
                        column.span,
                    );
                    sound &= accepts.is_ok();
                    into.extend(accepts);
                }
                ColumnKind::From => sound &= date(checker, cell, &mut dates.0),
                ColumnKind::Until => sound &= date(checker, cell, &mut dates.1),
            }
        }
        cells.dates.push(dates);
        let values = outputs.iter().zip(&table.outputs).filter_map(|(cell, output)| {
            let CellKind::Among(items, _) = &cell.kind else { return None };
            let value = items.first()?;
            number::range(checker, value).ok()?;
            cell_constant(checker, value, &output.ty, None).ok()
        });
        let values: Vec<_> = values.collect();
        sound &= values.len() == table.outputs.len();
        cells.outputs.push(values);
    }
    if sound { Ok(cells) } else { Err(Wrong::reported()) }
}

/// Reads a date of a row and says whether that is sound.
fn date(checker: &mut Checker, cell: &ast::Cell, into: &mut Option<Time>) -> bool {
    match &cell.kind {
        CellKind::Any => true,
        CellKind::Among(items, false) if matches!(items.as_slice(), [_]) => {
            *into = items.first().and_then(|date| constant::time(checker, date, None).ok());
            into.is_some()
        }
        _ => {
            checker.sink.report(
                Diagnostic::new(Code::TableCell, cell.span, "expected a date or `_`")
                    .help("write a day such as `2024-08-09`; `until` does not include its own"),
            );
            false
        }
    }
}

fn accepts(
    checker: &mut Checker,
    cell: &ast::Cell,
    ty: &Type,
    column: Span,
) -> Result<Accepts, Wrong> {
    match &cell.kind {
        CellKind::Any => Ok(Accepts::Any),
        CellKind::Presence(present) => {
            if !ty.is_optional() {
                return Err(checker.sink.wrong(
                    Diagnostic::new(Code::TableCell, cell.span, "this input is never missing")
                        .also(column, "declare it with `?` if it may be")
                        .help("write `_` where any value will do"),
                ));
            }
            Ok(Accepts::Presence(*present))
        }
        CellKind::Compare(operator, value) => {
            number::range(checker, value)?;
            let signature = comparable(checker, operator.symbol, ty, value.span, column)?;
            let comparison = signature.kernel.comparison().ok_or_else(Wrong::reported)?;
            let constant = cell_constant(checker, value, ty, Some(comparison))?;
            Ok(Accepts::Compared(comparison, constant))
        }
        CellKind::Among(items, negated) => {
            let within = items.iter().find_map(|expr| values_within(checker, expr));
            if let Some(values) = within {
                let message = "values and ranges stand alone in a cell, parted by commas";
                let not = if *negated { "not " } else { "" };
                let problem = Diagnostic::new(Code::TableCell, cell.span, message);
                return Err(checker.sink.wrong(problem.help(format!("write `{not}{values}`"))));
            }
            number::grouped(checker, items, Parted::Cell);
            // Each that is wrong is told.
            let items = items.iter().map(|expr| item(checker, expr, ty, column));
            let items: Vec<_> = items.collect();
            Ok(Accepts::Among(items.into_iter().collect::<Result<_, _>>()?, *negated))
        }
    }
}

fn item(checker: &mut Checker, expr: &ast::Expr, ty: &Type, column: Span) -> Result<Item, Wrong> {
    let ExprKind::Range(low, high, closed) = &expr.kind else {
        number::range(checker, expr)?;
        return cell_constant(checker, expr, ty, Some(kernel::EQ)).map(Item::One);
    };
    let end = if *closed { kernel::LE } else { kernel::LT };
    let low = cell_constant(checker, low, ty, Some(kernel::GE));
    let high = cell_constant(checker, high, ty, Some(end));
    let (low, high) = (low?, high?);
    comparable(checker, "<", ty, expr.span, column)?;
    Ok(Item::Range(low, high, *closed))
}

/// The values of a cell that is written as a list, in brackets or with `or`.
fn values_within(checker: &Checker, expr: &ast::Expr) -> Option<String> {
    let shown = |exprs: &[ast::Expr]| {
        let shown: Vec<_> = exprs.iter().map(|expr| checker.names.shown(expr.span)).collect();
        shown.join(", ")
    };
    match &expr.kind {
        ExprKind::List(items) => Some(shown(items)),
        ExprKind::Binary(operator, operands) if operator.symbol == "or" => Some(shown(operands)),
        ExprKind::Group(inner) => match &inner.kind {
            ExprKind::Range(..) => Some(checker.names.shown(inner.span)),
            _ => values_within(checker, inner),
        },
        _ => None,
    }
}

/// Reports a bare word in a cell that nothing defines, where it is plain what is meant.
fn bare_word(checker: &mut Checker, expr: &ast::Expr, ty: &Type) -> Option<Wrong> {
    let ExprKind::Path(path) = &expr.kind else { return None };
    let [name] = path.names.as_slice() else { return None };
    let is_member = match ty.required() {
        Type::Enum(members) => members.position(name.text).is_some(),
        _ => false,
    };
    let names = &checker.names;
    if is_member || names.get(name.text).is_some() || names.broken.contains(name.text) {
        return None;
    }
    let help = foreign::cell_help(name.text, ty)?;
    let message = format!("there is no `{}` here", name.text);
    Some(checker.sink.wrong(Diagnostic::new(Code::UnknownName, name.span, message).help(help)))
}

/// How values of a column are compared so; reports where they cannot be.
fn comparable(
    checker: &mut Checker,
    symbol: &str,
    ty: &Type,
    cell: Span,
    column: Span,
) -> Result<&'static Signature, Wrong> {
    let meaning = operator::binary(symbol).map(|operator| &operator.meaning);
    let Some(Meaning::Kernel(signatures)) = meaning else { return Err(Wrong::reported()) };
    let operand = |span| Expr { span, ty: ty.required().clone(), kind: Kind::Wrong };
    let operands = vec![operand(column), operand(cell)];
    match operation::apply(checker, symbol, signatures, operands, cell)?.kind {
        Kind::Call(signature, _) => Ok(signature),
        _ => Err(Wrong::reported()),
    }
}

/// The constant that a cell names; a day beside instants is its first one. `compared` says what an input
/// stands to it in.
fn cell_constant(
    checker: &mut Checker,
    expr: &ast::Expr,
    ty: &Type,
    compared: Option<kernel::Accepts>,
) -> Result<Constant, Wrong> {
    if let Some(wrong) = bare_word(checker, expr, ty) {
        return Err(wrong);
    }
    if *ty.required() != Type::Time {
        return constant::of(checker, expr, ty, "a cell of a table");
    }
    let scope = Scope { constant: true, ..Scope::default() };
    match infer(checker, expr, None, &scope).ty {
        Type::Date => {
            if compared.is_some_and(instant::parts_the_day) {
                instant::warn_of_cell(checker, expr.span);
            }
            constant::time(checker, expr, None).map(Constant::Time)
        }
        _ => constant::of(checker, expr, ty, "a cell of a table"),
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
