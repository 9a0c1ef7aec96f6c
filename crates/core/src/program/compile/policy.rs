//! Policies of the typed tree to those of the program: each definition is mapped once, with nodes
//! for its expressions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::named::lets_of;
use super::{Env, Lowering};
use crate::check::typed::{self, Expr, Place, Root};
use crate::ids::{IdVec, RuleId};
use crate::program::layout::{FieldKind, Layout, slot};
use crate::program::{
    Claim, Clause, Decision, Elements, Form, Index, Invariant, Measurement, NodeId, Overlay, Phase,
    Piece, Policy, Require, Rule, Text, Variant,
};

impl Lowering<'_, '_> {
    pub(super) fn policy(&mut self, policy: typed::Policy) -> Policy {
        let default_lets = policy.decisions.numbered().map(|(id, decision)| {
            let on_fault = policy.on_fault.iter().filter(|(of, _)| *of == id);
            let texts = decision.because.iter().chain(&policy.fault_reason);
            let values = decision.otherwise.iter().chain(on_fault.map(|(_, value)| value));
            lets_of(values.chain(texts.flat_map(typed::Text::values)))
        });
        let default_lets = default_lets.collect();
        let decisions = policy.decisions.into_iter().map(|node| self.decision(node)).collect();
        // Each rule is freed as soon as it is compiled: the memory is used for the next.
        let mut rules = IdVec::with_capacity(policy.rules.len());
        for rule in policy.rules {
            rules.push(self.rule(&policy.name, rule));
        }
        let overlays = policy.overlays.into_iter().map(|node| self.overlay(node)).collect();
        let on_fault = policy.on_fault.iter().map(|(id, expr)| (*id, self.node(expr))).collect();
        let fault_reason = self.maybe_text(policy.fault_reason);
        let reads = std::mem::take(&mut self.reads).into_iter().collect();
        let invariants = policy.invariants.into_iter();
        let invariants = invariants.filter_map(|node| self.invariant(node)).collect();
        let measurements = policy.measurements.into_iter();
        let measurements = measurements.map(|node| self.measurement(node)).collect();
        // What claims and measures read is read by nobody who decides.
        self.reads.clear();
        let ranks = override_ranks(&rules);
        let definition = typed::Policy {
            name: policy.name,
            title: self.maybe_text(policy.title),
            sources: policy.sources,
            announced: policy.announced,
            record: self.layout.record.clone(),
            elements: policy.elements.and_then(|elements| self.elements(elements)),
            dated: self.slot(policy.dated),
            decisions,
            rules,
            overlays,
            invariants,
            measurements,
            on_fault,
            fault_reason,
            span: policy.span,
        };
        Policy {
            definition,
            layout: self.layout.clone(),
            counters: Vec::new(),
            id: self.layout.scalar_slot("id"),
            index: Index::default(),
            ranks,
            reads,
            stages: None,
            named: Vec::new(),
            default_lets,
            once: 0,
        }
    }

    /// Nothing where the record has no such list, which the checker has ruled out.
    fn elements(&mut self, elements: typed::Elements) -> Option<Elements> {
        let typed::Elements { name, path, lists, .. } = elements;
        let mut slots = Vec::with_capacity(lists.len());
        let mut outer: Option<Layout> = None;
        for (fields, record) in lists {
            let place = Place { root: Root::Record, fields };
            slots.push(slot(outer.as_ref().unwrap_or(self.layout), &place)?);
            outer = Some(self.element_layout(record));
        }
        let [own, position] = self.layout.beside.as_slice() else { return None };
        let FieldKind::Record(layout) = &own.kind else { return None };
        let (slot, size, position) = (own.slot, layout.size, position.slot);
        let id = Elements::id_of(layout);
        Some(Elements { name, path, lists: slots, slot, size, position, id })
    }

    fn decision(&mut self, decision: typed::Decision) -> Decision {
        let typed::Decision { name, ty, combiner, joins, optional, otherwise, because } = decision;
        let otherwise = self.maybe(otherwise.as_ref());
        let because = self.maybe_text(because);
        Decision { name, ty, combiner, joins, optional, otherwise, because }
    }

    fn overlay(&mut self, overlay: typed::Overlay) -> Overlay {
        let typed::Overlay { name, title, sources, announced, dated, span } = overlay;
        let (title, dated) = (self.maybe_text(title), self.slot(dated));
        Overlay { name, title, sources, announced, dated, span }
    }

    /// Nothing where the record has no such field, which the checker has ruled out.
    fn invariant(&mut self, invariant: typed::Invariant) -> Option<Invariant> {
        let typed::Invariant { name, when, claim, span } = invariant;
        let when = self.maybe(when.as_ref());
        let claim = match claim {
            typed::Claim::Never(expr) => Claim::Never(self.node(&expr)),
            typed::Claim::Independent(decision, place) => {
                Claim::Independent(decision, slot(self.layout, &place)?)
            }
        };
        Some(Invariant { name, when, claim, span })
    }

    fn measurement(&mut self, measurement: typed::Measurement) -> Measurement {
        let title = self.maybe_text(measurement.title);
        let value = self.maybe(measurement.value.as_ref());
        let filter = self.maybe(measurement.filter.as_ref());
        Measurement {
            name: measurement.name,
            title,
            sources: measurement.sources,
            assumed: measurement.assumed,
            reckoning: measurement.reckoning,
            value,
            currency: measurement.currency,
            filter,
            span: measurement.span,
        }
    }

    fn rule(&mut self, policy: &str, rule: typed::Rule) -> Rule {
        let lets = lets_of(outside_of_conditions(&rule));
        let draws = rule.phases.iter().any(|phase| phase.cohort.is_some());
        let salt = draws.then(|| match rule.overlay {
            Some(_) => rule.name.clone(),
            None => [policy, ".", &rule.name].concat(),
        });
        let (phases, filters) = self.phases(rule.phases);
        let requires = rule.requires.into_iter().map(|require| self.require(require)).collect();
        let when = rule.when.as_ref().map(|expr| self.clause(expr));
        let exception = rule.unless.as_ref().map(|expr| self.clause(expr));
        let title = self.maybe_text(rule.title);
        let mut operands = Vec::new();
        let sets = rule.sets.iter();
        let sets = sets.map(|(id, expr)| (*id, self.outcome(expr, &mut operands))).collect();
        let because = self.maybe_text(rule.because);
        let definition = typed::Rule {
            name: rule.name,
            overlay: rule.overlay,
            title,
            sources: rule.sources,
            dated: self.slot(rule.dated),
            phases,
            until: rule.until,
            when: when.as_ref().map(|clause| clause.node),
            unless: exception.as_ref().map(|clause| clause.node),
            overrides: rule.overrides,
            sets,
            requires,
            because,
            span: rule.span,
        };
        let clauses = match when {
            Some(Clause { form: Form::AllOf(clauses), .. }) => clauses,
            when => when.into_iter().collect(),
        };
        let salt = salt.unwrap_or_default();
        Rule { definition, salt, clauses, exception, filters, operands, lets }
    }

    /// The phases, and where their filters were written.
    fn phases(&mut self, phases: Vec<typed::Phase>) -> (Vec<Phase>, Vec<Option<Clause>>) {
        let phases = phases.into_iter().map(|phase| {
            let typed::Phase { from, effect, cohort, filter, span } = phase;
            let cohort = cohort.map(|(share, key)| (self.node(&share), self.node(&key)));
            let written = filter.as_ref().map(|expr| self.clause(expr));
            let filter = written.as_ref().map(|clause| clause.node);
            (Phase { from, effect, cohort, filter, span }, written)
        });
        let (phases, filters): (Vec<_>, Vec<_>) = phases.unzip();
        let has_filters = filters.iter().any(Option::is_some);
        (phases, if has_filters { filters } else { Vec::new() })
    }

    fn require(&mut self, require: typed::Require) -> Require {
        let within = self.maybe(require.within.as_ref());
        let (of, by) = (self.maybe(require.of.as_ref()), self.maybe(require.by.as_ref()));
        Require { name: require.name, within, of, by }
    }

    pub(super) fn maybe_text(&mut self, text: Option<typed::Text>) -> Option<Text> {
        let variants = text?.variants.into_iter();
        let variants = variants.map(|typed::Variant { language, pieces }| {
            let pieces = pieces.into_iter().map(|piece| match piece {
                typed::Piece::Text(text) => Piece::Text(text),
                typed::Piece::Value(expr, printed) => {
                    Piece::Value((self.node(&expr), expr.ty), printed)
                }
            });
            Variant { language, pieces: pieces.collect() }
        });
        Some(Text { variants: variants.collect() })
    }

    /// The node of an expression that stands in no function.
    pub(super) fn node(&mut self, expr: &Expr) -> NodeId {
        self.lower(expr, &Env::new())
    }

    fn maybe(&mut self, expr: Option<&Expr>) -> Option<NodeId> {
        expr.map(|expr| self.node(expr))
    }

    fn slot(&self, place: Option<Place>) -> Option<u32> {
        slot(self.layout, &place?)
    }
}

/// What a rule sets, requires and tells, and by what its cohorts are drawn.
fn outside_of_conditions(rule: &typed::Rule) -> Vec<&Expr> {
    let cohorts = rule.phases.iter().filter_map(|phase| phase.cohort.as_ref());
    let mut exprs: Vec<&Expr> = cohorts.flat_map(|(share, key)| [share, key]).collect();
    exprs.extend(rule.sets.iter().map(|(_, value)| value));
    exprs.extend(rule.requires.iter().flat_map(typed::Require::limits));
    exprs.extend(rule.because.iter().flat_map(typed::Text::values));
    exprs
}

/// For each rule its place in an order in which what overrides stands before what is overridden,
/// in text order otherwise; none where no rule overrides another.
fn override_ranks(rules: &IdVec<RuleId, Rule>) -> IdVec<RuleId, u32> {
    if rules.iter().all(|rule| rule.overrides.is_empty()) {
        return IdVec::new();
    }
    let mut waiting: IdVec<RuleId, usize> = rules.iter().map(|_| 0).collect();
    for target in rules.iter().flat_map(|rule| &rule.overrides) {
        waiting[*target] += 1;
    }
    let free = waiting.numbered().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<_> = free.map(|(id, _)| Reverse(id)).collect();
    let mut ranks: IdVec<RuleId, u32> = rules.iter().map(|_| 0).collect();
    let mut next = 0;
    // The checker has ruled out circles, so every rule becomes ready in the end.
    while let Some(Reverse(id)) = ready.pop() {
        ranks[id] = next;
        next += 1;
        for target in &rules[id].overrides {
            waiting[*target] -= 1;
            if waiting[*target] == 0 {
                ready.push(Reverse(*target));
            }
        }
    }
    debug_assert_eq!(next as usize, rules.len(), "rules override each other in a circle");
    ranks
}
