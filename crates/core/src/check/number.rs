//! Warns of numbers that read otherwise than they look: ranges with a dash, digits grouped by commas.

use super::checker::Checker;
use super::sink::Wrong;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_syntax::LiteralValue;
use rulebook_syntax::ast::{Expr, ExprKind, Literal};

/// Reports `6-10`, which is a difference, where it looks like a range. A difference of a larger and a
/// smaller value is quiet: `1 - 20%` is a share.
pub(super) fn range(checker: &mut Checker, expr: &Expr, ty: &Type) -> Result<(), Wrong> {
    let ExprKind::Binary(operator, operands) = &expr.kind else { return Ok(()) };
    let [low, high] = operands.as_slice() else { return Ok(()) };
    let (ExprKind::Literal(low_literal), ExprKind::Literal(high_literal)) = (&low.kind, &high.kind)
    else {
        return Ok(());
    };
    if operator.symbol != "-" {
        return Ok(());
    }
    let (low_shown, high_shown) = (checker.names.shown(low.span), checker.names.shown(high.span));
    let zone = &checker.names.settings.zone;
    let value = |literal| LiteralValue::of(literal, zone).ok();
    let message = match (value(low_literal), value(high_literal)) {
        (Some(LiteralValue::Number(low)), Some(LiteralValue::Number(high)))
        | (Some(LiteralValue::Money(low, _)), Some(LiteralValue::Money(high, _)))
            if low < high =>
        {
            let difference = low.checked_sub(high).map(|value| value.to_string());
            format!("this is a difference: {}", difference.unwrap_or_default())
        }
        (Some(LiteralValue::Duration(low)), Some(LiteralValue::Duration(high))) if low < high => {
            "this is a difference, and less than no time".to_string()
        }
        // `6-10 days`: the unit is that of both.
        (
            Some(LiteralValue::Number(_)),
            Some(LiteralValue::Money(..) | LiteralValue::Duration(_)),
        ) => {
            let unit = high_shown.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            let low = format!("{low_shown} {unit}");
            return Err(report(checker, Code::TableCell, expr.span, DASH, (&low, &high_shown)));
        }
        // Between two days lies a duration, where one is wanted.
        (Some(LiteralValue::Date(_)), Some(LiteralValue::Date(_)))
            if *ty.required() != Type::Duration =>
        {
            let ends = (low_shown.as_str(), high_shown.as_str());
            return Err(report(checker, Code::TableCell, expr.span, DASH, ends));
        }
        _ => return Ok(()),
    };
    report(checker, Code::MisreadNumber, expr.span, &message, (&low_shown, &high_shown));
    Ok(())
}

const DASH: &str = "a dash is no range, but a difference";

fn report(
    checker: &mut Checker,
    code: Code,
    span: Span,
    message: &str,
    (low, high): (&str, &str),
) -> Wrong {
    let help = format!(
        "a range is written `{low} ..= {high}`, which counts `{high}` in, or `{low} ..< {high}`, which \
         does not"
    );
    checker.sink.wrong(Diagnostic::new(code, span, message).help(help))
}

/// Where values are parted by commas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parted {
    /// In a cell of a table, where a number may stand alone as well.
    Cell,
    /// Between brackets, where several are expected.
    List,
}

/// Warns of `1,000`, which is two values, where it looks like one number.
pub(super) fn grouped(checker: &mut Checker, items: &[Expr], parted: Parted) {
    let digits = |expr: &Expr| match &expr.kind {
        ExprKind::Literal(Literal::Number(digits)) => Some((digits.trim().to_string(), expr.span)),
        // The last one has the unit of the whole.
        ExprKind::Literal(
            Literal::Percent(digits) | Literal::Money(digits, _) | Literal::Duration(digits, _),
        ) => Some((digits.trim().trim_end_matches('%').to_string(), expr.span)),
        _ => None,
    };
    for (first, second) in items.iter().zip(items.iter().skip(1)) {
        let (Some((head, first_span)), Some((tail, second_span))) = (digits(first), digits(second))
        else {
            continue;
        };
        let whole = tail.split('.').next().unwrap_or(&tail);
        let is_group = whole.len() == 3 && whole.bytes().all(|byte| byte.is_ascii_digit());
        let is_head = head.len() <= 3 && head.bytes().all(|byte| byte.is_ascii_digit());
        if !is_group || !is_head {
            continue;
        }
        let span = first_span.to(second_span);
        let is_close = checker.names.sources.text(span).starts_with(&format!("{head},{whole}"));
        // No number of its own begins with a zero, and in a cell nobody parts values without a blank
        // who means several.
        if !(whole.starts_with('0') || is_close && parted == Parted::Cell) {
            continue;
        }
        let shown = checker.names.shown(span);
        let message = format!("`{shown}` is {head} or {}: a comma parts values", number(&tail));
        let rest = checker.names.shown(second_span);
        let help = format!(
            "digits are grouped by `_`: write `{head}_{rest}`; if two values are meant, write `{head}, {}`",
            number(&rest)
        );
        checker.sink.report(Diagnostic::new(Code::MisreadNumber, span, message).help(help));
    }
}

/// A number as it is read, without zeros before it.
fn number(digits: &str) -> String {
    let bare = digits.trim_start_matches('0');
    match bare.starts_with(|c: char| c.is_ascii_digit()) {
        true => bare.to_string(),
        false => format!("0{bare}"),
    }
}
