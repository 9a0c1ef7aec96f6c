//! One step of an evaluation, and where its operands stand. All that it names is a number, of something in
//! a [`Program`](super::Program).

use std::sync::Arc;

use super::{
    ComprehensionId, ComprehensionKind, DecisionId, MadeId, MembersId, NodeId, OnceId, ParameterId,
    PatternId, PolicyId, ScriptId, SetId, TableId,
};
use rulebook_lang::kernel::Kernel;
use rulebook_lang::model::Cell;

/// A range of [`Program::operands`](super::Program::operands).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operands {
    /// The first.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
}

/// One step of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    unpredictable_function_pointer_comparisons,
    reason = "kernels that share an address do the same, and one that has two is only built twice"
)]
pub enum Node {
    /// A cell of [`Program::constants`](super::Program::constants).
    Constant(Cell),
    /// A pattern of [`Program::patterns`](super::Program::patterns).
    Pattern(PatternId),
    /// A slot of the row.
    Slot(u32),
    /// The record whose own cell is a slot of the row; its fields, of so many slots, stand behind it.
    Record(u32, u32),
    /// The variable of a comprehension.
    Local(u32),
    /// A field of the record that a variable holds.
    LocalField(u32, u32),
    /// A decision of another policy on the record.
    Decision(PolicyId, DecisionId),
    /// All that a policy decided about the elements of a list, as a list of records: what it decided, whether
    /// that has a fault, and the fields of the element.
    Elements(PolicyId),
    /// A decision of a policy about the element that a variable holds.
    ElementDecision(u32, PolicyId, DecisionId),
    /// A record within the record that a variable holds, by the place of its own cell there, and how many
    /// slots its fields take.
    LocalRecord(u32, u32, u32),
    /// A field of a record that lies at no place, by its place there; of one that is a record itself, how
    /// many slots its fields take.
    Field(NodeId, u32, Option<u32>),
    /// A list of the operands.
    Items(Operands),
    /// Records of [`Program::made`](super::Program::made), of a list for each of their fields.
    Rows(MadeId, Operands),
    /// A record of [`Program::made`](super::Program::made), of the values of its fields.
    Made(MadeId, Operands),
    /// A parameter, as of the date used.
    Parameter(ParameterId),
    /// The time of the evaluation.
    Now,
    /// A kernel on operands.
    Call(Kernel, Operands),
    /// A function of [`Program::scripts`](super::Program::scripts) on operands.
    Script(ScriptId, Operands),
    /// True when all operands are, looked at from the left.
    And(Operands),
    /// True when one operand is, looked at from the left.
    Or(Operands),
    /// The first operand, or the second where it is missing.
    Coalesce(NodeId, NodeId),
    /// Condition and value in turn, then the value where no condition holds.
    Choice(Operands),
    /// Whether the operand is there (or is not).
    Presence(NodeId, bool),
    /// Whether the first operand is one of the others (or is not).
    AnyOf(Operands, bool),
    /// Whether a text is in a set of [`Program::sets`](super::Program::sets) (or is not).
    InSet(NodeId, SetId, bool),
    /// Whether the first operand lies from the second to the third.
    InRange {
        /// Value, low end, high end.
        operands: Operands,
        /// Whether the high end belongs to the range.
        closed: bool,
        /// Whether the value must lie outside.
        negated: bool,
    },
    /// A comprehension of [`Program::comprehensions`](super::Program::comprehensions).
    Comprehension(ComprehensionId),
    /// An output of a table of [`Program::tables`](super::Program::tables), by its number.
    LookUp {
        /// Which table.
        table: TableId,
        /// Which of its outputs.
        output: u32,
        /// Its inputs.
        operands: Operands,
    },
    /// The operand, or nothing where it is a fault.
    Try(NodeId),
    /// A number as text.
    NumberText(NodeId),
    /// The name of an enum's member, by the names in [`Program::members`](super::Program::members).
    MemberText(NodeId, MembersId),
    /// An expression of [`Program::once`](super::Program::once). Only who evaluates meets it: for all
    /// others, [`Program::node`](super::Program::node) has the expression itself.
    Once(OnceId),
}

/// A costly expression that is asked for more than once for a record, and worked out the first time.
#[derive(Debug, Clone, Copy)]
pub struct Once {
    /// What it is.
    pub node: Node,
    /// Whether its value is as of a date, which rules may have of their own.
    pub dated: bool,
    /// Whether its value may be another one for each element of a list that is judged.
    pub of_element: bool,
}

/// A record that expressions make.
#[derive(Debug, Clone)]
pub struct MadeRecord {
    /// Its name.
    pub record: Arc<str>,
    /// Of each field that is a record itself, how many slots its fields take.
    pub fields: Vec<Option<u32>>,
    /// How many slots it takes.
    pub size: u32,
}

impl Node {
    /// Where its operands stand, if it keeps them side by side.
    pub(super) fn operands_mut(&mut self) -> Option<&mut Operands> {
        match self {
            Self::Call(_, operands)
            | Self::Script(_, operands)
            | Self::And(operands)
            | Self::Or(operands)
            | Self::Choice(operands)
            | Self::Items(operands)
            | Self::Rows(_, operands)
            | Self::Made(_, operands)
            | Self::AnyOf(operands, _)
            | Self::InRange { operands, .. }
            | Self::LookUp { operands, .. } => Some(operands),
            _ => None,
        }
    }
}

/// A comprehension over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comprehension {
    /// Which.
    pub kind: ComprehensionKind,
    /// The number of the variable.
    pub variable: u32,
    /// The list.
    pub list: NodeId,
    /// Which elements count.
    pub filter: Option<NodeId>,
    /// What to take of each.
    pub body: Option<NodeId>,
    /// The sum of none.
    pub zero: Cell,
    /// The steps that each element takes, besides those of lists within it and of long values.
    pub steps: u64,
}
