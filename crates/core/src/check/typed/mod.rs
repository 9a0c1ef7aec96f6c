//! The typed tree: what the checker hands on. No names are left to resolve, no types to infer.

mod between;
mod counter;
mod definition;
mod expression;
mod policy;
mod table;
mod text;

pub use between::between;
pub use counter::{Counter, Measure};
pub use definition::{Body, Checked, Field, Function, List, Parameter, Record};
pub use expression::*;
pub use policy::{
    Citation, Claim, Decision, Invariant, Measurement, Overlay, Phase, Policy, Require, Rule,
    Stage, Typed,
};
pub use rulebook_syntax::ast::{Effect, Reckoning};
pub use table::{Dates, Domain, MISSING, Stands};
pub use table::{Input, Output, Row, Table};
pub use text::{Piece, Text, Variant};

macro_rules! ids {
    ($($name:ident $doc:literal)*) => {
        $(#[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a position in its table.
            pub fn at(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
        })*
    };
}

ids! {
    RecordId "A record."
    ParameterId "A parameter."
    ListId "A list."
    FunctionId "A function."
    CounterId "A counter."
    TableId "A decision table."
    LocalId "An argument of a function or the variable of a comprehension."
    PolicyId "A policy that judges records."
    DecisionId "A decision of a policy."
    RuleId "A rule of a policy."
}
