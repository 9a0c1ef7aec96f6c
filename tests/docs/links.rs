//! Every page is in the table of contents, and every link leads somewhere.

use std::fs;

use super::{chapters, linked, pages, root, shown};

#[test]
fn the_table_of_contents_leads_to_every_page() {
    let listed = linked(&fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap());
    let mut there: Vec<String> = Vec::new();
    for folder in ["docs", "docs/language"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root().join("docs")).unwrap().display().to_string();
            if name.ends_with(".md") && name != "SUMMARY.md" {
                there.push(name);
            }
        }
    }
    let mut listed_once = listed.clone();
    listed_once.sort_unstable();
    there.sort_unstable();
    assert_eq!(listed_once, there);
}

/// The name that a heading has in links.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut broken = Vec::new();
    for path in pages().into_iter().chain(chapters()) {
        for link in linked(&fs::read_to_string(&path).unwrap()) {
            let (file, section) = link.split_once('#').unwrap_or((&link, ""));
            if file.contains("://") || !(file.is_empty() || file.ends_with(".md")) {
                continue;
            }
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            let Ok(text) = fs::read_to_string(&target) else {
                broken.push(format!("{}: {link}", shown(&path)));
                continue;
            };
            let headings = text.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#').trim()));
            if !section.is_empty() && !anchors.any(|known| known == section) {
                broken.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
