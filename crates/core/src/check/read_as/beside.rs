//! Fields that say more of another one: the zone of a time, the currency of an amount. They stand in the same record or
//! in one around it.

use super::refuse;
use crate::check::checker::Checker;
use rulebook_lang::model::Type;
use rulebook_lang::reading::{Beside, Tells};
use rulebook_syntax::ast::Path;

/// What a path leads to, unless something is wrong with it.
pub(super) fn check(
    checker: &mut Checker,
    record: &str,
    path: &Path<'_>,
    tells: Tells,
) -> Option<Beside> {
    let names: Vec<_> = path.names.iter().map(|name| name.text).collect();
    let shown = names.join(".");
    let mut types = Vec::new();
    if let Err(lacking) = found(checker, record, &names, &mut Vec::new(), &mut types) {
        let message = match lacking == record {
            true => format!("record `{record}` has no field `{shown}`, and no record holds one"),
            false => format!(
                "record `{lacking}`, in which a `{record}` may stand, has no field `{shown}`"
            ),
        };
        let what = match tells {
            Tells::Zone => "the name of the zone",
            Tells::Currency => "the currency",
        };
        let help =
            format!("name the field that tells {what}; a text in quotes is the value itself");
        refuse(checker, path.span, message, help);
        return None;
    }
    let wrong = types.iter().find(|ty| {
        let ty = ty.required();
        !match tells {
            Tells::Zone => matches!(ty, Type::Text | Type::Enum(_) | Type::Unknown),
            Tells::Currency => matches!(ty, Type::Text | Type::Unknown) || *ty == Type::currency(),
        }
    });
    if let Some(ty) = wrong {
        let (what, help) = match tells {
            Tells::Zone => {
                ("the zone of a time", "let it be a `text`, or an enum of the names of zones")
            }
            Tells::Currency => ("the currency of an amount", "let it be a `currency`"),
        };
        let message = format!("`{shown}` is {}, which does not tell {what}", ty.described());
        refuse(checker, path.span, message, help);
        return None;
    }
    Some(Beside { tells, path: names.iter().map(|name| (*name).to_string()).collect() })
}

/// The types that a path has, from a record or from all those around it.
///
/// # Errors
/// The record that lacks it.
fn found(
    checker: &Checker,
    record: &str,
    path: &[&str],
    seen: &mut Vec<String>,
    types: &mut Vec<Type>,
) -> Result<(), String> {
    if let Some(ty) = follow(checker, record, path) {
        types.push(ty);
        return Ok(());
    }
    seen.push(record.to_string());
    let holders: Vec<_> =
        holders(checker, record).filter(|holder| !seen.contains(holder)).collect();
    if holders.is_empty() {
        return Err(record.to_string());
    }
    for holder in holders {
        found(checker, &holder, path, seen, types)?;
    }
    Ok(())
}

fn follow(checker: &Checker, record: &str, path: &[&str]) -> Option<Type> {
    let (first, rest) = path.split_first()?;
    let (_, ty) = checker.names.field_of(record, first)?;
    match (rest, ty.required()) {
        ([], _) => Some(ty),
        (rest, Type::Record(inner)) => follow(checker, inner.name(), rest),
        _ => None,
    }
}

/// The records that hold one, where it is not looked up.
fn holders<'c>(checker: &'c Checker, record: &'c str) -> impl Iterator<Item = String> + 'c {
    let records = checker.names.checked.records.iter();
    let holds = move |holder: &&crate::check::typed::Record| {
        holder.fields.iter().any(|field| {
            let of =
                matches!(super::single(&field.ty), Type::Record(name) if **name.name() == *record);
            of && field.join.is_none()
        })
    };
    records.filter(holds).map(|record| record.name.to_string())
}
