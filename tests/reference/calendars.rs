//! Working days, counted one by one.

use jiff::Span;
use rulebook_lang::model::{Date, Time, end_of_day};
use rulebook_syntax::ast::{CalendarItemKind, DaysKind, DefinitionKind, ListItems};

use super::expression::fault;
use super::functions::{exact, whole};
use super::{Fault, Reference, Value};

fn name(value: &Value) -> &str {
    match value {
        Value::Member(name) => name,
        other => panic!("{other:?} is no calendar"),
    }
}

fn step(day: Date, by: i64) -> Result<Date, Fault> {
    match day.checked_add(Span::new().days(by)) {
        Ok(day) => Ok(day),
        Err(_) => fault("out-of-calendar"),
    }
}

impl Reference<'_> {
    /// The weekend of a calendar, its holidays, and what is worked on all the same.
    fn calendar(&self, name: &str) -> (Vec<String>, Vec<Date>, Vec<Date>) {
        let Some(DefinitionKind::Calendar(node)) = self.definition(name) else {
            panic!("{name} is no calendar")
        };
        let (mut weekend, mut holidays, mut working) = (Vec::new(), Vec::new(), Vec::new());
        for item in &node.items {
            match &item.kind {
                CalendarItemKind::Weekend(names) => {
                    weekend.extend(names.iter().map(|name| name.text.to_string()));
                }
                CalendarItemKind::Days(kind, ListItems::InPlace(days)) => {
                    let Value::List(days) = self.constant(days) else { panic!("no list") };
                    let days = days.iter().map(|day| match day {
                        Value::Date(day) => *day,
                        other => panic!("{other:?} is no day"),
                    });
                    match kind {
                        DaysKind::Holidays => holidays.extend(days),
                        DaysKind::Working => working.extend(days),
                    }
                }
                _ => {}
            }
        }
        (weekend, holidays, working)
    }

    /// Whether a day is worked on.
    fn works(
        &self,
        (weekend, holidays, working): &(Vec<String>, Vec<Date>, Vec<Date>),
        day: Date,
    ) -> Result<bool, Fault> {
        if !holidays.is_empty() && !holidays.iter().any(|holiday| holiday.year() == day.year()) {
            return fault("unlisted-day");
        }
        let weekday = format!("{:?}", day.weekday()).to_lowercase();
        Ok(working.contains(&day) || !holidays.contains(&day) && !weekend.contains(&weekday))
    }

    fn step_by(&self, name: &str, from: Date, by: i64) -> Result<Date, Fault> {
        let calendar = self.calendar(name);
        self.works(&calendar, from)?;
        let (mut day, mut left) = (from, by.abs());
        while left > 0 {
            day = step(day, by.signum())?;
            left -= i64::from(self.works(&calendar, day)?);
        }
        Ok(day)
    }

    /// A date or a time moved by days.
    pub(super) fn add_days(
        &self,
        start: &Value,
        by: i64,
        calendar: Option<&str>,
    ) -> Result<Value, Fault> {
        let shown = self.clocks(std::slice::from_ref(start)).unwrap();
        let day = match calendar {
            Some(name) => self.step_by(name, shown.date(), by)?,
            None => step_far(shown.date(), by)?,
        };
        match start {
            Value::Date(_) => Ok(Value::Date(day)),
            _ => match Time::of_local(day.to_datetime(shown.time()), &self.zone) {
                Some(time) => Ok(Value::Time(time)),
                None => fault("out-of-calendar"),
            },
        }
    }

    /// The end of the day with which working days are over.
    pub(super) fn over(&self, time: Time, length: &Value) -> Result<Time, Fault> {
        match length {
            Value::Days(_, Some(_)) => {
                match end_of_day(time.local(&self.zone).unwrap().date(), &self.zone) {
                    Some(time) => Ok(time),
                    None => fault("out-of-calendar"),
                }
            }
            _ => Ok(time),
        }
    }

    /// The value of a function of calendars, if it is one.
    pub(super) fn of_calendars(
        &self,
        called: &str,
        values: &[Value],
    ) -> Option<Result<Value, Fault>> {
        let days = |value: &Value, calendar: Option<String>| {
            let count = exact(value).units().filter(|units| units % 1_000_000_000 == 0);
            match count.and_then(|units| i32::try_from(units / 1_000_000_000).ok()) {
                Some(count) => Ok(Value::Days(count.into(), calendar)),
                None => fault("bad-argument"),
            }
        };
        match (called, values) {
            ("working_days", [calendar, count]) => {
                return Some(days(count, Some(name(calendar).to_string())));
            }
            ("calendar_days", [count]) => return Some(days(count, None)),
            _ => {}
        }
        if !called.contains("working_day") {
            return None;
        }
        let calendar = self.calendar(name(&values[0]));
        let day = self.clocks(&values[1..2]).unwrap().date();
        let works = match self.works(&calendar, day) {
            Ok(works) => works,
            Err(fault) => return Some(Err(fault)),
        };
        let moved = |by| Some(self.step_by(name(&values[0]), day, by).map(Value::Date));
        match called {
            "is_working_day" => Some(Ok(Value::Bool(works))),
            "next_working_day" => moved(1),
            "previous_working_day" => moved(-1),
            "working_day_on_or_after" => moved(i64::from(!works)),
            "working_day_on_or_before" => moved(-i64::from(!works)),
            _ => {
                let to = self.clocks(&values[2..]).unwrap().date();
                Some(self.count(&calendar, day, to).map(|count| whole(i128::from(count))))
            }
        }
    }

    fn count(
        &self,
        calendar: &(Vec<String>, Vec<Date>, Vec<Date>),
        from: Date,
        to: Date,
    ) -> Result<i64, Fault> {
        self.works(calendar, to)?;
        let by = if from <= to { 1 } else { -1 };
        let (mut day, mut count) = (from, 0);
        while day != to {
            day = step(day, by)?;
            // A year between that is not listed is none of the ends.
            count += by * i64::from(self.works(calendar, day)?);
        }
        Ok(count)
    }
}

/// So many days later, however many.
fn step_far(day: Date, by: i64) -> Result<Date, Fault> {
    let moved = Span::new().try_days(by).ok().and_then(|days| day.checked_add(days).ok());
    moved.map_or_else(|| fault("out-of-calendar"), Ok)
}
