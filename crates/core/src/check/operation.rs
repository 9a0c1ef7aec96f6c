//! Types of operators and calls, by the tables of the language.

use super::alternative;
use super::checker::Checker;
use super::foreign;
use super::infer::{expect, infer, quoted, quoted_member};
use super::misfit::{report_row, report_unguarded};
use super::money;
use super::name;
use super::number::{self, Parted};
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Constant, Expr, Kind, Range};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{Currency, Type};
use rulebook_lang::operator::{self, Binary, Meaning, Operands, Prefix};
use rulebook_lang::scalar::Level;
use rulebook_lang::signature::{Shape, Signature, select};
use rulebook_syntax::ast::{self, ExprKind};

pub(super) fn prefix(
    checker: &mut Checker,
    operator: Prefix,
    operand: &ast::Expr,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let operand = infer(checker, operand, None, scope);
    let typed = apply(checker, operator.symbol, operator.signatures, vec![operand], span)?;
    match typed.kind {
        // `not` is told apart, since presence follows it.
        Kind::Call(_, mut operands) if operator.symbol == "not" => {
            let operand = operands.pop().ok_or_else(Wrong::reported)?;
            Ok(Expr { kind: Kind::Not(Box::new(operand)), ..typed })
        }
        kind => Ok(Expr { kind, ..typed }),
    }
}

pub(super) fn binary(
    checker: &mut Checker,
    operator: Binary,
    operands: &[ast::Expr],
    span: Span,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    match &operator.meaning {
        Meaning::And => {
            let operands = row(checker, operator.symbol, operands, scope);
            Ok(Expr { span, ty: Type::Bool, kind: Kind::And(operands) })
        }
        Meaning::Or => {
            let operands = row(checker, operator.symbol, operands, scope);
            Ok(Expr { span, ty: Type::Bool, kind: Kind::Or(operands) })
        }
        Meaning::Coalesce => coalesce(checker, operands, span, wanted, scope),
        // Told where it stands.
        Meaning::Range(_) => Err(Wrong::reported()),
        Meaning::Kernel(signatures) => {
            let [left, right] = operands else { return Err(Wrong::reported()) };
            if operator.operands == Operands::Alike
                && let Some(wrong) = absent(checker, operator.symbol, left, right, scope)
            {
                return Err(wrong);
            }
            if let Some(wrong) = beside_code(checker, operator.symbol, (left, right), scope) {
                return Err(wrong);
            }
            let (left, right) = match operator.operands {
                Operands::Element(negated) => {
                    let within = (operator.symbol, negated);
                    return membership(checker, within, signatures, left, right, span, scope);
                }
                Operands::Alike => alike(checker, left, right, scope),
                Operands::Own => {
                    let left = infer(checker, left, None, scope);
                    // `too-large` is one name, of which the second part means nothing either.
                    let right = match operator.symbol == "-"
                        && checker.names.is_bare_member(right, scope)
                    {
                        true => beside(checker, right, &left, scope),
                        false => infer(checker, right, None, scope),
                    };
                    (left, right)
                }
            };
            apply(checker, operator.symbol, signatures, vec![left, right], span)
        }
    }
}

/// The operands of a row of `and` (or `or`), each seen only if those before held (or did not).
fn row(checker: &mut Checker, word: &str, operands: &[ast::Expr], scope: &Scope) -> Vec<Expr> {
    let held = word == "and";
    let mut scope = scope.clone();
    let mut typed: Vec<Expr> = Vec::with_capacity(operands.len());
    let mut rest = operands.iter().enumerate();
    while let Some((at, operand)) = rest.next() {
        let told = match at.checked_sub(1).and_then(|last| operands.get(last)) {
            Some(before) => {
                let behind = operands.get(at..).unwrap_or(&[]);
                alternative::report(checker, word, before, typed.last(), behind, &scope)
            }
            None => 0,
        };
        if told > 0 {
            // What stands behind a comparison and belongs to it is told as one.
            typed.push(Wrong::reported().at(operand.span));
            rest.by_ref().take(told - 1).for_each(drop);
            continue;
        }
        let operand = expect(checker, operand, &Type::Bool, &scope);
        scope = scope.after(&operand, held);
        typed.push(operand);
    }
    typed
}

fn coalesce(
    checker: &mut Checker,
    operands: &[ast::Expr],
    span: Span,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let [left, right] = operands else { return Err(Wrong::reported()) };
    let left = infer(checker, left, wanted, scope);
    if !left.ty.is_optional() && !left.ty.is_unknown() {
        checker.sink.report(
            Diagnostic::new(Code::NeedlessTest, left.span, "this is never missing")
                .help("leave out `??` and what follows"),
        );
    }
    let mut right = infer(checker, right, Some(&left.ty), scope);
    if let Some(Constant::Text(text)) = right.constant()
        && !left.ty.accepts(&right.ty)
        && left.ty.required().is_quoted()
    {
        right = quoted(checker, &text.clone(), left.ty.required(), right.span);
    }
    if !left.ty.accepts(&right.ty) {
        let message = format!(
            "`??` gives {} or {}; both must be of one type",
            left.ty.required().described(),
            right.ty.described()
        );
        return Err(checker.sink.wrong(Diagnostic::new(Code::WrongType, span, message)));
    }
    let ty = if right.ty.is_optional() { left.ty.clone() } else { left.ty.required().clone() };
    Ok(Expr { span, ty, kind: Kind::Coalesce(Box::new(left), Box::new(right)) })
}

/// The name that an expression is, if it is nothing else.
fn single_name<'s>(expr: &ast::Expr<'s>) -> Option<&'s str> {
    match &expr.kind {
        ExprKind::Path(path) => match path.names.as_slice() {
            [name] => Some(name.text),
            _ => None,
        },
        _ => None,
    }
}

/// Two operands of one type: the one whose type is plain gives the other's bare names meaning.
fn alike(
    checker: &mut Checker,
    left: &ast::Expr,
    right: &ast::Expr,
    scope: &Scope,
) -> (Expr, Expr) {
    let is_bare = |side| checker.names.is_bare_member(side, scope);
    // What a policy decides is no name that another gives its meaning.
    let is_own =
        |side: &ast::Expr| single_name(side).is_some_and(|name| checker.names.decides(name, scope));
    if is_bare(left) && (!is_bare(right) || is_own(right)) {
        let right = infer(checker, right, None, scope);
        return (beside(checker, left, &right, scope), right);
    }
    let mut left = infer(checker, left, None, scope);
    let mut right = match left.ty.is_unknown() && checker.names.is_bare_member(right, scope) {
        true => beside(checker, right, &left, scope),
        false => infer(checker, right, members_of(&left.ty), scope),
    };
    read_beside(checker, &mut left, &right.ty);
    read_beside(checker, &mut right, &left.ty);
    (left, right)
}

/// Reads a text literal beside a value of a type that has an order, but no literals of its own, and beside
/// an enum whose members stand in quotes.
fn read_beside(checker: &mut Checker, operand: &mut Expr, other: &Type) {
    let ty = other.required();
    let Some(Constant::Text(text)) = operand.constant() else { return };
    if let Some(member) = quoted_member(text, ty, operand.span) {
        *operand = member;
    } else if ty.is_quoted() && ty.level() > Level::Nominal {
        *operand = quoted(checker, &text.clone(), ty, operand.span);
    }
}

/// A bare name beside a value, whose type gives it its meaning: where that is wrong, so is this.
fn beside(checker: &mut Checker, bare: &ast::Expr, value: &Expr, scope: &Scope) -> Expr {
    let is_misspelt = || name::near(checker, &checker.names.shown(bare.span), scope).is_some();
    if value.ty.is_unknown() && !is_misspelt() {
        return Wrong::reported().at(bare.span);
    }
    infer(checker, bare, members_of(&value.ty), scope)
}

/// Reports a comparison with what other languages call a value that is not there.
fn absent(
    checker: &mut Checker,
    symbol: &str,
    left: &ast::Expr,
    right: &ast::Expr,
    scope: &Scope,
) -> Option<Wrong> {
    let is_absent = |side: &ast::Expr| match &side.kind {
        ExprKind::Path(path) => match path.names.as_slice() {
            [name] => foreign::is_absent(name.text) && checker.names.is_bare_member(side, scope),
            _ => false,
        },
        _ => false,
    };
    let (absent, value) = match (is_absent(left), is_absent(right)) {
        (_, true) => (right, left),
        (true, _) => (left, right),
        _ => return None,
    };
    let typed = infer(checker, value, None, scope);
    if let Type::Enum(members) = typed.ty.required()
        && members.position_of_name(&checker.names.shown(absent.span)).is_some()
    {
        return None;
    }
    if typed.ty.is_unknown() {
        return Some(Wrong::reported());
    }
    let shown = checker.names.shown(value.span);
    let presence = if symbol == "!=" { "present" } else { "missing" };
    let help = match typed.ty.is_optional() {
        true => format!("write `{shown} is {presence}`"),
        false => format!(
            "`{shown}` is always there; if it may be missing, declare it with `?` and write \
             `{shown} is {presence}`"
        ),
    };
    let message = format!("there is no `{}` here", checker.names.shown(absent.span));
    Some(checker.sink.wrong(Diagnostic::new(Code::UnknownName, absent.span, message).help(help)))
}

/// Reports money that is compared with a bare currency, or looked for in it.
fn beside_code(
    checker: &mut Checker,
    symbol: &str,
    (left, right): (&ast::Expr, &ast::Expr),
    scope: &Scope,
) -> Option<Wrong> {
    let is_code = |side: &ast::Expr| {
        single_name(side).and_then(Currency::from_code).is_some()
            && checker.names.is_bare_member(side, scope)
    };
    let (code, other) = match (is_code(right), is_code(left)) {
        (true, _) => (right, left),
        (_, true) => (left, right),
        _ => return None,
    };
    let typed = infer(checker, other, None, scope);
    if !matches!(typed.ty.required(), Type::Money(_)) && !typed.ty.required().is_money() {
        return None;
    }
    let (amount, currency) = (checker.names.shown(other.span), checker.names.shown(code.span));
    let is_any = typed.ty.required().is_money() || in_currency(checker, &typed, other, scope);
    let symbol = if matches!(symbol, "!=" | "not in") { "!=" } else { "==" };
    let message = format!("`{currency}` is a currency and no amount");
    let help = match is_any {
        true => {
            format!("write `{amount}.currency {symbol} {currency}`, or an amount: `200 {currency}`")
        }
        false => format!("write an amount: `200 {currency}`"),
    };
    let problem = Diagnostic::new(Code::UnknownName, code.span, message);
    Some(checker.sink.wrong(problem.help(help)))
}

/// Whether an amount in a currency that is known is money of any.
fn in_currency(checker: &mut Checker, typed: &Expr, expr: &ast::Expr, scope: &Scope) -> bool {
    matches!(typed.kind, Kind::Place(_))
        && infer(checker, expr, Some(&Type::money()), scope).ty.required().is_money()
}

fn membership(
    checker: &mut Checker,
    within: (&str, bool),
    signatures: &'static [Signature],
    value: &ast::Expr,
    list: &ast::Expr,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let (_, negated) = within;
    match &ungrouped(list).kind {
        ExprKind::Range(low, high, closed) => {
            in_range(checker, value, (low, high, *closed), negated, span, scope)
        }
        ExprKind::List(items) => {
            number::grouped(checker, items, Parted::List);
            let value = infer(checker, value, None, scope);
            if value.ty.is_optional() {
                return Err(report_unguarded(checker, &value));
            }
            if value.ty.is_money() {
                let items: Vec<_> =
                    items.iter().map(|item| infer(checker, item, None, scope)).collect();
                let operands: Vec<_> = [value].into_iter().chain(items).collect();
                let wants = "`in` wants to know which";
                let wrong = money::report_unproved(checker, &operands, wants, Some(span));
                return Err(wrong.unwrap_or_else(Wrong::reported));
            }
            let ty = value.ty.clone();
            let items: Vec<_> =
                items.iter().map(|item| expect(checker, item, &ty, scope)).collect();
            let constants: Option<Vec<_>> =
                items.iter().map(|item| item.constant().cloned()).collect();
            let Some(constants) = constants else {
                let kind = Kind::AnyOf(Box::new(value), items, negated);
                return Ok(Expr { span, ty: Type::Bool, kind });
            };
            let kind = Kind::Constant(Constant::List(constants));
            let list = Expr { span: list.span, ty: Type::List(Box::new(ty)), kind };
            in_list(checker, within, signatures, value, list, span)
        }
        _ => {
            let list = infer(checker, list, None, scope);
            let wanted = match &list.ty {
                Type::List(inner) => Some(inner.as_ref().clone()),
                _ => None,
            };
            let value = infer(checker, value, wanted.as_ref(), scope);
            in_list(checker, within, signatures, value, list, span)
        }
    }
}

/// Membership in a list, told apart so that a long list can be looked up by hash.
fn in_list(
    checker: &mut Checker,
    (symbol, negated): (&str, bool),
    signatures: &'static [Signature],
    value: Expr,
    list: Expr,
    span: Span,
) -> Result<Expr, Wrong> {
    let typed = apply(checker, symbol, signatures, vec![value, list], span)?;
    match typed.kind {
        Kind::Call(_, operands) => match <[Expr; 2]>::try_from(operands) {
            Ok([value, list]) => {
                let kind = Kind::InList(Box::new(value), Box::new(list), negated);
                Ok(Expr { span, ty: Type::Bool, kind })
            }
            Err(_) => Err(Wrong::reported()),
        },
        kind => Ok(Expr { kind, ..typed }),
    }
}

fn in_range(
    checker: &mut Checker,
    value: &ast::Expr,
    (low, high, closed): (&ast::Expr, &ast::Expr, bool),
    negated: bool,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let value = infer(checker, value, None, scope);
    let mut low = infer(checker, low, members_of(&value.ty), scope);
    let mut high = infer(checker, high, members_of(&value.ty), scope);
    read_beside(checker, &mut low, &value.ty);
    read_beside(checker, &mut high, &value.ty);
    let Some(less) = operator::binary("<") else { return Err(Wrong::reported()) };
    let Meaning::Kernel(signatures) = less.meaning else { return Err(Wrong::reported()) };
    for end in [&low, &high] {
        if select(signatures, [&value.ty, &end.ty]).is_some() {
            continue;
        }
        apply(checker, "in", signatures, vec![value.clone(), end.clone()], span)?;
    }
    if value.ty == Type::TimeOfDay
        && let (Some(Constant::Duration(from)), Some(Constant::Duration(until))) =
            (low.constant(), high.constant())
        && until < from
    {
        let [of, from, until] = [value.span, low.span, high.span].map(|at| checker.names.shown(at));
        let message = format!("no time of day is later than {from} and earlier than {until}");
        let negation = if negated { "not " } else { "" };
        let help = format!("over midnight, write `{negation}is_within({of}, {from}, {until})`");
        return Err(checker
            .sink
            .wrong(Diagnostic::new(Code::BadLiteral, span, message).help(help)));
    }
    let range = Range { value, low, high, closed, negated };
    Ok(Expr { span, ty: Type::Bool, kind: Kind::InRange(Box::new(range)) })
}

/// An operator on typed operands; reports where no signature takes them.
pub(super) fn apply(
    checker: &mut Checker,
    symbol: &str,
    signatures: &'static [Signature],
    operands: Vec<Expr>,
    span: Span,
) -> Result<Expr, Wrong> {
    if operands.iter().any(|operand| operand.ty.is_unknown()) {
        return Err(Wrong::reported());
    }
    if let Some((signature, ty)) = select(signatures, operands.iter().map(|o| &o.ty)) {
        return Ok(Expr { span, ty, kind: Kind::Call(signature, operands) });
    }
    let optionals = operands.iter().filter(|operand| operand.ty.is_optional());
    if let Some(wrong) = optionals.map(|operand| report_unguarded(checker, operand)).last() {
        return Err(wrong);
    }
    let wants = format!("`{symbol}` wants to know which");
    let is_condition = signatures.iter().any(|signature| signature.result == Shape::Bool);
    let condition = Some(span).filter(|_| is_condition);
    if let Some(wrong) = money::report_unproved(checker, &operands, &wants, condition) {
        return Err(wrong);
    }
    if let Some(wrong) = report_row(checker, &operands, None) {
        return Err(wrong);
    }
    let number = operands.iter().find(|operand| operand.ty == Type::Number);
    let number = number.map(|number| checker.names.shown(number.span)).unwrap_or_default();
    let diagnostic = operator_mismatch(symbol, &operands, span, &number);
    Err(checker.sink.wrong(diagnostic))
}

/// The type that gives bare names, or texts, beside it a meaning; a date beside a time needs none.
fn members_of(ty: &Type) -> Option<&Type> {
    matches!(ty.required(), Type::Enum(_) | Type::Version).then_some(ty)
}

fn ungrouped<'e, 's>(expr: &'e ast::Expr<'s>) -> &'e ast::Expr<'s> {
    match &expr.kind {
        ExprKind::Group(inner) => ungrouped(inner),
        _ => expr,
    }
}

/// Whether the number among two operands is written there, so that a unit can be put behind it.
fn literal_number(operands: &[Expr]) -> bool {
    operands.iter().any(|operand| operand.ty == Type::Number && operand.constant().is_some())
}

/// The name of the member that a text beside a value of an enum means, as help.
fn named_beside(operands: &[Expr]) -> Option<String> {
    let [a, b] = operands else { return None };
    foreign::quoted_help(b, &a.ty).or_else(|| foreign::quoted_help(a, &b.ty))
}

/// The diagnostic for operands that an operator does not take, in the words of their units.
fn operator_mismatch(symbol: &str, operands: &[Expr], span: Span, number: &str) -> Diagnostic {
    let described: Vec<_> = operands.iter().map(|operand| operand.ty.described()).collect();
    let (code, message, help) = match operands.iter().map(|o| &o.ty).collect::<Vec<_>>().as_slice()
    {
        [Type::Money(a), Type::Money(b)] if a != b => (
            Code::CurrencyMismatch,
            format!("`{symbol}` mixes {a} and {b}"),
            Some(money::NO_RATE.to_string()),
        ),
        [Type::Money(a), Type::Number] | [Type::Number, Type::Money(a)] => (
            Code::WrongUnit,
            format!("`{symbol}` mixes an amount in {a} and a plain number"),
            Some(match literal_number(operands) {
                true => format!("add the currency to the number: `{number} {a}`"),
                false => format!("leave out `{a}`, or give the number a currency: `… * 1 {a}`"),
            }),
        ),
        [Type::Duration, Type::Number] | [Type::Number, Type::Duration] => (
            Code::WrongUnit,
            format!("`{symbol}` mixes a duration and a plain number"),
            Some(match literal_number(operands) {
                true => format!("add the unit to the number: `{number} days`"),
                false => "leave out the unit, or give the number one: `… * 1 day`".to_string(),
            }),
        ),
        [time @ (Type::Time | Type::Date), Type::Number] if !["+", "-"].contains(&symbol) => (
            Code::WrongUnit,
            format!("`{symbol}` mixes {} and a plain number", time.described()),
            Some("write days as `2024-08-09`".to_string()),
        ),
        [Type::Date, Type::Time] | [Type::Time, Type::Date] => (
            Code::WrongType,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            Some("take the day of the time, `date(…)`, or `days_between(a, b)`".to_string()),
        ),
        [time @ (Type::Time | Type::Date), Type::Number] => (
            Code::WrongUnit,
            format!("`{symbol}` mixes {} and a plain number", time.described()),
            Some(match literal_number(operands) {
                true => format!("add the unit to the number: `{number} days`"),
                false => format!("give the number a unit: `{number} * 1 day`"),
            }),
        ),
        [Type::TimeOfDay, Type::Number | Type::Text | Type::Duration]
        | [Type::Number | Type::Text | Type::Duration, Type::TimeOfDay] => (
            Code::WrongType,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            Some("a time of day stands without quotes, with two digits each: `08:00`".to_string()),
        ),
        [Type::Days, Type::Days | Type::Duration | Type::Period]
        | [Type::Duration | Type::Period, Type::Days] => (
            Code::WrongUnit,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            Some("days of a calendar are added to a date or a time, one after the other: `day + 1 month + 7 us working days`".to_string()),
        ),
        [Type::Duration, Type::Period] | [Type::Period, Type::Duration] => (
            Code::WrongUnit,
            format!("`{symbol}` mixes days with months or years"),
            Some("months differ in length; count in days".to_string()),
        ),
        [Type::Money(a), Type::Money(_)] => {
            (Code::WrongUnit, format!("`{symbol}` of two amounts in {a} has no meaning"), None)
        }
        [Type::Enum(a), Type::Enum(b)] if !a.ordered && a == b => (
            Code::WrongType,
            format!("`{symbol}` needs an order, and `{}` has none", Type::Enum((*a).clone())),
            Some("write the enum with `<` between its members to order them".to_string()),
        ),
        [Type::Text, Type::Enum(_)] | [Type::Enum(_), Type::Text] => (
            Code::WrongType,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            named_beside(operands)
                .or(Some("write the member's bare name, without quotes".to_string())),
        ),
        [Type::List(_), _] if symbol == "==" || symbol == "!=" => (
            Code::WrongType,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            Some("write `x in list`, or `any(x in list: …)`".to_string()),
        ),
        [Type::List(inner), item] if symbol == "+" && inner.accepts(item) => (
            Code::WrongType,
            format!("`{symbol}` joins two lists, and this is {}", item.described()),
            Some("put it into a list of its own: `… + [x]`".to_string()),
        ),
        [Type::Text, Type::Text] if symbol.ends_with("in") => (
            Code::WrongType,
            format!("`{symbol}` does not take {}", described.join(" and ")),
            Some("write `contains(text, part)`, or `x in [\"a\", \"b\"]`".to_string()),
        ),
        [Type::Text, Type::Text] if symbol.starts_with(['<', '>']) => (
            Code::WrongType,
            format!("`{symbol}` does not take two texts, which have no order"),
            Some(
                "declare the field as a `version`, `date` or `number`, if it holds one".to_string(),
            ),
        ),
        [Type::Text, Type::Text] if symbol == "+" => (
            Code::WrongType,
            "`+` does not join texts".to_string(),
            Some(
                "fill one text with the other: `$\"{a}{b}\"`; a reason is filled as it is"
                    .to_string(),
            ),
        ),
        _ => {
            let help = named_beside(operands);
            (Code::WrongType, format!("`{symbol}` does not take {}", described.join(" and ")), help)
        }
    };
    let mut diagnostic = Diagnostic::new(code, span, message).maybe_help(help);
    if operands.len() > 1 {
        diagnostic.labels.clear();
        for operand in operands {
            diagnostic =
                diagnostic.also(operand.span, format!("this is {}", operand.ty.described()));
        }
    }
    diagnostic
}
