//! Checks policies that judge what a list of a record holds, one by one: where the list lies, which record the
//! rules see, and what others see of each element.

use super::checker::Checker;
use super::head;
use super::names::Named;
use super::nodes::Nodes;
use super::resolve;
use super::sink::Wrong;
use super::typed::{Elements, Field, Fields, Policy, PolicyId, Record, RecordId, RecordKind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, Subject};

/// By which rules read the place of the element at hand among all, counted from 1.
const POSITION: &str = "position";

/// What a policy for each element of a list judges.
pub(super) struct Judged {
    /// The record that its rules see: that which is read, and behind its fields the element and its position.
    pub(super) record: Record,
    pub(super) elements: Elements,
}

/// For each policy what it judges, if that is the elements of a list.
pub(super) fn declare(checker: &mut Checker, nodes: &Nodes) -> Vec<Option<Result<Judged, Wrong>>> {
    let policies = nodes.policies.iter().filter(|node| node.amends().is_none());
    let judged = policies.map(|node| match &node.subject {
        Subject::Elements(subject) => {
            let record = node.subject.record();
            let mut records = nodes.records.iter();
            let record = records.find(|node| Some(node.name.text) == record.map(|name| name.text));
            let lets = record.map_or([].as_slice(), |record| record.lets.as_slice());
            Some(judged(checker, node, subject, lets))
        }
        Subject::Record(_) | Subject::Policy(_) => None,
    });
    judged.collect()
}

fn judged(
    checker: &mut Checker,
    policy: &ast::Policy,
    node: &ast::Elements,
    lets: &[ast::Let],
) -> Result<Judged, Wrong> {
    let Some((root, path)) = node.list.names.split_first() else { return Err(Wrong::reported()) };
    if path.is_empty() && !matches!(checker.names.get(root.text), Some(Named::Record(..))) {
        return Err(report_bare_list(checker, node, root));
    }
    let base = head::policy_record(checker, root)?;
    let (lists, element) = lists(checker, policy, node, (base, root), path)?;
    check_variable(checker, node, base, lets)?;
    let seen = checker.names.record(base);
    let mut fields = seen.fields.clone();
    let name = node.variable.text.to_string();
    // What has this name already wins; then no name reaches the position.
    let is_taken = name == POSITION
        || fields.iter().any(|field| field.name == POSITION)
        || lets.iter().any(|named| named.name.text == POSITION);
    fields.push(field(&name, checker.names.record_type(element)));
    let position = field(if is_taken { "" } else { POSITION }, Type::Number);
    fields.push(Field { fixed: true, ..position });
    let record = Record {
        name: seen.name.clone(),
        kind: RecordKind::Element(base),
        fields,
        profile_key: None,
        key: Vec::new(),
        validity: None,
        span: seen.span,
    };
    let path = node.list.names.iter().map(|name| name.text).collect::<Vec<_>>().join(".");
    Ok(Judged { record, elements: Elements { name, path, lists, element } })
}

/// The fields that lead to the list, part by part where a list lies within another one, and the record that
/// it holds.
fn lists(
    checker: &mut Checker,
    policy: &ast::Policy,
    node: &ast::Elements,
    (base, root): (RecordId, &ast::Name),
    path: &[ast::Name],
) -> Result<(Vec<(Fields, RecordId)>, RecordId), Wrong> {
    let (mut lists, mut fields, mut record) = (Vec::new(), Fields::new(), base);
    let mut last = checker.names.record_type(base);
    let mut is_list = false;
    for name in path {
        let Type::Record(of) = &last else { break };
        let Some((position, ty)) = checker.names.field_of(of.name(), name.text) else {
            return Err(super::field::unknown_field(checker, of.name(), name));
        };
        fields.push(position);
        (last, is_list) = match ty.required() {
            Type::List(inner) => (inner.as_ref().clone(), true),
            other => (other.clone(), false),
        };
        let Some(Named::Record(id, _)) = (match &last {
            Type::Record(of) => checker.names.get(of.name()),
            _ => None,
        }) else {
            return match last {
                Type::Unknown => Err(Wrong::reported()),
                _ => Err(report_no_records(checker, node, name, ty.required())),
            };
        };
        record = *id;
        if is_list {
            lists.push((std::mem::take(&mut fields), record));
        }
    }
    if is_list {
        return Ok((lists, record));
    }
    let shown = checker.names.shown(node.list.span);
    let held = checker.names.record(record).fields.iter().find(
        |field| matches!(field.ty.required(), Type::List(of) if matches!(**of, Type::Record(_))),
    );
    let help = match held {
        Some(list) => {
            format!("name its list: `for each {} in {shown}.{}`", node.variable.text, list.name)
        }
        None => format!(
            "to judge it as a whole, write `policy {} for {root}`",
            policy.name.text,
            root = root.text
        ),
    };
    let message = format!("`{shown}` is a record, not a list of records");
    Err(checker.sink.wrong(Diagnostic::new(Code::WrongType, node.list.span, message).help(help)))
}

/// Reports a list of something else than records, and what is no list.
fn report_no_records(
    checker: &mut Checker,
    node: &ast::Elements,
    field: &ast::Name,
    ty: &Type,
) -> Wrong {
    let message = format!("`{}` is {}, not a list of records", field.text, ty.described());
    let help = match ty {
        Type::List(_) => format!(
            "a rule asks such a list with `any({v} in {f}: …)`; to decide about each, let a record hold what \
             it holds",
            v = node.variable.text,
            f = field.text,
        ),
        _ => "a policy decides once for a record, and for each of a list of records".into(),
    };
    checker.sink.wrong(Diagnostic::new(Code::WrongType, node.list.span, message).help(help))
}

/// Reports a list whose record is not named.
fn report_bare_list(checker: &mut Checker, node: &ast::Elements, list: &ast::Name) -> Wrong {
    let records = checker.names.checked.records.iter();
    let holder = records.clone().find(|record| {
        record
            .fields
            .iter()
            .any(|field| field.name == list.text && matches!(field.ty.required(), Type::List(_)))
    });
    let Some(holder) = holder else {
        return match head::policy_record(checker, list) {
            Ok(_) => Wrong::reported(),
            Err(wrong) => wrong,
        };
    };
    let help = format!("write `for each {} in {}.{}`", node.variable.text, holder.name, list.text);
    let message = format!("`{}` is a list of a record, and the record is not named", list.text);
    checker.sink.wrong(Diagnostic::new(Code::UnknownType, list.span, message).help(help))
}

/// Reports a name of the element that means something else already.
fn check_variable(
    checker: &mut Checker,
    node: &ast::Elements,
    base: RecordId,
    lets: &[ast::Let],
) -> Result<(), Wrong> {
    let name = &node.variable;
    let record = checker.names.record(base);
    let is_field = record.fields.iter().any(|field| field.name == name.text);
    if is_field || lets.iter().any(|named| named.name.text == name.text) {
        let what = if is_field { "a field" } else { "a named value" };
        let message = format!("`{}` is {what} of `{}` already", name.text, record.name);
        let help = "call the element of the list by another name";
        let problem = Diagnostic::new(Code::DuplicateName, name.span, message).help(help);
        return Err(checker.sink.wrong(problem));
    }
    if let Some(meaning) = resolve::reserved(name.text) {
        let message = format!("`{}` is {meaning}", name.text);
        let help = "call the element of the list by another name";
        let problem = Diagnostic::new(Code::ReservedName, name.span, message).help(help);
        return Err(checker.sink.wrong(problem));
    }
    Ok(())
}

/// A field that no input has.
fn field(name: &str, ty: Type) -> Field {
    let (digits, default, alias, join, name) = (None, None, None, None, name.to_string());
    Field { name, ty, digits, default, alias, reading: None, join, fixed: false }
}

/// What those see of an element that go through all that a policy decided: its decisions, each with whether
/// it has a fault, which no name reaches, and then the fields of the element.
pub(super) fn decided(checker: &Checker, id: PolicyId, policy: &Policy) -> Option<Record> {
    let elements = policy.elements.as_ref()?;
    let decisions = policy.decisions.iter();
    let values = decisions.clone().map(|decision| field(&decision.name, decision.read_type()));
    let faults = decisions.map(|_| field("", Type::Bool));
    let element = checker.names.record(elements.element);
    Some(Record {
        name: policy.name.as_str().into(),
        kind: RecordKind::Decided(id),
        fields: values.chain(faults).chain(element.fields.iter().cloned()).collect(),
        profile_key: None,
        key: Vec::new(),
        validity: None,
        span: policy.span,
    })
}
