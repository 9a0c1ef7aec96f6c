//! Functions of lists and maps that differ from Rhai's own: they know exact values, stop before what
//! they gather grows beyond its limits, and take little of the stack for each level of nested values.

use std::any::TypeId;
use std::cmp::Ordering;

use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext, Position,
};

use super::exact::{shown, value_of};
use super::operation::error;
use crate::lang::kernel::{self, Context};
use crate::model::{Type, Value, Zone};

/// Gives an engine these functions; they come before those of packages.
pub(super) fn register(engine: &mut Engine, zone: &Zone) {
    engine.register_fn("map", mapped);
    engine.register_fn("map", |_: &mut Map, _: FnPtr| -> Result<(), Box<EvalAltResult>> {
        Err(error("a map has no `map`; go over its `keys()` or `values()`".into()))
    });
    let own = zone.clone();
    engine.register_fn("sort", move |list: &mut Array| sort(list, &own));
    for ty in [TypeId::of::<Array>(), TypeId::of::<Map>()] {
        for (name, wanted) in [("==", true), ("!=", false)] {
            let zone = zone.clone();
            engine.register_raw_fn(name, [ty, ty], move |_, args| match args {
                [a, b] => Ok(equal(a, b, &zone) == wanted),
                _ => Ok(false),
            });
        }
        for name in ["to_string", "to_debug", "print", "debug"] {
            engine.register_raw_fn(name, [ty], |_, args| {
                let text: String = args.iter().map(|arg| shown(arg)).collect();
                Ok(ImmutableString::from(text))
            });
        }
    }
}

/// Whether two values are the same, whatever they hold.
fn equal(a: &Dynamic, b: &Dynamic, zone: &Zone) -> bool {
    if let (Ok(a), Ok(b)) = (a.as_array_ref(), b.as_array_ref()) {
        return a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b, zone));
    }
    if let (Ok(a), Ok(b)) = (a.as_map_ref(), b.as_map_ref()) {
        let mut pairs = a.iter().zip(b.iter());
        return a.len() == b.len() && pairs.all(|((k, a), (l, b))| k == l && equal(a, b, zone));
    }
    match (value_of(a), value_of(b)) {
        (Some((a, _)), Some((b, _))) => {
            let result = kernel::EQUAL.run(&[a, b], &Context { zone });
            result.is_ok_and(|value| value.is_true())
        }
        _ => a.is_unit() && b.is_unit() || a.as_char().is_ok_and(|a| b.as_char() == Ok(a)),
    }
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

/// Puts the smallest first: numbers, amounts of one currency, times or texts.
fn sort(list: &mut Array, zone: &Zone) -> Result<(), Box<EvalAltResult>> {
    let read: Option<Vec<_>> = list.iter().map(value_of).collect();
    let read = read.filter(|read| {
        read.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b && *a != Type::Bool))
    });
    let Some(read) = read else {
        return Err(error("a list is sorted where all its items can be compared".into()));
    };
    let mut sorted: Vec<_> = read.into_iter().zip(std::mem::take(list)).collect();
    sorted.sort_by(|((a, _), _), ((b, _), _)| order(a, b, zone));
    list.extend(sorted.into_iter().map(|(_, item)| item));
    Ok(())
}

fn order(a: &Value<'_>, b: &Value<'_>, zone: &Zone) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        // They are of one type, so that there is an order.
        _ => kernel::order(a, b, &Context { zone }).unwrap_or(Ordering::Equal),
    }
}
