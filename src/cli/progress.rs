//! Progress of long inputs on a terminal; nothing anywhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Inputs smaller than this are read before anybody would look at a bar.
const WORTH_SHOWING: u64 = 8 << 20;

/// How far the input has been read.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar over this many bytes; hidden for a short input, or where no terminal is.
    pub(super) fn new(bytes: Option<u64>) -> Self {
        let bar = match bytes {
            Some(bytes) if bytes >= WORTH_SHOWING => ProgressBar::new(bytes),
            Some(_) => ProgressBar::hidden(),
            None => ProgressBar::no_length(),
        };
        if !bar.is_hidden() {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
        let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    pub(super) fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
