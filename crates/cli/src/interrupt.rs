//! The end of the process in the midst of a run.

use super::{Exit, paint};
use rulebook_stream::abandon;

/// Has an interrupted run remove what it has not finished before it exits. A process that was
/// started to ignore interruptions, as by `nohup`, goes on to do so.
pub(super) fn remove_unfinished() {
    let _ = ctrlc::try_set_handler(|| {
        leave(Exit::Interrupted, "interrupted");
    });
}

/// Ends the process in the midst of a run, without what it has not finished, and says why.
pub(super) fn leave(exit: Exit, why: &str) -> ! {
    // Nobody gives a file its name from here on.
    let _abandoned = abandon();
    tell!("{} {why}", paint::error("error:"));
    std::process::exit(exit as i32);
}
