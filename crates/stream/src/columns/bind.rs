//! The columns of an input into those from which each policy reads its records.

use std::sync::Arc;

use super::super::Stop;
use rulebook::Policy;
use rulebook::batch::{Columns, SchemaError};
use rulebook_base::visible::visible;
use rulebook_core::facts::InputCode;

/// For each policy the columns that it reads; nothing where it does not judge such rows.
pub(crate) type Bound = Arc<[Option<Columns>]>;

/// Who judges the records of an input.
#[derive(Clone, Copy)]
pub(crate) struct Readers<'p> {
    pub(crate) policies: &'p [Policy],
    /// Whether all of them judge every record, or only those whose record fits.
    pub(crate) named: bool,
    /// How many rows of columns make a block, if they are short.
    pub(crate) rows: u64,
}

/// So many where next to nothing is kept of a row, where there is more to do and to keep, and where
/// much is told of each.
pub(crate) const MOST_ROWS: u64 = 1 << 18;
pub(crate) const MANY_ROWS: u64 = 1 << 16;
pub(crate) const FEW_ROWS: u64 = 1 << 12;

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
    ) -> Result<Bound, Stop> {
        let alone = self.named || self.policies.len() == 1;
        let bind = |policy: &Policy| match columns_of(policy) {
            Ok(columns) => Ok(Some(columns)),
            Err(error) if !alone && lacks_columns(&error) => Ok(None),
            Err(error) => Err(Stop::Several(format!("{}: {error}", visible(input)))),
        };
        let bound: Bound = self.policies.iter().map(bind).collect::<Result<_, _>>()?;
        if bound.iter().any(Option::is_some) || self.policies.is_empty() {
            return Ok(bound);
        }
        let names: Vec<_> = self.policies.iter().map(Policy::name).collect();
        Err(Stop::Unusable(format!(
            "{input}: no policy takes records with these columns; name one with `--policy` to \
             learn why: {}",
            names.join(", ")
        )))
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
