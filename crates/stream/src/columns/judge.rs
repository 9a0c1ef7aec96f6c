//! Judges the rows of one block after another.

use super::bind::Bound;
use super::outcomes::Outcomes;
use super::read::{Part, Table};
use super::rows::{Batch, Rows};
use crate::StreamError;
use crate::block::{Block, Told};
use crate::options::Format;
use crate::pipeline::Pieces;
use crate::rejects::Place;
use crate::task::Task;
use crate::teller::Teller;
use rulebook::inside::{Batches, ClassCounts, Counted, Judged};
use rulebook_core::facts::InputError;
use rulebook_core::history::Answer;

/// One who judges rows.
#[derive(Default)]
pub(crate) struct RowJudge {
    /// Memory for batches of the columns at hand.
    batches: Option<Batches>,
    /// How many records of a block are of each class.
    classes: ClassCounts,
}

impl RowJudge {
    /// Judges the records of a block that are rows; what is told of them comes back.
    pub(crate) fn judge(
        &mut self,
        rows: &Rows,
        block: &mut Block,
        mut told: Told,
        (task, teller): (&Task, &mut Teller),
        pieces: &mut Pieces<'_, Block>,
    ) -> Result<Told, StreamError> {
        if let Rows::Part(table, part) = rows
            && self.judge_unread(table, part, task, teller)
        {
            return Ok(told);
        }
        for batch in rows.batches(block)? {
            self.judge_batch(block, &batch?, &mut told, task, teller)?;
            let has_much = teller.outcomes.as_ref().is_some_and(Outcomes::has_much);
            if told.is_much() || has_much {
                teller.end_block(&mut told)?;
                told = pieces.hand_over(Block::piece(told))?.told;
                told.clear();
            }
        }
        let Self { batches, classes } = self;
        for (place, class, records) in classes.drain() {
            if let Some(decision) =
                batches.as_ref().and_then(|batches| batches.decision(place, class))
            {
                teller.count(task, place, decision, records);
            }
        }
        Ok(told)
    }

    /// Has memory for batches with these columns.
    fn bind(&mut self, bound: &Bound, task: &Task, teller: &mut Teller) {
        if self.batches.as_ref().is_some_and(|batches| batches.are_for(bound)) {
            return;
        }
        let batches = Batches::new(&task.policies, bound.clone());
        let tells_rows = task.format.tells_rows(task.wanted);
        self.batches = Some(if tells_rows { batches } else { batches.by_classes() });
        // What was known of classes: those that come are others.
        teller.outcomes.iter_mut().for_each(Outcomes::forget_classes);
    }

    /// Judges the rows of a part of a file by what the file says of them, where they are only counted
    /// and all are sure to be decided alike; `false` where they have to be read.
    fn judge_unread(
        &mut self,
        table: &Table,
        part: &Part,
        task: &Task,
        teller: &mut Teller,
    ) -> bool {
        if task.format != Format::Counts || task.replay.is_some() {
            return false;
        }
        let Some((bounds, bound)) = table.bounds(part) else { return false };
        self.bind(&table.bound, task, teller);
        let Some(batches) = &mut self.batches else { return false };
        let Some(classes) = batches.between(&bounds, bound) else { return false };
        teller.counts.records += part.len();
        teller.counts.decided += part.len();
        teller.counts.unread += part.len();
        for (place, class) in classes {
            if let Some(decision) = batches.decision(place, class) {
                teller.count(task, place, decision, part.len());
            }
        }
        true
    }

    /// Judges the rows of a batch.
    fn judge_batch(
        &mut self,
        block: &Block,
        batch: &Batch,
        told: &mut Told,
        task: &Task,
        teller: &mut Teller,
    ) -> Result<(), StreamError> {
        self.bind(&batch.bound, task, teller);
        let Self { batches: Some(batches), classes } = self else { return Ok(()) };
        let record = |row: u32| block.first + u64::from(batch.place(row));
        let mut rejected = Vec::new();
        let counted = |policy: usize, row: usize, values: &mut Vec<Answer>| match (
            &task.replay,
            task.policies.get(policy),
            u32::try_from(row),
        ) {
            (Some(replay), Some(policy), Ok(row)) => replay.values(policy, record(row), values),
            _ => Ok(()),
        };
        let counted = task.replay.as_ref().map(|_| &counted as Counted<'_>);
        let judged = batches.judge(&batch.rows, counted, |row, judged| match judged {
            Judged::Decided(decisions) => {
                if let Err(errors) = teller.decided(task, record(row), decisions, told) {
                    rejected.push((row, errors, Vec::new()));
                }
            }
            // Only rows of a Parquet file are of classes, and their records stand side by side.
            Judged::Classed(stretch) => {
                classes.add(stretch);
                teller.counts.records += stretch.count() as u64;
                teller.counts.decided += stretch.count() as u64;
                if let Some(outcomes) = &mut teller.outcomes {
                    outcomes.push_stretch(record(row), stretch);
                }
            }
            Judged::Rejected(errors, object) => {
                // A row can always be written as JSON into memory.
                let object = serde_json::to_vec(&object).unwrap_or_default();
                rejected.push((row, errors, object));
            }
        });
        judged.map_err(|error| StreamError::Broken(error.to_string()))?;
        reject(block, batch, rejected, told, (task, teller));
        Ok(())
    }
}

/// Tells what is wrong with rows and with what is no row, in the order of the records.
fn reject(
    block: &Block,
    batch: &Batch,
    rejected: Vec<(u32, Vec<InputError>, Vec<u8>)>,
    told: &mut Told,
    (task, teller): (&Task, &mut Teller),
) {
    let rows = rejected
        .into_iter()
        .map(|(row, errors, object)| (u64::from(batch.place(row)), errors, object));
    let broken = (0..).zip(&block.entries).filter_map(|(place, entry)| {
        let error = entry.broken.as_ref()?;
        Some((place, vec![error.as_ref().clone()], block.text_of(entry).to_vec()))
    });
    let mut all: Vec<_> = rows.chain(broken).collect();
    all.sort_by_key(|(place, ..)| *place);
    for (place, errors, input) in all {
        let entry = usize::try_from(place).ok().and_then(|place| block.entries.get(place));
        let place = Place {
            record: block.first + place,
            line: entry.map(|entry| entry.line),
            file: block.file.as_ref(),
        };
        teller.rejected(task, &place, errors, &input, told);
    }
}
