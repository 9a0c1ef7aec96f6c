//! A page as Markdown, in the dialect that GitHub and mdBook read.

use std::fmt::Write as _;

use super::block::{Block, Inline, Page, Point, Target};
use super::timeline::{Kind, Timeline};

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
                put!(out, "- **{}**: {}", escaped(name), line(value));
            }
            out.push('\n');
        }
        Block::Table(head, rows) => table(head, rows, out),
        Block::Code(text) => {
            let fence = fence(text);
            put!(out, "{fence}\n{text}\n{fence}\n");
        }
        Block::Timeline(timeline) => dates(timeline, out),
        Block::Fold(title, blocks) => {
            put!(out, "**{}**\n", escaped(title));
            blocks.iter().for_each(|block| write(block, out));
        }
        Block::Section(name, blocks) => {
            put!(out, "<a id=\"{name}\"></a>\n");
            blocks.iter().for_each(|block| write(block, out));
        }
    }
}

/// A fence that is longer than any within the text.
fn fence(text: &str) -> String {
    let mut fence = "```".to_string();
    while text.contains(&fence) {
        fence.push('`');
    }
    fence
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
        let cells: Vec<_> = row.iter().map(|cell| line(cell)).collect();
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
                Kind::Day => day(bar.from).to_string(),
                kind => {
                    let share = if bar.partial { "*" } else { "" };
                    let (from, until) = (day(bar.from), day(bar.until));
                    format!("{from} – {until} ({}{share})", kind.name())
                }
            })
            .collect();
        let title = escaped(&row.title);
        let title = if row.linked { format!("[{title}](#{})", row.name) } else { title };
        put!(out, "- {title}: {}", bars.join("; "));
    }
    out.push('\n');
}

fn line(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        Inline::Code(text) => format!("`{}`", text.replace('|', "\\|").replace('`', "'")),
        Inline::Blank(text) => format!("*{}*", escaped(text)),
        Inline::Badge(_, text) => format!("*({})*", escaped(text)),
        Inline::Link(target, text) => {
            let target = match target {
                Target::Url(url) => url.replace(')', "%29").replace(' ', "%20"),
                Target::Page(page, None) => format!("{page}.md"),
                Target::Page(page, Some(section)) => format!("{page}.md#{section}"),
            };
            format!("[{}]({target})", escaped(text))
        }
    }
}

/// Text in which nothing is a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
