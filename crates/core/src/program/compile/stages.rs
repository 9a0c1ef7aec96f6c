//! Orders the decisions of policies whose rules read what these decide themselves. What a condition reads
//! is needed by all that its rule sets, and by all that the rules set which it overrides, by way of others
//! too; what a value reads is needed by the decision that it is for.

use std::collections::BTreeSet;

use crate::ids::IdVec;
use crate::program::{DecisionId, Node, NodeId, Policy, PolicyId, Program, Stages};

/// The stages of a policy; nothing where no rule reads what the policy decides.
pub(super) fn stages(program: &Program, id: PolicyId, policy: &Policy) -> Option<Stages> {
    if !policy.reads.contains(&id) {
        return None;
    }
    let read = |nodes: &mut dyn Iterator<Item = NodeId>| {
        let mut read: BTreeSet<DecisionId> = BTreeSet::new();
        for node in nodes {
            program.walk(node, &mut |_, node| {
                if let Node::Decision(of, decision) = node
                    && of == id
                {
                    read.insert(decision);
                }
            });
        }
        read
    };
    let conditions: IdVec<_, _> = policy
        .rules
        .iter()
        .map(|rule| {
            let phases = rule.phases.iter().flat_map(|phase| {
                let cohort = phase.cohort.into_iter().flat_map(|(share, key)| [share, key]);
                cohort.chain(phase.filter)
            });
            read(&mut phases.chain(rule.when).chain(rule.unless))
        })
        .collect();
    let needs: IdVec<DecisionId, BTreeSet<DecisionId>> = policy
        .decisions
        .ids()
        .map(|decision| {
            let rules = policy.rules.iter();
            let sets = rules.flat_map(|rule| &rule.sets).filter(|(set, _)| *set == decision);
            let values = sets.map(|(_, node)| *node).chain(policy.without_rules(decision));
            let mut needs = read(&mut values.into_iter());
            for rule in policy.rules_behind(decision) {
                needs.extend(&conditions[rule]);
            }
            needs
        })
        .collect();
    let mut decisions: IdVec<DecisionId, u32> = policy.decisions.iter().map(|_| 0).collect();
    let behind = |decisions: &IdVec<DecisionId, u32>, needs: &BTreeSet<DecisionId>| {
        needs.iter().map(|need| decisions[*need] + 1).max().unwrap_or(0)
    };
    // The checker has ruled out circles, so that no way is longer than there are decisions.
    for _ in 0..policy.decisions.len() {
        for decision in policy.decisions.ids() {
            decisions[decision] = behind(&decisions, &needs[decision]);
        }
    }
    let rules = conditions.iter().map(|needs| behind(&decisions, needs)).collect();
    let last = decisions.iter().copied().max().unwrap_or(0);
    let falling = (0..=last).map(|stage| {
        let falling = decisions.numbered().filter(|(_, falls)| **falls == stage);
        falling.map(|(decision, _)| decision).collect()
    });
    let falling = falling.collect();
    let everything = read(&mut policy.nodes().into_iter());
    let read = policy.decisions.ids().map(|decision| everything.contains(&decision)).collect();
    Some(Stages { policy: id, rules, decisions, falling, read })
}
