//! Checks records: their fields, and what these default to.

use super::checker::Checker;
use super::constant;
use super::resolve;
use super::typed::{Constant, Field, Fields, Record, RecordId};
use crate::ids::IdVec;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_syntax::ast;

/// The records with their fields, before any value is looked at.
pub(super) fn declare(checker: &mut Checker, nodes: &[&ast::Record]) -> IdVec<RecordId, Record> {
    let mut records = IdVec::with_capacity(nodes.len());
    for record in nodes {
        let mut fields: Vec<Field> = Vec::new();
        for node in &record.fields {
            let ty = resolve::resolve_type(checker, &node.ty);
            check_field_name(checker, record, node, &fields);
            let alias = node.alias.as_ref().map(|alias| alias.value.to_string());
            let name = node.name.text.to_string();
            // Where the key leads is found out once every record is known.
            let join = node.join.as_ref().map(|_| Fields::new());
            let (default, fixed) = (None, node.fixed);
            fields.push(Field { name, ty, default, alias, join, fixed });
        }
        let (name, span) = (record.name.text.into(), record.name.span);
        records.push(Record { name, fields, profile_key: None, span });
    }
    records
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
            if let Ok(value) = constant::of(checker, default, &field.ty, "a default") {
                let record = RecordId::at(index);
                defaults.push(Default { record, position, value });
            }
        }
    }
    defaults
}
