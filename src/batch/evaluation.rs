//! Batches in, decisions and rejects as batches out.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use thiserror::Error;

use super::judge::{Batches, Judged};
use super::{OutcomeColumns, Rejects, SchemaError, Wanted};
use crate::policy::Policy;

/// What a policy needs to decide about one batch after another: [`Policy::batches`].
///
/// Rows that no rule distinguishes are judged once, unless reasons are wanted, which tell of their
/// records; every other row is judged by itself. Which it was makes no difference to what is decided.
///
/// ```
/// # use std::sync::Arc;
/// # use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
/// # use rulebook::{Rulebook, batch::Wanted};
/// # let rulebook = Rulebook::from_sources([("a.policy", "
/// #   record Order { amount: CNY  category: text }
/// #   policy returns for Order { decide refund: yes | no by first otherwise no
/// #     rule small { when amount <= 200 CNY then yes } }")])?;
/// let policy = rulebook.policy("returns")?;
/// let batch = RecordBatch::try_from_iter([
///     ("amount", Arc::new(Float64Array::from(vec![Some(59.9), None, Some(599.0)])) as ArrayRef),
///     ("category", Arc::new(StringArray::from(vec!["books", "books", "toys"]))),
/// ])?;
/// let mut evaluation = policy.batches(batch.schema_ref(), Wanted::default())?;
/// let decided = evaluation.decide(&batch, 0)?;
/// assert_eq!((decided.outcomes.num_rows(), decided.rejects.num_rows()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BatchEvaluation {
    batches: Batches,
    outcomes: OutcomeColumns,
    rejects: Rejects,
}

/// What became of the rows of a batch.
#[derive(Debug, Clone)]
pub struct DecidedBatch {
    /// The decisions, as [`OutcomeColumns`] has them.
    pub outcomes: RecordBatch,
    /// The rows that break their declared types, as [`Rejects`] has them.
    pub rejects: RecordBatch,
}

/// Why a batch was not decided about.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Its columns are not those that were bound.
    #[error(transparent)]
    Columns(#[from] SchemaError),
    /// What was decided has no room in the columns of a batch.
    #[error("what was decided has no room in a batch: {0}")]
    Arrow(#[from] ArrowError),
}

impl BatchEvaluation {
    fn new(policy: &Policy, schema: &Schema, wanted: Wanted) -> Result<Self, SchemaError> {
        let policies = std::slice::from_ref(policy);
        let batches = Batches::new(policies, Arc::new([Some(policy.columns(schema)?)]));
        let batches = if wanted.reasons { batches } else { batches.by_classes() };
        let outcomes = OutcomeColumns::new(policies, wanted);
        Ok(Self { batches, outcomes, rejects: Rejects::default() })
    }

    /// The columns of the batches of outcomes, as [`OutcomeColumns`] describes them.
    pub fn schema(&self) -> &SchemaRef {
        self.outcomes.schema()
    }

    /// Decides about the rows of a batch; the first is given the number `first`.
    ///
    /// # Errors
    /// When its columns are not those that were bound, and when the texts of a column become too
    /// long for a batch.
    pub fn decide(&mut self, batch: &RecordBatch, first: u64) -> Result<DecidedBatch, BatchError> {
        let Self { batches, outcomes, rejects } = self;
        batches.judge(batch, None, |row, judged| {
            let record = first.saturating_add(u64::from(row));
            match judged {
                Judged::Decided(mut decisions) => {
                    outcomes.push_decided(record, &mut decisions, &mut |_| {});
                }
                Judged::Classed(stretch) => outcomes.push_stretch(record, stretch),
                Judged::Rejected(errors, _) => rejects.push(record, &errors),
            }
        })?;
        Ok(DecidedBatch { outcomes: outcomes.finish()?, rejects: rejects.finish()? })
    }
}

impl Policy {
    /// What is needed to decide about batches with the columns of a schema.
    ///
    /// # Errors
    /// Those of [`Policy::columns`].
    pub fn batches(&self, schema: &Schema, wanted: Wanted) -> Result<BatchEvaluation, SchemaError> {
        BatchEvaluation::new(self, schema, wanted)
    }
}
