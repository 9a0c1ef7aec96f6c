//! One record of a file, judged by itself.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use serde_json::value::RawValue;

use crate::StreamError;
use crate::block::{Block, Record};
use crate::input::{MANY_ROWS, Opened, Readers};
use crate::observer::Observer;
use crate::options::{self, Inputs};
use crate::past::Past;
use crate::pipeline::threads;
use crate::replay::Replay;
use rulebook::inside::Counts;
use rulebook::{Decision, Element, Policy};
use rulebook_base::source::without_mark;
use rulebook_base::visible::visible_path;
use rulebook_core::facts::{InputError, keys};
use rulebook_lang::figures::counted;
use rulebook_lang::model::Number;

/// The most elements of a list that are looked at one by one.
pub const MOST_ELEMENTS: usize = 100;

/// Which record of an input is judged, and by what.
pub struct Pick<'p> {
    /// Who may judge it: the first one whose record fits does.
    pub policies: &'p [Policy],
    /// Whether the first one judges it whether it fits or not.
    pub named: bool,
    /// The input, a single file.
    pub inputs: &'p Inputs,
    /// Which record of it.
    pub which: Which<'p>,
    /// Which element of a list, by its id or its position from 1 on, where the policy judges each; the first
    /// [`MOST_ELEMENTS`] without one.
    pub element: Option<&'p str>,
    /// A file that keeps what earlier runs have counted; nothing is added to it.
    pub history: Option<&'p Path>,
}

/// Which record of an input.
#[derive(Debug, Clone, Copy)]
pub enum Which<'p> {
    /// The one with this number, from 0 on.
    Number(u64),
    /// The first one whose field `id` is this text, or this number.
    Id(&'p str),
}

/// The record that was looked for.
pub struct Found {
    /// Its number, from 0 on.
    pub record: u64,
    /// The numbers of others that have the same id, where that was looked for.
    pub others: Vec<u64>,
    /// What became of it.
    pub picked: Picked,
}

/// What became of the record.
pub enum Picked {
    /// It was decided: once, or about each element of a list.
    Decided(Vec<Decision>),
    /// Its list does not hold the element that was asked for, but so many others.
    NoElement(usize),
    /// It breaks its declared types.
    Rejected(Vec<InputError>),
    /// It is no record, and why; with its line.
    Broken(u64, InputError),
    /// No policy takes such a record.
    Nobody,
}

/// Who judges the record, or what has become of it already.
enum Known {
    /// The policy at a place, which needs the values of counters.
    Counts(usize),
    Picked(Picked),
}

impl Pick<'_> {
    /// Judges the record.
    ///
    /// # Errors
    /// When there is no such record, and when it cannot be read.
    pub fn judge(&self, observer: &mut dyn Observer) -> Result<Found, StreamError> {
        let again = self.history.is_some()
            || matches!(self.which, Which::Id(_))
            || self.policies.iter().any(reads_counters);
        let readers = Readers { policies: self.policies, named: self.named, rows: MANY_ROWS };
        let inputs = Opened::open(self.inputs, readers, again)?;
        inputs.tell(observer);
        let (record, others) = match self.which {
            Which::Number(number) => (number, Vec::new()),
            Which::Id(id) => self.numbers(&inputs, id)?,
        };
        let picked = self.judge_record(record, (&inputs, readers), observer)?;
        Ok(Found { record, others, picked })
    }

    /// The numbers of the records with an id: the first, and the others.
    fn numbers(&self, inputs: &Opened, id: &str) -> Result<(u64, Vec<u64>), StreamError> {
        let mut fill = inputs.filling()?;
        let mut block = Block::default();
        let (mut numbers, mut records, mut named) = (Vec::new(), 0_u64, false);
        while fill(&mut block)? {
            block.each(|number, record| {
                let policy = self.place(record).and_then(|place| self.policies.get(place));
                named |= policy.is_some_and(has_id);
                if policy.is_some_and(|policy| has_this_id(policy, record, id) == Some(true)) {
                    numbers.push(number);
                }
            })?;
            records += block.len();
        }
        // Those that are rows are handed over before the others of their block.
        numbers.sort_unstable();
        let mut numbers = numbers.into_iter();
        match numbers.next() {
            Some(first) => Ok((first, numbers.collect())),
            None => Err(StreamError::Unusable(match records {
                0 => format!("{} has no records", self.input()),
                _ if !named => {
                    let why = "its records have no field `id`; say which one by its place";
                    format!("{}: {why}: `--record 0` is the first", self.input())
                }
                _ => format!("no record of {} has the id `{id}`", self.input()),
            })),
        }
    }

    /// What the input is called.
    fn input(&self) -> String {
        match self.inputs.files.first() {
            Some(path) if path != Path::new("-") => visible_path(path),
            _ => "standard input".to_string(),
        }
    }

    /// Judges the record with a number.
    fn judge_record(
        &self,
        number: u64,
        (inputs, readers): (&Opened, Readers<'_>),
        observer: &mut dyn Observer,
    ) -> Result<Picked, StreamError> {
        // Every policy is of the same rulebook.
        let program = self.policies.first().map(Policy::program);
        let past = match (self.history, program) {
            (Some(path), Some(program)) => {
                Some(Past::open(path, program, inputs, options::Known::OnlyRead)?)
            }
            _ => None,
        };
        let found = self.find((inputs, number), |record| {
            let Some(place) = self.place(record) else { return Known::Picked(Picked::Nobody) };
            match self.policies.get(place) {
                Some(policy) if reads_counters(policy) => Known::Counts(place),
                Some(policy) => {
                    Known::Picked(decide((place, policy), record, Counts::History, self.element))
                }
                None => Known::Picked(Picked::Nobody),
            }
        })?;
        let (place, policy) = match found {
            Known::Picked(picked) => return Ok(picked),
            Known::Counts(place) => match self.policies.get(place) {
                Some(policy) => (place, policy),
                None => return Ok(Picked::Nobody),
            },
        };
        let threads = threads(None, inputs.size());
        let replay = Replay::of(readers, inputs, threads, past.as_ref(), observer)?;
        let mut values = Vec::new();
        if let Err(errors) = replay.values(policy, number, &mut values) {
            return Ok(Picked::Rejected(errors));
        }
        let found = self.find((inputs, number), |record| {
            Known::Picked(decide((place, policy), record, Counts::Given(&values), self.element))
        })?;
        match found {
            Known::Picked(picked) => Ok(picked),
            Known::Counts(_) => Ok(Picked::Nobody),
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
        (inputs, number): (&Opened, u64),
        take: impl Fn(Record<'_>) -> Known,
    ) -> Result<Known, StreamError> {
        let mut fill = inputs.filling()?;
        let mut block = Block::default();
        let mut passed = 0;
        while fill(&mut block)? {
            if number - passed < block.len() {
                return within(&mut block, number, take);
            }
            passed += block.len();
        }
        Err(StreamError::Unusable(match passed {
            0 => format!("{} has no records", self.input()),
            _ => {
                let records = counted(passed, "record");
                let input = self.input();
                format!("{input} has {records}, counted from 0; there is no record {number}")
            }
        }))
    }
}

/// Hands over the record with a number, which a block has.
fn within(
    block: &mut Block,
    number: u64,
    take: impl Fn(Record<'_>) -> Known,
) -> Result<Known, StreamError> {
    let mut found = None;
    let mut broken = None;
    block.each(|at, record| match record {
        _ if at != number => {}
        Record::Broken { error, .. } => broken = Some(error.clone()),
        record => found = Some(take(record)),
    })?;
    if let Some(error) = broken {
        let place = usize::try_from(number - block.first).unwrap_or(usize::MAX);
        let line = block.entries.get(place).map_or(0, |entry| entry.line);
        return Ok(Known::Picked(Picked::Broken(line, error)));
    }
    found.ok_or_else(|| StreamError::Broken(format!("record {number} is lost")))
}

fn reads_counters(policy: &Policy) -> bool {
    policy.counters().next().is_some()
}

/// Whether records of a policy have an id.
fn has_id(policy: &Policy) -> bool {
    policy.compiled().id.is_some()
}

/// Whether the id of a record is this one, whatever is wrong with the record otherwise; `None` where it has
/// none. Texts are the same letter by letter, and numbers by what they say.
fn has_this_id(policy: &Policy, record: Record<'_>, id: &str) -> Option<bool> {
    let layout = &policy.compiled().layout;
    let (at, field) = layout.field("id").filter(|_| has_id(policy))?;
    let json = match record {
        Record::Json(json) => Cow::Borrowed(json),
        record => Cow::Owned(record.to_json()?.get().as_bytes().to_vec()),
    };
    let fields: HashMap<Cow<'_, str>, &RawValue> =
        serde_json::from_slice(without_mark(&json)).ok()?;
    let names = std::iter::once(field.name.as_ref()).chain(layout.aliases(at));
    let written = names.filter_map(|name| fields.get(name)).next()?.get();
    Some(match serde_json::from_str::<String>(written) {
        Ok(text) => text == id,
        Err(_) => match (written.parse::<Number>(), id.parse::<Number>()) {
            (Ok(number), Ok(wanted)) => number == wanted,
            _ => false,
        },
    })
}

/// Decides about the record by the policy at a place.
fn decide(
    (place, policy): (usize, &Policy),
    record: Record<'_>,
    counts: Counts<'_>,
    element: Option<&str>,
) -> Picked {
    let mut evaluation = policy.evaluation();
    match record.decide(place, &mut evaluation, counts) {
        Some(Ok(_)) => {}
        Some(Err(rejection)) => return Picked::Rejected(rejection.errors),
        None => return Picked::Nobody,
    }
    let judges_elements = policy.compiled().elements.is_some();
    let Some(wanted) = element.filter(|_| judges_elements) else {
        let numbers = 0..evaluation.count().min(MOST_ELEMENTS);
        return Picked::Decided(
            numbers.filter_map(|number| evaluation.nth(number).cloned()).collect(),
        );
    };
    let mut at_position = None;
    for number in 0..evaluation.count() {
        let Some(decision) = evaluation.nth(number) else { continue };
        let Some(Element { id, position, .. }) = decision.element() else { continue };
        if id == wanted {
            return Picked::Decided(vec![decision.clone()]);
        }
        if position.to_string() == wanted {
            at_position = Some(decision.clone());
        }
    }
    match at_position {
        Some(decision) => Picked::Decided(vec![decision]),
        None => Picked::NoElement(evaluation.count()),
    }
}
