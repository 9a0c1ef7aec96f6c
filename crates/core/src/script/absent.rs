//! What stands for scripts in a library that is built without them: none compiles, so none runs.

use super::{Border, Returned, Wanted};
use crate::settings::ScriptLimits;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::Problem;
use rulebook_lang::model::{Value, Zone};

/// Compiles no script.
#[derive(Debug)]
pub struct Host;

/// A function of a script; no host makes one.
#[derive(Debug, Clone)]
pub struct Script;

impl Host {
    /// A host.
    pub fn new(_: &ScriptLimits, _: &Zone) -> Self {
        Self
    }

    /// The function that a policy wants.
    ///
    /// # Errors
    /// Always: scripts are not built in.
    pub fn function(&mut self, wanted: &Wanted<'_>) -> Result<Script, Vec<Diagnostic>> {
        let message =
            format!("`{}` comes from a script, and scripts are not built in", wanted.name);
        let diagnostic = Diagnostic::new(Code::MissingFeature, wanted.declared, message)
            .help("build the crate `rulebook` with its feature `scripts`");
        Err(vec![diagnostic])
    }
}

/// Calls `call`, which runs no script.
pub(crate) fn with_stack_of<T>(_: usize, call: impl FnOnce() -> T) -> T {
    call()
}

impl Script {
    /// The stack that a call needs: none, since there is no call.
    pub(crate) fn stack(&self) -> usize {
        0
    }

    /// A number that two functions share if they do the same by the same text.
    pub fn fingerprint(&self) -> u64 {
        0
    }

    /// Calls the function.
    ///
    /// # Errors
    /// Always, since there is none.
    pub fn call(
        &self,
        _: &[Value<'_>],
        _: &[Border],
        _: &Border,
    ) -> (Result<Returned, Problem>, u64) {
        (Err(Problem::Misfit), 0)
    }

    /// How many operations a call may take.
    pub fn operations(&self) -> u64 {
        0
    }
}
