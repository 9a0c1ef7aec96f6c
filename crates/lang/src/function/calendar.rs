//! Functions of calendars of working days, whose days are those of the rulebook's zone.

use super::Function;
use crate::kernel::{Context, Problem, Run};
use crate::model::{self, Calendar, CalendarError, Period, Value};
use crate::signature::Shape::{self, Bool, Calendar as OfCalendar, Date, Days, Number, Time};
use crate::signature::{Signature, signature};

/// What a calendar is asked about a day.
const fn of_day(result: Shape, run: Run) -> [Signature; 2] {
    [signature(&[OfCalendar, Date], result, run), signature(&[OfCalendar, Time], result, run)]
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "is_working_day",
        signatures: &of_day(Bool, is_working_day),
        doc: "True when the calendar says that the day is worked on.",
        example: "is_working_day(us, 2024-12-24) and not is_working_day(us, 2024-12-25)",
    },
    Function {
        name: "next_working_day",
        signatures: &of_day(Date, next_working_day),
        doc: "The first working day after the day.",
        example: "next_working_day(us, 2024-12-24) == 2024-12-26",
    },
    Function {
        name: "previous_working_day",
        signatures: &of_day(Date, previous_working_day),
        doc: "The last working day before the day.",
        example: "previous_working_day(us, 2024-12-26) == 2024-12-24",
    },
    Function {
        name: "working_day_on_or_after",
        signatures: &of_day(Date, on_or_after),
        doc: "The day itself if it is worked on, else the next working day.",
        example: "working_day_on_or_after(us, 2024-12-25) == 2024-12-26",
    },
    Function {
        name: "working_day_on_or_before",
        signatures: &of_day(Date, on_or_before),
        doc: "The day itself if it is worked on, else the last working day before it.",
        example: "working_day_on_or_before(us, 2024-12-25) == 2024-12-24",
    },
    Function {
        name: "working_days_between",
        signatures: &[
            signature(&[OfCalendar, Date, Date], Number, working_days_between),
            signature(&[OfCalendar, Time, Time], Number, working_days_between),
            signature(&[OfCalendar, Date, Time], Number, working_days_between),
            signature(&[OfCalendar, Time, Date], Number, working_days_between),
        ],
        doc: "How many working days there are behind the first day, up to the second; negative if that is before.",
        example: "working_days_between(us, 2024-12-23, 2024-12-30) == 4",
    },
    Function {
        name: "working_days",
        signatures: &[signature(&[OfCalendar, Number], Days, working_days)],
        doc: "So many working days of a calendar, as `7 us working days` says it where both are written.",
        example: "2024-12-24 + working_days(us, 2) == 2024-12-27",
    },
    Function {
        name: "calendar_days",
        signatures: &[signature(&[Number], Days, calendar_days)],
        doc: "So many days of the calendar, as `20 calendar days` says it where the number is written.",
        example: "2024-12-24 + calendar_days(2) == 2024-12-26",
    },
];

impl From<CalendarError> for Problem {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::Unlisted(message) => Self::Unlisted(message),
            CalendarError::Beyond => Self::OutOfCalendar,
        }
    }
}

fn day_of(value: &Value<'_>, context: &Context<'_>) -> Result<model::Date, Problem> {
    match value {
        Value::Date(date) => Ok(*date),
        Value::Time(time) => Ok(time.local(context.zone).ok_or(Problem::OutOfCalendar)?.date()),
        _ => Err(Problem::Misfit),
    }
}

/// The calendar and the day of a call.
fn asked<'c>(
    v: &[Value<'_>],
    context: &Context<'c>,
) -> Result<(&'c Calendar, model::Date), Problem> {
    match v {
        [Value::Member(calendar), day, ..] => {
            Ok((context.calendar(*calendar)?, day_of(day, context)?))
        }
        _ => Err(Problem::Misfit),
    }
}

fn is_working_day<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (calendar, day) = asked(v, context)?;
    Ok(Value::Bool(calendar.is_working(day)?))
}

macro_rules! days {
    ($($name:ident $day:expr;)*) => {
        $(fn $name<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
            let (calendar, day) = asked(v, context)?;
            let find: fn(&Calendar, model::Date) -> Result<model::Date, CalendarError> = $day;
            Ok(Value::Date(find(calendar, day)?))
        })*
    };
}

days! {
    next_working_day |calendar, day| calendar.moved(day, 1);
    previous_working_day |calendar, day| calendar.moved(day, -1);
    on_or_after |calendar, day| calendar.nearest(day, true);
    on_or_before |calendar, day| calendar.nearest(day, false);
}

fn working_days_between<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (calendar, from) = asked(v, context)?;
    let [_, _, to] = v else { return Err(Problem::Misfit) };
    Ok(Value::Number(calendar.between(from, day_of(to, context)?)?.into()))
}

/// A number of days, which is whole.
fn count(value: &Value<'_>) -> Result<i32, Problem> {
    let whole = match value {
        Value::Number(number) => number.to_i64().and_then(|count| i32::try_from(count).ok()),
        _ => None,
    };
    whole.ok_or_else(|| Problem::BadArgument("days are counted whole".into()))
}

fn working_days<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Member(calendar), number] = v else { return Err(Problem::Misfit) };
    Ok(Value::Period(Period::of_days(count(number)?, Some(*calendar))))
}

fn calendar_days<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [number] = v else { return Err(Problem::Misfit) };
    Ok(Value::Period(Period::of_days(count(number)?, None)))
}
