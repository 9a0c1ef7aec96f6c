//! What a change of policies would do: records judged by two sides, and what differs added up.

mod count;
mod differs;
mod fields;
mod flips;
mod groups;
mod impact;
mod lines;
mod outcome;
mod plan;
mod readable;
mod rules;
mod seen;
mod sides;
mod simulation;
mod sweep;

use thiserror::Error;

pub use impact::{
    Amount, Assumption, Cell, Compared, DateSpan, Difference, Differing, ElementPlace, Elements,
    FAULT, Flip, FlipExplanation, Flipped, Group, Grouping, Impact, Matrix, MeasureImpact, OTHER,
    RejectionCount, RuleCount, RuleImpact, Side, SumField, Tally, UNDECIDED, Watched,
};
pub use lines::DiffLine;
pub use plan::{Plan, Trial};
pub use sides::JudgedSide;
pub use simulation::{Judged, Simulation};
pub use sweep::{Curve, CurveOf, Point, Sweep};

/// Why something cannot be simulated, in a sentence for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SimulateError {
    /// A record has no such field, or it holds no single value.
    #[error("record `{record}` has no field `{path}` with a single value; {help}")]
    UnknownField {
        /// The record that the policy judges.
        record: String,
        /// The path that was asked for.
        path: String,
        /// The nearest, or all of them.
        help: String,
    },
    /// The sides decide about different things.
    #[error(
        "policy `{policy}` decides about {before} on one side, and about {after} on the other; only what is \
         decided about the same can be compared"
    )]
    UnlikeSubjects {
        /// The policy.
        policy: String,
        /// What the baseline decides about.
        before: String,
        /// What the candidate decides about.
        after: String,
    },
    /// A field has too many values to group by.
    #[error(
        "`{path}` is {ty}, and hardly two records have the same; add it up, or group by another field"
    )]
    NoGroups {
        /// The path of the field.
        path: String,
        /// What its values are, in words: `an amount in CNY`.
        ty: String,
    },
    /// A field cannot be added up.
    #[error("`{path}` is {ty}, and cannot be added up; name a number or an amount")]
    NotSummed {
        /// The path of the field.
        path: String,
        /// What its values are, in words: `a text`.
        ty: String,
    },
    /// A field is money of any currency.
    #[error(
        "`{path}` may be in any currency, and amounts of several cannot be added up; measure those in one: \
         `measure in_yuan = sum({path}) where {path}.currency == CNY`"
    )]
    ManyCurrencies {
        /// The path of the field.
        path: String,
    },
    /// A field has more values than anybody would read.
    #[error("`{path}` has more than {most} values; group by something coarser")]
    TooManyGroups {
        /// The path of the field.
        path: String,
        /// How many values it may have.
        most: usize,
    },
    /// A sum has more digits than numbers have.
    #[error("`{0}` adds up to more than 29 digits before the point")]
    TooLarge(String),
}

/// With more groups than this, nobody reads them, and memory would grow with the records.
pub const MAX_GROUPS: usize = 10_000;
