//! The columns of an input into those from which each policy reads its records.

use std::sync::Arc;

use crate::input::Readers;
use crate::{Refusal, StreamError};
use rulebook::Policy;
use rulebook::batch::{Columns, SchemaError};
use rulebook_base::visible::visible;
use rulebook_core::facts::InputCode;

/// For each policy the columns that it reads; nothing where it does not judge such rows.
pub(crate) type Bound = Arc<[Option<Columns>]>;

impl Readers<'_> {
    /// Finds for each policy its columns. Where policies were not named, those judge for which all
    /// columns are there.
    ///
    /// # Errors
    /// When columns are missing or can never hold their fields, and when no policy judges.
    pub(super) fn bind(
        self,
        input: &str,
        columns_of: impl Fn(&Policy) -> Result<Columns, SchemaError>,
    ) -> Result<Bound, StreamError> {
        let alone = self.named || self.policies.len() == 1;
        let bind = |policy: &Policy| match columns_of(policy) {
            Ok(columns) => Ok(Some(columns)),
            Err(error) if !alone && lacks_columns(&error) => Ok(None),
            Err(error) => Err(StreamError::Several(format!("{}: {error}", visible(input)))),
        };
        let bound: Bound = self.policies.iter().map(bind).collect::<Result<_, _>>()?;
        if bound.iter().any(Option::is_some) || self.policies.is_empty() {
            return Ok(bound);
        }
        let policies = self.policies.iter().map(|policy| policy.name().to_string()).collect();
        Err(Refusal::NoPolicy { input: input.to_string(), policies }.into())
    }
}

fn lacks_columns(error: &SchemaError) -> bool {
    error.problems.iter().any(|problem| problem.code == InputCode::MissingColumn.code())
}

/// The numbers that any policy reads, in order.
pub(super) fn union(bound: &Bound, numbers: impl Fn(&Columns) -> Vec<usize>) -> Vec<usize> {
    let mut all: Vec<_> = bound.iter().flatten().flat_map(numbers).collect();
    all.sort_unstable();
    all.dedup();
    all
}
