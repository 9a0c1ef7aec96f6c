//! What an embedder sees: every name that the facade gives, with its methods, in a list that is kept. A change to
//! it is seen in review; `UPDATE_EXPECTED=1 cargo test --test architecture` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use super::{root, sources};

const LISTED: &str = "tests/golden/surface.txt";

/// The names in `pub use …;` and the kinds of things that are declared, by the module of the facade.
fn names() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut module = String::new();
    let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut rest = code.join("\n");
    while let Some(at) = rest.find("pub use ").into_iter().chain(rest.find("\npub mod ")).min() {
        let found = rest.split_off(at);
        let (item, after) = match found.trim_start().strip_prefix("pub mod ") {
            Some(opened) => {
                let (name, after) = opened.split_once([' ', ';']).unwrap();
                module = format!("{name}::");
                (String::new(), after.to_string())
            }
            None => {
                let (item, after) = found.split_once(';').unwrap();
                // What is used within braces of a module is indented.
                if !rest.ends_with(' ') {
                    module.clear();
                }
                (item.to_string(), after.to_string())
            }
        };
        let (_, last) = item.rsplit_once("::").unwrap_or(("", ""));
        let item = item.split_once('{').map_or(last, |(_, several)| several.trim_end_matches('}'));
        for name in item.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            names.insert(format!("{module}{name}"), name.to_string());
        }
        rest = after;
    }
    names
}

/// The public methods of a type, as they are written, but for those that only the house's own tools are to see.
fn methods(path: &str, name: &str) -> Vec<String> {
    let is_own = |line: &str| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        line.starts_with("pub ") && words.any(|word| word == name) && line.contains(name)
    };
    let files = sources();
    let declares = |line: &str| {
        let after = ["pub struct ", "pub enum "].iter().find_map(|kind| line.strip_prefix(kind));
        after.is_some_and(|rest| {
            is_own(&format!("pub {}", rest.split(['<', '(', ' ']).next().unwrap()))
        })
    };
    // Where rooms have types of one name, the facade's own comes first, then the one nearest below it; the
    // modules of the facade hand on what stands below.
    let rooms = ["src", "crates/core/src", "crates/lang/src", "crates/base/src"];
    let below = usize::from(path.contains("::"));
    let declared = rooms.iter().skip(below).find_map(|room| {
        files.iter().find(|file| {
            let is_seen = file.root() != "program" && file.root() != "check";
            file.room == *room && is_seen && file.code().any(|(_, line)| declares(line))
        })
    });
    let Some(declared) = declared else { return Vec::new() };
    let mut found = Vec::new();
    for file in
        files.iter().filter(|file| (file.room, file.root()) == (declared.room, declared.root()))
    {
        let lines: Vec<_> = file.code().map(|(_, line)| line).collect();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            let head = line.strip_prefix("impl").filter(|head| !head.contains(" for "));
            let head = head.and_then(|head| head.strip_suffix('{')).unwrap_or("").trim();
            let own = head.rsplit(' ').next().unwrap_or("").split('<').next().unwrap_or("");
            at += 1;
            if own != name {
                continue;
            }
            while at < lines.len() && lines[at] != "}" {
                let is_hidden = lines[at - 1].trim() == "#[doc(hidden)]";
                if lines[at].starts_with("    pub fn ") || lines[at].starts_with("    pub const ") {
                    let rest = lines[at..].join(" ");
                    let signature = rest.split(" {").next().unwrap().split(';').next().unwrap();
                    if !is_hidden {
                        found.push(signature.split_whitespace().collect::<Vec<_>>().join(" "));
                    }
                }
                at += 1;
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_embedders_see_is_listed() {
    let mut seen = String::new();
    for (path, name) in names() {
        writeln!(seen, "{path}").unwrap();
        for method in methods(&path, &name) {
            writeln!(seen, "    {method}").unwrap();
        }
    }
    let listed = root().join(LISTED);
    if std::env::var("UPDATE_EXPECTED").is_ok_and(|value| value == "1") {
        fs::write(&listed, &seen).unwrap();
    }
    let listed = fs::read_to_string(listed).unwrap_or_default();
    assert!(seen == listed, "what embedders see differs from {LISTED}:\n{seen}");
}
