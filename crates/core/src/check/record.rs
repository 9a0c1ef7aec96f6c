//! Checks records: their fields, and what these default to.

use std::sync::Arc;

use super::checker::Checker;
use super::cites;
use super::constant;
use super::names::{Named, Names};
use super::read_as;
use super::resolve;
use super::table;
use super::typed::{Constant, Field, Fields, Record, RecordId, RecordKind, TableId};
use crate::ids::IdVec;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::{RecordType, Type};
use rulebook_syntax::ast;

/// The records with their fields, before any value is looked at.
pub(super) fn declare(checker: &mut Checker, nodes: &[&ast::Record]) -> IdVec<RecordId, Record> {
    let mut records = IdVec::with_capacity(nodes.len());
    for record in nodes {
        let mut fields: Vec<Field> = Vec::new();
        for node in &record.fields {
            let ty = resolve::kept_type(checker, &node.ty, "a record");
            check_field_name(checker, record, node, &fields);
            let alias = node.alias.as_ref().map(|alias| alias.value.to_string());
            let languages = &checker.names.settings.languages;
            // Only pages show it.
            node.title.iter().for_each(|title| drop(cites::label(checker.sink, languages, title)));
            let alias = alias.or_else(|| read_as::camel_case(record, node.name.text));
            let name = node.name.text.to_string();
            // Where the key leads is found out once every record is known.
            let join = node.join.as_ref().map(|_| Fields::new());
            let digits = node.rounding.as_ref().and_then(|digits| rounding(checker, digits, &ty));
            let (default, fixed) = (None, node.fixed);
            let reading = None;
            fields.push(Field { name, ty, digits, default, alias, reading, join, fixed });
        }
        let (name, span) = (record.name.text.into(), record.name.span);
        let (kind, profile_key, validity) = (RecordKind::Declared, None, None);
        records.push(Record { name, kind, fields, profile_key, key: Vec::new(), validity, span });
    }
    records
}

/// Tells the types of records which fields they have.
pub(super) fn describe(names: &Names) {
    for record in &names.checked.records {
        if let Some(Named::Record(_, ty)) = names.get(&record.name) {
            let fields = record.fields.iter();
            ty.set_fields(fields.map(|field| (field.name.as_str().into(), field.ty.clone())));
        }
    }
}

/// Adds the record that a row of a table is where it is taken whole.
pub(super) fn describe_row(names: &mut Names, id: TableId) {
    let Some(record) = table::row(id, &names.checked.tables[id]) else { return };
    let ty = RecordType::new(record.name.clone());
    ty.set_fields(record.fields.iter().map(|field| (field.name.as_str().into(), field.ty.clone())));
    let record = names.checked.records.push(record);
    names.checked.tables[id].row = Some((record, Arc::new(ty)));
}

/// To how many digits the numbers of a field are rounded; reports where that is none.
fn rounding(checker: &mut Checker, digits: &ast::Expr, ty: &Type) -> Option<u32> {
    let mut single = ty.required();
    while let Type::List(inner) = single {
        single = inner;
    }
    if !matches!(single, Type::Number | Type::Money(_) | Type::Unknown) && !single.is_money() {
        let message =
            format!("only numbers and amounts are rounded, and this is {}", ty.described());
        let help = "leave out `rounded to`";
        let problem = Diagnostic::new(Code::WrongType, digits.span, message);
        checker.sink.report(problem.help(help));
        return None;
    }
    let number = match constant::of(checker, digits, &Type::Number, "a number of digits") {
        Ok(Constant::Number(number)) => number.to_i64(),
        Ok(_) => None,
        Err(_) => return None,
    };
    let number = number.and_then(|digits| u32::try_from(digits).ok());
    if number.is_none_or(|digits| digits > 9) {
        let message = "a number is rounded to 0 to 9 digits after the point";
        let help = "write `rounded to 9` to keep all that a number has";
        let problem = Diagnostic::new(Code::BadLiteral, digits.span, message);
        checker.sink.report(problem.help(help));
        return None;
    }
    number
}

fn check_field_name(
    checker: &mut Checker,
    record: &ast::Record,
    node: &ast::Field,
    before: &[Field],
) {
    let name = node.name.text;
    let alias = node.alias.iter().map(|alias| (alias.value.as_ref(), alias.span));
    for (spelling, span) in alias.chain([(name, node.name.span)]) {
        let taken = before
            .iter()
            .any(|field| field.name == spelling || field.alias.as_deref() == Some(spelling));
        if taken {
            let message = format!("record `{}` has `{spelling}` twice", record.name.text);
            checker.sink.error(Code::DuplicateName, span, message);
        }
    }
    let meaning = match name {
        "now" => "the time of the evaluation",
        name if resolve::is_word(name) => "a word of the language",
        _ => return,
    };
    let message = format!("`{name}` is {meaning} and cannot be a field");
    let help = format!("choose another name and read the input's with `as \"{name}\"`");
    checker.sink.report(Diagnostic::new(Code::ReservedName, node.name.span, message).help(help));
}

/// What a field defaults to.
pub(super) struct Default {
    pub(super) record: RecordId,
    pub(super) position: usize,
    pub(super) value: Constant,
}

/// What fields default to. Parameters have their values by now.
pub(super) fn defaults(checker: &mut Checker, nodes: &[&ast::Record]) -> Vec<Default> {
    let mut defaults = Vec::new();
    for (index, (record, node)) in checker.names.checked.records.iter().zip(nodes).enumerate() {
        for (position, (field, node)) in record.fields.iter().zip(&node.fields).enumerate() {
            let Some(default) = &node.default else { continue };
            if field.ty.is_optional() {
                let message = "a field with a default is never missing";
                checker.sink.report(
                    Diagnostic::new(Code::WrongType, node.ty.span, message)
                        .help("leave out the `?` or the default"),
                );
            }
            if field.ty.required().is_money() {
                let message = "money has no default: it may be in any currency";
                let help =
                    "declare it `money?`, and say in the rules what holds where it is missing";
                let problem = Diagnostic::new(Code::WrongType, default.span, message);
                checker.sink.report(problem.help(help));
                continue;
            }
            if let Ok(value) = constant::of(checker, default, &field.ty, "a default") {
                let record = RecordId::at(index);
                defaults.push(Default { record, position, value });
            }
        }
    }
    defaults
}
