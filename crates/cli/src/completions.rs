//! `rulebook completions`: completions for a shell.

use std::io::Write;

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::screen::exact_writer;
use super::{Exit, Outcome};

pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "rulebook", &mut script);
    exact_writer().write_all(&script)?;
    Ok(Exit::Done)
}
