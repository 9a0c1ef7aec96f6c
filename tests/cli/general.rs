//! What all commands share: help, exit codes for wrong usage, colours, pipes, `init`.

use crate::harness::Folder;
use crate::shop::{requests, shop};

const COMMANDS: &[&str] = &["check", "fmt", "eval", "explain", "test", "init", "completions"];

#[test]
fn the_help_lists_every_command_and_the_exit_codes() {
    for way in ["--help", "-h", "help"] {
        let ran = Folder::new().run(way).exits(0).plain().err_is("").out_has("Exit codes:");
        for command in COMMANDS {
            assert!(ran.out.contains(&format!("\n  {command} ")), "{ran}");
        }
    }
}

#[test]
fn every_command_has_help_with_examples_and_exit_codes() {
    for command in COMMANDS {
        let ran = Folder::new().run(command).arg("--help").exits(0).plain().err_is("");
        let examples = ran.out.contains(&format!("\n  rulebook {command}"));
        assert!(examples && ran.out.contains("Example"), "{ran}");
        assert!(ran.out.contains("Exit codes:"), "`{command} --help` tells no exit codes\n{ran}");
    }
}

#[test]
fn no_arguments_show_the_help_and_are_wrong_usage() {
    Folder::new().run("").exits(2).err_has("Usage: rulebook").out_is("");
}

#[test]
fn the_version_is_told() {
    let version = format!("rulebook {}\n", env!("CARGO_PKG_VERSION"));
    Folder::new().run("--version").exits(0).out_is(&version);
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let cases = [
        ("chek shop", "similar subcommand exists: 'check'"),
        ("check", "<RULEBOOK>"),
        ("check shop --deny-warning", "'--deny-warnings'"),
        ("check shop --format xml", "[possible values: text, json, github, sarif]"),
        ("check --explain unusd", "did you mean `unused`?"),
        ("check shop --explain unused", "cannot be used with"),
        ("eval shop", "--input <FILE>"),
        (
            "eval shop --input - --format xml",
            "[possible values: table, counts, jsonl, json, dsa, parquet, csv, tsv]",
        ),
        ("eval shop --input - --rows some", "invalid value 'some'"),
        ("explain shop --input - --record first", "invalid value 'first'"),
        ("test shop --format tap", "[possible values: text, json, junit, html]"),
        ("init", "<DIR>"),
        ("completions tcsh", "[possible values: bash, elvish, fish, powershell, zsh]"),
    ];
    let folder = shop();
    for (arguments, message) in cases {
        folder.run(arguments).exits(2).plain().out_is("").err_has(message);
    }
}

#[test]
fn a_missing_rulebook_exits_with_2_and_is_named() {
    let folder = Folder::new().with("in.json", "{}");
    let runs = ["check nix", "fmt nix", "test nix", "eval nix --input in.json"];
    for arguments in runs.into_iter().chain(["explain nix --input in.json"]) {
        folder.run(arguments).exits(2).out_is("").err_has("error: cannot read nix: No such file");
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = Folder::new().run("completions").arg(shell).exits(0).err_is("").plain();
        for word in ["deny-warnings", "fail-on", "rejects"] {
            assert!(ran.out.contains(word), "{shell} does not complete {word}");
        }
    }
}

#[test]
fn nothing_is_coloured_in_a_pipe_or_without_colours() {
    let folder = shop().with("in.jsonl", requests(3)).with("bad.policy", "enum E { a, a }");
    let runs = [
        ("check bad.policy", 1),
        ("check shop", 0),
        ("fmt bad.policy --check", 1),
        ("eval shop --input in.jsonl --format table", 0),
        ("explain shop --input in.jsonl", 0),
        ("test shop", 0),
        ("eval shop --input bad.policy", 1),
    ];
    for (arguments, code) in runs {
        folder.run(arguments).exits(code).plain();
        folder.run(arguments).env("NO_COLOR", "1").exits(code).plain();
    }
}

#[test]
fn no_color_beats_a_terminal() {
    let folder = Folder::new().with("bad.policy", "enum E { a, a }");
    let forced = folder.run("check bad.policy").env("CLICOLOR_FORCE", "1").exits(1);
    assert!(forced.out.contains('\u{1b}'), "{forced}");
    let both = folder.run("check bad.policy").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    both.exits(1).plain();
}

#[test]
fn whoever_stops_reading_is_not_told_about_it() {
    let folder = shop()
        .with("many.jsonl", requests(3000))
        .with("many.policy", "enum E { a, a }\n".repeat(600));
    let runs = [
        ("eval shop --input many.jsonl", 0),
        ("eval shop --input many.jsonl --format json", 0),
        ("eval shop --input many.jsonl --format table --rows 0", 0),
        ("check many.policy", 1),
        ("check many.policy --format json", 1),
        ("completions zsh", 0),
    ];
    for (arguments, code) in runs {
        let ran = folder.run(arguments).exits_after_one_line(code);
        assert!(!ran.out.is_empty(), "{ran}");
        assert!(!ran.err.contains("pipe"), "{ran}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let folder = shop().with("in.jsonl", requests(3));
    let all = ["eval shop --input in.jsonl", "check shop", "test shop", "completions zsh"];
    for arguments in all.into_iter().chain(["explain shop --input in.jsonl"]) {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        folder.run(arguments).prints_to(full).exits(2).err_has("error: No space left on device");
    }
}

#[test]
fn a_new_rulebook_checks_tests_judges_and_is_laid_out() {
    let folder = Folder::new();
    let told = folder.run("init my/first").exits(0).plain().err_is("");
    let told = told.out_has("rulebook check my/first").out_has("rulebook test my/first");
    told.out_has("rulebook eval my/first --input my/first/data/returns.jsonl");

    let checked = folder.run("check my/first --deny-warnings").exits(0);
    checked.out_is("returns (1 policy, 2 rules): no problems\n");
    folder.run("test my/first").exits(0).out_has("11 passed, 0 failed");
    let least = "rules=100,clauses=95,phases=100,defaults=100";
    folder.run(&format!("test my/first --coverage --min-coverage {least}")).exits(0);
    folder.run("test my/first --mutate --min-killed 95").exits(0);
    folder.run("fmt my/first --check").exits(0).out_is("");
    let judged = folder.run("eval my/first --input my/first/data/returns.jsonl").exits(0);
    assert_eq!(judged.lines().len(), 3);
}

#[cfg(unix)]
#[test]
fn what_init_prints_runs_as_it_stands() {
    for name in ["my shop", "it's $HOME", "-first", "a;b & c", "*", "two\nlines"] {
        let folder = Folder::new();
        let told = folder.run("init --").arg(name).exits(0).plain().err_is("");
        let commands = told.out.lines().filter(|line| line.starts_with("  rulebook "));
        let commands: Vec<_> = commands.map(str::trim).collect();
        assert_eq!(commands.len(), 3, "{told}");
        for command in commands {
            // Folders whose names cannot be shown are for shells that read `$'…'`.
            let ran = folder.shell("bash", command);
            assert!(ran.status.success(), "{command}\n{}", String::from_utf8_lossy(&ran.stderr));
        }
    }
}

#[test]
fn a_new_rulebook_has_the_name_the_zone_and_the_currency_that_are_wanted() {
    let folder = Folder::new();
    let wanted = "--name shop --zone Europe/Berlin --currency JPY";
    let told = folder.run(&format!("init first {wanted}")).exits(0).plain();
    told.out_has("It is called `shop`, its days begin in Europe/Berlin, and it pays in JPY.\n");
    folder.run("check first --deny-warnings").exits(0).out_has("shop (1 policy, 2 rules)");
    folder.run("fmt first --check").exits(0);
    folder.run("test first --mutate --min-killed 95").exits(0);
    folder.run("eval first --input first/data/returns.jsonl").exits(0);
    // Whatever YAML makes of a word, and wherever clocks change.
    for wanted in [
        "--name Null",
        "--name CNYshop --currency EUR",
        "--zone Australia/Sydney",
        "--zone America/Asuncion",
    ] {
        let folder = Folder::new();
        let name = wanted
            .strip_prefix("--name ")
            .map_or("returns", |name| name.split(' ').next().unwrap());
        folder
            .run(&format!("init first {wanted}"))
            .exits(0)
            .plain()
            .out_has(&format!("It is called `{name}`"));
        folder.run("check first --deny-warnings").exits(0).out_has(&format!("{name} (1 policy"));
        folder.run("test first").exits(0).out_has("11 passed, 0 failed");
    }
    for wrong in ["--name a%", "--name a:b", "--zone Berlin", "--currency XX"] {
        folder.run(&format!("init second {wrong}")).exits(2).err_has("give ");
    }
}

#[test]
fn init_fills_an_empty_folder_and_refuses_any_other() {
    let folder = Folder::new().with("full/.hidden", "").with("file", "");
    std::fs::create_dir(folder.path("empty")).unwrap();
    folder.run("init empty").exits(0);
    folder.run("init empty").exits(2).out_is("").err_is("error: empty is not an empty folder\n");
    folder.run("init full").exits(2).err_is("error: full is not an empty folder\n");
    folder.run("init file").exits(2).err_is("error: file is not an empty folder\n");
    folder.run("init file/below").exits(2).err_has("error: cannot write");
    assert_eq!(crate::harness::names(&folder.path("full")), [".hidden"]);
}
