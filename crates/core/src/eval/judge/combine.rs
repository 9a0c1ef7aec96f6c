//! The outcomes of several rules to one decision.

use crate::program::RuleId;
use rulebook_lang::coded;
use rulebook_lang::fold::{Clash, Fold, Folded, Whose, different};
use rulebook_lang::kernel::Context;
use rulebook_lang::model::{Cell, Store};

/// What a rule that counts contributes to a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution<'j> {
    /// The rule that counts.
    pub(super) rule: RuleId,
    /// The value that it gives; `None` where that value itself is a fault.
    pub(super) value: Option<&'j Cell>,
}

/// What gave a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Rules gave it.
    Rules,
    /// No rule fired, and `otherwise` gave it.
    Otherwise,
    /// No rule fired, and there is no `otherwise`.
    Undecided,
    /// A fault, and `on fault` gave it.
    OnFault,
    /// A fault, and the policy has no value for that.
    Fault,
}

impl Origin {
    /// The name by which decisions and explanations write it, which stays.
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

/// A decision before anybody asks for words; its values and rules lie in the judgement.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// What gave it, and why it is a fault.
    pub resolution: Resolution,
    /// The values: one, or several for `all` and `union`; none if undecided or a fault. The rules
    /// that gave it, or whose faults (or disagreement) made it one.
    pub(super) range: (Mark, Mark),
}

/// How a decision was resolved: what gave it, and why it is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// What gave it.
    pub origin: Origin,
    /// Why rules made it a fault.
    pub conflict: Option<Conflict>,
}

impl From<Origin> for Resolution {
    fn from(origin: Origin) -> Self {
        Self { origin, conflict: None }
    }
}

/// The values and rules of all outcomes, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct OutcomeParts {
    pub(super) values: Vec<Cell>,
    pub(super) rules: Vec<RuleId>,
}

/// How many values and rules there are so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    values: u32,
    rules: u32,
}

impl OutcomeParts {
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
    fn given(
        &mut self,
        values: impl IntoIterator<Item = Cell>,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Resolution {
        for value in values {
            self.values.push(value);
        }
        self.rules.extend(rules);
        Origin::Rules.into()
    }

    /// A decision that holds what each of the rules gave.
    fn given_each<'j>(&mut self, given: impl Iterator<Item = (RuleId, &'j Cell)>) -> Resolution {
        for (rule, value) in given {
            self.values.push(*value);
            self.rules.push(rule);
        }
        Origin::Rules.into()
    }

    /// A decision that rules made a fault.
    pub(super) fn fault(
        &mut self,
        conflict: Conflict,
        rules: impl IntoIterator<Item = RuleId>,
    ) -> Resolution {
        self.rules.extend(rules);
        Resolution { origin: Origin::Fault, conflict: Some(conflict) }
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

impl From<Clash> for Conflict {
    fn from(clash: Clash) -> Self {
        match clash {
            Clash::Several => Self::Several,
            Clash::Disagreement => Self::Disagreement,
            Clash::Uncertain => Self::Uncertain,
            Clash::Failed(_) => Self::Overflow,
        }
    }
}

/// Whether two outcomes of one decision come to the same, whoever gave them.
pub(super) fn alike(
    fold: Fold,
    (left, left_values): (Resolution, &[Cell]),
    (right, right_values): (Resolution, &[Cell]),
    results: &Store,
) -> bool {
    let same = |x: &Cell, y: &Cell| results.value(*x).same(&results.value(*y));
    let equal = match fold.is_set() {
        true => {
            left_values.iter().all(|x| right_values.iter().any(|y| same(x, y)))
                && right_values.iter().all(|y| left_values.iter().any(|x| same(x, y)))
        }
        false => {
            left_values.len() == right_values.len()
                && left_values.iter().zip(right_values).all(|(x, y)| same(x, y))
        }
    };
    let is_fault = |resolution: Resolution| resolution.origin == Origin::Fault;
    equal && left.conflict == right.conflict && is_fault(left) == is_fault(right)
}

/// The cells of the elements of a list.
fn elements(list: Cell, results: &Store) -> impl Iterator<Item = Cell> + Clone {
    let (start, end) = match list {
        Cell::List { start, end } => (start, end),
        _ => (0, 0),
    };
    (start..end).map(|at| results.cell(at))
}

/// One decision of what the rules that count contribute in text order; `None` where none does.
/// `is_complete` spares looking for contributions without a value where there are none.
#[inline]
pub(super) fn combine<'j>(
    (fold, joins): (Fold, bool),
    contributions: impl Iterator<Item = Contribution<'j>> + Clone,
    results: &mut Store,
    context: &Context<'_>,
    parts: &mut OutcomeParts,
    is_complete: impl FnOnce() -> bool,
) -> Option<Resolution> {
    // Most decisions are the first rule's, which is looked for once.
    if matches!(fold, Fold::First)
        && let Contribution { rule, value: Some(value) } = contributions.clone().next()?
    {
        return Some(parts.given([*value], [rule]));
    }
    let everyone = || contributions.clone().map(|given| given.rule);
    let with_values = || contributions.clone().filter_map(|given| Some((given.rule, given.value?)));
    let cells = contributions.clone().map(|given| given.value.copied());
    Some(match fold.cells(cells, is_complete, results, context).transpose()? {
        Ok(Folded::One(cell, Whose::Everyone)) => parts.given([cell], everyone()),
        Ok(Folded::One(cell, Whose::Givers)) => {
            let value = results.value(cell);
            let givers = with_values().filter(|(_, cell)| results.value(**cell).same(&value));
            parts.given([cell], givers.map(|(rule, _)| rule))
        }
        Ok(Folded::Made(value)) => parts.given([results.import(&value)], everyone()),
        Ok(Folded::Each | Folded::Different) if joins => {
            let values = with_values().flat_map(|(_, cell)| elements(*cell, results));
            match fold.is_set() {
                true => parts.given(different(values, results), everyone()),
                false => parts.given(values, everyone()),
            }
        }
        Ok(Folded::Each) => parts.given_each(with_values()),
        Ok(Folded::Different) => {
            let cells = with_values().map(|(_, cell)| *cell);
            parts.given(different(cells, results), everyone())
        }
        Err(Clash::Uncertain) => {
            let unknown = contributions.clone().filter(|given| given.value.is_none());
            parts.fault(Conflict::Uncertain, unknown.map(|given| given.rule))
        }
        Err(clash) => parts.fault(clash.into(), everyone()),
    })
}
