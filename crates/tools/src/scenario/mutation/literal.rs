//! Literals moved by one step: the last digit that is written, a day, the last part of a time.

use rulebook_lang::model::{Duration, TimeOfDay, add_days, parse_date, parse_time_of_day};
use rulebook_syntax::ast::Literal;

/// What stands one step below and one step above a literal, as it would be written; `None` for
/// texts, which have no steps. A truth has one neighbour.
pub(super) fn neighbours(literal: &Literal<'_>) -> Vec<String> {
    let both = |step: &dyn Fn(i64) -> Option<String>| {
        [-1, 1].into_iter().filter_map(step).collect::<Vec<_>>()
    };
    match literal {
        Literal::Bool(value) => vec![(!value).to_string()],
        Literal::Number(digits) => both(&|by| moved(digits, by)),
        Literal::Percent(text) => {
            let digits = text.trim_end_matches('%');
            both(&|by| Some(moved(digits, by)? + "%"))
        }
        Literal::Money(digits, code) => both(&|by| Some(format!("{} {code}", moved(digits, by)?))),
        Literal::Duration(digits, unit) => both(&|by| {
            let digits = moved(digits, by)?;
            let unit = unit.trim_end_matches('s');
            let plural = if digits == "1" { "" } else { "s" };
            Some(format!("{digits} {unit}{plural}"))
        }),
        Literal::Days(digits, calendar) => both(&|by| {
            let digits = moved(digits, by)?;
            let whose = calendar
                .as_ref()
                .map_or("calendar".into(), |name| format!("{} working", name.text));
            let plural = if digits == "1" { "" } else { "s" };
            Some(format!("{digits} {whose} day{plural}"))
        }),
        Literal::Date(text) => both(&|by| Some(add_days(parse_date(text)?, by)?.to_string())),
        Literal::Time(text) => both(&|by| time(text, by)),
        Literal::TimeOfDay(text) => both(&|by| time_of_day(text, by)),
        Literal::Text(_) => Vec::new(),
    }
}

/// A number moved by a step of its last digit.
fn moved(text: &str, by: i64) -> Option<String> {
    let text = text.replace('_', "");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let steps: i128 = format!("{whole}{decimals}").parse().ok()?;
    let steps = steps.checked_add(by.into())?;
    let sign = if steps < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", steps.unsigned_abs(), width = decimals.len() + 1);
    let (whole, decimals) = digits.split_at_checked(digits.len() - decimals.len())?;
    let point = if decimals.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{decimals}"))
}

/// A time moved by a minute, or by a second where it has seconds.
fn time(text: &str, by: i64) -> Option<String> {
    let local = match text.get(16..17) {
        Some(":") => text.get(..19)?,
        _ => text.get(..16)?,
    };
    let offset = text.get(local.len()..)?;
    let (step, form) = match local.len() {
        16 => (60, "%Y-%m-%dT%H:%M"),
        _ => (1, "%Y-%m-%dT%H:%M:%S"),
    };
    Some(add_seconds(local, by * step, form)? + offset)
}

/// A time of day moved by a minute, or by a second where it has seconds.
fn time_of_day(text: &str, by: i64) -> Option<String> {
    let step = if text.len() > 5 { 1 } else { 60 };
    let moved = parse_time_of_day(text)?.checked_add(Duration::from_secs(by * step))?;
    TimeOfDay::holds(moved).then(|| TimeOfDay(moved).to_string())
}

/// A local time that many seconds later (or earlier), in a form.
fn add_seconds(local: &str, seconds: i64, form: &str) -> Option<String> {
    let local: jiff::civil::DateTime = local.parse().ok()?;
    let moved = local.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
    Some(moved.strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_the_last_digit_that_is_written() {
        let steps = |literal| neighbours(&literal);
        assert_eq!(steps(Literal::Number("4.8")), ["4.7", "4.9"]);
        assert_eq!(steps(Literal::Number("104_000")), ["103999", "104001"]);
        assert_eq!(steps(Literal::Number("0")), ["-1", "1"]);
        assert_eq!(steps(Literal::Number("0.00")), ["-0.01", "0.01"]);
        assert_eq!(steps(Literal::Number("9.99")), ["9.98", "10.00"]);
        assert_eq!(steps(Literal::Percent("30%")), ["29%", "31%"]);
        assert_eq!(steps(Literal::Percent("0.5%")), ["0.4%", "0.6%"]);
        assert_eq!(steps(Literal::Money("200", "CNY")), ["199 CNY", "201 CNY"]);
        assert_eq!(steps(Literal::Duration("2", "days")), ["1 day", "3 days"]);
        assert_eq!(steps(Literal::Date("2024-03-01")), ["2024-02-29", "2024-03-02"]);
        assert_eq!(
            steps(Literal::Time("2024-09-12T08:00+08:00")),
            ["2024-09-12T07:59+08:00", "2024-09-12T08:01+08:00"]
        );
        assert_eq!(
            steps(Literal::Time("2024-09-12T00:00:00Z")),
            ["2024-09-11T23:59:59Z", "2024-09-12T00:00:01Z"]
        );
        assert_eq!(steps(Literal::Bool(true)), ["false"]);
    }
}
