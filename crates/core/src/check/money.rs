//! Money of any currency: where its currency is known, and what to write where it is not.

use super::checker::Checker;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Expr, Field, Kind, Place, Record, RecordKind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{AMOUNT, Currency, Type, money_name};

/// Help where two currencies meet.
pub(super) const NO_RATE: &str = "amounts of two currencies meet only through a rate that you name";

/// The record that money is.
pub(super) fn record() -> Record {
    let field = |name: &str, ty, fixed| Field {
        name: name.to_string(),
        ty,
        digits: None,
        default: None,
        alias: None,
        reading: None,
        join: None,
        fixed,
    };
    Record {
        kind: RecordKind::Declared,
        name: money_name(),
        // What is paid in another currency is another payment: no change of it is told.
        fields: vec![
            field("amount", Type::Number, false),
            field("currency", Type::currency(), true),
        ],
        profile_key: None,
        key: Vec::new(),
        validity: None,
        span: Span::default(),
    }
}

/// Money at a place is an amount in its currency, where that is known and nothing asks for money of any.
pub(super) fn known(
    mut place: Place,
    ty: Type,
    wanted: Option<&Type>,
    scope: &Scope,
) -> (Place, Type) {
    if !ty.is_money() || wanted.is_some_and(|wanted| wanted.required().is_money()) {
        return (place, ty);
    }
    match scope.currency_of(&place) {
        Some(currency) => {
            place.fields.push(AMOUNT);
            (place, Type::Money(currency))
        }
        None => (place, ty),
    }
}

/// The amount of money of any currency, in whatever it is: a number, which keeps the type of the money so that
/// nobody takes it for one.
pub(super) fn amount(expr: Expr) -> Expr {
    match expr.kind {
        Kind::Place(mut place) if expr.ty.is_money() => {
            place.fields.push(AMOUNT);
            Expr { kind: Kind::Place(place), ..expr }
        }
        kind => Expr { kind, ..expr },
    }
}

/// What to write instead of something that is no code of a currency.
pub(super) fn code_help(written: &str) -> String {
    let capitals = written.to_uppercase();
    let code = Currency::from_code(&capitals).map(Currency::code);
    match code.or_else(|| rulebook_syntax::currency_of(written)) {
        Some(code) => format!("write `{code}`"),
        None => "write the three letters of a currency, such as `CNY`".to_string(),
    }
}

/// The diagnostic of money that stands where one currency has to be known, by what wants it.
pub(super) fn unproved(checker: &Checker, money: &Expr, wants: &str) -> Diagnostic {
    let shown = checker.names.shown(money.span);
    let message = format!("`{shown}` may be in any currency, and {wants}");
    Diagnostic::new(Code::UnprovedCurrency, money.span, message)
        .label(format!("this is {}", money.ty.described()))
}

/// What to write before an expression, or a condition, that wants to know the currency of some money, the one
/// that is plain or any; the money is converted else.
pub(super) fn saying_it(
    checker: &Checker,
    money: &[&Expr],
    currency: Option<Currency>,
    condition: &str,
) -> String {
    let code = currency.map_or("CNY", Currency::code);
    let shown: Vec<_> = money.iter().map(|money| checker.names.shown(money.span)).collect();
    let said: String =
        shown.iter().map(|money| format!("{money}.currency == {code} and ")).collect();
    let first = shown.first().map_or("…", String::as_str);
    format!(
        "say the currency first: `{said}{condition}`, or convert: `convert({first}, {code}, rate)`"
    )
}

/// Reports money of any currency among operands.
pub(super) fn report_unproved(
    checker: &mut Checker,
    operands: &[Expr],
    wants: &str,
    condition: Option<Span>,
) -> Option<Wrong> {
    let currency = operands.iter().find_map(|operand| match operand.ty.required() {
        Type::Money(currency) => Some(*currency),
        _ => None,
    });
    let money: Vec<_> = operands.iter().filter(|operand| operand.ty.is_money()).collect();
    let (first, others) = money.split_first()?;
    let problem = unproved(checker, first, wants);
    let problem = others.iter().fold(problem, |problem, other| {
        problem.also(other.span, format!("this is {}", other.ty.described()))
    });
    let is_bare = |operand: &Expr| operand.ty == Type::Number && operand.constant().is_some();
    let condition = condition.map(|span| {
        let written = checker.names.shown(span);
        match operands.last().is_some_and(is_bare) {
            true => format!("{written} {}", currency.map_or("CNY", Currency::code)),
            false => written,
        }
    });
    let condition = condition.as_deref().unwrap_or("…");
    let problem = problem.help(saying_it(checker, &money, currency, condition));
    Some(checker.sink.wrong(problem))
}

/// What to write instead of the number of money: fields are read, but an amount without its currency is none.
pub(super) fn amount_help(money: &str) -> String {
    format!(
        "where the currency is known, `{money}` is the amount: `{money}.currency == CNY and {money} > \
         200 CNY`; as a number it is `{money} / 1 CNY`"
    )
}
