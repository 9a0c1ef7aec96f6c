//! The command line: arguments to exit codes.

/// Prints a line on standard output. A full disk is an error, and whoever stops reading has seen
/// enough.
macro_rules! say {
    ($($part:tt)*) => { $crate::cli::print_line(format_args!($($part)*))? };
}

mod args;
mod aside;
mod block;
mod check;
mod completions;
mod doc;
mod eval;
mod explain;
mod fmt;
mod init;
mod input;
mod json;
mod judge;
mod load;
mod output;
mod paint;
mod past;
mod pipeline;
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

/// How a command ended; `--help` tells what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Done.
    Done = 0,
    /// What was asked about failed.
    Failed = 1,
    /// The command cannot be carried out: usage, or input that cannot be read.
    Unusable = 2,
    /// An error of ours; Rust ends with this code, too, when it panics.
    Broken = 101,
    /// Somebody interrupted the run.
    Interrupted = 130,
}

/// A reason to stop: the message has been (or will be) printed on standard error.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// The command cannot be carried out.
    #[error("{0}")]
    Unusable(String),
    /// An error of ours: whatever the command was given, this should not have happened.
    #[error("{0}; this is an error in Rulebook, and nothing has been written")]
    Broken(String),
    /// The problem has been told already.
    #[error("")]
    Told(Exit),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

type Outcome = Result<Exit, Stop>;

fn print_line(line: std::fmt::Arguments<'_>) -> Result<(), Stop> {
    use io::Write;
    match writeln!(anstream::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a whole text on standard output, as [`print_line`] does a line.
fn print(text: &str) -> Result<(), Stop> {
    use io::Write;
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes a text to a file, without its colours, or prints it where no file is named.
fn write_or_print(text: &str, file: Option<&std::path::Path>) -> Result<(), Stop> {
    use io::Write;
    let Some(file) = file else { return print(text) };
    let plain = anstream::adapter::strip_str(text).to_string();
    let (mut written, aside) = aside::Aside::create(file)?;
    written.write_all(plain.as_bytes()).map_err(|error| aside.failed(&error))?;
    drop(written);
    aside.complete()
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    aside::remove_when_interrupted();
    ExitCode::from(run(&args) as u8)
}

/// Runs a command line within a process that goes on: the exit code that it would have. Fuzz targets and
/// tests feed it thousands of files.
pub fn run_arguments<T>(arguments: impl IntoIterator<Item = T>) -> u8
where
    T: Into<std::ffi::OsString> + Clone,
{
    match Args::try_parse_from(arguments) {
        Ok(args) => run(&args) as u8,
        Err(_) => Exit::Unusable as u8,
    }
}

fn run(args: &Args) -> Exit {
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
            anstream::eprintln!("{} {other}", paint::error("error:"));
            if matches!(other, Stop::Broken(_)) { Exit::Broken } else { Exit::Unusable }
        }
    })
}
