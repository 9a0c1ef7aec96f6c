//! Checks fields that are read of records that lie at no place.

use super::checker::Checker;
use super::foreign;
use super::money;
use super::names::Named;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Type, is_money_name};
use rulebook_syntax::ast;

/// The fields that lead from a value, one behind the other.
pub(super) fn fields_of(
    checker: &mut Checker,
    of: Expr,
    names: &[ast::Name],
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    names.iter().try_fold(of, |of, name| {
        let span = Span { end: name.span.end, ..span };
        field_of(checker, of, name, span, scope)
    })
}

/// A field of a value.
pub(super) fn field_of(
    checker: &mut Checker,
    of: Expr,
    name: &ast::Name,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let Type::Record(record) = of.ty.required() else {
        if of.ty.is_unknown() {
            return Err(Wrong::reported());
        }
        let message = format!("{} has no fields", of.ty.required().described());
        let help = field_help(checker, of.ty.required(), name, span);
        let problem = Diagnostic::new(Code::UnknownField, name.span, message);
        return Err(checker.sink.wrong(problem.maybe_help(help)));
    };
    let record = record.clone();
    let is_place = matches!(of.kind, Kind::Place(_));
    if !is_place && matches!(checker.names.get(record.name()), Some(Named::Policy(_))) {
        let message = "what a policy decides of an element is read element by element";
        let help = format!("go through them: `[x.{} for x in {}]`", name.text, record.name());
        let problem = Diagnostic::new(Code::UnknownField, name.span, message).help(help);
        return Err(checker.sink.wrong(problem));
    }
    let Some((position, ty)) = checker.names.field_of(record.name(), name.text) else {
        return Err(unknown_field(checker, record.name(), name));
    };
    let ty = if of.ty.is_optional() { ty.optional() } else { ty };
    // A record that lies at a place has its fields at places.
    let kind = match of.kind {
        Kind::Place(mut place) => {
            place.fields.push(position);
            Kind::Place(place)
        }
        kind => Kind::Field(Box::new(Expr { kind, ..of }), position),
    };
    let read = Expr { span, ty, kind };
    let ty = if scope.knows_value(&read) { read.ty.required().clone() } else { read.ty };
    Ok(Expr { ty, ..read })
}

/// Help where a name stands behind a value that has no fields.
pub(super) fn field_help(
    checker: &Checker,
    ty: &Type,
    name: &ast::Name,
    span: Span,
) -> Option<String> {
    let before = Span { end: name.span.start, ..span };
    let place = checker.names.shown(before);
    let is_field = match ty {
        Type::List(element) => match element.as_ref() {
            Type::Record(record) => checker.names.field_of(record.name(), name.text).is_some(),
            _ => false,
        },
        _ => false,
    };
    foreign::field_help(ty, place.trim_end_matches(['.', ' ']), name.text, is_field)
}

pub(super) fn unknown_field(checker: &mut Checker, record: &str, name: &ast::Name) -> Wrong {
    let fields = checker.names.record_of(record).into_iter().flat_map(|record| &record.fields);
    let fields = fields.filter(|field| !field.name.is_empty());
    let fields: Vec<String> = fields.map(|field| field.name.clone()).collect();
    let help = did_you_mean(name.text, fields.iter().map(String::as_str))
        .unwrap_or_else(|| format!("its fields are {}", fields.join(", ")));
    if checker.names.record_of(record).is_some_and(|record| is_money_name(&record.name)) {
        let message = format!("money has no `{}`: its one field is `currency`", name.text);
        let help = money::amount_help("x");
        let problem = Diagnostic::new(Code::UnknownField, name.span, message);
        return checker.sink.wrong(problem.help(help));
    }
    let message = match checker.names.get(record) {
        Some(Named::Policy(_)) => format!("no element of `{record}` has `{}`", name.text),
        _ => format!("record `{record}` has no field `{}`", name.text),
    };
    checker.sink.wrong(Diagnostic::new(Code::UnknownField, name.span, message).help(help))
}
