//! What other policies decided that was read, as deep as it goes, each policy once.

use std::collections::VecDeque;

use super::{Explainer, ReadExplanation, element};
use crate::eval::judge::{Origin, State};
use crate::eval::tell::{ElementBudgets, time_text};
use crate::program::{DecisionId, Node, NodeId, Phase, Policy, PolicyId, Require, Rule, Text};

/// What is read of another policy, and what reads it.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    policy: PolicyId,
    what: What,
    reader: String,
}

/// What is read of another policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Decision(DecisionId),
    /// What it decided about an element of a list, by its number.
    Element(usize),
}

/// Of so many elements it is told why they were decided as they were.
const MOST_ELEMENTS: usize = 20;

impl Explainer<'_> {
    /// Notes what a rule reads of other policies, as far as it was looked at: so many parts of `when`.
    pub(super) fn meet_rule(
        &self,
        (policy, rule, phase): (&Policy, &Rule, Option<&Phase>),
        state: &State,
        conditions: usize,
    ) {
        if *state == State::NotInForce {
            return;
        }
        let cohort = phase.and_then(|phase| phase.cohort);
        let mut nodes: Vec<_> = cohort.into_iter().flat_map(|(share, key)| [share, key]).collect();
        nodes.extend(phase.and_then(|phase| phase.filter));
        nodes.extend(rule.clauses.iter().take(conditions).map(|clause| clause.node));
        if matches!(state, State::Excepted | State::Fired) {
            nodes.extend(rule.unless);
        }
        if *state == State::Fired {
            nodes.extend(rule.sets.iter().map(|(_, node)| *node));
            nodes.extend(rule.requires.iter().flat_map(Require::limits));
            nodes.extend(rule.because.iter().flat_map(Text::nodes));
        }
        self.meet(nodes, || format!("{}.{}", policy.name, rule.name));
    }

    /// Notes what a decision reads of other policies where no rule gave it.
    pub(super) fn meet_defaults(&self, policy: &Policy, id: DecisionId) {
        let outcome = self.decision.judgement().outcomes.get(id.index());
        let origin = outcome.map(|outcome| outcome.resolution.origin);
        if matches!(origin, None | Some(Origin::Rules | Origin::Undecided)) {
            return;
        }
        self.meet_default_lets(policy, id);
        let decision = &policy.decisions[id];
        let reasons = decision.because.iter().flat_map(Text::nodes);
        self.meet(policy.without_rules(id).chain(reasons), || {
            format!("{}.{}", policy.name, decision.name)
        });
    }

    fn meet(&self, nodes: impl IntoIterator<Item = NodeId>, reader: impl Fn() -> String) {
        for root in nodes {
            self.decision.program.walk(root, &mut |_, node| {
                let met = &mut *self.met.borrow_mut();
                match node {
                    Node::Decision(policy, decision) if !self.decision.is_by(policy) => {
                        let what = What::Decision(decision);
                        met.push(Reading { policy, what, reader: reader() });
                    }
                    Node::Elements(policy) => {
                        let elements = self.decision.elements_of(policy).min(MOST_ELEMENTS);
                        met.extend((0..elements).map(|number| {
                            let what = What::Element(number);
                            Reading { policy, what, reader: reader() }
                        }));
                    }
                    _ => {}
                }
            });
        }
    }

    /// What other policies decided that was met, and what these read in turn.
    pub(super) fn all_reads(&self) -> Vec<ReadExplanation> {
        let mut reads: Vec<(PolicyId, Option<usize>, ReadExplanation)> = Vec::new();
        let mut pending = VecDeque::from(self.met.take());
        let mut budgets = ElementBudgets::default();
        while let Some(Reading { policy, what, reader }) = pending.pop_front() {
            let number = match what {
                What::Decision(_) => None,
                What::Element(number) => Some(number),
            };
            let known = reads.iter_mut().find(|(id, other, _)| (*id, *other) == (policy, number));
            if let Some((_, _, read)) = known {
                if !read.read_by.contains(&reader) {
                    read.read_by.push(reader);
                }
                continue;
            }
            let decision = match what {
                What::Decision(decision) => self.decision.reading(policy, decision),
                What::Element(number) => self.decision.of_element(policy, number, &mut budgets),
            };
            let Some(decision) = decision else { continue };
            let explainer = Explainer::of(&decision, self.sources, self.steps);
            let policy_read = decision.policy();
            let (decisions, rules) =
                (explainer.decisions(policy_read), explainer.rules(policy_read));
            let read = ReadExplanation {
                policy: decision.policy_name().to_string(),
                element: element(&decision),
                read_by: vec![reader],
                dated: time_text(decision.dated(), decision.zone()),
                decisions,
                rules,
                lets: explainer.all_named(policy_read),
            };
            pending.extend(explainer.met.take());
            reads.push((policy, number, read));
        }
        reads.into_iter().map(|(_, _, read)| read).collect()
    }
}
