//! Columns to rows: which column holds which field, and what its values stand for.

#[cfg(feature = "batch")]
mod bind;
#[cfg(feature = "batch")]
mod error;
#[cfg(feature = "batch")]
mod fill;
mod find;
#[cfg(feature = "batch")]
mod fit;
#[cfg(feature = "batch")]
mod leaf;
#[cfg(feature = "batch")]
mod object;
#[cfg(feature = "batch")]
mod open;
pub mod text;
#[cfg(feature = "batch")]
mod whole;

#[cfg(feature = "batch")]
pub use bind::{Binding, Cells};
#[cfg(feature = "batch")]
pub use error::{SchemaError, SchemaProblem};
#[cfg(feature = "batch")]
pub use fill::read_row;
#[cfg(feature = "batch")]
pub(crate) use fill::{read_field, read_value};
pub use find::{Named, Source};
#[cfg(feature = "batch")]
pub(crate) use leaf::{Leaf, Values};
#[cfg(feature = "batch")]
pub use object::Object;
#[cfg(feature = "batch")]
pub use open::Opened;
#[cfg(feature = "batch")]
pub(crate) use open::{Open, OpenRecord};
#[cfg(feature = "batch")]
pub(crate) use whole::Whole;
