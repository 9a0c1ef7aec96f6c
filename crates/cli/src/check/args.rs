//! The arguments of `rulebook check`.

use clap::Args as ClapArgs;

use crate::args::{RulebookArgs, TextFormat};

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook check policies/taobao
  rulebook check policies/taobao --deny-warnings
  rulebook check one.policy --format json | jq '.[].code'

",
    exit_codes!()
))]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// How to tell the problems
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
    /// Let warnings fail the check as errors do
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}
