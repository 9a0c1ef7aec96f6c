//! Decisions into columns, block by block.

use super::write::Encoder;
use super::{Decided, Decisions, Schema};
use crate::StreamError;
use crate::block::Told;
use crate::options::{Format, Wanted};
use crate::task::Task;
use rulebook::Policy;
use rulebook::batch::{self, OutcomeColumns};
use rulebook::inside::Stretch;

/// The columns that a format tells of decisions; none where it has no columns.
///
/// # Errors
/// When columns are not built in.
pub(crate) fn schema(
    format: Format,
    policies: &[Policy],
    wanted: Wanted,
) -> Result<Option<Schema>, StreamError> {
    let columns = || outcome_columns(format, policies, wanted).schema().clone();
    Ok(format.is_columns().then(columns))
}

fn outcome_columns(
    format: Format,
    policies: &[Policy],
    Wanted { rules, reasons, elements }: Wanted,
) -> OutcomeColumns {
    let elements = elements || format != Format::Parquet;
    let wanted = batch::Wanted { rules, reasons, elements };
    match format {
        Format::Csv | Format::Tsv => OutcomeColumns::of_cells(policies, wanted),
        _ => OutcomeColumns::new(policies, wanted),
    }
}

/// Decisions in columns that grow until a block ends, and what writes them.
pub(crate) struct Outcomes {
    columns: OutcomeColumns,
    encoder: Encoder,
}

impl Outcomes {
    /// Columns for a task, if it tells decisions so.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        let encoder = task.encoder.clone()?;
        Some(Self { columns: outcome_columns(task.format, &task.policies, task.wanted), encoder })
    }

    pub(crate) fn push_decided(
        &mut self,
        record: u64,
        decisions: &mut Decisions<'_>,
        see: &mut dyn FnMut(Decided<'_>),
    ) {
        self.columns.push_decided(record, decisions, see);
    }

    pub(super) fn push_stretch(&mut self, first: u64, stretch: Stretch<'_>) {
        self.columns.push_stretch(first, stretch);
    }

    /// Forgets what was known of classes: those that come are others.
    pub(super) fn forget_classes(&mut self) {
        self.columns.forget_classes();
    }

    /// Whether there are so many that they should be written before there are more.
    pub(super) fn has_much(&self) -> bool {
        /// As many as make a good group of rows, unless they have long texts.
        const MUCH: usize = 1 << 23;
        self.columns.size() > MUCH
    }

    /// Ends a block, or a piece of one: what has been collected becomes what is written.
    pub(crate) fn end_block(&mut self, told: &mut Told) -> Result<(), StreamError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let batch = self.columns.finish().map_err(|_| {
            let why = "the texts that are decided about some thousand records are longer than 2 GB";
            StreamError::Unusable(format!("{why}, which columns cannot hold; write JSON lines"))
        })?;
        Ok(self.encoder.encode(batch, told)?)
    }
}
