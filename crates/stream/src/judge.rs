//! Judges the records of one block after another.

use std::sync::Arc;

use crate::StreamError;
use crate::block::{Block, Told};
use crate::columns::{Decisions, Encoder, RowJudge};
use crate::options::{Format, Numbers, Wanted};
use crate::pipeline::{Pieces, Worker};
use crate::rejects::Place;
use crate::replay::Replay;
use crate::teller::Teller;
use rulebook::inside::Counts;
use rulebook::statement::Statements;
use rulebook::{Evaluation, Policy, Rejection};
use rulebook_core::facts::{InputCode, InputError, keys};
use rulebook_lang::model::Number;

/// How records are judged, and how that is told.
#[derive(Clone)]
pub(crate) struct Task {
    pub(crate) policies: Vec<Policy>,
    /// Whether the user named the policies; else those judge whose record fits.
    pub(crate) named: bool,
    /// The values of counters, where policies read any.
    pub(crate) replay: Option<Arc<Replay>>,
    /// Decisions and outcomes that fail the run.
    pub(crate) alarms: Vec<(String, String)>,
    pub(crate) format: Format,
    /// How JSON has numbers.
    pub(crate) numbers: Numbers,
    /// How many records a table shows; 0 for all.
    pub(crate) rows: usize,
    /// How decisions become statements of reasons.
    pub(crate) statements: Statements,
    /// Whether rejects are kept in a file.
    pub(crate) keeps_rejects: bool,
    /// What is told in columns, and what writes them, if decisions are told so.
    pub(crate) wanted: Wanted,
    pub(crate) encoder: Option<Encoder>,
}

/// One who judges records. Several may do so side by side, each in memory of its own.
pub(crate) struct Judge {
    task: Task,
    evaluations: Vec<Evaluation>,
    /// Who judges the rows of an input of columns.
    rows: RowJudge,
    /// The positions of the policies that judge the record at hand.
    fitting: Vec<usize>,
    /// The values of the counters of one policy.
    values: Vec<Number>,
    pub(crate) teller: Teller,
}

impl Judge {
    pub(crate) fn new(task: Task) -> Self {
        let evaluations = task.policies.iter().map(Policy::evaluation).collect();
        let fitting = (0..task.policies.len()).collect();
        let teller = Teller::new(&task);
        Self { task, evaluations, rows: RowJudge::default(), fitting, values: Vec::new(), teller }
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
                let place = Place { record, line, file: block.file.as_ref() };
                self.teller.rejected(&self.task, &place, errors, text, told);
            }
        }
    }
}

impl Worker<Block> for Judge {
    fn work(
        &mut self,
        block: &mut Block,
        pieces: &mut Pieces<'_, Block>,
    ) -> Result<(), StreamError> {
        let mut told = std::mem::take(&mut block.told);
        match block.rows.take() {
            Some(rows) => {
                let task_and_teller = (&self.task, &mut self.teller);
                told = self.rows.judge(&rows, block, told, task_and_teller, pieces)?;
                block.rows = Some(rows);
            }
            None => self.judge_texts(block, &mut told),
        }
        self.teller.end_block(&mut told)?;
        block.told = told;
        Ok(())
    }
}

/// The positions of the policies whose record has all its required fields in an object.
pub(crate) fn fitting(policies: &[Policy], json: &[u8]) -> Result<Vec<usize>, Vec<InputError>> {
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
