//! The arguments of `rulebook doc`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::RulebookArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each rule is told in words, with its dates drawn, its sources and its scenarios as examples, in each \
language of the rulebook. HTML needs no server and no network, and a policy within it lets nothing run \
that did not come with it. Nothing is written outside of the folder, whatever the rulebook's names are \
and wherever links in the folder lead; each page replaces the one before it when it is whole.

Examples:
  rulebook doc policies/taobao --output site
  rulebook doc policies/taobao --output wiki --format markdown

",
    exit_codes!()
))]
pub(crate) struct DocArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// The folder to write to; files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = DocFormat::Html)]
    pub(crate) format: DocFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocFormat {
    /// A site of HTML files
    Html,
    /// Markdown files
    Markdown,
}
