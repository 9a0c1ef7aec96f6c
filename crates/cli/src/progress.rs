//! Progress of long inputs on a terminal; nothing anywhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Less input than this is read before anybody would look at a bar.
const WORTH_SHOWING: u64 = 8 << 20;

/// How far the input has been read.
pub(super) struct Progress {
    bar: ProgressBar,
    read: u64,
}

impl Progress {
    /// A bar over this many bytes, or without an end where their number is not known. It shows
    /// once it is worth it, and only where standard error is a terminal.
    /// `what` is done meanwhile stands before it.
    pub(super) fn new(bytes: Option<u64>, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::hidden());
        let template = match bytes {
            Some(_) => "{msg}{bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{msg}{spinner} {bytes}, {bytes_per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, read: 0 }
    }

    pub(super) fn add(&mut self, bytes: u64) {
        let before = self.read;
        self.read += bytes;
        let is_long = self.bar.length().is_none_or(|length| length >= WORTH_SHOWING);
        if is_long && before < WORTH_SHOWING && self.read >= WORTH_SHOWING {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
        self.bar.inc(bytes);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
