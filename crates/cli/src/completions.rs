//! `rulebook completions`: completions for a shell.

mod args;

use std::io::Write;

use clap::CommandFactory;

use super::Args;
use super::screen::exact_writer;
use super::{Exit, Outcome};

pub(super) use args::CompletionsArgs;

pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "rulebook", &mut script);
    exact_writer().write_all(&script)?;
    Ok(Exit::Done)
}
