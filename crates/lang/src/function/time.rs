//! Functions of dates and times, in the rulebook's zone.

use jiff::civil::DateTime;

use super::Function;
use crate::kernel::{Context, Problem};
use crate::model::{self, Value};
use crate::signature::Shape::{Date, Number, Time};
use crate::signature::signature;

macro_rules! of_date {
    ($kernel:path) => {
        &[signature(&[Date], Number, $kernel), signature(&[Time], Number, $kernel)]
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "date",
        signatures: &[signature(&[Time], Date, date)],
        doc: "The day that a time falls on.",
        example: "date(2024-09-12T08:00+08:00) in [2024-09-12]",
    },
    Function {
        name: "hour",
        signatures: &[signature(&[Time], Number, hour)],
        doc: "The hour of the day, 0 to 23.",
        example: "hour(start_of_day(2024-09-12)) == 0",
    },
    Function {
        name: "weekday",
        signatures: of_date!(weekday),
        doc: "The day of the week: 1 is Monday, 7 is Sunday.",
        example: "weekday(2024-09-12) == 4",
    },
    Function {
        name: "day",
        signatures: of_date!(day),
        doc: "The day of the month.",
        example: "day(2024-09-12) == 12",
    },
    Function {
        name: "month",
        signatures: of_date!(month),
        doc: "The month, 1 to 12.",
        example: "month(2024-09-12) == 9",
    },
    Function {
        name: "year",
        signatures: of_date!(year),
        doc: "The year.",
        example: "year(2024-09-12) == 2024",
    },
    Function {
        name: "days_between",
        signatures: &[
            signature(&[Date, Date], Number, days_between),
            signature(&[Time, Time], Number, days_between),
            signature(&[Date, Time], Number, days_between),
            signature(&[Time, Date], Number, days_between),
        ],
        doc: "How many days of the calendar the second lies after the first; negative if before.",
        example: "days_between(2024-09-05, 2024-09-12) == 7",
    },
    Function {
        name: "start_of_day",
        signatures: &[
            signature(&[Date], Time, start_of_day),
            signature(&[Time], Time, start_of_day),
        ],
        doc: "The first instant of the day.",
        example: "start_of_day(2024-09-12) == 2024-09-12",
    },
];

fn local(time: model::Time, context: &Context<'_>) -> Result<DateTime, Problem> {
    time.local(context.zone).ok_or(Problem::OutOfCalendar)
}

fn day_of(value: &Value<'_>, context: &Context<'_>) -> Result<model::Date, Problem> {
    match value {
        Value::Date(date) => Ok(*date),
        Value::Time(time) => Ok(local(*time, context)?.date()),
        _ => Err(Problem::Misfit),
    }
}

fn date<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Date(day_of(value, context)?))
}

fn hour<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Time(time)] = v else { return Err(Problem::Misfit) };
    let hour = i32::from(local(*time, context)?.hour());
    Ok(Value::Number(model::Number::from(hour)))
}

macro_rules! parts {
    ($($name:ident $part:expr;)*) => {
        $(fn $name<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
            let [value] = v else { return Err(Problem::Misfit) };
            let part: fn(model::Date) -> i32 = $part;
            Ok(Value::Number(model::Number::from(part(day_of(value, context)?))))
        })*
    };
}

parts! {
    weekday |date| i32::from(date.weekday().to_monday_one_offset());
    day |date| i32::from(date.day());
    month |date| i32::from(date.month());
    year |date| i32::from(date.year());
}

fn days_between<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [from, to] = v else { return Err(Problem::Misfit) };
    let length = day_of(to, context)?.duration_since(day_of(from, context)?);
    Ok(Value::Number(model::Number::from(length.as_hours() / 24)))
}

fn start_of_day<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    let start = model::start_of_day(day_of(value, context)?, context.zone);
    start.map(Value::Time).ok_or(Problem::OutOfCalendar)
}
