//! Judges the records of one block after another.

use std::sync::Arc;

use super::Stop;
use super::args::{DecisionFormat, Numbers};
use super::block::{Batch, Block, Rows, Told};
use super::input::{Bound, Part, Table};
use super::output::Encoder;
use super::pipeline::{Pieces, Worker};
use super::rejects::Place;
use super::replay::Replay;
use super::teller::Teller;
use rulebook::batch::{OutcomeColumns, Wanted};
use rulebook::inside::{Batches, Counted, Decisions, Judged};
use rulebook::statement::Statements;
use rulebook::{Evaluation, inside::Counts};
use rulebook::{Policy, Rejection};
use rulebook_core::facts::{InputCode, InputError, keys};
use rulebook_lang::model::Number;

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
    /// How JSON has numbers.
    pub(super) numbers: Numbers,
    /// How many records a table shows; 0 for all.
    pub(super) rows: usize,
    /// How decisions become statements of reasons.
    pub(super) statements: Statements,
    /// Whether rejects are kept in a file.
    pub(super) keeps_rejects: bool,
    /// What is told in columns, and what writes them, if decisions are told so.
    pub(super) wanted: Wanted,
    pub(super) encoder: Option<Encoder>,
}

/// Whether more is told of a record than its outcomes, rules and faults, so that each has to be judged
/// by itself.
pub(super) fn tells_rows(format: DecisionFormat, wanted: Wanted) -> bool {
    format != DecisionFormat::Counts && (!format.is_columns() || wanted.reasons)
}

/// The columns that a format tells of decisions.
pub(super) fn outcome_columns(
    format: DecisionFormat,
    policies: &[Policy],
    wanted: Wanted,
) -> OutcomeColumns {
    match format {
        DecisionFormat::Csv | DecisionFormat::Tsv => OutcomeColumns::of_cells(policies, wanted),
        _ => OutcomeColumns::new(policies, wanted),
    }
}

/// One who judges records. Several may do so side by side, each in memory of its own.
pub(super) struct Judge {
    task: Task,
    evaluations: Vec<Evaluation>,
    /// The same for the rows of an input of columns.
    batches: Option<Batches>,
    /// The positions of the policies that judge the record at hand.
    fitting: Vec<usize>,
    /// The values of the counters of one policy.
    values: Vec<Number>,
    pub(super) teller: Teller,
}

impl Judge {
    pub(super) fn new(task: Task) -> Self {
        let evaluations = task.policies.iter().map(Policy::evaluation).collect();
        let fitting = (0..task.policies.len()).collect();
        let teller = Teller::new(&task);
        Self { task, evaluations, batches: None, fitting, values: Vec::new(), teller }
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
                _ => evaluation.decide_json(json),
            };
            decided.map_err(|Rejection { errors }| errors)?;
        }
        Ok(())
    }

    /// Judges the records of a block that are JSON.
    fn judge_texts(&mut self, block: &Block, told: &mut Told) {
        for (record, entry) in (block.first..).zip(&block.entries) {
            let text = block.text_of(entry);
            let judged = match &entry.broken {
                None => self.judge(record, text).and_then(|()| {
                    let decisions = Decisions::of(&self.fitting, &self.evaluations);
                    self.teller.decided(&self.task, record, decisions, told)
                }),
                Some(error) => Err(vec![error.as_ref().clone()]),
            };
            if let Err(errors) = judged {
                let line = Some(entry.line);
                let place = Place { record, line, file: block.file.as_deref() };
                self.teller.rejected(&self.task, &place, &errors, text, told);
            }
        }
    }

    /// Has memory for batches with these columns.
    fn bind(&mut self, bound: &Bound) {
        if self.batches.as_ref().is_some_and(|known| known.are_for(bound)) {
            return;
        }
        let batches = Batches::new(&self.task.policies, bound.clone());
        let tells_rows = tells_rows(self.task.format, self.task.wanted);
        self.batches = Some(if tells_rows { batches } else { batches.by_classes() });
        self.teller.forget_classes();
    }

    /// Judges the rows of a part of a file by what the file says of them, where they are only counted
    /// and all are sure to be decided alike; `false` where they have to be read.
    fn judge_unread(&mut self, table: &Table, part: &Part) -> bool {
        if self.task.format != DecisionFormat::Counts || self.task.replay.is_some() {
            return false;
        }
        let Some((bounds, bound)) = table.bounds(part) else { return false };
        self.bind(&table.bound);
        let Self { task, batches: Some(batches), teller, .. } = self else { return false };
        let Some(classes) = batches.between(&bounds, bound) else { return false };
        teller.decided_unread(task, part.len(), &classes, |place, class| {
            batches.decision(place, class)
        });
        true
    }

    /// Judges the records of a block that are rows of columns.
    fn judge_rows(&mut self, block: &Block, batch: &Batch, told: &mut Told) -> Result<(), Stop> {
        self.bind(&batch.bound);
        let Self { task, batches: Some(batches), teller, .. } = self else { return Ok(()) };
        let record = |row: u32| block.first + u64::from(batch.place(row));
        let mut rejected = Vec::new();
        let counted = |policy: usize, row: usize, values: &mut Vec<Number>| match (
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
            Judged::Classed(stretch) => teller.decided_stretch(record(row), stretch),
            Judged::Rejected(errors, object) => {
                // A row can always be written as JSON into memory.
                let object = serde_json::to_vec(&object).unwrap_or_default();
                rejected.push((row, errors, object));
            }
        });
        judged.map_err(|error| Stop::Broken(error.to_string()))?;
        self.reject(block, batch, rejected, told);
        Ok(())
    }

    /// Tells what is wrong with rows and with what is no row, in the order of the records.
    fn reject(
        &mut self,
        block: &Block,
        batch: &Batch,
        rejected: Vec<(u32, Vec<InputError>, Vec<u8>)>,
        told: &mut Told,
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
                file: block.file.as_deref(),
            };
            self.teller.rejected(&self.task, &place, &errors, &input, told);
        }
    }
}

impl Worker<Block> for Judge {
    fn work(&mut self, block: &mut Block, pieces: &mut Pieces<'_, Block>) -> Result<(), Stop> {
        if let Some(Rows::Part(table, part)) = &block.rows
            && self.judge_unread(table, part)
        {
            return Ok(());
        }
        let mut told = std::mem::take(&mut block.told);
        match block.batches()? {
            Some(batches) => {
                for batch in batches {
                    self.judge_rows(block, &batch?, &mut told)?;
                    if told.is_much() || self.teller.has_much() {
                        self.teller.end_block(&self.task, &mut told)?;
                        told = pieces.hand_over(Block::piece(told))?.told;
                        told.clear();
                    }
                }
                let Self { task, batches, teller, .. } = &mut *self;
                teller.end_classes(task, |place, class| batches.as_ref()?.decision(place, class));
            }
            None => self.judge_texts(block, &mut told),
        }
        self.teller.end_block(&self.task, &mut told)?;
        block.told = told;
        Ok(())
    }
}

/// The positions of the policies whose record has all its required fields in an object.
pub(super) fn fitting(policies: &[Policy], json: &[u8]) -> Result<Vec<usize>, Vec<InputError>> {
    let keys = keys(json).map_err(|error| vec![error])?;
    let fits = |policy: &Policy| policy.fits(keys.iter().map(String::as_str));
    let fitting: Vec<_> =
        (0..).zip(policies).filter(|(_, policy)| fits(policy)).map(|(at, _)| at).collect();
    if fitting.is_empty() {
        let names: Vec<_> = policies.iter().map(Policy::name).collect();
        let message = format!(
            "no policy takes a record with these fields; name one with `--policy` to learn why: {}",
            names.join(", ")
        );
        return Err(vec![InputError::new("", InputCode::NoPolicy, message)]);
    }
    Ok(fitting)
}
