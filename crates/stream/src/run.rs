//! A run: records of files judged, and what was decided written.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use crate::aside;
use crate::block::Block;
use crate::columns;
use crate::ending::Content;
use crate::input::{FEW_ROWS, MOST_ROWS, Opened, Readers};
use crate::judge::Judge;
use crate::observer::{Observer, Pass};
use crate::options::{CellForm, Format, Inputs, Known, Numbers, Wanted};
use crate::output::{Destination, Output};
use crate::past::Past;
use crate::pipeline::{self, threads};
use crate::rejects::Rejects;
use crate::replay::Replay;
use crate::sample::Tables;
use crate::tally::{self, OutcomeCounts};
use crate::task::Task;
use crate::teller::Totals;
use crate::{Refusal, StreamError};
use rulebook::{Policy, Rulebook};

/// What is to be judged by what, and where it goes.
pub struct Run<'r> {
    /// The rulebook of the policies.
    pub rulebook: &'r Rulebook,
    /// Who judges.
    pub policies: Vec<Policy>,
    /// Whether all of them judge every record; else those do whose record fits.
    pub named: bool,
    /// Which records.
    pub inputs: Inputs,
    /// Where decisions go.
    pub output: Destination,
    /// How they are written.
    pub format: Format,
    /// How JSON has numbers.
    pub numbers: Numbers,
    /// How texts stand in cells.
    pub cells: CellForm,
    /// What columns tell besides outcomes.
    pub wanted: Wanted,
    /// How many records a table shows of each policy; 0 for all.
    pub rows: usize,
    /// A file that keeps rejected records, as JSON lines.
    pub rejects: Option<PathBuf>,
    /// A file that keeps what counters have counted from run to run.
    pub history: Option<PathBuf>,
    /// Whether inputs that the history has counted are judged again as they were the first time.
    pub again: bool,
    /// Decisions with outcomes that [`Totals::alarmed`] counts.
    pub alarms: Vec<(String, String)>,
    /// How many threads judge; as many as the machine runs side by side, if not told. The output is the
    /// same for any number.
    pub threads: Option<NonZeroUsize>,
}

impl<'r> Run<'r> {
    /// The records of some inputs, judged by policies and written as JSON lines.
    pub fn new(
        rulebook: &'r Rulebook,
        policies: Vec<Policy>,
        inputs: Inputs,
        output: Destination,
    ) -> Self {
        Self {
            rulebook,
            policies,
            named: true,
            inputs,
            output,
            format: Format::Jsonl,
            numbers: Numbers::default(),
            cells: CellForm::default(),
            wanted: Wanted::default(),
            rows: 0,
            rejects: None,
            history: None,
            again: false,
            alarms: Vec::new(),
            threads: None,
        }
    }

    /// Judges all records. Nothing has its name yet, and nothing was added to the history.
    ///
    /// # Errors
    /// When an input cannot be read or changes meanwhile, and when something cannot be written.
    pub fn judge(self, observer: &mut dyn Observer) -> Result<Judged, StreamError> {
        if self.format == Format::Statements {
            self.refuse_unmapped()?;
        }
        let names = [(&self.rejects, Content::LINES), (&self.history, Content::HISTORY)];
        for (path, content) in names {
            path.as_deref().map_or(Ok(()), |path| content.fits(path))?;
        }
        let schema = columns::schema(self.format, &self.policies, self.wanted)?;
        // All inputs are opened before anything is written.
        let reads_counters = self.policies.iter().any(|policy| policy.counters().next().is_some());
        let counts = reads_counters || self.history.is_some();
        let rows = if self.format.tells_rows(self.wanted) { FEW_ROWS } else { MOST_ROWS };
        let readers = Readers { policies: &self.policies, named: self.named, rows };
        let inputs = Opened::open(&self.inputs, readers, counts)?;
        inputs.tell(observer);
        let size = inputs.size();
        let threads = threads(self.threads, size);
        let known = if self.again { Known::JudgedAgain } else { Known::Refused };
        let open = |path| Past::open(path, self.rulebook.program(), &inputs, known);
        let past = self.history.as_deref().map(open).transpose()?;
        let replay = match counts {
            true => Some(Replay::of(readers, &inputs, threads, past.as_ref(), observer)?),
            false => None,
        };
        let again = replay.as_ref().map_or(0, Replay::again);
        let filling = inputs.filling()?;
        let mut output =
            Output::open(self.output, self.format, (self.cells, self.rows), schema.as_ref())?;
        let task = Task {
            named: self.named,
            policies: self.policies,
            replay: replay.map(Arc::new),
            alarms: self.alarms,
            format: self.format,
            numbers: self.numbers,
            rows: self.rows,
            statements: self.rulebook.statements().clone(),
            keeps_rejects: self.rejects.is_some(),
            wanted: self.wanted,
            encoder: output.encoder(),
        };
        let mut rejects = Rejects::open(self.rejects.as_deref())?;
        observer.begin(Pass::Judging, size);
        // Statements of reasons are made by one, who knows the names of all before.
        let judges = if self.format == Format::Statements { 1 } else { threads };
        let judges = (0..judges).map(|_| Judge::new(task.clone())).collect();
        let mut taken = 0;
        let judges = pipeline::run(filling, judges, |block: &mut Block| {
            observer.advance(block.size)?;
            taken += block.len();
            rejects.write(&block.told, observer)?;
            output.write(&mut block.told)
        })?;
        observer.end();
        inputs.unchanged()?;
        let mut totals = Totals { again, ..Totals::default() };
        let mut tallies = Vec::new();
        for judge in judges {
            totals += judge.teller.counts;
            tallies.push(judge.teller.tally);
        }
        totals.complete(taken)?;
        let tables = std::mem::take(&mut output.tables);
        Ok(Judged { output, rejects, past, totals, outcomes: tally::sums(tallies), tables })
    }

    /// Statements of reasons need a mapping.
    fn refuse_unmapped(&self) -> Result<(), StreamError> {
        let mut mappings = self.rulebook.statements().mappings().iter();
        let judges = |name: &str| self.policies.iter().any(|policy| policy.name() == name);
        match mappings.any(|mapping| judges(&mapping.policy)) {
            true => Ok(()),
            false => Err(Refusal::NoMapping.into()),
        }
    }
}

/// A run of which all has been judged and is written aside. Dropped, nothing of it stays.
pub struct Judged {
    output: Output,
    rejects: Rejects,
    past: Option<Past>,
    /// How many records came to what.
    pub totals: Totals,
    /// How often each outcome was decided, of [`Format::Table`] and [`Format::Counts`].
    pub outcomes: Vec<OutcomeCounts>,
    /// The first decisions, of [`Format::Table`].
    pub tables: Tables,
}

impl Judged {
    /// Gives all files their names, and adds to the history what was counted. `text` is what is written
    /// where the format is one for people.
    ///
    /// # Errors
    /// When something cannot be written; then nothing is counted, and the error tells which file is there
    /// all the same.
    pub fn complete(self, text: &str) -> Result<Totals, StreamError> {
        // What was counted without being told would be lost: a run that ends in between is run again.
        let output = self.output.finish(text)?;
        aside::complete(output.into_iter().chain(self.rejects.finish()))?;
        self.past.map_or(Ok(()), Past::commit)?;
        Ok(self.totals)
    }
}
