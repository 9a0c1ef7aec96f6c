//! Many inputs, and runs that end before their time: an output is complete, or there is none.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::harness::{Folder, each};
use crate::shop::{request, shop};

fn several() -> Folder {
    shop()
        .with("days/2.jsonl", format!("{}\n", request("c", "59")))
        .with("days/1.jsonl", format!("{}\n{}\n", request("a", "59"), request("b", "59")))
}

#[test]
fn several_files_and_patterns_are_one_input() {
    let folder = several();
    let ran = folder.run("eval shop --policy refunds --input days/*.jsonl --format jsonl").exits(0);
    assert_eq!(each(&ran.lines(), "/id"), ["a", "b", "c"]);
    assert_eq!(each(&ran.lines(), "/record"), [0, 1, 2]);
    let inputs = "--input days/2.jsonl --input days/1.jsonl";
    let ran = folder.run("eval shop --policy refunds --format jsonl").args(inputs).exits(0);
    assert_eq!(each(&ran.lines(), "/id"), ["c", "a", "b"]);
    folder
        .run("eval shop --policy refunds --input days/*.yaml")
        .exits(2)
        .err_has("`--input days/*.yaml`: no file matches this pattern");
    folder
        .run("eval shop --policy refunds --input days/[.jsonl")
        .exits(2)
        .err_has("`--input days/[.jsonl`: this is no pattern");
}

#[test]
fn a_format_that_is_named_counts_more_than_the_ending() {
    let folder =
        shop().with("in.txt", "- { id: a, claim: exchange, requested_at: 2024-09-12, amount: 1 }");
    let run = "eval shop --policy refunds --input in.txt --format jsonl";
    folder.run(run).exits(1);
    let ran = folder.run(run).args("--input-format yaml").exits(0);
    assert_eq!(each(&ran.lines(), "/id"), ["a"]);
}

#[test]
fn counts_are_told_without_rows() {
    let folder = several();
    let run = "eval shop --policy refunds --input days/*.jsonl --format counts";
    let ran =
        folder.run(run).exits(0).out_has("3 records in ").out_has(": 3 decided, 0 rejected\n");
    assert!(ran.out.starts_with("refunds."), "{ran}");
    assert!(!ran.out.contains('│'), "{ran}");
    folder.run(run).args("--output counts.txt").exits(0).out_is("");
    assert!(folder.read("counts.txt").contains("3 decided"));
}

/// Starts a run that has opened its first input and its output, and waits for its second input.
#[cfg(unix)]
pub(crate) fn waiting_for(folder: &Folder, input: &str, output: &str) -> std::process::Child {
    // By its ending nobody has to wait for its first bytes to learn its format.
    std::os::unix::fs::symlink("/dev/stdin", folder.path("late.jsonl")).unwrap();
    let run = format!(
        "eval shop --policy refunds --input {input} --input late.jsonl --rejects bad.jsonl --output {output}"
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_rulebook"))
        .current_dir(folder.path("."))
        .args(run.split(' '))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // When all inputs have been opened, the output is created, and rejects at last.
    let created = |folder: &Folder| folder.names().iter().filter(|name| is_partial(name)).count();
    while created(folder) < 2 {
        assert!(child.try_wait().unwrap().is_none(), "the run has ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn is_partial(name: &str) -> bool {
    name.starts_with(".rulebook-") && name.ends_with(".partial")
}

#[cfg(unix)]
#[test]
fn an_input_that_changes_while_it_is_read_gives_no_output() {
    let folder = shop().with("in.jsonl", format!("{}\n", request("a", "59")));
    let child = waiting_for(&folder, "in.jsonl", "out.jsonl");
    let mut input = std::fs::File::options().append(true).open(folder.path("in.jsonl")).unwrap();
    writeln!(input, "{}", request("b", "59")).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("in.jsonl changed while it was read, so nothing is written"), "{told}");
    assert_eq!(folder.names(), ["in.jsonl", "late.jsonl", "shop"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_complete_files_only() {
    let folder = shop().with("in.jsonl", format!("{}\n", request("a", "59")));
    let folder = folder.with("out.jsonl", "of an earlier run\n");
    let mut child = waiting_for(&folder, "in.jsonl", "out.jsonl");
    // Waiting for a child would close its input, and then the run could end before it is interrupted.
    let input = child.stdin.take();
    // An interruption like any other, but one that those who start tests in the background do not ignore.
    let interrupted =
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(130));
    assert_eq!(folder.names(), ["in.jsonl", "late.jsonl", "out.jsonl", "shop"]);
    assert_eq!(folder.read("out.jsonl"), "of an earlier run\n");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_without_room_is_told_and_leaves_nothing() {
    let many = (0..1000).fold(String::new(), |mut text, number| {
        writeln!(text, "{}", request(&format!("r{number}"), "59")).unwrap();
        text
    });
    let folder = shop().with("in.jsonl", many);
    let run = "eval shop --policy refunds --input in.jsonl --format jsonl --output";
    for output in ["--output /dev/full", "--rejects bad.jsonl --output /dev/full"] {
        let run = run.strip_suffix("--output").unwrap();
        let ran = folder.run(run).args(output).exits(2);
        assert!(ran.err.contains("cannot write /dev/full: No space left on device"), "{ran}");
    }
    // A file that may not grow: what is written fails, where nobody minds the signal.
    let limited = format!(
        "trap '' XFSZ; ulimit -f 8; exec {} {run} out.jsonl",
        env!("CARGO_BIN_EXE_rulebook")
    );
    let mut shell = Command::new("sh");
    let output = shell.current_dir(folder.path(".")).args(["-c", &limited]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("out.jsonl: File too large"), "{told}");
    assert_eq!(folder.names(), ["in.jsonl", "shop"]);
}
