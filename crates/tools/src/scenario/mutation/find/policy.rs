//! Mutants of policies: rules and their clauses, outcomes, defaults.

use super::super::mutant::MutantKind;
use super::{Finder, ranges, rules};
use rulebook_base::source::Span;
use rulebook_syntax::ast::{
    Assignment, Clause, ClauseKind, Decide, Effect, Expr, ExprKind, Item, ItemKind, Let, Literal,
    Member, Phase, Policy, RulePath,
};

impl<'t> Finder<'_, 't> {
    pub(super) fn item(&mut self, policy: &'t Policy<'t>, item: &'t Item<'t>) {
        self.within = format!("policy {}", policy.name.text);
        match &item.kind {
            ItemKind::Announced(date) => self.expression(date, MutantKind::Date),
            ItemKind::Decide(decide) => {
                self.within = format!("decide {}", decide.name.text);
                if let Some(value) = &decide.otherwise {
                    self.outcome(decide, value, MutantKind::Otherwise);
                }
            }
            ItemKind::OnFault(rescue) => {
                self.within = "on fault".into();
                self.assignments(policy, &rescue.assignments);
            }
            ItemKind::Let(node) => self.named(node),
            ItemKind::Rule(rule) => {
                self.within = format!("rule {}", rule.name.text);
                self.drop_rule(policy, item.span, rule.name.text);
                rule.clauses.iter().for_each(|clause| self.clause(policy, clause));
            }
            ItemKind::Title(_)
            | ItemKind::Source(_)
            | ItemKind::Invariant(_)
            | ItemKind::Measurement(_) => {}
        }
    }

    pub(super) fn named(&mut self, node: &Let<'_>) {
        self.within = format!("let {}", node.name.text);
        self.expression(&node.value, MutantKind::Literal);
    }

    /// Drops a rule, also where other rules override it.
    fn drop_rule(&mut self, policy: &Policy<'_>, span: Span, name: &str) {
        let mut edits = vec![(self.removal(span), String::new())];
        let policies: Vec<_> = self.definitions.policies.values().copied().collect();
        for other in policies {
            let is_own = other.name.text == policy.name.text;
            for clause in rules(other).flat_map(|rule| &rule.clauses) {
                let (ClauseKind::Overrides(paths) | ClauseKind::OverridesAllBut(paths)) =
                    &clause.kind
                else {
                    continue;
                };
                // Other files are not edited with this one.
                if clause.span.file != self.file || within(clause.span, span) {
                    continue;
                }
                let is_named = |path: &RulePath<'_>| {
                    let in_policy = match &path.policy {
                        Some(named) => named.text == policy.name.text,
                        None => is_own,
                    };
                    in_policy && path.rule.as_ref().is_some_and(|rule| rule.text == name)
                };
                if let Some(at) = paths.iter().position(is_named) {
                    edits.extend(self.without_path(clause.span, paths, at));
                }
            }
        }
        edits.sort_by_key(|(place, _)| (!within(*place, self.removal(span)), place.start));
        self.add(MutantKind::Rule, edits);
    }

    /// A clause of overrides without one of its paths.
    fn without_path(
        &self,
        clause: Span,
        paths: &[RulePath<'_>],
        at: usize,
    ) -> Option<(Span, String)> {
        if paths.len() == 1 {
            return Some((self.removal(clause), String::new()));
        }
        let ranges: Vec<_> = paths.iter().map(|path| path.span.range()).collect();
        let range = ranges::items(&ranges).into_iter().nth(at)?;
        Some((self.span(range), String::new()))
    }

    fn clause(&mut self, policy: &'t Policy<'t>, clause: &'t Clause<'t>) {
        match &clause.kind {
            ClauseKind::Title(_)
            | ClauseKind::Source(_)
            | ClauseKind::DatedBy(_)
            | ClauseKind::Because(_) => {}
            ClauseKind::Phase(phase) => self.phase(phase),
            ClauseKind::Until(date) => self.expression(date, MutantKind::Date),
            ClauseKind::When(condition) => self.expression(condition, MutantKind::Literal),
            ClauseKind::Unless(condition) => {
                self.replace(MutantKind::Unless, self.removal(clause.span), "");
                self.expression(condition, MutantKind::Literal);
            }
            ClauseKind::Overrides(paths) | ClauseKind::OverridesAllBut(paths) => {
                for at in 0..paths.len() {
                    if let Some(edit) = self.without_path(clause.span, paths, at) {
                        self.add(MutantKind::Override, vec![edit]);
                    }
                }
            }
            ClauseKind::Then(assignments) => self.assignments(policy, assignments),
            ClauseKind::Require(require) => {
                self.replace(MutantKind::Obligation, self.removal(clause.span), "");
                require.limits().for_each(|limit| self.expression(limit, MutantKind::Literal));
            }
        }
    }

    fn phase(&mut self, phase: &Phase<'_>) {
        self.expression(&phase.from, MutantKind::Date);
        self.effect(phase.from.span, phase.effect);
        if let Some(cohort) = &phase.cohort {
            match &cohort.share.kind {
                // A share that is a step larger takes in one subject of a hundred; no scenario
                // would name it.
                ExprKind::Literal(Literal::Percent(_)) => {
                    for with in ["0%", "100%"] {
                        self.replace(MutantKind::Cohort, cohort.share.span, with);
                    }
                }
                _ => self.expression(&cohort.share, MutantKind::Cohort),
            }
        }
        phase.filter.iter().for_each(|filter| self.expression(filter, MutantKind::Literal));
    }

    /// Has a phase do something else, which stands behind its date.
    fn effect(&mut self, date: Span, effect: Effect) {
        let behind = self.span(date.range().end..date.range().end);
        let name = match effect {
            Effect::Enforce => return self.replace(MutantKind::Effect, behind, " shadow"),
            Effect::Warn => "warn",
            Effect::Shadow => "shadow",
        };
        let Some(range) = ranges::operator(self.text, date.range().end, name) else { return };
        let other = if effect == Effect::Warn { "shadow" } else { "warn" };
        let word = self.span(range.clone());
        self.replace(MutantKind::Effect, word, other);
        let with_gap = self.span(date.range().end..range.end);
        self.replace(MutantKind::Effect, with_gap, "");
    }

    fn assignments(&mut self, policy: &'t Policy<'t>, assignments: &'t [Assignment<'t>]) {
        let decider = self.definitions.decider(policy);
        let mut decisions = decider.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Decide(decide) => Some(&**decide),
            _ => None,
        });
        for assignment in assignments {
            let decide = match &assignment.decision {
                Some(name) => decisions.clone().find(|decide| decide.name.text == name.text),
                None => decisions.next(),
            };
            match decide {
                Some(decide) => self.outcome(decide, &assignment.value, MutantKind::Outcome),
                None => self.expression(&assignment.value, MutantKind::Literal),
            }
        }
    }

    /// Gives another outcome: the next stricter and the next weaker, or what `otherwise` gives.
    fn outcome(&mut self, decide: &'t Decide<'t>, value: &Expr<'_>, kind: MutantKind) {
        let written = self.at(value.span).to_string();
        let names = self.definitions.names(&decide.ty.kind);
        let mut others = names.map_or_else(Vec::new, |names| beside(names, &written));
        let otherwise = decide.otherwise.as_ref().filter(|_| kind == MutantKind::Outcome);
        let is_literal = matches!(value.kind, ExprKind::Literal(_));
        match (otherwise, &value.kind) {
            (_, ExprKind::Literal(Literal::Text(text))) if !text.value.is_empty() => {
                others.push("\"\"".into());
            }
            (Some(otherwise), _) if !is_literal => {
                others.push(self.files.sources().text(otherwise.span).to_string());
            }
            _ => {}
        }
        others.retain(|other| *other != written);
        for other in others {
            self.replace(kind, value.span, other);
        }
        let literals = if is_literal { kind } else { MutantKind::Literal };
        self.expression(value, literals);
    }
}

/// The members beside a name: the next stricter and the next weaker where they stand in an order,
/// else the next of them.
pub(super) fn beside((names, ordered): (&[Member<'_>], bool), written: &str) -> Vec<String> {
    let Some(at) = names.iter().position(|name| name.written() == written) else {
        return Vec::new();
    };
    let next = match at + 1 == names.len() && !ordered {
        true => 0,
        false => at + 1,
    };
    let before = at.checked_sub(1).filter(|_| ordered);
    let near = [before, Some(next)].into_iter().flatten().filter_map(|at| names.get(at));
    near.map(|name| name.written().into_owned()).collect()
}

fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
