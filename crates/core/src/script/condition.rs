//! Functions of lists that ask a function of each item: it must answer `true` or `false`. Rhai by itself
//! takes any other answer for `false`.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext, Variant};

use super::comparison::kind;
use super::operation::error;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Gives an engine these functions; they come before those of packages.
pub(super) fn register(engine: &mut Engine) {
    asking(engine, "filter", |asked, list| asked.parted(list).map(|(holding, _)| holding));
    asking(engine, "retain", |asked, list| {
        let (kept, others) = asked.parted(list)?;
        *list = kept;
        Ok(others)
    });
    asking(engine, "drain", |asked, list| {
        let (drained, others) = asked.parted(list)?;
        *list = others;
        Ok(drained)
    });
    asking(engine, "some", |asked, list| asked.first(list, true).map(|at| at.is_some()));
    asking(engine, "all", |asked, list| asked.first(list, false).map(|at| at.is_none()));
    asking(engine, "find", |asked, list| {
        let found = asked.first(list, true)?;
        Ok(found.and_then(|at| list.get(at)).cloned().unwrap_or(Dynamic::UNIT))
    });
    asking(engine, "index_of", |asked, list| {
        let found = asked.first(list, true)?;
        Ok(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
    });
}

/// Gives an engine a function of a list and of a function that is asked of its items.
fn asking<T: Variant + Clone>(
    engine: &mut Engine,
    by: &'static str,
    given: fn(Asked<'_, '_>, &mut Array) -> Outcome<T>,
) {
    engine.register_fn(
        by,
        move |context: NativeCallContext<'_>, list: &mut Array, function: FnPtr| -> Outcome<T> {
            given(Asked { by, context: &context, function: &function }, list)
        },
    );
}

/// A function that is asked of items.
struct Asked<'f, 'c> {
    by: &'static str,
    context: &'f NativeCallContext<'c>,
    function: &'f FnPtr,
}

impl Asked<'_, '_> {
    /// What it says of an item, which it may be given with its place.
    fn holds(&self, item: &mut Dynamic, at: usize) -> Outcome<bool> {
        let place = [i64::try_from(at).unwrap_or(i64::MAX).into()];
        let (context, function) = (self.context, self.function);
        let answer =
            function.call_raw_with_extra_args(self.by, context, Some(item), [], place, Some(0))?;
        answer.as_bool().map_err(|_| {
            let kind = kind(&answer);
            error(format!("`{}` asks for `true` or `false`, and is given {kind}", self.by))
        })
    }

    /// The place of the first item of which it says so.
    fn first(&self, list: &mut Array, wanted: bool) -> Outcome<Option<usize>> {
        for (at, item) in list.iter_mut().enumerate() {
            if self.holds(item, at)? == wanted {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// The items of which it says `true`, and the others.
    fn parted(&self, list: &mut Array) -> Outcome<(Array, Array)> {
        let (mut holding, mut others) = (Array::new(), Array::new());
        for (at, item) in list.iter_mut().enumerate() {
            let part = if self.holds(item, at)? { &mut holding } else { &mut others };
            part.push(item.clone());
        }
        Ok((holding, others))
    }
}
