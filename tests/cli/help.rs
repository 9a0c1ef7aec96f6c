//! The help of every command at usual widths: text is wrapped once, and examples can be copied.

use crate::harness::Folder;

const COMMANDS: &[&str] = &[
    "check",
    "fmt",
    "eval",
    "explain",
    "simulate",
    "sweep",
    "test",
    "doc",
    "timeline",
    "init",
    "completions",
];

fn help(command: &str, columns: usize) -> String {
    let run = Folder::new().run(command).arg("--help").env("COLUMNS", &columns.to_string());
    run.exits(0).plain().err_is("").out
}

/// The commands below `Example:` or `Examples:`, as they would be copied.
fn examples(help: &str) -> Vec<String> {
    let from = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
    let lines: Vec<_> = from.take_while(|line| !line.is_empty()).collect();
    let all = lines.join("\n").replace("\\\n", " ");
    all.lines().map(|line| line.trim().to_string()).collect()
}

#[test]
fn no_line_is_too_long_and_none_is_broken_twice() {
    for command in COMMANDS.iter().chain([&""]) {
        for columns in [80, 100] {
            let help = help(command, columns);
            let lines: Vec<_> = help.lines().collect();
            for line in &lines {
                assert!(line.chars().count() <= columns, "{command} at {columns}: {line}");
            }
            let indent = |line: &str| line.len() - line.trim_start().len();
            for [line, next] in lines.array_windows::<2>() {
                let goes_on = indent(line) == indent(next) && !next.trim_start().starts_with('-');
                let alone = !line.trim().is_empty() && !line.trim().contains(' ');
                let is_last = next.trim().is_empty();
                assert!(!alone || !goes_on || is_last, "{command}: {line}\n{next}");
            }
        }
    }
}

#[test]
fn a_paragraph_takes_the_width_that_there_is() {
    for command in ["eval", "simulate", "sweep", "doc", "timeline"] {
        let help = help(command, 100);
        let prose = help.split("Print help").last().unwrap_or("");
        let prose = prose.split("Example").next().unwrap_or("");
        let lines: Vec<_> = prose.lines().skip(1).collect();
        for [line, next] in lines.array_windows::<2>() {
            let word = next.split(' ').next().unwrap_or("").chars().count();
            let whole = line.is_empty() || word == 0 || line.chars().count() + 1 + word > 100;
            assert!(whole, "{command}: {line}\n{next}");
        }
    }
}

#[test]
fn exit_codes_stand_as_they_were_laid_out() {
    for columns in [80, 100] {
        let codes = |command| help(command, columns).split("Exit codes:").nth(1).map(String::from);
        let told = codes("check").unwrap();
        assert!(told.starts_with("\n  0  done\n  1  what was asked about failed: "), "{told}");
        assert!(COMMANDS.iter().all(|command| codes(command).as_ref() == Some(&told)));
    }
}

#[cfg(unix)]
#[test]
fn every_example_is_taken_as_it_is_copied() {
    for command in COMMANDS {
        let [narrow, wide] = [80, 100].map(|columns| examples(&help(command, columns)));
        assert!(!narrow.is_empty(), "{command}");
        assert_eq!(narrow, wide, "{command}");
        for example in narrow {
            assert!(example.contains(&format!("rulebook {command} ")), "{example}");
            // Files are not there, so that it comes as far as to what it was asked.
            let folder = Folder::new().with("home/.local/share/bash-completion/completions/x", "");
            let output = folder.shell("sh", &format!("HOME=home; {example}"));
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(!told.contains("Usage:") && !told.contains("--help"), "{example}\n{told}");
            let needs_files = !["init", "completions"].contains(command);
            assert!(needs_files || output.status.success(), "{example}\n{told}");
        }
    }
}
