//! The page of a policy.

use super::block::{Block, Inline, Page, Point, spaced, text, words};
use super::book::Book;
use super::dates;
use super::example::Examples;
use super::label;
use super::named;
use super::rule;
use super::speaker::Speaker;
use super::terms;
use super::timeline::Timeline;
use rulebook_lang::combiner::{COMBINERS, Combiner};
use rulebook_syntax::ast::{
    Claim, Decide, Invariant, ItemKind, Measurement, OnFault, Policy, Reckoning, Source, Subject,
    Texts,
};
use rulebook_syntax::print;

/// The page of a policy in one language.
pub(super) fn page<'s>(
    book: &Book<'s>,
    policy: &Policy<'s>,
    docs: &[&'s str],
    language: &str,
    examples: &Examples,
) -> Page {
    let speaker = speaker(policy, book, language);
    let title = title(policy, &speaker);
    let mut blocks = vec![Block::Heading(1, vec![text(title.clone())])];
    if !docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(docs.join(" "))]));
    }
    blocks.push(Block::Facts(facts(policy, &speaker)));
    let decisions: Vec<_> = policy
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Decide(decide) => Some(decision(decide, &item.docs, &speaker)),
            ItemKind::OnFault(on_fault) => Some(fault(on_fault, &speaker)),
            _ => None,
        })
        .collect();
    if !decisions.is_empty() {
        heading(&mut blocks, speaker.label(&label::DECIDES));
        blocks.extend(decisions);
    }
    let lets: Vec<_> = policy
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Let(node) => Some(terms::named(node, &item.docs, &speaker)),
            _ => None,
        })
        .collect();
    if !lets.is_empty() {
        heading(&mut blocks, speaker.label(&label::NAMED));
        blocks.extend(lets);
    }
    let day = |time| book.day(time, language);
    if let Some(timeline) = Timeline::of(dates::of_policy(policy, &speaker), day) {
        heading(&mut blocks, speaker.label(&label::TIMELINE));
        blocks.push(Block::Timeline(timeline));
    }
    blocks.extend(claims(policy, &speaker));
    let measures: Vec<_> = policy
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Measurement(node) => Some(measure(node, &item.docs, &speaker)),
            _ => None,
        })
        .collect();
    if !measures.is_empty() {
        heading(&mut blocks, speaker.label(&label::MEASURES));
        blocks.extend(measures);
    }
    let mut rules = vec![Block::Heading(2, vec![text(speaker.label(&label::RULES))])];
    for (item, rule) in rule::rules(policy) {
        rules.push(rule::section(item, rule, policy, &speaker, examples));
    }
    blocks.push(Block::Section("rules".into(), rules));
    Page { name: book.page_name(policy.name.text).into(), title, blocks }
}

/// Who speaks of a policy: the fields of its record have no prefix.
pub(super) fn speaker<'b, 's>(
    policy: &Policy<'s>,
    book: &'b Book<'s>,
    language: &'b str,
) -> Speaker<'b, 's> {
    let judged = book.judged_by(policy).map(|judged| &judged.subject);
    let record = judged.and_then(Subject::record).map(|record| record.text);
    let arguments = match judged {
        Some(Subject::Elements(node)) => {
            let ty = book.element_type(&node.list);
            ty.map(|ty| (node.variable.text, ty)).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let names = named::of_policy(policy, book);
    Speaker { book, language, record, arguments, names }
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
    titles
        .map_or_else(|| spaced(policy.name.text), |texts: &Texts<'s>| words(&speaker.texts(texts)))
}

/// The sources of a policy, as it cites them.
pub(super) fn sources<'p, 's>(policy: &'p Policy<'s>) -> impl Iterator<Item = &'p Source<'s>> {
    policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Source(source) => Some(source),
        _ => None,
    })
}

/// What a policy says of itself before it says anything of records.
pub(super) fn facts<'s>(
    policy: &Policy<'s>,
    speaker: &Speaker<'_, 's>,
) -> Vec<(String, Vec<Inline>)> {
    let mut facts = Vec::new();
    let mut fact = |words, value| facts.push((speaker.label(words).to_string(), value));
    for source in sources(policy) {
        fact(&label::SOURCE, vec![speaker.citation(source)]);
    }
    for item in &policy.items {
        if let ItemKind::Announced(date) = &item.kind {
            fact(&label::ANNOUNCED, speaker.inline(date));
        }
    }
    match &policy.subject {
        Subject::Record(record) => {
            fact(&label::ABOUT, vec![Inline::Code(record.text.into())]);
        }
        Subject::Elements(node) => {
            let names: Vec<_> = node.list.names.iter().map(|name| name.text).collect();
            fact(&label::ABOUT_EACH, vec![Inline::Code(names.join("."))]);
        }
        Subject::Policy(base) => {
            fact(&label::AMENDS, vec![to_page(base.text, speaker)]);
        }
    }
    for (overlay, _) in speaker.book.policies() {
        if matches!(&overlay.subject, Subject::Policy(base) if base.text == policy.name.text) {
            fact(&label::AMENDED, vec![to_page(overlay.name.text, speaker)]);
        }
    }
    if let Some(path) = &policy.dated_by
        && !matches!(path.names.as_slice(), [name] if name.text == "now")
    {
        fact(&label::DATED, vec![Inline::Blank(speaker.field_words(path))]);
    }
    facts
}

/// What a policy claims: what is proved stands apart from what is not.
fn claims<'s>(policy: &Policy<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let invariants = policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Invariant(node) => Some(node),
        _ => None,
    });
    let (proved, open): (Vec<_>, Vec<_>) =
        invariants.partition(|node| speaker.book.is_proved(node.name.span));
    let mut blocks = Vec::new();
    for (claims, words) in [(proved, &label::CLAIMS), (open, &label::OPEN_CLAIMS)] {
        if !claims.is_empty() {
            heading(&mut blocks, speaker.label(words));
            blocks.push(Block::List(claims.iter().map(|node| claim(node, speaker)).collect()));
        }
    }
    blocks
}

/// What an invariant claims.
fn claim<'s>(node: &Invariant<'s>, speaker: &Speaker<'_, 's>) -> Point {
    let mut line = vec![Inline::Strong(spaced(node.name.text)), text(": ")];
    match &node.claim {
        Claim::Never(when, never) => {
            if let Some(when) = when {
                line.push(text(format!("{} ", speaker.label(&label::WHENEVER))));
                line.extend(speaker.inline(when));
                line.push(text(speaker.label(&label::WHENEVER_END)));
            }
            line.extend(speaker.never(never));
        }
        Claim::Independent(decision, path) => {
            let same = speaker.label(&label::NO_MATTER);
            line.push(text(format!("{} {same} ", spaced(decision.text))));
            line.push(Inline::Blank(speaker.field_words(path)));
        }
    }
    line.into()
}

/// A link to the page of a policy.
fn to_page(name: &str, speaker: &Speaker<'_, '_>) -> Inline {
    let mut policies = speaker.book.policies();
    let found = policies.find(|(policy, _)| policy.name.text == name);
    let words = found.map_or_else(|| spaced(name), |(policy, _)| title(policy, speaker));
    Inline::Link(speaker.book.page(name, None), words)
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
            line.extend(speaker.texts(because));
        }
        facts.push((label(&label::OTHERWISE), line));
    }
    blocks.push(Block::Facts(facts));
    Block::Section(format!("decision-{}", decide.name.text), blocks)
}

/// What the policy is to be judged by over many records.
fn measure<'s>(node: &Measurement<'s>, docs: &[&'s str], speaker: &Speaker<'_, 's>) -> Block {
    let label = |words| speaker.label(words).to_string();
    let title = node.title.as_ref().map(|title| words(&speaker.texts(title)));
    let title = title.unwrap_or_else(|| spaced(node.name.text));
    let mut blocks = vec![Block::Heading(3, vec![text(title)])];
    if !docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(docs.join(" "))]));
    }
    let mut measured = vec![text(label(match node.reckoning {
        Reckoning::Count => &label::RECORDS,
        Reckoning::Sum => &label::ADDED_UP,
        Reckoning::Average => &label::AVERAGE_OF,
    }))];
    if let Some(value) = &node.value {
        measured.push(text(" "));
        measured.extend(speaker.inline(value));
    }
    let mut facts = vec![(label(&label::MEASURED), measured)];
    if let Some(filter) = &node.filter {
        facts.push((label(&label::COUNTING), speaker.inline(filter)));
    }
    for origin in &node.origins {
        facts.push(speaker.origin_fact(origin));
    }
    blocks.push(Block::Facts(facts));
    Block::Section(format!("measure-{}", node.name.text), blocks)
}

fn fault<'s>(on_fault: &OnFault<'s>, speaker: &Speaker<'_, 's>) -> Block {
    let mut line = rule::assignments(&on_fault.assignments, speaker);
    if let Some(because) = &on_fault.because {
        line.push(text(" – "));
        line.extend(speaker.texts(because));
    }
    Block::Facts(vec![(speaker.label(&label::ON_FAULT).to_string(), line)])
}
