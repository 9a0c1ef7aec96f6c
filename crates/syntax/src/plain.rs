//! Reads cells that hold one literal, of which tables of many rows are full, without the grammar. What is not
//! plain at a glance is left to that.

use super::ast::{CellKind, Expr, ExprKind, Literal, Text};
use super::slip::is_unit;
use rulebook_base::source::Span;
use rulebook_lang::operator;

/// The signs of comparisons that may stand before a literal, longer ones first.
const SIGNS: &[&str] = &["<=", ">=", "==", "!=", "<", ">"];

/// The condition of a cell that holds one literal, alone or behind a sign; its text has no space around it.
pub(super) fn cell(text: &str, span: Span) -> Option<CellKind<'_>> {
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
    let value = text.get(sign.map_or(0, |sign| sign.len())..)?.trim_start();
    let end = span.range().end;
    let span = Span::new(span.file, end - value.len(), end);
    let expr = Expr { span, kind: ExprKind::Literal(literal(value, span)?) };
    Some(match sign {
        Some(sign) => CellKind::Compare(operator::binary(sign)?, expr),
        None => CellKind::Among(vec![expr], false),
    })
}

fn literal(text: &str, span: Span) -> Option<Literal<'_>> {
    match text {
        "true" => return Some(Literal::Bool(true)),
        "false" => return Some(Literal::Bool(false)),
        _ => {}
    }
    if let Some(inner) = text.strip_prefix('"') {
        let inner = inner.strip_suffix('"')?;
        let is_plain = !inner.contains(['"', '\\', '\n']);
        return is_plain.then(|| Literal::Text(Text { value: inner.into(), span }));
    }
    if is_date(text) {
        return Some(Literal::Date(text));
    }
    let (digits, unit) = text.split_at_checked(number(text)?)?;
    let is_currency = |unit: &str| unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase());
    match unit.trim_start() {
        "" => Some(Literal::Number(digits)),
        "%" if unit == "%" => Some(Literal::Percent(text)),
        unit if is_currency(unit) => Some(Literal::Money(digits, unit)),
        unit if is_unit(unit) => Some(Literal::Duration(digits, unit)),
        _ => None,
    }
}

/// How long the number is with which a text begins.
fn number(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let digits = |mut at: usize| {
        while is_digit(at) || bytes.get(at) == Some(&b'_') && is_digit(at + 1) {
            at += 1;
        }
        at
    };
    let whole = is_digit(0).then(|| digits(0))?;
    let has_parts = bytes.get(whole) == Some(&b'.') && is_digit(whole + 1);
    Some(if has_parts { digits(whole + 1) } else { whole })
}

fn is_date(text: &str) -> bool {
    let form = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(form)
}
