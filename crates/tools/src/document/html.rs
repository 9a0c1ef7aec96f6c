//! A page as one HTML file that needs nothing else: its style stands within it, and it runs no
//! script.

use super::Edition;
use super::block::{Badge, Block, Inline, Page, Point, Target};
use super::label;
use super::path;
use super::svg;
use crate::markup::{self, Markup, html};
use rulebook_lang::figures::Locale;
use rulebook_lang::model::parse_link;

/// The colours of pages and drawings, by day and by night.
pub const COLOURS: &str = include_str!("colours.css");
/// How timelines are drawn.
pub(super) const TIMELINE: &str = include_str!("timeline.css");
const STYLES: &[&str] = &[COLOURS, include_str!("style.css"), TIMELINE];

/// The text of a page; `languages` are all that the site has, the first at its top.
pub(super) fn page(page: &Page, edition: &Edition, languages: &[&str]) -> String {
    whole(page, &edition.language, &navigation(page, edition, languages))
}

/// The text of a page that belongs to no site: its sections are what leads through it.
pub(super) fn single(page: &Page, language: &str) -> String {
    let sections = page.blocks.iter().filter_map(|block| match block {
        Block::Section(name, blocks) => match blocks.first() {
            Some(Block::Heading(_, title)) => Some((name, title)),
            _ => None,
        },
        _ => None,
    });
    let navigation = html! {
        nav {
            "\n"
            ul {
                "\n"
                @for (name, title) in sections {
                    li { a href={ "#" (path::in_link(name)) } { (line(title)) } } "\n"
                }
            } "\n"
        } "\n"
    };
    whole(page, language, &navigation)
}

fn whole(page: &Page, language: &str, navigation: &Markup) -> String {
    let mut writer = Writer { has_patterns: false };
    let body = html! {
        (navigation)
        main { "\n" (writer.blocks(&page.blocks)) } "\n"
    };
    markup::Page { language, title: &page.title, styles: STYLES, script: None, body }.to_text()
}

/// Links to every page, and to this one in the other languages.
fn navigation(page: &Page, edition: &Edition, languages: &[&str]) -> Markup {
    let first = languages.first().copied().unwrap_or_default();
    let up = if first == edition.language { "" } else { "../" };
    let others = languages.iter().filter(|other| **other != edition.language);
    html! {
        nav {
            "\n"
            ul {
                "\n"
                @for other in &edition.pages {
                    li {
                        a href=(path::link(&other.name, "html", None))
                            aria-current=[(other.name == page.name).then_some("page")] { (other.title) }
                    } "\n"
                }
            } "\n"
            @if languages.len() > 1 {
                ul class="languages" aria-label=(label::LANGUAGE.in_language(&edition.language)) {
                    "\n"
                    @for other in others { (in_other_language(page, other, up, *other == first)) }
                } "\n"
            }
        } "\n"
    }
}

fn in_other_language(page: &Page, language: &str, up: &str, at_top: bool) -> Markup {
    let name = Locale::of(language).name;
    let shown = if name.is_empty() { language } else { name };
    let folder = match at_top {
        true => String::new(),
        false => path::in_link(&path::step(language)) + "/",
    };
    html! {
        li {
            a href={ (up) (folder) (path::link(&page.name, "html", None)) } hreflang=(language) lang=(language) {
                (shown)
            }
        } "\n"
    }
}

/// Writes the blocks of one page.
struct Writer {
    /// Whether the page has the patterns of drawings: what it has once, every drawing of it can use.
    has_patterns: bool,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block]) -> Markup {
        html! { @for block in blocks { (self.block(block)) "\n" } }
    }

    fn block(&mut self, block: &Block) -> Markup {
        match block {
            Block::Heading(1, inlines) => html! { h1 { (line(inlines)) } },
            Block::Heading(2, inlines) => html! { h2 { (line(inlines)) } },
            Block::Heading(_, inlines) => html! { h3 { (line(inlines)) } },
            Block::Paragraph(inlines) => html! { p { (line(inlines)) } },
            Block::List(points) => list(points),
            Block::Facts(facts) => html! {
                dl {
                    "\n"
                    @for (name, value) in facts { dt { (name) } dd { (line(value)) } "\n" }
                }
            },
            Block::Table(head, rows) => html! {
                div class="wide" {
                    table {
                        "\n"
                        thead { tr { @for cell in head { th scope="col" { (cell) } } } } "\n"
                        tbody {
                            "\n"
                            @for row in rows { tr { @for cell in row { td { (line(cell)) } } } "\n" }
                        }
                    }
                }
            },
            Block::Code(text) => html! { pre { code { (text) } } },
            Block::Timeline(timeline) => {
                let first = !std::mem::replace(&mut self.has_patterns, true);
                html! { div class="wide" { (svg::inline(timeline, first)) } }
            }
            Block::Fold(title, blocks) => html! {
                details { summary { (title) } "\n" (self.blocks(blocks)) }
            },
            Block::Section(name, blocks) => html! {
                section id=(name) { "\n" (self.blocks(blocks)) }
            },
        }
    }
}

fn list(points: &[Point]) -> Markup {
    html! {
        ul {
            "\n"
            @for point in points {
                li {
                    (line(&point.text))
                    @if !point.points.is_empty() { "\n" (list(&point.points)) "\n" }
                } "\n"
            }
        }
    }
}

fn line(inlines: &[Inline]) -> Markup {
    html! { @for inline in inlines { (inline_of(inline)) } }
}

fn inline_of(inline: &Inline) -> Markup {
    match inline {
        Inline::Text(text) => html! { (text) },
        Inline::Strong(text) => html! { strong { (text) } },
        Inline::Code(text) => html! { code { (text) } },
        Inline::Blank(text) => html! { var { (text) } },
        Inline::Badge(badge, text) => {
            let class = match badge {
                Badge::Assumed => "badge assumed",
                Badge::Shadow => "badge shadow",
                Badge::Warn => "badge warn",
                Badge::Enforce => "badge enforce",
            };
            html! { span class=(class) { (text) } }
        }
        Inline::Link(Target::Url(url), text) => match parse_link(url) {
            Some(url) => html! { a href=(url) rel="noopener" { (text) } },
            None => html! { (text) },
        },
        Inline::Link(Target::Page(page, section), text) => html! {
            a href=(path::link(page, "html", section.as_deref())) { (text) }
        },
    }
}
