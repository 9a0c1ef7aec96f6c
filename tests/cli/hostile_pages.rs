//! Texts that would be more than texts, in every place of every page where a text can stand: nothing on a
//! page is an element, an attribute or a link that is not ours. `.ci/check-pages` looks at the pages that
//! this writes in a browser.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::json;

use crate::harness::Folder;

/// What begins or ends elements, attributes, styles, scripts, comments, and links; what runs.
const ELEMENTS: &str = "\"'><script>document.documentElement.dataset.ran=1</script>\
    <img src=x onerror=document.documentElement.dataset.ran=1>--></title></style></text></svg>]]>\
    <svg/onload=document.documentElement.dataset.ran=1> \" onmouseover=\"alert(1)\" x='";
const LINKS: &str = "[x](javascript:alert(1)) ![i](https://evil.example/i.png) [r]: <https://evil.example> \
    https://evil.example/a www.evil.example WWW.evil.example a@evil.example mailto:a@evil.example [^1] <javascript:alert(1)>";
const MARKS: &str = "``` ` `` | a | --- | **b** __c__ ~~d~~ # e $f$ &lt;b&gt; &#60;b> &copy; <!-- g --> <b>h</b> \
    | i\\| j \\` k {{7*7}} ${7*7} \\";
const LINES: &str =
    "1. one\n# two\n- three\n> four\n\n    five\n<b>six</b>\n***\n| a |\n|---|\n| b |\n```\nseven";
const CONTROLS: &str =
    "\u{202e}\u{2066}\u{1b}[31m\u{1b}]8;;https://evil.example\u{7}\u{85}\u{2028}\u{feff}\u{ffff}";
const BEGINNINGS: [&str; 5] = ["    <b>four blanks</b>", "- <b>", "+ b", "12) <b>", "=== \n---"];

/// The same places with nothing in them that means anything.
const HARMLESS: &str = "plain words";

/// A text in a policy.
fn quoted(text: &str) -> String {
    // The language has no way to write other controls, but takes them as they are.
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// A text in which a brace begins no value.
fn told(text: &str) -> String {
    quoted(&text.replace('{', "{{").replace('}', "}}"))
}

/// A text on one line, such as a comment.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control() || c == '\u{2028}', " ")
}

/// A text as a part of the name of a file.
fn file_name(text: &str) -> String {
    one_line(text)
        .replace(['/', '\\', ':'], "_")
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(60)
        .collect()
}

/// JSON that YAML takes, which has no other way to write some characters.
fn yaml(json: &serde_json::Value) -> String {
    let write =
        |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
    json.to_string().chars().map(write).collect()
}

fn rulebook(text: &str) -> Folder {
    let (own, told, line, file) = (quoted(text), told(text), one_line(text), file_name(text));
    let url: String = line.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect();
    let url = quoted(&format!("https://example.com/?q={url}#{url}"));
    let policy = format!(
        r#"
record Order {{ id: text, at: time, kind: text, amount: CNY }}

/// {line}
parameter limit: CNY = 200 CNY assumed {own}
parameter word: text = {own} source {own} url {url}
parameter dated: text {{ from 2024-01-01: {own} source {own}  from 2024-09-01: {own} assumed {own} }}

/// {line}
list kinds: text = [{own}, "other"]
/// {line}
table fee by first source {own} url {url} {{
  | from       | kind: text || share: number |
  | _          | "other"    || 3%            |
  | 2024-10-01 | {own}      || 2%            |
  | _          | _          || 1%            |
}}
/// {line}
fn is_odd(kind: text) -> bool = kind == {own}

/// {line}
policy returns for Order dated by at {{
  title en {told} zh {told}
  source {own} url {url}
  announced 2024-08-01
  /// {line}
  decide refund: pay | review by first otherwise review because {told}
  decide note: text by first otherwise {own}
  measure cost = sum(amount) where refund == pay title {told} source {own} url {url} assumed {own}

  /// {line}
  rule small {{
    title en {told} zh {told}
    source {own} url {url}
    from 2024-09-12 shadow
    from 2024-09-20
    when amount <= limit and kind in kinds and is_odd({own}) and fee(kind) < 50%
    then refund = pay, note = word
    because en {told} zh {told}
  }}
  rule odd {{ title {told} from 2024-09-01 warn when is_odd(kind) then refund = review }}
  rule mine {{ when kind == {own} and id == {own} then note = {own} because {told} }}
}}
"#
    );
    let scenarios = json!({
        "policy": "returns",
        "given": {"id": text, "at": "2024-10-02T00:00:00Z", "kind": text, "amount": 1},
        "scenarios": [
            {"name": text, "expect": {"refund": "pay", "note": text}},
            {"name": format!("{text} fails"), "expect": {"refund": "review", "note": format!("{text}!")}},
        ],
    });
    let record = |at: usize| {
        let id = if at == 0 { text.to_string() } else { format!("{text} {at}") };
        let (month, amount) = (at % 3 + 8, at * 20);
        let time = format!("2024-{month:02}-25T08:00:00Z");
        format!("{}\n", json!({"id": id, "at": time, "kind": text, "amount": amount}))
    };
    let records: String = (0..20).map(record).collect();
    let rejected = format!("{}\n", json!({"id": text, "at": text, "kind": 7, "amount": text}));
    Folder::new()
        .with(&format!("shop/{file}.policy"), policy.trim_start())
        .with(
            "shop/rulebook.yaml",
            yaml(&json!({"name": text, "version": text, "title": text, "languages": ["en", "zh", "con"]})),
        )
        .with(&format!("shop/tests/{file}.yaml"), yaml(&scenarios))
        .with("in.jsonl", records + &rejected)
}

/// The files of a folder, by name.
fn read<const N: usize>(folder: &Folder, files: [&str; N]) -> BTreeMap<String, String> {
    files.map(|file| (file.replace('/', "-"), folder.read(file))).into()
}

/// The pages in Markdown about a rulebook in which a text stands everywhere.
fn wiki(folder: &Folder) -> BTreeMap<String, String> {
    folder.run("doc shop --output wiki --format markdown").exits(0);
    read(folder, ["wiki/index.md", "wiki/returns.md", "wiki/terms.md"])
}

/// Every kind of page about a rulebook in which a text stands everywhere.
fn pages(text: &str, folder: &Folder) -> BTreeMap<String, String> {
    let word = format!("word={}", quoted(text));
    let of = |arguments: &str| folder.run(arguments);
    of("doc shop --output site").exits(0);
    for format in ["html", "svg"] {
        of(&format!("timeline shop --format {format} --output timeline.{format}")).exits(0);
    }
    let simulate =
        "simulate shop --policy returns --input in.jsonl --by kind --by at --sum amount --sample 3";
    of(&format!("{simulate} --report report.html --set limit=40 --set")).arg(&word).exits(1);
    of(&format!("{simulate} --report against.html --set limit=40 --baseline shop")).exits(1);
    let sweep =
        "sweep shop --policy returns --input in.jsonl --sum amount --format svg --output sweep.svg";
    of(&format!("{sweep} --set limit=20..100/40 --baseline shop")).exits(1);
    let mut pages = wiki(folder);
    pages.append(&mut read(
        folder,
        [
            "site/index.html",
            "site/returns.html",
            "site/terms.html",
            "site/zh/returns.html",
            "site/%63on/terms.html",
            "timeline.html",
            "timeline.svg",
            "report.html",
            "against.html",
            "sweep.svg",
        ],
    ));
    for (page, format) in [("junit.xml", "junit"), ("coverage.html", "html --coverage")] {
        let ran = of(&format!("test shop --format {format}")).exits(1);
        pages.insert(page.into(), ran.out);
    }
    pages
}

/// The elements of a page, each with its attributes; every link leads where links may.
fn elements(name: &str, page: &str) -> Vec<String> {
    let html = match name.ends_with(".md") {
        true => rendered(page),
        false => page.to_string(),
    };
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut found = Vec::new();
    for token in Tokenizer::new_with_emitter(html.as_str(), emitter) {
        let Ok(token) = token;
        let tag = match token {
            Token::StartTag(tag) => tag,
            Token::Comment(own) if own.starts_with(b"?xml ") && found.is_empty() => continue,
            // What keeps an address of letters apart.
            Token::Comment(own) if own.as_slice() == b" " && name.ends_with(".md") => continue,
            Token::Comment(comment) => panic!("{name} has a comment: {comment:?}"),
            _ => continue,
        };
        let mut element = String::from_utf8(tag.name.to_vec()).unwrap();
        // Whether words are drawn strong in Markdown depends on the signs beside them.
        if name.ends_with(".md") && ["strong", "em", "code"].contains(&element.as_str()) {
            continue;
        }
        for (attribute, value) in &tag.attributes {
            let attribute = String::from_utf8(attribute.to_vec()).unwrap();
            let value = String::from_utf8(value.to_vec()).unwrap();
            assert!(!attribute.starts_with("on") && attribute != "style", "{name}: {attribute}");
            if ["href", "src"].contains(&attribute.as_str()) {
                let own = ["#", "https://example.com/?q=", "data:,"];
                let page = |end: &str| value.split('#').next().unwrap().ends_with(end);
                let is_ours = own.iter().any(|own| value.starts_with(own))
                    || !value.contains(':') && (page(".html") || page(".md"));
                assert!(is_ours, "{name} leads to {value}");
            }
            element = format!("{element} {attribute}");
        }
        found.push(element);
    }
    found
}

/// Markdown as GitHub reads it, but without what it takes out for safety.
fn rendered(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// Where `.ci/check-pages` finds the pages.
fn keep(prefix: &str, name: &str, page: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let name = format!("{prefix}-{name}");
    if name.ends_with(".md") {
        fs::write(folder.join(format!("{name}.html")), rendered(page)).unwrap();
    } else {
        fs::write(folder.join(name), page).unwrap();
    }
}

/// Holds a page with a text to the same page without.
#[track_caller]
fn hold(name: &str, page: &str, harmless: &str, text: &str) {
    let hidden = "\u{202e}\u{2066}\u{2028}\u{feff}\u{ffff}";
    let is_hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || hidden.contains(c);
    assert!(!page.contains(is_hidden), "{name} hides something of {text:?}");
    let (ours, found) = (elements(name, harmless), elements(name, page));
    let differs = ours.iter().zip(&found).position(|(ours, found)| ours != found);
    let at = differs.unwrap_or(ours.len().min(found.len()));
    let around = |all: &[String]| {
        all.iter().skip(at.saturating_sub(3)).take(6).cloned().collect::<Vec<_>>().join(", ")
    };
    assert!(
        ours == found,
        "{name} has other elements with {text:?} in it: <{}> for <{}>\n{page}",
        around(&found),
        around(&ours),
    );
}

#[test]
fn no_text_is_more_than_a_text_on_any_page() {
    let harmless = pages(HARMLESS, &rulebook(HARMLESS));
    harmless.iter().for_each(|(name, page)| keep("harmless", name, page));
    let look = |number: usize, text: &str| {
        for (name, page) in pages(text, &rulebook(text)) {
            keep(&number.to_string(), &name, &page);
            hold(&name, &page, &harmless[&name], text);
        }
    };
    std::thread::scope(|threads| {
        for (number, text) in [ELEMENTS, LINKS, MARKS, LINES, CONTROLS].into_iter().enumerate() {
            let look = &look;
            threads.spawn(move || look(number, text));
        }
    });
}

#[test]
fn no_text_begins_anything_in_markdown() {
    let harmless = wiki(&rulebook(HARMLESS));
    for text in BEGINNINGS {
        for (name, page) in wiki(&rulebook(text)) {
            hold(&name, &page, &harmless[&name], text);
        }
    }
}

#[test]
fn pages_allow_nothing_that_is_not_theirs() {
    for (name, page) in
        pages(HARMLESS, &rulebook(HARMLESS)).iter().filter(|(name, _)| name.ends_with(".html"))
    {
        let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1);
        let policy =
            policy.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{name}"));
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{name}: {policy}");
        assert!(policy.ends_with("base-uri 'none'; form-action 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{name}: {policy}");
        assert_eq!(policy.contains("script-src 'sha256-"), page.contains("<script>"), "{name}");
        assert!(!page.contains(" style=\""), "{name} has styles that its policy does not apply");
    }
}
