//! Turns the tree of a file back into text, in the one canonical layout.

mod calendar;
mod comments;
mod counter;
mod expression;
mod layout;
mod reading;
mod shape;
mod table;
pub(crate) mod tokens;

use comments::Comments;
use expression::Shaper;
use layout::{INDENT, Layout, Leaf, OutputLine};
use shape::{Block, Shape};

use super::ast::{Definition, DefinitionKind, File, Item, ItemKind, Policy};

pub use expression::{expression, text_literal, type_text};
pub use reading::reading;

/// The text of a file in the canonical layout, with all its comments and its own line ends: those
/// that most of its lines have.
///
/// A comment stays behind the token that it stood behind, or above the one that it stood above.
///
/// `file` must be what `text` parses into without a diagnostic: what the tree does not hold is
/// lost.
///
/// ```
/// use rulebook_base::source::FileId;
/// use rulebook_syntax::{parse, print};
/// let text = "enum Claim{refund_only return_refund} // what is asked for";
/// let file = parse(FileId(0), text).file;
/// let formatted = "enum Claim { refund_only, return_refund }  // what is asked for\n";
/// assert_eq!(print::format(text, &file), formatted);
/// ```
pub fn format(text: &str, file: &File) -> String {
    let comments = Comments::of(text);
    let shaper = Shaper { text, comments: &comments };
    let mut printer = Printer {
        shaper,
        out: String::new(),
        printed: 0,
        pending: 0,
        gap: Gap::None,
        within: false,
        open: false,
    };
    printer.file(file);
    match has_windows_line_ends(text) {
        true => printer.out.replace('\n', "\r\n"),
        false => printer.out,
    }
}

/// Whether more lines of a text end as they do on Windows than do not.
fn has_windows_line_ends(text: &str) -> bool {
    2 * text.matches("\r\n").count() > text.matches('\n').count()
}

/// Whether an empty line comes before the next line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// No: a block or the file has just begun, or it ends.
    None,
    /// If the author has left one.
    Kept,
    /// Yes.
    Always,
}

/// Writes lines in the order of the author's text, and each comment before the line whose first
/// token comes after it.
struct Printer<'c, 's> {
    shaper: Shaper<'c, 's>,
    out: String,
    /// How many tokens of the author's text are printed.
    printed: usize,
    /// The number of the next comment to print.
    pending: usize,
    gap: Gap,
    /// Whether the next lines belong to the piece before them, so that no empty line parts them.
    within: bool,
    /// Whether a comment may stand behind the last line: it holds code, and no comment yet.
    open: bool,
}

impl Printer<'_, '_> {
    fn file(&mut self, file: &File) {
        let mut stands_alone = true;
        for definition in &file.definitions {
            let shape = self.shaper.definition(definition);
            let stood_alone = stands_alone;
            stands_alone = self.stands_alone(definition, &shape);
            if (stands_alone || stood_alone) && !self.out.is_empty() {
                self.gap = Gap::Always;
            }
            self.shape(shape, 0, definition.docs.len());
        }
        self.comments_before(usize::MAX, 0, None);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Whether empty lines must part a definition from its neighbours: only lists, functions,
    /// counters and parameters of one line may stand together.
    fn stands_alone(&self, definition: &Definition, shape: &Shape<'_>) -> bool {
        let is_small = matches!(
            definition.kind,
            DefinitionKind::Parameter(_)
                | DefinitionKind::List(_)
                | DefinitionKind::Function(_)
                | DefinitionKind::Counter(_)
        );
        let Shape::Piece(layout) = shape else { return true };
        !is_small || layout.lines(0, self.shaper.comments, self.printed).len() > 1
    }

    fn shape(&mut self, shape: Shape<'_>, indent: usize, docs: usize) {
        match shape {
            Shape::Piece(layout) => self.piece(&layout, indent, Some(docs)),
            Shape::Block(block) => self.block(block, indent, docs),
            Shape::Policy(head, policy) => {
                self.open(head, indent, docs);
                self.items(policy, indent + INDENT);
                self.close("}", indent);
            }
        }
    }

    fn block(&mut self, block: Block, indent: usize, docs: usize) {
        self.open(block.head, indent, docs);
        for part in &block.parts {
            self.within = !block.spaced;
            self.piece(part, indent + INDENT, None);
        }
        self.within = !block.spaced;
        self.close(block.close, indent);
    }

    fn items(&mut self, policy: &Policy, indent: usize) {
        let mut after_rule = false;
        for item in &policy.items {
            let is_rule = matches!(item.kind, ItemKind::Rule(_));
            if (is_rule || after_rule) && self.gap != Gap::None {
                self.gap = Gap::Always;
            }
            after_rule = is_rule;
            self.item(item, indent);
        }
    }

    fn item(&mut self, item: &Item, indent: usize) {
        let shape = self.shaper.item(item);
        self.shape(shape, indent, item.docs.len());
    }

    /// The first line of a block.
    fn open(&mut self, head: Leaf, indent: usize, docs: usize) {
        self.piece(&Layout::Leaf(head), indent, Some(docs));
        self.gap = Gap::None;
    }

    /// The last line of a block, behind the comments that are left in it.
    fn close(&mut self, bracket: &str, indent: usize) {
        self.comments_before(self.printed, indent + INDENT, None);
        self.gap = Gap::None;
        self.piece(&Layout::sign(bracket, 0), indent, None);
    }

    /// All lines of a piece. `docs` is the number of the `///` lines that document it, if it may
    /// have any.
    fn piece(&mut self, layout: &Layout, indent: usize, docs: Option<usize>) {
        let lines = layout.lines(indent, self.shaper.comments, self.printed);
        for (number, line) in lines.iter().enumerate() {
            self.within |= number > 0;
            let before = line.first + usize::from(line.leads);
            self.comments_before(before, line.comment_indent, docs.filter(|_| number == 0));
            self.line(line);
        }
        self.within = false;
    }

    fn line(&mut self, line: &OutputLine) {
        self.start_line(self.shaper.comments.place(line.first), line.indent);
        self.out.push_str(&line.text);
        self.printed = line.first + line.count;
        self.open = true;
    }

    /// Begins a line for what stands at a place of the author's text.
    fn start_line(&mut self, at: usize, indent: usize) {
        let is_parted = match self.gap {
            Gap::None => false,
            Gap::Kept => !self.within && self.is_after_empty_line(at),
            Gap::Always => true,
        };
        if !self.out.is_empty() {
            self.out.push_str(if is_parted { "\n\n" } else { "\n" });
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.gap = Gap::Kept;
    }

    fn is_after_empty_line(&self, at: usize) -> bool {
        let before = self.shaper.text.get(..at).unwrap_or("");
        let space = before.get(before.trim_end().len()..).unwrap_or("");
        space.matches('\n').count() > 1
    }

    /// Prints the comments that stand before a token, the last `docs` of which document what stands
    /// there.
    fn comments_before(&mut self, token: usize, indent: usize, docs: Option<usize>) {
        let end = self.shaper.comments.before_token(token);
        let docs_start = end.saturating_sub(docs.unwrap_or(0));
        while self.pending < end {
            let comments = self.shaper.comments;
            let Some(comment) = comments.get(self.pending) else { return };
            self.pending += 1;
            let text = comments.text(comment);
            if self.open && !comment.alone {
                self.out.push_str("  ");
                self.out.push_str(text);
                self.open = false;
                continue;
            }
            self.start_line(comment.start, indent);
            self.out.push_str(text);
            self.open = false;
            // A `///` that documents nothing must not come to stand where it would.
            if docs.is_some() && text.starts_with("///") && self.pending == docs_start {
                self.gap = Gap::Always;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INDENT, format};
    use crate::parse;
    use rulebook_base::source::FileId;

    fn formatted(text: &str) -> String {
        let parsed = parse(FileId(0), text);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        format(text, &parsed.file)
    }

    #[test]
    fn brings_every_kind_of_piece_into_its_layout() {
        let text = r#"
// what this file is about
enum Level{low<mid // half way
<high}
parameter score:number=4.8 source "a notice"
parameter limit:CNY{from 2018-04-01:500 CNY from 2024-03-01:1_000 CNY}
/// One order.
record Order{id:text,amount:CNY=0 CNY // paid

kind:a|b? }
policy p for Order dated by order.placed_at{title en "One" zh "一"
decide refund:support<reject by strictest otherwise support because en "no rule covers this request" zh "没有适用的规则"
rule one{from 2024-08-09 for 20% by id // a fifth
where amount>1 CNY
when claim==refund_only and score is present and(amount>2_000 CNY or // much
kind in[a,b])
then refund=reject}}"#;
        let wanted = r#"// what this file is about
enum Level {
  low
  < mid  // half way
  < high
}

parameter score: number = 4.8 source "a notice"

parameter limit: CNY {
  from 2018-04-01: 500 CNY
  from 2024-03-01: 1_000 CNY
}

/// One order.
record Order {
  id: text
  amount: CNY = 0 CNY  // paid

  kind: a | b?
}

policy p for Order dated by order.placed_at {
  title en "One"
        zh "一"
  decide refund: support < reject by strictest
    otherwise support because en "no rule covers this request" zh "没有适用的规则"

  rule one {
    from 2024-08-09 for 20% by id  // a fifth
      where amount > 1 CNY
    when claim == refund_only
      and score is present
      and (amount > 2_000 CNY  // much
           or kind in [a, b])
    then refund = reject
  }
}
"#;
        assert_eq!(formatted(text), wanted);
        assert_eq!(formatted(wanted), wanted);
    }

    #[test]
    fn breaks_a_long_row_before_each_operator() {
        let operand = "a".repeat(60);
        let text = format!("fn f() -> bool = {operand} and {operand}\n");
        let indent = " ".repeat(INDENT);
        let wanted =
            format!("fn f() -> bool =\n{indent}{operand}\n{indent}{indent}and {operand}\n");
        assert_eq!(formatted(&text), wanted);
    }

    #[test]
    fn keeps_a_file_without_definitions() {
        assert_eq!(formatted(""), "");
        assert_eq!(formatted(" \n\n"), "");
        assert_eq!(formatted("\n// one\n\n\n// two"), "// one\n\n// two\n");
    }
}
