//! What `rulebook simulate` and `rulebook sweep` ask alike: which records are judged, by what.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::shared::{HistoryArgs, InputArgs, RulebookArgs, some};
use crate::cli::profiles::ProfileArgs;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct CompareArgs {
    #[command(flatten)]
    pub(in crate::cli) rulebook: RulebookArgs,
    /// The policy to simulate [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) policy: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    #[command(flatten)]
    pub(in crate::cli) history: HistoryArgs,
    /// Compare with this rulebook
    #[arg(long, value_name = "RULEBOOK")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Judge every record by the rules that are in force at this time, and with the parameters of this
    /// time; twice to compare two times [default: each record's own date]
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Vec<String>,
    /// Tell the same by the values of a field, or by the months of a time; may be repeated
    #[arg(long = "by", value_name = "FIELD")]
    pub(in crate::cli) by: Vec<String>,
    /// Add up a field, a number or an amount; may be repeated
    #[arg(long = "sum", value_name = "FIELD")]
    pub(in crate::cli) sum: Vec<String>,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(in crate::cli) lang: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) profiles: ProfileArgs,
    /// How many threads judge; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N", value_parser = some)]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
}
