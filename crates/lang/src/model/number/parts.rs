//! Numerators and denominators, as calculations take and give them.

/// A numerator above a denominator that is multiplied by a power of ten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) numerator: i128,
    /// From one to the largest `i128`.
    pub(super) denominator: u128,
    /// How many zeros the denominator has besides.
    pub(super) zeros: u32,
}

impl Parts {
    /// A numerator and a denominator that both are within an `i128`, as their opposites are.
    pub(super) fn fitting(numerator: i128, denominator: u128) -> Option<Self> {
        let most = i128::MAX.unsigned_abs();
        let fits = numerator.unsigned_abs() <= most && denominator <= most;
        fits.then_some(Self { numerator, denominator, zeros: 0 })
    }
}

/// Nothing where parts have zeros that are not written down.
pub(super) fn short<const N: usize>(parts: [Parts; N]) -> Option<()> {
    parts.iter().all(|parts| parts.zeros == 0).then_some(())
}
