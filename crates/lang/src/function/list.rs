//! Functions of lists.

#![allow(
    clippy::mutable_key_type,
    reason = "what a value refers to stays the same while the value is a key"
)]

use rustc_hash::FxHashSet;

use super::Function;
use crate::kernel::{Context, Kernel, Problem, Run};
use crate::model::{self, List, Same, Value};
use crate::signature::Shape::{self, Any, Bool, ListOfAny, Maybe, Number};
use crate::signature::{Signature, signature, signature_of};

/// The steps of hashing, besides those for the length of the lists.
const HASHING: u32 = 8;

/// A function that goes through its lists.
const fn through(parameters: &'static [Shape], result: Shape, run: Run) -> Signature {
    signature_of(parameters, result, Kernel::of(run, HASHING, true))
}

/// How many elements a list has.
pub(super) const LENGTH: Signature = signature(&[ListOfAny], Number, length);

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "first",
        signatures: &[signature(&[ListOfAny], Maybe(&Any), first)],
        doc: "The first element; missing when there are none.",
        example: "(first([3, 1, 2]) ?? 0) == 3",
    },
    Function {
        name: "last",
        signatures: &[signature(&[ListOfAny], Maybe(&Any), last)],
        doc: "The last element; missing when there are none.",
        example: "(last([3, 1, 2]) ?? 0) == 2",
    },
    Function {
        name: "nth",
        signatures: &[signature(&[ListOfAny, Number], Maybe(&Any), nth)],
        doc: "The element at a place: 1 is the first, -1 the last; missing when there is none.",
        example: "(nth([3, 1, 2], 2) ?? 0) == 1 and (nth([3, 1, 2], -1) ?? 0) == 2",
    },
    Function {
        name: "distinct",
        signatures: &[through(&[ListOfAny], ListOfAny, distinct)],
        doc: "The list without the elements that are the same as an earlier one.",
        example: "len(distinct([\"a\", \"b\", \"a\"])) == 2",
    },
    Function {
        name: "contains_any",
        signatures: &[through(&[ListOfAny, ListOfAny], Bool, contains_any)],
        doc: "True when the first list holds at least one element of the second.",
        example: "contains_any([\"new\", \"toys\"], [\"toys\", \"games\"])",
    },
    Function {
        name: "contains_all",
        signatures: &[through(&[ListOfAny, ListOfAny], Bool, contains_all)],
        doc: "True when the first list holds every element of the second.",
        example: "not contains_all([\"new\", \"toys\"], [\"toys\", \"games\"])",
    },
];

fn length<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list)] = v else { return Err(Problem::Misfit) };
    Ok(Value::Number((list.len() as u64).into()))
}

fn first<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list)] = v else { return Err(Problem::Misfit) };
    Ok(list.get(0).unwrap_or(Value::Missing))
}

fn last<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list)] = v else { return Err(Problem::Misfit) };
    let last = list.len().checked_sub(1).and_then(|at| list.get(at));
    Ok(last.unwrap_or(Value::Missing))
}

/// How `nth` counts.
const PLACES: &str = "`nth` counts elements from 1, or from -1 at the end, in whole numbers";

/// A place in a text or a list, which is a whole number other than zero; else a fault that says so.
pub(super) fn place(value: &Value<'_>, message: &str) -> Result<i64, Problem> {
    let place = match value {
        Value::Number(number) if number.checked_floor() == Some(*number) => {
            // One that is too far to be counted is as far as can be.
            let farthest = if *number < model::Number::ZERO { i64::MIN } else { i64::MAX };
            Some(number.to_i64().unwrap_or(farthest)).filter(|place| *place != 0)
        }
        _ => None,
    };
    place.ok_or_else(|| Problem::BadArgument(message.into()))
}

fn nth<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list), at] = v else { return Err(Problem::Misfit) };
    let place = place(at, PLACES)?;
    let distance = usize::try_from(place.unsigned_abs()).ok();
    let at = match place > 0 {
        true => distance.and_then(|distance| distance.checked_sub(1)),
        false => distance.and_then(|distance| list.len().checked_sub(distance)),
    };
    Ok(at.and_then(|at| list.get(at)).unwrap_or(Value::Missing))
}

fn distinct<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list)] = v else { return Err(Problem::Misfit) };
    let mut seen = FxHashSet::default();
    let kept = list.iter().filter(|item| seen.insert(Same(item.clone())));
    Ok(Value::List(List::made(kept.collect())))
}

fn contains_any<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list), Value::List(items)] = v else { return Err(Problem::Misfit) };
    let held: FxHashSet<_> = list.iter().map(Same).collect();
    Ok(Value::Bool(items.iter().any(|item| held.contains(&Same(item)))))
}

fn contains_all<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::List(list), Value::List(items)] = v else { return Err(Problem::Misfit) };
    let held: FxHashSet<_> = list.iter().map(Same).collect();
    Ok(Value::Bool(items.iter().all(|item| held.contains(&Same(item)))))
}
