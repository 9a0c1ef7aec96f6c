//! The outcomes of decisions, and the names under which a matrix counts them.

use std::collections::BTreeSet;

use super::fields::{plain, write_plain};
use super::impact::{FAULT, OTHER, UNDECIDED};
use rulebook::Decision;
use rulebook_core::eval::VerdictRef;
use rulebook_core::program::{DecisionId, NodeId, Policy, Program};
use rulebook_lang::model::{Number, Type, Value};
use rulebook_lang::scalar::Kind;

/// The outcome of no member, where a decision collects several.
const NOTHING: &str = "nothing";

/// The outcomes of one decision that its policy names.
#[derive(Debug, Clone)]
pub(super) struct OutcomeNames {
    pub(super) decision: String,
    pub(super) unit: Option<String>,
    /// Whether outcomes can be added up.
    pub(super) adds_up: bool,
    /// Those of the type, in the order in which they are declared.
    pub(super) order: Vec<String>,
    /// The texts of all outcomes that have a name: those of the type, and constants of the policies.
    named: BTreeSet<String>,
}

/// What a decision came to for one record. It is filled again for the next, in the same memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The name under which it is counted.
    pub(super) name: String,
    /// All that it says.
    pub(super) exact: String,
    pub(super) amount: Option<Number>,
}

impl Outcome {
    /// For people: the value, or the name of what stands in its place.
    pub(super) fn text(&self) -> &str {
        if self.exact.is_empty() { &self.name } else { &self.exact }
    }
}

impl OutcomeNames {
    /// The names of the outcomes of each decision of a policy, together with those of another side.
    pub(super) fn of(sides: &[(&Program, &Policy)]) -> Vec<Self> {
        let Some((_, policy)) = sides.last() else { return Vec::new() };
        let decisions = policy.decisions.iter().map(|decision| {
            let mut named = BTreeSet::new();
            let mut order = match &decision.ty {
                Type::Enum(members) => members.members.clone(),
                Type::Bool => vec!["false".to_string(), "true".to_string()],
                _ => Vec::new(),
            };
            for (program, policy) in sides {
                let Some(id) = policy.decision(&decision.name) else { continue };
                if let Type::Enum(members) = &policy.decisions[id].ty {
                    let new = members.members.iter().filter(|name| !order.contains(*name));
                    let new: Vec<_> = new.cloned().collect();
                    order.extend(new);
                }
                for node in values_of(policy, id) {
                    named.extend(constant(program, node, &decision.ty));
                }
            }
            named.extend(order.iter().cloned());
            let unit = match &decision.ty {
                Type::Money(currency) => Some(currency.code()),
                Type::TimeOfDay => None,
                ty => match ty.kind() {
                    Some(Kind::Duration | Kind::Period) => Some(ty.name()),
                    _ => None,
                },
            };
            let unit = unit.map(String::from);
            let collects = decision.combiner.collects();
            let adds_up = !collects && decision.ty.kind() == Some(Kind::Number);
            Self { decision: decision.name.clone(), unit, adds_up, order, named }
        });
        decisions.collect()
    }

    /// Fills in what the decision came to, found by its name in whichever policy has judged.
    pub(super) fn read(&self, decision: &Decision, into: &mut Outcome) {
        let mut verdicts = decision.verdict_refs(decision.judgement());
        match verdicts.find(|(declared, _)| declared.name == self.decision) {
            Some((declared, verdict)) => self.fill(verdict, &declared.ty, into),
            None => self.fill(VerdictRef::Undecided, &Type::Unknown, into),
        }
    }

    /// Fills in what a decision came to; `ty` is the type of its values.
    pub(super) fn fill(&self, verdict: VerdictRef<'_>, ty: &Type, into: &mut Outcome) {
        let Outcome { name, exact, amount } = into;
        *amount = None;
        exact.clear();
        name.clear();
        match verdict {
            VerdictRef::Undecided => exact.push_str(UNDECIDED),
            VerdictRef::Fault => exact.push_str(FAULT),
            VerdictRef::Value(value) => {
                write_plain(&value, ty, exact);
                if let Value::Number(number) = value {
                    *amount = Some(number);
                }
                name.push_str(if self.named.contains(exact.as_str()) { exact } else { OTHER });
            }
            VerdictRef::Values(cells, store) => {
                let mut all_named = true;
                for (at, cell) in cells.iter().enumerate() {
                    // The name is the memory for one of them until all are seen.
                    name.clear();
                    write_plain(&store.value(*cell), ty, name);
                    all_named &= self.named.contains(name.as_str());
                    exact.push_str(if at == 0 { "" } else { ", " });
                    exact.push_str(name);
                }
                name.clear();
                name.push_str(match cells {
                    [] => NOTHING,
                    _ if all_named => exact,
                    _ => OTHER,
                });
            }
        }
        if name.is_empty() {
            name.push_str(exact);
        }
    }

    /// Where an outcome stands among the others: declared ones first, then by name.
    pub(super) fn rank(&self, name: &str) -> (usize, String) {
        let at = self.order.iter().position(|declared| declared == name);
        (at.unwrap_or(usize::MAX), name.to_string())
    }
}

/// The nodes that may give a decision its value.
fn values_of(policy: &Policy, id: DecisionId) -> Vec<NodeId> {
    let sets = policy.rules.iter().flat_map(|rule| &rule.sets).chain(&policy.on_fault);
    let sets = sets.filter(|(decision, _)| *decision == id).map(|(_, node)| *node);
    let otherwise = policy.decisions[id].otherwise;
    sets.chain(otherwise).collect()
}

fn constant(program: &Program, node: NodeId, ty: &Type) -> Option<String> {
    let value = program.constants.value(program.fixed(node)?);
    Some(plain(&value, ty))
}
