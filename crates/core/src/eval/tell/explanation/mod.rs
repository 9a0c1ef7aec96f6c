//! Why a decision fell, as data: every rule, fired or not, the clause that failed, the values seen,
//! and the nearest change that would flip each decision.

mod pairs;
mod text;

use serde::Serialize;

use super::ToldValue;

/// Why a decision fell.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The record's `id`, if it has one.
    pub id: Option<String>,
    /// The element of a list that it is about, where the policy judges each.
    #[serde(flatten)]
    pub element: Option<ElementExplanation>,
    /// The name of the policy that decided.
    pub policy: String,
    /// The time of the evaluation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub now: String,
    /// The record's own date, which picks the rules in force; empty, as the time is, where nobody asks for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dated: String,
    /// The time that picks them instead, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_force: Option<String>,
    /// What it decided, in its order.
    pub decisions: Vec<DecisionExplanation>,
    /// Every rule, in text order.
    pub rules: Vec<RuleExplanation>,
    /// The named values that were read, each once for a date, before those that it reads in turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lets: Vec<NamedExplanation>,
    /// What other policies decided about the record whose decisions were read, each once, in the order in
    /// which they were first read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<ReadExplanation>,
    /// The language of what stands around all this, where people read it.
    #[serde(skip)]
    pub language: String,
}

/// The element of a list that was judged.
#[derive(Debug, Clone, Serialize)]
pub struct ElementExplanation {
    /// Its `id`, or else its first text that is always there; its position if it has neither.
    pub element: String,
    /// Its place among those that the record holds, counted from 1, and how many these are.
    pub position: usize,
    /// How many elements there are.
    pub elements: usize,
    /// What rules call it.
    #[serde(skip)]
    pub name: String,
}

/// Why a policy decided as it did that another one read.
#[derive(Debug, Clone, Serialize)]
pub struct ReadExplanation {
    /// The name of the policy that was read.
    pub policy: String,
    /// The element of a list that it judged, where it judges each.
    #[serde(flatten)]
    pub element: Option<ElementExplanation>,
    /// What read it: rules, and decisions that no rule gave, each behind its policy.
    pub read_by: Vec<String>,
    /// The record's own date for it.
    pub dated: String,
    /// What it decided, in its order.
    pub decisions: Vec<DecisionExplanation>,
    /// Every rule of it, in text order.
    pub rules: Vec<RuleExplanation>,
    /// The named values that were read, as in the explanation of the policy that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lets: Vec<NamedExplanation>,
}

/// What a name stood for, and what that was made of.
#[derive(Debug, Clone, Serialize)]
pub struct NamedExplanation {
    /// The name.
    pub name: String,
    /// What people call it, if it has a title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its value.
    #[serde(flatten, serialize_with = "pairs::value")]
    pub value: ToldValue,
    /// What read it: rules, decisions that no rule gave, and other named values.
    pub read_by: Vec<String>,
    /// What it stands for, as it is written.
    pub text: String,
    /// The problem, for a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The values seen, by path or parameter, and of what is calculated as it is written.
    #[serde(flatten, serialize_with = "pairs::values")]
    pub values: Vec<(String, ToldValue)>,
    /// What its parts are to each other, if it is a condition that has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<Joined>,
    /// The parts of a condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ConditionExplanation>,
}

/// Why one decision has its value.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionExplanation {
    /// The decision, by its name in the policy.
    pub decision: String,
    /// Its value.
    #[serde(flatten, serialize_with = "pairs::value")]
    pub value: ToldValue,
    /// The rules that gave it, or whose faults (or disagreement) made it one; empty for
    /// `otherwise`.
    pub by: Vec<String>,
    /// Where it came from: `rules`, `otherwise`, `undecided`, `on-fault` or `fault`.
    pub given: &'static str,
    /// What happened, for a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// The reason for `otherwise` or `on fault`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The nearest single change that gives it another value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flips: Option<Flip>,
}

/// A single change and what it would lead to.
#[derive(Debug, Clone, Serialize)]
pub struct Flip {
    /// The field that changes, as a path, or the counter.
    pub path: String,
    /// Its value now.
    #[serde(flatten, serialize_with = "pairs::from")]
    pub from: ToldValue,
    /// The value that it would have.
    #[serde(flatten, serialize_with = "pairs::to")]
    pub to: ToldValue,
    /// Whether any other value than the one now would do, not only this one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub any_other: bool,
    /// What would be decided then.
    #[serde(flatten, serialize_with = "pairs::decides")]
    pub decides: ToldValue,
}

/// What became of a rule, and why.
#[derive(Debug, Clone, Serialize)]
pub struct RuleExplanation {
    /// The rule, by its name in the policy.
    pub rule: String,
    /// What the rule says, in short, if it has a title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What became of it.
    pub status: Status,
    /// The same in words, with the times or values that made it so.
    pub told: String,
    /// The phase in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<PhaseExplanation>,
    /// The parts of `when` up to the first that does not hold.
    pub clauses: Vec<ClauseExplanation>,
    /// The rule that overrides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overridden_by: Option<String>,
    /// What it sets: decision and value.
    #[serde(flatten, serialize_with = "pairs::sets")]
    pub sets: Vec<(String, ToldValue)>,
    /// What it sets is calculated from this: what calls gave, and look-ups, in words by which rows of their tables.
    #[serde(flatten, serialize_with = "pairs::looked_up", skip_serializing_if = "Vec::is_empty")]
    pub looked_up: Vec<(String, ToldValue)>,
    /// What it requires, with due times.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Why it fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// On whose authority it fired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// It fired and gave a decision.
    Fired,
    /// It fired, and others gave every decision that it sets.
    Outweighed,
    /// It fired, and another rule overrides it.
    Overridden,
    /// It fired in a `shadow` phase.
    Shadow,
    /// It fired in a `warn` phase.
    Warned,
    /// It has not begun, or has ended.
    NotInForce,
    /// Its phase does not cover the record.
    NotCovered,
    /// `when` does not hold.
    Unmet,
    /// `unless` holds.
    Excepted,
    /// Something in it has no value.
    Faulted,
}

/// The phase of a rule that is in force.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseExplanation {
    /// When it began.
    pub from: String,
    /// `enforce`, `warn` or `shadow`.
    pub effect: &'static str,
    /// The record's bucket, `0` to `9999`, if the phase is for a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u32>,
    /// The first bucket outside of the share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<u32>,
    /// Whether `where` holds, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<bool>,
}

/// A condition of a rule and what it came to.
#[derive(Debug, Clone, Serialize)]
pub struct ClauseExplanation {
    /// `when`, `unless` or `where`.
    pub clause: &'static str,
    /// What stands behind that word.
    #[serde(flatten)]
    pub condition: ConditionExplanation,
}

/// A condition, or a part of one, and what it came to by itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConditionExplanation {
    /// It as it is written.
    pub text: String,
    /// Which element of the list it is about, counted from 1, and how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<(usize, usize)>,
    /// Whether it holds; `None` for a fault, where nobody looked, and where looking would take too many steps.
    pub holds: Option<bool>,
    /// The problem, for a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The values seen, by path or parameter, and of what is calculated as it is written.
    #[serde(flatten, serialize_with = "pairs::values")]
    pub values: Vec<(String, ToldValue)>,
    /// What its parts are to each other, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<Joined>,
    /// Its parts: all that `or` joins; what `and` joins, up to the one that settled it; what `not` stands
    /// before; the element of a list that settled it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ConditionExplanation>,
}

/// What the parts of a condition are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Joined {
    /// One of them is enough.
    Or,
    /// All of them are needed.
    And,
    /// The only one must not hold.
    Not,
    /// The only one is the element of a list for which it holds.
    Any,
    /// The only one is the element of a list for which it does not hold.
    All,
}
