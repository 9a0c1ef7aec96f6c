//! The outcomes of a decision as the names under which a matrix counts them.

use std::collections::BTreeSet;

use super::fields::plain;
use super::impact::{FAULT, OTHER, UNDECIDED};
use crate::Verdict;
use crate::model::{Number, Type, Value};
use crate::program::{DecisionId, NodeId, Policy, Program};

/// The outcome of no member, where a decision collects several.
const NOTHING: &str = "nothing";

/// The outcomes of one decision that its policy names.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) decision: String,
    pub(super) unit: Option<String>,
    /// Whether outcomes can be added up.
    pub(super) adds_up: bool,
    /// In the order in which to tell them.
    pub(super) order: Vec<String>,
    known: BTreeSet<String>,
}

/// How a decision fell on one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fallen {
    /// The name under which it is counted.
    pub(super) name: String,
    /// All that it says.
    pub(super) exact: String,
    pub(super) amount: Option<Number>,
}

impl Names {
    /// The names of the outcomes of each decision of a policy, together with those of another side.
    pub(super) fn of(sides: &[(&Program, &Policy)]) -> Vec<Self> {
        let Some((_, policy)) = sides.last() else { return Vec::new() };
        let decisions = policy.decisions.iter().map(|decision| {
            let mut known = BTreeSet::new();
            let mut order = match &decision.ty {
                Type::Enum(members) => members.members.clone(),
                Type::Bool => vec!["false".to_string(), "true".to_string()],
                _ => Vec::new(),
            };
            for (program, policy) in sides {
                let Some(id) = policy.decision(&decision.name) else { continue };
                if let Some(Type::Enum(members)) =
                    policy.decisions.get(id.index()).map(|own| &own.ty)
                {
                    let new = members.members.iter().filter(|name| !order.contains(*name));
                    let new: Vec<_> = new.cloned().collect();
                    order.extend(new);
                }
                for node in values_of(policy, id) {
                    known.extend(constant(program, node, &decision.ty));
                }
            }
            known.extend(order.iter().cloned());
            let unit = decision.currency().map(|currency| currency.code().to_string());
            let collects = decision.combiner.collects();
            let adds_up = !collects && matches!(decision.ty, Type::Number | Type::Money(_));
            Self { decision: decision.name.clone(), unit, adds_up, order, known }
        });
        decisions.collect()
    }

    pub(super) fn fallen(&self, verdict: &Verdict<'_>) -> Fallen {
        let is_known = |text: &String| self.known.contains(text);
        let (name, exact, amount) = match verdict {
            Verdict::Undecided => (UNDECIDED.into(), UNDECIDED.into(), None),
            Verdict::Fault => (FAULT.into(), FAULT.into(), None),
            Verdict::Value(value, ty) => {
                let exact = plain(value, ty);
                let name = if is_known(&exact) { exact.clone() } else { OTHER.to_string() };
                let amount = match value {
                    Value::Number(number) => Some(*number),
                    _ => None,
                };
                (name, exact, amount)
            }
            Verdict::Values(values, ty) => {
                let all: Vec<_> = values.iter().map(|value| plain(value, ty)).collect();
                let exact = all.join(", ");
                let name = match all.as_slice() {
                    [] => NOTHING.to_string(),
                    all if all.iter().all(is_known) => exact.clone(),
                    _ => OTHER.to_string(),
                };
                (name, exact, None)
            }
        };
        Fallen { name, exact, amount }
    }

    /// Where an outcome stands among the others: declared ones first, then by name.
    pub(super) fn rank(&self, name: &str) -> (usize, String) {
        let at = self.order.iter().position(|known| known == name);
        (at.unwrap_or(usize::MAX), name.to_string())
    }
}

/// The nodes that may give a decision its value.
fn values_of(policy: &Policy, id: DecisionId) -> Vec<NodeId> {
    let sets = policy.rules.iter().flat_map(|rule| &rule.sets).chain(&policy.on_fault);
    let sets = sets.filter(|(own, _)| *own == id).map(|(_, node)| *node);
    let otherwise = policy.decisions.get(id.index()).and_then(|decision| decision.otherwise);
    sets.chain(otherwise).collect()
}

fn constant(program: &Program, node: NodeId, ty: &Type) -> Option<String> {
    let value = program.constants.value(program.fixed(node)?);
    Some(plain(&value, ty))
}
