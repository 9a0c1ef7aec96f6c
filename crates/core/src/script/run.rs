//! Calls a function of a script: whatever it does, the caller gets a value of the declared type or a
//! problem with the script's line.

use std::any::Any;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use rhai::{AST, Caches, Dynamic, Engine, EvalAltResult, EvalContext, GlobalRuntimeState, Scope};
use smallvec::SmallVec;

use super::exact::shown;
use super::host::Read;
use super::meter;
use super::pass::{from_script, to_script};
use super::stack::with_stack_of;
use super::words::{in_our_words, no_function};
use super::{Border, Returned, Wanted};
use crate::settings::ScriptLimits;
use rulebook_lang::model::Value;
use rulebook_lang::{Problem, ScriptFault};

/// A function of a script. Cheap to clone, safe to share, never changes.
#[derive(Clone)]
pub struct Script {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Arc<Engine>,
    read: Read,
    /// What calls that have ended leave for others: one for each that ran at the same time.
    warm: Mutex<Vec<Warm>>,
    limits: ScriptLimits,
    name: String,
    path: String,
    /// The line on which the function begins.
    line: usize,
    /// Stands for the name and the text of the script.
    print: u64,
}

/// What Rhai needs to run a function, and what it has learned of which functions are meant. Nothing that
/// a script has calculated is in it.
struct Warm {
    global: GlobalRuntimeState,
    caches: Caches,
}

impl Warm {
    fn of(engine: &Engine, ast: &AST) -> Self {
        let mut global = engine.new_global_runtime_state();
        global.lib.push(ast.shared_lib().clone());
        Self { global, caches: Caches::new() }
    }
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
        let (engine, read, limits) = (engine.clone(), read.clone(), limits.clone());
        let (name, path) = (wanted.name.to_string(), wanted.path.to_string());
        let mut hash = DefaultHasher::new();
        (wanted.name, wanted.text).hash(&mut hash);
        let print = hash.finish();
        let warm = Mutex::default();
        Self { inner: Arc::new(Inner { engine, read, warm, limits, name, path, line, print }) }
    }

    /// A number that two functions share if they do the same by the same text.
    pub fn fingerprint(&self) -> u64 {
        self.inner.print
    }

    /// The stack that a call needs at most, in bytes.
    pub(crate) fn stack(&self) -> usize {
        self.inner.read.stack
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
        let Inner { limits, read, .. } = &*self.inner;
        meter::metered(limits.operations, read.chain, || {
            let called = catch_unwind(AssertUnwindSafe(|| {
                with_stack_of(read.stack, || self.run(values, arguments, result))
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
        let Inner { name, line, .. } = &*self.inner;
        let arguments = values.iter().zip(arguments);
        let mut given: SmallVec<[Dynamic; 4]> =
            arguments.map(|(value, border)| to_script(value, border)).collect();
        let dynamic = self.evaluate(&mut given).map_err(|error| self.fault(*error))?;
        from_script(&dynamic, result).map_err(|problem| {
            self.problem(ScriptFault::Result, *line, &format!("`{name}` {problem}"))
        })
    }

    /// What the function gives for arguments, which it may consume.
    fn evaluate(&self, given: &mut [Dynamic]) -> Result<Dynamic, Box<EvalAltResult>> {
        let Inner { engine, read, warm, name, .. } = &*self.inner;
        let kept = warm.lock().ok().and_then(|mut warm| warm.pop());
        let mut warmed = kept.unwrap_or_else(|| Warm::of(engine, &read.ast));
        let Warm { global, caches } = &mut warmed;
        let mut scope = Scope::new();
        let mut arguments: SmallVec<[&mut Dynamic; 4]> = given.iter_mut().collect();
        let called = EvalContext::new(engine, global, caches, &mut scope, None).call_fn_raw(
            name,
            false,
            false,
            &mut arguments,
        );
        // Whoever stops in the middle leaves no more than was there before, but that is not ours to see.
        if let (Ok(_), Ok(mut warm)) = (&called, warm.lock()) {
            warm.push(warmed);
        }
        called
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
        let read = Read { ast, chain: 1, stack: 1 << 16 };
        let script = Script::new(&Arc::new(engine), &read, &limits, &wanted, 2);
        for _ in 0..2 {
            let (given, _) = script.call(&[], &[], &Border::Single(Type::Number));
            let fault = given.unwrap_err();
            let message = "scripts/f.rhai:2: it broke down: this is no longer known";
            assert_eq!(fault, Problem::Script(ScriptFault::Error, message.into()));
        }
    }
}
