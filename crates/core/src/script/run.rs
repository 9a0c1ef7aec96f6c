//! Calls a function of a script: whatever it does, the caller gets a value of the declared type or a
//! problem with the script's line.

use std::any::Any;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope};

use super::exact::shown;
use super::host::Read;
use super::meter;
use super::pass::{from_script, to_script};
use super::{Border, Returned, Wanted};
use crate::settings::ScriptLimits;
use rulebook_lang::model::Value;
use rulebook_lang::{Problem, ScriptFault};

/// What a level of nested values, and of nested expressions, takes of the stack at most, in bytes.
const LEVEL_OF_VALUES: u64 = if cfg!(debug_assertions) { 2_048 } else { 1_024 };
const LEVEL_OF_EXPRESSIONS: u64 = if cfg!(debug_assertions) { 8_192 } else { 4_096 };

/// Calls `call` with a stack that suffices for all that the limits allow.
pub(super) fn with_stack<T>(limits: &ScriptLimits, call: impl FnOnce() -> T) -> T {
    let values = (limits.list + limits.map) * LEVEL_OF_VALUES;
    let expressions = (limits.calls + 1) * limits.depth * LEVEL_OF_EXPRESSIONS;
    let needed = usize::try_from(values + expressions).unwrap_or(usize::MAX);
    stacker::maybe_grow(needed, needed + needed / 2, call)
}

/// A function of a script. Cheap to clone, safe to share, never changes.
#[derive(Clone)]
pub struct Script {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Arc<Engine>,
    ast: Arc<AST>,
    chain: u64,
    limits: ScriptLimits,
    name: String,
    path: String,
    /// The line on which the function begins.
    line: usize,
    /// Stands for the name and the text of the script.
    print: u64,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.inner.name, self.inner.path)
    }
}

impl Script {
    pub(super) fn new(
        engine: &Arc<Engine>,
        read: &Read,
        limits: &ScriptLimits,
        wanted: &Wanted<'_>,
        line: usize,
    ) -> Self {
        let Read { ast, chain } = read.clone();
        let (engine, limits) = (engine.clone(), limits.clone());
        let (name, path) = (wanted.name.to_string(), wanted.path.to_string());
        let mut hash = DefaultHasher::new();
        (wanted.name, wanted.text).hash(&mut hash);
        let print = hash.finish();
        Self { inner: Arc::new(Inner { engine, ast, chain, limits, name, path, line, print }) }
    }

    /// A number that two functions share if they do the same by the same text.
    pub fn fingerprint(&self) -> u64 {
        self.inner.print
    }

    /// How many operations a call may take.
    pub fn operations(&self) -> u64 {
        self.inner.limits.operations
    }

    /// Calls the function; returns also how many operations it took.
    ///
    /// # Errors
    /// [`Problem::Script`] when the script throws, takes more than its limits, or gives something
    /// else than declared.
    pub fn call(
        &self,
        values: &[Value<'_>],
        arguments: &[Border],
        result: &Border,
    ) -> (Result<Returned, Problem>, u64) {
        let Inner { limits, chain, .. } = &*self.inner;
        meter::metered(limits.operations, *chain, || {
            let called = catch_unwind(AssertUnwindSafe(|| {
                with_stack(limits, || self.run(values, arguments, result))
            }));
            called.unwrap_or_else(|panic| Err(self.panicked(panic.as_ref())))
        })
    }

    /// Runs the function. What it nests deeply is dropped here too, where the stack is large.
    fn run(
        &self,
        values: &[Value<'_>],
        arguments: &[Border],
        result: &Border,
    ) -> Result<Returned, Problem> {
        let Inner { engine, ast, name, line, .. } = &*self.inner;
        let given: Vec<Dynamic> =
            values.iter().zip(arguments).map(|(value, border)| to_script(value, border)).collect();
        let options = CallFnOptions::new().eval_ast(false);
        let dynamic: Dynamic = engine
            .call_fn_with_options(options, &mut Scope::new(), ast, name, given)
            .map_err(|error| self.fault(*error))?;
        from_script(&dynamic, result).map_err(|problem| {
            self.problem(ScriptFault::Result, *line, &format!("`{name}` {problem}"))
        })
    }

    fn problem(&self, kind: ScriptFault, line: usize, message: &str) -> Problem {
        Problem::Script(kind, format!("{}:{line}: {message}", self.inner.path))
    }

    fn panicked(&self, panic: &(dyn Any + Send)) -> Problem {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        let message =
            format!("it broke down: {}", text.unwrap_or_else(|| "no more is known".into()));
        self.problem(ScriptFault::Error, self.inner.line, &message)
    }

    /// The error of the innermost function, with its line.
    fn fault(&self, mut error: EvalAltResult) -> Problem {
        let mut line = error.position().line();
        while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = error {
            error = *inner;
            line = error.position().line().or(line);
        }
        let (kind, message) = self.explained(error);
        self.problem(kind, line.unwrap_or(self.inner.line), &message)
    }

    fn explained(&self, mut error: EvalAltResult) -> (ScriptFault, String) {
        let ScriptLimits { operations, calls, variables, text, list, map, .. } = self.inner.limits;
        let name = &self.inner.name;
        let message = match &error {
            EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => {
                format!("`{name}` takes more than {operations} operations; does it ever end?")
            }
            EvalAltResult::ErrorStackOverflow(_) => {
                format!("calls in `{name}` nest more than {calls} deep")
            }
            EvalAltResult::ErrorTooManyVariables(_) => {
                format!("`{name}` has more than {variables} variables")
            }
            EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("string") => {
                format!("a text in `{name}` grows beyond {text} bytes")
            }
            EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("map") => {
                format!("a map in `{name}` grows beyond {map} fields")
            }
            EvalAltResult::ErrorDataTooLarge(..) => {
                format!("a list in `{name}` grows beyond {list} items")
            }
            EvalAltResult::ErrorRuntime(thrown, _) => {
                return (ScriptFault::Error, format!("it throws: {}", shown(thrown)));
            }
            EvalAltResult::ErrorArithmetic(message, _) => {
                return (ScriptFault::Error, message.clone());
            }
            EvalAltResult::ErrorFunctionNotFound(signature, _) => {
                return (ScriptFault::Error, no_function(signature));
            }
            _ => {
                error.clear_position();
                return (ScriptFault::Error, in_our_words(&error.to_string()));
            }
        };
        (ScriptFault::Limit, message)
    }
}

/// What to say of a function that is not there, or not for these arguments.
fn no_function(signature: &str) -> String {
    // The names that Rhai has for our types.
    let named = in_our_words(signature);
    match named.split_once(" (") {
        Some((name, arguments)) => format!("there is no function `{name}({arguments}`"),
        None => format!("there is no function `{named}`"),
    }
}

/// A message with our names for the types that it names.
fn in_our_words(message: &str) -> String {
    let message = message
        .replace("&str | ImmutableString | String", "text")
        .replace("array", "list")
        .replace("Array", "List");
    let part_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '<' | '>');
    let mut text = String::new();
    for piece in message.split_inclusive(|c| !part_of_name(c)) {
        let name = piece.trim_end_matches(|c| !part_of_name(c));
        match name.contains("::") {
            true => text += type_in_our_words(name),
            false => text += name,
        }
        text += piece.get(name.len()..).unwrap_or_default();
    }
    text
}

/// What we call a type of Rust.
pub(super) fn type_in_our_words(name: &str) -> &'static str {
    let last = |name: &str| name.split("::").last().unwrap_or_default().to_string();
    let plain = last(name.split('<').next().unwrap_or_default());
    match plain.as_str() {
        "Range" | "RangeInclusive" | "StepRange" | "BitRange" => "range",
        "CharsStream" => "row of characters",
        "FnPtr" | "Fn" => "function",
        _ => "value of another kind",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::sync::Arc;

    use super::{Border, Read, Script};
    use crate::script::{Wanted, engine};
    use crate::settings::ScriptLimits;
    use rulebook_base::source::{FileId, Span};
    use rulebook_lang::model::{Type, Zone};
    use rulebook_lang::{Problem, ScriptFault};

    #[test]
    fn a_panic_is_a_fault() {
        let limits = ScriptLimits::default();
        let mut engine = engine::build(&limits, &Zone::UTC);
        engine.register_fn("break_down", || -> i64 { panic!("this is no longer known") });
        let text = "// a comment\nfn f() { break_down() }";
        let ast = Arc::new(engine.compile(text).unwrap());
        let (file, path) = (FileId(0), "scripts/f.rhai");
        let declared = Span::new(file, 0, 0);
        let wanted = Wanted { name: "f", arity: 0, declared, file, path, text };
        let read = Read { ast, chain: 1 };
        let script = Script::new(&Arc::new(engine), &read, &limits, &wanted, 2);
        for _ in 0..2 {
            let (given, _) = script.call(&[], &[], &Border::Single(Type::Number));
            let fault = given.unwrap_err();
            let message = "scripts/f.rhai:2: it broke down: this is no longer known";
            assert_eq!(fault, Problem::Script(ScriptFault::Error, message.into()));
        }
    }
}
