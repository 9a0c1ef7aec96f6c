//! Files of records in, judged side by side, and files of decisions out: what the command line, Python and
//! services stream through.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! A [`Run`] says what is judged by what and where it goes, an [`Observer`] is told on the way, and what comes
//! back is written aside until it is completed:
//!
//! ```
//! use rulebook::Rulebook;
//! use rulebook_stream::{Destination, Inputs, Run};
//!
//! let rulebook = Rulebook::from_sources([("a.policy", "
//!     record Order { id: text  amount: CNY }
//!     policy returns for Order {
//!       decide refund: yes | no by first otherwise no
//!       rule small { when amount <= 200 CNY then yes }
//!     }")])?;
//! let folder = tempfile::tempdir()?;
//! let orders = folder.path().join("orders.jsonl");
//! std::fs::write(&orders, r#"{"id": "o1", "amount": 59.9}"#)?;
//!
//! let decided = folder.path().join("decided.jsonl");
//! let policies = vec![rulebook.policy("returns")?];
//! let inputs = Inputs { files: vec![orders], ..Inputs::default() };
//! let run = Run::new(&rulebook, policies, inputs, Destination::File(decided.clone()));
//! let totals = run.judge(&mut ())?.complete("")?;
//! assert_eq!((totals.records, totals.decided), (1, 1));
//! assert!(std::fs::read_to_string(decided)?.contains(r#""refund":"yes""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Pick`] judges one record of a file, [`Comparison`] all of them by the sides of simulations, and
//! [`Replay`] counts records that somebody has at hand. [`Distinct`] sees that no two names of a run stand for
//! one file.
//!
//! # What holds here
//!
//! - **A run holds a fixed number of blocks.** They are filled one after another, judged side by side and
//!   written in their order (`pipeline.rs`), so memory stays flat, and one thread and many take the same path.
//!   Text is read where blocks are filled; of a Parquet file only which rows they are, and of CSV only where
//!   each record ends: columns are read, and written ones encoded, by whoever judges. YAML and arrays of JSON
//!   are parted into records by where these begin and close (`input/items.rs`, `values.rs`), so one that is
//!   none costs itself. Pages of Parquet are held against the file's own word before they are read
//!   (`columns/read/pages.rs`), and large ones handed on in slices (`slices.rs`); lengths of texts are looked
//!   at before a library lays them out (`guarded.rs`). Where more comes of a block than it should hold, it is
//!   written in pieces, each when its turn has come.
//! - **A file is whole, or as it was.** `aside.rs` writes aside, syncs and renames, and the history commits
//!   last. It is read whole when it is opened, against a digest for each run (`past/seal.rs`). Whoever ends the
//!   process in the midst of a run calls [`abandon`] before.
//! - **Nothing is printed.** What is for people comes back, or goes to the [`Observer`].
//! - **What is not built in is named.** Columns stand in `columns/` and histories in `past/` alone; a build
//!   without their feature has `absent.rs` in their place, and [`Feature`] the sentence about it.

#![cfg_attr(
    not(all(feature = "parquet", feature = "sqlite")),
    allow(dead_code, reason = "some of it is asked for by columns and histories alone")
)]

mod aside;
mod block;
mod called;
mod cells;
#[cfg(feature = "parquet")]
mod columns;
#[cfg(not(feature = "parquet"))]
#[path = "columns/absent.rs"]
mod columns;
mod compare;
mod distinct;
mod ending;
mod entry;
mod error;
mod input;
mod json;
mod judge;
mod observer;
mod options;
mod output;
#[cfg(feature = "sqlite")]
mod past;
#[cfg(not(feature = "sqlite"))]
#[path = "past/absent.rs"]
mod past;
mod pick;
mod pipeline;
mod place;
mod refusal;
mod rejects;
mod replay;
mod run;
mod sample;
mod spread;
mod tally;
mod task;
mod teller;

pub use aside::{Abandoned, abandon, write};
pub use called::called;
pub use cells::{CellWriter, Cells, headed};
pub use columns::write_matrices;
pub use compare::{Comparison, FlipFile};
pub use distinct::Distinct;
pub use ending::Content;
pub use error::{Feature, StreamError};
pub use json::pretty;
pub use observer::{Note, Observer, Pass, Rejected};
pub use options::{CellForm, Format, InputFormat, Inputs, Numbers, Wanted};
pub use output::Destination;
pub use pick::{Found, MOST_ELEMENTS, Pick, Picked, Which};
pub use place::unwritable;
pub use refusal::Refusal;
pub use replay::Replay;
pub use rulebook_core::settings::{FileForm, RecordPath};
pub use run::{Judged, Run};
pub use sample::{PolicyTable, Tables};
pub use spread::Spread;
pub use tally::OutcomeCounts;
pub use teller::Totals;
