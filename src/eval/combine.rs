//! The outcomes of several rules to one decision.

use std::cmp::Ordering;

use crate::lang::combiner::Combiner;
use crate::lang::kernel::{Context, order};
use crate::model::Value;
use crate::program::RuleId;

/// What a rule that counts contributes to a decision.
#[derive(Debug, Clone)]
pub(super) struct Contribution<'v> {
    /// Which rule.
    pub(super) rule: RuleId,
    /// The value that it gives; `None` where that value itself is a fault.
    pub(super) value: Option<Value<'v>>,
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

/// A decision before it is told to anybody.
#[derive(Debug, Clone)]
pub struct Outcome<V> {
    /// The values: one, or several for `all` and `union`; none if undecided or a fault.
    pub values: Vec<V>,
    /// Where it came from.
    pub source: Source,
    /// The rules that gave it, or whose faults (or disagreement) made it one.
    pub rules: Vec<RuleId>,
    /// Why it is a fault.
    pub conflict: Option<Conflict>,
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

fn fault<V>(conflict: Conflict, rules: Vec<RuleId>) -> Outcome<V> {
    Outcome { values: Vec::new(), source: Source::Fault, rules, conflict: Some(conflict) }
}

/// A decision that some answer to the question whether faulted rules fired would change.
pub(super) fn uncertain<V>(rules: Vec<RuleId>) -> Outcome<V> {
    fault(Conflict::Uncertain, rules)
}

/// Whether two outcomes of one decision come to the same, whoever gave them.
pub(super) fn alike(combiner: Combiner, a: &Outcome<Value<'_>>, b: &Outcome<Value<'_>>) -> bool {
    let holds = |values: &[Value<'_>], value: &Value<'_>| values.iter().any(|v| v.same(value));
    let same = match combiner {
        // A set has no order.
        Combiner::Union => {
            a.values.iter().all(|value| holds(&b.values, value))
                && b.values.iter().all(|value| holds(&a.values, value))
        }
        _ => {
            a.values.len() == b.values.len()
                && a.values.iter().zip(&b.values).all(|(a, b)| a.same(b))
        }
    };
    let is_fault = |outcome: &Outcome<Value<'_>>| outcome.source == Source::Fault;
    same && a.conflict == b.conflict && is_fault(a) == is_fault(b)
}

/// One decision of what the rules that count contribute, in text order. `otherwise` is its value
/// where no rule does.
pub(super) fn settle<'v>(
    combiner: Combiner,
    contributions: &[Contribution<'v>],
    otherwise: Option<&[Value<'v>]>,
    context: &Context<'_>,
) -> Outcome<Value<'v>> {
    let fired: Vec<(RuleId, &Value<'v>)> = contributions
        .iter()
        .filter_map(|c| c.value.as_ref().map(|value| (c.rule, value)))
        .collect();
    let everybody = || contributions.iter().map(|c| c.rule).collect::<Vec<_>>();
    let disagree = || fired.iter().any(|(_, v)| fired.first().is_some_and(|(_, f)| !v.same(f)));
    if fired.len() < contributions.len() {
        // A rule fired whose value nobody knows.
        let first_is_known = contributions.first().is_some_and(|c| c.value.is_some());
        match combiner {
            Combiner::First if first_is_known => {}
            Combiner::Only if contributions.len() > 1 => {
                return fault(Conflict::Several, everybody());
            }
            Combiner::Agreement if disagree() => {
                return fault(Conflict::Disagreement, everybody());
            }
            _ => {
                let unknown = contributions.iter().filter(|c| c.value.is_none());
                return uncertain(unknown.map(|c| c.rule).collect());
            }
        }
    }
    let Some((first, rest)) = fired.split_first() else {
        let source = if otherwise.is_some() { Source::Otherwise } else { Source::Undecided };
        let values = otherwise.unwrap_or_default().to_vec();
        return Outcome { values, source, rules: Vec::new(), conflict: None };
    };
    let everyone = || fired.iter().map(|(rule, _)| *rule).collect::<Vec<_>>();
    let given = |values, rules| Outcome { values, source: Source::Rules, rules, conflict: None };
    let best = |better: Ordering| {
        let mut best = first;
        for candidate in rest {
            if order(candidate.1, best.1, context) == Ok(better) {
                best = candidate;
            }
        }
        let alike = fired.iter().filter(|(_, value)| value.same(best.1));
        given(vec![best.1.clone()], alike.map(|(rule, _)| *rule).collect())
    };
    match combiner {
        Combiner::First => given(vec![first.1.clone()], vec![first.0]),
        Combiner::Strictest | Combiner::Largest => best(Ordering::Greater),
        Combiner::Smallest => best(Ordering::Less),
        Combiner::Only if !rest.is_empty() => fault(Conflict::Several, everyone()),
        Combiner::Agreement if rest.iter().any(|(_, value)| !value.same(first.1)) => {
            fault(Conflict::Disagreement, everyone())
        }
        Combiner::Only | Combiner::Agreement => given(vec![first.1.clone()], everyone()),
        Combiner::Total => {
            let mut total = first.1.clone();
            for (_, value) in rest {
                match crate::lang::kernel::add(&[total, (*value).clone()], context) {
                    Ok(sum) => total = sum,
                    Err(_) => return fault(Conflict::Overflow, everyone()),
                }
            }
            given(vec![total], everyone())
        }
        Combiner::All => given(fired.iter().map(|(_, v)| (*v).clone()).collect(), everyone()),
        Combiner::Union => {
            let mut values: Vec<Value<'v>> = Vec::new();
            for (_, value) in &fired {
                if !values.iter().any(|known| known.same(value)) {
                    values.push((*value).clone());
                }
            }
            given(values, everyone())
        }
    }
}
