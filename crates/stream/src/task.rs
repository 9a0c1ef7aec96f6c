//! What a run asks of those who judge its records.

use std::sync::Arc;

use crate::columns::Encoder;
use crate::options::{Format, Numbers, Wanted};
use crate::replay::Replay;
use rulebook::Policy;
use rulebook::statement::Statements;

/// How records are judged, and how that is told.
#[derive(Clone)]
pub(crate) struct Task {
    pub(crate) policies: Vec<Policy>,
    /// Whether the user named the policies; else those judge whose record fits.
    pub(crate) named: bool,
    /// The values of counters, where policies read any.
    pub(crate) replay: Option<Arc<Replay>>,
    /// Decisions and outcomes that fail the run.
    pub(crate) alarms: Vec<(String, String)>,
    pub(crate) format: Format,
    /// How JSON has numbers.
    pub(crate) numbers: Numbers,
    /// How many records a table shows; 0 for all.
    pub(crate) rows: usize,
    /// How decisions become statements of reasons.
    pub(crate) statements: Statements,
    /// Whether rejects are kept in a file.
    pub(crate) keeps_rejects: bool,
    /// What is told in columns, and what writes them, if decisions are told so.
    pub(crate) wanted: Wanted,
    pub(crate) encoder: Option<Encoder>,
}
