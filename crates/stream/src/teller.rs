//! Decisions and rejections into counts and into what is written of them.

use std::collections::HashSet;

use crate::block::Told;
use crate::columns::{Decided, Decisions, Outcomes};
use crate::observer::Rejected;
use crate::options::Format;
use crate::output::tell_decision;
use crate::rejects::{self, Place};
use crate::tally::Tally;
use crate::task::Task;
use crate::{StreamError, json};
use rulebook::Decision;
use rulebook::statement::Statement;
use rulebook_core::facts::{InputCode, InputError};

/// How many records came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub records: u64,
    /// Those that were decided.
    pub decided: u64,
    /// Those that were rejected; all others were decided.
    pub rejected: u64,
    /// Those of which a decision is a fault.
    pub faulted: u64,
    /// Those that came to an outcome of which there was to be an alarm.
    pub alarmed: u64,
    /// Those that came before, by their keys, and count no more.
    pub again: u64,
    /// Those that were decided by what their file says of them, without being read.
    pub unread: u64,
}

impl Totals {
    /// Counts the faults and alarms of what was decided about some records.
    fn count(&mut self, task: &Task, decision: &Decision, records: u64) {
        self.faulted += records * u64::from(decision.has_faulted());
        let rings = task.alarms.iter().any(|alarm| rings(decision, alarm));
        self.alarmed += records * u64::from(rings);
    }

    /// Makes sure that each record that was taken from the input has been decided or rejected.
    pub(crate) fn complete(&self, taken: u64) -> Result<(), StreamError> {
        let Self { decided, rejected, .. } = self;
        if decided + rejected == taken {
            return Ok(());
        }
        let counts = format!("of {taken} records {decided} were decided and {rejected} rejected");
        Err(StreamError::Broken(counts))
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.decided += other.decided;
        self.rejected += other.rejected;
        self.faulted += other.faulted;
        self.alarmed += other.alarmed;
        self.unread += other.unread;
    }
}

/// One who tells what became of records.
pub(crate) struct Teller {
    /// The names of the statements so far, of which no two may be the same.
    puids: HashSet<String>,
    /// The decisions of a block in columns, where they are told so.
    pub(crate) outcomes: Option<Outcomes>,
    pub(crate) counts: Totals,
    pub(crate) tally: Tally,
}

impl Teller {
    pub(crate) fn new(task: &Task) -> Self {
        let (puids, counts, tally) = Default::default();
        Self { puids, outcomes: Outcomes::of(task), counts, tally }
    }

    /// Counts and tells what was decided about a record.
    ///
    /// # Errors
    /// Why it is rejected after all.
    pub(crate) fn decided(
        &mut self,
        task: &Task,
        record: u64,
        mut decisions: Decisions<'_>,
        told: &mut Told,
    ) -> Result<(), Vec<InputError>> {
        if task.format == Format::Statements {
            self.state(task, &mut decisions, &mut told.decisions)?;
        }
        self.counts.records += 1;
        self.counts.decided += 1;
        let Self { counts, tally, outcomes, .. } = self;
        let mut count = |Decided { place, decision }: Decided<'_>| {
            counts.count(task, decision, 1);
            if task.format.counts_outcomes() {
                tally.add(place, decision, 1);
            }
        };
        match outcomes {
            Some(outcomes) if task.format.is_columns() => {
                outcomes.push_decided(record, &mut decisions, &mut count);
            }
            _ => decisions.each(|decided| {
                count(decided);
                let decision = decided.decision;
                match task.format {
                    Format::Counts | Format::Statements => {}
                    Format::Table => told.tables.add(record, decision, task.rows),
                    format => {
                        let form = (format, task.numbers);
                        tell_decision(form, record, decision, &mut told.decisions);
                    }
                }
            }),
        }
        Ok(())
    }

    /// Counts what a policy decided about some records.
    pub(crate) fn count(&mut self, task: &Task, place: usize, decision: &Decision, records: u64) {
        self.counts.count(task, decision, records);
        if task.format.counts_outcomes() {
            self.tally.add(place, decision, records);
        }
    }

    /// Counts and tells what is wrong with a record; `input` is as it came.
    pub(crate) fn rejected(
        &mut self,
        task: &Task,
        place: &Place<'_>,
        errors: Vec<InputError>,
        input: &[u8],
        told: &mut Told,
    ) {
        self.counts.records += 1;
        self.counts.rejected += 1;
        if task.keeps_rejects {
            rejects::keep(place, &errors, input, &mut told.rejects);
            return;
        }
        let Place { record, line, file } = *place;
        let rejected = Rejected { record, line, file: file.cloned(), errors };
        told.rejected_size += rejected.size();
        told.rejected.push(rejected);
    }

    /// Ends a block, or a piece of one: what is written as columns becomes some.
    pub(crate) fn end_block(&mut self, told: &mut Told) -> Result<(), StreamError> {
        self.outcomes.as_mut().map_or(Ok(()), |outcomes| outcomes.end_block(told))
    }

    /// Adds the statements of reasons that the decisions about a record call for, each on a line.
    fn state(
        &mut self,
        task: &Task,
        decisions: &mut Decisions<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Vec<InputError>> {
        let mut statements = Vec::new();
        decisions.each(|Decided { decision, .. }| {
            statements.extend(task.statements.statement(decision));
        });
        let statements = statements.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut puids = HashSet::new();
        let mut taken = |statement: &&Statement| {
            let puid = statement.puid();
            self.puids.contains(puid) || !puids.insert(puid.to_string())
        };
        if let Some(statement) = statements.iter().find(&mut taken) {
            let message = format!("another statement is named `{}`", statement.puid());
            let code = InputCode::DuplicateStatement;
            return Err(vec![InputError::new("dsa.puid", code, message)]);
        }
        self.puids.extend(puids);
        for statement in statements {
            // Texts can always be written as JSON into memory.
            let _ = json::append(&statement, task.numbers, into);
            into.push(b'\n');
        }
        Ok(())
    }
}

fn rings(decision: &Decision, (name, outcome): &(String, String)) -> bool {
    decision.verdict(name).is_some_and(|verdict| {
        decision.outcome(name) == Ok(outcome)
            || decision.told(&verdict) == *outcome
            || decision.truth(name).is_ok_and(|truth| truth.to_string() == *outcome)
    })
}
