//! Puts together what was exercised, by policy, rule, phase and condition.

use std::collections::BTreeMap;

use super::model::{
    ConditionCoverage, Coverage, DefaultCoverage, FunctionCoverage, PhaseCoverage, PolicyCoverage,
    RowCoverage, RuleCoverage, Shares, SourcePlace, Status, TableCoverage,
};
use super::plan::{Condition, ConditionId, Plan};
use super::recorder::{Matched, Shown};
use super::{Counts, DefaultCounts, PhaseCounts, RuleCounts};
use rulebook::Rulebook;
use rulebook_base::source::{FileId, Sources, Span};
use rulebook_core::ids::IdVec;
use rulebook_core::program::{Effect, Phase, Policy, PolicyId, Program, Rule, RuleId, TableId};
use rulebook_syntax::ast::{DefinitionKind, ItemKind};
use rulebook_syntax::parse;

/// What was recorded while the scenarios ran.
pub(super) struct Recorded {
    pub(super) shown: IdVec<ConditionId, Shown>,
    pub(super) rows: Matched,
    pub(super) counts: Counts,
}

/// Puts together what was recorded.
pub(super) fn report(rulebook: &Rulebook, plan: &Plan, recorded: &Recorded) -> Coverage {
    let sources = rulebook.sources();
    let texts = DefinitionPlaces::of(sources);
    let reporter = Reporter { program: rulebook.program(), sources, texts: &texts };
    let mut policies = Vec::new();
    for (id, policy) in rulebook.program().policies.numbered() {
        let conditions = plan.conditions.iter().zip(&recorded.shown);
        let conditions = conditions.filter_map(|(condition, shown)| {
            let whole = &plan.wholes[condition.whole];
            let is_own = whole.policy == id && reporter.is_own(condition.span);
            is_own.then_some((whole.rule, condition, *shown))
        });
        let conditions: Vec<_> = conditions.collect();
        let mut report = reporter.policy(id, policy, &conditions, &recorded.counts);
        let tables = plan.tables[id].iter();
        report.tables =
            tables.filter_map(|table| reporter.table(id, *table, &recorded.rows)).collect();
        report.count();
        if !report.rules.is_empty() || !report.defaults.is_empty() {
            policies.push(report);
        }
    }
    let shares = policies.iter().map(|policy| policy.shares).fold(Shares::default(), Shares::with);
    Coverage {
        rulebook: rulebook.name().name.clone(),
        scenarios: recorded.counts.scenarios.iter().sum(),
        shares,
        policies,
        sources: sources.clone(),
    }
}

/// Where functions, named values and policies stand in the texts.
struct DefinitionPlaces {
    /// Functions and named values, each with its name.
    functions: Vec<(Span, Span)>,
    policies: Vec<Span>,
}

impl DefinitionPlaces {
    fn of(sources: &Sources) -> Self {
        let mut all = Self { functions: Vec::new(), policies: Vec::new() };
        for (id, file) in sources.iter().filter(|(_, file)| file.path.ends_with(".policy")) {
            for definition in parse(id, &file.text).file.definitions {
                let name = definition.kind.name().span;
                match definition.kind {
                    DefinitionKind::Function(_) => all.functions.push((definition.span, name)),
                    DefinitionKind::Record(node) => {
                        all.functions
                            .extend(node.lets.iter().map(|node| (node.span, node.name.span)));
                    }
                    DefinitionKind::Policy(node) => {
                        all.policies.push(name);
                        let lets = node.items.iter().filter_map(|item| match &item.kind {
                            ItemKind::Let(node) => Some((node.span, node.name.span)),
                            _ => None,
                        });
                        all.functions.extend(lets);
                    }
                    _ => {}
                }
            }
        }
        all
    }

    /// The name of the function, or of the named value, that holds a place.
    fn function(&self, place: Span) -> Option<Span> {
        let mut functions = self.functions.iter();
        functions.find(|(span, _)| holds(*span, place)).map(|(_, name)| *name)
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The conditions of a policy: of which rule, which, and what was shown.
type Conditions<'p> = [(RuleId, &'p Condition, Shown)];

struct Reporter<'s> {
    program: &'s Program,
    sources: &'s Sources,
    texts: &'s DefinitionPlaces,
}

impl Reporter<'_> {
    fn place(&self, span: Span) -> SourcePlace {
        let (line, column) = self.sources.line_column(span);
        let file = self.sources.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
        let words: Vec<_> = self.sources.text(span).split_whitespace().collect();
        SourcePlace { file, line, column, text: words.join(" "), span }
    }

    fn policy(
        &self,
        id: PolicyId,
        policy: &Policy,
        conditions: &Conditions<'_>,
        counts: &Counts,
    ) -> PolicyCoverage {
        let names = self.texts.policies.iter();
        let name = names.copied().find(|name| self.sources.text(*name) == policy.name);
        let rules = policy.rules.numbered().filter(|(_, rule)| self.is_own(rule.span));
        let rules = rules.map(|(at, rule)| self.rule(at, rule, conditions, &counts.rules[id][at]));
        PolicyCoverage {
            policy: policy.name.clone(),
            place: self.place(name.unwrap_or_default()),
            scenarios: counts.scenarios[id],
            shares: Shares::default(),
            rules: rules.collect(),
            defaults: self.defaults(policy, &counts.defaults[id]),
            functions: self.functions(conditions),
            tables: Vec::new(),
        }
    }

    /// A table that a policy looks up, if it is the rulebook's own.
    fn table(&self, policy: PolicyId, id: TableId, matched: &Matched) -> Option<TableCoverage> {
        let table = &self.program.tables[id];
        let rows = (0..).zip(&table.rows).filter(|(_, span)| self.is_own(**span));
        let rows: Vec<_> = rows
            .map(|(row, span)| {
                let matched = matched.get(&(policy, id, row)).copied().unwrap_or_default();
                let (place, status) = (self.place(*span), Status::once(matched));
                RowCoverage { place, status, matched }
            })
            .collect();
        let table = table.name.clone();
        (!rows.is_empty()).then_some(TableCoverage { table, rows })
    }

    /// Whether a place is in the rulebook itself, not in one that it includes: what that one says
    /// is for its own scenarios to exercise.
    fn is_own(&self, span: Span) -> bool {
        self.sources.included(span.file).is_none()
    }

    fn functions(&self, conditions: &Conditions<'_>) -> Vec<FunctionCoverage> {
        let mut functions: BTreeMap<(FileId, u32), (Span, Vec<_>)> = BTreeMap::new();
        for (_, condition, shown) in conditions {
            let Some(name) = self.texts.function(condition.span) else { continue };
            let function = functions.entry((name.file, name.start));
            function.or_insert_with(|| (name, Vec::new())).1.push((*condition, *shown));
        }
        let functions = functions.into_values().map(|(name, conditions)| {
            let place = self.place(name);
            let (function, conditions) = (place.text.clone(), self.conditions(conditions));
            FunctionCoverage { function, place, conditions }
        });
        functions.collect()
    }

    fn rule(
        &self,
        at: RuleId,
        rule: &Rule,
        conditions: &Conditions<'_>,
        counts: &RuleCounts,
    ) -> RuleCoverage {
        let in_rule = conditions.iter().filter(|(rule, condition, _)| {
            *rule == at && self.texts.function(condition.span).is_none()
        });
        let phases = || rule.phases.iter().zip(&counts.phases);
        let cohorts = phases().filter_map(|(phase, counts)| self.cohort(phase, counts));
        let mut conditions: Vec<_> = cohorts.collect();
        let in_rule = in_rule.map(|(_, condition, shown)| (*condition, *shown)).collect();
        conditions.extend(self.conditions(in_rule));
        conditions.sort_by_key(|condition| condition.place.span);
        RuleCoverage {
            rule: rule.name.clone(),
            place: self.place(rule.span),
            status: Status::once(counts.fired),
            fired: counts.fired,
            phases: phases().map(|(phase, counts)| self.phase(phase, counts)).collect(),
            conditions,
        }
    }

    fn phase(&self, phase: &Phase, counts: &PhaseCounts) -> PhaseCoverage {
        PhaseCoverage {
            place: self.place(phase.span),
            effect: match phase.effect {
                Effect::Enforce => "enforce",
                Effect::Warn => "warn",
                Effect::Shadow => "shadow",
            },
            status: Status::of([counts.in_force, counts.fired]),
            in_force: counts.in_force,
            fired: counts.fired,
        }
    }

    /// The cohort of a phase, which is a condition like any other: in it and out of it.
    fn cohort(&self, phase: &Phase, counts: &PhaseCounts) -> Option<ConditionCoverage> {
        let (share, key) = phase.cohort?;
        let place = self.place(self.program.span(share).to(self.program.span(key)));
        let status = Status::of([counts.cohort.as_true, counts.cohort.as_false]);
        Some(condition(place, "for", counts.cohort, status))
    }

    /// The conditions by place. One that stands in a function is in force wherever the function is
    /// called; it is covered if it was shown both ways within one of the calls.
    fn conditions(&self, conditions: Vec<(&Condition, Shown)>) -> Vec<ConditionCoverage> {
        let mut places: BTreeMap<(FileId, u32, u32), ConditionCoverage> = BTreeMap::new();
        for (planned, shown) in conditions {
            let span = planned.span;
            let status = Status::of([shown.as_true, shown.as_false]);
            let place = places.entry((span.file, span.start, span.end));
            let all = place.or_insert_with(|| {
                condition(self.place(span), planned.clause, Shown::default(), status)
            });
            all.status = all.status.max(status);
            all.looked_at += shown.looked_at;
            all.as_true += shown.as_true;
            all.as_false += shown.as_false;
        }
        places.into_values().collect()
    }

    fn defaults(&self, policy: &Policy, counts: &[DefaultCounts]) -> Vec<DefaultCoverage> {
        let mut defaults = Vec::new();
        for ((own, decision), counts) in policy.decisions.numbered().zip(counts) {
            let rescue = policy.on_fault.iter().find(|(id, _)| *id == own);
            let values = [
                ("otherwise", decision.otherwise, counts.otherwise),
                ("on fault", rescue.map(|(_, node)| *node), counts.on_fault),
            ];
            for (kind, node, given) in values {
                let Some(node) = node else { continue };
                let span = self.program.span(node);
                if !self.is_own(span) {
                    continue;
                }
                defaults.push(DefaultCoverage {
                    decision: decision.name.clone(),
                    kind,
                    place: self.place(span),
                    status: Status::once(given),
                    given,
                });
            }
        }
        defaults
    }
}

fn condition(
    place: SourcePlace,
    clause: &'static str,
    shown: Shown,
    status: Status,
) -> ConditionCoverage {
    let Shown { looked_at, as_true, as_false } = shown;
    ConditionCoverage { place, clause, status, looked_at, as_true, as_false }
}
