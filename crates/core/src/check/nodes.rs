//! The definitions of a rulebook as written, by what they define.

use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{
    Calendar, Counter, Definition, DefinitionKind, Function, ListDefinition, Parameter, Policy,
    Record, Table,
};

/// The definitions, each kind in the order of the files and of the text.
#[derive(Default)]
pub(super) struct Nodes<'f, 's> {
    pub(super) all: Vec<&'f Definition<'s>>,
    pub(super) records: Vec<&'f Record<'s>>,
    pub(super) parameters: Vec<&'f Parameter<'s>>,
    pub(super) lists: Vec<&'f ListDefinition<'s>>,
    pub(super) functions: Vec<&'f Function<'s>>,
    pub(super) counters: Vec<&'f Counter<'s>>,
    pub(super) calendars: Vec<&'f Calendar<'s>>,
    pub(super) tables: Vec<&'f Table<'s>>,
    pub(super) policies: Vec<&'f Policy<'s>>,
}

impl<'f, 's> Nodes<'f, 's> {
    pub(super) fn of(files: &'f [Parsed<'s>]) -> Self {
        let mut nodes = Self::default();
        for definition in files.iter().flat_map(|parsed| &parsed.file.definitions) {
            nodes.all.push(definition);
            match &definition.kind {
                // Its name says all.
                DefinitionKind::Enum(_) => {}
                DefinitionKind::Record(node) => nodes.records.push(node),
                DefinitionKind::Parameter(node) => nodes.parameters.push(node),
                DefinitionKind::List(node) => nodes.lists.push(node),
                DefinitionKind::Function(node) => nodes.functions.push(node),
                DefinitionKind::Counter(node) => nodes.counters.push(node),
                DefinitionKind::Calendar(node) => nodes.calendars.push(node),
                DefinitionKind::Table(node) => nodes.tables.push(node),
                DefinitionKind::Policy(node) => nodes.policies.push(node),
            }
        }
        nodes
    }
}
