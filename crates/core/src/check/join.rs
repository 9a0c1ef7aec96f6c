//! Checks which fields take their record from a profile, and by which key.

use std::collections::HashMap;
use std::sync::Arc;

use super::checker::Checker;
use super::field;
use super::names::Named;
use super::sink::Wrong;
use super::typed::{Fields, RecordId};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// How many profiles may be joined one within the other.
const MAX_DEPTH: usize = 8;

/// How a field is joined.
pub(super) struct Join {
    pub(super) record: RecordId,
    /// The position of the field in its record.
    pub(super) position: usize,
    /// Where the key stands.
    pub(super) key: Fields,
    /// The record whose profiles are joined, and the position of the field by which they are found.
    pub(super) profile: RecordId,
    pub(super) profile_key: u32,
}

/// How fields are joined, once every record is known.
pub(super) fn joins(checker: &mut Checker, nodes: &[&ast::Record]) -> Vec<Join> {
    let mut joins = Vec::new();
    for (index, record) in nodes.iter().enumerate() {
        for (position, node) in record.fields.iter().enumerate() {
            let Some(path) = &node.join else { continue };
            let Ok((key, profile, profile_key)) = join(checker, record, node, path) else {
                continue;
            };
            let record = RecordId::at(index);
            joins.push(Join { record, position, key, profile, profile_key });
        }
    }
    joins
}

/// Reports profiles that are joined too deeply, or not at all.
pub(super) fn check(checker: &mut Checker, nodes: &[&ast::Record]) {
    let mut depths = HashMap::new();
    for record in nodes {
        check_depth(checker, record, &mut depths);
    }
    check_settings(checker);
}

/// Where the key of a joined field stands, and that of its profile, unless something is wrong with it.
fn join(
    checker: &mut Checker,
    record: &ast::Record,
    node: &ast::Field,
    path: &ast::Path,
) -> Result<(Fields, RecordId, u32), Wrong> {
    let ty = field_type(checker, record.name.text, node.name.text).ok_or_else(Wrong::reported)?;
    let Type::Record(profile) = ty.required() else {
        return Err(refuse_joined_type(checker, node, &ty));
    };
    let (key, key_type) = key_of(checker, record.name.text, path)?;
    let shown = checker.names.shown(path.span);
    if !matches!(key_type.required(), Type::Text | Type::Number | Type::Enum(_)) {
        let message = format!("`{shown}` is {}", key_type.required().described());
        let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
            .label("this is no key")
            .help("a key is a text, a number or an enum");
        return Err(checker.sink.wrong(diagnostic));
    }
    if key_type.is_optional() && !ty.is_optional() {
        let name = node.name.text;
        let message = format!("`{shown}` may be missing, and then nothing can be joined");
        let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
            .help(format!("let the field be missing too: `{name}: {profile}? by {shown}`"));
        return Err(checker.sink.wrong(diagnostic));
    }
    let (profile, profile_key) = profile_key(checker, profile.name(), key_type.required(), path)?;
    Ok((key, profile, profile_key))
}

fn refuse_joined_type(checker: &mut Checker, node: &ast::Field, ty: &Type) -> Wrong {
    if ty.is_unknown() {
        return Wrong::reported();
    }
    let message =
        format!("only a record can be joined; `{}` is {}", node.name.text, ty.described());
    let help = match ty.required() {
        Type::List(inner) if matches!(inner.as_ref(), Type::Record(_)) => {
            "join a record within each element: give the record of the list a field with `by`"
        }
        _ => "name a record, as in `merchant: Merchant by merchant_id`",
    };
    checker.sink.wrong(Diagnostic::new(Code::BadJoin, node.ty.span, message).help(help))
}

/// Follows the path of a key from the record that declares the joined field; the type is
/// optional if anything on the way is.
fn key_of(checker: &mut Checker, record: &str, path: &ast::Path) -> Result<(Fields, Type), Wrong> {
    let (mut key, mut optional) = (Fields::new(), false);
    let Some(Named::Record(_, outermost)) = checker.names.get(record) else {
        return Err(Wrong::reported());
    };
    let mut ty = Type::Record(outermost.clone());
    for name in &path.names {
        let Type::Record(outer) = ty.required().clone() else {
            if !ty.is_unknown() {
                let message = format!("{} has no fields", ty.required().described());
                checker.sink.error(Code::UnknownField, name.span, message);
            }
            return Err(Wrong::reported());
        };
        let Some((position, field)) = checker.names.field_of(outer.name(), name.text) else {
            return Err(unknown_key(checker, record, outer.name(), path, name));
        };
        if is_joined(checker, outer.name(), position) {
            let message = format!("the key leads through `{}`, which is joined", name.text);
            let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
                .help(format!("give the record `{field}` a field that joins further"));
            return Err(checker.sink.wrong(diagnostic));
        }
        key.push(position);
        optional |= field.is_optional();
        ty = field;
    }
    Ok((key, if optional { ty.optional() } else { ty }))
}

/// Reports a field of a key that there is not. Who counts from the record that is judged writes
/// the way to this record before the key.
fn unknown_key(
    checker: &mut Checker,
    record: &str,
    outer: &str,
    path: &ast::Path,
    name: &ast::Name,
) -> Wrong {
    let rest: Vec<_> = path.names.iter().skip(1).map(|name| name.text).collect();
    match (rest.first(), path.names.first()) {
        (Some(second), Some(first))
            if first.span == name.span && checker.names.field_of(record, second).is_some() =>
        {
            let message = format!("record `{record}` has no field `{}`", name.text);
            let help = format!(
                "keys start at the record that declares the field: write `by {}`",
                rest.join(".")
            );
            checker.sink.wrong(Diagnostic::new(Code::UnknownField, name.span, message).help(help))
        }
        _ => field::unknown_field(checker, outer, name),
    }
}

fn is_joined(checker: &Checker, record: &str, position: u32) -> bool {
    let Some(Named::Record(id, _)) = checker.names.get(record) else { return false };
    let field = checker.names.record(*id).fields.get(position as usize);
    field.is_some_and(|field| field.join.is_some())
}

/// The key field of a profile, if it has one of the type that the key has.
fn profile_key(
    checker: &mut Checker,
    profile: &Arc<str>,
    key_type: &Type,
    path: &ast::Path,
) -> Result<(RecordId, u32), Wrong> {
    let setting =
        checker.names.settings.profiles.iter().find(|setting| setting.record == profile.as_ref());
    let known_by =
        checker.names.record_of(profile).and_then(|record| match record.key.as_slice() {
            [only] => record.fields.get(*only as usize).map(|field| field.name.clone()),
            _ => None,
        });
    let setting = setting.and_then(|setting| setting.key.clone());
    let name = setting.or(known_by).unwrap_or_else(|| "id".to_string());
    let Some((position, declared)) = checker.names.field_of(profile, &name) else {
        let message = format!("record `{profile}` has no field `{name}` to find it by");
        let help = format!(
            "add `{name}: {key_type}` to it, or name its key in `rulebook.yaml`: \
             `profiles: {{ {profile}: {{ key: … }} }}`"
        );
        return Err(checker
            .sink
            .wrong(Diagnostic::new(Code::BadJoin, path.span, message).help(help)));
    };
    if declared == *key_type || declared.is_unknown() || key_type.is_unknown() {
        let Some(Named::Record(record, _)) = checker.names.get(profile) else {
            return Err(Wrong::reported());
        };
        return Ok((*record, position));
    }
    let diagnostic = match declared.is_optional() {
        true => {
            let message = format!("`{name}`, the key of `{profile}`, may be missing");
            Diagnostic::new(Code::BadJoin, path.span, message)
                .help(format!("declare it without `?`: `{name}: {}`", declared.required()))
        }
        false => {
            let found = key_type.described();
            let message = format!(
                "`{name}`, the key of `{profile}`, is {}, and this is {found}",
                declared.described()
            );
            Diagnostic::new(Code::BadJoin, path.span, message)
                .help("declare both with the same type")
        }
    };
    Err(checker.sink.wrong(diagnostic))
}

fn field_type(checker: &Checker, record: &str, field: &str) -> Option<Type> {
    checker.names.field_of(record, field).map(|(_, ty)| ty)
}

/// Reports the fields of a record from which more profiles are joined, one within the other,
/// than there may be.
fn check_depth(checker: &mut Checker, record: &ast::Record, depths: &mut HashMap<Arc<str>, usize>) {
    for node in &record.fields {
        let Some(path) = &node.join else { continue };
        let Some(ty) = field_type(checker, record.name.text, node.name.text) else { continue };
        let Type::Record(profile) = ty.required() else { continue };
        // Only the outermost field of a chain is one too many.
        if joined_depth(checker, profile.name(), depths) == MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} profiles are joined one within the other");
            let diagnostic = Diagnostic::new(Code::TooDeep, path.span, message)
                .help("hand some of them over in the record, nested");
            checker.sink.report(diagnostic);
        }
    }
}

/// How many profiles are joined one within the other, from a record on.
fn joined_depth(
    checker: &Checker,
    record: &Arc<str>,
    depths: &mut HashMap<Arc<str>, usize>,
) -> usize {
    if let Some(depth) = depths.get(record) {
        return *depth;
    }
    // A record that holds itself is reported elsewhere.
    depths.insert(record.clone(), 0);
    let declared = checker.names.checked.records.iter().find(|declared| declared.name == *record);
    let mut depth = 0;
    for field in declared.into_iter().flat_map(|record| &record.fields) {
        let mut ty = field.ty.required();
        while let Type::List(inner) = ty {
            ty = inner;
        }
        if let Type::Record(inner) = ty {
            let level = usize::from(field.join.is_some());
            depth = depth.max(level + joined_depth(checker, inner.name(), depths));
        }
    }
    depths.insert(record.clone(), depth);
    depth
}

/// Reports profiles of the settings that no field joins, and inputs of records that are not there.
fn check_settings(checker: &mut Checker) {
    let settings = checker.names.settings;
    for setting in &settings.inputs {
        is_there(checker, &setting.record, setting.span);
    }
    for setting in &settings.profiles {
        let name = &setting.record;
        if !is_there(checker, name, setting.span) {
            continue;
        }
        let records = checker.names.checked.records.iter();
        let joins = records.flat_map(|record| &record.fields).any(|field| {
            let ty = field.ty.required();
            field.join.is_some()
                && matches!(ty, Type::Record(profile) if **profile.name() == **name)
        });
        if !joins && !checker.names.slips {
            let field = name.to_lowercase();
            let message = format!("no field joins `{name}`");
            let help = format!("let one: `{field}: {name} by {field}_id`");
            let diagnostic = Diagnostic::new(Code::BadSettings, setting.span, message);
            checker.sink.report(diagnostic.help(help));
        }
    }
}

/// Whether a record that the settings name is there; reports it where it is not.
fn is_there(checker: &mut Checker, name: &str, span: Span) -> bool {
    let names = checker.names.checked.records.iter().map(|record| record.name.to_string());
    let names: Vec<_> = names.collect();
    if names.iter().any(|known| known == name) {
        return true;
    }
    let message = format!("there is no record `{name}`");
    let help = did_you_mean(name, names.iter().map(String::as_str));
    let diagnostic = Diagnostic::new(Code::BadSettings, span, message);
    checker.sink.report(diagnostic.maybe_help(help));
    false
}
