//! Which fields an outcome is calculated from: with another value of one of these it is another outcome
//! by the same rule, which is no change of the decision that anybody would tell.

use std::collections::BTreeSet;

use crate::eval::judge::{Judgement, Outcome};
use crate::program::{DecisionId, Node, NodeId, Policy, Program, RuleId};

/// The slots that the value of a decision flows from: by the rules that gave it, or by none.
pub(super) fn drives(
    (program, policy, decision): (&Program, &Policy, DecisionId),
    givers: &[RuleId],
) -> BTreeSet<u32> {
    let rules = givers.iter().flat_map(|id| &policy.rules[*id].sets);
    let sets = rules.filter(|(set, _)| *set == decision).map(|(_, node)| *node);
    let mut pending: Vec<NodeId> = match givers {
        [] => policy.without_rules(decision).collect(),
        _ => sets.collect(),
    };
    let (mut slots, mut seen) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        match program.node(id) {
            Node::Slot(slot) => {
                slots.insert(slot);
            }
            Node::Record(slot, _) => slots.extend(policy.layout.within(slot)),
            Node::Choice(operands) => {
                let operands = program.operands(operands);
                pending.extend(operands.iter().skip(1).step_by(2).chain(operands.last()));
            }
            Node::Decision(policy, decision) => {
                let policy = &program.policies[policy];
                let sets = policy.rules.iter().flat_map(|rule| &rule.sets);
                let sets = sets.filter(|(set, _)| *set == decision).map(|(_, node)| *node);
                pending.extend(sets.chain(policy.without_rules(decision)));
            }
            Node::Elements(policy) => slots.extend(program.slots_behind(policy)),
            // What these come to is looked at and not taken over.
            Node::And(_)
            | Node::Or(_)
            | Node::Presence(..)
            | Node::AnyOf(..)
            | Node::InSet(..)
            | Node::InRange { .. }
            | Node::LookUp { .. } => {}
            Node::Call(kernel, _) if kernel.known().is_some() => {}
            node => pending.extend(program.parts(node)),
        }
    }
    slots
}

/// Whether two outcomes come from the same rules.
pub(super) fn is_by_the_same(
    (judgement, outcome): (&Judgement, &Outcome),
    (other_judgement, other_outcome): (&Judgement, &Outcome),
) -> bool {
    outcome.resolution.origin == other_outcome.resolution.origin
        && judgement.givers(outcome) == other_judgement.givers(other_outcome)
}
