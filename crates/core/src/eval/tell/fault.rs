//! What has no value, and why.

use super::decision::Decision;
use crate::eval::judge::{Conflict, NodeFault, Origin};
use crate::program::RuleId;

/// Something that has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault<'d> {
    /// The rule that it belongs to, unless it belongs to a decision as a whole.
    pub rule: Option<&'d str>,
    /// The decision that it made a fault, unless it belongs to a rule.
    pub decision: Option<&'d str>,
    /// For a decision: the rules whose faults or disagreement made it one.
    pub among: Vec<&'d str>,
    /// The stable name of this kind of fault.
    pub code: &'static str,
    /// What happened, in words.
    pub message: String,
}

impl Decision {
    /// Everything that has no value: conditions, outcomes, due times, and decisions as a whole.
    pub fn faults(&self) -> Vec<Fault<'_>> {
        let policy = self.policy();
        let mut faults = Vec::new();
        let of_rule = |rule: RuleId, fault: &NodeFault| Fault {
            rule: Some(policy.rules[rule].name.as_str()),
            decision: None,
            among: Vec::new(),
            code: fault.problem.code(),
            message: fault.problem.to_string(),
        };
        faults.extend(self.judgement().broken.iter().map(|(rule, fault)| of_rule(*rule, fault)));
        faults.extend(self.judgement().faults.iter().map(|(rule, fault)| of_rule(*rule, fault)));
        faults.extend(self.due_faults().map(|(rule, fault)| of_rule(rule, &fault)));
        for (decision, outcome) in policy.decisions.iter().zip(&self.judgement().outcomes) {
            let code =
                outcome.resolution.conflict.map(|conflict| (conflict.code(), conflict.meaning()));
            let failed = matches!(outcome.resolution.origin, Origin::Fault | Origin::OnFault);
            let broken = failed && outcome.resolution.conflict.is_none();
            let otherwise = (Conflict::Otherwise.code(), Conflict::Otherwise.meaning());
            let code = code.or(broken.then_some(otherwise));
            if let Some((code, message)) = code {
                let among = self.judgement().givers(outcome).iter();
                let among = among.map(|id| &policy.rules[*id]);
                faults.push(Fault {
                    among: among.map(|rule| rule.name.as_str()).collect(),
                    rule: None,
                    decision: Some(&decision.name),
                    code,
                    message: message.to_string(),
                });
            }
        }
        faults
    }

    /// Whether a decision is a fault, one that `on fault` answered for not included.
    pub fn has_faulted(&self) -> bool {
        self.judgement().outcomes.iter().any(|outcome| outcome.resolution.origin == Origin::Fault)
    }

    /// Why a decision is a fault, if its rules are in conflict.
    pub fn conflict(&self, decision: &str) -> Option<Conflict> {
        let id = self.policy().decision(decision)?;
        self.judgement().outcomes.get(id.index())?.resolution.conflict
    }
}
