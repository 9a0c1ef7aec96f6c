//! What a record asks of counters, and what it adds to them.

use super::fault::NodeFault;
use super::machine::Machine;
use super::readings::Readings;
use super::times::Times;
use crate::facts::{InputCode, InputError};
use crate::history::{Amount, Answer, Question};
use crate::program::{Counter, Policy, Program};
use rulebook_lang::model::{Cell, Number, Store, Time, Type, Value};

/// A record as a counter sees it.
pub struct Counting<'r> {
    counter: &'r Counter,
    row: &'r Store,
    machine: Machine<'r>,
    time: Time,
}

/// The error of a record that cannot be counted.
pub fn uncountable(counter: &Counter, why: &str) -> InputError {
    let message = format!("counter `{}`: {why}", counter.name);
    InputError::new("", InputCode::Uncountable, message)
}

impl<'r> Counting<'r> {
    /// A record in its slots; `now` and the values of parameters are as of its own date. `None`
    /// where it has no date, which the checker rules out.
    pub fn new(program: &'r Program, counter: &'r Counter, row: &'r Store) -> Option<Self> {
        let time = program.time_in(row, counter.dated)?;
        Some(Self {
            counter,
            row,
            machine: Machine::new(program, row, Readings::none(), Times::at(time)),
            time,
        })
    }

    /// When the record happened.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Writes the key under which the record counts, and behind it the key by which the record is known, where it is
    /// by any; returns where the second begins. Nothing where the record does not count for anybody.
    ///
    /// # Errors
    /// When a key has no value.
    pub fn key(&self, into: &mut String) -> Result<Option<usize>, InputError> {
        into.clear();
        for (at, (node, ty)) in self.counter.keys.iter().enumerate() {
            let value = self.machine.value(*node).map_err(|fault| self.fault(&fault))?;
            if value.is_missing() {
                return Ok(None);
            }
            part(&value, ty, (at, self.counter.keys.len()), into);
        }
        let end = into.len();
        for (at, (slot, ty)) in self.counter.known_by.iter().enumerate() {
            part(&self.row.get(*slot), ty, (at, self.counter.known_by.len()), into);
        }
        Ok(Some(end))
    }

    /// What the record adds, if it counts.
    ///
    /// # Errors
    /// When `where` or the value has none.
    pub fn amount(&self) -> Result<Option<Amount>, InputError> {
        let counts = self.counter.filter.map_or(Ok(true), |filter| self.machine.test(filter));
        if !counts.map_err(|fault| self.fault(&fault))? {
            return Ok(None);
        }
        let Some((value, ty)) = &self.counter.value else {
            return Ok(Some(Amount::Number(Number::ONE)));
        };
        let value = self.machine.value(*value).map_err(|fault| self.fault(&fault))?;
        Ok(Amount::of(value.rounded(), ty))
    }

    fn fault(&self, fault: &NodeFault) -> InputError {
        uncountable(self.counter, &fault.problem.to_string())
    }
}

/// Writes the value at a place among so many that make a key: what parts several, and what marks that, is marked
/// in each.
fn part(value: &Value<'_>, ty: &Type, (at, of): (usize, usize), into: &mut String) {
    if at > 0 {
        into.push('|');
    }
    let start = into.len();
    // A text takes whatever is written.
    let _ = ty.write(value, None, into);
    let is_plain = |text: &str| !text.contains(['|', '\\']);
    if of > 1 && !into.get(start..).is_none_or(is_plain) {
        let marked = into.get(start..).unwrap_or_default();
        let marked = marked.replace('\\', "\\\\").replace('|', "\\|");
        into.truncate(start);
        into.push_str(&marked);
    }
}

/// Fills the slots of the counters that a policy reads with what `ask` answers for the position of
/// each and its question. `key` is memory to write keys to.
///
/// # Errors
/// Those of `ask`, and of keys that have no value.
pub fn fill(
    program: &Program,
    policy: &Policy,
    row: &mut Store,
    key: &mut String,
    mut ask: impl FnMut(usize, &Question<'_>) -> Result<Answer, InputError>,
) -> Result<(), Vec<InputError>> {
    let mut errors = Vec::new();
    for (position, counted) in policy.counters.iter().enumerate() {
        let counter = &program.counters[counted.counter];
        let Some(counting) = Counting::new(program, counter, row) else { continue };
        let stretch = counter.window.stretch(counting.time(), &program.zone);
        let answer = match counting.key(key) {
            Ok(Some(end)) => {
                let (key, record) = key.split_at(end);
                let record = (!counter.known_by.is_empty()).then_some(record);
                let question = Question { counter, key, stretch, record };
                ask(position, &question).and_then(|answer| cell(counter, answer, row))
            }
            Ok(None) => Ok(Cell::Missing),
            Err(error) => Err(error),
        };
        match answer {
            Ok(cell) => row.set(counted.slot, cell),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The value of a counter.
fn cell(counter: &Counter, answer: Answer, row: &mut Store) -> Result<Cell, InputError> {
    let answer = match answer {
        None if counter.tally.may_lack() => return Ok(Cell::Missing),
        answer => answer.unwrap_or(Amount::Number(Number::ZERO)),
    };
    let cell = answer.cell(counter.ty.required(), row);
    cell.ok_or_else(|| uncountable(counter, "the sum is too long"))
}
