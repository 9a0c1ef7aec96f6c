//! The outcomes of several rules to one decision.

use std::cmp::Ordering;

use super::judge::Judgement;
use crate::lang::combiner::Combiner;
use crate::lang::kernel::{Context, add, order};
use crate::model::{Cell, Store};
use crate::program::RuleId;

/// What a rule that counts contributes to a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution {
    /// Which rule.
    pub(super) rule: RuleId,
    /// The value that it gives; `None` where that value itself is a fault.
    pub(super) value: Option<Cell>,
}

/// Where a decision came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Rules gave it.
    Rules,
    /// No rule fired, and `otherwise` gave it.
    Otherwise,
    /// No rule fired, and there is no `otherwise`.
    Undecided,
    /// A fault, and `on fault` gave it.
    OnFault,
    /// A fault.
    Fault,
}

impl Source {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Otherwise => "otherwise",
            Self::Undecided => "undecided",
            Self::OnFault => "on-fault",
            Self::Fault => "fault",
        }
    }
}

/// A decision before it is told to anybody; its values and rules lie in the judgement.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Where it came from.
    pub source: Source,
    /// Why it is a fault.
    pub conflict: Option<Conflict>,
    /// The values: one, or several for `all` and `union`; none if undecided or a fault.
    pub(super) values: (u32, u32),
    /// The rules that gave it, or whose faults (or disagreement) made it one.
    rules: (u32, u32),
}

/// The values and rules of all outcomes, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Settled {
    values: Vec<Cell>,
    rules: Vec<RuleId>,
}

impl Settled {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.rules.clear();
    }

    pub(super) fn values(&self, outcome: &Outcome) -> &[Cell] {
        let (start, end) = outcome.values;
        self.values.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn rules(&self, outcome: &Outcome) -> &[RuleId] {
        let (start, end) = outcome.rules;
        self.rules.get(start as usize..end as usize).unwrap_or_default()
    }

    /// An outcome that no rule gave.
    pub(super) fn outcome(
        &mut self,
        source: Source,
        values: impl IntoIterator<Item = Cell>,
    ) -> Outcome {
        self.add(source, values, [])
    }

    /// A decision that rules made a fault.
    pub(super) fn fault(
        &mut self,
        conflict: Conflict,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Outcome {
        Outcome { conflict: Some(conflict), ..self.add(Source::Fault, [], rules) }
    }

    fn add(
        &mut self,
        source: Source,
        values: impl IntoIterator<Item = Cell>,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Outcome {
        let values = extend(&mut self.values, values);
        let rules = extend(&mut self.rules, rules);
        Outcome { source, conflict: None, values, rules }
    }

    /// Forgets the outcome that was added last.
    pub(super) fn take_back(&mut self, outcome: &Outcome) {
        self.values.truncate(outcome.values.0 as usize);
        self.rules.truncate(outcome.rules.0 as usize);
    }
}

fn extend<T>(all: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> (u32, u32) {
    let start = all.len();
    all.extend(items);
    let index = |length| u32::try_from(length).unwrap_or(u32::MAX);
    (index(start), index(all.len()))
}

/// Why rules made a decision a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The fault of a rule could have changed the decision.
    Uncertain,
    /// Rules that must agree gave different values.
    Disagreement,
    /// More than one rule fired where only one may.
    Several,
    /// The total has too many digits.
    Overflow,
}

impl Conflict {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Uncertain => "uncertain",
            Self::Disagreement => "disagreement",
            Self::Several => "several",
            Self::Overflow => "overflow",
        }
    }

    /// What happened, in words.
    pub fn message(self) -> &'static str {
        match self {
            Self::Uncertain => "a fault could have changed this decision",
            Self::Disagreement => "the rules that fired do not agree",
            Self::Several => "more than one rule fired where only one may",
            Self::Overflow => "the total has too many digits",
        }
    }
}

/// Whether two outcomes of one decision come to the same, whoever gave them.
pub(super) fn alike(combiner: Combiner, a: &Outcome, b: &Outcome, judgement: &Judgement) -> bool {
    let value = |cell: &Cell| judgement.results.value(*cell);
    let same = |x: &Cell, y: &Cell| value(x).same(&value(y));
    let (xs, ys) = (judgement.values(a), judgement.values(b));
    let equal = match combiner {
        // A set has no order.
        Combiner::Union => {
            xs.iter().all(|x| ys.iter().any(|y| same(x, y)))
                && ys.iter().all(|y| xs.iter().any(|x| same(x, y)))
        }
        _ => xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| same(x, y)),
    };
    let is_fault = |outcome: &Outcome| outcome.source == Source::Fault;
    equal && a.conflict == b.conflict && is_fault(a) == is_fault(b)
}

/// One decision of what the rules that count, at least one, contribute in text order.
pub(super) fn settle(
    combiner: Combiner,
    contributions: &[Contribution],
    results: &Store,
    context: &Context<'_>,
    settled: &mut Settled,
) -> Outcome {
    let known = || contributions.iter().filter_map(|c| c.value.map(|value| (c.rule, value)));
    let everyone = || contributions.iter().map(|c| c.rule);
    let same = |a: Cell, b: Cell| results.value(a).same(&results.value(b));
    let disagree = || known().any(|(_, v)| known().next().is_some_and(|(_, f)| !same(v, f)));
    if contributions.iter().any(|c| c.value.is_none()) {
        // A rule fired whose value nobody knows.
        let first_is_known = contributions.first().is_some_and(|c| c.value.is_some());
        match combiner {
            Combiner::First if first_is_known => {}
            Combiner::Only if contributions.len() > 1 => {
                return settled.fault(Conflict::Several, everyone());
            }
            Combiner::Agreement if disagree() => {
                return settled.fault(Conflict::Disagreement, everyone());
            }
            _ => {
                let unknown = contributions.iter().filter(|c| c.value.is_none());
                return settled.fault(Conflict::Uncertain, unknown.map(|c| c.rule));
            }
        }
    }
    let Some((first_rule, first)) = known().next() else {
        return settled.outcome(Source::Undecided, []);
    };
    match combiner {
        Combiner::First => settled.add(Source::Rules, [first], [first_rule]),
        Combiner::Strictest | Combiner::Largest | Combiner::Smallest => {
            let better = match combiner {
                Combiner::Smallest => Ordering::Less,
                _ => Ordering::Greater,
            };
            let best = known().fold(first, |best, (_, value)| {
                let order = order(&results.value(value), &results.value(best), context);
                if order == Ok(better) { value } else { best }
            });
            let alike = known().filter(|(_, value)| same(*value, best)).map(|(rule, _)| rule);
            settled.add(Source::Rules, [best], alike)
        }
        Combiner::Only if contributions.len() > 1 => settled.fault(Conflict::Several, everyone()),
        Combiner::Agreement if disagree() => settled.fault(Conflict::Disagreement, everyone()),
        Combiner::Only | Combiner::Agreement => settled.add(Source::Rules, [first], everyone()),
        Combiner::Total => {
            let rest = known().skip(1);
            let total = rest.map(|(_, value)| value).try_fold(first, |total, value| {
                add(&[results.value(total), results.value(value)], context)
                    .map(|sum| sum.to_plain().unwrap_or_default())
            });
            match total {
                Ok(total) => settled.add(Source::Rules, [total], everyone()),
                Err(_) => settled.fault(Conflict::Overflow, everyone()),
            }
        }
        Combiner::All => settled.add(Source::Rules, known().map(|(_, v)| v), everyone()),
        Combiner::Union => {
            let different = known().enumerate().filter(|(at, (_, value))| {
                !known().take(*at).any(|(_, earlier)| same(earlier, *value))
            });
            settled.add(Source::Rules, different.map(|(_, (_, value))| value), everyone())
        }
    }
}
