//! One rule: what it says in words, from when, why, on what authority, with examples.

use super::block::{Badge, Block, Inline, Inlines, Point, spaced, text};
use super::example::Examples;
use super::label;
use super::speaker::Speaker;
use rulebook_core::program::Effect;
use rulebook_syntax::ast::{
    Assignment, Clause, ClauseKind, Cohort, Item, ItemKind, Phase, Policy, Require, Rule, RulePath,
};

/// Everything that a reader finds about a rule, as a section with the rule's name.
pub(super) fn section<'s>(
    item: &Item<'s>,
    rule: &Rule<'s>,
    policy: &Policy<'s>,
    speaker: &Speaker<'_, 's>,
    examples: &Examples,
) -> Block {
    let mut blocks = vec![Block::Heading(3, heading(rule, speaker))];
    if !item.docs.is_empty() {
        blocks.push(Block::Paragraph(vec![text(item.docs.join(" "))]));
    }
    conditions(rule, speaker, &mut blocks);
    blocks.push(Block::Facts(facts(rule, policy.name.text, speaker)));
    phases(rule, speaker, &mut blocks);
    if let Some(judged) = speaker.book.judged_by(policy) {
        let name = speaker.book.full_name(policy, rule);
        examples.of_rule(judged.name.text, &name, speaker, &mut blocks);
    }
    let source = speaker.book.rulebook.sources().text(item.span);
    let fold = speaker.label(&label::AS_WRITTEN).to_string();
    blocks.push(Block::Fold(fold, vec![Block::Code(unindented(source))]));
    Block::Section(rule.name.text.into(), blocks)
}

/// What follows from the rule, why, and on what authority, in this order.
fn facts<'s>(rule: &Rule<'s>, policy: &str, speaker: &Speaker<'_, 's>) -> Vec<(String, Inlines)> {
    let fact = |clause: &Clause<'s>| {
        Some(match &clause.kind {
            ClauseKind::Then(sets) => (0, &label::THEN, assignments(sets, speaker)),
            ClauseKind::Require(require) => (1, &label::REQUIRES, obligation(require, speaker)),
            ClauseKind::Because(texts) => (2, &label::REASON, speaker.texts(texts)),
            ClauseKind::Overrides(paths) => {
                (3, &label::SET_ASIDE, overridden(paths, policy, speaker))
            }
            ClauseKind::OverridesAllBut(paths) => {
                let mut said = vec![text(format!("{} ", speaker.label(&label::ALL_BUT)))];
                said.extend(overridden(paths, policy, speaker));
                (3, &label::SET_ASIDE, said)
            }
            ClauseKind::DatedBy(path) => {
                (4, &label::DATED, vec![Inline::Blank(speaker.field_words(path))])
            }
            ClauseKind::Source(source) => (5, &label::SOURCE, vec![speaker.citation(source)]),
            _ => return None,
        })
    };
    let mut facts: Vec<_> = rule.clauses.iter().filter_map(fact).collect();
    facts.sort_by_key(|(place, ..)| *place);
    facts.into_iter().map(|(_, words, said)| (speaker.label(words).to_string(), said)).collect()
}

/// The title of a rule, or its name as words.
pub(super) fn heading<'s>(rule: &Rule<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    let title = rule.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Title(texts) => Some(texts),
        _ => None,
    });
    match title {
        Some(texts) => {
            let title = speaker.texts(texts);
            // A heading leads nowhere.
            title.iter().map(|inline| text(inline.words())).collect()
        }
        None => vec![text(spaced(rule.name.text))],
    }
}

fn conditions<'s>(rule: &Rule<'s>, speaker: &Speaker<'_, 's>, blocks: &mut Vec<Block>) {
    let head = |words| vec![Inline::Strong(speaker.label(words).to_string())];
    let (mut when, mut unless) = (None, None);
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::When(expr) => when = Some(expr),
            ClauseKind::Unless(expr) => unless = Some(expr),
            _ => {}
        }
    }
    let mut points = vec![match when {
        Some(expr) => Point { text: head(&label::WHEN), points: speaker.points(expr) },
        None => vec![text(speaker.label(&label::ALWAYS))].into(),
    }];
    if let Some(expr) = unless {
        points.push(Point { text: head(&label::UNLESS), points: speaker.points(expr) });
    }
    blocks.push(Block::List(points));
}

pub(super) fn assignments<'s>(sets: &[Assignment<'s>], speaker: &Speaker<'_, 's>) -> Inlines {
    let mut out = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        if at > 0 {
            out.push(text("; "));
        }
        if let Some(decision) = &set.decision {
            out.push(text(format!("{} → ", spaced(decision.text))));
        }
        out.extend(strong(speaker.inline(&set.value)));
    }
    out
}

/// An outcome stands out; a value that depends on the record keeps its links.
fn strong(inlines: Inlines) -> Inlines {
    match inlines.as_slice() {
        [Inline::Text(words) | Inline::Blank(words)] => vec![Inline::Strong(words.clone())],
        _ => inlines,
    }
}

fn obligation<'s>(require: &Require<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    let mut out = vec![text(spaced(require.name.text))];
    let (within, of) = ((&label::WITHIN, &require.within), (&label::OF, &require.of));
    for (words, expr) in [within, of, (&label::BY, &require.by)] {
        if let Some(expr) = expr {
            out.push(text(format!(" {} ", speaker.label(words))));
            out.extend(speaker.inline(expr));
        }
    }
    out
}

fn overridden(paths: &[RulePath<'_>], policy: &str, speaker: &Speaker<'_, '_>) -> Inlines {
    let to = |policy, section, words| Inline::Link(speaker.book.page(policy, Some(section)), words);
    let mut out = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        if at > 0 {
            out.push(text(speaker.book.comma(speaker.language)));
        }
        let page = path.policy.as_ref().map_or(policy, |policy| policy.text);
        out.push(match &path.rule {
            Some(rule) => to(page, rule.text, spaced(rule.text)),
            None => to(page, "rules", format!("{} *", spaced(page))),
        });
    }
    out
}

/// The mark of what a rule does in a phase.
pub(super) fn badge(effect: Effect, speaker: &Speaker<'_, '_>) -> Inline {
    let (badge, words) = match effect {
        Effect::Shadow => (Badge::Shadow, &label::SHADOW),
        Effect::Warn => (Badge::Warn, &label::WARN),
        Effect::Enforce => (Badge::Enforce, &label::ENFORCE),
    };
    Inline::Badge(badge, speaker.label(words).into())
}

fn phases<'s>(rule: &Rule<'s>, speaker: &Speaker<'_, 's>, blocks: &mut Vec<Block>) {
    let mut points: Vec<Point> = Vec::new();
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::Phase(phase) => points.push(phase_words(phase, speaker).into()),
            ClauseKind::Until(expr) => {
                let mut line = vec![text(format!("{} ", speaker.label(&label::UNTIL)))];
                line.extend(speaker.inline(expr));
                points.push(line.into());
            }
            _ => {}
        }
    }
    let head = vec![Inline::Strong(speaker.label(&label::IN_FORCE).to_string())];
    blocks.push(match points.is_empty() {
        true => Block::Paragraph(vec![text(speaker.label(&label::NO_DATES))]),
        false => Block::List(vec![Point { text: head, points }]),
    });
}

fn phase_words<'s>(phase: &Phase<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    let mut line = speaker.inline(&phase.from);
    line.push(text(" "));
    line.extend(effect_words(phase, speaker));
    line
}

/// What a rule does in a phase, and for whom.
pub(super) fn effect_words<'s>(phase: &Phase<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    let mut line = vec![badge(phase.effect, speaker)];
    if let Some(Cohort { share, key }) = &phase.cohort {
        line.push(text(format!(" {} ", speaker.label(&label::FOR_SHARE))));
        line.extend(speaker.inline(share));
        line.push(text(format!(" {} ", speaker.label(&label::DRAWN_BY))));
        line.extend(speaker.inline(key));
    }
    if let Some(filter) = &phase.filter {
        line.push(text(format!(" {} ", speaker.label(&label::WHERE))));
        line.extend(speaker.inline(filter));
    }
    line
}

/// A piece of source text without the white space that all its lines begin with.
pub(super) fn unindented(source: &str) -> String {
    let rest = source.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = rest.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let mut lines = source.lines();
    let first = lines.next().unwrap_or_default().to_string();
    let rest = lines.map(|line| line.get(indent..).unwrap_or_default().to_string());
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

/// The rules of a policy, each with what stands around it.
pub(super) fn rules<'p, 's>(
    policy: &'p Policy<'s>,
) -> impl Iterator<Item = (&'p Item<'s>, &'p Rule<'s>)> {
    policy.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Rule(rule) => Some((item, rule)),
        _ => None,
    })
}
