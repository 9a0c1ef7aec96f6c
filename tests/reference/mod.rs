//! A second evaluator of policies, clear and slow on purpose: it walks the tree as it was parsed,
//! looks names up as texts, and tries every possibility where a rule has a fault. It shares no code
//! with the engine but the parser and the readers of dates.

#![allow(dead_code, reason = "each test uses a part of it")]

mod calendars;
mod days;
pub(crate) mod decimal;
mod elements;
pub(crate) mod exact;
mod expression;
mod functions;
mod judge;
mod lists;
mod made;
mod read_as;
mod report;
mod settle;
mod table;
mod value;

use rulebook_base::source::Sources;
use rulebook_lang::model::{Zone, zone};
use rulebook_syntax::ast::{
    Definition, DefinitionKind, Expr, ItemKind, Members, Policy, Record, Subject, TypeExpr,
    TypeKind,
};
use rulebook_syntax::parse;

pub(crate) use exact::Exact;
use expression::Env;
pub(crate) use report::{Lists, Report, Verdict};
pub(crate) use settle::as_set;
pub(crate) use value::Value;

/// The stable name of a fault.
pub(crate) type Fault = String;

/// A rulebook of one file.
pub(crate) struct Reference<'t> {
    definitions: Vec<Definition<'t>>,
    zone: Zone,
}

impl<'t> Reference<'t> {
    /// Reads the text of a policy file; it must parse without a problem.
    pub(crate) fn new(text: &'t str, zone_name: &str) -> Self {
        let mut sources = Sources::default();
        let id = sources.add("reference.policy", text);
        let parsed = parse(id, text);
        assert!(parsed.diagnostics.is_empty(), "{:#?}\n{text}", parsed.diagnostics);
        Self { definitions: parsed.file.definitions, zone: zone(zone_name).unwrap() }
    }

    fn definition(&self, name: &str) -> Option<&DefinitionKind<'t>> {
        let mut kinds = self.definitions.iter().map(|definition| &definition.kind);
        kinds.find(|kind| kind.name().text == name)
    }

    fn record(&self, name: &str) -> Option<&Record<'t>> {
        match self.definition(name) {
            Some(DefinitionKind::Record(record)) => Some(record),
            _ => None,
        }
    }

    fn policy(&self, name: &str) -> &Policy<'t> {
        match self.definition(name) {
            Some(DefinitionKind::Policy(policy)) => policy,
            _ => panic!("there is no policy {name}"),
        }
    }

    /// The policy that judges: itself, or what it amends.
    fn judging<'r>(&'r self, owner: &'r Policy<'r>) -> &'r Policy<'r> {
        match &owner.subject {
            Subject::Record(_) | Subject::Elements(_) => owner,
            Subject::Policy(name) => self.policy(name.text),
        }
    }

    fn names_of<'r>(&'r self, policy: &'r Policy<'r>) -> impl Iterator<Item = &'r str> {
        policy.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Decide(decide) => Some(decide.name.text),
            _ => None,
        })
    }

    fn decides(&self, policy: &Policy<'_>, name: &str) -> bool {
        self.names_of(policy).any(|decision| decision == name)
    }

    /// What a name stands for that the record or the policy gives a value.
    fn let_of<'r>(&'r self, name: &str, env: &Env<'r>) -> Option<&'r Expr<'r>> {
        let owner = env.owner?;
        let judging = self.judging(owner);
        let record = judging.subject.record()?;
        let items = [judging, owner].into_iter().flat_map(|policy| &policy.items);
        let of_policy = items.filter_map(|item| match &item.kind {
            ItemKind::Let(node) => Some(&**node),
            _ => None,
        });
        let of_record = self.record(record.text).into_iter().flat_map(|record| &record.lets);
        let mut lets = of_record.chain(of_policy);
        lets.find(|node| node.name.text == name).map(|node| &node.value)
    }

    /// The policies and overlays in the order of the text.
    fn policies(&self) -> impl Iterator<Item = &Policy<'t>> {
        self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Policy(policy) => Some(policy),
            _ => None,
        })
    }

    /// The position of a name in the ordered enum that has it; names are used once in these tests.
    fn position(&self, member: &str) -> Option<usize> {
        let mut found = None;
        let mut look = |members: &Members| {
            let at = members.members.iter().position(|known| known.written() == member);
            found = found.or(at.filter(|_| members.ordered));
        };
        for definition in &self.definitions {
            match &definition.kind {
                DefinitionKind::Enum(node) => look(&node.members),
                DefinitionKind::Policy(policy) => in_place(policy, &mut look),
                _ => {}
            }
        }
        found
    }
}

impl Reference<'_> {
    /// What the data has for the member of an enum that policies call so.
    fn data<'n>(&'n self, name: &'n str) -> &'n str {
        let members = self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Enum(node) => Some(&node.members.members),
            _ => None,
        });
        let mut named = members.flatten().filter(|member| member.written() == name);
        named.next().map_or(name, |member| member.data())
    }
}

/// The enums that decisions write in place.
fn in_place(policy: &Policy, look: &mut impl FnMut(&Members)) {
    for item in &policy.items {
        if let ItemKind::Decide(decide) = &item.kind
            && let TypeExpr { kind: TypeKind::InPlace(members), .. } = &decide.ty
        {
            look(members);
        }
    }
}
