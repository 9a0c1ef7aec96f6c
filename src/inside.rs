//! What the tools of this house need beside the public interface. No promise covers it.

#[cfg(feature = "batch")]
pub use crate::batch::{Batches, Class, ClassCounts, Counted, Decided, Decisions, Judged, Stretch};
pub use crate::bounds::Trust;
pub use crate::folder::{named, scenarios};
pub use crate::policy::Counts;
pub use crate::profiles::NamedBy;
pub use crate::workbook::Workbook;
pub use rulebook_core::eval::Together;
