//! The stack that scripts need: what nests deeply in them must not overflow that of the caller.

use super::inspect::Extent;
use crate::settings::ScriptLimits;

/// What a level of nested values, and of nested expressions, takes of the stack at most, in bytes.
const LEVEL_OF_VALUES: u64 = if cfg!(debug_assertions) { 2_048 } else { 1_024 };
const LEVEL_OF_EXPRESSIONS: u64 = if cfg!(debug_assertions) { 8_192 } else { 4_096 };

/// How many levels of nested values arguments have, and one expression adds, at most.
const LEVELS_OF_ARGUMENTS: u64 = 64;
const LEVELS_ADDED: u64 = 2;

/// Calls `call` with a stack that suffices for all that the limits allow.
pub(super) fn with_stack<T>(limits: &ScriptLimits, call: impl FnOnce() -> T) -> T {
    with_stack_of(stack_of_limits(limits), call)
}

/// Calls `call` with so much stack. Where the caller has it, nothing is done; a new one is asked of the
/// system, which takes several times as long as a short script.
pub(crate) fn with_stack_of<T>(needed: usize, call: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(needed, needed.saturating_add(needed / 2), call)
}

/// What suffices for all that the limits allow.
pub(super) fn stack_of_limits(limits: &ScriptLimits) -> usize {
    let values = (limits.list + limits.map) * LEVEL_OF_VALUES;
    let expressions = (limits.calls + 1) * limits.depth * LEVEL_OF_EXPRESSIONS;
    usize::try_from(values + expressions).unwrap_or(usize::MAX)
}

/// What suffices for a script in which everything runs at most once.
pub(super) fn stack_of(straight: Extent) -> usize {
    let Extent { nodes, depth } = straight;
    let values = (nodes as u64 * LEVELS_ADDED + LEVELS_OF_ARGUMENTS) * LEVEL_OF_VALUES;
    let expressions = (depth as u64 + 1) * LEVEL_OF_EXPRESSIONS;
    usize::try_from(values + expressions).unwrap_or(usize::MAX)
}
