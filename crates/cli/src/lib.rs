//! The command line: arguments to exit codes.
//!
//! # What holds here
//!
//! - **A command says what is wanted, and how it is told.** Records are judged by `rulebook-stream`, which
//!   prints nothing: what it says on the way is told by `told.rs`, and what it refuses is a `Stop` here.
//! - **An interrupted run leaves nothing behind.** `interrupt.rs` has the stream give up what it writes
//!   before the process ends.

#[macro_use]
mod args;
#[macro_use]
mod screen;

mod causes;
mod check;
mod completions;
mod doc;
mod eval;
mod exit;
mod explain;
mod fmt;
mod grid;
mod init;
mod interrupt;
mod load;
mod paint;
mod profiles;
mod progress;
mod refusal;
mod shell;
mod simulate;
mod sweep;
mod table;
mod test;
mod timeline;
mod told;
mod watch;
mod wrap;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Outcome, Stop};
use rulebook_base::contain;
use rulebook_base::visible::{visible, visible_lines};

/// A policy engine for commerce platforms.
#[derive(Debug, Parser)]
#[command(
    name = "rulebook",
    version,
    about = "Checks policies, judges records by them, and says why",
    after_help = exit_codes!(),
    after_long_help = exit_codes!(),
    arg_required_else_help = true,
    max_term_width = 100
)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell everything that is wrong with a rulebook
    Check(check::CheckArgs),
    /// Lay out policies in the one canonical way
    Fmt(fmt::FmtArgs),
    /// Judge records and write the decisions
    Eval(eval::EvalArgs),
    /// Say why a record is decided as it is, and what would change that
    Explain(explain::ExplainArgs),
    /// Say what a change would do to records that are there
    Simulate(simulate::SimulateArgs),
    /// Say what every value of a parameter would do, as a curve
    Sweep(sweep::SweepArgs),
    /// Run the scenarios of a rulebook
    Test(test::TestArgs),
    /// Write pages about a rulebook for those who read policies
    Doc(doc::DocArgs),
    /// Tell when what comes into force, in which phase, from which source
    Timeline(timeline::TimelineArgs),
    /// Write a first rulebook into a new folder
    Init(init::InitArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = Args::try_parse().unwrap_or_else(|error| {
        // What is wrong is told once more of what can be shown, since the message quotes it.
        let shown = std::env::args_os().map(|text| visible(&text.to_string_lossy()).into_owned());
        let Err(error) = Args::try_parse_from(shown) else {
            // As they may be shown, they would do.
            visible_lines(&error.render().to_string()).lines().for_each(|line| tell!("{line}"));
            std::process::exit(error.exit_code());
        };
        error.exit()
    });
    interrupt::remove_unfinished();
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
                stop => tell!("{} {stop}", paint::error("error:")),
            }
            if matches!(other, Stop::Broken(_)) { Exit::Broken } else { Exit::Unusable }
        }
    })
}

#[cfg(test)]
mod tests {
    use rulebook_stream::{Feature, StreamError};

    use super::*;

    #[test]
    fn what_is_not_built_in_is_one_line_of_wrong_usage() {
        for feature in Feature::ALL {
            let stop = Stop::from(StreamError::NotBuilt(feature));
            let named = format!("--features {}`", feature.name());
            assert!(
                matches!(&stop, Stop::Unusable(why) if why.ends_with(&named) && !why.contains('\n'))
            );
        }
    }
}
