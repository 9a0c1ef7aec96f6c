//! Work of libraries on bytes that are not ours: a panic in it is an error like any other, and quiet.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread does work whose panics are contained.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// The work panicked: whoever gave the bytes learns that they are damaged.
#[derive(Debug)]
pub struct Panicked;

/// Does some work of a library, which may panic where the bytes are damaged. What it had its hands on
/// must not be used again then.
///
/// # Errors
/// When it panicked.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    let around = CONTAINED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(around);
    done.map_err(|_| Panicked)
}

/// Has panics that are contained not printed on standard error, once for the whole process. Only a program
/// does so, never a library within another.
pub fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            if !CONTAINED.get() {
                print(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_panic_is_an_error_and_what_follows_is_told_again() {
        keep_quiet();
        assert!(contained(|| 1).is_ok_and(|one| one == 1));
        let nested = contained(|| contained(|| panic!("within")).is_err());
        assert!(nested.is_ok_and(|within| within));
        assert!(contained(|| panic!("without")).is_err());
        assert!(!CONTAINED.get());
    }
}
