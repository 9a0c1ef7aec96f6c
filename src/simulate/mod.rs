//! What a change of policies would do: records judged by two sides, and what differs added up.

mod impact;

pub use impact::{
    Amount, Cell, Compared, Difference, Differing, FAULT, Flip, Flipped, Group, Grouping, Impact,
    Matrix, MeasureImpact, OTHER, RejectionCount, RuleCount, RuleImpact, Side, Span, SumField,
    Tally, Told, UNDECIDED, Watched,
};
