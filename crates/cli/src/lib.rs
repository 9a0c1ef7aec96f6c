//! The command line: arguments to exit codes.
//!
//! # What holds here
//!
//! - **`eval` holds a fixed number of blocks.** They are filled one after another, judged side by side and
//!   written in their order (`pipeline.rs`), so memory stays flat, and one thread and many take the same path.
//!   Text is read where blocks are filled; of a Parquet file only which rows they are, and of CSV only where
//!   each record ends: columns are read, and written ones encoded, by whoever judges. YAML and arrays of JSON
//!   are parted into records by where these begin and close (`input/items.rs`, `values.rs`), so one that is
//!   none costs itself. Pages of Parquet are held against the file's own word before they are read
//!   (`pages.rs`), and large ones handed on in slices (`slices.rs`); lengths of texts are looked at before a
//!   library lays them out (`guarded.rs`). Where more comes of a block than it should hold, it is written in
//!   pieces, each when its turn has come.
//! - **A file is whole, or as it was.** `distinct.rs` sees that no two names of a run stand for one file,
//!   `aside.rs` writes aside, syncs and renames, and the history commits last. It is read whole when it is
//!   opened, against a digest for each run (`past/seal.rs`).

#[macro_use]
mod screen;

mod args;
mod aside;
mod block;
mod cells;
mod check;
mod completions;
mod distinct;
mod doc;
mod eval;
mod exit;
mod explain;
mod fmt;
mod grid;
mod init;
mod input;
mod json;
mod judge;
mod load;
mod output;
mod paint;
mod past;
mod pipeline;
mod place;
mod profiles;
mod progress;
mod rejects;
mod replay;
mod simulate;
mod sweep;
mod table;
mod tally;
mod teller;
mod test;
mod timeline;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{Exit, Outcome, Stop};
use rulebook_base::contain;
use rulebook_base::visible::{visible, visible_lines};

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = Args::try_parse().unwrap_or_else(|error| {
        // What is wrong is told once more of what can be shown, since the message quotes it.
        let shown = std::env::args_os().map(|text| visible(&text.to_string_lossy()).into_owned());
        let Err(told) = Args::try_parse_from(shown) else {
            // As they may be shown, they would do.
            visible_lines(&error.render().to_string()).lines().for_each(|line| tell!("{line}"));
            std::process::exit(error.exit_code());
        };
        told.exit()
    });
    aside::remove_when_interrupted();
    ExitCode::from(run(&args) as u8)
}

/// Runs a command line within a process that goes on: the exit code that it would have. Nothing is told on
/// standard error, from here on in the whole process. Fuzz targets and tests feed it thousands of files.
pub fn run_arguments<T>(arguments: impl IntoIterator<Item = T>) -> u8
where
    T: Into<std::ffi::OsString> + Clone,
{
    screen::be_silent();
    match Args::try_parse_from(arguments) {
        Ok(args) => run(&args) as u8,
        Err(_) => Exit::Unusable as u8,
    }
}

fn run(args: &Args) -> Exit {
    contain::keep_quiet();
    let result = match &args.command {
        Command::Check(args) => check::run(args),
        Command::Fmt(args) => fmt::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Sweep(args) => sweep::run(args),
        Command::Test(args) => test::run(args),
        Command::Doc(args) => doc::run(args),
        Command::Timeline(args) => timeline::run(args),
        Command::Init(args) => init::run(args),
        Command::Completions(args) => completions::run(args),
    };
    watch::end();
    result.unwrap_or_else(|stop| match stop {
        Stop::Told(exit) => exit,
        // Whoever reads our output has seen enough.
        Stop::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        other => {
            match &other {
                Stop::Several(lines) => lines.lines().enumerate().for_each(|(at, line)| match at {
                    0 => tell!("{} {line}", paint::error("error:")),
                    _ => tell!("{line}"),
                }),
                one => tell!("{} {one}", paint::error("error:")),
            }
            if matches!(other, Stop::Broken(_)) { Exit::Broken } else { Exit::Unusable }
        }
    })
}
