//! The arguments of every command, with their help: one file a command.

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  done
  1  what was asked about failed: errors in policies, a failed scenario, a rejected record,
     a decision that is a fault, `--fail-on` met, a file that `fmt --check` would change,
     coverage below `--min-coverage`, fewer edits noticed than `--min-killed`
  2  wrong usage, input that cannot be read, or output that cannot be written, or was not
     read to its end (as by `head`) where a history or rejects were to be kept with it
  101  an error in Rulebook itself
  130  interrupted

However a command ends, a file that it writes is complete, or is as it was before."
    };
}

mod check;
mod compare;
mod completions;
mod doc;
mod eval;
mod explain;
mod fmt;
mod init;
mod shared;
mod simulate;
mod sweep;
mod test;
mod timeline;

use clap::{Parser, Subcommand};

pub(super) use check::CheckArgs;
pub(super) use compare::CompareArgs;
pub(super) use completions::CompletionsArgs;
pub(super) use doc::{DocArgs, DocFormat};
pub(super) use eval::{EvalArgs, Extra};
pub(super) use explain::ExplainArgs;
pub(super) use fmt::FmtArgs;
pub(super) use init::InitArgs;
pub(super) use shared::{JudgeArgs, RulebookArgs, TextFormat};
pub(super) use simulate::{SimulateArgs, SimulateFormat};
pub(super) use sweep::{SweepArgs, SweepFormat};
pub(super) use test::{TestArgs, TestFormat};
pub(super) use timeline::{TimelineArgs, TimelineFormat};

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
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tell everything that is wrong with a rulebook
    Check(CheckArgs),
    /// Lay out policies in the one canonical way
    Fmt(FmtArgs),
    /// Judge records and write the decisions
    Eval(EvalArgs),
    /// Say why a record is decided as it is, and what would change that
    Explain(ExplainArgs),
    /// Say what a change would do to records that are there
    Simulate(SimulateArgs),
    /// Say what every value of a parameter would do, as a curve
    Sweep(SweepArgs),
    /// Run the scenarios of a rulebook
    Test(TestArgs),
    /// Write pages about a rulebook for those who read policies
    Doc(DocArgs),
    /// Tell when what comes into force, in which phase, from which source
    Timeline(TimelineArgs),
    /// Write a first rulebook into a new folder
    Init(InitArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
}
