//! The outcomes of several rules to one decision, also where some rules faulted.
//!
//! A rule that faulted may or may not have fired. A decision stands if no answer to that question
//! changes it; else it is a fault itself.

use std::cmp::Ordering;

use crate::lang::combiner::Combiner;
use crate::lang::kernel::{Context, order};
use crate::model::{Number, Value};
use crate::program::RuleId;

/// What a rule contributes to a decision.
#[derive(Debug, Clone)]
pub(super) struct Contribution<'v> {
    /// Which rule.
    pub(super) rule: RuleId,
    /// The value that it gives; `None` where that value itself is a fault.
    pub(super) value: Option<Value<'v>>,
    /// Whether it fired for certain.
    pub(super) certain: bool,
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

/// One decision of what the rules contribute, in text order. `otherwise` is its value where no
/// rule fires.
pub(super) fn combine<'v>(
    combiner: Combiner,
    contributions: &[Contribution<'v>],
    otherwise: Option<&[Value<'v>]>,
    context: &Context<'_>,
) -> Outcome<Value<'v>> {
    let faulty: Vec<_> =
        contributions.iter().filter(|c| c.value.is_none() || !c.certain).map(|c| c.rule).collect();
    let outcome = settle(combiner, contributions, otherwise, context);
    if faulty.is_empty() || outcome.conflict.is_some() {
        return outcome;
    }
    if could_change(combiner, contributions, &outcome, context) {
        return fault(Conflict::Uncertain, faulty);
    }
    outcome
}

/// The decision of the rules that fired for certain with a value.
fn settle<'v>(
    combiner: Combiner,
    contributions: &[Contribution<'v>],
    otherwise: Option<&[Value<'v>]>,
    context: &Context<'_>,
) -> Outcome<Value<'v>> {
    let fired: Vec<(RuleId, &Value<'v>)> = contributions
        .iter()
        .filter(|c| c.certain)
        .filter_map(|c| c.value.as_ref().map(|value| (c.rule, value)))
        .collect();
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

/// Whether a rule that faulted, had it fired or not, could have given another decision.
fn could_change(
    combiner: Combiner,
    contributions: &[Contribution<'_>],
    outcome: &Outcome<Value<'_>>,
    context: &Context<'_>,
) -> bool {
    let mut faulty = contributions.iter().filter(|c| c.value.is_none() || !c.certain);
    let same_as_outcome = |c: &Contribution<'_>| match (&c.value, outcome.values.as_slice()) {
        (Some(value), [only]) => value.same(only),
        _ => false,
    };
    if outcome.source != Source::Rules {
        // Nobody else fired: any of them would have decided, to the same value at best.
        return faulty
            .any(|c| combiner.collects() || combiner == Combiner::Total || !same_as_outcome(c));
    }
    let decided_before =
        |c: &Contribution<'_>| outcome.rules.first().is_some_and(|first| *first < c.rule);
    let beaten = |c: &Contribution<'_>, better: Ordering| match (&c.value, outcome.values.first()) {
        (Some(value), Some(best)) => order(value, best, context).is_ok_and(|o| o != better),
        _ => false,
    };
    faulty.any(|c| match combiner {
        Combiner::First => !decided_before(c) && !same_as_outcome(c),
        Combiner::Strictest | Combiner::Largest => !beaten(c, Ordering::Greater),
        Combiner::Smallest => !beaten(c, Ordering::Less),
        Combiner::Agreement => !same_as_outcome(c),
        Combiner::Only | Combiner::All => true,
        Combiner::Total => !c.value.as_ref().is_some_and(is_zero),
        Combiner::Union => match &c.value {
            Some(value) => !outcome.values.iter().any(|known| known.same(value)),
            None => true,
        },
    })
}

fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Number(number) => *number == Number::ZERO,
        Value::Duration(duration) => duration.is_zero(),
        _ => false,
    }
}
