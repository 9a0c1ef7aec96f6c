//! The arguments of `rulebook init`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Example:
  rulebook init my_rulebook && rulebook test my_rulebook

",
    exit_codes!()
))]
pub(crate) struct InitArgs {
    /// A folder that does not exist yet, or is empty
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
