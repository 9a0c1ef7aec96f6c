//! What `--untrusted` holds this process to while it reads and checks a rulebook: a time, and an amount of
//! memory.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Exit, interrupt};

/// How much memory may be in use: many times what files within their bounds need.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 1 << 30;

/// How much may be asked for. Whoever asks for more before anybody has looked is ended by the system, or
/// rather by ourselves, with a signal.
#[cfg(target_os = "linux")]
const LAST_RESORT: u64 = 2 << 30;

/// How often somebody looks.
const EVERY: Duration = Duration::from_millis(20);

/// The watch of this process, of which there is one at a time: the memory is the process's own.
static WATCH: Mutex<Option<Watch>> = Mutex::new(None);

struct Watch {
    /// Whoever waits for it learns that it is gone.
    _ended: Sender<()>,
    #[cfg(target_os = "linux")]
    memory: rustix::process::Rlimit,
}

/// Ends the process if it is not told within a time that the rulebook has been read.
pub(super) fn begin(most: Duration) {
    let mut watch = WATCH.lock().unwrap_or_else(PoisonError::into_inner);
    if watch.is_some() {
        return;
    }
    let (ended, waiting) = channel::<()>();
    let why = format!("ended after {} s", most.as_secs_f64());
    thread::spawn(move || {
        if let Some(why) = exceeded(&waiting, most, why) {
            let why = format!("{why}, all that `--untrusted` allows here");
            interrupt::leave(Exit::Unusable, &why);
        }
    });
    *watch = Some(Watch {
        _ended: ended,
        #[cfg(target_os = "linux")]
        memory: limit_memory(),
    });
}

/// The rulebook has been read: how long records take is up to who hands them over.
pub(super) fn end() {
    let watch = WATCH.lock().unwrap_or_else(PoisonError::into_inner).take();
    #[cfg(target_os = "linux")]
    if let Some(Watch { memory, .. }) = &watch {
        // Going back to what was allowed before is always allowed.
        let _ = rustix::process::setrlimit(rustix::process::Resource::As, *memory);
    }
    drop(watch);
}

/// Waits until the watch ends, or what it allows; says what was too much.
fn exceeded(waiting: &Receiver<()>, most: Duration, late: String) -> Option<String> {
    #[allow(clippy::disallowed_methods, reason = "only the command line measures time")]
    let started = Instant::now();
    loop {
        let left = most.saturating_sub(started.elapsed());
        if waiting.recv_timeout(left.min(EVERY)) != Err(RecvTimeoutError::Timeout) {
            return None;
        }
        if left.is_zero() {
            return Some(late);
        }
        #[cfg(target_os = "linux")]
        if resident().is_some_and(|bytes| bytes > MEMORY) {
            return Some(format!("ended at {} of memory", rulebook_base::file::bytes(MEMORY)));
        }
    }
}

/// How much memory this process has in use, as the system tells.
#[cfg(target_os = "linux")]
fn resident() -> Option<u64> {
    let status =
        rulebook_base::file::read(std::path::Path::new("/proc/self/status"), 1 << 16).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Bounds what this process may ask for, and returns what it might before.
#[cfg(target_os = "linux")]
fn limit_memory() -> rustix::process::Rlimit {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::As);
    let most = before.current.map_or(LAST_RESORT, |current| current.min(LAST_RESORT));
    // A bound that is above the hard one was there already.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(most), ..before });
    before
}
