//! Records in the columns of Arrow batches, and decisions as columns (feature `batch`).
//!
//! A field is found as a column of its own name or `as` name: nested fields in a column of structs,
//! in columns such as `order.amount`, or under an `as` name that no other field has. Values are taken
//! as they come, in whatever physical type, and mean what they mean in JSON.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
//! use rulebook::Rulebook;
//!
//! let rulebook = Rulebook::from_sources([("a.policy", "
//!     record Order { id: text  amount: CNY }
//!     policy returns for Order {
//!       decide refund: yes | no by first otherwise no
//!       rule small { when amount <= 200 CNY then yes }
//!     }")])?;
//! let policy = rulebook.policy("returns")?;
//!
//! let batch = RecordBatch::try_from_iter([
//!     ("id", Arc::new(StringArray::from(vec!["o1", "o2", "o3"])) as ArrayRef),
//!     ("amount", Arc::new(Float64Array::from(vec![Some(59.9), None, Some(599.0)]))),
//! ])?;
//! let columns = policy.columns(batch.schema_ref())?;
//! let rows = columns.rows(&batch)?;
//! let mut evaluation = policy.evaluation();
//! assert_eq!(evaluation.decide_row(&rows, 0)?.outcome("refund"), Ok("yes"));
//! assert_eq!(evaluation.decide_row(&rows, 1).unwrap_err().errors[0].code, "missing-field");
//! assert_eq!(evaluation.decide_row(&rows, 2)?.outcome("refund"), Ok("no"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod column;
mod elements;
mod evaluation;
mod judge;
mod outcomes;
mod rejects;
mod told;

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};

use crate::policy::{Policy, Rejection};
use rulebook_core::facts::columns::{Binding, Cells, Opened};
use rulebook_core::facts::{InputCode, InputError};
use rulebook_core::program::{PolicyId, Program};

pub use column::{CURRENCY, of_currency};
pub use evaluation::{BatchError, BatchEvaluation, DecidedBatch};
pub use judge::RowObject;
pub use judge::{Batches, ClassCounts, Counted, Decided, Decisions, Judged, Stretch};
pub use outcomes::OutcomeColumns;
pub use rejects::Rejects;
pub use rulebook_core::eval::batch::Class;
pub use rulebook_core::facts::columns::{SchemaError, SchemaProblem};
pub use told::Wanted;

/// The columns from which a policy reads its records. Cheap to clone, safe to share.
#[derive(Debug, Clone)]
pub struct Columns {
    program: Arc<Program>,
    policy: PolicyId,
    binding: Arc<Binding>,
}

/// The rows of a batch, its columns opened once.
#[derive(Debug)]
pub struct Rows<'b> {
    program: &'b Arc<Program>,
    policy: PolicyId,
    opened: Opened<'b>,
}

impl Columns {
    /// The columns of CSV files and the like: texts that stand for values of their fields' types. An
    /// empty one is no value, and blanks count in fields of type text only. The batches have a column
    /// of strings for each name, in this order.
    ///
    /// # Errors
    /// When a required field has no column, when a field has two, and when a column stands for a list
    /// or a whole record; every problem is reported.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow_array::{ArrayRef, RecordBatch, StringArray};
    /// # use rulebook::{Rulebook, batch::Columns};
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record Order { amount: CNY  paid: bool? }
    /// #   policy returns for Order { decide refund: yes | no by first otherwise no
    /// #     rule small { when amount <= 200 CNY then yes } }")])?;
    /// let policy = rulebook.policy("returns")?;
    /// let columns = Columns::of_texts(&policy, ["amount", "paid"])?;
    /// let batch = RecordBatch::try_from_iter([
    ///     ("amount", Arc::new(StringArray::from(vec![" 59.90"])) as ArrayRef),
    ///     ("paid", Arc::new(StringArray::from(vec![""]))),
    /// ])?;
    /// let decision = policy.evaluation().decide_row(&columns.rows(&batch)?, 0)?.clone();
    /// assert_eq!(decision.outcome("refund"), Ok("yes"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_texts<N: Into<String>>(
        policy: &Policy,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, SchemaError> {
        let columns = names.into_iter().map(|name| Field::new(name, DataType::Utf8, true));
        Self::new(policy, &Schema::new(columns.collect::<Vec<_>>()), Cells::Texts)
    }

    fn new(policy: &Policy, schema: &Schema, cells: Cells) -> Result<Self, SchemaError> {
        let layout = &policy.compiled().layout;
        let binding = Arc::new(Binding::new(layout, schema, cells)?);
        Ok(Self { program: policy.program().clone(), policy: policy.index(), binding })
    }

    /// Opens a batch. Its columns are those of the schema that was bound, by names and types.
    ///
    /// # Errors
    /// When they are not.
    pub fn rows<'b>(&'b self, batch: &'b RecordBatch) -> Result<Rows<'b>, SchemaError> {
        let Self { program, policy, binding } = self;
        let layout = &program.policies[*policy].layout;
        Ok(Rows { program, policy: *policy, opened: Opened::new(binding, Some(layout), batch)? })
    }

    /// The numbers of the top-level columns that hold fields, in order.
    pub fn columns(&self) -> Vec<usize> {
        self.binding.columns()
    }

    /// The numbers of the leaf columns that hold fields, in order: those that hold values themselves,
    /// counted through all structs and lists of the schema, as Parquet counts them. A file that is
    /// read with these alone has another schema, for which the policy gives other columns.
    pub fn leaves(&self) -> Vec<usize> {
        self.binding.leaves()
    }
}

impl Rows<'_> {
    /// How many rows the batch has.
    pub fn len(&self) -> usize {
        self.opened.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the columns were bound for a policy.
    pub fn are_for(&self, policy: &Policy) -> bool {
        Arc::ptr_eq(self.program, policy.program()) && self.policy == policy.index()
    }

    /// The id of the record in a row, as [`Decision::id`](crate::Decision::id) has it.
    pub fn id(&self, row: usize) -> Option<Cow<'_, str>> {
        let policy = &self.program.policies[self.policy];
        self.opened.name(&policy.layout, policy.id?, (row, &self.program.zone))
    }

    /// The opened columns, if they were bound for a policy.
    ///
    /// # Errors
    /// When they were bound for another one.
    pub(super) fn of(&self, policy: &Policy) -> Result<&Opened<'_>, Rejection> {
        if self.are_for(policy) {
            return Ok(&self.opened);
        }
        let message = "the columns were bound for another policy".to_string();
        let error = InputError::new("", InputCode::OtherPolicy, message);
        Err(Rejection { errors: vec![error] })
    }
}

impl Policy {
    /// Finds the columns of a schema from which the policy reads its records.
    ///
    /// # Errors
    /// When a required field has no column, when a field has two, and when a column is of a type
    /// that can never hold its field; every problem is reported, with the path of the field.
    ///
    /// ```
    /// # use arrow_schema::{DataType, Field, Schema};
    /// # use rulebook::Rulebook;
    /// # let rulebook = Rulebook::from_sources([("a.policy", "
    /// #   record Order { id: text  amount: CNY }
    /// #   policy returns for Order { decide refund: yes | no by first otherwise no
    /// #     rule small { when amount <= 200 CNY then yes } }")])?;
    /// let schema = Schema::new(vec![Field::new("amount", DataType::Boolean, false)]);
    /// let error = rulebook.policy("returns")?.columns(&schema).unwrap_err();
    /// assert_eq!(error.to_string(), "\
    /// the columns do not fit the record `Order`
    ///   id: no column holds it, and every record needs a text (missing-column)
    ///   amount: the column `amount` is of type Boolean, which is not an amount in CNY; give integers, \
    /// floats, decimals, strings, or structs of `amount` and `currency` (wrong-column-type)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn columns(&self, schema: &Schema) -> Result<Columns, SchemaError> {
        Columns::new(self, schema, Cells::Typed)
    }
}
