//! Functions that make texts of others: parts of them, joined ones, and forms that can be compared.

use std::borrow::Cow;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

use super::Function;
use super::list::place;
use super::text::text;
use crate::kernel::{Context, Kernel, Problem};
use crate::model::{List, Value};
use crate::signature::Shape::{ListOf, Number, Text};
use crate::signature::{Form, signature, signature_of};

static NORMALISED: Form = Form {
    doc: "what `normalise` gives is in the form NFKC of Unicode",
    nearest: |text, _| Some(normalised(text)),
    wild: false,
};

static FOLDED: Form = Form {
    doc: "what `fold` gives has small letters, in the form NFKC of Unicode",
    nearest: |text, _| Some(folded(text)),
    wild: false,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "join",
        signatures: &[signature(&[ListOf(&Text), Text], Text, join)],
        doc: "The texts of a list as one, with the second between them.",
        example: "join([\"a\", \"b\"], \"-\") == \"a-b\"",
    },
    Function {
        name: "split",
        signatures: &[signature_of(&[Text, Text], ListOf(&Text), Kernel::of(split, 4, true))],
        doc: "What stands between the places at which the second stands in the first.",
        example: "\"b\" in split(\"a,b,c\", \",\") and len(split(\"a,b,\", \",\")) == 3",
    },
    Function {
        name: "slice",
        signatures: &[
            signature(&[Text, Number, Number], Text, slice),
            signature(&[Text, Number], Text, slice),
        ],
        doc: "The characters of a text from one to another, both counted in, or to its end: 1 is the first, -1 the last.",
        example: "slice(\"JD-2024-7\", 4, 7) == \"2024\" and slice(\"JD-2024-7\", -1) == \"7\"",
    },
    Function {
        name: "replace",
        signatures: &[signature(&[Text, Text, Text], Text, replace)],
        doc: "The first text with the third wherever the second stood.",
        example: "replace(\"1 234 567\", \" \", \"\") == \"1234567\"",
    },
    Function {
        name: "normalise",
        signatures: &[signature(&[Text], Text, normalise).giving(&NORMALISED)],
        doc: "The text with each letter in one form (NFKC of Unicode): full-width, composed and ligatured ones as plain ones.",
        example: "normalise(\"\u{ff21}\u{ff22}\u{ff11}\") == \"AB1\"",
    },
    Function {
        name: "fold",
        signatures: &[signature(&[Text], Text, fold).giving(&FOLDED)],
        doc: "The text normalised and without the difference of large and small letters, to be compared with others of that form.",
        example: "fold(\"STRASSE\") == fold(\"stra\u{df}e\")",
    },
];

/// How long a text may become, in bytes, so that no policy makes one that fills the memory.
pub(crate) const LONGEST: usize = 1 << 20;

/// The problem that a text would be longer than one may be.
pub(crate) fn too_long() -> Problem {
    Problem::BadArgument("the text would be longer than a megabyte".into())
}

fn join<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list), between] = v else { return Err(Problem::Misfit) };
    let between = text(between)?;
    let mut joined = String::new();
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            joined.push_str(between);
        }
        joined.push_str(text(&item)?);
        if joined.len() > LONGEST {
            return Err(too_long());
        }
    }
    Ok(Value::Text(joined.into()))
}

fn split<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, between] = v else { return Err(Problem::Misfit) };
    let between = text(between)?;
    if between.is_empty() {
        return Err(Problem::BadArgument("`split` needs a text to split at".into()));
    }
    let parts = match value {
        Value::Text(Cow::Borrowed(text)) => text.split(between).map(text_of).collect(),
        value => text(value)?.split(between).map(|part| text_of(part.to_string())).collect(),
    };
    Ok(Value::List(List::made(parts)))
}

fn text_of<'v>(text: impl Into<Cow<'v, str>>) -> Value<'v> {
    Value::Text(text.into())
}

fn slice<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (value, from, to) = match v {
        [value, from] => (text(value)?, place(from, PLACES)?, -1),
        [value, from, to] => (text(value)?, place(from, PLACES)?, place(to, PLACES)?),
        _ => return Err(Problem::Misfit),
    };
    let length = value.chars().count() as i64;
    // Places from the end, as places from the start.
    let counted = |place: i64| if place < 0 { length.saturating_add(place + 1) } else { place };
    let (from, to) = (counted(from).max(1), counted(to).min(length));
    let bytes = |chars: i64| {
        let place = usize::try_from(chars).ok().and_then(|chars| value.char_indices().nth(chars));
        place.map_or(value.len(), |(at, _)| at)
    };
    let part =
        if from > to { "" } else { value.get(bytes(from - 1)..bytes(to)).unwrap_or_default() };
    Ok(Value::Text(part.to_string().into()))
}

/// How `slice` counts.
const PLACES: &str = "`slice` counts characters from 1, or from -1 at the end, in whole numbers";

fn replace<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, old, new] = v else { return Err(Problem::Misfit) };
    let (value, old, new) = (text(value)?, text(old)?, text(new)?);
    if old.is_empty() {
        return Err(Problem::BadArgument("`replace` needs a text to replace".into()));
    }
    let grown = value.matches(old).count().saturating_mul(new.len());
    if value.len().saturating_add(grown) > LONGEST && new.len() > old.len() {
        return Err(too_long());
    }
    Ok(Value::Text(value.replace(old, new).into()))
}

fn normalised(text: &str) -> String {
    text.nfkc().collect()
}

/// What Unicode compares for a compatibility caseless match, composed again.
fn folded(text: &str) -> String {
    text.nfd().default_case_fold().nfkd().default_case_fold().nfkc().collect()
}

fn normalise<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Text(normalised(text(value)?).into()))
}

fn fold<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Text(folded(text(value)?).into()))
}
