//! What a page holds, whatever it is written as: the one form that HTML and Markdown are made of.

use super::timeline::Timeline;

/// A page of a site, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The name of its file, without an ending.
    pub name: String,
    /// What stands in the tab and in links to it.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a page, whatever the page is written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a level from 1 on.
    Heading(u8, Inlines),
    /// Sentences that belong together.
    Paragraph(Inlines),
    /// Points, each with those below it.
    List(Vec<Point>),
    /// Names with what they stand for.
    Facts(Vec<(String, Inlines)>),
    /// A head of names, and rows with a cell for each of them.
    Table(Vec<String>, Vec<Vec<Inlines>>),
    /// Text of the policy language, or of a file, with its line ends.
    Code(String),
    /// A drawing, or a list, of what is in force when.
    Timeline(Timeline),
    /// What is shown when somebody asks for it, below a line that says what it is.
    Fold(String, Vec<Block>),
    /// Parts that belong together, with a name that links lead to.
    Section(String, Vec<Block>),
}

/// A point of a list, which may be made of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it says before the points below it.
    pub text: Inlines,
    /// The points below it; mostly none.
    pub points: Vec<Point>,
}

impl From<Inlines> for Point {
    fn from(text: Inlines) -> Self {
        Self { text, points: Vec::new() }
    }
}

/// One line of text, in pieces that are marked or lead somewhere.
pub type Inlines = Vec<Inline>;

/// A piece of text, marked by what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words without a mark.
    Text(String),
    /// What counts most on its line.
    Strong(String),
    /// A name of the policy language.
    Code(String),
    /// A value of the record, which differs from record to record.
    Blank(String),
    /// A mark that names a state in a word.
    Badge(Badge, String),
    /// Words that lead to another page or address.
    Link(Target, String),
}

/// The states that a mark names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    /// A value that nobody has published.
    Assumed,
    /// A phase that is only watched.
    Shadow,
    /// A phase that warns.
    Warn,
    /// A phase that decides.
    Enforce,
}

/// Where a link leads: out of the site, or to another page of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an address on the web, as the author wrote it.
    Url(String),
    /// To a page of the site in the same language, and a section of it.
    Page(String, Option<String>),
}

/// Plain text.
pub(super) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

impl Inline {
    /// The words without their mark and where they lead.
    pub fn words(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Strong(text)
            | Self::Code(text)
            | Self::Blank(text)
            | Self::Badge(_, text)
            | Self::Link(_, text) => text,
        }
    }
}

/// The words alone.
pub(super) fn words(inlines: &[Inline]) -> String {
    inlines.iter().map(Inline::words).collect()
}

/// A name as words.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
