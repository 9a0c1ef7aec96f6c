//! Turns file texts into numbered sources, and byte offsets into lines and columns.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What may stand before a text in UTF-8, and is no part of it.
pub const MARK: &str = "\u{feff}";

/// Stands between the path of a workbook and the name of one of its sheets.
const SHEET: &str = ".xlsx#";

/// The bytes of a text without a byte-order mark.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(MARK.as_bytes()).unwrap_or(bytes)
}

/// The number of a file within one [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// The offset of its first byte from the start of the file.
    pub start: u32,
    /// The offset of the byte behind its last; the same as `start` where it is empty.
    pub end: u32,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

impl Span {
    /// A span of `file` from byte `start` up to byte `end`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        // Files are refused above `MAX_FILE`, which fits.
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: cut(start), end: cut(end) }
    }

    /// The smallest span that holds both; both must lie in one file.
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As offsets of bytes, to cut it out of the text of its file.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One file: where it came from and what it says.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as the rulebook would write it; [`Sources::path`] is the one that can be opened.
    pub path: String,
    /// All that it says, as UTF-8.
    pub text: String,
    /// Where the rulebook includes the file's own, if it does.
    pub included: Option<Span>,
    /// Where the lines start, so that a place is found at once in a long file.
    lines: Vec<u32>,
}

impl SourceFile {
    /// A file that says so much, and where it is included, if it is.
    #[doc(hidden)]
    pub fn new(path: String, text: String, included: Option<Span>) -> Self {
        let ends =
            text.match_indices('\n').map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let lines = std::iter::once(0).chain(ends).collect();
        Self { path, text, included, lines }
    }

    /// A byte offset as people name the place: `4:12`, or `B4` in the sheet of a workbook.
    pub(crate) fn place(&self, offset: usize) -> String {
        let (line, column) = self.line_column(offset);
        match self.path.contains(SHEET) {
            true => format!("{}{line}", self.column_of_sheet(offset)),
            false => format!("{line}:{column}"),
        }
    }

    /// The letters of the column that an offset lies in, where cells stand as in a CSV file.
    fn column_of_sheet(&self, offset: usize) -> String {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let before = self.text.get(..offset).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let mut is_quoted = false;
        let commas = line.chars().filter(|c| {
            is_quoted ^= *c == '"';
            *c == ',' && !is_quoted
        });
        let (mut column, mut letters) = (commas.count() + 1, String::new());
        while let Some(rest) = column.checked_sub(1) {
            let letter = u8::try_from(rest % 26).unwrap_or_default();
            letters.insert(0, char::from(b'A' + letter));
            column = rest / 26;
        }
        letters
    }

    /// The line and column (in characters) of a byte offset, both counted from 1.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.lines.partition_point(|start| *start as usize <= offset);
        let start = self.lines.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        (line, self.text.get(start..offset).unwrap_or("").chars().count() + 1)
    }
}

/// All files of one rulebook. A clone shares their texts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
    /// The folder of the rulebook as whoever reads it named it; empty where that is where they stand.
    root: String,
}

impl Sources {
    /// Adds a file and returns its number.
    #[doc(hidden)]
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_included(path, text, None)
    }

    /// Adds a file of a rulebook that is included at a place, and returns its number.
    #[doc(hidden)]
    pub fn add_included(
        &mut self,
        path: impl Into<String>,
        text: impl Into<String>,
        at: Option<Span>,
    ) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(SourceFile::new(path.into(), text.into(), at)));
        id
    }

    /// Says where the files lie, as seen from where the program runs.
    #[doc(hidden)]
    pub fn lie_in(&mut self, folder: &str) {
        self.root = folder.trim_end_matches('/').trim_start_matches("./").to_string();
        if self.root == "." {
            self.root.clear();
        }
    }

    /// The path of a file as seen from where the program runs, so that an editor can open it.
    pub fn path(&self, id: FileId) -> Cow<'_, str> {
        let Some(file) = self.get(id) else { return Cow::Borrowed("") };
        // What `--set` gives is no file.
        if self.root.is_empty() || file.path.starts_with("--") {
            return Cow::Borrowed(&file.path);
        }
        let (mut folder, mut path) = (self.root.as_str(), file.path.as_str());
        while let Some(within) = path.strip_prefix("../") {
            let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
            if matches!(last, "" | "." | "..") {
                break;
            }
            (folder, path) = (above, within);
        }
        match folder {
            "" if !self.root.starts_with('/') => Cow::Borrowed(path),
            folder => Cow::Owned(format!("{folder}/{path}")),
        }
    }

    /// Gives a file another text; spans of the former one no longer fit it.
    #[doc(hidden)]
    pub fn replace(&mut self, id: FileId, text: String) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            *file = Arc::new(SourceFile::new(file.path.clone(), text, file.included));
        }
    }

    /// Where the file's rulebook is included; `None` for the rulebook's own files.
    pub fn included(&self, id: FileId) -> Option<Span> {
        self.get(id)?.included
    }

    /// The file with this number, if there is one.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize).map(AsRef::as_ref)
    }

    /// The text under a span; empty where the span does not fit.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.range())).unwrap_or("")
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(self.files.iter().map(AsRef::as_ref))
    }

    /// The line and the column of the start of a span, both counted from 1, the column in characters.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let Some(file) = self.get(span.file) else { return (1, 1) };
        file.line_column(span.start as usize)
    }

    /// The line and the column of the end of a span, as [`Self::line_column`] counts them.
    pub fn end_line_column(&self, span: Span) -> (usize, usize) {
        let Some(file) = self.get(span.file) else { return (1, 1) };
        file.line_column(span.end as usize)
    }
}
