//! Named values, and decisions that rules of their own policy read: where they are told, and links there.

use super::block::{Inline, Target, spaced};
use super::book::{Book, TERMS, type_name};
use rulebook_syntax::ast::{ItemKind, Let, Policy, Subject};

/// What a bare name stands for that a policy or its record defines.
pub(super) struct Name<'s> {
    name: &'s str,
    target: Target,
    ty: Option<String>,
}

/// What the rules of a policy read by bare names, besides fields and what the rulebook defines.
pub(super) fn of_policy<'s>(policy: &Policy<'s>, book: &Book<'s>) -> Vec<Name<'s>> {
    let judged = book.judged_by(policy);
    let owners = judged.into_iter().chain([policy]);
    let mut names = Vec::new();
    for owner in owners {
        for item in &owner.items {
            let (name, section, ty) = match &item.kind {
                ItemKind::Let(node) => {
                    (node.name.text, section_of(node.name.text), type_of(node, book))
                }
                ItemKind::Decide(node) => {
                    let section = format!("decision-{}", node.name.text);
                    (node.name.text, section, Some(type_name(&node.ty)))
                }
                _ => continue,
            };
            let target = book.page(owner.name.text, Some(&section));
            names.push(Name { name, target, ty });
        }
    }
    if let Some(Subject::Record(record)) = judged.map(|judged| &judged.subject) {
        names.extend(of_record(record.text, book));
    }
    names
}

/// What all policies on a record read by bare names.
pub(super) fn of_record<'s>(record: &str, book: &Book<'s>) -> Vec<Name<'s>> {
    let lets = book.records().filter(|node| node.name.text == record);
    let lets = lets.flat_map(|node| &node.lets);
    let names = lets.map(|node| {
        let name = node.name.text;
        let target = Target::Page(TERMS.into(), Some(section_of(name)));
        Name { name, target, ty: type_of(node, book) }
    });
    names.collect()
}

/// The section that tells of a named value.
pub(super) fn section_of(name: &str) -> String {
    format!("let-{name}")
}

/// The type of a named value: as it says, or as the policies that read it have it.
fn type_of(node: &Let<'_>, book: &Book<'_>) -> Option<String> {
    if let Some(ty) = &node.ty {
        return Some(type_name(ty));
    }
    let mut named = book.program().policies.iter().flat_map(|policy| &policy.named);
    let named = named.find(|named| named.clause.span == node.value.span);
    named.map(|named| named.ty.required().to_string())
}

impl Name<'_> {
    /// A link to where it is told.
    pub(super) fn link(&self) -> Inline {
        Inline::Link(self.target.clone(), spaced(self.name))
    }
}

/// The name among some, if it is one of them.
pub(super) fn find<'n, 's>(names: &'n [Name<'s>], name: &str) -> Option<&'n Name<'s>> {
    names.iter().find(|known| known.name == name)
}

/// The type that a name among some has.
pub(super) fn type_among(names: &[Name<'_>], name: &str) -> Option<String> {
    find(names, name)?.ty.clone()
}
