//! What stands for workbooks where the build leaves them out.

/// Nothing.
///
/// # Errors
/// Always: what this build leaves out.
pub(super) fn sheets(_: Vec<u8>, _: u64) -> Result<Vec<(String, String)>, String> {
    Err("this build reads no workbooks; build it with the feature `excel`, or save the sheet as CSV".into())
}
