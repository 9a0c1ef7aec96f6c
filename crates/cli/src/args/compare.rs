//! What `rulebook simulate` and `rulebook sweep` ask alike: which records are judged, by what.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::shared::{HistoryArgs, InputArgs, RulebookArgs, some};
use crate::profiles::ProfileArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// The policy to simulate [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// Compare with this rulebook
    #[arg(long, value_name = "RULEBOOK")]
    pub(crate) baseline: Option<PathBuf>,
    /// Judge every record by the rules that are in force at this time, and with the parameters of this
    /// time; twice to compare two times [default: each record's own date]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Vec<String>,
    /// Tell the same by the values of a field, or by the months of a time; may be repeated
    #[arg(long = "by", value_name = "FIELD")]
    pub(crate) by: Vec<String>,
    /// Add up a field, a number or an amount; may be repeated
    #[arg(long = "sum", value_name = "FIELD")]
    pub(crate) sum: Vec<String>,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
    /// How many threads judge; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N", value_parser = some)]
    pub(crate) threads: Option<NonZeroUsize>,
}
