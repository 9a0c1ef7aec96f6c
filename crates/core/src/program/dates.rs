//! The times that slots hold.

use super::{ProfileRecord, Program};
use rulebook_lang::model::{Cell, Store, Time, start_of_day};

impl Program {
    /// The time that a slot of a row holds; of a day, that at which it begins.
    pub fn time_in(&self, row: &Store, slot: u32) -> Option<Time> {
        match row.cell(slot) {
            Cell::Time(time) => Some(time),
            Cell::Date(date) => start_of_day(date, &self.zone),
            _ => None,
        }
    }

    /// From when until when a profile holds whose fields lie from slot `base` on.
    pub fn holds(&self, profile: &ProfileRecord, row: &Store, base: u32) -> [Option<Time>; 2] {
        let time = |position: u32| {
            let field = profile.layout.fields.get(position as usize)?;
            self.time_in(row, base + field.slot)
        };
        match profile.validity {
            Some(validity) => [time(validity.from), validity.until.and_then(time)],
            None => [None, None],
        }
    }
}
