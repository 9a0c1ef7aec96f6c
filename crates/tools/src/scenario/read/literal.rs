//! Values as policies write them, `150 CNY` and `25%`, in the forms that records have.

use rulebook_core::program::{Element, FieldKind, Layout};
use rulebook_lang::model::{Cell, Currency, Number, Type, Zone};
use rulebook_lang::reading::{Given, Reading};
use rulebook_lang::yaml::{Node, NodeKind};
use rulebook_syntax::ast::ExprKind;
use rulebook_syntax::{LiteralValue, parse_value};

use rulebook_base::source::FileId;

/// A record whose amounts and numbers may be literals of policies, as records hold them.
pub(super) fn record(node: &Node, layout: &Layout, zone: &Zone) -> Node {
    let NodeKind::Map(entries) = &node.kind else { return node.clone() };
    let entry = |(key, value): &(Node, Node)| {
        let found = key.scalar().and_then(|name| layout.field(&name));
        let value = match found {
            Some((_, field)) => match &field.kind {
                FieldKind::Scalar(ty) => plain(value, ty, zone),
                FieldKind::Read(ty, reading) => read(value, (ty, reading), zone),
                FieldKind::Record(inner) if inner.money => money(value, inner, zone),
                FieldKind::Record(inner) => record(value, inner, zone),
                FieldKind::List(element) => list(value, element, zone),
            },
            None => value.clone(),
        };
        (key.clone(), value)
    };
    Node { kind: NodeKind::Map(entries.iter().map(entry).collect()), span: node.span }
}

fn list(node: &Node, element: &Element, zone: &Zone) -> Node {
    let NodeKind::List(items) = &node.kind else { return node.clone() };
    let item = |item: &Node| match element {
        Element::Scalar(ty, _) => plain(item, ty, zone),
        Element::Read(ty, reading) => read(item, (ty, reading), zone),
        Element::Record(layout) if layout.money => money(item, layout, zone),
        Element::Record(layout) => record(item, layout, zone),
        Element::List(inner) => list(item, inner, zone),
    };
    Node { kind: NodeKind::List(items.iter().map(item).collect()), span: node.span }
}

/// A value of a field that says how it is read: what is written as in the data stays so, and a literal of policies is
/// written as the data has it.
fn read(node: &Node, (ty, reading): (&Type, &Reading), zone: &Zone) -> Node {
    let NodeKind::Text(written) = &node.kind else { return node.clone() };
    let is_word = reading.word(written).is_some();
    let is_read =
        || ty.kind().is_some_and(|kind| reading.moment(kind, Given::Text(written), zone).is_some());
    let cell = match value(written, zone) {
        _ if is_word => None,
        Some(LiteralValue::Money(amount, currency)) if matches!(ty, Type::Money(_)) => {
            return amount_of(node, reading, (amount, currency));
        }
        Some(LiteralValue::Date(date)) if !is_read() => Some(Cell::Date(date)),
        Some(LiteralValue::Time(time)) if !is_read() => Some(Cell::Time(time)),
        Some(LiteralValue::TimeOfDay(clock)) if !is_read() => Some(Cell::Duration(clock)),
        _ => None,
    };
    let text = cell.and_then(|cell| reading.write(cell, zone));
    text.map_or_else(|| node.clone(), |text| Node { kind: NodeKind::Text(text), span: node.span })
}

/// Money of any currency.
fn money(node: &Node, layout: &Layout, zone: &Zone) -> Node {
    let (Some(reading), NodeKind::Text(written)) = (&layout.reading, &node.kind) else {
        return plain(node, &Type::money(), zone);
    };
    match value(written, zone) {
        Some(LiteralValue::Money(amount, currency)) => amount_of(node, reading, (amount, currency)),
        _ => node.clone(),
    }
}

/// An amount as an object by the keys that a field says. That it is of another currency, whoever reads the record says.
fn amount_of(node: &Node, reading: &Reading, (amount, currency): (Number, Currency)) -> Node {
    let Some(digits) = reading.write_amount(amount, currency) else { return node.clone() };
    let text = |text: &str| Node { kind: NodeKind::Text(text.into()), span: node.span };
    let keys = reading.keys.as_ref();
    let (amount_key, currency_key) =
        keys.map_or(("amount", "currency"), |(amount, currency)| (&**amount, &**currency));
    let entries =
        vec![(text(amount_key), text(&digits)), (text(currency_key), text(currency.code()))];
    Node { kind: NodeKind::Map(entries), span: node.span }
}

/// A value of a type, as records hold it.
pub(in crate::scenario) fn plain(node: &Node, ty: &Type, zone: &Zone) -> Node {
    let number = |number: Number, span| Node { kind: NodeKind::Number(number.to_string()), span };
    let text = |text: &str, span| Node { kind: NodeKind::Text(text.into()), span };
    let is_money = matches!(ty.required(), Type::Money(_)) || ty.required().is_money();
    let is_calculated = is_money || *ty.required() == Type::Number;
    let NodeKind::Text(written) = &node.kind else { return node.clone() };
    if !is_calculated {
        return node.clone();
    }
    let kind = match (ty.required(), value(written, zone)) {
        (Type::Number, Some(LiteralValue::Number(value))) => return number(value, node.span),
        // That it is of another currency, whoever reads the record says.
        (_, Some(LiteralValue::Money(amount, currency))) if is_money => {
            let entry = |key, value| (text(key, node.span), value);
            NodeKind::Map(vec![
                entry("amount", number(amount, node.span)),
                entry("currency", text(currency.code(), node.span)),
            ])
        }
        _ => return node.clone(),
    };
    Node { kind, span: node.span }
}

/// What a literal stands for, with a sign before it or without.
pub(super) fn value(text: &str, zone: &Zone) -> Option<LiteralValue> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let expression = parse_value(FileId::default(), digits).ok()?;
    let ExprKind::Literal(literal) = &expression.kind else { return None };
    let value = LiteralValue::of(literal, zone).ok()?;
    let negated = |number| Number::ZERO.checked_sub(number);
    Some(match value {
        value if !is_negative => value,
        LiteralValue::Number(number) => LiteralValue::Number(negated(number)?),
        LiteralValue::Money(number, currency) => LiteralValue::Money(negated(number)?, currency),
        _ => return None,
    })
}
