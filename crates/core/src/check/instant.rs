//! Warns of a time beside a date that ends a span of time: a date counts as its first instant there, so
//! that all of the day behind it stands on the other side.

use super::checker::Checker;
use super::typed::{Expr, Kind, Range};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::kernel::{self, Accepts};
use rulebook_lang::model::Type;
use std::cmp::Ordering;

/// Whether a comparison of a time with a date says of the first instant of the day another thing than
/// of the rest of it. (`<` and `>=` do not: they say the same by days.)
pub(super) fn parts_the_day(accepts: Accepts) -> bool {
    accepts.accepts(Ordering::Equal) != accepts.accepts(Ordering::Greater)
}

/// Warns of a cell with a day in a column of times.
pub(super) fn warn_of_cell(checker: &mut Checker, span: Span) {
    let day = checker.names.shown(span);
    let help = format!(
        "make the column one of dates and look up by `date(…)`; or write `start_of_day({day})` if only \
         midnight is meant"
    );
    let message = format!("only the first instant of {day} is meant here, not the day");
    checker.sink.report(Diagnostic::new(Code::DayBesideTime, span, message).help(help));
}

/// Warns of a comparison of a time with a date that parts the day.
pub(super) fn look(checker: &mut Checker, expr: &Expr) {
    match &expr.kind {
        Kind::Call(signature, operands) => {
            let ([left, right], Some(accepts)) =
                (operands.as_slice(), signature.kernel.comparison())
            else {
                return;
            };
            compared(checker, (left, accepts, right), expr.span);
        }
        Kind::InRange(range) => {
            let Range { value, low, high, closed, .. } = &**range;
            let end = if *closed { kernel::LE } else { kernel::LT };
            compared(checker, (value, kernel::GE, low), low.span);
            compared(checker, (value, end, high), high.span);
        }
        _ => {}
    }
}

fn compared(checker: &mut Checker, (left, accepts, right): (&Expr, Accepts, &Expr), span: Span) {
    let (time, accepts, date) = match (&left.ty, &right.ty) {
        (Type::Time, Type::Date) => (left, accepts, right),
        (Type::Date, Type::Time) => (right, accepts.turned(), left),
        _ => return,
    };
    if !parts_the_day(accepts) {
        return;
    }
    let (time, date) = (checker.names.shown(time.span), checker.names.shown(date.span));
    let message = format!("only the first instant of the day counts of `{date}` beside a time");
    let help = format!(
        "compare days, with `date({time})` instead of `{time}`; or write `start_of_day({date})` if \
         midnight is meant"
    );
    checker.sink.report(Diagnostic::new(Code::DayBesideTime, span, message).help(help));
}
