//! Who judges the records of an input, and how many rows of columns they are given at once.

use rulebook::Policy;
use rulebook_core::facts::{InputCode, InputError, keys};

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

/// The positions of the policies whose record has all its required fields in an object.
pub(crate) fn fitting(policies: &[Policy], json: &[u8]) -> Result<Vec<usize>, Vec<InputError>> {
    let keys = keys(json).map_err(|error| vec![error])?;
    let fits = |policy: &Policy| policy.fits(keys.iter().map(String::as_str));
    let fitting: Vec<_> =
        (0..).zip(policies).filter(|(_, policy)| fits(policy)).map(|(at, _)| at).collect();
    if fitting.is_empty() {
        let names: Vec<_> = policies.iter().map(Policy::name).collect();
        let message = format!(
            "no policy takes a record with these fields; name one with `--policy` to learn why: {}",
            names.join(", ")
        );
        return Err(vec![InputError::new("", InputCode::NoPolicy, message)]);
    }
    Ok(fitting)
}
