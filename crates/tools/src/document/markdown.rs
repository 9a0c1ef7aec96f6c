//! A page as Markdown, in the dialect that GitHub and mdBook read. Texts stay texts: nothing in them is a
//! mark, a link, or HTML.

use std::fmt::Write as _;

use super::block::{Block, Inline, Page, Point, Target};
use super::path;
use super::timeline::{BarKind, Timeline};
use crate::markup::{fragment, html};
use rulebook_base::visible::{visible, visible_page};
use rulebook_lang::model::parse_link;

/// The text of a page.
pub(super) fn page(page: &Page) -> String {
    let mut out = String::new();
    page.blocks.iter().for_each(|block| write(block, &mut out));
    format!("{}\n", out.trim_end())
}

// Whatever is written into a text is taken.
macro_rules! put {
    ($out:expr, $($part:tt)*) => { let _ = writeln!($out, $($part)*); };
}

fn write(block: &Block, out: &mut String) {
    match block {
        Block::Heading(level, inlines) => {
            put!(out, "{} {}\n", "#".repeat(usize::from(*level)), line(inlines));
        }
        Block::Paragraph(inlines) => {
            put!(out, "{}\n", line(inlines));
        }
        Block::List(points) => {
            points.iter().for_each(|point| list(point, 0, out));
            out.push('\n');
        }
        Block::Facts(facts) => {
            for (name, value) in facts {
                put!(out, "- **{}**: {}", escaped(name), inlines(value));
            }
            out.push('\n');
        }
        Block::Table(head, rows) => table(head, rows, out),
        Block::Code(text) => {
            let text = visible_page(text);
            let fence = "`".repeat(longest_run(&text).max(2) + 1);
            put!(out, "{fence}\n{text}\n{fence}\n");
        }
        Block::Timeline(timeline) => dates(timeline, out),
        Block::Fold(title, blocks) => {
            put!(out, "**{}**\n", escaped(title));
            blocks.iter().for_each(|block| write(block, out));
        }
        Block::Section(name, blocks) => {
            put!(out, "{}\n", fragment(&html! { a id=(name) {} }));
            blocks.iter().for_each(|block| write(block, out));
        }
    }
}

/// How many backticks stand beside each other at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn list(point: &Point, depth: usize, out: &mut String) {
    put!(out, "{}- {}", "  ".repeat(depth), line(&point.text));
    point.points.iter().for_each(|point| list(point, depth + 1, out));
}

fn table(head: &[String], rows: &[Vec<Vec<Inline>>], out: &mut String) {
    let cells: Vec<_> = head.iter().map(|cell| escaped(cell)).collect();
    put!(out, "| {} |", cells.join(" | "));
    put!(out, "| {} |", vec!["---"; head.len()].join(" | "));
    for row in rows {
        let cells: Vec<_> = row.iter().map(|cell| inlines(cell)).collect();
        put!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
}

/// A drawing says nothing in plain text, so the dates stand in a list.
fn dates(timeline: &Timeline, out: &mut String) {
    let day =
        |at: Option<usize>| at.and_then(|at| timeline.days.get(at)).map_or("…", String::as_str);
    for row in &timeline.rows {
        let bars: Vec<_> = row
            .bars
            .iter()
            .map(|bar| match bar.kind {
                BarKind::Day => day(bar.from).to_string(),
                kind => {
                    let share = if bar.partial { "*" } else { "" };
                    let (from, until) = (day(bar.from), day(bar.until));
                    format!("{from} – {until} ({}{share})", kind.name())
                }
            })
            .collect();
        let title = escaped(&row.title);
        let title = match row.linked {
            true => format!("[{title}](#{})", path::in_link(&row.name)),
            false => begun(&title),
        };
        put!(out, "- {title}: {}", bars.join("; "));
    }
    out.push('\n');
}

/// Text that begins a line.
fn line(text: &[Inline]) -> String {
    begun(&inlines(text))
}

/// A line in which no list, rule or block of code begins.
fn begun(line: &str) -> String {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.split_at_checked(digits) {
        Some((number, rest)) if digits > 0 && rest.starts_with(['.', ')']) => {
            format!("{number}\\{rest}")
        }
        _ if line.starts_with(['-', '+', '=']) => format!("\\{line}"),
        _ => line.to_string(),
    }
}

fn inlines(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        Inline::Code(text) => code(text),
        Inline::Blank(text) => format!("*{}*", escaped(text)),
        Inline::Badge(_, text) => format!("*({})*", escaped(text)),
        Inline::Link(Target::Url(url), text) => match parse_link(url) {
            Some(url) => format!("[{}]({})", escaped(text), address(url.as_str())),
            None => escaped(text),
        },
        Inline::Link(Target::Page(page, section), text) => {
            format!("[{}]({})", escaped(text), path::link(page, "md", section.as_deref()))
        }
    }
}

/// Text as it is written in the language. There is no way to write some characters within code in a table.
fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() || text.contains('|') {
        return escaped(&text);
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // One blank at each side belongs to the fence.
    let beside = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{beside}{text}{beside}{fence}")
}

/// An address in which nothing ends the link, or is read as something else.
fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            // What may be the beginning of a character by its name.
            '&' => out.push_str("\\&"),
            'a'..='z' | 'A'..='Z' | '0'..='9' => out.push(c),
            '-' | '.' | '_' | '~' | ':' | '/' | '?' | '#' | '[' | ']' | '@' | '!' | '$' | '\''
            | '*' | '+' | ',' | ';' | '=' | '%' => out.push(c),
            c => out.push_str(&path::in_link(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

/// Text in which nothing is a mark, also not for readers that make links of bare addresses.
fn escaped(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len());
    let mut before = "";
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            // GitHub finds addresses of letters in what is left when the marks are gone.
            '@' if is_mailed(before, rest) => out.push_str("<!-- -->\\@"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '$' | '@' => {
                out.push('\\');
                out.push(c);
            }
            ':' if rest.starts_with("//") => out.push_str("\\:"),
            '.' if ends_in_www(before) => out.push_str("\\."),
            c => out.push(c),
        }
        before = text.get(..at + c.len_utf8()).unwrap_or_default();
    }
    out
}

/// Whether an `@` stands where it does in an address of letters.
fn is_mailed(before: &str, rest: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    before.ends_with(is_part) && rest.starts_with(is_part)
}

fn ends_in_www(before: &str) -> bool {
    let start = before.len().saturating_sub(3);
    before.get(start..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}
