//! Finds the mutants of a rulebook: goes over its trees and notes every edit.

mod expression;
mod policy;
mod ranges;
mod table;

use std::collections::HashMap;

use super::mutant::{Mutant, MutantKind};
use rulebook::Files;
use rulebook_base::source::{FileId, Span};
use rulebook_syntax::ast::{
    CalendarItemKind, Definition, DefinitionKind, FunctionBody, ItemKind, ListItems, Member,
    Members, ParameterValue, Policy, Subject, TypeKind, Window,
};
use rulebook_syntax::{Parsed, parse};

/// Every mutant of the files that are not included from another rulebook, in the order of the
/// text.
pub(super) fn mutants(files: &Files) -> Vec<Mutant> {
    let sources = files.sources();
    let text = |id| sources.get(id).map_or("", |file| file.text.as_str());
    let parsed: Vec<_> = files.policies().map(|id| parse(id, text(id))).collect();
    let definitions = Definitions::of(&parsed);
    let own_policies: Vec<_> = files.own_policies().collect();
    let mut mutants = Vec::new();
    for parsed in parsed.iter().filter(|parsed| own_policies.contains(&parsed.file.id)) {
        let (file, text) = (parsed.file.id, text(parsed.file.id));
        let (within, policy, found) = (String::new(), None, Vec::new());
        let mut finder =
            Finder { files, definitions: &definitions, file, text, within, policy, found };
        parsed.file.definitions.iter().for_each(|definition| finder.definition(definition));
        mutants.append(&mut finder.found);
    }
    mutants
}

/// What an edit needs to know of the whole rulebook.
struct Definitions<'t> {
    enums: HashMap<&'t str, &'t Members<'t>>,
    policies: HashMap<&'t str, &'t Policy<'t>>,
}

impl<'t> Definitions<'t> {
    fn of(parsed: &'t [Parsed<'t>]) -> Self {
        let mut definitions = Self { enums: HashMap::new(), policies: HashMap::new() };
        for definition in parsed.iter().flat_map(|parsed| &parsed.file.definitions) {
            match &definition.kind {
                DefinitionKind::Enum(node) => {
                    definitions.enums.insert(node.name.text, &node.members);
                }
                DefinitionKind::Policy(node) => {
                    definitions.policies.insert(node.name.text, node);
                }
                _ => {}
            }
        }
        definitions
    }

    /// The policy whose decisions a policy sets: itself, or the one that it amends.
    fn decider(&self, mut policy: &'t Policy<'t>) -> &'t Policy<'t> {
        // Each step leads to another policy; the checker has ruled out circles.
        for _ in 0..self.policies.len() {
            let Subject::Policy(target) = &policy.subject else { break };
            let Some(target) = self.policies.get(target.text) else { break };
            policy = target;
        }
        policy
    }

    /// The names of the members of a type, if it is an enum, and whether they stand in an order.
    fn names<'a>(&'a self, ty: &'a TypeKind<'_>) -> Option<(&'a [Member<'a>], bool)> {
        let members: &Members<'_> = match ty {
            TypeKind::InPlace(members) => members,
            TypeKind::Named(name) => self.enums.get(name)?,
            TypeKind::List(_) => return None,
        };
        Some((&members.members, members.ordered))
    }
}

struct Finder<'f, 't> {
    files: &'f Files,
    definitions: &'f Definitions<'t>,
    file: FileId,
    text: &'f str,
    within: String,
    policy: Option<String>,
    found: Vec<Mutant>,
}

impl<'t> Finder<'_, 't> {
    fn add(&mut self, kind: MutantKind, edits: Vec<(Span, String)>) {
        let (within, policy) = (self.within.clone(), self.policy.clone());
        let mutant = Mutant { kind, within, policy, edits };
        // Two ways to one text are one mutant.
        let same = |other: &&Mutant| other.edits == mutant.edits;
        if self.found.iter().rev().take(16).find(same).is_none() {
            self.found.push(mutant);
        }
    }

    fn replace(&mut self, kind: MutantKind, span: Span, with: impl Into<String>) {
        self.add(kind, vec![(span, with.into())]);
    }

    fn at(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn removal(&self, span: Span) -> Span {
        self.span(ranges::removal(self.text, span.range()))
    }

    fn definition(&mut self, definition: &'t Definition<'t>) {
        let kind = &definition.kind;
        self.within = format!("{} {}", kind.keyword(), kind.name().text);
        self.policy = None;
        match kind {
            DefinitionKind::Parameter(parameter) => match &parameter.value {
                ParameterValue::Fixed(value) => self.expression(value, MutantKind::Parameter),
                ParameterValue::Dated(values) => {
                    for dated in values {
                        self.expression(&dated.from, MutantKind::Date);
                        self.expression(&dated.value, MutantKind::Parameter);
                    }
                }
            },
            DefinitionKind::List(list) => match &list.items {
                ListItems::InPlace(items) => self.expression(items, MutantKind::Literal),
                ListItems::File(path) => {
                    if let Some(file) = self.files.find(self.file, &path.value) {
                        self.list_file(file);
                    }
                }
            },
            DefinitionKind::Calendar(calendar) => {
                for item in &calendar.items {
                    if let CalendarItemKind::Days(_, ListItems::InPlace(days)) = &item.kind {
                        self.expression(days, MutantKind::Literal);
                    }
                }
            }
            DefinitionKind::Function(function) => match &function.body {
                FunctionBody::Expression(body) => self.expression(body, MutantKind::Literal),
                // A script is no text of the policy language.
                FunctionBody::Script(_) => {}
            },
            DefinitionKind::Policy(policy) => {
                self.policy = Some(policy.name.text.to_string());
                policy.items.iter().for_each(|item| self.item(policy, item));
            }
            DefinitionKind::Table(table) => match (&table.file, &table.grid) {
                (Some(path), _) => {
                    if let Some(file) = self.files.find(self.file, &path.value) {
                        self.table_file(file);
                    }
                }
                (None, Some(grid)) => self.table(grid),
                (None, None) => {}
            },
            DefinitionKind::Counter(counter) => {
                if let Some(value) = &counter.value {
                    self.expression(value, MutantKind::Literal);
                }
                match &counter.window {
                    Window::Within(length) => self.expression(length, MutantKind::Literal),
                    Window::Lagged(far, near) => {
                        self.expression(far, MutantKind::Literal);
                        self.expression(near, MutantKind::Literal);
                    }
                    Window::Calendar(..) => {}
                }
                if let Some(filter) = &counter.filter {
                    self.expression(filter, MutantKind::Literal);
                }
            }
            DefinitionKind::Record(record) => {
                record.lets.iter().for_each(|node| self.named(node));
            }
            DefinitionKind::Enum(_) => {}
        }
    }

    /// Drops items of a list that stands in a file of its own.
    fn list_file(&mut self, file: FileId) {
        let text = self.files.sources().get(file).map_or("", |file| &file.text);
        for range in ranges::sampled(ranges::item_lines(text)) {
            self.replace(MutantKind::ListItem, Span::new(file, range.start, range.end), "");
        }
    }
}

/// The rules that clauses name, with the policy of the clause, in all items of a policy.
fn rules<'t>(policy: &'t Policy<'t>) -> impl Iterator<Item = &'t rulebook_syntax::ast::Rule<'t>> {
    policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Rule(rule) => Some(rule),
        _ => None,
    })
}
