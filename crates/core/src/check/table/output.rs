//! Types the outputs of rows: values that are known at load, none, or what is made of the inputs.

use super::cell::cell_constant;
use super::condition::Inside;
use crate::check::checker::Checker;
use crate::check::infer::expect;
use crate::check::number;
use crate::check::sink::Wrong;
use crate::check::typed::{Given, Output};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_syntax::ast::{self, CellKind, ExprKind};

/// How no value is written.
const MISSING: &str = "missing";

/// What a cell of an output gives.
pub(super) fn given(
    checker: &mut Checker,
    cell: &ast::Cell,
    output: &Output,
    inside: &Inside,
) -> Result<Given, Wrong> {
    let value = match &cell.kind {
        CellKind::Missing => return missing(checker, cell.span, output),
        CellKind::Among(items, _) => items.first().ok_or_else(Wrong::reported)?,
        _ => return Err(Wrong::reported()),
    };
    if inside.is_nothing(checker, value, MISSING, &output.ty) {
        return missing(checker, cell.span, output);
    }
    number::range(checker, value, &output.ty)?;
    if !inside.calculates(checker, value, &output.ty)? {
        return cell_constant(checker, value, &output.ty, None).map(Given::Constant);
    }
    let typed = expect(checker, value, &output.ty, inside.scope());
    let mut is_wrong = typed.ty.is_unknown();
    typed.walk(&mut |inner| is_wrong |= inner.ty.is_unknown());
    if is_wrong { Err(Wrong::reported()) } else { Ok(Given::Made(Box::new(typed))) }
}

fn missing(checker: &mut Checker, cell: Span, output: &Output) -> Result<Given, Wrong> {
    if output.ty.is_optional() {
        return Ok(Given::Missing);
    }
    let message = "this output is never missing";
    Err(checker.sink.wrong(
        Diagnostic::new(Code::TableCell, cell, message)
            .also(output.span, "declare it with `?` if it may be")
            .help(format!("write a value, or `{}: {}?`", output.name, output.ty)),
    ))
}

/// The name that an expression is, if it is one by itself.
pub(super) fn lone_name<'e>(expr: &'e ast::Expr<'_>) -> Option<&'e str> {
    match &expr.kind {
        ExprKind::Path(path) => match path.names.as_slice() {
            [name] => Some(name.text),
            _ => None,
        },
        _ => None,
    }
}
