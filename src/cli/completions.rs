//! `rulebook completions`: completions for a shell.

use std::io;

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::{Exit, Outcome};

pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    clap_complete::generate(args.shell, &mut Args::command(), "rulebook", &mut io::stdout());
    Ok(Exit::Done)
}
