//! Checks between which of their fields profiles hold, and by which dates they are joined.

use std::collections::HashMap;
use std::sync::Arc;

use super::checker::Checker;
use super::field;
use super::sink::Wrong;
use super::typed::{Field, Place, Policy, RecordId, Validity};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// Between which fields the profiles of each record hold, once every record is known.
pub(super) fn validities(
    checker: &mut Checker,
    nodes: &[&ast::Record],
) -> Vec<(RecordId, Validity)> {
    let mut validities = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some(validity) = &node.validity else { continue };
        let from = position(checker, node, &validity.from);
        let until = validity.until.as_ref().map(|until| position(checker, node, until));
        if let (Ok(from), Ok(until)) = (from, until.transpose()) {
            validities.push((RecordId::at(index), Validity { from, until }));
        }
    }
    validities
}

/// The position of the date or time that a name of the head of a record means.
fn position(checker: &mut Checker, node: &ast::Record, name: &ast::Name) -> Result<u32, Wrong> {
    let record = node.name.text;
    let Some((position, ty)) = checker.names.field_of(record, name.text) else {
        return Err(field::unknown_field(checker, record, name));
    };
    if matches!(ty.required(), Type::Date | Type::Time) {
        return Ok(position);
    }
    if ty.is_unknown() {
        return Err(Wrong::reported());
    }
    let message = format!("`{}` is {}, and no date or time", name.text, ty.described());
    let help = "name the field that says from when, or until when, a profile holds";
    Err(checker.sink.wrong(Diagnostic::new(Code::WrongType, name.span, message).help(help)))
}

/// Reports records that hold for a time and that no field joins.
pub(super) fn check(checker: &mut Checker, nodes: &[&ast::Record]) {
    for node in nodes {
        let Some(validity) = &node.validity else { continue };
        let mut fields =
            checker.names.checked.records.iter().flat_map(|record| record.fields.iter());
        let joins = fields.any(|field| joined(field).is_some_and(|name| **name == *node.name.text));
        if joins || checker.names.slips {
            continue;
        }
        let name = node.name.text;
        let message = format!("no field joins `{name}`, so that it does not matter when one holds");
        let field = name.to_lowercase();
        let help = format!(
            "let a record join it, `{field}: {name} by {field}_id`, or leave out `valid from`"
        );
        let diagnostic = Diagnostic::new(Code::BadJoin, validity.from.span, message);
        checker.sink.report(diagnostic.help(help));
    }
}

/// The record of a field that is joined.
fn joined(field: &Field) -> Option<&Arc<str>> {
    match field.ty.required() {
        Type::Record(name) if field.join.is_some() => Some(name.name()),
        _ => None,
    }
}

/// Reports policies whose date does not tell as of when profiles are joined, once all are defined.
pub(super) fn check_policies(checker: &mut Checker) {
    let mut found = HashMap::new();
    let policies = &checker.names.checked.policies;
    let profiles = policies.iter().map(|policy| {
        let record = checker.names.base_of(policy.record);
        joined_in_time(checker, &checker.names.record(record).name.clone(), &mut found)
    });
    let profiles: Vec<Option<Arc<str>>> = profiles.collect();
    if profiles.iter().all(Option::is_none) {
        return;
    }
    let mut problems = Vec::new();
    for (policy, profile) in policies.iter().zip(&profiles) {
        let Some(profile) = profile else { continue };
        let Some(place) = &policy.dated else { continue };
        if !is_read_first(checker, policy, place) {
            let message = format!(
                "`{}` is dated by what is not there before the profiles of `{profile}` are joined, which hold for a time",
                policy.name
            );
            let help = "date it by a field that the record itself brings";
            problems.push(Diagnostic::new(Code::BadJoin, policy.span, message).help(help));
        }
    }
    for reading in &checker.sink.readings {
        let (by, of) = (reading.by.index(), reading.of.index());
        let policy = |at: usize| policies.get(at).zip(profiles.get(at));
        let (Some((by, Some(profile))), Some((of, _))) = (policy(by), policy(of)) else { continue };
        if by.dated != of.dated {
            let message = format!(
                "`{}` and `{}` have different dates, and the profiles of `{profile}` hold for a time",
                by.name, of.name
            );
            let help = "give both the same `dated by`: one record has one profile";
            problems.push(Diagnostic::new(Code::BadJoin, reading.span, message).help(help));
        }
    }
    problems.into_iter().for_each(|problem| checker.sink.report(problem));
}

/// Whether a date stands in the record as it is read, not in a profile or in an element that is judged.
fn is_read_first(checker: &Checker, policy: &Policy, place: &Place) -> bool {
    let mut record = checker.names.record(checker.names.base_of(policy.record));
    for position in &place.fields {
        let Some(field) = record.fields.get(*position as usize) else { return false };
        if field.join.is_some() {
            return false;
        }
        if let Type::Record(name) = field.ty.required()
            && let Some(inner) = checker.names.record_of(name.name())
        {
            record = inner;
        }
    }
    true
}

/// A record that holds for a time and that this one joins, at any depth.
fn joined_in_time(
    checker: &Checker,
    record: &Arc<str>,
    found: &mut HashMap<Arc<str>, Option<Arc<str>>>,
) -> Option<Arc<str>> {
    if let Some(profile) = found.get(record) {
        return profile.clone();
    }
    // A record that holds itself is reported elsewhere.
    found.insert(record.clone(), None);
    let declared = checker.names.record_of(record)?;
    let mut profile = None;
    for field in &declared.fields {
        let mut ty = field.ty.required();
        while let Type::List(inner) = ty {
            ty = inner;
        }
        let Type::Record(inner) = ty else { continue };
        let inner = inner.name();
        let of_inner = checker
            .names
            .record_of(inner)
            .is_some_and(|inner| inner.validity.is_some() && field.join.is_some());
        profile = match of_inner {
            true => Some(inner.clone()),
            false => joined_in_time(checker, inner, found),
        };
        if profile.is_some() {
            break;
        }
    }
    found.insert(record.clone(), profile.clone());
    profile
}
