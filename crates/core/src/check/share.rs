//! Warns of a plain number above 1 where others are written in percent.

use super::checker::Checker;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Number;
use rulebook_syntax::ast::{Expr, ExprKind, Literal};

/// Whether an expression is written in percent.
pub(super) fn is_in_percent(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Percent(_)))
}

/// Whether an expression is such a number.
pub(super) fn is_above_one(expr: &Expr) -> bool {
    let ExprKind::Literal(Literal::Number(digits)) = &expr.kind else { return false };
    digits.trim().replace('_', "").parse::<Number>().is_ok_and(|number| number > Number::ONE)
}

/// Warns of a number, and says where percent stand instead.
pub(super) fn report(checker: &mut Checker, span: Span, percent: Span) {
    let shown = checker.names.shown(span);
    let number = shown.replace('_', "").parse::<Number>().ok();
    let percents = number.and_then(|number| number.checked_mul(Number::from(100)));
    let (is, or) = match percents {
        Some(percents) => {
            (format!("is {percents}%"), format!(", or `{percents}%` if that is meant"))
        }
        None => ("is more than 100%".to_string(), String::new()),
    };
    let message = format!("`{shown}` {is}, where others are written in percent");
    let problem = Diagnostic::new(Code::MixedShares, span, message);
    let problem = problem.also(percent, "this is in percent");
    checker.sink.report(problem.help(format!("write `{shown}%`{or}")));
}
