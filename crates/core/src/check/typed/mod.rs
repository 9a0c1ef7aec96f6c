//! The typed tree: what the checker hands on. No names are left to resolve, no types to infer.

mod between;
mod counter;
mod definition;
mod expression;
mod named;
mod policy;
mod table;
mod text;

pub use crate::ids::{
    CounterId, DecisionId, FunctionId, LetId, ListId, LocalId, ParameterId, PolicyId, RecordId,
    RuleId, TableId,
};
pub use between::{between, is_value};
pub use counter::Counter;
pub use definition::{
    Body, Checked, Field, Function, Items, List, Parameter, Record, RecordKind, Validity,
};
pub use expression::*;
pub use named::Let;
pub use policy::{
    Citation, Claim, Decision, Elements, Invariant, Measurement, Overlay, Phase, Policy, Require,
    Rule, Stage, Typed,
};
pub use rulebook_syntax::ast::{Effect, Reckoning};
pub use table::{Atom, Dates, Domain, Given, MISSING, Stands, Tests};
pub use table::{Input, Output, Row, Table};
pub use text::{Piece, Printed, Text, Variant};
