//! Functions that scripts define: compiled at load, called with typed values, and kept from doing
//! any harm.

mod border;

#[cfg(not(feature = "scripts"))]
mod absent;
#[cfg(feature = "scripts")]
mod calls;
#[cfg(feature = "scripts")]
mod collection;
#[cfg(feature = "scripts")]
mod comparison;
#[cfg(feature = "scripts")]
mod condition;
#[cfg(feature = "scripts")]
mod engine;
#[cfg(feature = "scripts")]
mod exact;
#[cfg(feature = "scripts")]
mod host;
#[cfg(feature = "scripts")]
mod inspect;
#[cfg(feature = "scripts")]
mod meter;
#[cfg(feature = "scripts")]
mod operation;
#[cfg(feature = "scripts")]
mod pass;
#[cfg(feature = "scripts")]
mod run;
#[cfg(feature = "scripts")]
mod stack;
#[cfg(feature = "scripts")]
mod texts;
#[cfg(feature = "scripts")]
mod words;

#[cfg(not(feature = "scripts"))]
pub(crate) use absent::with_stack_of;
#[cfg(not(feature = "scripts"))]
pub use absent::{Host, Script};
pub use border::{Border, FieldBorder, RecordBorder};
#[cfg(feature = "scripts")]
pub use host::Host;
#[cfg(feature = "scripts")]
pub use run::Script;
#[cfg(feature = "scripts")]
pub(crate) use stack::with_stack_of;

use rulebook_base::source::{FileId, Span};
use rulebook_lang::model::{Cell, Store, Value};

/// A function that a policy declares and a script must define.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// The name by which the script must define it.
    pub name: &'w str,
    /// How many arguments it takes.
    pub arity: usize,
    /// Where the policy declares it.
    pub declared: Span,
    /// The script's file.
    pub file: FileId,
    /// The script's path within the rulebook.
    pub path: &'w str,
    /// What stands in the file.
    pub text: &'w str,
}

/// What a function of a script returned.
#[derive(Debug)]
pub enum Returned {
    /// What is neither a list nor a record.
    Single(Value<'static>),
    /// A list or a record, in the store that holds what is in it.
    Kept(Store, Cell),
}
