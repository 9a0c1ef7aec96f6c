//! All that is evaluated for a record.

use crate::check::typed::{Body, Checked, Claim, Expr, Let, Policy, PolicyId, Table, Text};

/// What is evaluated for a record and made of other expressions, each with all within it: found in one walk,
/// for all that look at such.
pub(super) struct Evaluated<'c> {
    /// What functions and counters evaluate.
    shared: Vec<&'c Expr>,
    policies: Vec<(&'c Policy, Vec<&'c Expr>)>,
}

impl<'c> Evaluated<'c> {
    pub(super) fn of(checked: &'c Checked) -> Self {
        let policies = checked.policies.numbered().map(|(id, policy)| {
            let lets = lets(checked, |of| of == Some(id)).map(|named| &*named.value);
            (policy, within(of_policy(policy).into_iter().chain(lets).collect()))
        });
        Self { shared: within(outside(checked)), policies: policies.collect() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &'c Expr> {
        let policies = self.policies.iter().flat_map(|(_, exprs)| exprs);
        self.shared.iter().chain(policies).copied()
    }

    /// What policies evaluate, each with its policy.
    pub(super) fn by_policy(&self) -> impl Iterator<Item = (&'c Policy, &'c Expr)> {
        let policies = self.policies.iter();
        policies.flat_map(|(policy, exprs)| exprs.iter().map(|expr| (*policy, *expr)))
    }
}

fn within(exprs: Vec<&Expr>) -> Vec<&Expr> {
    fn add<'c>(expr: &'c Expr, into: &mut Vec<&'c Expr>) {
        let mut has_others = false;
        into.push(expr);
        expr.children(&mut |child| {
            has_others = true;
            add(child, into);
        });
        if !has_others {
            into.pop();
        }
    }
    let mut all = Vec::with_capacity(exprs.len());
    for expr in exprs {
        add(expr, &mut all);
    }
    all
}

/// All that is evaluated for a record.
pub(super) fn expressions(checked: &Checked) -> Vec<&Expr> {
    let mut all = outside(checked);
    all.extend(checked.policies.iter().flat_map(of_policy));
    all.extend(lets(checked, |of| of.is_some()).map(|named| &*named.value));
    all
}

/// Each named value by the policy that sees it alone, if one does: the first on its record stands for those
/// that all policies on a record see.
fn lets(
    checked: &Checked,
    mut is_wanted: impl FnMut(Option<PolicyId>) -> bool,
) -> impl Iterator<Item = &Let> {
    checked.lets.iter().filter(move |named| {
        let first = || checked.policies.iter().position(|policy| policy.record == named.record);
        is_wanted(named.policy.or_else(|| first().map(PolicyId::at)))
    })
}

/// What functions, tables and counters evaluate, and names that no policy sees.
fn outside(checked: &Checked) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = lets(checked, |of| of.is_none()).map(|named| &*named.value).collect();
    for function in &*checked.functions {
        if let Body::Expression(body) = &function.body {
            all.push(body);
        }
    }
    all.extend(checked.tables.iter().flat_map(Table::expressions));
    for counter in &*checked.counters {
        all.extend(&counter.keys);
        all.extend(&counter.filter);
        if let Some(value) = &counter.value {
            all.push(value);
        }
    }
    all
}

/// All that a policy evaluates for a record.
fn of_policy(policy: &Policy) -> Vec<&Expr> {
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
