//! All dates of a rulebook: what comes into force when, in which phase, from which source.

use super::block::{Block, Inline, Inlines, Page, Target, spaced, text};
use super::book::Book;
use super::html;
use super::speaker::Speaker;
use super::timeline::{Row, Timeline};
use super::{dates, label, policy, rule, svg};
use crate::markup::{self, html};
use rulebook::Rulebook;
use rulebook_syntax::ast::DefinitionKind;

/// No more dated rows of a table are shown than these.
const MOST: usize = 60;

/// All dates of a rulebook, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chronicle {
    /// The language of the titles, as a tag: `en`, `zh-Hans`.
    pub language: String,
    /// The title of the rulebook; its name where it has none.
    pub title: String,
    /// Its name, version and digest, under their labels.
    pub facts: Vec<(String, Inlines)>,
    /// The policies in the order of their texts, each overlay by itself; then the parameters, then
    /// each table with dates.
    pub parts: Vec<Part>,
}

/// What belongs together on one line of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the policy or table; empty for the parameters.
    pub name: String,
    /// The title of the policy or table, or a word for the parameters.
    pub title: String,
    /// On whose authority, what it amends, and the like.
    pub facts: Vec<(String, Inlines)>,
    /// What has dates; `None` if nothing has.
    pub timeline: Option<Timeline>,
    /// How many dated rows of a table are left out.
    pub more: usize,
    /// The rules that have no dates, and so are always in force.
    pub undated: Vec<String>,
    /// What is said before their names.
    pub always: &'static str,
}

impl Chronicle {
    /// The dates of a rulebook in a language; titles in other languages stand in where it has none.
    ///
    /// ```
    /// use rulebook::Rulebook;
    /// use rulebook_tools::document::Chronicle;
    /// let rulebook = Rulebook::from_sources([("a.policy", "
    ///   record Order { amount: CNY }
    ///   policy returns for Order { decide refund: yes | no by first otherwise no
    ///     rule small { from 2024-09-12 shadow from 2024-10-01 when amount <= 200 CNY then yes } }
    /// ")])?;
    /// let chronicle = Chronicle::of(&rulebook, "en");
    /// let timeline = chronicle.parts[0].timeline.as_ref().unwrap();
    /// assert_eq!(timeline.days, ["12 September 2024", "1 October 2024"]);
    /// assert!(chronicle.to_svg().starts_with("<svg "));
    /// # Ok::<(), rulebook::LoadError>(())
    /// ```
    pub fn of(rulebook: &Rulebook, language: &str) -> Self {
        let book = Book::new(rulebook);
        let speaker = Speaker {
            book: &book,
            language,
            record: None,
            arguments: Vec::new(),
            names: Vec::new(),
        };
        let mut parts: Vec<_> =
            book.policies().map(|(node, _)| policy_part(node, &book, language)).collect();
        let day = |time| book.day(time, language);
        let parameters = book.parameters().filter_map(|node| dates::of_parameter(node, &speaker));
        if let Some(timeline) = Timeline::of(parameters.collect(), day) {
            let title = speaker.label(&label::PARAMETERS).to_string();
            parts.push(Part::new("", title, Vec::new(), Some(timeline), &speaker));
        }
        for definition in &book.definitions {
            let DefinitionKind::Table(node) = &definition.kind else { continue };
            let mut dated = dates::of_table(node, &speaker);
            let more = dated.len().saturating_sub(MOST);
            dated.truncate(MOST);
            let Some(timeline) = Timeline::of(dated, day) else { continue };
            let origins = dates::origins(node.origins.iter(), &speaker);
            let facts = vec![(speaker.label(&label::SOURCE).to_string(), origins)];
            let facts = facts.into_iter().filter(|(_, line)| !line.is_empty()).collect();
            let name = node.name.text;
            let part = Part::new(name, spaced(name), facts, Some(timeline), &speaker);
            parts.push(Part { more, ..part });
        }
        let name = rulebook.name();
        let fact = |words, value| (speaker.label(words).to_string(), vec![value]);
        Self {
            language: language.to_string(),
            title: book.title(language),
            facts: vec![
                fact(&label::VERSION, text(name.version.clone())),
                fact(&label::DIGEST, Inline::Code(name.digest.clone())),
            ],
            parts,
        }
    }

    /// A page that needs nothing else: each part drawn, and its dates in a table.
    pub fn to_html(&self) -> String {
        let heading = label::TIMELINE.in_language(&self.language);
        let mut blocks = vec![
            Block::Heading(1, vec![text(self.title.clone())]),
            Block::Paragraph(vec![text(heading)]),
            Block::Facts(self.facts.clone()),
        ];
        blocks.extend(self.parts.iter().map(|part| self.section(part)));
        let title = format!("{} – {heading}", self.title);
        html::single(&Page { name: "timeline".into(), title, blocks }, &self.language)
    }

    fn section(&self, part: &Part) -> Block {
        let mut blocks = vec![Block::Heading(2, vec![text(part.title.clone())])];
        if !part.facts.is_empty() {
            blocks.push(Block::Facts(part.facts.clone()));
        }
        if let Some(timeline) = &part.timeline {
            blocks.push(Block::Timeline(timeline.clone()));
            let (head, rows) = self.table(timeline);
            blocks.push(Block::Table(head, rows));
        }
        if part.more > 0 {
            blocks.push(Block::Paragraph(vec![text(format!("… (+{})", part.more))]));
        }
        if let Some(line) = part.without_dates() {
            blocks.push(Block::Paragraph(vec![text(line)]));
        }
        let name = if part.name.is_empty() { "parameters" } else { &part.name };
        Block::Section(format!("of-{name}"), blocks)
    }

    /// A line for each bar: since when, until when, what, what it says, by whose authority.
    fn table(&self, timeline: &Timeline) -> (Vec<String>, Vec<Vec<Inlines>>) {
        let head = [&label::FROM, &label::UNTIL, &label::WHAT, &label::PHASE, &label::SOURCE];
        let head = head.map(|words| words.in_language(&self.language).to_string()).to_vec();
        let day = |at: Option<usize>| {
            let day = at.and_then(|at| timeline.days.get(at));
            day.map(|day| text(day.clone())).into_iter().collect::<Vec<_>>()
        };
        let line = |row: &Row| {
            let title = vec![text(row.title.clone())];
            let bars = row.bars.iter().map(move |bar| {
                let (from, until) = (day(bar.from), day(bar.until));
                vec![from, until, title.clone(), bar.words.clone(), row.source.clone()]
            });
            bars.collect::<Vec<_>>()
        };
        (head, timeline.rows.iter().flat_map(line).collect())
    }

    /// One drawing of all parts, one below the other.
    pub fn to_svg(&self) -> String {
        const HEAD: usize = 56;
        let (mut width, mut y) = (320, 0);
        let mut drawn = Vec::new();
        for part in &self.parts {
            let Some(timeline) = &part.timeline else { continue };
            drawn.push(html! {
                g transform={ "translate(16," (y) ")" } {
                    text class="part" x="8" y="34" { (part.title) } "\n"
                    g transform={ "translate(0," (HEAD) ")" } { (svg::lines(timeline)) }
                } "\n"
            });
            let (wide, high) = svg::size(timeline);
            width = width.max(wide + 32);
            y += HEAD + high;
        }
        let height = y + 16;
        markup::drawing(&html! {
            svg xmlns="http://www.w3.org/2000/svg" class="timeline" width=(width) height=(height)
                viewBox={ "0 0 " (width) " " (height) } {
                "\n"
                title { (self.title) } "\n"
                (markup::style(&[html::COLOURS, html::TIMELINE]))
                (svg::patterns())
                rect class="back" width=(width) height=(height) {} "\n"
                @for part in drawn { (part) }
            } "\n"
        })
    }
}

impl Part {
    fn new(
        name: &str,
        title: String,
        facts: Vec<(String, Inlines)>,
        timeline: Option<Timeline>,
        speaker: &Speaker<'_, '_>,
    ) -> Self {
        let always = speaker.label(&label::WITHOUT_DATES);
        let name = name.to_string();
        let mut part = Self { name, title, facts, timeline, more: 0, undated: Vec::new(), always };
        part.leads_nowhere();
        part
    }

    /// What is said of the rules that have no dates.
    pub fn without_dates(&self) -> Option<String> {
        let names = self.undated.join(", ");
        (!names.is_empty()).then(|| format!("{}: {names}", self.always))
    }

    /// Takes out what leads to other pages: there are none.
    fn leads_nowhere(&mut self) {
        let plain = |inline: &mut Inline| {
            if let Inline::Link(Target::Page(..), words) = inline {
                *inline = text(std::mem::take(words));
            }
        };
        self.facts.iter_mut().flat_map(|(_, line)| line).for_each(plain);
        for row in self.timeline.iter_mut().flat_map(|timeline| &mut timeline.rows) {
            row.linked = false;
            row.source.iter_mut().for_each(plain);
            row.bars.iter_mut().flat_map(|bar| &mut bar.words).for_each(plain);
        }
    }
}

fn policy_part<'s>(
    node: &rulebook_syntax::ast::Policy<'s>,
    book: &Book<'s>,
    language: &str,
) -> Part {
    let speaker = policy::speaker(node, book, language);
    let dated = dates::of_policy(node, &speaker);
    let undated = rule::rules(node).map(|(_, rule)| rule.name.text);
    let undated = undated.filter(|name| dated.iter().all(|dated| dated.name != *name));
    let undated = undated.map(str::to_string).collect();
    let timeline = Timeline::of(dated, |time| book.day(time, language));
    let about = speaker.label(&label::ABOUT);
    let facts = policy::facts(node, &speaker).into_iter().filter(|(name, _)| name != about);
    let facts = facts.collect();
    let part = Part::new(node.name.text, policy::title(node, &speaker), facts, timeline, &speaker);
    Part { undated, ..part }
}
