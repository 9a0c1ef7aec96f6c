//! Collects the names of a rulebook.

use std::collections::HashMap;
use std::sync::Arc;

use super::calendar;
use super::names::{Named, Names};
use super::resolve;
use super::sink::Sink;
use super::typed::{CounterId, FunctionId, ListId, ParameterId, PolicyId, RecordId, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{Sources, Span};
use rulebook_lang::model::{EnumType, RecordType};
use rulebook_syntax::ast::{self, DefinitionKind};

/// Gives every definition its number; a name that is taken keeps its first meaning.
pub(super) fn collect(definitions: &[&ast::Definition], names: &mut Names, sink: &mut Sink) {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let mut number = |keyword| {
        let count = counts.entry(keyword).or_insert(0);
        *count += 1;
        *count - 1
    };
    for definition in definitions {
        let (name, keyword) = (definition.kind.name(), definition.kind.keyword());
        let named = match &definition.kind {
            DefinitionKind::Enum(node) => {
                let mut members = resolve::members(sink, &names.settings.languages, &node.members);
                members.name = Some(name.text.to_string());
                Named::Enum(Arc::new(members))
            }
            DefinitionKind::Record(_) => {
                let ty = Arc::new(RecordType::new(name.text.into()));
                Named::Record(RecordId(number(keyword)), ty)
            }
            DefinitionKind::Parameter(_) => Named::Parameter(ParameterId(number(keyword))),
            DefinitionKind::List(_) => Named::List(ListId(number(keyword))),
            DefinitionKind::Function(_) => Named::Function(FunctionId(number(keyword))),
            DefinitionKind::Counter(_) => Named::Counter(CounterId(number(keyword))),
            DefinitionKind::Calendar(_) => Named::Calendar(number(keyword)),
            DefinitionKind::Table(_) => Named::Table(TableId(number(keyword))),
            DefinitionKind::Policy(policy) => match policy.amends() {
                None => Named::Policy(PolicyId(number(keyword))),
                Some(amended) => Named::Overlay(amended.text.to_string()),
            },
        };
        add_name(name, named, names, sink);
    }
    if let Some(calendars) = calendar::members(definitions) {
        add_calendars(calendars, names, sink);
    }
}

/// Adds the type whose values are the calendars of the rulebook.
fn add_calendars(calendars: Arc<EnumType>, names: &mut Names, sink: &mut Sink) {
    const TYPE: &str = "calendar";
    if let Some((_, span)) = names.named.get(TYPE) {
        let message = format!("`{TYPE}` is the type of the calendars of this rulebook");
        let problem = Diagnostic::new(Code::ReservedName, *span, message);
        sink.report(problem.help("choose another name"));
    }
    names.named.insert(TYPE.to_string(), (Named::Enum(calendars), Span::default()));
}

fn add_name(name: &ast::Name, named: Named, names: &mut Names, sink: &mut Sink) {
    if let Some(meaning) = resolve::reserved(name.text) {
        let message = format!("`{}` is {meaning}", name.text);
        sink.report(
            Diagnostic::new(Code::ReservedName, name.span, message).help("choose another name"),
        );
    }
    if let Some((_, first)) = names.named.get(name.text) {
        report_twice(name, *first, names.sources, sink);
        return;
    }
    names.named.insert(name.text.to_string(), (named, name.span));
}

/// Reports a name that is taken; where an included rulebook has it, at the place that includes
/// that.
fn report_twice(name: &ast::Name, first: Span, sources: &Sources, sink: &mut Sink) {
    let message = format!("`{}` is defined twice", name.text);
    let included = [name.span, first].map(|span| sources.included(span.file));
    let diagnostic = match included.into_iter().flatten().next() {
        Some(place) => Diagnostic::new(Code::DuplicateName, place, message)
            .label("by what is included here")
            .also(name.span, "defined again here"),
        None => {
            Diagnostic::new(Code::DuplicateName, name.span, message).label("defined again here")
        }
    };
    let shared = match included {
        [None, None] => "all files of a rulebook share one set of names",
        _ => "a rulebook shares one set of names with those that it includes",
    };
    sink.report(
        diagnostic
            .also(first, "first defined here")
            .help(format!("{shared}; rename one of the two")),
    );
}
