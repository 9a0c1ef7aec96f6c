//! Gives every expression its type and resolves every name in it.

use super::checker::Checker;
use super::misfit::report_mismatch;
use super::names::Named;
use super::number::{self, Parted};
use super::parts::Parts;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Constant, Expr, Kind};
use super::{call, comprehension, days, evaluate, field, made, name, operation, special};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, ExprKind, Literal};
use rulebook_syntax::{LiteralError, LiteralValue};

/// How parts are typed by those who check what is made of them.
const PARTS: Parts = Parts { infer, expect };

/// The typed form of an expression that must have a type; reports where it has another.
pub(super) fn expect(checker: &mut Checker, expr: &ast::Expr, ty: &Type, scope: &Scope) -> Expr {
    let typed = infer(checker, expr, Some(ty), scope);
    if ty.accepts(&typed.ty) {
        return typed;
    }
    if let (true, Some(Constant::Text(text))) = (ty.required().is_quoted(), typed.constant()) {
        return quoted(checker, text, ty.required(), typed.span);
    }
    report_mismatch(checker, &typed, ty).at(typed.span)
}

/// A text literal as a value of a type that has no literals of its own.
pub(super) fn quoted(checker: &mut Checker, text: &str, ty: &Type, span: Span) -> Expr {
    let value = ty.read(text, &checker.names.settings.zone);
    if let Some(constant) = value.and_then(|value| Constant::from_value(&value)) {
        return Expr { span, ty: ty.clone(), kind: Kind::Constant(constant) };
    }
    let wanted = ty.scalar().map_or("", |row| row.wanted);
    let message = format!("\"{text}\" is not {wanted}");
    checker.sink.wrong(Diagnostic::new(Code::BadLiteral, span, message)).at(span)
}

/// A text literal as a member of an enum whose policies write it in quotes.
pub(super) fn quoted_member(text: &str, ty: &Type, span: Span) -> Option<Expr> {
    let Type::Enum(members) = ty.required() else { return None };
    let position = members.position_of_quoted(text)?;
    let kind = Kind::Constant(Constant::Member(position));
    Some(Expr { span, ty: ty.required().clone(), kind })
}

/// The typed form of an expression. `wanted` gives bare names of enums their meaning.
/// One that is wrong becomes an expression that fits anywhere, so that what stands around it is
/// looked at as well.
pub(super) fn infer(
    checker: &mut Checker,
    expr: &ast::Expr,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Expr {
    build(checker, expr, wanted, scope).unwrap_or_else(|wrong| wrong.at(expr.span))
}

fn build(
    checker: &mut Checker,
    expr: &ast::Expr,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let span = expr.span;
    match &expr.kind {
        ExprKind::Literal(literal) => {
            if let Literal::Text(text) = literal {
                if let Some(member) = wanted.and_then(|ty| quoted_member(&text.value, ty, span)) {
                    return Ok(member);
                }
                warn_of_braces(checker, &text.value, span, scope);
            }
            self::literal(checker, literal, span)
        }
        ExprKind::Path(path) => name::path(checker, path, wanted, scope),
        ExprKind::Group(inner) => build(checker, inner, wanted, scope),
        ExprKind::List(items) => list(checker, items, span, wanted, scope),
        ExprKind::Prefix(operator, operand) => {
            operation::prefix(checker, operator, operand, span, scope)
        }
        ExprKind::Binary(operator, operands) => {
            operation::binary(checker, operator, operands, span, wanted, scope)
        }
        ExprKind::Range(..) => {
            let message = "a range stands only behind `in`";
            Err(checker.sink.wrong(
                Diagnostic::new(Code::Syntax, span, message).help("write `x in low ..< high`"),
            ))
        }
        ExprKind::Presence(inner, present) => presence(checker, inner, *present, span, scope),
        ExprKind::Choice(branches, otherwise) => {
            choice(checker, branches, otherwise, span, wanted, scope)
        }
        ExprKind::Call(name, arguments) => {
            let call = call::call(checker, name, arguments, None, span, scope)?;
            special::call(checker, call, wanted)
        }
        ExprKind::Filled(template) => {
            let value =
                |checker: &mut Checker, value: &ast::Expr| infer(checker, value, None, scope);
            special::filled(checker, template, span, value)
        }
        ExprKind::Output(call, output) => match &call.kind {
            ExprKind::Call(name, arguments) => {
                call::call(checker, name, arguments, Some(output), span, scope)
            }
            _ => {
                let of = infer(checker, call, None, scope);
                field::field_of(checker, of, output, span, scope)
            }
        },
        ExprKind::Each(body, clauses) => {
            comprehension::each(checker, body, clauses, span, (scope, PARTS))
        }
        ExprKind::Comprehension(node) => comprehension::folded(checker, node, span, (scope, PARTS)),
        ExprKind::Record(name, entries) => {
            made::record(checker, name, entries, span, (scope, PARTS))
        }
    }
}

/// Warns of a value that names what it does not tell: only titles and reasons fill their braces.
fn warn_of_braces(checker: &mut Checker, text: &str, span: Span, scope: &Scope) {
    let named = text.match_indices('{').find_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        let (inner, _) = behind.split_once('}')?;
        let name = inner.split(['.', ':']).next()?;
        let is_known = checker.names.sees(name, scope)
            || checker.names.is_field(name)
            || matches!(checker.names.get(name), Some(Named::Parameter(_)));
        // Doubled ones are meant, and a pattern has `\p{L}`.
        let is_meant = before.ends_with(['{', 'p', 'P', '\\']) || !is_known;
        (!is_meant).then(|| inner.to_string())
    });
    let Some(inner) = named else { return };
    let message = format!("`{{{inner}}}` stands in this value as it is: only reasons are filled");
    let help = "mark the text where its braces are to be filled, `$\"…\"`; if they are meant, turn the lint off";
    checker.sink.report(Diagnostic::new(Code::UnfilledBraces, span, message).help(help));
}

fn literal(checker: &mut Checker, literal: &Literal, span: Span) -> Result<Expr, Wrong> {
    match LiteralValue::of(literal, &checker.names.settings.zone) {
        Ok(value) => {
            let ty = value.ty();
            let constant = match value {
                LiteralValue::Bool(value) => Constant::Bool(value),
                LiteralValue::Number(value) | LiteralValue::Money(value, _) => {
                    Constant::Number(value)
                }
                LiteralValue::Text(value) => Constant::Text(value),
                LiteralValue::Date(value) => Constant::Date(value),
                LiteralValue::Time(value) => Constant::Time(value),
                LiteralValue::Duration(value) | LiteralValue::TimeOfDay(value) => {
                    Constant::Duration(value)
                }
                LiteralValue::Days(count, _) => {
                    let calendar = match literal {
                        Literal::Days(_, calendar) => calendar.as_ref(),
                        _ => None,
                    };
                    return days::days(checker, count, calendar, span);
                }
                LiteralValue::Period(value) => Constant::Period(value),
            };
            Ok(Expr { span, ty, kind: Kind::Constant(constant) })
        }
        Err(error) => {
            let help = match &error {
                LiteralError::Currency(code) => Some(match rulebook_syntax::currency_of(code) {
                    Some(code) => format!("write `{code}`"),
                    None => "write its code, such as `CNY` or `USD`".to_string(),
                }),
                _ => None,
            };
            Err(checker
                .sink
                .wrong(Diagnostic::new(Code::BadLiteral, span, error.to_string()).maybe_help(help)))
        }
    }
}

fn list(
    checker: &mut Checker,
    items: &[ast::Expr],
    span: Span,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let mut element = match wanted.map(Type::required) {
        Some(Type::List(inner)) => Some(inner.as_ref().clone()),
        _ => None,
    };
    number::grouped(checker, items, Parted::List);
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = match &element {
            Some(ty) => expect(checker, item, &ty.clone(), scope),
            None => infer(checker, item, None, scope),
        };
        comprehension::refuse_element(checker, &value);
        element.get_or_insert_with(|| value.ty.required().clone());
        values.push(value);
    }
    let ty = Type::List(Box::new(element.unwrap_or(Type::Unknown)));
    let constants = values.iter().map(|value| {
        evaluate::evaluate(value, &checker.names.checked, &checker.names.settings.zone).ok()?
    });
    let kind = match constants.collect::<Option<Vec<_>>>() {
        Some(constants) => Kind::Constant(Constant::List(constants)),
        None if values.iter().any(|value| value.ty.is_unknown()) => {
            return Ok(Expr { span, ty, kind: Kind::Constant(Constant::List(Vec::new())) });
        }
        None => Kind::Items(values),
    };
    Ok(Expr { span, ty, kind })
}

fn presence(
    checker: &mut Checker,
    inner: &ast::Expr,
    present: bool,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let value = infer(checker, inner, None, scope);
    if !value.ty.is_optional() && !value.ty.is_unknown() {
        let help = match (scope.knows_value(&value), &value.kind) {
            (true, _) => "it has been tested already; leave this test out",
            (_, Kind::Let(..)) => "it always has a value; leave the test out",
            (_, Kind::Decision(..)) => "it never comes to nothing; leave the test out",
            _ => "declare the field with `?` if it may be missing, or leave the test out",
        };
        let message = format!("`{}` is always present here", checker.names.shown(inner.span));
        checker.sink.report(Diagnostic::new(Code::NeedlessTest, span, message).help(help));
    }
    Ok(Expr { span, ty: Type::Bool, kind: Kind::Presence(Box::new(value), present) })
}

fn choice(
    checker: &mut Checker,
    branches: &[(ast::Expr, ast::Expr)],
    otherwise: &ast::Expr,
    span: Span,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let mut scope = scope.clone();
    let mut ty: Option<Type> = wanted.filter(|ty| !ty.is_unknown()).cloned();
    let mut typed = Vec::new();
    for (condition, value) in branches {
        let condition = expect(checker, condition, &Type::Bool, &scope);
        let inside = scope.clone().after(&condition, true);
        let value = branch(checker, value, &mut ty, &inside);
        scope = scope.after(&condition, false);
        typed.push((condition, value));
    }
    let mut last = branch(checker, otherwise, &mut ty, &scope);
    let Some(ty) = ty else {
        // Of nothing, and nothing else, no type is known: the name is none.
        return Ok(infer(checker, otherwise, None, &scope));
    };
    // Where an optional would do, the choice is as certain as its branches are.
    let lacks = |value: &Expr| value.ty.is_optional() || matches!(value.kind, Kind::Missing);
    let may_lack = lacks(&last) || typed.iter().any(|(_, value)| lacks(value));
    let ty = if may_lack { ty.optional() } else { ty.required().clone() };
    for value in typed.iter_mut().map(|(_, value)| value).chain([&mut last]) {
        if matches!(value.kind, Kind::Missing) {
            value.ty = ty.clone();
        }
    }
    Ok(Expr { span, ty, kind: Kind::Choice(typed, Box::new(last)) })
}

/// What a choice may come to, which is of the type of the others.
fn branch(checker: &mut Checker, value: &ast::Expr, ty: &mut Option<Type>, scope: &Scope) -> Expr {
    if name::is_missing(checker, value, ty.as_ref(), scope) {
        return Expr { span: value.span, ty: Type::Unknown, kind: Kind::Missing };
    }
    let typed = match ty {
        Some(ty) => expect(checker, value, ty, scope),
        None => infer(checker, value, None, scope),
    };
    ty.get_or_insert_with(|| typed.ty.clone());
    typed
}
