//! What rules read that their own policy decides: by name, and never in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::Checker;
use super::circle::circles;
use super::field;
use super::names::Named;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{DecisionId, Expr, Kind, Policy, PolicyId, Rule, RuleId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// The decision of its own policy that a path means, unless its name means something else there.
pub(super) fn decision(
    checker: &mut Checker,
    path: &ast::Path,
    wanted: Option<&Type>,
    scope: &Scope,
) -> Option<Result<Expr, Wrong>> {
    let (first, rest) = path.names.split_first()?;
    let of = scope.policy.filter(|_| !scope.constant)?;
    let policy = checker.names.policies.get(of.index())?.as_ref()?;
    let at = policy.decisions.iter().position(|(name, _)| name == first.text)?;
    let (_, ty) = policy.decisions.get(at)?;
    let is_member = match wanted.map(Type::required) {
        Some(Type::Enum(members)) => members.position(first.text).is_some(),
        _ => false,
    };
    let is_defined = matches!(
        checker.names.get(first.text),
        Some(Named::Parameter(_) | Named::List(_) | Named::Counter(_))
    );
    if is_member || is_defined {
        return None;
    }
    let kind = Kind::Decision(of, DecisionId::at(at));
    let span = Span { end: first.span.end, ..path.span };
    let read = Expr { span, ty: ty.clone(), kind };
    let ty = if scope.knows_value(&read) { read.ty.required().clone() } else { read.ty };
    Some(field::fields_of(checker, Expr { ty, ..read }, rest, path.span, scope))
}

/// Warns of a field that a rule reads by a name by which its policy decides something, once for each.
pub(super) fn warn_of_field(checker: &mut Checker, path: &ast::Path, scope: &Scope) {
    let [name] = path.names.as_slice() else { return };
    let Some(policy) = scope.policy.filter(|_| checker.names.decides(name.text, scope)) else {
        return;
    };
    if !checker.sink.hidden_decisions.insert((policy, name.text.to_string())) {
        return;
    }
    let Some(Some(declared)) = checker.names.policies.get(policy.index()) else { return };
    let message = format!("`{}` is a field here, and the policy decides `{0}` too", name.text);
    let help = format!(
        "for what is decided write `{}.{}`; if the field is meant, give the decision another name",
        declared.name, name.text
    );
    checker.sink.report(Diagnostic::new(Code::HiddenDecision, name.span, message).help(help));
}

/// Why a decision needs another one: where that is read, and by what.
#[derive(Clone)]
struct Need {
    of: DecisionId,
    span: Span,
    why: String,
}

/// Reports decisions of a policy that need each other in a circle.
pub(super) fn check_circles(checker: &mut Checker) {
    let mut found = Vec::new();
    for (id, policy) in checker.names.checked.policies.numbered() {
        let needs = needs(id, policy);
        if needs.iter().all(Vec::is_empty) {
            continue;
        }
        let from = |at: usize| needs.get(at).map_or([].as_slice(), Vec::as_slice);
        let next = |at: usize, visit: &mut dyn FnMut(usize)| {
            from(at).iter().for_each(|need| visit(need.of.index()));
        };
        for circle in circles(policy.decisions.len(), &next) {
            found.extend(diagnostic(policy, &circle, &from));
        }
    }
    found.into_iter().for_each(|diagnostic| checker.sink.report(diagnostic));
}

fn diagnostic<'n>(
    policy: &Policy,
    circle: &[usize],
    from: &dyn Fn(usize) -> &'n [Need],
) -> Option<Diagnostic> {
    let name = |at: usize| policy.decisions.get(at).map_or("", |decision| decision.name.as_str());
    let behind = circle.iter().skip(1).chain(circle.first());
    let mut steps = circle.iter().zip(behind).filter_map(|(by, of)| {
        let need = from(*by).iter().find(|need| need.of.index() == *of)?;
        Some((format!("{}, and reads `{}`", need.why, name(*of)), need.span))
    });
    let (first, span) = steps.next()?;
    let message = match circle {
        [single] => format!("what decides `{}` reads it", name(*single)),
        _ => {
            let names = circle.iter().chain(circle.first()).map(|at| format!("`{}`", name(*at)));
            let names: Vec<_> = names.collect();
            format!("decisions need each other in a circle: {}", names.join(" needs "))
        }
    };
    let help = "what is read is decided first: a rule whose condition reads a decision sets others \
                only, and overrides no rule that sets it";
    let diagnostic = Diagnostic::new(Code::PolicyCycle, span, message).label(first).help(help);
    Some(steps.fold(diagnostic, |all, (label, span)| all.also(span, label)))
}

/// For each decision those of the policy that it needs: what the conditions of the rules read that set it
/// or override those, and what its values read.
fn needs(id: PolicyId, policy: &Policy) -> Vec<Vec<Need>> {
    let read = |expr: &Expr| {
        let mut read: BTreeMap<DecisionId, Span> = BTreeMap::new();
        expr.walk(&mut |inner| match &inner.kind {
            Kind::Decision(of, decision) if *of == id => {
                read.insert(*decision, inner.span);
            }
            Kind::Let(..) => inner.walk_through(&mut |deep| {
                if let Kind::Decision(of, decision) = deep.kind
                    && of == id
                {
                    read.insert(decision, inner.span);
                }
            }),
            _ => {}
        });
        read
    };
    let conditions = policy.rules.iter().map(|rule| {
        let mut all = BTreeMap::new();
        conditions(rule).for_each(|expr| all.extend(read(expr)));
        all
    });
    let conditions: Vec<BTreeMap<DecisionId, Span>> = conditions.collect();
    let others = policy.decisions.iter().filter_map(|decision| decision.otherwise.as_ref());
    let set = policy.rules.iter().flat_map(|rule| rule.sets.iter().map(|(_, value)| value));
    let mut values = others.chain(set).chain(policy.on_fault.iter().map(|(_, value)| value));
    // Most policies read nothing that they decide.
    if conditions.iter().all(BTreeMap::is_empty) && values.all(|value| read(value).is_empty()) {
        return Vec::new();
    }
    let mut overriding: BTreeMap<RuleId, Vec<RuleId>> = BTreeMap::new();
    for (id, rule) in policy.rules.numbered() {
        rule.overrides.iter().for_each(|target| overriding.entry(*target).or_default().push(id));
    }
    let mut needs: Vec<Vec<Need>> = policy.decisions.iter().map(|_| Vec::new()).collect();
    for (decision, needs) in policy.decisions.ids().zip(&mut needs) {
        let name = &policy.decisions[decision].name;
        let mut add = |read: BTreeMap<DecisionId, Span>, why: String| {
            let read = read.into_iter();
            needs.extend(read.map(|(of, span)| Need { of, span, why: why.clone() }));
        };
        let without_rules = policy.decisions[decision].otherwise.iter();
        let on_fault = policy.on_fault.iter().filter(|(of, _)| *of == decision);
        for value in without_rules.chain(on_fault.map(|(_, value)| value)) {
            add(read(value), format!("this stands in for `{name}`"));
        }
        for (rule, overriding) in behind(policy, decision, &overriding) {
            let node = &policy.rules[rule];
            let why = match &overriding {
                None => format!("rule `{}` sets `{name}`", node.name),
                Some(target) => {
                    format!("rule `{}` overrides `{target}`, which sets `{name}`", node.name)
                }
            };
            if let Some(read) = conditions.get(rule.index()) {
                add(read.clone(), why.clone());
            }
            for (_, value) in node.sets.iter().filter(|(set, _)| *set == decision) {
                add(read(value), why.clone());
            }
        }
    }
    needs
}

/// The rules that set a decision, and those that override these, by way of others too, each with the rule
/// that sets it and that it overrides; `overriding` has who overrides each.
fn behind(
    policy: &Policy,
    decision: DecisionId,
    overriding: &BTreeMap<RuleId, Vec<RuleId>>,
) -> Vec<(RuleId, Option<String>)> {
    let sets = |rule: &Rule| rule.sets.iter().any(|(set, _)| *set == decision);
    let setting = policy.rules.numbered().filter(|(_, rule)| sets(rule));
    let mut behind: Vec<(RuleId, Option<String>)> = setting.map(|(id, _)| (id, None)).collect();
    let mut seen: BTreeSet<RuleId> = behind.iter().map(|(id, _)| *id).collect();
    let mut at = 0;
    while let Some((target, through)) = behind.get(at).cloned() {
        at += 1;
        let through = through.unwrap_or_else(|| policy.rules[target].name.clone());
        for id in overriding.get(&target).into_iter().flatten() {
            if seen.insert(*id) {
                behind.push((*id, Some(through.clone())));
            }
        }
    }
    behind
}

fn conditions(rule: &Rule) -> impl Iterator<Item = &Expr> {
    let phases = rule.phases.iter().flat_map(|phase| {
        let cohort = phase.cohort.iter().flat_map(|(share, key)| [share, key]);
        cohort.chain(&phase.filter)
    });
    rule.when.iter().chain(&rule.unless).chain(phases)
}
