//! Breaks a piece of the policy language into lines that fit.

use super::comments::Comments;

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

/// A line of output, and where its content stands in the author's text.
#[derive(Debug)]
pub(super) struct OutputLine {
    /// How many spaces stand before the text.
    pub(super) indent: usize,
    /// The text of the line.
    pub(super) text: String,
    /// Where its content starts in the author's text.
    pub(super) start: usize,
    /// Where its content ends in the author's text.
    pub(super) end: usize,
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
        Self::Leaf(Leaf { text: text.into(), start: at, end: at })
    }

    /// A word before what it belongs to, with no place of its own.
    pub(super) fn before(text: impl Into<String>, layout: Self) -> Self {
        let start = layout.start();
        Self::Chain(vec![Self::sign(text, start), layout])
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
        }
    }

    /// The columns that it takes on one line.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Leaf(leaf) => width(&leaf.text),
            Self::Chain(parts) => parts.iter().map(Self::width).sum(),
            Self::Row(row) => width_of(&row.items),
        }
    }

    /// Whether one line cannot hold it, however wide: a comment ends the line.
    fn must_break(&self, comments: &Comments<'_>) -> bool {
        match self {
            Self::Leaf(_) => false,
            Self::Chain(parts) => parts.iter().any(|part| part.must_break(comments)),
            Self::Row(row) => {
                let starts = || row.items.iter().map(|item| item.layout.start());
                let (first, last) = (starts().next().unwrap_or(0), starts().next_back());
                row.always && row.items.len() > 1
                    || comments.within(first..last.unwrap_or(first))
                    || row.items.iter().any(|item| item.layout.must_break(comments))
            }
        }
    }

    /// Its lines at an indent.
    pub(super) fn lines(&self, indent: usize, comments: &Comments<'_>) -> Vec<OutputLine> {
        let mut renderer = Renderer { comments, lines: Vec::new() };
        renderer.new_line(indent);
        renderer.put(self, 0);
        renderer.lines
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
    lines: Vec<OutputLine>,
}

impl Renderer<'_, '_> {
    fn new_line(&mut self, indent: usize) {
        self.lines.push(OutputLine { indent, text: String::new(), start: 0, end: 0 });
    }

    fn indent(&self) -> usize {
        self.lines.last().map_or(0, |line| line.indent)
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
        }
    }

    fn put_leaf(&mut self, leaf: &Leaf) {
        let Some(line) = self.lines.last_mut() else { return };
        if line.text.is_empty() {
            line.start = leaf.start;
        }
        line.text.push_str(&leaf.text);
        line.end = line.end.max(leaf.end);
    }

    fn put_joined(&mut self, items: &[Item], tail: usize) {
        let mut rest = width_of(items) + tail;
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.put_space();
                rest = rest.saturating_sub(1);
            }
            rest = rest.saturating_sub(item.layout.width());
            self.put(&item.layout, rest);
        }
    }

    fn put_space(&mut self) {
        if let Some(line) = self.lines.last_mut() {
            line.text.push(' ');
        }
    }

    fn put_broken(&mut self, row: &Row, tail: usize) {
        let indent = if row.aligned { self.column() } else { self.indent() + INDENT };
        let groups = self.groups(row, indent, tail);
        let last = groups.len().saturating_sub(1);
        for (number, group) in groups.into_iter().enumerate() {
            if number > 0 {
                self.new_line(indent);
            }
            self.put_joined(group, if number == last { tail } else { 0 });
        }
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
