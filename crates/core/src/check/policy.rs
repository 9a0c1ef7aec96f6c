//! Checks policies: their decisions, and what holds between their rules.

use super::checker::Checker;
use super::circle::circles;
use super::infer::expect;
use super::named;
use super::names::Names;
use super::overlay::{Home, RuleNames};
use super::scope::{CounterReader, Lets, Scope};
use super::sink::{Sink, Wrong};
use super::typed::{
    Decision, DecisionId, Elements, Kind, Policy, PolicyId, RecordId, Rule, RuleId,
};
use super::{assign, cites, combiner, head, invariant, measure, overlay, resolve, rule};
use crate::ids::IdVec;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::fold::Nothing;
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, ItemKind, Subject};

/// Words that scenarios use beside decisions.
const EXPECTATIONS: &[&str] =
    &["by", "overridden", "shadow", "warn", "obligations", "faults", "reason", "rejected"];

/// Slips by which a rule may fail to set a decision; they are reported already.
const UNSETS: &[Code] = &[Code::UnknownDecision, Code::EqualsSign, Code::DuplicateName];

/// The policies with their decisions, before any expression that may read them is looked at.
/// `judged` has for each of them what it judges, if that is the elements of a list.
pub(super) fn declare(
    checker: &mut Checker,
    nodes: &[&ast::Policy],
    judged: Vec<Option<Result<(RecordId, Elements), Wrong>>>,
) -> Vec<Result<Policy, Wrong>> {
    let nodes = nodes.iter().filter(|node| node.amends().is_none());
    let policies = nodes.zip(judged).filter_map(|(node, judged)| {
        let judged = match (judged, &node.subject) {
            (Some(judged), _) => judged.map(|(record, elements)| (record, Some(elements))),
            (None, Subject::Record(name)) => {
                head::policy_record(checker, name).map(|record| (record, None))
            }
            (None, Subject::Elements(_) | Subject::Policy(_)) => return None,
        };
        Some(judged.map(|judged| declare_policy(checker, node, judged)))
    });
    policies.collect()
}

fn declare_policy(
    checker: &mut Checker,
    node: &ast::Policy,
    (record, elements): (RecordId, Option<Elements>),
) -> Policy {
    let mut policy = Policy {
        name: node.name.text.to_string(),
        title: None,
        sources: Vec::new(),
        announced: head::announced(checker, &node.items),
        record,
        elements,
        dated: None,
        decisions: IdVec::new(),
        rules: IdVec::new(),
        overlays: Vec::new(),
        invariants: Vec::new(),
        measurements: Vec::new(),
        on_fault: Vec::new(),
        fault_reason: None,
        span: node.name.span,
    };
    for decide in decides(node) {
        let decision = decision(checker, decide, &policy);
        policy.decisions.push(decision);
    }
    policy
}

/// What the rules of a policy see, and the named values that those of each overlay see.
pub(super) struct Scopes {
    own: Scope,
    overlays: Vec<Lets>,
}

/// Defines the named values of a policy and of its overlays, for all that stands in them.
pub(super) fn scopes(
    names: &mut Names,
    sink: &mut Sink,
    (id, policy): (PolicyId, &Policy),
    node: &ast::Policy,
    overlays: &[ast::Policy<'_>],
) -> Scopes {
    let mut own = Scope {
        record: Some(policy.record),
        policy: Some(id),
        announced: policy.announced,
        reader: CounterReader::Policy {
            dated: node.dated_by.as_ref().is_some_and(|path| !head::is_now(path)),
        },
        lets: names.lets_of(policy.record),
        ..Scope::default()
    };
    own.lets = named::define(names, sink, &named::of_items(&node.items), &own);
    let overlays = overlays.iter().map(|overlay| {
        let lets = named::of_items(&overlay.items);
        if lets.is_empty() {
            return own.lets.clone();
        }
        // What is wrong with the day is reported with the head of the overlay.
        let mut quiet = Sink::default();
        let announced = head::announced(&mut Checker::new(names, &mut quiet), &overlay.items);
        named::define(names, sink, &lets, &Scope { announced, ..own.clone() })
    });
    let overlays = overlays.collect();
    Scopes { own, overlays }
}

/// Checks a policy together with its overlays, and leaves nothing of its rules but their names.
pub(super) fn define(
    checker: &mut Checker,
    mut policy: Policy,
    Scopes { own: scope, overlays: overlay_lets }: Scopes,
    node: &mut ast::Policy,
    overlays: Vec<ast::Policy<'_>>,
) -> Policy {
    policy.dated =
        node.dated_by.as_ref().and_then(|path| head::policy_dated_by(checker, path, &scope));
    for item in &node.items {
        match &item.kind {
            ItemKind::Title(texts) => head::one_title(checker, &mut policy.title, texts, &scope),
            ItemKind::Source(source) => policy.sources.push(cites::citation(checker, source)),
            _ => {}
        }
    }
    for (decide, decision) in decides(node).zip(&mut policy.decisions) {
        define_decision(checker, decide, decision, &scope);
    }
    policy_rules(checker, node, (overlays, overlay_lets), &mut policy, &scope);
    policy_faults(checker, node, &mut policy, &scope);
    check_unset(checker, node, &policy);
    policy
}

/// A decision without what it comes to where no rule fires.
fn decision(checker: &mut Checker, node: &ast::Decide, policy: &Policy) -> Decision {
    let name = node.name.text;
    if policy.decisions.iter().any(|decision| decision.name == name) {
        let message = format!("policy `{}` decides `{name}` twice", policy.name);
        checker.sink.error(Code::DuplicateName, node.name.span, message);
    }
    if EXPECTATIONS.contains(&name) {
        let message = format!("scenarios use `{name}` for something else");
        checker.sink.report(
            Diagnostic::new(Code::ReservedName, node.name.span, message)
                .help("give the decision another name"),
        );
    }
    let ty = resolve::kept_type(checker, &node.ty, "a decision");
    if ty.is_optional() {
        let message = "a decision is undecided where no rule fires; its type needs no `?`";
        checker.sink.error(Code::WrongType, node.ty.span, message);
    }
    let combiner = combiner::combiner(checker, &node.combiner);
    combiner::check_combiner(checker, node.ty.span, combiner, ty.required());
    // What is collected of lists is one list of all that they hold.
    let (ty, joins) = match ty {
        Type::List(inner) if combiner.collects() => (*inner, true),
        ty => (ty, false),
    };
    if policy.elements.is_some() && !combiner.collects() && matches!(ty, Type::Record(_)) {
        let message = "what is decided for each element of a list is no record";
        let problem = Diagnostic::new(Code::WrongType, node.ty.span, message);
        checker
            .sink
            .report(problem.help("decide each of its fields by itself, or collect it: `by all`"));
    }
    let settles = combiner.fold().of_none() != Nothing::Undecided;
    let optional = node.otherwise.is_none() && !settles;
    let (name, otherwise, because) = (name.to_string(), None, None);
    Decision { name, ty, combiner, joins, optional, otherwise, because }
}

/// Adds what a decision comes to where no rule fires.
fn define_decision(
    checker: &mut Checker,
    node: &ast::Decide,
    decision: &mut Decision,
    scope: &Scope,
) {
    let wanted = decision.whole_type();
    decision.otherwise = node.otherwise.as_ref().map(|expr| expect(checker, expr, &wanted, scope));
    decision.because = node.because.as_ref().map(|texts| cites::texts(checker, texts, scope, true));
}

/// Checks the rules of a policy, then those of its overlays.
fn policy_rules(
    checker: &mut Checker,
    node: &mut ast::Policy,
    (mut overlays, overlay_lets): (Vec<ast::Policy<'_>>, Vec<Lets>),
    policy: &mut Policy,
    scope: &Scope,
) {
    let mut names = RuleNames::default();
    rule_names(checker, &node.name, &node.items, &mut names);
    for overlay in &overlays {
        rule_names(checker, &overlay.name, &overlay.items, &mut names);
    }
    policy.rules.items_mut().reserve_exact(names.count);
    rules_of(checker, &mut node.items, None, &names, policy, scope);
    invariant::invariants(checker, &node.items, policy, scope);
    measure::measurements(checker, &node.items, policy, scope);
    for ((at, overlay), lets) in overlays.iter_mut().enumerate().zip(overlay_lets) {
        let (head, scope) = overlay::head(checker, overlay, scope, policy.dated.is_some());
        let scope = Scope { lets, ..scope };
        policy.overlays.push(head);
        let at = Some(u16::try_from(at).unwrap_or(u16::MAX));
        rules_of(checker, &mut overlay.items, at, &names, policy, &scope);
        invariant::invariants(checker, &overlay.items, policy, &scope);
        measure::measurements(checker, &overlay.items, policy, &scope);
    }
    check_cycles(checker, &policy.rules);
}

/// Adds the names of the rules of a policy or an overlay.
fn rule_names<'s>(
    checker: &mut Checker,
    owner: &ast::Name<'s>,
    items: &[ast::Item<'s>],
    names: &mut RuleNames<'s>,
) {
    let rules = names.by_owner.entry(owner.text).or_default();
    for item in items {
        let ItemKind::Rule(rule) = &item.kind else { continue };
        let name = &rule.name;
        let id = RuleId::at(names.count);
        names.count += 1;
        let (_, first) = rules.entry(name.text).or_insert((id, name.span));
        if *first != name.span {
            let message = format!("policy `{}` has two rules `{}`", owner.text, name.text);
            checker.sink.report_twice(message, name.span, *first);
        }
    }
}

/// Checks the rules among the items of a policy, or of the overlay with this position.
fn rules_of(
    checker: &mut Checker,
    items: &mut [ast::Item],
    overlay: Option<u16>,
    names: &RuleNames<'_>,
    policy: &mut Policy,
    scope: &Scope,
) {
    for item in items {
        let ItemKind::Rule(rule) = &mut item.kind else { continue };
        let home = Home { policy, overlay, names };
        let checked = rule::rule(checker, rule, home, scope);
        policy.rules.push(checked);
        rule.clauses = Vec::new();
    }
}

fn policy_faults(checker: &mut Checker, node: &ast::Policy, policy: &mut Policy, scope: &Scope) {
    let mut first: Option<Span> = None;
    for item in &node.items {
        let ItemKind::OnFault(on_fault) = &item.kind else { continue };
        if let Some(first) = first {
            checker.sink.report(
                Diagnostic::new(Code::DuplicateClause, item.span, "`on fault` stands twice")
                    .also(first, "first here")
                    .help("set several decisions in one: `on fault a = x, b = y`"),
            );
        }
        first = Some(item.span);
        policy.on_fault = assign::assignments(checker, &on_fault.assignments, policy, scope, true);
        policy.fault_reason =
            on_fault.because.as_ref().map(|texts| cites::texts(checker, texts, scope, true));
    }
}

fn check_unset(checker: &mut Checker, node: &ast::Policy, policy: &Policy) {
    // A rule that did not parse may be the one that sets the decision.
    if !checker.names.broken.is_empty() {
        return;
    }
    let wrong = checker.sink.diagnostics.iter().any(|diagnostic| UNSETS.contains(&diagnostic.code))
        || checker.names.slips;
    let names = decides(node).map(|decide| &decide.name);
    for (position, name) in names.enumerate().filter(|_| !wrong) {
        let id = DecisionId::at(position);
        let set =
            policy.rules.iter().any(|rule| rule.sets.iter().any(|(decision, _)| *decision == id));
        // What is worked out of the record, or of other decisions, needs no rule.
        let otherwise =
            policy.decisions.get(position).and_then(|decision| decision.otherwise.as_ref());
        let is_worked_out = otherwise.is_some_and(|value| {
            !matches!(value.kind, Kind::Constant(_) | Kind::Parameter(_) | Kind::List(_))
        });
        if !set && !is_worked_out {
            let message = format!("no rule sets `{}`", name.text);
            checker.sink.report(
                Diagnostic::new(Code::UnsetDecision, name.span, message).help(format!(
                    "add `then {} = …` to a rule, work it out behind `otherwise`, or remove the decision",
                    name.text
                )),
            );
        }
    }
}

fn check_cycles(checker: &mut Checker, rules: &[Rule]) {
    let overridden = |at: usize, visit: &mut dyn FnMut(usize)| {
        let overrides = rules.get(at).into_iter().flat_map(|rule| &rule.overrides);
        overrides.for_each(|target| visit(target.index()));
    };
    for circle in circles(rules.len(), &overridden) {
        let all = || circle.iter().filter_map(|at| rules.get(*at));
        let Some(first) = all().next() else { continue };
        let names: Vec<_> = all().chain([first]).map(|rule| format!("`{}`", rule.name)).collect();
        let message = format!("rules override each other in a circle: {}", names.join(" over "));
        let diagnostic = Diagnostic::new(Code::OverrideCycle, first.span, message)
            .help("drop one of the `overrides`; what overrides must be settled first");
        let others = all().skip(1);
        let diagnostic = others.fold(diagnostic, |all, rule| all.also(rule.span, "and this"));
        checker.sink.report(diagnostic);
    }
}

/// The decisions of a policy as written.
fn decides<'n>(node: &'n ast::Policy<'_>) -> impl Iterator<Item = &'n ast::Decide<'n>> {
    node.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Decide(decide) => Some(&**decide),
        _ => None,
    })
}
