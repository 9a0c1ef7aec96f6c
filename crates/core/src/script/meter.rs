//! What a call of a script takes. Rhai counts operations, whatever each costs; here, what the size of
//! values makes an operation cost is added, so that the limit holds for work and not for steps alone.
//!
//! A call runs on one thread from its start to its end, and Rhai asks on that thread, so the count is
//! kept for the thread. No clock is read: a call takes the same on every machine.

use std::cell::Cell;

use rhai::{Dynamic, Engine, EvalAltResult, Position};

/// So much going through values counts as an operation.
const OPERATION: u64 = 256;

/// What values weigh that have memory of their own: numbers that are no integer and amounts, lists,
/// and fields of maps: copying one asks for memory.
const BOXED: u64 = 12;

#[derive(Clone, Copy, Default)]
struct Meter {
    /// The operations that Rhai counted.
    operations: u64,
    /// What was gone through besides.
    weight: u64,
    limit: u64,
    /// How many calls may work on a value that is read once, one on the result of the other.
    chain: u64,
}

impl Meter {
    fn taken(&self) -> u64 {
        self.operations.saturating_add(self.weight / OPERATION)
    }
}

thread_local! {
    static METER: Cell<Meter> = Cell::default();
}

/// Runs a call that may take so many operations; returns how many it took, too.
pub(super) fn metered<T>(limit: u64, chain: u64, call: impl FnOnce() -> T) -> (T, u64) {
    METER.set(Meter { limit, chain, ..Meter::default() });
    let result = call();
    (result, METER.get().taken())
}

/// Adds what going through so much takes.
///
/// # Errors
/// The call takes more than it may; no script can catch this.
pub(super) fn charge(weight: u64) -> Result<(), Box<EvalAltResult>> {
    let mut meter = METER.get();
    meter.weight = meter.weight.saturating_add(weight);
    METER.set(meter);
    match meter.taken() > meter.limit {
        true => Err(Box::new(EvalAltResult::ErrorTooManyOperations(Position::NONE))),
        false => Ok(()),
    }
}

/// Counts operations, and every time that a variable is read what it holds: reading may copy it.
pub(super) fn register(engine: &mut Engine) {
    // Rhai's own count forgets what functions do that it is given, such as that of `filter`.
    engine.on_progress(|_| {
        let mut meter = METER.get();
        meter.operations = meter.operations.saturating_add(1);
        METER.set(meter);
        (meter.taken() > meter.limit).then_some(Dynamic::UNIT)
    });
    #[allow(deprecated, reason = "it is marked so because it may change, not because it will go")]
    engine.on_var(|name, _, context| {
        let weight = context.scope().get(name).map_or(0, weight);
        if weight > BOXED {
            charge(weight.saturating_mul(METER.get().chain))?;
        }
        Ok(None)
    });
}

/// What going through a value takes, all that it holds included.
pub(super) fn weight(value: &Dynamic) -> u64 {
    if let Ok(list) = value.as_array_ref() {
        return list.iter().map(|item| 1 + weight(item)).fold(BOXED, u64::saturating_add);
    }
    if let Ok(map) = value.as_map_ref() {
        let fields = map.values().map(|item| 1 + BOXED + weight(item));
        return fields.fold(BOXED, u64::saturating_add);
    }
    match value.as_immutable_string_ref() {
        Ok(text) => text.len() as u64,
        Err(_) if value.is_int() || value.is_bool() || value.is_unit() || value.is_char() => 0,
        Err(_) => BOXED,
    }
}
