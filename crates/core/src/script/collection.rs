//! Functions of lists and maps that differ from Rhai's own: they know exact values, stop before what
//! they gather grows beyond its limits, and take little of the stack for each level of nested values.

use std::any::TypeId;
use std::cmp::Ordering;

use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext, Position,
};

use super::comparison::{COMPARING, Equality};
use super::exact::{shown, value_of};
use super::meter::{charge, weight};
use super::operation::error;
use rulebook_lang::kernel::{self, Context};
use rulebook_lang::model::{Type, Value, Zone};

/// Gives an engine these functions; they come before those of packages.
pub(super) fn register(engine: &mut Engine, zone: &Zone) {
    engine.register_fn("map", mapped);
    engine.register_fn("map", |_: &mut Map, _: FnPtr| -> Result<(), Box<EvalAltResult>> {
        Err(error("a map has no `map`; go over its `keys()` or `values()`".into()))
    });
    register_orders(engine, zone);
    register_searches(engine, zone);
    register_growth(engine);
    for ty in [TypeId::of::<Array>(), TypeId::of::<Map>()] {
        for name in ["to_string", "to_debug", "print", "debug"] {
            engine.register_raw_fn(name, [ty], |_, args| {
                charge(args.iter().map(|arg| weight(arg)).sum::<u64>().saturating_mul(SHOWING))?;
                let text: String = args.iter().map(|arg| shown(arg)).collect();
                Ok(ImmutableString::from(text))
            });
        }
    }
}

/// How much more writing a value takes than going through it.
const SHOWING: u64 = 8;

/// Where in a list a value was found.
type Found = Result<Option<usize>, Box<EvalAltResult>>;

/// Functions that compare the items of a list with a value, or with each other.
fn register_searches(engine: &mut Engine, zone: &Zone) {
    let find = |zone: &Zone, list: &Array, value: &Dynamic, start: usize| -> Found {
        let mut equality = Equality::new(zone);
        let mut found = None;
        for (at, item) in list.iter().enumerate().skip(start) {
            if equality.of(item, value)? {
                found = Some(at);
                break;
            }
        }
        equality.charged().map(|()| found)
    };
    let number = |found: Option<usize>| found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1);
    let kept_zone = zone.clone();
    engine.register_fn("contains", move |list: &mut Array, value: Dynamic| {
        find(&kept_zone, list, &value, 0).map(|found| found.is_some())
    });
    let kept_zone = zone.clone();
    engine.register_fn("index_of", move |list: &mut Array, value: Dynamic| {
        find(&kept_zone, list, &value, 0).map(number)
    });
    let kept_zone = zone.clone();
    engine.register_fn("index_of", move |list: &mut Array, value: Dynamic, start: i64| {
        let from_end = || {
            list.len().saturating_sub(usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX))
        };
        let start = usize::try_from(start).unwrap_or_else(|_| from_end());
        find(&kept_zone, list, &value, start).map(number)
    });
    let kept_zone = zone.clone();
    engine.register_fn("dedup", move |list: &mut Array| {
        let mut equality = Equality::new(&kept_zone);
        let mut compared = Ok(());
        list.dedup_by(|a, b| {
            let same = equality.of(a, b);
            same.unwrap_or_else(|unlike| {
                compared = Err(unlike);
                false
            })
        });
        compared.and_then(|()| equality.charged())
    });
}

/// Functions that make much of little: what they make is charged, and bounded before it is there.
fn register_growth(engine: &mut Engine) {
    engine.register_fn("pad", filled);
    engine.register_fn(
        "pad",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, length: i64, with: char| {
            padded(&context, text, length, with.encode_utf8(&mut [0; 4]))
        },
    );
    engine.register_fn(
        "pad",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, length: i64, with: &str| {
            padded(&context, text, length, with)
        },
    );
    engine.register_fn(
        "replace",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, from: &str, to: &str| {
            replaced(&context, text, from, to)
        },
    );
    engine.register_fn(
        "replace",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, from: &str, to: char| {
            replaced(&context, text, from, to.encode_utf8(&mut [0; 4]))
        },
    );
    engine.register_fn(
        "replace",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, from: char, to: &str| {
            replaced(&context, text, from.encode_utf8(&mut [0; 4]), to)
        },
    );
    engine.register_fn(
        "replace",
        |context: NativeCallContext<'_>, text: &mut ImmutableString, from: char, to: char| {
            let (mut a, mut b) = ([0; 4], [0; 4]);
            replaced(&context, text, from.encode_utf8(&mut a), to.encode_utf8(&mut b))
        },
    );
}

/// Refuses what is larger than it may be, as Rhai does.
fn bounded(what: &str, size: usize, most: usize) -> Result<(), Box<EvalAltResult>> {
    match most > 0 && size > most {
        true => Err(Box::new(EvalAltResult::ErrorDataTooLarge(what.into(), Position::NONE))),
        false => Ok(()),
    }
}

/// Adds the same item to the end of a list until it has so many.
fn filled(
    context: NativeCallContext<'_>,
    list: &mut Array,
    length: i64,
    item: Dynamic,
) -> Result<(), Box<EvalAltResult>> {
    let length = usize::try_from(length).unwrap_or(0);
    let added = length.saturating_sub(list.len());
    if added == 0 {
        return Ok(());
    }
    charge((added as u64).saturating_mul(1 + weight(&item)))?;
    bounded("Size of array/BLOB", length, context.engine().max_array_size())?;
    let bytes = added.saturating_mul(size(&item));
    bounded("Length of string", bytes, context.engine().max_string_size())?;
    list.resize(length, item);
    Ok(())
}

/// Adds to the end of a text until it has so many letters.
fn padded(
    context: &NativeCallContext<'_>,
    text: &mut ImmutableString,
    length: i64,
    with: &str,
) -> Result<(), Box<EvalAltResult>> {
    let added = usize::try_from(length).unwrap_or(0).saturating_sub(text.chars().count());
    if added == 0 || with.is_empty() {
        return Ok(());
    }
    charge((added as u64).saturating_mul(4))?;
    bounded(
        "Length of string",
        text.len().saturating_add(added),
        context.engine().max_string_size(),
    )?;
    let more: String = with.chars().cycle().take(added).collect();
    *text = format!("{text}{more}").into();
    Ok(())
}

/// Puts one text in all places of another.
fn replaced(
    context: &NativeCallContext<'_>,
    text: &mut ImmutableString,
    from: &str,
    to: &str,
) -> Result<(), Box<EvalAltResult>> {
    if text.is_empty() {
        return Ok(());
    }
    charge(text.len() as u64)?;
    let grown = text.matches(from).count().saturating_mul(to.len().saturating_sub(from.len()));
    charge(grown as u64)?;
    let length = text.len().saturating_add(grown);
    bounded("Length of string", length, context.engine().max_string_size())?;
    *text = text.replace(from, to).into();
    Ok(())
}

/// What a function gives for each item.
fn mapped(
    context: NativeCallContext<'_>,
    list: &mut Array,
    function: FnPtr,
) -> Result<Array, Box<EvalAltResult>> {
    let mut results = Array::with_capacity(list.len());
    let mut bytes = 0;
    for item in list.iter() {
        let result = function.call_raw(&context, None, [item.clone()])?;
        bytes += size(&result);
        // The list as a whole is looked at only once it is there.
        if bytes > context.engine().max_string_size() {
            let what = "Length of string".to_string();
            return Err(Box::new(EvalAltResult::ErrorDataTooLarge(what, Position::NONE)));
        }
        results.push(result);
    }
    Ok(results)
}

/// What a value takes besides itself, about.
fn size(value: &Dynamic) -> usize {
    if let Ok(text) = value.as_immutable_string_ref() {
        return text.len();
    }
    if let Ok(list) = value.as_array_ref() {
        return list.iter().map(|item| 1 + size(item)).sum();
    }
    if let Ok(map) = value.as_map_ref() {
        return map.iter().map(|(key, item)| 1 + key.len() + size(item)).sum();
    }
    0
}

/// Functions that put a list in order, the smallest or the largest first.
fn register_orders(engine: &mut Engine, zone: &Zone) {
    for (in_place, copy, down) in [("sort", "order", false), ("sort_desc", "order_desc", true)] {
        let kept_zone = zone.clone();
        engine.register_fn(in_place, move |list: &mut Array| sort(list, down, &kept_zone));
        let kept_zone = zone.clone();
        engine.register_fn(copy, move |list: &mut Array| {
            let mut list = list.clone();
            sort(&mut list, down, &kept_zone).map(|()| list)
        });
    }
}

/// Puts the smallest first: numbers, amounts of one currency, times or texts.
fn sort(list: &mut Array, down: bool, zone: &Zone) -> Result<(), Box<EvalAltResult>> {
    let length = list.len() as u64;
    charge(length.saturating_mul(COMPARING * u64::from(length.max(1).ilog2() + 1)))?;
    charge(list.iter().map(weight).sum())?;
    let read: Option<Vec<_>> = list.iter().map(value_of).collect();
    let read = read.filter(|read| {
        read.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b && *a != Type::Bool))
    });
    let Some(read) = read else {
        return Err(error("a list is sorted where all its items can be compared".into()));
    };
    let mut sorted: Vec<_> = read.into_iter().zip(std::mem::take(list)).collect();
    sorted.sort_by(|((a, _), _), ((b, _), _)| {
        let order = order(a, b, zone);
        if down { order.reverse() } else { order }
    });
    list.extend(sorted.into_iter().map(|(_, item)| item));
    Ok(())
}

fn order(a: &Value<'_>, b: &Value<'_>, zone: &Zone) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        // They are of one type, so that there is an order.
        _ => kernel::order(a, b, &Context { zone, calendars: &[] }).unwrap_or(Ordering::Equal),
    }
}
