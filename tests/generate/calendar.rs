//! Random expressions of days, clocks and zones.

use super::code::atom;
use super::expression::Expressions;
use super::scope::Scope;
use super::{Code, Ty};

/// Days that are written with their calendar.
const DAYS: &[&str] = &[
    "3 office working days",
    "1 office working day",
    "0 plain working days",
    "40 plain working days",
    "20 calendar days",
    "1 calendar day",
];

const UNITS: &[&str] = &["week", "month", "quarter", "year"];

impl Expressions<'_, '_> {
    /// A function of a day or a clock, now and then by the clocks of another zone.
    pub(super) fn in_zone(&mut self, name: &str, mut arguments: Vec<Code>) -> Code {
        if self.choices.once_in(3) {
            let zones = ["\"Asia/Tokyo\"", "\"America/New_York\"", "\"UTC\"", "lower(\"UTC\")"];
            arguments.push(atom(*self.choices.one_of(&zones)));
        }
        Code::call(name, &arguments)
    }

    /// A number that a day or a clock shows.
    pub(super) fn part_of_day(&mut self, scope: &Scope, depth: usize) -> Code {
        const DAY: &[&str] = &["weekday", "day", "day_of_year", "month", "quarter", "year"];
        if self.choices.once_in(3) {
            let name = *self.choices.one_of(DAY);
            return Code::call(name, &[self.some(Ty::Date, scope, depth)]);
        }
        let name = match self.choices.once_in(3) {
            true => *self.choices.one_of(&["hour", "minute"]),
            false => *self.choices.one_of(DAY),
        };
        let time = self.some(Ty::Time, scope, depth);
        self.in_zone(name, vec![time])
    }

    /// How far two days lie apart.
    pub(super) fn between_days(&mut self, scope: &Scope, depth: usize) -> Code {
        let pairs = [(Ty::Date, Ty::Time), (Ty::Time, Ty::Time), (Ty::Time, Ty::Date)];
        let (a, b) = *self.choices.one_of(&pairs);
        if self.choices.once_in(3) {
            let calendar = atom(*self.choices.one_of(&["office", "plain"]));
            let (from, to) = (self.some(a, scope, depth), self.some(b, scope, depth));
            return Code::call("working_days_between", &[calendar, from, to]);
        }
        let name = *self.choices.one_of(&[
            "days_between",
            "days_between",
            "months_between",
            "years_between",
        ]);
        Code::call(name, &[self.some(a, scope, depth), self.some(b, scope, depth)])
    }

    /// A condition of a clock, or of the day of the week.
    pub(super) fn of_day(&mut self, scope: &Scope, depth: usize) -> Code {
        if self.choices.once_in(3) {
            return self.of_calendar("is_working_day", scope, depth);
        }
        if self.choices.once_in(2) {
            let clocks: Vec<_> = (0..3).map(|_| self.some(Ty::TimeOfDay, scope, depth)).collect();
            return Code::call("is_within", &clocks);
        }
        let day = Code::call("weekday", &[self.some(Ty::Date, scope, depth)]);
        let name = *self.choices.one_of(&["monday", "saturday", "sunday"]);
        Code::binary(&day, "==", &atom(name), 4, (5, 5))
    }

    pub(super) fn time_of_day(&mut self, scope: &Scope, depth: usize) -> Code {
        if self.choices.once_in(3) {
            let name = *self.choices.one_of(&["min", "max"]);
            let clocks: Vec<_> =
                (0..2 + self.pick(2)).map(|_| self.some(Ty::TimeOfDay, scope, depth)).collect();
            return Code::call(name, &clocks);
        }
        let time = self.some(Ty::Time, scope, depth);
        self.in_zone("time_of_day", vec![time])
    }

    /// The first or the last day of a week, a month, a quarter or a year.
    pub(super) fn end_of_unit(&mut self, scope: &Scope, depth: usize) -> Code {
        let end = *self.choices.one_of(&["first", "last"]);
        let name = format!("{end}_day_of_{}", self.choices.one_of(UNITS));
        if self.choices.once_in(2) {
            return Code::call(&name, &[self.some(Ty::Date, scope, depth)]);
        }
        let time = self.some(Ty::Time, scope, depth);
        self.in_zone(&name, vec![time])
    }

    pub(super) fn day_by_parts(&mut self, scope: &Scope, depth: usize) -> Code {
        let [year, month] =
            ["year", "month"].map(|name| Code::call(name, &[self.some(Ty::Date, scope, depth)]));
        let day = self.some(Ty::Number, scope, depth);
        Code::call("date", &[year, month, day])
    }

    pub(super) fn clock_on_day(&mut self, scope: &Scope, depth: usize) -> Code {
        let day = self.some(Ty::Date, scope, depth);
        let clock = self.some(Ty::TimeOfDay, scope, depth);
        self.in_zone("time", vec![day, clock])
    }

    /// The earliest or latest of dates and times.
    pub(super) fn mixed_extreme(&mut self, scope: &Scope, depth: usize) -> Code {
        let name = *self.choices.one_of(&["min", "max"]);
        let mut values = vec![self.some(Ty::Date, scope, depth), self.some(Ty::Time, scope, depth)];
        if self.choices.once_in(2) {
            values.push(self.some(Ty::Date, scope, depth));
        }
        Code::call(name, &values)
    }

    /// Days of a calendar.
    fn days(&mut self, scope: &Scope, depth: usize) -> Code {
        match self.pick(6) {
            0 => {
                let calendar = atom(*self.choices.one_of(&["office", "plain"]));
                Code::call("working_days", &[calendar, self.some(Ty::Number, scope, depth)])
            }
            1 => Code::call("calendar_days", &[self.some(Ty::Number, scope, depth)]),
            _ => atom(*self.choices.one_of(DAYS)),
        }
    }

    /// A date or a time moved by days of a calendar.
    pub(super) fn moved_by_days(&mut self, ty: Ty, scope: &Scope, depth: usize) -> Code {
        let symbol = *self.choices.one_of(&["+", "-"]);
        let start = self.some(ty, scope, depth);
        Code::binary(&start, symbol, &self.days(scope, depth), 7, (7, 8))
    }

    /// A function of a calendar and a day.
    fn of_calendar(&mut self, name: &str, scope: &Scope, depth: usize) -> Code {
        let calendar = atom(*self.choices.one_of(&["office", "plain"]));
        let ty = *self.choices.one_of(&[Ty::Date, Ty::Time]);
        Code::call(name, &[calendar, self.some(ty, scope, depth)])
    }

    pub(super) fn working_day(&mut self, scope: &Scope, depth: usize) -> Code {
        let name = *self.choices.one_of(&[
            "next_working_day",
            "previous_working_day",
            "working_day_on_or_after",
            "working_day_on_or_before",
        ]);
        self.of_calendar(name, scope, depth)
    }
}
