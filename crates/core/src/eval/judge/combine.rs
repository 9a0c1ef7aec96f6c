//! The outcomes of several rules to one decision.

use std::cmp::Ordering;

use crate::program::RuleId;
use rulebook_lang::coded;
use rulebook_lang::combiner::Combiner;
use rulebook_lang::kernel::{Context, add, order};
use rulebook_lang::model::{Cell, Store};

/// What a rule that counts contributes to a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution<'j> {
    /// Which rule.
    pub(super) rule: RuleId,
    /// The value that it gives; `None` where that value itself is a fault.
    pub(super) value: Option<&'j Cell>,
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
    /// Where it came from, and why it is a fault.
    pub fell: Fell,
    /// The values: one, or several for `all` and `union`; none if undecided or a fault. The rules
    /// that gave it, or whose faults (or disagreement) made it one.
    pub(super) range: (Mark, Mark),
}

/// Where a decision came from, and why it is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fell {
    /// Where it came from.
    pub source: Source,
    /// Why rules made it a fault.
    pub conflict: Option<Conflict>,
}

impl From<Source> for Fell {
    fn from(source: Source) -> Self {
        Self { source, conflict: None }
    }
}

/// The values and rules of all outcomes, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Settled {
    pub(super) values: Vec<Cell>,
    pub(super) rules: Vec<RuleId>,
}

/// How many values and rules there are so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    values: u32,
    rules: u32,
}

impl Settled {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.rules.clear();
    }

    pub(super) fn mark(&self) -> Mark {
        let index = |length| u32::try_from(length).unwrap_or(u32::MAX);
        Mark { values: index(self.values.len()), rules: index(self.rules.len()) }
    }

    pub(super) fn values(&self, (start, end): (Mark, Mark)) -> &[Cell] {
        self.values.get(start.values as usize..end.values as usize).unwrap_or_default()
    }

    pub(super) fn rules(&self, (start, end): (Mark, Mark)) -> &[RuleId] {
        self.rules.get(start.rules as usize..end.rules as usize).unwrap_or_default()
    }

    /// A decision that rules gave.
    fn given<'j>(
        &mut self,
        values: impl IntoIterator<Item = &'j Cell>,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Fell {
        for value in values {
            self.values.push(*value);
        }
        self.rules.extend(rules);
        Source::Rules.into()
    }

    /// A decision that holds what each of the rules gave.
    fn given_each<'j>(&mut self, given: impl Iterator<Item = (RuleId, &'j Cell)>) -> Fell {
        for (rule, value) in given {
            self.values.push(*value);
            self.rules.push(rule);
        }
        Source::Rules.into()
    }

    /// A decision that rules made a fault.
    pub(super) fn fault(
        &mut self,
        conflict: Conflict,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Fell {
        self.rules.extend(rules);
        Fell { source: Source::Fault, conflict: Some(conflict) }
    }

    /// Forgets what came after a mark.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.values.truncate(mark.values as usize);
        self.rules.truncate(mark.rules as usize);
    }
}

coded! {
    /// Why a decision is a fault.
    Conflict {
        Uncertain "uncertain" "a fault could have changed this decision"
        Disagreement "disagreement" "the rules that fired do not agree"
        Several "several" "more than one rule fired where only one may"
        Overflow "overflow" "the total has too many digits"
        Otherwise "otherwise" "its `otherwise` has no value"
    }
}

/// Whether two outcomes of one decision come to the same, whoever gave them.
pub(super) fn alike(
    combiner: Combiner,
    (one, xs): (Fell, &[Cell]),
    (other, ys): (Fell, &[Cell]),
    results: &Store,
) -> bool {
    let same = |x: &Cell, y: &Cell| results.value(*x).same(&results.value(*y));
    let equal = match combiner {
        // A set has no order.
        Combiner::Union => {
            xs.iter().all(|x| ys.iter().any(|y| same(x, y)))
                && ys.iter().all(|y| xs.iter().any(|x| same(x, y)))
        }
        _ => xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| same(x, y)),
    };
    let is_fault = |fell: Fell| fell.source == Source::Fault;
    equal && one.conflict == other.conflict && is_fault(one) == is_fault(other)
}

/// One decision of what the rules that count contribute in text order; `None` where none does.
/// `all_known` spares looking for contributions without a value where there are none.
#[inline]
pub(super) fn settle<'j>(
    combiner: Combiner,
    mut contributions: impl Iterator<Item = Contribution<'j>> + Clone,
    results: &Store,
    context: &Context<'_>,
    settled: &mut Settled,
    all_known: bool,
) -> Option<Fell> {
    if combiner == Combiner::First {
        let first = contributions.next()?;
        return Some(match first.value {
            Some(value) => settled.given([value], [first.rule]),
            None => {
                let unknown = contributions.filter(|c| c.value.is_none()).map(|c| c.rule);
                settled.fault(Conflict::Uncertain, [first.rule].into_iter().chain(unknown))
            }
        });
    }
    let everyone = || contributions.clone().map(|c| c.rule);
    let known = || contributions.clone().filter_map(|c| c.value.map(|value| (c.rule, value)));
    let same = |a: &Cell, b: &Cell| results.value(*a).same(&results.value(*b));
    let several = || contributions.clone().nth(1).is_some();
    let first = contributions.clone().next()?;
    let disagree = || known().any(|(_, v)| known().next().is_some_and(|(_, f)| !same(v, f)));
    let unknown = || contributions.clone().filter(|c| c.value.is_none());
    if !all_known && unknown().next().is_some() {
        // A rule fired whose value nobody knows.
        return Some(match combiner {
            Combiner::Only if several() => settled.fault(Conflict::Several, everyone()),
            Combiner::Agreement if disagree() => settled.fault(Conflict::Disagreement, everyone()),
            _ => settled.fault(Conflict::Uncertain, unknown().map(|c| c.rule)),
        });
    }
    let first = first.value?;
    Some(match combiner {
        Combiner::Strictest | Combiner::Largest | Combiner::Smallest => {
            let better = match combiner {
                Combiner::Smallest => Ordering::Less,
                _ => Ordering::Greater,
            };
            let best = known().fold(first, |best, (_, value)| {
                let order = order(&results.value(*value), &results.value(*best), context);
                if order == Ok(better) { value } else { best }
            });
            let alike = known().filter(|(_, value)| same(value, best)).map(|(rule, _)| rule);
            settled.given([best], alike)
        }
        Combiner::Only if several() => settled.fault(Conflict::Several, everyone()),
        Combiner::Agreement if disagree() => settled.fault(Conflict::Disagreement, everyone()),
        Combiner::First | Combiner::Only | Combiner::Agreement => {
            settled.given([first], everyone())
        }
        Combiner::Total => {
            let rest = known().skip(1);
            let total = rest.map(|(_, value)| value).try_fold(*first, |total, value| {
                add(&[results.value(total), results.value(*value)], context)
                    .map(|sum| sum.to_plain().unwrap_or_default())
            });
            match total {
                Ok(total) => settled.given([&total], everyone()),
                Err(_) => settled.fault(Conflict::Overflow, everyone()),
            }
        }
        Combiner::All => settled.given_each(known()),
        Combiner::Union => {
            let different = known().enumerate().filter(|(at, (_, value))| {
                !known().take(*at).any(|(_, earlier)| same(earlier, value))
            });
            settled.given(different.map(|(_, (_, value))| value), everyone())
        }
    })
}
