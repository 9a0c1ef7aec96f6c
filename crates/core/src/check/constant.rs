//! Values that must be known at load: defaults, parameters, list items and the dates of phases.

use super::checker::Checker;
use super::evaluate;
use super::infer::{expect, infer};
use super::scope::Scope;
use super::typed::{Constant, Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::{Date, Time, Type, start_of_day};
use rulebook_syntax::ast;

/// The constant that an expression of this type gives; reports where it is none.
pub(super) fn of(
    checker: &mut Checker,
    expr: &ast::Expr,
    ty: &Type,
    what: &str,
) -> Option<Constant> {
    let scope = Scope { constant: true, ..Scope::default() };
    let typed = expect(checker, expr, ty.required(), &scope);
    evaluated(checker, &typed, what)
}

/// The instant that a date or time known at load gives; `announced` may stand in it.
pub(super) fn time(
    checker: &mut Checker,
    expr: &ast::Expr,
    announced: Option<Date>,
) -> Option<Time> {
    let scope = Scope { constant: true, announced, ..Scope::default() };
    let typed = infer(checker, expr, None, &scope);
    match evaluated(checker, &typed, "a date")? {
        Constant::Time(time) => Some(time),
        Constant::Date(date) => start_of_day(date, &checker.names.settings.zone),
        _ => {
            let message = format!("expected a date, found {}", typed.ty.described());
            checker.sink.report(
                Diagnostic::new(Code::WrongType, typed.span, message)
                    .help("write a day such as `2024-08-09`"),
            );
            None
        }
    }
}

pub(super) fn evaluated(checker: &mut Checker, typed: &Expr, what: &str) -> Option<Constant> {
    let mut wrong = typed.ty.is_unknown();
    typed.walk(&mut |inner| wrong |= matches!(inner.kind, Kind::Wrong));
    if wrong {
        return None;
    }
    match evaluate::evaluate(typed, &checker.names.checked, &checker.names.settings.zone) {
        Ok(Some(constant)) => Some(constant),
        Ok(None) => {
            let message = format!("{what} must be known before any record is judged");
            checker.sink.report(
                Diagnostic::new(Code::NotConstant, typed.span, message)
                    .help("write a literal, or a calculation of literals"),
            );
            None
        }
        Err(problem) => {
            let message = format!("this has no value: {problem}");
            checker.sink.error(Code::BadLiteral, typed.span, message);
            None
        }
    }
}
