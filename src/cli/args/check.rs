//! The arguments of `rulebook check`.

use clap::Args as ClapArgs;

use super::shared::{RulebookArgs, TextFormat};

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
pub(in crate::cli) struct CheckArgs {
    #[command(flatten)]
    pub(in crate::cli) rulebook: RulebookArgs,
    /// How to tell the problems
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(in crate::cli) format: TextFormat,
    /// Let warnings fail the check as errors do
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
}
