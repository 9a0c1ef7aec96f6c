//! `rulebook doc`.

use std::collections::BTreeSet;

use crate::harness::Folder;

const POLICY: &str = r#"
record Order { id: text, amount: CNY }

parameter limit: CNY = 200 CNY assumed "not published <yet>"

policy returns for Order {
  title en "Returns" zh "退货"
  decide refund: pay | review by first otherwise review

  rule small {
    title en "Up to {limit} is paid" zh "不超过{limit}直接退款"
    from 2024-09-12
    when amount <= limit
    then pay
    because "small & quick"
  }
}
"#;

const SCENARIOS: &str = r#"
policy: returns
given: { id: o1, amount: 200 }
now: 2024-09-12
scenarios:
  - name: exactly <200> is paid
    expect: { refund: pay, by: [small] }
"#;

fn returns() -> Folder {
    Folder::new()
        .with("returns/returns.policy", POLICY)
        .with("returns/rulebook.yaml", "name: returns\nlanguages: [en, zh]\n")
        .with("returns/tests/small.yaml", SCENARIOS)
}

/// Every page of the site, by its path below `site`.
const PAGES: [&str; 6] = [
    "index.html",
    "returns.html",
    "terms.html",
    "zh/index.html",
    "zh/returns.html",
    "zh/terms.html",
];

#[test]
fn a_site_has_every_page_in_every_language() {
    let folder = returns();
    let ran = folder.run("doc returns --output site").exits(0).err_is("");
    assert!(ran.out.contains("6 pages in site"), "{ran}");
    for page in PAGES {
        let html = folder.read(&format!("site/{page}"));
        assert!(html.starts_with("<!doctype html>"), "{page}");
        assert_eq!(unclosed(&html), Vec::<String>::new(), "{page}");
    }
    let english = folder.read("site/returns.html");
    for told in [
        "Up to",
        "amount",
        "is at most",
        "CNY 200.00",
        "exactly &lt;200&gt; is paid",
        "small &amp; quick",
    ] {
        assert!(english.contains(told), "{told} is not in\n{english}");
    }
    let chinese = folder.read("site/zh/returns.html");
    assert!(chinese.contains("不超过") && chinese.contains("<html lang=\"zh\">"), "{chinese}");
    let terms = folder.read("site/terms.html");
    assert!(
        terms.contains("badge assumed") || terms.contains("not published &lt;yet&gt;"),
        "{terms}"
    );
}

#[test]
fn every_link_of_a_site_leads_somewhere_within_it() {
    let folder = returns();
    folder.run("doc returns --output site").exits(0);
    let known: BTreeSet<_> = PAGES.into_iter().map(str::to_string).collect();
    let mut links = 0;
    for page in PAGES {
        let html = folder.read(&format!("site/{page}"));
        assert!(!html.contains("<script") && !html.contains("src="), "{page} loads something");
        for link in attributes(&html, "href") {
            let (file, section) = link.split_once('#').unwrap_or((&link, ""));
            let path = resolved(page, file);
            assert!(known.contains(&path), "{page} leads to {link}");
            let target = folder.read(&format!("site/{path}"));
            let id = format!("id=\"{section}\"");
            assert!(section.is_empty() || target.contains(&id), "{page} leads to {link}");
            links += 1;
        }
    }
    assert!(links > 20, "only {links} links");
}

#[test]
fn markdown_is_written_alike() {
    let folder = returns();
    folder.run("doc returns --format markdown --output wiki").exits(0);
    let page = folder.read("wiki/returns.md");
    assert!(page.contains("- *amount* is at most [CNY 200.00](terms.md#limit)"), "{page}");
}

#[test]
fn what_cannot_be_written_is_told() {
    let folder = returns().with("site", "a file, no folder");
    let ran = folder.run("doc returns --output site").exits(2);
    assert!(ran.err.contains("cannot write site/index.html"), "{ran}");
}

#[test]
fn broken_scenarios_are_no_examples() {
    let folder = returns().with("returns/tests/small.yaml", "policy: nothing\n");
    folder.run("doc returns --output site").exits(1);
    assert!(!folder.path("site").exists());
}

/// A link as a path below `site`.
fn resolved(page: &str, link: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    match (link, link.strip_prefix("../")) {
        ("", _) => page.to_string(),
        (_, Some(link)) => link.to_string(),
        (link, None) if folder.is_empty() => link.to_string(),
        (link, None) => format!("{folder}/{link}"),
    }
}

fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let parts = html.split(&start).skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_string()).collect()
}

/// The elements that are not closed, or closed in the wrong order.
fn unclosed(html: &str) -> Vec<String> {
    let body = html.split("</style>").nth(1).unwrap();
    let mut open: Vec<String> = vec!["html".into(), "head".into()];
    let mut wrong = Vec::new();
    for part in body.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            if open.pop().as_ref() != Some(&name) {
                wrong.push(format!("</{name}>"));
            }
        } else if !tag.ends_with('/') && !["meta", "br", "link"].contains(&name.as_str()) {
            open.push(name);
        }
    }
    wrong.extend(open);
    wrong
}
