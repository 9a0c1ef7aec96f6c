//! Judges the records of one block after another.

use crate::StreamError;
use crate::block::{Block, Told};
use crate::columns::{Decisions, RowJudge};
use crate::input::fitting;
use crate::pipeline::{Pieces, Worker};
use crate::rejects::Place;
use crate::task::Task;
use crate::teller::Teller;
use rulebook::inside::{Counts, Together};
use rulebook::{Evaluation, Policy, Rejection};
use rulebook_core::facts::InputError;
use rulebook_core::history::Answer;

/// One who judges records. Several may do so side by side, each in memory of its own.
pub(crate) struct Judge {
    task: Task,
    evaluations: Vec<Evaluation>,
    /// Who judges the rows of an input of columns.
    rows: RowJudge,
    /// The positions of the policies that judge the record at hand.
    fitting: Vec<usize>,
    /// The values of the counters of one policy.
    values: Vec<Answer>,
    /// What the policies find out together about the record at hand, where one of them reads another.
    together: Option<Together>,
    pub(crate) teller: Teller,
}

impl Judge {
    pub(crate) fn new(task: Task) -> Self {
        let evaluations = task.policies.iter().map(Policy::evaluation).collect();
        let fitting = (0..task.policies.len()).collect();
        let teller = Teller::new(&task);
        let (rows, values) = (RowJudge::default(), Vec::new());
        let reads = task.policies.iter().any(Policy::reads_others);
        let together = (reads && task.policies.len() > 1).then(Together::default);
        Self { task, evaluations, rows, fitting, values, together, teller }
    }

    /// Decides by every policy that the record is for; one rejection rejects it as a whole.
    fn judge(&mut self, record: u64, json: &[u8]) -> Result<(), Vec<InputError>> {
        if !self.task.named && self.task.policies.len() > 1 {
            self.fitting = fitting(&self.task.policies, json)?;
        }
        if let Some(together) = &mut self.together {
            self.evaluations.iter_mut().for_each(|evaluation| evaluation.leave(together));
            together.begin();
        }
        for at in &self.fitting {
            let Some(evaluation) = self.evaluations.get_mut(*at) else { continue };
            let counts = match (&self.task.replay, self.task.policies.get(*at)) {
                (Some(replay), Some(policy)) => {
                    replay.values(policy, record, &mut self.values)?;
                    Counts::Given(&self.values)
                }
                _ => Counts::History,
            };
            let decided = match &mut self.together {
                Some(together) => evaluation.decide_together(json, counts, together),
                None => evaluation.decide_counted(json, counts),
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
                    let decisions = Decisions::of(&self.fitting, &mut self.evaluations);
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
        // All policies of a run are of one rulebook.
        match self.task.policies.first().map(|policy| policy.program().clone()) {
            Some(program) => program.with_stack(|| self.judge_block(block, pieces)),
            None => self.judge_block(block, pieces),
        }
    }
}

impl Judge {
    fn judge_block(
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
