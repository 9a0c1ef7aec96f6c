//! What can be said of all records at once: invariants proved, or refuted by a record.

mod outcome;
mod record;
mod search;
mod space;

use crate::eval::{Machine, Readings, Times, display, time_text};
use crate::program::{Claim, NodeId, Policy, PolicyId, Program};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_base::visible::visible;
use rulebook_lang::figures::Locale;
use rulebook_lang::model::{Json, Store, Time};
use search::SearchResult;
use serde::Serialize;

/// How much work the claims of a rulebook may take together where somebody waits for a decision: conditions looked
/// at, less than a tenth of a second.
pub const AT_LOADING: u64 = 1_000_000;

/// The same where somebody asks what holds: a second or two.
pub const IN_DEPTH: u64 = 20_000_000;

/// An invariant, and what the search for a record that breaks it came to.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The policy that it is about.
    pub policy: String,
    /// What the policy calls the invariant.
    pub invariant: String,
    /// Whether it holds for every record, as far as the search could see.
    pub verdict: Verdict,
    /// Where the policy states it: what a diagnostic points at.
    #[serde(skip)]
    pub span: Span,
    /// The conditions that could not be seen through.
    #[serde(skip)]
    pub unseen: Vec<Span>,
}

/// What a search for a record that breaks an invariant came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// There is none: the invariant holds for every record.
    Proved,
    /// These break it: one record, or two that differ in what must not matter.
    Broken(Vec<Counterexample>),
    /// None was found, but there may be some.
    Open,
    /// There was too much to try.
    TooMuch,
}

/// A record that breaks an invariant, alone or beside another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counterexample {
    /// The record as an input would give it; what it lacks is missing.
    pub record: Json,
    /// The time of the evaluation, where the policy is not dated by the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// What counters count before it, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<(String, String)>,
    /// What each decision that the claim is about comes to for it, by name.
    pub decisions: Vec<(String, String)>,
}

/// Looks at every invariant of a program, which may take so much work together; returns how much it took.
pub fn findings(program: &Program, most: u64) -> (Vec<Finding>, u64) {
    let mut findings = Vec::new();
    let mut claims: u64 =
        program.policies.iter().map(|policy| policy.invariants.len() as u64).sum();
    let mut left = most;
    for (id, policy) in program.policies.numbered() {
        let fields = space::fields(program, policy);
        for invariant in &policy.invariants {
            // What a claim does not need is there for those behind it.
            let (found, taken) =
                search::search(program, (id, policy, &fields), invariant, left / claims.max(1));
            (left, claims) = (left.saturating_sub(taken), claims.saturating_sub(1));
            let (verdict, unseen) = match found {
                SearchResult::Proved => (Verdict::Proved, Vec::new()),
                SearchResult::Open(unseen) => (Verdict::Open, spans(program, &unseen)),
                SearchResult::TooMuch => (Verdict::TooMuch, Vec::new()),
                SearchResult::Broken(records) => {
                    let counterexamples = records.iter().map(|case| {
                        let (row, now) = case;
                        let undated = policy.dated.is_none();
                        Counterexample {
                            record: record::json(program, policy, row),
                            now: undated.then(|| time_text(*now, &program.zone)),
                            counters: counters(program, policy, row),
                            decisions: decisions(program, (id, policy), &invariant.claim, case),
                        }
                    });
                    (Verdict::Broken(counterexamples.collect()), Vec::new())
                }
            };
            findings.push(Finding {
                policy: policy.name.clone(),
                invariant: invariant.name.clone(),
                verdict,
                span: invariant.span,
                unseen,
            });
        }
    }
    (findings, most - left)
}

/// What a decision that a claim is about comes to on a row.
fn decisions(
    program: &Program,
    (id, policy): (PolicyId, &Policy),
    claim: &Claim,
    (row, now): &(Store, Time),
) -> Vec<(String, String)> {
    let readings = Readings::with(policy.reads.iter().copied().chain([id]));
    let machine = Machine::new(program, row, &readings, Times::at(*now));
    let locale = Locale::of(program.languages.first().map_or("en", String::as_str));
    let outcomes = search::decisions_of(program, id, claim).into_iter().map(|(of, asked)| {
        let (_, decision) = program.decision(of, asked);
        let value = machine.decided(of, asked);
        let outcome = value.map_or_else(
            || "fault".to_string(),
            |value| display(&value, &decision.whole_type(), locale, &program.zone),
        );
        let name = match of == id {
            true => decision.name.clone(),
            false => program.decision_path(of, asked),
        };
        (name, outcome)
    });
    outcomes.collect()
}

/// What the counters of a row say.
fn counters(program: &Program, policy: &Policy, row: &Store) -> Vec<(String, String)> {
    let locale = Locale::of("");
    let counts = policy.counters.iter().map(|counted| {
        let counter = &program.counters[counted.counter];
        let value = display(&row.get(counted.slot), &counter.ty, locale, &program.zone);
        (counter.name.clone(), value)
    });
    counts.collect()
}

fn spans(program: &Program, nodes: &[NodeId]) -> Vec<Span> {
    nodes.iter().map(|node| program.span(*node)).collect()
}

impl Finding {
    /// Whether it holds for every record.
    pub fn is_proved(&self) -> bool {
        matches!(self.verdict, Verdict::Proved)
    }

    /// What the author has to know; `None` if the invariant is proved.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let name = &self.invariant;
        match &self.verdict {
            Verdict::Proved => None,
            Verdict::Broken(records) => Some(self.broken(records)),
            Verdict::Open => {
                let message = format!("`{name}` could neither be proved nor refuted");
                let open = Diagnostic::new(Code::OpenInvariant, self.span, message);
                let open = self.unseen.iter().take(3).fold(open, |open, span| {
                    open.also(*span, "what this comes to cannot be told for all records at once")
                });
                Some(open.help(
                    "fields that are compared with constants, and outcomes that are constants, can be \
                     followed; cover the rest by scenarios",
                ))
            }
            Verdict::TooMuch => {
                let message = format!(
                    "`{name}` is too much to search: no record was found that breaks it, and there are \
                     too many kinds of records to try them all"
                );
                Some(
                    Diagnostic::new(Code::OpenInvariant, self.span, message)
                        .help("narrow it by `when`, or part it into several"),
                )
            }
        }
    }

    fn broken(&self, records: &[Counterexample]) -> Diagnostic {
        let message = format!("`{}` does not hold", self.invariant);
        let texts: Vec<_> = records.iter().map(Counterexample::text).collect();
        Diagnostic::new(Code::BrokenInvariant, self.span, message)
            .label("this claim is broken")
            .help(texts.join("\nand "))
    }
}

impl Counterexample {
    fn text(&self) -> String {
        let of = |pairs: &[(String, String)]| {
            let pairs: Vec<_> =
                pairs.iter().map(|(name, value)| format!("{name} = {}", visible(value))).collect();
            pairs.join(", ")
        };
        let now = self.now.as_ref().map(|now| format!(" at {now}")).unwrap_or_default();
        let counters = match self.counters.is_empty() {
            true => String::new(),
            false => format!(", with {}", of(&self.counters)),
        };
        format!(
            "{}{now}{counters} is decided {}",
            visible(&self.record.to_string()),
            of(&self.decisions)
        )
    }
}
