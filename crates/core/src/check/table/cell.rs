//! Types the cells of a table, and numbers the values that they accept.

use std::cmp::Ordering;

use super::condition::{self, Inside, Tested};
use super::output;
use crate::check::checker::Checker;
use crate::check::foreign;
use crate::check::infer::infer;
use crate::check::number::{self, Parted};
use crate::check::scope::Scope;
use crate::check::sink::Wrong;
use crate::check::typed::{
    Atom, Constant, Dates, Domain, Expr, Given, Input, Kind, MISSING, Table, Tests,
};
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
    /// What each of these accepts.
    All(Vec<Accepts>),
    /// What this accepts, and what is missing.
    OrMissing(Box<Accepts>),
    /// What is there, and for which more holds besides.
    Tested(Box<Tested>),
    /// Anything for which more holds besides.
    AnyTested(Box<Tested>),
}

pub(super) enum Item {
    One(Constant),
    /// From one to the other, which belongs to it or not.
    Range(Constant, Constant, bool),
}

/// The typed cells of a table.
pub(super) struct Cells {
    /// What the cells of each input accept.
    pub(super) inputs: Vec<Vec<Accepts>>,
    pub(super) has_dates: bool,
    pub(super) dates: Vec<Dates>,
    pub(super) atoms: Vec<Atom>,
    /// What each row asks besides.
    pub(super) tests: Vec<Option<Box<Tests>>>,
    /// The outputs of each row.
    pub(super) outputs: Vec<Vec<Given>>,
    /// The row that counts where no other does.
    pub(super) default: Option<Span>,
}

/// The typed cells of a table whose columns are sound.
pub(super) fn cells(
    checker: &mut Checker,
    grid: &Grid,
    table: &Table,
    default: Option<Span>,
) -> Result<Cells, Wrong> {
    let is_dates =
        |column: &ast::Column| matches!(column.kind, ColumnKind::From | ColumnKind::Until);
    let mut cells = Cells {
        inputs: table.inputs.iter().map(|_| Vec::with_capacity(grid.rows.len())).collect(),
        has_dates: grid.columns.iter().any(is_dates),
        dates: Vec::with_capacity(grid.rows.len()),
        atoms: Vec::new(),
        tests: Vec::with_capacity(grid.rows.len()),
        outputs: Vec::with_capacity(grid.rows.len()),
        default,
    };
    let inside = Inside::of(checker, table);
    let mut sound = true;
    for row in &grid.rows {
        let mut dates = (None, None);
        let (input_cells, output_cells) =
            row.cells.split_at_checked(grid.inputs).ok_or_else(Wrong::reported)?;
        let columns = || input_cells.iter().zip(&grid.columns);
        let is_value =
            |(_, column): &(_, &ast::Column)| matches!(column.kind, ColumnKind::Value(..));
        let inside = inside.row(columns().filter(is_value).map(|(cell, _)| cell));
        let mut inputs = table.inputs.iter().enumerate();
        let mut tests = Vec::new();
        for (cell, column) in columns() {
            match column.kind {
                ColumnKind::Value(..) => {
                    let (at, input) = inputs.next().ok_or_else(Wrong::reported)?;
                    let asked = Asked { inside: &inside, at, input, cell: cell.span };
                    let accepts = accepts(checker, asked, &cell.kind);
                    sound &= accepts.is_ok();
                    let Ok(accepts) = accepts else { continue };
                    take_tests(&accepts, &mut tests);
                    if let Some(column) = cells.inputs.get_mut(at) {
                        column.push(accepts);
                    }
                }
                ColumnKind::From => sound &= date(checker, cell, &mut dates.0),
                ColumnKind::Until => sound &= date(checker, cell, &mut dates.1),
                ColumnKind::Note => {}
            }
        }
        cells.dates.push(dates);
        cells.tests.push(condition::joined(tests, &mut cells.atoms, row.span).map(Box::new));
        let output_cells =
            output_cells.iter().filter(|cell| !matches!(cell.kind, CellKind::Note(_)));
        let mut values = Vec::with_capacity(table.outputs.len());
        values.extend(
            output_cells
                .zip(&table.outputs)
                .filter_map(|(cell, output)| output::given(checker, cell, output, &inside).ok()),
        );
        sound &= values.len() == table.outputs.len();
        cells.outputs.push(values);
    }
    if sound { Ok(cells) } else { Err(Wrong::reported()) }
}

/// Notes what a cell asks besides.
fn take_tests(accepts: &Accepts, into: &mut Vec<Tested>) {
    match accepts {
        Accepts::Tested(tested) | Accepts::AnyTested(tested) => into.push((**tested).clone()),
        Accepts::All(parts) => parts.iter().for_each(|part| take_tests(part, into)),
        _ => {}
    }
}

/// Reads a date of a row and says whether that is sound.
fn date(checker: &mut Checker, cell: &ast::Cell, into: &mut Option<Time>) -> bool {
    match &cell.kind {
        CellKind::Any | CellKind::Otherwise => true,
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

/// A cell of an input, and what is known where it stands.
#[derive(Clone, Copy)]
pub(super) struct Asked<'t> {
    pub(super) inside: &'t Inside,
    /// The number of the input.
    pub(super) at: usize,
    pub(super) input: &'t Input,
    pub(super) cell: Span,
}

fn accepts(checker: &mut Checker, asked: Asked<'_>, kind: &CellKind) -> Result<Accepts, Wrong> {
    let (ty, column) = (&asked.input.ty, asked.input.span);
    let may_miss = |checker: &mut Checker, help: &str| {
        if ty.is_optional() {
            return Ok(());
        }
        Err(checker.sink.wrong(
            Diagnostic::new(Code::TableCell, asked.cell, "this input is never missing")
                .also(column, "declare it with `?` if it may be")
                .help(help),
        ))
    };
    match kind {
        CellKind::Any | CellKind::Otherwise => Ok(Accepts::Any),
        CellKind::Note(_) | CellKind::Missing => Err(Wrong::reported()),
        CellKind::Presence(present) => {
            may_miss(checker, "write `_` where any value will do")?;
            Ok(Accepts::Presence(*present))
        }
        CellKind::All(conditions) => {
            let parts = conditions
                .iter()
                .map(|part| accepts(checker, Asked { cell: part.span, ..asked }, &part.kind));
            let parts: Vec<_> = parts.collect();
            Ok(Accepts::All(parts.into_iter().collect::<Result<_, _>>()?))
        }
        CellKind::OrMissing(condition) => {
            may_miss(checker, "leave out `or missing`")?;
            let inner = accepts(checker, asked, &condition.kind)?;
            let mut tests = Vec::new();
            take_tests(&inner, &mut tests);
            Ok(match tests.is_empty() {
                true => Accepts::OrMissing(Box::new(inner)),
                false => Accepts::AnyTested(Box::new(condition::or_missing(
                    checker,
                    asked,
                    &condition.kind,
                )?)),
            })
        }
        CellKind::Test(..) => {
            condition::tested(checker, asked, kind).map(|tested| Accepts::Tested(Box::new(tested)))
        }
        CellKind::Compare(_, value) if asked.inside.calculates(checker, value, ty)? => {
            condition::tested(checker, asked, kind).map(|tested| Accepts::Tested(Box::new(tested)))
        }
        CellKind::Compare(operator, value) => {
            number::range(checker, value, ty)?;
            let signature = comparable(checker, operator.symbol, ty, value.span, column)?;
            let comparison = signature.kernel.comparison().ok_or_else(Wrong::reported)?;
            let constant = cell_constant(checker, value, ty, Some(comparison))?;
            Ok(Accepts::Compared(comparison, constant))
        }
        CellKind::Among(items, negated) => {
            // A condition is a value where the column is true or false.
            let items_of_values = if *ty.required() == Type::Bool { &[][..] } else { items };
            let within = items_of_values.iter().find_map(|expr| values_within(checker, expr));
            if let Some(values) = within {
                let message = "values and ranges stand alone in a cell, parted by commas";
                let not = if *negated { "not " } else { "" };
                let problem = Diagnostic::new(Code::TableCell, asked.cell, message);
                return Err(checker.sink.wrong(problem.help(format!("write `{not}{values}`"))));
            }
            for item in items {
                if asked.inside.calculates(checker, item, ty)? {
                    let tested = condition::tested(checker, asked, kind)?;
                    return Ok(Accepts::Tested(Box::new(tested)));
                }
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
        number::range(checker, expr, ty)?;
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
        Type::Enum(members) => members.position_of_name(name.text).is_some(),
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
pub(super) fn cell_constant(
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
    cells.iter().for_each(|cell| named(cell, &mut constants));
    let domain = Domain::new(ty, constants);
    let universe = domain.universe();
    let accepts = cells.iter().map(|cell| numbers(&domain, cell).intersection(&universe));
    let accepts = accepts.collect();
    (domain, accepts)
}

/// Adds the constants that a cell names.
fn named(cell: &Accepts, into: &mut Vec<Constant>) {
    match cell {
        Accepts::Any | Accepts::Presence(_) | Accepts::Tested(_) | Accepts::AnyTested(_) => {}
        Accepts::Compared(_, constant) => into.push(constant.clone()),
        Accepts::All(parts) => parts.iter().for_each(|part| named(part, into)),
        Accepts::OrMissing(inner) => named(inner, into),
        Accepts::Among(items, _) => {
            for item in items {
                match item {
                    Item::One(constant) => into.push(constant.clone()),
                    Item::Range(low, high, _) => into.extend([low.clone(), high.clone()]),
                }
            }
        }
    }
}

fn numbers(domain: &Domain, cell: &Accepts) -> Ranges {
    let present = domain.present();
    match cell {
        Accepts::Any | Accepts::AnyTested(_) => domain.universe(),
        Accepts::Presence(true) | Accepts::Tested(_) => present,
        Accepts::All(parts) => parts
            .iter()
            .fold(domain.universe(), |all, part| all.intersection(&numbers(domain, part))),
        Accepts::OrMissing(inner) => numbers(domain, inner).union(&Ranges::point(MISSING)),
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
