//! What a page holds, whatever it is written as: the one form that HTML and Markdown are made of.

use super::timeline::Timeline;

/// A page of a site, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The name of its file, without an ending.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a level from 1 on.
    Heading(u8, Inlines),
    /// Running text.
    Paragraph(Inlines),
    /// Points, each with those below it.
    List(Vec<Point>),
    /// Names with what they stand for.
    Facts(Vec<(String, Inlines)>),
    /// Rows below a head.
    Table(Vec<String>, Vec<Vec<Inlines>>),
    /// Text as it is.
    Code(String),
    /// What is in force when.
    Timeline(Timeline),
    /// What is shown when somebody asks for it, below a line that says what it is.
    Fold(String, Vec<Block>),
    /// Parts that belong together, with a name that links lead to.
    Section(String, Vec<Block>),
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it says.
    pub text: Inlines,
    /// What it is made of.
    pub points: Vec<Point>,
}

impl From<Inlines> for Point {
    fn from(text: Inlines) -> Self {
        Self { text, points: Vec::new() }
    }
}

/// Text with marks and links.
pub type Inlines = Vec<Inline>;

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// As it is.
    Text(String),
    /// What counts most.
    Strong(String),
    /// A name of the policy language.
    Code(String),
    /// A value of the record, which differs from record to record.
    Blank(String),
    /// A mark that tells a state in a word.
    Badge(Badge, String),
    /// A text that leads elsewhere.
    Link(Target, String),
}

/// The states that a mark tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    /// A value that nobody has published.
    Assumed,
    /// What only watches.
    Shadow,
    /// What only warns.
    Warn,
    /// What decides.
    Enforce,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a web address.
    Url(String),
    /// To a page of the site in the same language, and a section of it.
    Page(String, Option<String>),
}

/// Plain text.
pub(super) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

impl Inline {
    /// The words alone.
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
