//! What stands for workbooks where the build leaves them out.

use std::convert::Infallible;

/// Why there is none.
const ABSENT: &str =
    "this build reads no workbooks; build it with the feature `excel`, or save the sheet as CSV";

/// Nothing.
///
/// # Errors
/// Always: what this build leaves out.
pub(super) fn sheets(_: Vec<u8>, _: u64) -> Result<Vec<(String, String)>, String> {
    Err(ABSENT.into())
}

/// A workbook of records, of which there is none.
pub struct Workbook(Infallible);

impl Workbook {
    /// Nothing.
    ///
    /// # Errors
    /// Always: what this build leaves out.
    pub fn open(_: Vec<u8>, _: u64) -> Result<Self, String> {
        Err(ABSENT.into())
    }

    /// None.
    pub fn sheets(&self) -> Vec<String> {
        match self.0 {}
    }

    /// None.
    ///
    /// # Errors
    /// Never.
    pub fn csv(&mut self, _: &str) -> Result<String, String> {
        match self.0 {}
    }
}
