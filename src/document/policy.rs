//! The page of a policy.

use super::block::{Block, Inline, Page, text, words};
use super::book::{Book, citation};
use super::example::Examples;
use super::label;
use super::rule;
use super::timeline::Timeline;
use super::words::{Speaker, spaced};
use crate::lang::combiner::{COMBINERS, Combiner};
use crate::syntax::ast::{Decide, ItemKind, OnFault, Policy, Source, Texts};
use crate::syntax::print;

/// The page of a policy in one language.
pub(super) fn page<'s>(
    book: &Book<'s>,
    policy: &Policy<'s>,
    docs: &[&'s str],
    language: &str,
    examples: &Examples,
) -> Page {
    let record = Some(policy.record.text);
    let speaker = Speaker { book, language, record, arguments: Vec::new() };
    let title = title(policy, &speaker);
    let mut blocks = vec![Block::Heading(1, vec![text(title.clone())])];
    if !docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(docs.join(" "))]));
    }
    blocks.push(Block::Facts(facts(policy, &speaker)));
    heading(&mut blocks, speaker.label(&label::DECIDES));
    for item in &policy.items {
        match &item.kind {
            ItemKind::Decide(decide) => blocks.push(decision(decide, &item.docs, &speaker)),
            ItemKind::OnFault(on_fault) => blocks.push(fault(on_fault, &speaker)),
            _ => {}
        }
    }
    if let Some(timeline) = timeline(policy, &speaker) {
        heading(&mut blocks, speaker.label(&label::TIMELINE));
        blocks.push(Block::Timeline(timeline));
    }
    let mut rules = vec![Block::Heading(2, vec![text(speaker.label(&label::RULES))])];
    for (item, rule) in rule::rules(policy) {
        rules.push(rule::section(item, rule, policy.name.text, &speaker, examples));
    }
    blocks.push(Block::Section("rules".into(), rules));
    Page { name: policy.name.text.into(), title, blocks }
}

fn heading(blocks: &mut Vec<Block>, words: &str) {
    blocks.push(Block::Heading(2, vec![text(words)]));
}

/// The title of a policy, or its name as words.
pub(super) fn title<'s>(policy: &Policy<'s>, speaker: &Speaker<'_, 's>) -> String {
    let titles = policy.items.iter().find_map(|item| match &item.kind {
        ItemKind::Title(texts) => Some(texts),
        _ => None,
    });
    titles.map_or_else(
        || spaced(policy.name.text),
        |texts: &Texts<'s>| words(&speaker.book.texts(texts, speaker)),
    )
}

/// The sources of a policy, as it cites them.
pub(super) fn sources<'p, 's>(policy: &'p Policy<'s>) -> impl Iterator<Item = &'p Source<'s>> {
    policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Source(source) => Some(source),
        _ => None,
    })
}

fn facts<'s>(policy: &Policy<'s>, speaker: &Speaker<'_, 's>) -> Vec<(String, Vec<Inline>)> {
    let mut facts = Vec::new();
    let mut fact = |words, value| facts.push((speaker.label(words).to_string(), value));
    for source in sources(policy) {
        fact(&label::SOURCE, vec![citation(source)]);
    }
    for item in &policy.items {
        if let ItemKind::Announced(date) = &item.kind {
            fact(&label::ANNOUNCED, speaker.inline(date));
        }
    }
    fact(&label::ABOUT, vec![Inline::Code(policy.record.text.into())]);
    if let Some(path) = &policy.dated_by {
        let names: Vec<_> = path.names.iter().map(|name| name.text).collect();
        fact(&label::DATED, vec![Inline::Blank(spaced(&names.join(" ")))]);
    }
    facts
}

fn decision<'s>(decide: &Decide<'s>, docs: &[&'s str], speaker: &Speaker<'_, 's>) -> Block {
    let label = |words| speaker.label(words).to_string();
    let mut blocks = vec![Block::Heading(3, vec![text(spaced(decide.name.text))])];
    if !docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(docs.join(" "))]));
    }
    let outcomes = spaced(&print::type_text(&decide.ty)).replace('|', "/");
    let mut facts = vec![(label(&label::OUTCOMES), vec![text(outcomes)])];
    let combiner = Combiner::from_name(decide.combiner.text);
    if let Some(row) = COMBINERS.iter().find(|row| Some(row.combiner) == combiner) {
        facts.push((label(&label::COMBINED), vec![text(row.words.in_language(speaker.language))]));
    }
    if let Some(otherwise) = &decide.otherwise {
        let mut line = vec![Inline::Strong(words(&speaker.inline(otherwise)))];
        if let Some(because) = &decide.because {
            line.push(text(" – "));
            line.extend(speaker.book.texts(because, speaker));
        }
        facts.push((label(&label::OTHERWISE), line));
    }
    blocks.push(Block::Facts(facts));
    Block::Section(format!("decision-{}", decide.name.text), blocks)
}

fn fault<'s>(on_fault: &OnFault<'s>, speaker: &Speaker<'_, 's>) -> Block {
    let mut line = rule::assignments(&on_fault.assignments, speaker);
    if let Some(because) = &on_fault.because {
        line.push(text(" – "));
        line.extend(speaker.book.texts(because, speaker));
    }
    Block::Facts(vec![(speaker.label(&label::ON_FAULT).to_string(), line)])
}

fn timeline<'s>(policy: &Policy<'s>, speaker: &Speaker<'_, 's>) -> Option<Timeline> {
    let book = speaker.book;
    let compiled = book.program().policies.iter().find(|known| known.name == policy.name.text)?;
    let title = |name: &str| {
        let found = rule::rules(policy).find(|(_, rule)| rule.name.text == name);
        found.map_or_else(|| spaced(name), |(_, rule)| words(&rule::heading(rule, speaker)))
    };
    Timeline::of(compiled, title, |time| book.day(time, speaker.language))
}
