//! A page as one HTML file that needs nothing else: its style stands within it, and it runs no
//! script.

use std::fmt::Write as _;

use super::Edition;
use super::block::{Badge, Block, Inline, Page, Point, Target};
use super::label;
use super::svg;
use crate::lang::locale::Locale;

/// The colours of pages and drawings, by day and by night.
pub(crate) const COLOURS: &str = include_str!("colours.css");
/// How timelines are drawn.
pub(super) const TIMELINE: &str = include_str!("timeline.css");
const STYLE: &str = include_str!("style.css");

/// The text of a page; `languages` are all that the site has, the first at its top.
pub(super) fn page(page: &Page, edition: &Edition, languages: &[&str]) -> String {
    whole(page, &edition.language, |out| navigation(page, edition, languages, out))
}

/// The text of a page that belongs to no site: its sections are what leads through it.
pub(super) fn single(page: &Page, language: &str) -> String {
    whole(page, language, |out| {
        out.push_str("<nav>\n<ul>\n");
        for block in &page.blocks {
            if let Block::Section(name, blocks) = block
                && let Some(Block::Heading(_, title)) = blocks.first()
            {
                let _ =
                    writeln!(out, "<li><a href=\"#{}\">{}</a></li>", escaped(name), line(title));
            }
        }
        out.push_str("</ul>\n</nav>\n");
    })
}

fn whole(page: &Page, language: &str, navigation: impl FnOnce(&mut String)) -> String {
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{COLOURS}{STYLE}{TIMELINE}</style>\n</head>\n<body>\n",
        escaped(language),
        escaped(&page.title),
    );
    navigation(&mut out);
    out.push_str("<main>\n");
    page.blocks.iter().for_each(|block| write(block, &mut out));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Links to every page, and to this one in the other languages.
fn navigation(page: &Page, edition: &Edition, languages: &[&str], out: &mut String) {
    out.push_str("<nav>\n<ul>\n");
    for other in &edition.pages {
        let here = if other.name == page.name { " aria-current=\"page\"" } else { "" };
        let (name, title) = (&other.name, escaped(&other.title));
        let _ = writeln!(out, "<li><a href=\"{name}.html\"{here}>{title}</a></li>");
    }
    out.push_str("</ul>\n");
    if languages.len() > 1 {
        let label = escaped(label::LANGUAGE.in_language(&edition.language));
        let _ = writeln!(out, "<ul class=\"languages\" aria-label=\"{label}\">");
        let up = if languages.first() == Some(&edition.language.as_str()) { "" } else { "../" };
        for (at, language) in languages.iter().enumerate() {
            if *language == edition.language {
                continue;
            }
            let folder = if at == 0 { String::new() } else { format!("{language}/") };
            let (name, tag) = (&page.name, escaped(language));
            let own = Locale::of(language).name;
            let told = if own.is_empty() { &tag } else { own };
            let href = format!("{up}{folder}{name}.html");
            let _ = writeln!(
                out,
                "<li><a href=\"{href}\" hreflang=\"{tag}\" lang=\"{tag}\">{told}</a></li>"
            );
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</nav>\n");
}

fn write(block: &Block, out: &mut String) {
    match block {
        Block::Heading(level, inlines) => {
            let _ = writeln!(out, "<h{level}>{}</h{level}>", line(inlines));
        }
        Block::Paragraph(inlines) => {
            let _ = writeln!(out, "<p>{}</p>", line(inlines));
        }
        Block::List(points) => list(points, out),
        Block::Facts(facts) => {
            out.push_str("<dl>\n");
            for (name, value) in facts {
                let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(name), line(value));
            }
            out.push_str("</dl>\n");
        }
        Block::Table(head, rows) => {
            out.push_str("<div class=\"wide\"><table>\n<thead><tr>");
            head.iter().for_each(|cell| {
                let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(cell));
            });
            out.push_str("</tr></thead>\n<tbody>\n");
            for row in rows {
                let cells: String =
                    row.iter().map(|cell| format!("<td>{}</td>", line(cell))).collect();
                let _ = writeln!(out, "<tr>{cells}</tr>");
            }
            out.push_str("</tbody></table></div>\n");
        }
        Block::Code(text) => {
            let _ = writeln!(out, "<pre><code>{}</code></pre>", escaped(text));
        }
        Block::Timeline(timeline) => svg::draw(timeline, out),
        Block::Fold(title, blocks) => {
            let _ = writeln!(out, "<details><summary>{}</summary>", escaped(title));
            blocks.iter().for_each(|block| write(block, out));
            out.push_str("</details>\n");
        }
        Block::Section(name, blocks) => {
            let _ = writeln!(out, "<section id=\"{}\">", escaped(name));
            blocks.iter().for_each(|block| write(block, out));
            out.push_str("</section>\n");
        }
    }
}

fn list(points: &[Point], out: &mut String) {
    out.push_str("<ul>\n");
    for point in points {
        let _ = write!(out, "<li>{}", line(&point.text));
        if !point.points.is_empty() {
            out.push('\n');
            list(&point.points, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn line(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("<strong>{}</strong>", escaped(text)),
        Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
        Inline::Blank(text) => format!("<var>{}</var>", escaped(text)),
        Inline::Badge(badge, text) => {
            let class = match badge {
                Badge::Assumed => "assumed",
                Badge::Shadow => "shadow",
                Badge::Warn => "warn",
                Badge::Enforce => "enforce",
            };
            format!("<span class=\"badge {class}\">{}</span>", escaped(text))
        }
        Inline::Link(Target::Url(url), text) => {
            format!("<a href=\"{}\" rel=\"noopener\">{}</a>", escaped(url), escaped(text))
        }
        Inline::Link(Target::Page(page, section), text) => {
            let section = section.as_ref().map(|section| format!("#{section}")).unwrap_or_default();
            format!("<a href=\"{}.html{}\">{}</a>", escaped(page), escaped(&section), escaped(text))
        }
    }
}

/// Text in which nothing is a mark.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
