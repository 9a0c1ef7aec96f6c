//! All that is evaluated for a record.

use crate::check::typed::{Body, Checked, Claim, Expr, Measure, Policy, Text};

/// All that is evaluated for a record.
pub(super) fn expressions(checked: &Checked) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    for function in &*checked.functions {
        if let Body::Expression(body) = &function.body {
            all.push(body);
        }
    }
    for counter in &*checked.counters {
        all.push(&counter.key);
        all.extend(&counter.filter);
        if let Measure::Sum(value) = &counter.measure {
            all.push(value);
        }
    }
    all.extend(checked.policies.iter().flat_map(of_policy));
    all
}

/// All that a policy evaluates for a record.
pub(super) fn of_policy(policy: &Policy) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    let decisions = || policy.decisions.iter();
    all.extend(decisions().flat_map(|decision| &decision.otherwise));
    let reasons = decisions().map(|decision| &decision.because);
    let reasons = reasons.chain(policy.rules.iter().map(|rule| &rule.because));
    let reasons = reasons.chain([&policy.fault_reason]).flatten();
    all.extend(policy.rules.iter().flat_map(|rule| rule.expressions()));
    all.extend(policy.on_fault.iter().map(|(_, value)| value));
    all.extend(reasons.flat_map(Text::values));
    for invariant in &policy.invariants {
        all.extend(&invariant.when);
        if let Claim::Never(claim) = &invariant.claim {
            all.push(claim);
        }
    }
    for measurement in &policy.measurements {
        all.extend(measurement.value.iter().chain(&measurement.filter));
    }
    all
}
