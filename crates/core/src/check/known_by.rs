//! Checks by which fields records are known.

use super::checker::Checker;
use super::field;
use super::sink::Wrong;
use super::typed::RecordId;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_syntax::ast;

/// The positions of the fields by which each record is known, once every record is known.
pub(super) fn keys(checker: &mut Checker, nodes: &[&ast::Record]) -> Vec<(RecordId, Vec<u32>)> {
    let mut keys = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        // Each slip is told.
        let fields: Vec<_> = node.key.iter().map(|name| position(checker, node, name)).collect();
        let fields: Result<Vec<u32>, Wrong> = fields.into_iter().collect();
        if let Ok(fields) = fields {
            keys.push((RecordId::at(index), fields));
        }
    }
    keys
}

/// The position of a field that is always there, and by whose values records can be told apart.
fn position(checker: &mut Checker, node: &ast::Record, name: &ast::Name) -> Result<u32, Wrong> {
    let record = node.name.text;
    let Some((position, ty)) = checker.names.field_of(record, name.text) else {
        return Err(field::unknown_field(checker, record, name));
    };
    if ty.is_unknown() {
        return Err(Wrong::reported());
    }
    let twice = node.key.iter().filter(|other| other.text == name.text).count() > 1;
    let (message, help) = if twice {
        let message = format!("`{}` stands twice in the key", name.text);
        (message, "name each field once".to_string())
    } else if ty.is_optional() {
        let message = format!("`{}` may be missing, and then the record is not known", name.text);
        (message, format!("declare it without `?`: `{}: {}`", name.text, ty.required()))
    } else if !ty.counts() {
        let message = format!("records cannot be known by {}", ty.described());
        (message, "name a text, a number, an enum or a date".to_string())
    } else {
        return Ok(position);
    };
    Err(checker.sink.wrong(Diagnostic::new(Code::WrongType, name.span, message).help(help)))
}
