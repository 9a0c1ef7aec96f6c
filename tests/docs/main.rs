//! The documentation is true: `docs/reference.md` and `docs/diagnostics.md` are generated from the tables of
//! the language, and every example of `docs/*.md` and `README.md` is checked, judged or run as its block says.
//!
//! | block | must |
//! |---|---|
//! | `policy` | check without errors, as a file of its own |
//! | `policy before` | check as well; scenarios of the policy that follows are run against both |
//! | `policy error`, `policy warning` | be told with the code that its first comment names |
//! | `expression` | be true, each line |
//! | `yaml` with a `policy:` | run, against the last policy of that name above it |
//! | `yaml rulebook.yaml`, `text PATH`, `rhai PATH` | be readable; it stands beside the policies below it |
//! | `json record`, `json result` | lead by the last policy above from the one to the other |
//! | `json statement` | be the statement of reasons that the last record calls for |
//!
//! `UPDATE_EXPECTED=1 cargo test --test pages docs` writes the reference anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod columns;
mod diagnostics;
mod dmn;
mod examples;
mod links;
mod reference;
mod tables;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[allow(clippy::disallowed_methods, reason = "the variable asks to rewrite what is expected")]
pub(crate) fn wants_update() -> bool {
    std::env::var("UPDATE_EXPECTED").is_ok_and(|value| value == "1")
}

/// A piece of code in a cell of a table.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

pub(crate) fn row<const N: usize>(out: &mut String, cells: [&str; N]) {
    writeln!(out, "| {} |", cells.join(" | ")).unwrap();
}

pub(crate) fn head<const N: usize>(out: &mut String, cells: [&str; N]) {
    out.push('\n');
    row(out, cells);
    row(out, ["---"; N]);
}

/// The pages that stand by themselves; that on diagnostics has examples of another kind.
pub(crate) fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<_> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .filter(|path| !path.ends_with("diagnostics.md"))
        .collect();
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// The chapters on the language in the order of the table of contents; later ones build on the
/// policies of earlier ones.
pub(crate) fn chapters() -> Vec<PathBuf> {
    let listed = linked(&fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap());
    let chapters = listed.into_iter().filter(|link| link.starts_with("language/"));
    chapters.map(|link| root().join("docs").join(link)).collect()
}

/// Where the links of a page lead.
pub(crate) fn linked(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1);
    links.map(|rest| rest.split(')').next().unwrap().to_string()).collect()
}

pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
