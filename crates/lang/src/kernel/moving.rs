//! Times and days that are moved, and lengths of time as numbers.

use super::{Context, Problem};
use crate::model::{self, Duration, Number, Rational, Time, Value};

pub(super) fn move_time<'v>(time: Time, by: Duration) -> Result<Value<'v>, Problem> {
    time.checked_add(by).map(Value::Time).ok_or(Problem::OutOfCalendar)
}

/// A day that is so many working days later (or earlier); a time keeps what the clock shows.
pub(super) fn by_working_days<'v>(
    start: &Value<'_>,
    by: i32,
    calendar: &model::Calendar,
    context: &Context<'_>,
) -> Result<Value<'v>, Problem> {
    match start {
        Value::Date(date) => Ok(Value::Date(calendar.moved(*date, by)?)),
        Value::Time(time) => {
            let shown = time.local(context.zone).ok_or(Problem::OutOfCalendar)?;
            let moved = calendar.moved(shown.date(), by)?.to_datetime(shown.time());
            let time = Time::of_local(moved, context.zone).ok_or(Problem::OutOfCalendar)?;
            Ok(Value::Time(time))
        }
        _ => Err(Problem::Misfit),
    }
}

pub(super) fn move_date<'v>(date: model::Date, by: Duration) -> Result<Value<'v>, Problem> {
    const DAY: i64 = 24 * 60 * 60;
    if by.as_secs() % DAY != 0 || by.subsec_nanos() != 0 {
        return Err(Problem::PartialDay);
    }
    model::add_days(date, by.as_secs() / DAY).map(Value::Date).ok_or(Problem::OutOfCalendar)
}

/// A duration as an exact number of seconds: nanoseconds are the ninth digit.
pub(super) fn seconds(duration: Duration) -> Result<Number, Problem> {
    Number::STEP
        .checked_mul(Number::from(duration.subsec_nanos()))
        .and_then(|part| Number::from(duration.as_secs()).checked_add(part))
        .ok_or(Problem::Overflow)
}

/// The length of so many seconds, rounded half to even to a nanosecond.
pub(super) fn from_seconds(seconds: Rational) -> Option<Duration> {
    let seconds = seconds.rounded();
    let whole = seconds.checked_floor()?;
    let nanos = seconds.checked_sub(whole)?.checked_div(Number::STEP)?.to_i64()?;
    Some(Duration::new(whole.to_i64()?, i32::try_from(nanos).ok()?))
}
