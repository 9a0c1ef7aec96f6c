//! The shape of the code: which module may use which, and how long files may grow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "surface.rs"]
mod surface;

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of the house from the ground up, and where their sources are. A room uses those before it; the
/// compiler refuses circles, and `rooms_use_only_what_stands_below_them` a floor that slips.
const ROOMS: &[(&str, &str)] = &[
    ("rulebook-base", "crates/base/src"),
    ("rulebook-lang", "crates/lang/src"),
    ("rulebook-syntax", "crates/syntax/src"),
    ("rulebook-core", "crates/core/src"),
    ("rulebook", "src"),
    ("rulebook-tools", "crates/tools/src"),
    ("rulebook-stream", "crates/stream/src"),
    ("rulebook-cli", "crates/cli/src"),
];

/// Within these rooms, too, a module uses only what stands before it.
const FLOORS: &[(&str, &[&str])] = &[
    ("crates/base/src", &["contain", "source", "visible", "diagnostic", "file"]),
    (
        "crates/lang/src",
        &[
            "model",
            "locale",
            "window",
            "hash",
            "coded",
            "fault",
            "kernel",
            "signature",
            "combiner",
            "operator",
            "figures",
            "function",
            "yaml",
        ],
    ),
    ("crates/core/src", &["settings", "script", "check", "program", "facts", "history", "eval"]),
    ("crates/tools/src", &["markup", "analyse", "scenario", "document", "simulate", "report"]),
];

const MAX_LINES: usize = 600;
const MAX_MAIN_LINES: usize = 25;

struct SourceFile {
    /// The folder of its room.
    room: &'static str,
    /// Relative to that, with `/` between the steps.
    path: String,
    text: String,
}

impl SourceFile {
    /// The module at the root of the room that the file belongs to.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// How many modules deep the file stands: 0 for the root of the room.
    fn depth(&self) -> usize {
        let steps = self.path.trim_end_matches(".rs").split('/');
        steps.filter(|step| !["lib", "main", "mod"].contains(step)).count()
    }

    /// Every module at the root of the room that the file names, with the line where it does.
    fn used_modules(&self) -> Vec<(usize, String)> {
        // Modules of tests are within the file; what they name is beside the point.
        let (text, _) = self.text.split_once("\nmod tests {").unwrap_or((&self.text, ""));
        let lines = text.lines().map(|line| match line.trim_start().starts_with("//") {
            true => "",
            false => line,
        });
        let code = lines.collect::<Vec<_>>().join("\n");
        let ends: Vec<_> = code.match_indices('\n').map(|(at, _)| at).collect();
        let mut used = Vec::new();
        for (at, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c)) {
                continue;
            }
            let line = ends.partition_point(|end| *end < at) + 1;
            let names = names_at_root(&code[at..], self.depth());
            used.extend(names.into_iter().map(|name| (line, name)));
        }
        used
    }

    /// The lines that are not comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Where the file is, for those who look for it.
    fn place(&self) -> String {
        format!("{}/{}", self.room, self.path)
    }
}

/// The modules at the root of the crate that a path names: `text` begins with `crate::` or `super::`, and
/// stands in a module so many steps below the root.
fn names_at_root(text: &str, depth: usize) -> Vec<String> {
    let (mut rest, mut above) = match text.strip_prefix("crate::") {
        Some(rest) => (rest, depth),
        None => (text, 0),
    };
    while let Some(further) = rest.strip_prefix("super::") {
        (rest, above) = (further, above + 1);
    }
    if above < depth {
        return Vec::new();
    }
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_string()
    };
    match rest.strip_prefix('{') {
        Some(several) => {
            parts(several).into_iter().map(word).filter(|name| !name.is_empty()).collect()
        }
        None => vec![word(rest)],
    }
}

/// The paths of `a::{b, c}, d}…`, those in braces with the path before them.
fn parts(several: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in several.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(several[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(several[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let file =
        |path: &str, text: &str| SourceFile { room: "src", path: path.into(), text: text.into() };
    let used = |path, text| {
        file(path, text).used_modules().into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    let nested = "use crate::{\n    source::{FileId, Span},\n    eval::Decision,\n};";
    assert_eq!(used("model/time.rs", nested), ["source", "eval"]);
    assert_eq!(used("model/time.rs", "use super::super::cli;"), ["cli"]);
    assert_eq!(used("model/mod.rs", "use super::cli::{self, args};"), ["cli"]);
    assert_eq!(used("model.rs", "fn f() { super::cli::run() }"), ["cli"]);
    assert_eq!(used("model/time.rs", "use super::number::Number;"), [""; 0]);
    assert_eq!(used("model/time.rs", "// use crate::cli;\nuse other_crate::cli;"), [""; 0]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<SourceFile> {
    let mut files = Vec::new();
    for (_, room) in ROOMS {
        let folder = root().join(room);
        let mut paths = Vec::new();
        collect(&folder, &mut paths);
        paths.sort();
        files.extend(paths.into_iter().map(|path| SourceFile {
            room,
            path: path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/"),
            text: fs::read_to_string(&path).unwrap(),
        }));
    }
    files
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
fn every_crate_is_a_room() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = format!("crates/{}/src", entry.unwrap().file_name().to_string_lossy());
        assert!(ROOMS.iter().any(|(_, room)| *room == folder), "{folder} has no floor");
    }
}

#[test]
fn rooms_use_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for (floor, (name, folder)) in ROOMS.iter().enumerate() {
        let manifest = root().join(folder).join("../Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        let (_, dependencies) = manifest.split_once("\n[dependencies]").unwrap();
        let dependencies = dependencies.split("\n[").next().unwrap();
        for line in dependencies.lines() {
            let used = line.split(['.', ' ', '=']).next().unwrap();
            if ROOMS.iter().skip(floor).any(|(above, _)| *above == used) {
                wrong.push(format!("{name} uses {used} from above"));
            }
        }
    }
    report(&wrong);
}

#[test]
fn modules_use_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some((_, floors)) = FLOORS.iter().find(|(room, _)| *room == file.room) else {
            continue;
        };
        let floor = |module: &str| floors.iter().position(|known| *known == module);
        if file.module() == "lib" {
            continue;
        }
        let Some(own) = floor(file.module()) else {
            wrong.push(format!("{} has no floor", file.place()));
            continue;
        };
        for (line, used) in file.used_modules() {
            if used != file.module() && floor(&used).is_none_or(|other| other >= own) {
                wrong.push(format!("{}:{line} uses `{used}` from above", file.place()));
            }
        }
    }
    report(&wrong);
}

#[test]
fn only_the_syntax_knows_its_parser_generator() {
    let files = sources();
    let outside = files.iter().filter(|file| file.room != "crates/syntax/src");
    let wrong: Vec<_> = outside
        .filter(|file| file.code().any(|(_, line)| line.contains("pest")))
        .map(|file| format!("{} mentions pest", file.place()))
        .collect();
    report(&wrong);
}

/// Marks that are put together by hand hold whatever somebody forgot to escape.
#[test]
fn only_one_file_writes_marks() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.place() != "crates/tools/src/markup.rs") {
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
                wrong.push(format!("{}:{} writes marks", file.place(), at + 1));
            }
        }
    }
    report(&wrong);
}

#[test]
fn what_people_see_passes_one_door() {
    const DOOR: &str = "crates/cli/src/screen.rs";
    // Macros and streams print what others wrote as it is, and so does the name of a file.
    let ways = ["print!(", "println!(", "anstream::", "stdout().", "stderr().", ".display()"];
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.place() != DOOR) {
        for (index, line) in file.code() {
            let asks = line.contains("is_terminal()");
            if let Some(way) = ways.iter().find(|way| line.contains(**way) && !asks) {
                wrong.push(format!("{}:{} has `{way}`: see {DOOR}", file.place(), index + 1));
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
    for file in files.iter().filter(|file| file.place() != "crates/base/src/file.rs") {
        let code = file.code().take_while(|(_, line)| !line.contains("#[cfg(test)]"));
        let plain = code.filter(|(_, line)| PLAIN.iter().any(|plain| line.contains(plain)));
        wrong.extend(plain.map(|(line, _)| format!("{}:{}: use `file`", file.place(), line + 1)));
    }
    report(&wrong);
}

#[test]
fn every_file_says_what_it_does() {
    let files = sources();
    let silent = files.iter().filter(|file| !file.text.starts_with("//! "));
    report(&silent.map(|file| format!("{} has no `//!` line", file.place())).collect::<Vec<_>>());
}

#[test]
fn no_file_grows_too_long() {
    let mut wrong = Vec::new();
    for file in sources() {
        let limit = if file.path == "main.rs" { MAX_MAIN_LINES - 1 } else { MAX_LINES };
        let lines = file.text.lines().count();
        if lines > limit {
            wrong.push(format!("{} has {lines} lines, more than {limit}", file.place()));
        }
    }
    report(&wrong);
}
