//! Functions about having a value at all, and how values become texts within others.

use super::Function;
use super::text::text;
use super::wording::{LONGEST, too_long};
use crate::kernel::{ATTEMPT, Context, Problem, RAISE};
use crate::model::{Type, Value};
use crate::signature::Shape::{Any, Maybe, Text};
use crate::signature::{Signature, signature, signature_of};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "try",
        signatures: &[signature_of(&[Any], Maybe(&Any), ATTEMPT)],
        doc: "The value, or nothing where it would be a fault: missing, so that `??` says what then holds.",
        example: "(try(10 / (day(now) - day(now))) ?? 7) == 7 and (try(10 / 4) ?? 7) == 2.5",
    },
    Function {
        name: "raise",
        signatures: &[signature_of(&[Text], Any, RAISE)],
        doc: "No value but a fault with this message, where a value of any type may stand.",
        example: "(if 2 > 1 then 3 else raise(\"no rate\")) == 3",
    },
];

/// A value as it stands in a text.
pub static PLAIN: Signature = signature(&[Any], Text, plain);

/// Two texts, one behind the other.
pub static JOINED: Signature = signature(&[Text, Text], Text, joined);

fn plain<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    // None of these values needs to know its type to be written.
    Ok(Value::Text(Type::Text.written(value, Some(context.zone)).to_string().into()))
}

fn joined<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [first, second] = v else { return Err(Problem::Misfit) };
    let (first, second) = (text(first)?, text(second)?);
    if first.len().saturating_add(second.len()) > LONGEST {
        return Err(too_long());
    }
    Ok(Value::Text([first, second].concat().into()))
}
