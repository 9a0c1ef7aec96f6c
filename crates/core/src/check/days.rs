//! Calendars and their days in expressions: `us`, `7 us working days`, `20 calendar days`.

use super::checker::Checker;
use super::names::Named;
use super::sink::Wrong;
use super::typed::{Constant, Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Period, Type};
use rulebook_syntax::ast;

/// The calendar that a name stands for, unless something else has the name here.
pub(super) fn named(checker: &mut Checker, name: &str, span: Span) -> Option<Expr> {
    let Some(Named::Calendar(number)) = checker.names.get(name) else { return None };
    let kind = Kind::Constant(Constant::Member(*number));
    let Some(Named::Enum(members)) = checker.names.get("calendar") else { return None };
    let ty = Type::Enum(members.clone());
    checker.sink.mark_used(name);
    Some(Expr { span, ty, kind })
}

/// `7 us working days`, or `20 calendar days` without a calendar.
pub(super) fn days(
    checker: &mut Checker,
    count: i32,
    calendar: Option<&ast::Name>,
    span: Span,
) -> Result<Expr, Wrong> {
    let number = match calendar {
        None => None,
        Some(name) => match named(checker, name.text, name.span).map(|expr| expr.kind) {
            Some(Kind::Constant(Constant::Member(number))) => Some(number),
            _ if checker.names.broken.contains(name.text) => return Err(Wrong::reported()),
            _ => return Err(unknown(checker, name)),
        },
    };
    let kind = Kind::Constant(Constant::Period(Period::of_days(count, number)));
    Ok(Expr { span, ty: Type::Days, kind })
}

fn unknown(checker: &mut Checker, name: &ast::Name) -> Wrong {
    let calendars: Vec<_> = checker
        .names
        .checked
        .calendars
        .iter()
        .map(|calendar| calendar.name().to_string())
        .collect();
    let message = format!("there is no calendar `{}`", name.text);
    let help = match did_you_mean(name.text, calendars.iter().map(String::as_str)) {
        Some(near) => near,
        None if calendars.is_empty() => format!(
            "define it: `calendar {} {{ weekend saturday, sunday holidays from \"calendars/{}.csv\" }}`",
            name.text, name.text
        ),
        None => format!("calendars are {}", calendars.join(", ")),
    };
    checker.sink.wrong(Diagnostic::new(Code::UnknownName, name.span, message).help(help))
}
