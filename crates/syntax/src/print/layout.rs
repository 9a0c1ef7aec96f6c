//! Breaks a piece of the policy language into lines that fit.

use super::comments::Comments;
use super::tokens::{Piece, pieces};

/// How many columns a line may have.
pub(super) const WIDTH: usize = 100;

/// How far each block, and each line that goes on, is indented.
pub(super) const INDENT: usize = 2;

/// A piece of text, and where the author wrote it.
#[derive(Debug)]
pub(super) struct Leaf {
    /// What is printed.
    pub(super) text: String,
    /// Where it starts in the author's text; comments before this place come before it.
    pub(super) start: usize,
    /// Where it ends in the author's text.
    pub(super) end: usize,
    /// Whether its first word leads a line, such as `and`: what is said behind that word is said of
    /// what stands before it.
    pub(super) leads: bool,
}

/// Something to print that may be broken into lines.
#[derive(Debug)]
pub(super) enum Layout {
    /// Stays on one line.
    Leaf(Leaf),
    /// Parts that stand right behind one another.
    Chain(Vec<Layout>),
    /// Items on one line if they fit, otherwise on lines of their own.
    Row(Row),
    /// A bracket, items on lines of their own, and the bracket that closes it.
    Brackets(Leaf, Vec<Layout>, Leaf),
}

/// Items with a space between them, or each on its line.
#[derive(Debug)]
pub(super) struct Row {
    /// The items in order.
    pub(super) items: Vec<Item>,
    /// Whether lines stand under the first item, rather than indented.
    pub(super) aligned: bool,
    /// Whether the items stand on lines of their own even if one would hold them.
    pub(super) always: bool,
}

/// An item of a row.
#[derive(Debug)]
pub(super) struct Item {
    /// What it is.
    pub(super) layout: Layout,
    /// Whether the author wrote it on the line of the item before it.
    pub(super) joined: bool,
}

/// A line of output, and which tokens of the author's text it holds.
#[derive(Debug)]
pub(super) struct OutputLine {
    /// How many spaces stand before the text.
    pub(super) indent: usize,
    /// How many spaces stand before a comment of its own line above it.
    pub(super) comment_indent: usize,
    /// The text of the line.
    pub(super) text: String,
    /// The number of its first token.
    pub(super) first: usize,
    /// How many tokens it holds.
    pub(super) count: usize,
    /// Whether comments behind its first token stand before it.
    pub(super) leads: bool,
}

/// How many columns a text takes: a Chinese character takes two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

impl Layout {
    /// A row that goes on with indented lines.
    pub(super) fn row(items: impl IntoIterator<Item = Layout>) -> Self {
        Self::Row(Row::of(items))
    }

    /// A sign or word at a place of the author's text.
    pub(super) fn sign(text: impl Into<String>, at: usize) -> Self {
        Self::Leaf(Leaf::at(text, at))
    }

    /// A word before what it belongs to, with no place of its own.
    pub(super) fn before(text: impl Into<String>, layout: Self) -> Self {
        let start = layout.start();
        Self::Chain(vec![Self::sign(text, start), layout])
    }

    /// A word that leads a line, before what it belongs to.
    pub(super) fn led_by(text: impl Into<String>, layout: Self) -> Self {
        let start = layout.start();
        let leaf = Leaf { leads: true, ..Leaf::at(text, start) };
        Self::Chain(vec![Self::Leaf(leaf), layout])
    }

    /// A sign behind what it belongs to, ending at a place of the author's text.
    pub(super) fn behind(layout: Self, text: &str, end: usize) -> Self {
        Self::Chain(vec![layout, Self::sign(text, end)])
    }

    fn start(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf.start,
            Self::Chain(parts) => parts.first().map_or(0, Self::start),
            Self::Row(row) => row.items.first().map_or(0, |item| item.layout.start()),
            Self::Brackets(open, ..) => open.start,
        }
    }

    /// All of it on one line.
    pub(super) fn flat(&self) -> String {
        match self {
            Self::Leaf(leaf) => leaf.text.clone(),
            Self::Chain(parts) => parts.iter().map(Self::flat).collect(),
            Self::Row(row) => {
                let items: Vec<_> = row.items.iter().map(|item| item.layout.flat()).collect();
                items.join(" ")
            }
            Self::Brackets(open, items, close) => {
                let items: Vec<_> = items.iter().map(Self::flat).collect();
                format!("{}{}{}", open.text, items.join(", "), close.text)
            }
        }
    }

    /// The columns that it takes on one line.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Leaf(leaf) => width(&leaf.text),
            Self::Chain(parts) => parts.iter().map(Self::width).sum(),
            Self::Row(row) => width_of(&row.items),
            Self::Brackets(..) => width(&self.flat()),
        }
    }

    /// Whether one line cannot hold it, however wide: a comment ends the line.
    fn must_break(&self, comments: &Comments<'_>) -> bool {
        match self {
            Self::Leaf(leaf) => comments.within(leaf.start..leaf.end),
            Self::Chain(parts) => {
                let last = parts.last().map_or(0, Self::start);
                comments.within(self.start()..last)
                    || parts.iter().any(|part| part.must_break(comments))
            }
            Self::Row(row) => {
                let last = row.items.last().map_or(0, |item| item.layout.start());
                row.always && row.items.len() > 1
                    || comments.within(self.start()..last)
                    || row.items.iter().any(|item| item.layout.must_break(comments))
            }
            Self::Brackets(..) => true,
        }
    }

    /// Its lines at an indent; `printed` tokens of the text come before it.
    pub(super) fn lines(
        &self,
        indent: usize,
        comments: &Comments<'_>,
        printed: usize,
    ) -> Vec<OutputLine> {
        let mut renderer = Renderer { comments, printed, base: indent, lines: Vec::new() };
        renderer.new_line(indent);
        renderer.put(self, 0);
        renderer.lines
    }
}

impl Leaf {
    /// A sign or word at a place of the author's text.
    pub(super) fn at(text: impl Into<String>, at: usize) -> Self {
        Self { text: text.into(), start: at, end: at, leads: false }
    }
}

impl Row {
    fn of(items: impl IntoIterator<Item = Layout>) -> Self {
        let items = items.into_iter().map(|layout| Item { layout, joined: false }).collect();
        Self { items, aligned: false, always: false }
    }

    /// A row whose lines stand under its first item.
    pub(super) fn aligned(items: impl IntoIterator<Item = Layout>, always: bool) -> Self {
        Self { aligned: true, always, ..Self::of(items) }
    }
}

/// The columns of items on one line.
fn width_of(items: &[Item]) -> usize {
    let widths: usize = items.iter().map(|item| item.layout.width()).sum();
    widths + items.len().saturating_sub(1)
}

struct Renderer<'c, 's> {
    comments: &'c Comments<'s>,
    /// How many tokens of the text are printed.
    printed: usize,
    /// The column that lines which go on are indented from.
    base: usize,
    lines: Vec<OutputLine>,
}

impl Renderer<'_, '_> {
    fn new_line(&mut self, indent: usize) {
        if let Some(line) = self.lines.last_mut() {
            line.text.truncate(line.text.trim_end().len());
        }
        self.lines.push(OutputLine {
            indent,
            comment_indent: indent,
            text: String::new(),
            first: self.printed,
            count: 0,
            leads: false,
        });
    }

    fn column(&self) -> usize {
        self.lines.last().map_or(0, |line| line.indent + width(&line.text))
    }

    /// Prints at the end of the last line; `tail` columns come behind it on the same line.
    fn put(&mut self, layout: &Layout, tail: usize) {
        match layout {
            Layout::Leaf(leaf) => self.put_leaf(leaf),
            Layout::Chain(parts) => {
                let mut rest: usize = layout.width() + tail;
                for part in parts {
                    rest -= part.width();
                    self.put(part, rest);
                }
            }
            Layout::Row(row) => {
                let fits = self.column() + layout.width() + tail <= WIDTH;
                if fits && !layout.must_break(self.comments) {
                    self.put_joined(&row.items, tail);
                } else {
                    self.put_broken(row, tail);
                }
            }
            Layout::Brackets(open, items, close) => self.put_brackets(open, items, close),
        }
    }

    /// Prints a leaf, which goes on in a line of its own behind each comment within it.
    fn put_leaf(&mut self, leaf: &Leaf) {
        let mut done = 0;
        for (number, piece) in pieces(&leaf.text).enumerate() {
            let Piece::Token(at) = piece else { continue };
            if self.ends_line() {
                self.push(leaf.text.get(done..at).unwrap_or(""));
                self.new_line(self.base + INDENT);
                done = at;
            }
            self.printed += 1;
            if let Some(line) = self.lines.last_mut() {
                line.leads |= leaf.leads && number == 0 && line.count == 0;
                line.count += 1;
            }
        }
        self.push(leaf.text.get(done..).unwrap_or(""));
    }

    /// Whether a comment stands between the last line and the next token.
    fn ends_line(&self) -> bool {
        let Some(line) = self.lines.last() else { return false };
        let stands_before_line = line.leads && line.count == 1;
        line.count > 0 && !stands_before_line && self.comments.stands_before(self.printed)
    }

    fn push(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(text);
        }
    }

    fn put_brackets(&mut self, open: &Leaf, items: &[Layout], close: &Leaf) {
        let base = self.base;
        self.put_leaf(open);
        self.base += INDENT;
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.push(",");
            }
            self.new_line(self.base);
            self.put(item, 1);
        }
        self.base = base;
        self.new_line(base);
        if let Some(line) = self.lines.last_mut() {
            line.comment_indent = base + INDENT;
        }
        self.put_leaf(close);
    }

    fn put_joined(&mut self, items: &[Item], tail: usize) {
        let mut rest = width_of(items) + tail;
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.push(" ");
                rest = rest.saturating_sub(1);
            }
            rest = rest.saturating_sub(item.layout.width());
            self.put(&item.layout, rest);
        }
    }

    fn put_broken(&mut self, row: &Row, tail: usize) {
        let base = self.base;
        let indent = if row.aligned { self.column() } else { base + INDENT };
        if row.aligned {
            self.base = indent;
        }
        let groups = self.groups(row, indent, tail);
        let last = groups.len().saturating_sub(1);
        for (number, group) in groups.into_iter().enumerate() {
            if number > 0 {
                self.base = indent;
                self.new_line(indent);
            }
            self.put_joined(group, if number == last { tail } else { 0 });
        }
        self.base = base;
    }

    /// The items line by line: those that the author wrote on one line stay there if all such
    /// lines fit; otherwise each item gets its own.
    fn groups<'r>(&self, row: &'r Row, indent: usize, tail: usize) -> Vec<&'r [Item]> {
        let written: Vec<_> = row.items.chunk_by(|_, next| next.joined).collect();
        let last = written.len().saturating_sub(1);
        let fits = written.iter().enumerate().all(|(number, group)| {
            let column = if number == 0 { self.column() } else { indent };
            let tail = if number == last { tail } else { 0 };
            let breaks = group.iter().any(|item| item.layout.must_break(self.comments));
            group.len() == 1 || !breaks && column + width_of(group) + tail <= WIDTH
        });
        if fits { written } else { row.items.chunks(1).collect() }
    }
}
