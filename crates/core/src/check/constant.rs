//! Values that must be known at load: defaults, parameters, list items and the dates of phases.

use super::checker::Checker;
use super::evaluate;
use super::foreign;
use super::infer::{expect, infer};
use super::scope::Scope;
use super::sink::Wrong;
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
) -> Result<Constant, Wrong> {
    let scope = Scope { constant: true, ..Scope::default() };
    let typed = expect(checker, expr, ty.required(), &scope);
    evaluated(checker, &typed, what)
}

/// The instant that a date or time known at load gives; `announced` may stand in it.
pub(super) fn time(
    checker: &mut Checker,
    expr: &ast::Expr,
    announced: Option<Date>,
) -> Result<Time, Wrong> {
    let scope = Scope { constant: true, announced, ..Scope::default() };
    let typed = infer(checker, expr, None, &scope);
    match evaluated(checker, &typed, "a date")? {
        Constant::Time(time) => Ok(time),
        Constant::Date(date) => start_of_day(date, &checker.names.settings.zone).ok_or_else(|| {
            let message = format!("{date} lies beyond the times that there are");
            checker.sink.wrong(Diagnostic::new(Code::BadLiteral, typed.span, message))
        }),
        _ => {
            let message = format!("expected a date, found {}", typed.ty.described());
            let help = foreign::quoted_help(&typed, &Type::Date)
                .unwrap_or_else(|| "write a day such as `2024-08-09`".into());
            let problem = Diagnostic::new(Code::WrongType, typed.span, message);
            Err(checker.sink.wrong(problem.help(help)))
        }
    }
}

pub(super) fn evaluated(
    checker: &mut Checker,
    typed: &Expr,
    what: &str,
) -> Result<Constant, Wrong> {
    let mut wrong = typed.ty.is_unknown();
    typed.walk_through(&mut |inner| wrong |= matches!(inner.kind, Kind::Wrong));
    if wrong {
        return Err(Wrong::reported());
    }
    match evaluate::evaluate(typed, &checker.names.checked, &checker.names.settings.zone) {
        Ok(Some(constant)) => Ok(constant),
        Ok(None) => {
            let message = format!("{what} must be known before any record is judged");
            Err(checker.sink.wrong(
                Diagnostic::new(Code::NotConstant, typed.span, message)
                    .help("write a literal, or a calculation of literals"),
            ))
        }
        Err(problem) => {
            let message = format!("this has no value: {problem}");
            Err(checker.sink.wrong(Diagnostic::new(Code::BadLiteral, typed.span, message)))
        }
    }
}
