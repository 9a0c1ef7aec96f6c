//! The shape of the code: which module may use which, and how long files may grow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "paths.rs"]
mod paths;
#[path = "surface.rs"]
mod surface;

use std::fs;
use std::path::{Path, PathBuf};

use paths::{Room, SourceFile};

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

/// Within these folders, too, a module uses only what stands before it.
const FLOORS: &[(&str, &[&str])] = &[
    (
        "crates/base/src",
        &["contain", "digest", "source", "visible", "diagnostic", "file", "packed", "encoding"],
    ),
    (
        "crates/lang/src",
        &[
            "model",
            "figures",
            "scalar",
            "reading",
            "tally",
            "window",
            "hash",
            "coded",
            "fault",
            "kernel",
            "fold",
            "signature",
            "combiner",
            "operator",
            "function",
            "yaml",
        ],
    ),
    (
        "crates/core/src",
        &[
            "ids", "texts", "settings", "script", "check", "program", "facts", "history", "eval",
            "analyse",
        ],
    ),
    // Judging, telling what was judged, asking again; batches remember what was told.
    ("crates/core/src/eval", &["judge", "tell", "again", "batch"]),
    ("crates/tools/src", &["markup", "scenario", "document", "simulate", "report"]),
];

/// How many files of a folder go round in the longest circle, each using the next: never more than there are.
/// Three are the most.
const CIRCLES: &[(&str, usize)] = &[
    ("crates/base/src", 0),
    // A time has a zone, and what is added to times is a duration.
    ("crates/lang/src", 2),
    // Texts have placeholders, which are expressions, which have texts.
    ("crates/syntax/src", 2),
    // A record is judged by what else is decided about it and about its elements, which is judged alike; an
    // expression has operations and calls, which have expressions.
    ("crates/core/src", 3),
    // A policy gives an evaluation, which is of a policy, and takes the rows of a batch, which policies read.
    ("src", 3),
    // An earlier record of a scenario is read as its record is.
    ("crates/tools/src", 2),
    // A block may hold rows of a sheet, which fills blocks.
    ("crates/stream/src", 3),
    ("crates/cli/src", 2),
];

const MAX_LINES: usize = 600;
const MAX_MAIN_LINES: usize = 25;

#[test]
fn paths_are_read_as_rust_reads_them() {
    let used = |path: &str, text: &str| {
        let file = SourceFile { room: "src", path: path.into(), text: text.into() };
        let used = file.used().into_iter().map(|(_, steps)| steps.join("::"));
        used.collect::<Vec<_>>()
    };
    let nested = "use crate::{\n    source::{FileId, Span},\n    eval::Decision,\n};";
    assert_eq!(used("model/time.rs", nested), ["source::FileId", "source::Span", "eval::Decision"]);
    assert_eq!(used("model/time.rs", "use super::super::cli;"), ["cli"]);
    assert_eq!(used("model/mod.rs", "use super::cli::{self, args};"), ["cli", "cli::args"]);
    assert_eq!(used("model.rs", "fn f() { super::cli::run() }"), ["cli::run"]);
    assert_eq!(used("model/time.rs", "use super::number::Number;"), ["model::number::Number"]);
    assert_eq!(used("model/mod.rs", "mod time;\npub use time::*;"), ["model::time::*"]);
    assert_eq!(used("model/time.rs", "pub(in crate::model) struct Time;"), [""; 0]);
    assert_eq!(used("model/time.rs", "// use crate::cli;\nuse other_crate::cli;"), [""; 0]);
}

#[test]
fn circles_are_found_behind_doors() {
    let file =
        |path: &str, text: &str| SourceFile { room: "src", path: path.into(), text: text.into() };
    let files = [
        file(
            "lib.rs",
            "mod one;\nmod two;\nmod four;\npub use two::Two;\npub use one::{One as First};\npub use four::four;",
        ),
        file("one.rs", "use super::Two;\npub struct One(Option<Box<Two>>);"),
        file("two.rs", "pub struct Two(crate::First);"),
        file("three.rs", "use super::one::One;"),
        // The door passes `four` on, and does not use it.
        file("four.rs", "pub fn four(root: crate::Root) {}"),
    ];
    assert_eq!(Room::new(&files).longest_circle(), ["one.rs", "two.rs"]);
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
    let files = sources();
    for (folder, floors) in FLOORS {
        let floor = |module: &str| floors.iter().position(|known| *known == module);
        let (_, room) = ROOMS.iter().find(|(_, room)| folder.starts_with(room)).unwrap();
        let above: Vec<_> = folder[room.len()..].split('/').skip(1).collect();
        for file in files.iter().filter(|file| file.room == *room) {
            let steps = file.module();
            let Some([module, ..]) = within(&steps, &above) else { continue };
            let Some(own) = floor(module) else {
                wrong.push(format!("{} has no floor", file.place()));
                continue;
            };
            for (line, used) in file.used() {
                let Some([used, ..]) = within(&used, &above) else { continue };
                if used != module && floor(used).is_none_or(|other| other >= own) {
                    wrong.push(format!("{}:{line} uses `{used}` from above", file.place()));
                }
            }
        }
    }
    report(&wrong);
}

/// The steps below a folder, if a path leads there.
fn within<'s>(steps: &'s [String], folder: &[&str]) -> Option<&'s [String]> {
    let (before, steps) = steps.split_at_checked(folder.len())?;
    (before == folder).then_some(steps)
}

#[test]
fn files_go_round_in_short_circles() {
    let files = sources();
    let unlisted = ROOMS.iter().filter(|(_, room)| CIRCLES.iter().all(|(known, _)| known != room));
    let mut wrong: Vec<_> = unlisted.map(|(_, room)| format!("{room} is not listed")).collect();
    for (folder, length) in CIRCLES {
        let inner = files.iter().filter(|file| Path::new(&file.place()).starts_with(folder));
        let circle = Room::new(inner).longest_circle();
        if circle.len() != *length {
            let (found, names) = (circle.len(), circle.join(", "));
            wrong.push(format!("{folder}: {found} files, not {length}, in a circle: {names}"));
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
