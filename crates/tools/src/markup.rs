//! The one way into HTML, SVG and XML: elements are written by `maud`, which escapes whatever is put
//! between and into them by its type, and what is written is finished here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::PreEscaped;
pub use maud::{Markup, html};

use rulebook_base::digest::Digest;
use rulebook_base::visible::visible_page;

/// A page that needs nothing else: its style and its script stand within it, and nothing but these has
/// any effect, whatever its texts hold.
pub struct Page<'p> {
    /// The language of its texts, as a BCP 47 tag: `en`, `zh-Hans`.
    pub language: &'p str,
    /// Shown in the tab and in results of searches.
    pub title: &'p str,
    /// The text of its style sheets; only what we wrote can be given here.
    pub styles: &'static [&'static str],
    /// The text of its script, if it has one; only what we wrote can be given here.
    pub script: Option<&'static str>,
    /// What stands between `<body>` and `</body>`.
    pub body: Markup,
}

impl Page<'_> {
    /// The whole file, from its doctype on.
    pub fn to_text(&self) -> String {
        let style = format!("\n{}", self.styles.concat());
        let script = self.script.map(|script| format!("\n{script}"));
        // The policy counts for what stands behind it, so it stands first.
        let head = html! {
            meta charset="utf-8"; "\n"
            meta http-equiv="Content-Security-Policy" content=(policy(&style, script.as_deref())); "\n"
            meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
            // Otherwise browsers ask for an icon.
            link rel="icon" href="data:,"; "\n"
            title { (self.title) } "\n"
            style { (trusted(&style)) } "\n"
        };
        finished(&html! {
            (trusted("<!doctype html>\n"))
            html lang=(self.language) {
                "\n"
                head { "\n" (head) } "\n"
                body {
                    "\n"
                    (self.body)
                    @if let Some(script) = &script { script { (trusted(script)) } "\n" }
                } "\n"
            }
            "\n"
        })
    }
}

/// What a page may do: apply its style, run its script, and nothing else.
fn policy(style: &str, script: Option<&str>) -> String {
    let script = script.map_or(String::new(), |script| format!("script-src {}; ", source(script)));
    format!(
        "default-src 'none'; style-src {}; {script}img-src data:; base-uri 'none'; form-action 'none'",
        source(style)
    )
}

/// A text as a policy names it: by its digest.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Digest::of(text).bytes()))
}

/// The style of a drawing, which is ours.
pub fn style(sheets: &'static [&'static str]) -> Markup {
    html! { style { "\n" @for sheet in sheets { (trusted(sheet)) } } "\n" }
}

/// The text of a drawing that stands alone.
pub fn drawing(svg: &Markup) -> String {
    finished(svg)
}

/// The text of an XML file.
pub fn document(root: &Markup) -> String {
    finished(&html! { (trusted("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) (root) "\n" })
}

/// Marks without a file of their own, such as HTML within Markdown.
pub fn fragment(markup: &Markup) -> String {
    finished(markup)
}

/// What was written, with all made visible that shows itself by what it does only. None of our own marks
/// is such, and XML cannot hold most of it.
fn finished(markup: &Markup) -> String {
    visible_page(&markup.0).into_owned()
}

/// A text of ours, which holds marks.
fn trusted(text: &str) -> PreEscaped<&str> {
    PreEscaped(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_bring_no_marks_into_a_page_and_cannot_turn_it_around() {
        let title = "</title><script>\u{202e}\u{1b}[2J\u{fffe}";
        let page = Page {
            language: "\"x",
            title,
            styles: &["a { b: c }\n"],
            script: None,
            body: html! {},
        };
        let text = page.to_text();
        assert!(text.contains("<html lang=\"&quot;x\">"), "{text}");
        let escaped = "<title>&lt;/title&gt;&lt;script&gt;\\u{202e}\\u{1b}[2J\\u{fffe}</title>";
        assert!(text.contains(escaped), "{text}");
    }

    #[test]
    fn a_policy_names_style_and_script_by_their_digests() {
        let page = Page {
            language: "en",
            title: "",
            styles: &["a { b: c }\n"],
            script: Some("1;\n"),
            body: html! {},
        };
        let text = page.to_text();
        // `printf '\n…' | openssl dgst -sha256 -binary | base64`
        for digest in [
            "style-src 'sha256-JcAGVdHnEn8eMX5njU48yIYFzlWA1BMaBwbaVAlVOrQ='",
            "script-src 'sha256-o/XC9OlEggfse39RlivbQFMYA0QAu6G2MgWEuPWdudM='",
        ] {
            assert!(text.contains(digest), "{digest} is not in\n{text}");
        }
        assert!(text.find("Content-Security-Policy") < text.find("<style>"), "{text}");
    }
}
