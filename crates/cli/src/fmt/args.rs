//! The arguments of `rulebook fmt`.

use clap::Args as ClapArgs;

use crate::args::RulebooksArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook fmt policies/taobao
  rulebook fmt policies/taobao policies/jd --check
  rulebook fmt - < one.policy

",
    exit_codes!()
))]
pub(crate) struct FmtArgs {
    #[command(flatten)]
    pub(crate) rulebooks: RulebooksArgs,
    /// Change nothing; name the files that would change and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}
