//! The arguments of `rulebook completions`.

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Example:
  rulebook completions bash \\
    > ~/.local/share/bash-completion/completions/rulebook

",
    exit_codes!()
))]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
