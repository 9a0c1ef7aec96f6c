//! The ground that `rulebook` stands on: where texts stand ([`source`]), what is wrong with them
//! ([`diagnostic`]), how texts of others are shown ([`visible`]), how their files are read ([`mod@file`]), unpacked
//! ([`packed`]) and decoded ([`encoding`]), and what tells them apart ([`digest`]).
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! # What holds here
//!
//! - **Files are opened in one place.** `file.rs` opens what others name, by kind and without waiting, and
//!   reads it up to a bound. `src/folder.rs` walks the folders of a rulebook with links that stay in it,
//!   `src/bounds.rs` says how much there may be, for colleagues and for strangers (`Trust`).
//! - **Texts of others do nothing.** Lines for people pass one door (`crates/cli/src/screen.rs`), where a line
//!   stays one line whatever it is made of; colours are marks until then (`crates/cli/src/paint.rs`), so that a
//!   sequence for the terminal is never ours before. Tables go by `crates/cli/src/grid.rs`, cells of CSV by
//!   `crates/stream/src/cells.rs`. What the library writes for people itself (explanations, drawn diagnostics,
//!   rejections) is visible as it stands (`visible.rs`). `tests/architecture.rs` knows the door,
//!   `tests/cli/hostile.rs` tries every command.
//! - **Bytes of others panic nobody.** A library that reads them works within `contain.rs`, which makes an
//!   error of a panic and keeps it quiet; what it would trust with memory or stack is looked at before.

pub mod contain;
pub mod diagnostic;
pub mod digest;
#[cfg(feature = "encodings")]
pub mod encoding;
#[cfg(not(feature = "encodings"))]
#[path = "encoding/absent.rs"]
pub mod encoding;
pub mod file;
pub mod packed;
pub mod source;
pub mod visible;
