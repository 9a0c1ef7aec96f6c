//! Records as rows of columns, whole batches judged at once, and decisions as columns. Everything that Arrow
//! and Parquet are needed for stands here; a build without the feature `parquet` has `absent.rs` in its place.

mod bind;
mod flips;
mod judge;
mod matrices;
mod outcomes;
mod read;
mod rows;
mod write;

use arrow_schema::SchemaRef;

pub(crate) use flips::{FlipColumns, flip_schema};
pub(crate) use judge::RowJudge;
pub use matrices::write_matrices;
pub(crate) use outcomes::{Outcomes, schema};
pub(crate) use read::{Opened, Reading};
pub(crate) use rows::{Row, Rows, each_row};
pub(crate) use rulebook::inside::{Decided, Decisions};
pub(crate) use write::{Encoded, Encoder, Writer};

/// Which columns are written.
pub(crate) type Schema = SchemaRef;
