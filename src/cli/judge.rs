//! Judges the records of one block after another, and counts what came of them.

use std::collections::HashSet;
use std::sync::Arc;

use serde::de::IgnoredAny;

use super::Stop;
use super::args::DecisionFormat;
use super::block::{Block, Told};
use super::json;
use super::output::tell_decision;
use super::pipeline::Worker;
use super::rejects::{self, Place};
use super::replay::Replay;
use super::tally::Tally;
use crate::facts::InputError;
use crate::model::Number;
use crate::rulebook::{Counts, Evaluation};
use crate::statement::{Statement, Statements};
use crate::{Decision, Policy, Rejection};

/// How records are judged, and how that is told.
#[derive(Clone)]
pub(super) struct Task {
    pub(super) policies: Vec<Policy>,
    /// Whether the user named the policies; else those judge whose record fits.
    pub(super) named: bool,
    /// The values of counters, where policies read any.
    pub(super) replay: Option<Arc<Replay>>,
    /// Decisions and outcomes that fail the run.
    pub(super) alarms: Vec<(String, String)>,
    pub(super) format: DecisionFormat,
    /// How many records a table shows; 0 for all.
    pub(super) rows: usize,
    /// How decisions become statements of reasons.
    pub(super) statements: Statements,
    /// Whether rejects are kept in a file.
    pub(super) keeps_rejects: bool,
}

/// How many records came to what.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) records: u64,
    pub(super) decided: u64,
    pub(super) rejected: u64,
    pub(super) faulted: u64,
    pub(super) alarmed: u64,
}

impl Totals {
    /// Makes sure that each record that was taken from the input has been decided or rejected.
    pub(super) fn complete(&self, taken: u64) -> Result<(), Stop> {
        let Self { decided, rejected, .. } = self;
        if decided + rejected == taken {
            return Ok(());
        }
        let counts = format!("of {taken} records {decided} were decided and {rejected} rejected");
        Err(Stop::Broken(counts))
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.decided += other.decided;
        self.rejected += other.rejected;
        self.faulted += other.faulted;
        self.alarmed += other.alarmed;
    }
}

/// One who judges records. Several may do so side by side, each in memory of its own.
pub(super) struct Judge {
    task: Task,
    evaluations: Vec<Evaluation>,
    /// The positions of the policies that judge the record at hand.
    fitting: Vec<usize>,
    /// The values of the counters of one policy.
    values: Vec<Number>,
    /// The names of the statements so far, of which no two may be the same.
    puids: HashSet<String>,
    pub(super) counts: Totals,
    pub(super) tally: Tally,
}

impl Judge {
    pub(super) fn new(task: Task) -> Self {
        let evaluations = task.policies.iter().map(Policy::evaluation).collect();
        let fitting = (0..task.policies.len()).collect();
        let (values, puids, counts, tally) = Default::default();
        Self { task, evaluations, fitting, values, puids, counts, tally }
    }

    /// Decides by every policy that the record is for; one rejection rejects it as a whole.
    fn judge(&mut self, record: u64, json: &[u8]) -> Result<(), Vec<InputError>> {
        if !self.task.named && self.task.policies.len() > 1 {
            self.fitting = fitting(&self.task.policies, json)?;
        }
        for at in &self.fitting {
            let Some(evaluation) = self.evaluations.get_mut(*at) else { continue };
            let decided = match (&self.task.replay, self.task.policies.get(*at)) {
                (Some(replay), Some(policy)) => {
                    replay.values(policy, record, &mut self.values)?;
                    evaluation.decide_counted(json, Counts::Given(&self.values))
                }
                _ => evaluation.decide(json),
            };
            decided.map_err(|Rejection { errors }| errors)?;
        }
        Ok(())
    }

    /// Adds the statements of reasons that the decisions about a record call for, each on a line.
    fn state(&mut self, into: &mut Vec<u8>) -> Result<(), Vec<InputError>> {
        let mut statements = Vec::new();
        for at in &self.fitting {
            let Some(evaluation) = self.evaluations.get(*at) else { continue };
            let statement = self.task.statements.statement(evaluation.decision());
            statements.extend(statement.transpose()?);
        }
        let mut own = HashSet::new();
        let mut taken = |statement: &&Statement| {
            let puid = statement.puid();
            self.puids.contains(puid) || !own.insert(puid.to_string())
        };
        if let Some(statement) = statements.iter().find(&mut taken) {
            let message = format!("another statement is named `{}`", statement.puid());
            let code = "duplicate-statement";
            return Err(vec![InputError { path: "dsa.puid".into(), code, message }]);
        }
        self.puids.extend(own);
        for statement in statements {
            // Texts can always be written as JSON into memory.
            let _ = json::append(&statement, into);
            into.push(b'\n');
        }
        Ok(())
    }

    /// Counts and tells what was decided about a record.
    fn tell(&mut self, record: u64, told: &mut Told) {
        self.counts.decided += 1;
        for at in &self.fitting {
            let Some(evaluation) = self.evaluations.get(*at) else { continue };
            let decision = evaluation.decision();
            self.counts.faulted += u64::from(decision.has_faulted());
            let rings = self.task.alarms.iter().any(|alarm| rings(decision, alarm));
            self.counts.alarmed += u64::from(rings);
            match self.task.format {
                DecisionFormat::Table => {
                    self.tally.add(*at, decision);
                    told.tables.add(record, decision, self.task.rows);
                }
                DecisionFormat::Counts => self.tally.add(*at, decision),
                // Statements are written where it shows whether they can be.
                DecisionFormat::Dsa => {}
                DecisionFormat::Json | DecisionFormat::Jsonl => {
                    tell_decision(self.task.format, record, decision, &mut told.decisions);
                }
            }
        }
    }
}

impl Worker<Block> for Judge {
    fn work(&mut self, block: &mut Block) -> Result<(), Stop> {
        let mut told = std::mem::take(&mut block.told);
        for (record, entry) in (block.first..).zip(&block.entries) {
            self.counts.records += 1;
            let text = block.text_of(entry);
            let judged = match &entry.broken {
                None if self.task.format == DecisionFormat::Dsa => {
                    self.judge(record, text).and_then(|()| self.state(&mut told.decisions))
                }
                None => self.judge(record, text),
                Some(error) => Err(vec![error.as_ref().clone()]),
            };
            match judged {
                Ok(()) => self.tell(record, &mut told),
                Err(errors) => {
                    self.counts.rejected += 1;
                    let place = Place { record, line: entry.line, file: block.file.as_deref() };
                    let into = &mut told.rejects;
                    match self.task.keeps_rejects {
                        true => rejects::keep(&place, &errors, text, into),
                        false => rejects::tell(&place, &errors, into),
                    }
                }
            }
        }
        block.told = told;
        Ok(())
    }
}

/// The positions of the policies whose record has all its required fields in an object.
pub(super) fn fitting(policies: &[Policy], json: &[u8]) -> Result<Vec<usize>, Vec<InputError>> {
    use std::collections::HashMap;
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let error = |code, message| vec![InputError { path: String::new(), code, message }];
    let keys: HashMap<String, IgnoredAny> = serde_json::from_slice(json)
        .map_err(|slip| error("bad-json", format!("this is not a JSON object: {slip}")))?;
    let fits = |policy: &Policy| policy.fits(keys.keys().map(String::as_str));
    let fitting: Vec<_> =
        (0..).zip(policies).filter(|(_, policy)| fits(policy)).map(|(at, _)| at).collect();
    if fitting.is_empty() {
        let names: Vec<_> = policies.iter().map(Policy::name).collect();
        let message = format!(
            "no policy takes a record with these fields; name one with `--policy` to learn why: {}",
            names.join(", ")
        );
        return Err(error("no-policy", message));
    }
    Ok(fitting)
}

fn rings(decision: &Decision, (name, outcome): &(String, String)) -> bool {
    decision.verdict(name).is_some_and(|verdict| {
        decision.outcome(name) == Some(outcome)
            || decision.told(&verdict) == *outcome
            || decision.truth(name).is_some_and(|truth| truth.to_string() == *outcome)
    })
}
