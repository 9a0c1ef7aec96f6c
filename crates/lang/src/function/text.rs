//! Functions of texts and paths.

use super::Function;
use super::list::LENGTH;
use crate::kernel::{Context, Problem};
use crate::model::{self, Value};
use crate::signature::Shape::{Bool, Number, Pattern, Text};
use crate::signature::{Form, Part, signature};

static LOWER: Form = Form {
    doc: "what `lower` gives has no capitals",
    nearest: |text, _| Some(text.to_lowercase()),
    wild: false,
};

static UPPER: Form = Form {
    doc: "what `upper` gives has no small letters",
    nearest: |text, _| Some(text.to_uppercase()),
    wild: false,
};

static TRIMMED: Form = Form {
    doc: "what `trim` gives has no white space at its ends",
    nearest: |text, part| {
        Some(match part {
            Part::Whole => text.trim().to_string(),
            Part::Start => text.trim_start().to_string(),
            Part::End => text.trim_end().to_string(),
            Part::Within => text.to_string(),
        })
    },
    wild: false,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "lower",
        signatures: &[signature(&[Text], Text, lower).giving(&LOWER)],
        doc: "The text in small letters.",
        example: "lower(\"Shop\") == \"shop\"",
    },
    Function {
        name: "upper",
        signatures: &[signature(&[Text], Text, upper).giving(&UPPER)],
        doc: "The text in capitals.",
        example: "upper(\"Shop\") == \"SHOP\"",
    },
    Function {
        name: "trim",
        signatures: &[signature(&[Text], Text, trim).giving(&TRIMMED)],
        doc: "The text without white space at its ends.",
        example: "trim(\" a \") == \"a\"",
    },
    Function {
        name: "len",
        signatures: &[signature(&[Text], Number, len), LENGTH],
        doc: "How many characters a text has, or how many elements a list.",
        example: "len(\"退货\") == 2",
    },
    Function {
        name: "starts_with",
        signatures: &[signature(&[Text, Text], Bool, starts_with).seeking(Part::Start)],
        doc: "True when the first text begins with the second.",
        example: "starts_with(\"JD-123\", \"JD-\")",
    },
    Function {
        name: "ends_with",
        signatures: &[signature(&[Text, Text], Bool, ends_with).seeking(Part::End)],
        doc: "True when the first text ends with the second.",
        example: "ends_with(\"a.jpg\", \".jpg\")",
    },
    Function {
        name: "contains",
        signatures: &[signature(&[Text, Text], Bool, contains).seeking(Part::Within)],
        doc: "True when the second text stands somewhere in the first.",
        example: "contains(\"free gift\", \"gift\")",
    },
    Function {
        name: "matches",
        signatures: &[signature(&[Text, Pattern], Bool, matches)],
        doc: "True when the regular expression, a constant, matches somewhere in the text; linear time.",
        example: "matches(\"￥abc123￥\", \"^￥[0-9a-z]+￥$\")",
    },
    Function {
        name: "under",
        signatures: &[signature(&[Text, Text], Bool, under).seeking(Part::Start)],
        doc: "True when the first path is the second or lies below it; `/` parts the steps.",
        example: "under(\"food/fresh/fruit\", \"food/fresh\") and not under(\"food/fresher\", \"food/fresh\")",
    },
];

pub(super) fn text<'a>(value: &'a Value<'_>) -> Result<&'a str, Problem> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(Problem::Misfit),
    }
}

fn lower<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Text(text(value)?.to_lowercase().into()))
}

fn upper<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Text(text(value)?.to_uppercase().into()))
}

fn trim<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Text(text(value)?.trim().to_string().into()))
}

fn len<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    Ok(Value::Number(model::Number::from(text(value)?.chars().count() as u64)))
}

fn starts_with<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, start] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(text(value)?.starts_with(text(start)?)))
}

fn ends_with<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, end] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(text(value)?.ends_with(text(end)?)))
}

fn contains<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, part] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(text(value)?.contains(text(part)?)))
}

fn matches<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, Value::Pattern(pattern)] = v else { return Err(Problem::Misfit) };
    Ok(Value::Bool(pattern.is_match(text(value)?)))
}

fn under<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [path, root] = v else { return Err(Problem::Misfit) };
    let (path, root) = (text(path)?, text(root)?);
    let below =
        path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    Ok(Value::Bool(below))
}
