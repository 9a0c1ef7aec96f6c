//! The page of what policies name: parameters, lists and terms.

use super::block::{Block, Inline, Page, spaced, text, words};
use super::book::{Book, TERMS, type_name};
use super::label;
use super::named;
use super::speaker::Speaker;
use super::table;
use rulebook_lang::figures::Phrase;
use rulebook_syntax::ast::{
    Calendar, CalendarItemKind, DaysKind, Definition, DefinitionKind, Function, FunctionBody, Let,
    ListDefinition, ListItems, Origin, Parameter, ParameterValue, Reading, Record,
};
use rulebook_syntax::print;

/// No more items of a list are shown than these.
const MOST: usize = 100;

/// The page in one language.
pub(super) fn page(book: &Book<'_>, language: &str) -> Page {
    let speaker =
        Speaker { book, language, record: None, arguments: Vec::new(), names: Vec::new() };
    let title = speaker.label(&label::TERMS).to_string();
    let mut blocks = vec![Block::Heading(1, vec![text(title.clone())])];
    part(&mut blocks, &speaker, &label::PARAMETERS, |definition| match &definition.kind {
        DefinitionKind::Parameter(node) => Some(parameter(node, &speaker)),
        _ => None,
    });
    part(&mut blocks, &speaker, &label::FUNCTIONS, |definition| match &definition.kind {
        DefinitionKind::Function(node) => Some(function(node, &speaker)),
        _ => None,
    });
    let lets: Vec<_> = book.records().flat_map(|record| lets_of(record, book, language)).collect();
    if !lets.is_empty() {
        blocks.push(Block::Heading(2, vec![text(speaker.label(&label::NAMED))]));
        blocks.extend(lets);
    }
    part(&mut blocks, &speaker, &label::READ, |definition| match &definition.kind {
        DefinitionKind::Record(node) => readings(node, &speaker),
        _ => None,
    });
    part(&mut blocks, &speaker, &label::TABLES, |definition| match &definition.kind {
        DefinitionKind::Table(node) => Some(table::table(node, &speaker)),
        _ => None,
    });
    part(&mut blocks, &speaker, &label::COUNTERS, |definition| match &definition.kind {
        DefinitionKind::Counter(node) => Some(table::counter(node, &speaker)),
        _ => None,
    });
    part(&mut blocks, &speaker, &label::LISTS, |definition| match &definition.kind {
        DefinitionKind::List(node) => Some(list(node, book, language)),
        _ => None,
    });
    part(&mut blocks, &speaker, &label::CALENDARS, |definition| match &definition.kind {
        DefinitionKind::Calendar(node) => Some(calendar(node, &speaker)),
        _ => None,
    });
    Page { name: TERMS.into(), title, blocks }
}

/// How the data has the fields of a record, where the record says so.
fn readings<'s>(node: &Record<'s>, speaker: &Speaker<'_, 's>) -> Option<Vec<Block>> {
    let fact =
        |name: String, reading: &Reading<'s>| (name, vec![Inline::Code(print::reading(reading))]);
    let all = speaker.label(&label::ALL_FIELDS).to_string();
    let all = node.reading.as_ref().map(|reading| fact(all, reading));
    let fields = node.fields.iter().filter_map(|field| {
        let name = match &field.alias {
            Some(alias) => format!("{} (\"{}\")", spaced(field.name.text), alias.value),
            None => spaced(field.name.text),
        };
        Some(fact(name, field.reading.as_ref()?))
    });
    let facts: Vec<_> = all.into_iter().chain(fields).collect();
    (!facts.is_empty()).then(|| vec![Block::Facts(facts)])
}

/// What policies on a record read by name and no input holds.
fn lets_of<'s>(record: &Record<'s>, book: &Book<'s>, language: &str) -> Vec<Block> {
    let (names, arguments) = (named::of_record(record.name.text, book), Vec::new());
    let record_name = Some(record.name.text);
    let speaker = Speaker { book, language, record: record_name, arguments, names };
    record.lets.iter().map(|node| named(node, &[], &speaker)).collect()
}

/// What a name stands for, as a section that links lead to.
pub(super) fn named<'s>(node: &Let<'s>, docs: &[&'s str], speaker: &Speaker<'_, 's>) -> Block {
    let title = node.title.as_ref().map(|title| words(&speaker.texts(title)));
    let title = title.unwrap_or_else(|| spaced(node.name.text));
    let mut blocks = vec![Block::Heading(3, vec![text(title)])];
    if !docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(docs.join(" "))]));
    }
    blocks.push(Block::List(speaker.points(&node.value)));
    let facts: Vec<_> = node.origins.iter().map(|origin| speaker.origin_fact(origin)).collect();
    if !facts.is_empty() {
        blocks.push(Block::Facts(facts));
    }
    let written = vec![Block::Code(print::expression(&node.value))];
    blocks.push(Block::Fold(speaker.label(&label::AS_WRITTEN).into(), written));
    Block::Section(named::section_of(node.name.text), blocks)
}

/// A heading, and a section for each definition that has something to say below it.
fn part<'s>(
    blocks: &mut Vec<Block>,
    speaker: &Speaker<'_, 's>,
    heading: &Phrase,
    say: impl Fn(&Definition<'s>) -> Option<Vec<Block>>,
) {
    let mut sections = Vec::new();
    for definition in &speaker.book.definitions {
        let Some(said) = say(definition) else { continue };
        let name = definition.kind.name().text;
        let title = match &definition.kind {
            DefinitionKind::Parameter(node) => node.title.as_ref(),
            _ => None,
        };
        let title = speaker.book.titled(name, title, speaker.language);
        let mut section = vec![Block::Heading(3, vec![text(title)])];
        if !definition.docs.is_empty() {
            section.push(Block::Paragraph(vec![text(definition.docs.join(" "))]));
        }
        section.extend(said);
        sections.push(Block::Section(name.into(), section));
    }
    if !sections.is_empty() {
        blocks.push(Block::Heading(2, vec![text(speaker.label(heading))]));
        blocks.append(&mut sections);
    }
}

fn parameter<'s>(node: &Parameter<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let label = |words| speaker.label(words).to_string();
    let origins: Vec<&[Origin<'s>]> = match &node.value {
        ParameterValue::Fixed(_) => vec![&[]],
        ParameterValue::Dated(values) => values.iter().map(|value| &*value.origins).collect(),
    };
    let values = speaker.book.values(node, speaker.language);
    let mut facts = Vec::new();
    for (at, (from, value)) in values.into_iter().enumerate() {
        let mut line = vec![Inline::Strong(value)];
        if let Some(from) = from {
            line.push(text(format!(" – {} {from}", label(&label::FROM))));
        }
        for origin in origins.get(at).into_iter().copied().flatten() {
            line.push(text(" – "));
            line.extend(speaker.origin(origin));
        }
        facts.push((label(&label::VALUE), line));
    }
    facts.extend(node.origins.iter().map(|origin| speaker.origin_fact(origin)));
    vec![Block::Facts(facts)]
}

fn function<'s>(node: &Function<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let arguments = node.arguments.iter();
    let arguments = arguments.map(|argument| (argument.name.text, type_name(&argument.ty)));
    let inside = Speaker {
        book: speaker.book,
        language: speaker.language,
        record: None,
        arguments: arguments.collect(),
        names: Vec::new(),
    };
    let body = match &node.body {
        FunctionBody::Expression(body) => body,
        FunctionBody::Script(path) => {
            let file = vec![Inline::Code(path.value.to_string())];
            return vec![Block::Facts(vec![(speaker.label(&label::FROM).into(), file)])];
        }
    };
    let written = vec![Block::Code(print::expression(body))];
    vec![
        Block::List(inside.points(body)),
        Block::Fold(speaker.label(&label::AS_WRITTEN).into(), written),
    ]
}

fn list<'s>(node: &ListDefinition<'s>, book: &Book<'s>, language: &str) -> Vec<Block> {
    let items = book.items(node, language);
    let shown: Vec<_> = items.iter().take(MOST).cloned().collect();
    let rest = items.len() - shown.len();
    let more = if rest > 0 { format!(" … (+{rest})") } else { String::new() };
    vec![Block::Paragraph(vec![text(shown.join(book.comma(language)) + more.as_str())])]
}

fn calendar<'s>(node: &Calendar<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let facts = node.items.iter().map(|item| match &item.kind {
        CalendarItemKind::Weekend(names) => {
            let names: Vec<_> = names.iter().map(|name| name.text).collect();
            let words = names.join(speaker.book.comma(speaker.language));
            (speaker.label(&label::WEEKEND).into(), vec![text(words)])
        }
        CalendarItemKind::Days(kind, days) => {
            let label = match kind {
                DaysKind::Holidays => &label::HOLIDAYS,
                DaysKind::Working => &label::WORKED_ON,
            };
            let days = match days {
                ListItems::File(path) => vec![Inline::Code(path.value.to_string())],
                ListItems::InPlace(expr) => vec![text(print::expression(expr))],
            };
            (speaker.label(label).into(), days)
        }
        CalendarItemKind::Origin(origin) => speaker.origin_fact(origin),
    });
    vec![Block::Facts(facts.collect())]
}
