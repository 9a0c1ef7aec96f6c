//! One record of a file, judged by itself.

use std::path::Path;

use crate::StreamError;
use crate::block::{Block, Record};
use crate::input::{MANY_ROWS, Opened, Readers};
use crate::observer::Observer;
use crate::options::{Inputs, Known};
use crate::past::Past;
use crate::pipeline::threads;
use crate::replay::Replay;
use rulebook::inside::Counts;
use rulebook::{Decision, Policy};
use rulebook_base::visible::visible_path;
use rulebook_core::facts::{InputError, keys};
use rulebook_lang::figures::counted;

/// Which record of an input is judged, and by what.
pub struct Pick<'p> {
    /// Who may judge it: the first one whose record fits does.
    pub policies: &'p [Policy],
    /// Whether the first one judges it whether it fits or not.
    pub named: bool,
    /// The input, a single file.
    pub inputs: &'p Inputs,
    /// The number of the record, from 0 on.
    pub record: u64,
    /// A file that keeps what earlier runs have counted; nothing is added to it.
    pub history: Option<&'p Path>,
}

/// What became of the record.
pub enum Picked {
    /// It was decided.
    Decided(Box<Decision>),
    /// It breaks its declared types.
    Rejected(Vec<InputError>),
    /// It is no record, and why; with its line.
    Broken(u64, InputError),
    /// No policy takes such a record.
    Nobody,
}

/// Who judges the record, or what has become of it already.
enum Found {
    /// The policy at a place, which needs the values of counters.
    Counts(usize),
    Picked(Picked),
}

impl Pick<'_> {
    /// Judges the record.
    ///
    /// # Errors
    /// When there is no such record, and when it cannot be read.
    pub fn judge(&self, observer: &mut dyn Observer) -> Result<Picked, StreamError> {
        let again = self.history.is_some() || self.policies.iter().any(reads_counters);
        let readers = Readers { policies: self.policies, named: self.named, rows: MANY_ROWS };
        let inputs = Opened::open(self.inputs, readers, again)?;
        // Every policy is of the same rulebook.
        let program = self.policies.first().map(Policy::program);
        let past = match (self.history, program) {
            (Some(path), Some(program)) => {
                Some(Past::open(path, program, &inputs, Known::OnlyRead)?)
            }
            _ => None,
        };
        let found = self.find(&inputs, |record| {
            let Some(place) = self.place(record) else { return Found::Picked(Picked::Nobody) };
            match self.policies.get(place) {
                Some(policy) if reads_counters(policy) => Found::Counts(place),
                Some(policy) => Found::Picked(decide((place, policy), record, Counts::History)),
                None => Found::Picked(Picked::Nobody),
            }
        })?;
        let (place, policy) = match found {
            Found::Picked(picked) => return Ok(picked),
            Found::Counts(place) => match self.policies.get(place) {
                Some(policy) => (place, policy),
                None => return Ok(Picked::Nobody),
            },
        };
        let threads = threads(None, inputs.size());
        let replay = Replay::of(readers, &inputs, threads, past.as_ref(), observer)?;
        let mut values = Vec::new();
        if let Err(errors) = replay.values(policy, self.record, &mut values) {
            return Ok(Picked::Rejected(errors));
        }
        let found = self.find(&inputs, |record| {
            Found::Picked(decide((place, policy), record, Counts::Given(&values)))
        })?;
        match found {
            Found::Picked(picked) => Ok(picked),
            Found::Counts(_) => Ok(Picked::Nobody),
        }
    }

    /// The place of the policy that judges.
    fn place(&self, record: Record<'_>) -> Option<usize> {
        if self.named || self.policies.len() == 1 {
            return Some(0);
        }
        match record {
            Record::Json(json) => {
                let keys = keys(json).unwrap_or_default();
                let fits = |policy: &Policy| policy.fits(keys.iter().map(String::as_str));
                self.policies.iter().position(fits)
            }
            Record::Row(row) => (0..self.policies.len()).find(|place| row.is_for(*place)),
            Record::Broken { .. } => None,
        }
    }

    /// Hands over the record, unless it is none.
    fn find(
        &self,
        inputs: &Opened,
        take: impl Fn(Record<'_>) -> Found,
    ) -> Result<Found, StreamError> {
        let mut fill = inputs.filling()?;
        let mut block = Block::default();
        let mut passed = 0;
        while fill(&mut block)? {
            if self.record - passed < block.len() {
                return self.within(&mut block, take);
            }
            passed += block.len();
        }
        let number = usize::try_from(passed).unwrap_or(usize::MAX);
        let shown = match self.inputs.files.first() {
            Some(path) if path != Path::new("-") => visible_path(path),
            _ => "standard input".to_string(),
        };
        Err(StreamError::Unusable(match number {
            0 => format!("{shown} has no records"),
            _ => {
                let records = counted(number, "record");
                format!("{shown} has {records}; there is no record {}", self.record)
            }
        }))
    }

    /// The same for the block that has it.
    fn within(
        &self,
        block: &mut Block,
        take: impl Fn(Record<'_>) -> Found,
    ) -> Result<Found, StreamError> {
        let mut found = None;
        let mut broken = None;
        block.each(|number, record| match record {
            _ if number != self.record => {}
            Record::Broken { error, .. } => broken = Some(error.clone()),
            record => found = Some(take(record)),
        })?;
        if let Some(error) = broken {
            let place = usize::try_from(self.record - block.first).unwrap_or(usize::MAX);
            let line = block.entries.get(place).map_or(0, |entry| entry.line);
            return Ok(Found::Picked(Picked::Broken(line, error)));
        }
        let lost = || StreamError::Broken(format!("record {} is lost", self.record));
        found.ok_or_else(lost)
    }
}

fn reads_counters(policy: &Policy) -> bool {
    policy.counters().next().is_some()
}

/// Decides about the record by the policy at a place.
fn decide((place, policy): (usize, &Policy), record: Record<'_>, counts: Counts<'_>) -> Picked {
    let mut evaluation = policy.evaluation();
    match record.decide(place, &mut evaluation, counts) {
        Some(Ok(decision)) => Picked::Decided(Box::new(decision.clone())),
        Some(Err(rejection)) => Picked::Rejected(rejection.errors),
        None => Picked::Nobody,
    }
}
