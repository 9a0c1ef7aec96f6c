//! Runs every command of the README and compares what it prints with what the README shows.
//!
//! In a `console` block a line that starts with `$ ` is a command, and what follows is its output:
//! `[..]` stands for anything within a line, a line `...` for any lines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A command with the output that it should have.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    command: String,
    output: Vec<String>,
}

/// The commands in the `console` blocks of a text.
fn shown(text: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("```") {
            within = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| within) {
            all.push(Shown { command: command.into(), ..Shown::default() });
        } else if within {
            all.last_mut().expect("a block starts with a command").output.push(line.into());
        }
    }
    all
}

/// The command with the built binary in place of `cargo run`; `None` for one that is not run.
fn runnable(command: &str) -> Option<String> {
    if command.starts_with("cargo test") {
        return None;
    }
    let binary = format!("'{}' ", env!("CARGO_BIN_EXE_rulebook"));
    Some(match command.strip_prefix("cargo run ").and_then(|rest| rest.split_once("-- ")) {
        Some((_, arguments)) => binary + arguments,
        None => {
            command.replacen("rulebook ", &binary, usize::from(command.starts_with("rulebook ")))
        }
    })
}

/// Whether a line is as shown; `[..]` stands for anything.
fn fits(shown: &str, line: &str) -> bool {
    let (shown, line) = (shown.trim_end(), line.trim_end());
    let Some((start, rest)) = shown.split_once("[..]") else { return shown == line };
    let Some(line) = line.strip_prefix(start) else { return false };
    let mut ends = (0..=line.len()).filter(|at| line.is_char_boundary(*at));
    ends.any(|at| fits(rest, &line[at..]))
}

/// Whether lines are as shown; a line `...` stands for any lines.
fn all_fit(shown: &[String], lines: &[&str]) -> bool {
    match shown {
        [] => lines.is_empty(),
        [dots, rest @ ..] if dots == "..." => {
            (0..=lines.len()).any(|at| all_fit(rest, &lines[at..]))
        }
        [first, rest @ ..] => lines
            .split_first()
            .is_some_and(|(line, lines)| fits(first, line) && all_fit(rest, lines)),
    }
}

#[test]
fn the_readme_shows_what_its_commands_print() {
    let text = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let all = shown(&text);
    assert!(!all.is_empty(), "the README has no `console` block");
    for Shown { command, output } in all {
        let Some(runnable) = runnable(&command) else { continue };
        let mut shell = Command::new("sh");
        let ran = shell.arg("-c").arg(runnable).current_dir(ROOT).env("NO_COLOR", "1").output();
        let ran = ran.unwrap();
        let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
        let problems = String::from_utf8_lossy(&ran.stderr);
        assert!(matches!(ran.status.code(), Some(0 | 1)), "$ {command}\n{printed}{problems}");
        if output.is_empty() {
            continue;
        }
        let lines: Vec<_> = printed.trim_end().lines().collect();
        let shown = output.join("\n");
        assert!(
            all_fit(&output, &lines),
            "$ {command}\n--- the README shows\n{shown}\n--- the command prints\n{printed}{problems}"
        );
    }
}

#[test]
fn commands_are_found_in_console_blocks_only() {
    let text = "```sh\n$ no\n```\n```console\n$ a b\none\n\n$ c\n```\n$ no\n";
    let command = |command: &str, output: &[&str]| Shown {
        command: command.into(),
        output: output.iter().map(|line| (*line).to_string()).collect(),
    };
    assert_eq!(shown(text), [command("a b", &["one", ""]), command("c", &[])]);
}

#[test]
fn cargo_run_is_the_built_binary() {
    let binary = env!("CARGO_BIN_EXE_rulebook");
    for command in
        ["cargo run --release -- check x", "cargo run -q --locked -- check x", "rulebook check x"]
    {
        assert_eq!(runnable(command).unwrap(), format!("'{binary}' check x"));
    }
    assert_eq!(runnable("cargo test --locked"), None);
    assert_eq!(runnable("cat x | head").unwrap(), "cat x | head");
}

#[test]
fn wildcards_stand_for_anything() {
    assert!(fits("in [..] s ([..] a second)", "in 0.1 s (9 a second)"));
    assert!(fits("[..]", "") && !fits("a[..]b", "ab c") && fits("a[..]", "a 有"));
    let shown = ["a", "...", "d", "..."].map(String::from);
    assert!(all_fit(&shown, &["a", "b", "c", "d"]) && all_fit(&shown, &["a", "d", "e"]));
    assert!(!all_fit(&shown, &["a", "b"]) && !all_fit(&shown, &["b", "d"]));
}
