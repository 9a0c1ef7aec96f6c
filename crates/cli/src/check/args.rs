//! The arguments of `rulebook check`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use rulebook_base::diagnostic::Code;

use crate::args::{RulebooksArgs, TrustArgs};

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook check policies/taobao policies/jd
  rulebook check policies/taobao --deny-warnings
  rulebook check - --format json < one.policy | jq '.[].code'
  rulebook check policies/taobao --format sarif > problems.sarif
  rulebook check --explain unused

",
    exit_codes!()
))]
pub(crate) struct CheckArgs {
    /// Folders with `rulebook.yaml` and `.policy` files, single `.policy` files, or `-` for a policy
    /// on standard input
    #[arg(value_name = "RULEBOOK", required_unless_present = "explain")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
    /// Say at length what a code of a problem means, with a wrong and a right example
    #[arg(long, value_name = "CODE", value_parser = code, conflicts_with_all = ["paths", "format", "deny_warnings"])]
    pub(crate) explain: Option<Code>,
    /// How to tell the problems
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// Let warnings fail the check as errors do
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

impl CheckArgs {
    pub(crate) fn rulebooks(&self) -> RulebooksArgs {
        RulebooksArgs { paths: self.paths.clone(), trust: self.trust }
    }
}

/// How problems are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Drawn in the source, for people
    Text,
    /// An array of problems
    Json,
    /// Commands by which GitHub notes them at the lines of a change
    Github,
    /// SARIF 2.1.0, which code hosts and editors read
    Sarif,
}

/// The code with a name.
fn code(name: &str) -> Result<Code, String> {
    let unknown = || {
        let names = Code::ALL.iter().map(|code| code.name());
        let advice = "`rulebook check --format json` tells the code of each problem";
        let near = rulebook_base::diagnostic::did_you_mean(name, names);
        format!("there is no such code; {}", near.unwrap_or_else(|| advice.into()))
    };
    Code::from_name(name).ok_or_else(unknown)
}
