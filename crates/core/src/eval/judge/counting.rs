//! What a record asks of counters, and what it adds to them.

use super::fault::NodeFault;
use super::machine::Machine;
use super::readings::Readings;
use super::times::{Times, time_in};
use crate::facts::{InputCode, InputError};
use crate::history::Stretch;
use crate::program::{Counter, Policy, Program};
use rulebook_lang::model::{Cell, Duration, Number, Store, Time, Type, Value};

/// A record as a counter sees it.
pub struct Counting<'r> {
    counter: &'r Counter,
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
        let time = time_in(program, row, counter.dated)?;
        Some(Self {
            counter,
            machine: Machine::new(program, row, Readings::none(), Times::at(time)),
            time,
        })
    }

    /// When the record happened.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Writes the key under which the record counts; `false` where it has none.
    ///
    /// # Errors
    /// When the key has no value.
    pub fn key(&self, into: &mut String) -> Result<bool, InputError> {
        into.clear();
        let value = self.machine.value(self.counter.key).map_err(|fault| self.fault(&fault))?;
        if value.is_missing() {
            return Ok(false);
        }
        // A text takes whatever is written.
        let _ = self.counter.key_type.required().write(&value, None, into);
        Ok(true)
    }

    /// By how much the record counts, if it does.
    ///
    /// # Errors
    /// When `where` or what is added up has no value.
    pub fn amount(&self) -> Result<Option<Number>, InputError> {
        let counts = self.counter.filter.map_or(Ok(true), |filter| self.machine.test(filter));
        if !counts.map_err(|fault| self.fault(&fault))? {
            return Ok(None);
        }
        let Some(sum) = self.counter.sum else { return Ok(Some(Number::ONE)) };
        match self.machine.value(sum).map_err(|fault| self.fault(&fault))?.rounded() {
            Value::Number(number) => Ok(Some(number)),
            Value::Duration(length) => Ok(Some(seconds(length))),
            _ => Ok(None),
        }
    }

    fn fault(&self, fault: &NodeFault) -> InputError {
        uncountable(self.counter, &fault.problem.to_string())
    }
}

/// Fills the slots of the counters that a policy reads with what `ask` answers for the position of
/// each, its key and its stretch of time. `key` is memory to write keys to.
///
/// # Errors
/// Those of `ask`, and of keys that have no value.
pub fn fill(
    program: &Program,
    policy: &Policy,
    row: &mut Store,
    key: &mut String,
    mut ask: impl FnMut(usize, &Counter, &str, Stretch) -> Result<Number, InputError>,
) -> Result<(), Vec<InputError>> {
    let mut errors = Vec::new();
    for (position, counted) in policy.counters.iter().enumerate() {
        let counter = &program.counters[counted.counter];
        let Some(counting) = Counting::new(program, counter, row) else { continue };
        let stretch = counter.window.stretch(counting.time(), &program.zone);
        let answer = match counting.key(key) {
            Ok(true) => ask(position, counter, key, stretch).and_then(|sum| value_of(counter, sum)),
            Ok(false) => Ok(Cell::Missing),
            Err(error) => Err(error),
        };
        match answer {
            Ok(cell) => row.set(counted.slot, cell),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The value of a counter that adds up to a number.
fn value_of(counter: &Counter, sum: Number) -> Result<Cell, InputError> {
    match counter.ty.required() {
        Type::Duration => match length(sum) {
            Some(length) => Ok(Cell::Duration(length)),
            None => Err(uncountable(counter, "the sum is too long")),
        },
        _ => Ok(Cell::Number(sum)),
    }
}

/// A length of time in seconds, exactly.
pub fn seconds(length: Duration) -> Number {
    let rest = Number::STEP.checked_mul(Number::from(length.subsec_nanos()));
    let whole = Number::from(length.as_secs());
    rest.and_then(|rest| whole.checked_add(rest)).unwrap_or(whole)
}

/// The length of time of so many seconds.
fn length(seconds: Number) -> Option<Duration> {
    let whole = seconds.checked_floor()?;
    let rest = seconds.checked_sub(whole)?.checked_div(Number::STEP)?;
    Some(Duration::new(whole.to_i64()?, i32::try_from(rest.to_i64()?).ok()?))
}
