//! `rulebook doc`.

use std::collections::BTreeSet;

use crate::harness::{Folder, names};

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
        for link in attributes(&html, "href").into_iter().filter(|link| link != "data:,") {
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
fn languages_without_words_of_their_own_are_told() {
    let folder = returns();
    let settings = |languages: &str| {
        let path = folder.path("returns/rulebook.yaml");
        std::fs::write(path, format!("languages: [{languages}]\n")).unwrap();
    };
    settings("en, fr, it, zh-Hant, pt-BR");
    let ran = folder.run("doc returns --output site").exits(0);
    let note = "note: there are no words in `it`, `pt-BR` of pages to stand around texts; these are in English\n";
    ran.err_is(note);
    settings("zh");
    folder.run("doc returns --output zh").exits(0).err_is("");
}

#[test]
fn what_cannot_be_written_is_told() {
    let folder = returns().with("site", "a file, no folder");
    let ran = folder.run("doc returns --output site").exits(2);
    assert!(ran.err.contains("cannot write to site: it is no folder"), "{ran}");
}

#[test]
fn broken_scenarios_are_no_examples() {
    let folder = returns().with("returns/tests/small.yaml", "policy: nothing\n");
    folder.run("doc returns --output site").exits(1);
    assert!(!folder.path("site").exists());
}

#[test]
fn nothing_is_written_outside_of_the_folder() {
    let folder = returns();
    folder.run("doc returns --output site").exits(0);
    for language in ["de-/../../x", "..", "/tmp/x", "de-\\\\x", "EN", "de\\0"] {
        let settings = format!("languages: [en, \"{language}\"]\n");
        std::fs::write(folder.path("returns/rulebook.yaml"), settings).unwrap();
        let ran = folder.run("doc returns --output site").exits(1);
        assert!(
            ran.err.contains("error[bad-settings]: `") && ran.err.contains("is no language tag"),
            "{ran}"
        );
    }
    assert_eq!(folder.names(), ["returns", "site"]);
}

#[test]
fn names_that_systems_keep_for_themselves_are_files_like_others() {
    let folder = returns().with("returns/rulebook.yaml", "languages: [en, con]\n");
    let policy = |name: &str| {
        format!(
            "policy {name} for Order {{ decide out: pay | review by first otherwise pay rule all {{ then pay }} }}\n"
        )
    };
    let more: String = ["index", "terms", "Returns", "nul", "aux"].map(policy).concat();
    let folder = folder.with("returns/more.policy", more);
    folder.run("doc returns --output site").exits(0);
    let own = [
        "%61ux.html",
        "%63on",
        "%6Eul.html",
        "Returns.html",
        "index-2.html",
        "index.html",
        "returns-2.html",
        "terms-2.html",
        "terms.html",
    ];
    assert_eq!(names(&folder.path("site")), own);
    let index = folder.read("site/index.html");
    assert!(index.contains("<a href=\"%256Eul.html\">nul</a>"), "{index}");
    assert!(index.contains("<a href=\"%2563on/index.html\" hreflang=\"con\""), "{index}");
    assert!(index.contains("<a href=\"index-2.html\">index</a>"), "{index}");
}

#[test]
#[cfg(unix)]
fn links_in_the_folder_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = returns().with("precious/returns.html", "precious");
    std::fs::create_dir(folder.path("site")).unwrap();
    symlink("../precious", folder.path("site/zh")).unwrap();
    let ran = folder.run("doc returns --output site").exits(2);
    let told = "cannot write site/zh/index.html: a link in the folder leads out of it";
    assert!(ran.err.contains(told), "{ran}");
    assert_eq!(names(&folder.path("precious")), ["returns.html"]);
    assert_eq!(folder.read("precious/returns.html"), "precious");
    std::fs::remove_file(folder.path("site/zh")).unwrap();
    std::fs::remove_file(folder.path("site/returns.html")).unwrap();
    symlink("../precious/returns.html", folder.path("site/returns.html")).unwrap();
    let ran = folder.run("doc returns --output site").exits(2);
    ran.err_has("cannot write site/returns.html: it is a link, and the file behind it");
    assert!(folder.path("site/returns.html").is_symlink());
    assert_eq!(folder.read("precious/returns.html"), "precious");
}

#[test]
#[cfg(target_os = "linux")]
fn a_page_that_may_not_be_written_is_not_replaced() {
    // Nobody may write a program that runs, not even who may write anything.
    let folder = returns();
    std::fs::create_dir(folder.path("site")).unwrap();
    let page = folder.path("site/index.html");
    std::fs::copy(env!("CARGO_BIN_EXE_rulebook"), &page).unwrap();
    let mut command = std::process::Command::new(&page);
    let mut running = command
        .args(["eval", "returns", "--input", "-"])
        .current_dir(folder.path("."))
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let ended = folder.run("doc returns --output site").output();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(ended.code, 2, "{}", ended.ran);
    assert!(ended.ran.err.contains("cannot write site/index.html: "), "{}", ended.ran);
    assert!(std::fs::read(&page).unwrap().starts_with(b"\x7fELF"));
}

#[test]
#[cfg(unix)]
fn a_page_that_cannot_be_written_whole_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = returns().with("site/index.html", "old");
    let page = folder.path("site/index.html");
    std::fs::set_permissions(&page, std::fs::Permissions::from_mode(0o640)).unwrap();
    let full = "trap '' XFSZ; ulimit -f 1; exec \"$0\" doc returns --output site";
    let ran = std::process::Command::new("sh")
        .args(["-c", full, env!("CARGO_BIN_EXE_rulebook")])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.contains("cannot write site/index.html"), "{told}");
    assert_eq!(folder.read("site/index.html"), "old");
    assert_eq!(names(&folder.path("site")), ["index.html"]);
    folder.run("doc returns --output site").exits(0);
    assert!(folder.read("site/index.html").starts_with("<!doctype html>"));
    assert_eq!(std::fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_reason_in_no_language_is_a_slip_of_a_scenario() {
    let scenarios = SCENARIOS.replace("by: [small]", "reason: { zh_hans: \"\" }");
    let folder = returns().with("returns/tests/small.yaml", scenarios);
    let ran = folder.run("doc returns --output site").exits(1);
    assert!(
        ran.err.contains("`zh_hans` is no language tag") && ran.err.contains("write `zh-Hans`"),
        "{ran}"
    );
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
