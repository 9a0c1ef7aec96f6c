//! The shape of the code: which module may use which, and how long files may grow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the building, from the ground up: a module uses only those on floors below its
/// own, and those that stand before it on its own floor.
const FLOORS: &[&[&str]] = &[
    &["contain", "source", "visible", "markup", "diagnostic", "file"],
    &["model", "yaml", "settings"],
    &["lang", "figures", "script"],
    &["syntax"],
    &["check"],
    &["program"],
    &["facts", "history"],
    &["eval"],
    &["statement", "rulebook", "profiles", "analyse", "scenario", "document"],
    &["simulate", "report"],
    &["cli"],
];

/// Files that only put the modules together.
const EDGES: &[&str] = &["lib", "main"];

const MAX_LINES: usize = 600;
const MAX_MAIN_LINES: usize = 25;

struct SourceFile {
    /// Relative to `src/`, with `/` between the steps.
    path: String,
    text: String,
}

impl SourceFile {
    /// The module at the root of the crate that the file belongs to.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Every module at the root of the crate that the file names, with the line where it does.
    fn used_modules(&self) -> Vec<(usize, String)> {
        let mut used = Vec::new();
        for (index, line) in self.code() {
            for rest in line.split("crate::").skip(1) {
                used.extend(first_names(rest).into_iter().map(|name| (index + 1, name)));
            }
        }
        used
    }

    /// The lines that are not comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The first step of a path, or of each path of `{…}`.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_string()
    };
    match rest.strip_prefix('{') {
        Some(several) => {
            let several = several.split('}').next().unwrap();
            several
                .split(',')
                .map(|path| word(path.trim()))
                .filter(|name| !name.is_empty())
                .collect()
        }
        None => vec![word(rest)],
    }
}

fn floor(module: &str) -> Option<(usize, usize)> {
    FLOORS.iter().enumerate().find_map(|(floor, modules)| {
        modules.iter().position(|known| *known == module).map(|place| (floor, place))
    })
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| SourceFile {
        path: path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_its_floor() {
    let unknown: Vec<_> = sources()
        .iter()
        .map(|file| file.module().to_string())
        .filter(|module| floor(module).is_none() && !EDGES.contains(&module.as_str()))
        .collect();
    report(&unknown);
}

#[test]
fn modules_use_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(own) = floor(file.module()) else { continue };
        for (line, used) in file.used_modules() {
            // A name that is no module, such as `Rulebook`, comes from the public edge.
            let other = floor(&used).or_else(|| floor("rulebook"));
            if used != file.module() && other.is_some_and(|other| other >= own) {
                wrong.push(format!("src/{}:{line} uses `{used}` from above", file.path));
            }
        }
    }
    report(&wrong);
}

#[test]
fn only_the_syntax_knows_its_parser_generator() {
    let files = sources();
    let outside = files.iter().filter(|file| file.module() != "syntax");
    let wrong: Vec<_> = outside
        .filter(|file| file.code().any(|(_, line)| line.contains("pest")))
        .map(|file| format!("src/{} mentions pest", file.path))
        .collect();
    report(&wrong);
}

/// Marks that are put together by hand hold whatever somebody forgot to escape.
#[test]
fn only_one_file_writes_marks() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.path != "markup.rs") {
        let code = file.code().take_while(|(_, line)| *line != "#[cfg(test)]");
        for (at, line) in code {
            let opens = |part: &str| {
                part.strip_prefix(['/', '!', '?'])
                    .unwrap_or(part)
                    .starts_with(|c: char| c.is_ascii_lowercase())
            };
            let literals = line.split('"').skip(1).step_by(2);
            let writes = literals.flat_map(|text| text.split('<').skip(1)).any(opens);
            if writes || line.contains("PreEscaped") {
                wrong.push(format!("src/{}:{} writes marks", file.path, at + 1));
            }
        }
    }
    report(&wrong);
}

#[test]
fn what_people_see_passes_one_door() {
    const DOOR: &str = "cli/screen.rs";
    // Macros and streams print what others wrote as it is, and so does the name of a file.
    let ways = ["print!(", "println!(", "anstream::", "stdout().", "stderr().", ".display()"];
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.path != DOOR) {
        for (index, line) in file.code() {
            let asks = line.contains("is_terminal()");
            if let Some(way) = ways.iter().find(|way| line.contains(**way) && !asks) {
                wrong.push(format!("src/{}:{} has `{way}`: see src/{DOOR}", file.path, index + 1));
            }
        }
    }
    report(&wrong);
}

/// Whoever opens a file plainly waits for a pipe, and reads a device without an end.
#[test]
fn files_are_opened_in_one_place() {
    const PLAIN: &[&str] = &["File::open(", "fs::read(", "fs::read_to_string("];
    let files = sources();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.module() != "file") {
        let code = file.code().take_while(|(_, line)| !line.contains("#[cfg(test)]"));
        let plain = code.filter(|(_, line)| PLAIN.iter().any(|plain| line.contains(plain)));
        wrong.extend(plain.map(|(line, _)| format!("src/{}:{}: use `file`", file.path, line + 1)));
    }
    report(&wrong);
}

#[test]
fn every_file_says_what_it_does() {
    let files = sources();
    let silent = files.iter().filter(|file| !file.text.starts_with("//! "));
    report(&silent.map(|file| format!("src/{} has no `//!` line", file.path)).collect::<Vec<_>>());
}

#[test]
fn no_file_grows_too_long() {
    let mut wrong = Vec::new();
    for file in sources() {
        let limit = if file.path == "main.rs" { MAX_MAIN_LINES - 1 } else { MAX_LINES };
        let lines = file.text.lines().count();
        if lines > limit {
            wrong.push(format!("src/{} has {lines} lines, more than {limit}", file.path));
        }
    }
    report(&wrong);
}
