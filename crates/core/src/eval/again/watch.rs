//! Looks on while the conditions of a rule are evaluated anew, by the machine that decides.

use crate::eval::judge::{Machine, Origin, State, Watch, cohort, state};
use crate::eval::tell::Decision;
use crate::program::{NodeId, Require, RuleId, Text};

/// What became of a rule that was watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedRule {
    /// What became of it.
    pub state: State,
    /// The position of its phase that is in force, if it has phases.
    pub phase: Option<u16>,
    /// Whether the record is in the cohort of that phase, if it has one.
    pub in_cohort: Option<bool>,
}

/// Evaluates a rule of a decision again before the eyes of `watch`: its conditions in the order in
/// which deciding looks at them and, if it fires, what it sets, requires and says.
pub fn watch_rule<W: Watch>(decision: &Decision, id: RuleId, watch: W) -> WatchedRule {
    let rule = &decision.policy().rules[id];
    let machine = decision.machine(decision.date_of(rule));
    let watched = machine.watched(watch);
    let (mut state, phase) = state(&watched, rule);
    // While it was judged, the steps of the record were counted; here they are those of the rule.
    if let Some(fault) = decision.judgement().fault_of(id) {
        state = State::Faulted(fault.clone());
    }
    if state == State::Fired {
        let limits = rule.requires.iter().flat_map(Require::limits);
        let nodes = rule.sets.iter().map(|(_, node)| node).chain(limits).copied();
        evaluate(&watched, nodes.chain(rule.because.iter().flat_map(Text::nodes)));
    }
    let drawn = phase
        .and_then(|at| rule.phases.get(usize::from(at)))
        .and_then(|phase| cohort(&machine, rule, phase).ok().flatten());
    WatchedRule { state, phase, in_cohort: drawn.map(|(bucket, below)| bucket < below) }
}

/// Evaluates again what a decision fell back on, before the eyes of `watch`: the values of
/// `otherwise` and of its reason.
pub fn watch_defaults<W: Watch>(decision: &Decision, watch: W) {
    let watched = decision.machine(decision.judgement().times.date()).watched(watch);
    let decisions = decision.policy().decisions.iter();
    let defaults = decisions.zip(decision.origins()).filter(|(_, from)| *from == Origin::Otherwise);
    for (defaulted, _) in defaults {
        evaluate(
            &watched,
            defaulted.otherwise.into_iter().chain(defaulted.because.iter().flat_map(Text::nodes)),
        );
    }
}

fn evaluate<W: Watch>(machine: &Machine<'_, W>, nodes: impl Iterator<Item = NodeId>) {
    for node in nodes {
        // The decision itself reports a fault.
        let _ = machine.value(node);
    }
}

impl Decision {
    /// Where each of its decisions came from, in the order of the policy.
    #[doc(hidden)]
    pub fn origins(&self) -> impl Iterator<Item = Origin> {
        self.judgement().outcomes.iter().map(|outcome| outcome.resolution.origin)
    }
}
