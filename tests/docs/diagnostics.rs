//! `docs/diagnostics.md` is generated from the table of codes, and its examples are what they say: a wrong
//! one is told by its code and by no other, a right one by none.

use std::fs;
use std::path::{Component, Path, PathBuf};

use rulebook::{Files, Options, Rulebook, SETTINGS_FILE};
use rulebook_base::diagnostic::{Code, did_you_mean};
use rulebook_base::source::FileId;
use rulebook_tools::scenario;

use super::{root, wants_update};

const HEAD: &str = "\
<!-- Generated from the files of `crates/base/src/diagnostic/codes`. `UPDATE_EXPECTED=1 cargo test --test pages
     docs` writes it anew; changes by hand are lost. -->

# Diagnostics

What each code of `rulebook check` means, in the order of the table in the [reference](reference.md#diagnostics).
`rulebook check --explain CODE` tells the same. Errors keep a rulebook from being used; `lints` in `rulebook.yaml`
[says how loud each warning is](language/what_the_checker_warns_of.md). A wrong example is told by its code and by no
other; beside an example without a `rulebook.yaml` there is one that only gives a name.
";

/// Codes without a wrong example, each with the reason.
const WITHOUT_WRONG: &[(Code, &str)] = &[
    (Code::BadEncoding, "the page is UTF-8 itself"),
    (Code::UnknownParameter, "the caller sets it"),
    (Code::MissingFeature, "told by a library without scripts"),
    (Code::TableSearch, "the table would be longer than the page"),
];

fn page() -> String {
    let sections = Code::ALL.iter().map(|code| {
        let (name, severity) = (code.name(), code.default_severity().name());
        format!("\n## `{name}`\n\n*{severity}:* {}\n\n{}", code.meaning(), code.explained())
    });
    std::iter::once(HEAD.to_string()).chain(sections).collect()
}

/// The blocks of files in a part of a text.
fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some("") => is_open = false,
            Some(info) => {
                if let Some((_, path)) = info.split_once(' ') {
                    files.push((path.to_string(), String::new()));
                    is_open = true;
                }
            }
            None if is_open => files.last_mut().unwrap().1.push_str(&format!("{line}\n")),
            None => {}
        }
    }
    files
}

/// A path below a folder, whose `..` lead above it by name.
fn below(folder: &Path, path: &str) -> PathBuf {
    let mut below = folder.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => drop(below.pop()),
            part => below.push(part),
        }
    }
    below
}

/// The codes by which files are told, each once.
fn told(code: Code, files: &[(String, String)]) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    let settings = (SETTINGS_FILE.to_string(), "name: shop\n".to_string());
    let has_settings = files.iter().any(|(path, _)| path == SETTINGS_FILE);
    let usual = (!has_settings && code != Code::MissingSettings).then_some(&settings);
    for (path, text) in files.iter().chain(usual) {
        let path = below(&shop, path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let options = Options::new().in_depth();
    let inspection = Rulebook::inspect(&Files::read(&shop).unwrap(), &options);
    let mut codes: Vec<_> = inspection.diagnostics.iter().map(|found| found.code.name()).collect();
    if let Some(rulebook) = &inspection.rulebook {
        let zone = &rulebook.settings().zone;
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("tests/")) {
            let read = scenario::read(FileId(0), text, rulebook.program(), zone);
            assert!(path.ends_with(".yaml"));
            codes.extend(read.err().unwrap_or_default().iter().map(|found| found.code.name()));
        }
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn the_page_is_what_the_codes_say() {
    let (path, page) = (root().join("docs/diagnostics.md"), page());
    if wants_update() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/diagnostics.md is stale");
}

#[test]
fn examples_of_codes_are_what_they_say() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let text = code.explained();
        let (before, right) = text.split_once("Right:\n").unwrap_or((text, ""));
        let example = before.split_once("Wrong:\n").map(|(_, example)| files(example));
        let is_excused = WITHOUT_WRONG.iter().any(|(excused, _)| excused == code);
        if example.is_none() != is_excused {
            wrong.push(format!("{}: a wrong example is missing, or need not be", code.name()));
        }
        if let Some(example) = example {
            let told = told(*code, &example);
            if told != [code.name()] {
                wrong.push(format!("{}: the wrong example is told by {told:?}", code.name()));
            }
        }
        let told = told(*code, &files(right));
        if !told.is_empty() || files(right).is_empty() {
            wrong.push(format!("{}: the right example is told by {told:?}", code.name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_file_of_codes_is_that_of_a_code() {
    let codes = root().join("crates/base/src/diagnostic/codes");
    for entry in fs::read_dir(codes).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let near = did_you_mean(name, Code::ALL.iter().map(|code| code.name()));
        assert!(Code::from_name(name).is_some(), "there is no code `{name}`: {near:?}");
    }
}
