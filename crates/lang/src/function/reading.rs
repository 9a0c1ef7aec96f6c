//! Values that are read from texts, and are missing where a text holds none.

use super::Function;
use super::text::text;
use crate::kernel::{Context, Problem};
use crate::model::{self, Value};
use crate::signature::Shape::{Maybe, Number, Text};
use crate::signature::signature;

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "number",
    signatures: &[signature(&[Text], Maybe(&Number), number)],
    doc: "The number that a text is, with a point before its decimals; missing where it is none.",
    example: "(number(\"12.5\") ?? 0) == 12.5 and number(\"12,5\") is missing",
}];

fn number<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    let number = text(value)?.parse::<model::Number>();
    Ok(number.map_or(Value::Missing, Value::Number))
}

/// The day that a text has in a form.
pub(super) fn date<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, form] = v else { return Err(Problem::Misfit) };
    let date = model::parse_date_as(text(value)?, text(form)?);
    Ok(date.map_or(Value::Missing, Value::Date))
}

/// The instant that a text has in a form; without an offset by the clocks of the rulebook.
pub(super) fn time<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, form] = v else { return Err(Problem::Misfit) };
    let time = model::parse_time_as(text(value)?, text(form)?, context.zone);
    Ok(time.map_or(Value::Missing, Value::Time))
}
