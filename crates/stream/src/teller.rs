//! Decisions and rejections into counts and into what is written of them.

use std::collections::HashSet;

use super::Stop;
use super::args::DecisionFormat;
use super::block::Told;
use super::json;
use super::judge::{self, Task};
use super::output::tell_decision;
use super::rejects::{self, Place};
use super::tally::Tally;
use rulebook::Decision;
use rulebook::batch::OutcomeColumns;
use rulebook::inside::{Class, ClassCounts, Decided, Decisions, Stretch};
use rulebook::statement::Statement;
use rulebook_core::facts::{InputCode, InputError};

/// How many records came to what.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) records: u64,
    pub(super) decided: u64,
    pub(super) rejected: u64,
    pub(super) faulted: u64,
    pub(super) alarmed: u64,
    /// Those that were decided by what their file says of them.
    pub(super) unread: u64,
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
        self.unread += other.unread;
    }
}

/// One who tells what became of records.
pub(super) struct Teller {
    /// The names of the statements so far, of which no two may be the same.
    puids: HashSet<String>,
    outcomes: Option<OutcomeColumns>,
    /// How many records of a block are of each class.
    classes: ClassCounts,
    pub(super) counts: Totals,
    pub(super) tally: Tally,
}

impl Teller {
    pub(super) fn new(task: &Task) -> Self {
        let columns = || judge::outcome_columns(task.format, &task.policies, task.wanted);
        let outcomes = task.encoder.is_some().then(columns);
        let (puids, classes, counts, tally) = Default::default();
        Self { puids, outcomes, classes, counts, tally }
    }

    /// Counts and tells what was decided about a record.
    ///
    /// # Errors
    /// Why it is rejected after all.
    pub(super) fn decided(
        &mut self,
        task: &Task,
        record: u64,
        decisions: Decisions<'_>,
        told: &mut Told,
    ) -> Result<(), Vec<InputError>> {
        if task.format == DecisionFormat::Dsa {
            self.state(task, decisions, &mut told.decisions)?;
        }
        self.counts.records += 1;
        self.counts.decided += 1;
        for Decided { place, decision } in decisions.iter() {
            self.count(task, place, decision, 1);
        }
        match (task.format, &mut self.outcomes) {
            (DecisionFormat::Counts | DecisionFormat::Dsa, _) => {}
            (_, Some(outcomes)) => outcomes.push_decided(record, decisions),
            (format, None) => {
                for Decided { decision, .. } in decisions.iter() {
                    match format {
                        DecisionFormat::Table => told.tables.add(record, decision, task.rows),
                        _ => {
                            let form = (format, task.numbers);
                            tell_decision(form, record, decision, &mut told.decisions);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Counts and tells what was decided about rows that are of classes, the first of which has the
    /// number `first`.
    pub(super) fn decided_stretch(&mut self, first: u64, stretch: Stretch<'_>) {
        self.counts.records += stretch.count() as u64;
        self.counts.decided += stretch.count() as u64;
        self.classes.add(stretch);
        if let Some(outcomes) = &mut self.outcomes {
            outcomes.push_stretch(first, stretch);
        }
    }

    /// Counts records that are of one class for each policy, and were not read.
    pub(super) fn decided_unread<'d>(
        &mut self,
        task: &Task,
        records: u64,
        classes: &[(usize, Class)],
        decision: impl Fn(usize, Class) -> Option<&'d Decision>,
    ) {
        self.counts.records += records;
        self.counts.decided += records;
        self.counts.unread += records;
        for (place, class) in classes {
            if let Some(decision) = decision(*place, *class) {
                self.count(task, *place, decision, records);
            }
        }
    }

    /// Counts what a policy decided about some records.
    fn count(&mut self, task: &Task, place: usize, decision: &Decision, records: u64) {
        self.counts.faulted += records * u64::from(decision.has_faulted());
        let rings = task.alarms.iter().any(|alarm| rings(decision, alarm));
        self.counts.alarmed += records * u64::from(rings);
        if matches!(task.format, DecisionFormat::Table | DecisionFormat::Counts) {
            self.tally.add(place, decision, records);
        }
    }

    /// Counts the records of each class at once, when all rows of a block have been judged. What was
    /// decided about a class is told by the place of its policy.
    pub(super) fn end_classes<'d>(
        &mut self,
        task: &Task,
        decision: impl Fn(usize, Class) -> Option<&'d Decision>,
    ) {
        let mut classes = std::mem::take(&mut self.classes);
        for (place, class, records) in classes.drain() {
            if let Some(decision) = decision(place, class) {
                self.count(task, place, decision, records);
            }
        }
        self.classes = classes;
    }

    /// Forgets what was known of classes: those that come are others.
    pub(super) fn forget_classes(&mut self) {
        self.outcomes.iter_mut().for_each(OutcomeColumns::forget_classes);
    }

    /// Counts and tells what is wrong with a record; `input` is as it came.
    pub(super) fn rejected(
        &mut self,
        task: &Task,
        place: &Place<'_>,
        errors: &[InputError],
        input: &[u8],
        told: &mut Told,
    ) {
        self.counts.records += 1;
        self.counts.rejected += 1;
        match task.keeps_rejects {
            true => rejects::keep(place, errors, input, &mut told.rejects),
            false => rejects::tell(place, errors, &mut told.rejects),
        }
    }

    /// Whether there are so many decisions in columns that they should be written before there are
    /// more.
    pub(super) fn has_much(&self) -> bool {
        /// As many as make a good group of rows, unless they have long texts.
        const MUCH: usize = 1 << 23;
        self.outcomes.as_ref().is_some_and(|outcomes| outcomes.size() > MUCH)
    }

    /// Ends a block, or a piece of one: what is written as columns becomes some.
    pub(super) fn end_block(&mut self, task: &Task, told: &mut Told) -> Result<(), Stop> {
        let (Some(outcomes), Some(encoder)) = (&mut self.outcomes, &task.encoder) else {
            return Ok(());
        };
        if outcomes.is_empty() {
            return Ok(());
        }
        let batch = outcomes.finish().map_err(|_| {
            let why = "the texts that are decided about some thousand records are longer than 2 GB";
            Stop::Unusable(format!("{why}, which columns cannot hold; write JSON lines"))
        })?;
        Ok(encoder.encode(batch, told)?)
    }

    /// Adds the statements of reasons that the decisions about a record call for, each on a line.
    fn state(
        &mut self,
        task: &Task,
        decisions: Decisions<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Vec<InputError>> {
        let mut statements = Vec::new();
        for Decided { decision, .. } in decisions.iter() {
            let statement = task.statements.statement(decision);
            statements.extend(statement.transpose()?);
        }
        let mut own = HashSet::new();
        let mut taken = |statement: &&Statement| {
            let puid = statement.puid();
            self.puids.contains(puid) || !own.insert(puid.to_string())
        };
        if let Some(statement) = statements.iter().find(&mut taken) {
            let message = format!("another statement is named `{}`", statement.puid());
            let code = InputCode::DuplicateStatement;
            return Err(vec![InputError::new("dsa.puid", code, message)]);
        }
        self.puids.extend(own);
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
