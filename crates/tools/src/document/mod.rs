//! A rulebook to pages for those who read policies: each rule in words, its dates drawn, its
//! sources, parameters and examples, in every language of the rulebook.

mod block;
mod book;
mod chronicle;
mod dates;
mod example;
mod html;
mod label;
mod markdown;
mod named;
mod passages;
mod path;
mod policy;
mod rule;
mod speaker;
mod svg;
mod table;
mod terms;
mod timeline;

use crate::scenario::ScenarioFile;
use rulebook::Rulebook;

use block::text;
pub use block::{Badge, Block, Inline, Inlines, Page, Point, Target};
use book::{Book, INDEX, TERMS};
pub use chronicle::{Chronicle, Part};
use example::Examples;
pub use html::COLOURS;
pub use passages::{Passage, PolicyText};
use speaker::Speaker;
pub use timeline::{Bar, BarKind, Row, Timeline};

/// The pages of a rulebook in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The language of all pages, as a tag: `en`, `zh-Hans`.
    pub language: String,
    /// The pages; the first is the one to start from.
    pub pages: Vec<Page>,
}

/// What the files of a site are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A site of HTML files that need nothing else.
    Html,
    /// Files of Markdown, a page each.
    Markdown,
}

/// A file of a site, to be written where its path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it goes, with `/` between the steps: below the folder of the site, whatever its page and
    /// its language are called.
    pub path: String,
    /// All that it holds, as UTF-8.
    pub text: String,
}

/// The pages of a rulebook, with scenarios as examples, in each of its languages.
///
/// ```
/// use rulebook::Rulebook;
/// use rulebook_tools::document;
/// let rulebook = Rulebook::from_sources([("a.policy", "
///   record Order { amount: CNY }
///   policy returns for Order { decide refund: yes | no by first otherwise no
///     rule small { title \"Small refunds are paid\" when amount <= 200 CNY then yes } }")])?;
/// let editions = document::editions(&rulebook, &[]);
/// let files = document::files(&editions, document::Format::Markdown);
/// assert!(files.iter().any(|file| file.text.contains("*amount* is at most CNY 200.00")));
/// # Ok::<(), rulebook::LoadError>(())
/// ```
pub fn editions(rulebook: &Rulebook, scenarios: &[ScenarioFile]) -> Vec<Edition> {
    let book = Book::new(rulebook);
    let examples = Examples { files: scenarios };
    let languages = rulebook.settings().languages.iter();
    let edition = |language: &String| {
        let mut pages = vec![index(&book, language)];
        for (policy, docs) in book.policies() {
            pages.push(policy::page(&book, policy, docs, language, &examples));
        }
        pages.push(terms::page(&book, language));
        Edition { language: language.clone(), pages }
    };
    languages.map(edition).collect()
}

/// The files of a site: the first language at the top, every other in a folder of its name.
pub fn files(editions: &[Edition], format: Format) -> Vec<File> {
    let languages: Vec<_> = editions.iter().map(|edition| edition.language.as_str()).collect();
    let mut files = Vec::new();
    for (at, edition) in editions.iter().enumerate() {
        for page in &edition.pages {
            let path = page_path(&languages, at, &page.name, format);
            let text = match format {
                Format::Html => html::page(page, edition, &languages),
                Format::Markdown => markdown::page(page),
            };
            files.push(File { path, text });
        }
    }
    files
}

fn page_path(languages: &[&str], at: usize, page: &str, format: Format) -> String {
    let folder = match languages.get(at) {
        Some(language) if at > 0 => format!("{}/", path::step(language)),
        _ => String::new(),
    };
    let ending = match format {
        Format::Html => "html",
        Format::Markdown => "md",
    };
    format!("{folder}{}.{ending}", path::step(page))
}

/// The page to start from.
fn index(book: &Book<'_>, language: &str) -> Page {
    let speaker =
        Speaker { book, language, record: None, arguments: Vec::new(), names: Vec::new() };
    let title = book.title(language);
    let mut blocks = vec![
        Block::Heading(1, vec![text(title.clone())]),
        Block::Paragraph(vec![text(speaker.label(&label::INTRO))]),
        Block::Heading(2, vec![text(speaker.label(&label::POLICIES))]),
    ];
    let mut rows = Vec::new();
    for (policy, docs) in book.policies() {
        let name = policy.name.text;
        let words = policy::title(policy, &speaker);
        let sources = policy::sources(policy).map(|source| speaker.citation(source));
        let mut cited: Inlines = Vec::new();
        for source in sources {
            if !cited.is_empty() {
                cited.push(text("; "));
            }
            cited.push(source);
        }
        let mut first = vec![Inline::Link(book.page(name, None), words)];
        if !docs.is_empty() {
            first.push(text(format!(" – {}", docs.join(" "))));
        }
        rows.push(vec![first, vec![text(rule::rules(policy).count().to_string())], cited]);
    }
    let head = [&label::POLICY, &label::RULES, &label::SOURCE];
    let head = head.map(|words| speaker.label(words).to_string()).to_vec();
    blocks.push(Block::Table(head, rows));
    let terms = speaker.label(&label::TERMS).to_string();
    let link = Inline::Link(Target::Page(TERMS.into(), None), terms);
    blocks.push(Block::Paragraph(vec![link]));
    let name = book.rulebook.name();
    let label = |words| speaker.label(words).to_string();
    blocks.push(Block::Facts(vec![
        (label(&label::VERSION), vec![text(name.version.clone())]),
        (label(&label::DIGEST), vec![Inline::Code(name.digest.clone())]),
    ]));
    Page { name: INDEX.into(), title, blocks }
}
