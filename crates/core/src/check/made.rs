//! Checks records that expressions make.

use super::checker::Checker;
use super::field;
use super::names::Named;
use super::parts::Parts;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Constant, Expr, Kind, RecordId};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::function;
use rulebook_lang::model::{Number, Type};
use rulebook_lang::signature::select;
use rulebook_syntax::ast;

/// `Name { field: e }`: what is not written has its default, or is missing where it may be.
pub(super) fn record(
    checker: &mut Checker,
    name: &ast::Name,
    entries: &[(ast::Name, ast::Expr)],
    span: Span,
    (scope, parts): (&Scope, Parts),
) -> Result<Expr, Wrong> {
    let id = record_of(checker, name)?;
    let record = checker.names.record(id);
    let (record_name, fields) = (record.name.clone(), record.fields.clone());
    let mut values: Vec<Option<Expr>> = vec![None; fields.len()];
    let mut is_wrong = false;
    for (field, value) in entries {
        let Some(at) = fields.iter().position(|declared| declared.name == field.text) else {
            field::unknown_field(checker, &record_name, field);
            parts.infer(checker, value, scope);
            is_wrong = true;
            continue;
        };
        let value = match fields.get(at) {
            Some(declared) => parts.expect(checker, value, &declared.ty, scope),
            None => continue,
        };
        is_wrong |= value.ty.is_unknown();
        let value = match fields.get(at).and_then(|declared| declared.digits) {
            Some(digits) => rounded(value, digits),
            None => value,
        };
        let Some(place) = values.get_mut(at) else { continue };
        if place.replace(value).is_some() {
            let message = format!("`{}` is given twice", field.text);
            checker.sink.error(Code::DuplicateName, field.span, message);
        }
    }
    let mut lacking = Vec::new();
    for (field, value) in fields.iter().zip(&mut values) {
        match &field.default {
            _ if value.is_some() || field.ty.is_optional() => {}
            Some(default) => {
                let kind = Kind::Constant(default.clone());
                *value = Some(Expr { span, ty: field.ty.clone(), kind });
            }
            None => lacking.push(field),
        }
    }
    if !lacking.is_empty() {
        let names: Vec<_> = lacking.iter().map(|field| format!("`{}`", field.name)).collect();
        let message = format!("this `{record_name}` lacks {}", names.join(", "));
        let shown = lacking.iter().map(|field| format!("{}: …", field.name));
        let shown = shown.collect::<Vec<_>>().join(", ");
        let problem = Diagnostic::new(Code::LackingField, span, message);
        let help = format!("add `{shown}`; a field declared with `?` or a default may be left out");
        return Err(checker.sink.wrong(problem.help(help)));
    }
    if is_wrong {
        return Err(Wrong::reported());
    }
    let ty = checker.names.record_type(id);
    Ok(Expr { span, ty, kind: Kind::Record(id, values) })
}

/// A number or an amount with as many digits as its field keeps, as if it had been read from an input.
fn rounded(value: Expr, digits: u32) -> Expr {
    let number = Type::Number;
    let round = function::find("round");
    let found = round.and_then(|round| select(round.signatures, [&value.ty, &number]));
    let Some((signature, ty)) = found else { return value };
    let span = value.span;
    let kind = Kind::Constant(Constant::Number(Number::from(u64::from(digits))));
    let digits = Expr { span, ty: number, kind };
    Expr { span, ty, kind: Kind::Call(signature, vec![value, digits]) }
}

fn record_of(checker: &mut Checker, name: &ast::Name) -> Result<RecordId, Wrong> {
    if let Some(Named::Record(id, _)) = checker.names.get(name.text) {
        checker.sink.mark_used(name.text);
        return Ok(*id);
    }
    if checker.names.broken.contains(name.text) {
        return Err(Wrong::reported());
    }
    let records = checker.names.checked.records.iter().map(|record| record.name.as_ref());
    let help = did_you_mean(name.text, records)
        .unwrap_or_else(|| format!("declare it: `record {} {{ … }}`", name.text));
    let message = format!("there is no record `{}`", name.text);
    Err(checker.sink.wrong(Diagnostic::new(Code::UnknownType, name.span, message).help(help)))
}
