//! Functions of dates and times, by the clocks of the rulebook's zone or of another that is named.

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::{Function, reading};
use crate::kernel::{Context, Problem, Run};
use crate::model::{self, Value, Zone};
use crate::signature::Shape::{
    self, Date, Format, Maybe, Number, Text, Time, TimeOfDay, Zone as InZone,
};
use crate::signature::{Signature, signature};

/// What a day is asked for: itself, that of a time, and that of a time by the clocks of a named zone.
const fn of_day(result: Shape, run: Run) -> [Signature; 3] {
    [
        signature(&[Date], result, run),
        signature(&[Time], result, run),
        signature(&[Time, InZone], result, run),
    ]
}

/// What a clock is asked for.
const fn of_clock(result: Shape, run: Run) -> [Signature; 2] {
    [signature(&[Time], result, run), signature(&[Time, InZone], result, run)]
}

/// What two days are asked for together.
const fn of_two(run: Run) -> [Signature; 4] {
    [
        signature(&[Date, Date], Number, run),
        signature(&[Time, Time], Number, run),
        signature(&[Date, Time], Number, run),
        signature(&[Time, Date], Number, run),
    ]
}

/// What an instant of a day is asked for.
const fn of_instant(run: Run) -> [Signature; 4] {
    [
        signature(&[Date], Time, run),
        signature(&[Time], Time, run),
        signature(&[Date, InZone], Time, run),
        signature(&[Time, InZone], Time, run),
    ]
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "date",
        signatures: &[
            signature(&[Time], Date, date),
            signature(&[Time, InZone], Date, date),
            signature(&[Number, Number, Number], Date, date_of),
            signature(&[Text, Format], Maybe(&Date), reading::date),
        ],
        doc: "The day that a time falls on, by the clocks of the rulebook's zone or of a named one; the day \
              with a year, a month and a day of the month, which is a fault where there is none; the day that a \
              text has in a form (`%d` day, `%m` month, `%Y` year, `%b` its English name), missing where it has none.",
        example: "date(2024-09-12T08:00+08:00) in [2024-09-12] and date(2024, 2, 29) == 2024-02-29 and date(\"12/09/2024\", \"%d/%m/%Y\") is present",
    },
    Function {
        name: "time",
        signatures: &[
            signature(&[Date, TimeOfDay], Time, time),
            signature(&[Date, TimeOfDay, InZone], Time, time),
            signature(&[Text, Format], Maybe(&Time), reading::time),
        ],
        doc: "The instant at which clocks show a time of day on a day; the one that a text has in a form (`%H` hour, `%M` \
              minute, `%S` second, `%z` offset, beside those of `date`), missing where it has none.",
        example: "time(2024-09-12, 08:30) == start_of_day(2024-09-12) + 510 minutes and (time(\"12.09.2024 08:30\", \"%d.%m.%Y %H:%M\") ?? now) == 2024-09-12T08:30",
    },
    Function {
        name: "time_of_day",
        signatures: &of_clock(TimeOfDay, time_of_day),
        doc: "What clocks show at a time.",
        example: "time_of_day(2024-09-12T08:30Z, \"Asia/Shanghai\") == 16:30",
    },
    Function {
        name: "is_within",
        signatures: &[signature(&[TimeOfDay, TimeOfDay, TimeOfDay], Shape::Bool, is_within)],
        doc: "True when a time of day is not before the second and before the third; over midnight where the \
              third is not after the second.",
        example: "is_within(23:30, 22:00, 06:00) and not is_within(06:00, 22:00, 06:00)",
    },
    Function {
        name: "hour",
        signatures: &of_clock(Number, hour),
        doc: "The hour of the day, 0 to 23.",
        example: "hour(start_of_day(2024-09-12)) == 0",
    },
    Function {
        name: "minute",
        signatures: &of_clock(Number, minute),
        doc: "The minute of the hour, 0 to 59.",
        example: "minute(2024-09-12T08:30Z) == 30",
    },
    Function {
        name: "weekday",
        signatures: &of_day(Number, weekday),
        doc: "The day of the week: 1 is Monday, 7 is Sunday; `monday` to `sunday` stand for these numbers.",
        example: "weekday(2024-09-12) == 4 and weekday(2024-09-14) in [saturday, sunday]",
    },
    Function {
        name: "day",
        signatures: &of_day(Number, day),
        doc: "The day of the month.",
        example: "day(2024-09-12) == 12",
    },
    Function {
        name: "day_of_year",
        signatures: &of_day(Number, day_of_year),
        doc: "The day of the year: 1 is the first of January.",
        example: "day_of_year(2024-12-31) == 366",
    },
    Function {
        name: "month",
        signatures: &of_day(Number, month),
        doc: "The month, 1 to 12.",
        example: "month(2024-09-12) == 9",
    },
    Function {
        name: "quarter",
        signatures: &of_day(Number, quarter),
        doc: "The quarter of the year, 1 to 4.",
        example: "quarter(2024-09-12) == 3",
    },
    Function {
        name: "year",
        signatures: &of_day(Number, year),
        doc: "The year.",
        example: "year(2024-09-12) == 2024",
    },
    Function {
        name: "days_between",
        signatures: &of_two(days_between),
        doc: "How many days of the calendar the second lies after the first; negative if before.",
        example: "days_between(2024-09-05, 2024-09-12) == 7",
    },
    Function {
        name: "months_between",
        signatures: &of_two(months_between),
        doc: "How many whole months the second day lies after the first, as `+ 1 month` counts them; negative \
              if before.",
        example: "months_between(2024-01-31, 2024-02-29) == 1 and months_between(2024-03-15, 2024-01-16) == -1",
    },
    Function {
        name: "years_between",
        signatures: &of_two(years_between),
        doc: "How many whole years the second day lies after the first, as `+ 1 year` counts them; negative \
              if before. It is the age on the second day of who was born on the first.",
        example: "years_between(2004-02-29, 2022-02-27) == 17 and years_between(2004-02-29, 2022-02-28) == 18",
    },
    Function {
        name: "start_of_day",
        signatures: &of_instant(start_of_day),
        doc: "The first instant of the day.",
        example: "start_of_day(2024-09-12) == 2024-09-12",
    },
    Function {
        name: "end_of_day",
        signatures: &of_instant(end_of_day),
        doc: "The last instant of the day, a billionth of a second before the next begins.",
        example: "date(end_of_day(2024-09-12)) == 2024-09-12 and end_of_day(2024-09-12) < 2024-09-13",
    },
    Function {
        name: "first_day_of_week",
        signatures: &of_day(Date, first_day_of_week),
        doc: "The first day of the week that a day lies in, a Monday.",
        example: "first_day_of_week(2024-09-12) == 2024-09-09",
    },
    Function {
        name: "last_day_of_week",
        signatures: &of_day(Date, last_day_of_week),
        doc: "The last day of the week that a day lies in, a Sunday.",
        example: "last_day_of_week(2024-09-12) == 2024-09-15",
    },
    Function {
        name: "first_day_of_month",
        signatures: &of_day(Date, first_day_of_month),
        doc: "The first day of the month that a day lies in.",
        example: "first_day_of_month(2024-09-12) == 2024-09-01",
    },
    Function {
        name: "last_day_of_month",
        signatures: &of_day(Date, last_day_of_month),
        doc: "The last day of the month that a day lies in.",
        example: "last_day_of_month(2024-09-12) == 2024-09-30",
    },
    Function {
        name: "first_day_of_quarter",
        signatures: &of_day(Date, first_day_of_quarter),
        doc: "The first day of the quarter that a day lies in.",
        example: "first_day_of_quarter(2024-09-12) == 2024-07-01",
    },
    Function {
        name: "last_day_of_quarter",
        signatures: &of_day(Date, last_day_of_quarter),
        doc: "The last day of the quarter that a day lies in.",
        example: "last_day_of_quarter(2024-09-12) == 2024-09-30",
    },
    Function {
        name: "first_day_of_year",
        signatures: &of_day(Date, first_day_of_year),
        doc: "The first day of the year that a day lies in.",
        example: "first_day_of_year(2024-09-12) == 2024-01-01",
    },
    Function {
        name: "last_day_of_year",
        signatures: &of_day(Date, last_day_of_year),
        doc: "The last day of the year that a day lies in.",
        example: "last_day_of_year(2024-09-12) == 2024-12-31",
    },
];

fn local(time: model::Time, zone: &Zone) -> Result<DateTime, Problem> {
    time.local(zone).ok_or(Problem::OutOfCalendar)
}

/// The zone with a name.
fn zone(name: &str) -> Result<Zone, Problem> {
    model::zone(name).ok_or_else(|| Problem::BadArgument(format!("`{name}` is no time zone")))
}

/// What clocks show at the first argument, in the zone that a second one names; midnight on a date.
fn shown(v: &[Value<'_>], context: &Context<'_>) -> Result<DateTime, Problem> {
    match v {
        [Value::Date(date), ..] => Ok(date.to_datetime(jiff::civil::Time::midnight())),
        [Value::Time(time)] => local(*time, context.zone),
        [Value::Time(time), Value::Text(name)] => local(*time, &zone(name)?),
        _ => Err(Problem::Misfit),
    }
}

fn day_of(value: &Value<'_>, context: &Context<'_>) -> Result<model::Date, Problem> {
    Ok(shown(std::slice::from_ref(value), context)?.date())
}

fn date<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Date(shown(v, context)?.date()))
}

fn date_of<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [year, month, day] = v else { return Err(Problem::Misfit) };
    let part = |value: &Value<'_>| match value {
        Value::Number(number) => number.to_i64(),
        _ => None,
    };
    let found = || {
        let year = i16::try_from(part(year)?).ok()?;
        let [month, day] = [part(month)?, part(day)?].map(|part| i8::try_from(part).ok());
        model::Date::new(year, month?, day?).ok()
    };
    let written = |value: &Value<'_>| match value.rational() {
        Some(rational) => rational.rounded().to_string(),
        None => String::new(),
    };
    found().map(Value::Date).ok_or_else(|| {
        let [year, month, day] = [year, month, day].map(written);
        Problem::BadArgument(format!("there is no day with year {year}, month {month}, day {day}"))
    })
}

fn time<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let time = match v {
        [Value::Date(date), Value::Duration(clock)] => model::time_on(*date, *clock, context.zone),
        [Value::Date(date), Value::Duration(clock), Value::Text(name)] => {
            model::time_on(*date, *clock, &zone(name)?)
        }
        _ => return Err(Problem::Misfit),
    };
    time.map(Value::Time).ok_or(Problem::OutOfCalendar)
}

fn time_of_day<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Duration(model::since_midnight(shown(v, context)?.time())))
}

fn is_within<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Duration(clock), Value::Duration(from), Value::Duration(until)] = v else {
        return Err(Problem::Misfit);
    };
    // The end of a day is the start of the next.
    let [midnight, end] = model::TimeOfDay::BOUNDS;
    let clock = if *clock == end { &midnight } else { clock };
    let (begun, over) = (from <= clock, until <= clock);
    Ok(Value::Bool(if from < until { begun && !over } else { begun || !over }))
}

macro_rules! parts {
    ($($name:ident $part:expr;)*) => {
        $(fn $name<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
            let part: fn(DateTime) -> i32 = $part;
            Ok(Value::Number(model::Number::from(part(shown(v, context)?))))
        })*
    };
}

parts! {
    hour |shown| shown.hour().into();
    minute |shown| shown.minute().into();
    weekday |shown| shown.weekday().to_monday_one_offset().into();
    day |shown| shown.day().into();
    day_of_year |shown| shown.day_of_year().into();
    month |shown| shown.month().into();
    quarter |shown| quarter_of(shown.date()).into();
    year |shown| shown.year().into();
}

fn quarter_of(date: model::Date) -> i8 {
    (date.month() + 2) / 3
}

macro_rules! days {
    ($($name:ident $day:expr;)*) => {
        $(fn $name<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
            let day: fn(model::Date) -> Option<model::Date> = $day;
            day(shown(v, context)?.date()).map(Value::Date).ok_or(Problem::OutOfCalendar)
        })*
    };
}

days! {
    first_day_of_week |date| model::add_days(date, -i64::from(date.weekday().to_monday_zero_offset()));
    last_day_of_week |date| model::add_days(date, 7 - i64::from(date.weekday().to_monday_one_offset()));
    first_day_of_month |date| Some(date.first_of_month());
    last_day_of_month |date| Some(date.last_of_month());
    first_day_of_quarter |date| model::Date::new(date.year(), quarter_of(date) * 3 - 2, 1).ok();
    last_day_of_quarter |date| {
        model::Date::new(date.year(), quarter_of(date) * 3, 1).ok().map(model::Date::last_of_month)
    };
    first_day_of_year |date| Some(date.first_of_year());
    last_day_of_year |date| Some(date.last_of_year());
}

fn two_days(v: &[Value<'_>], context: &Context<'_>) -> Result<[model::Date; 2], Problem> {
    let [from, to] = v else { return Err(Problem::Misfit) };
    Ok([day_of(from, context)?, day_of(to, context)?])
}

fn days_between<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [from, to] = two_days(v, context)?;
    let length = to.duration_since(from);
    Ok(Value::Number(model::Number::from(length.as_hours() / 24)))
}

fn months_between<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [from, to] = two_days(v, context)?;
    Ok(Value::Number(model::Number::from(whole_months(from, to))))
}

fn years_between<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [from, to] = two_days(v, context)?;
    // Twelve of the months are a year, also where they are counted back.
    Ok(Value::Number(model::Number::from(whole_months(from, to) / 12)))
}

/// How many whole months lie between two days.
fn whole_months(from: model::Date, to: model::Date) -> i32 {
    if to < from {
        return -whole_months(to, from);
    }
    let month_of = |date: model::Date| i32::from(date.year()) * 12 + i32::from(date.month());
    let months = month_of(to) - month_of(from);
    // The month that has begun is whole once its day is there.
    let is_whole =
        model::add_period(from, model::Period::of_months(months)).is_some_and(|day| day <= to);
    if is_whole { months } else { months - 1 }
}

/// The day that a value lies on, and the zone whose clocks say where it begins and ends.
fn in_zone<'v, 'c>(
    v: &[Value<'v>],
    context: &'c Context<'_>,
) -> Result<(model::Date, Cow<'c, Zone>), Problem> {
    let date = shown(v, context)?.date();
    Ok(match v {
        [_, Value::Text(name)] => (date, Cow::Owned(zone(name)?)),
        _ => (date, Cow::Borrowed(context.zone)),
    })
}

fn start_of_day<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (date, zone) = in_zone(v, context)?;
    model::start_of_day(date, &zone).map(Value::Time).ok_or(Problem::OutOfCalendar)
}

fn end_of_day<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (date, zone) = in_zone(v, context)?;
    model::end_of_day(date, &zone).map(Value::Time).ok_or(Problem::OutOfCalendar)
}
