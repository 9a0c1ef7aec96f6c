//! Files that are written: each whole, under the name that was meant and no other, whoever else writes.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::harness::Folder;
use crate::shop::{SETTINGS, request, requests, shop};

const OUTPUT: &str = "eval shop --policy refunds --input in.jsonl --output";

/// Starts a run and does not wait for it.
fn start(folder: &Folder, arguments: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rulebook"));
    command.current_dir(folder.path(".")).args(arguments.split(' '));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Every command that writes a file, with a place for its name.
const WRITERS: &[&str] = &[
    "eval shop --policy refunds --input in.jsonl --output FILE",
    "eval shop --policy refunds --input in.jsonl --output FILE --format table",
    "eval shop --policy refunds --input in.jsonl --rejects FILE",
    "simulate shop --policy refunds --input in.jsonl --output FILE",
    "simulate shop --policy refunds --input in.jsonl --output FILE --format parquet",
    "simulate shop --policy refunds --input in.jsonl --report FILE",
    "simulate shop --policy refunds --input in.jsonl --set limit=50 --flips FILE",
    "sweep shop --policy refunds --input in.jsonl --set limit=50..60/10 --output FILE",
    "test shop --coverage --output FILE",
    "timeline shop --output FILE",
];

fn folder() -> Folder {
    shop().with("in.jsonl", requests(3)).with("precious.txt", "precious")
}

#[cfg(unix)]
#[test]
fn what_is_written_aside_is_never_an_old_file_or_a_link() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    symlink("precious.txt", folder.path(".out.jsonl.partial")).unwrap();
    folder.run(OUTPUT).arg("out.jsonl").exits(0);
    assert_eq!(folder.read("precious.txt"), "precious");
    let written = std::fs::symlink_metadata(folder.path("out.jsonl")).unwrap();
    assert!(written.is_file());
}

#[cfg(unix)]
#[test]
fn no_output_goes_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    symlink("precious.txt", folder.path("link")).unwrap();
    symlink("nowhere.txt", folder.path("dangling")).unwrap();
    let before = folder.names();
    for writer in WRITERS {
        for link in ["link", "dangling"] {
            let ran = folder.run(&writer.replace("FILE", link)).exits(2);
            ran.err_has(&format!("cannot write {link}: it is a link, and the file behind it"));
        }
        assert_eq!(folder.names(), before, "{writer}");
        assert_eq!(folder.read("precious.txt"), "precious", "{writer}");
    }
}

#[cfg(unix)]
#[test]
fn a_policy_behind_a_link_is_not_laid_out() {
    let folder = Folder::new().with("one.policy", "enum   E{a b}\n");
    std::os::unix::fs::symlink("one.policy", folder.path("link.policy")).unwrap();
    folder
        .run("fmt link.policy")
        .exits(2)
        .out_is("")
        .err_has("cannot write link.policy: it is a link");
    assert_eq!(folder.read("one.policy"), "enum   E{a b}\n");
}

#[cfg(unix)]
#[test]
fn an_output_has_the_mode_of_the_file_that_it_replaces() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let folder = folder();
    for writer in WRITERS {
        let new = folder.path("new");
        folder.run(&writer.replace("FILE", "new")).exits(0);
        // As whatever is made here has it.
        assert_eq!(mode(&new), mode(&folder.path("precious.txt")), "{writer}");
        for own in [0o600, 0o640] {
            std::fs::set_permissions(&new, std::fs::Permissions::from_mode(own)).unwrap();
            folder.run(&writer.replace("FILE", "new")).exits(0);
            assert_eq!(mode(&new), own, "{writer}");
        }
        std::fs::remove_file(new).unwrap();
    }
}

#[test]
fn of_two_runs_with_one_output_each_writes_all_of_it_or_nothing() {
    let many: String =
        (0..1500).map(|number| request(&format!("m{number}"), "nix") + "\n").collect();
    let folder = shop().with("in.jsonl", requests(1500)).with("few.jsonl", requests(40));
    let folder = folder.with("bad.jsonl", many);
    let names = folder.names();
    for format in ["jsonl", "parquet"] {
        let expected = ["in.jsonl", "few.jsonl"].map(|input| {
            let run = format!(
                "eval shop --policy refunds --format {format} --output alone --input {input}"
            );
            folder.run(&run).exits(0);
            let written = std::fs::read(folder.path("alone")).unwrap();
            std::fs::remove_file(folder.path("alone")).unwrap();
            written
        });
        for _ in 0..6 {
            let runs = ["in.jsonl", "few.jsonl", "in.jsonl"].map(|input| {
                let run = format!(
                    "eval shop --policy refunds --format {format} --output out --input {input}"
                );
                start(&folder, &run)
            });
            for mut run in runs {
                assert_eq!(run.wait().unwrap().code(), Some(0));
            }
            let written = std::fs::read(folder.path("out")).unwrap();
            assert!(expected.contains(&written), "a mix of two outputs");
            std::fs::remove_file(folder.path("out")).unwrap();
            assert_eq!(folder.names(), names);
        }
    }
    // Rejects are outputs like any other.
    let runs = [1, 2]
        .map(|_| start(&folder, "eval shop --policy refunds --input bad.jsonl --rejects out"));
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(1));
    }
    assert_eq!(crate::harness::json_lines(&folder.read("out")).len(), 1500);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_what_was_there() {
    let folder = shop().with("in.jsonl", requests(1)).with("out.jsonl", "of an earlier run\n");
    let mut child = crate::files::waiting_for(&folder, "in.jsonl", "out.jsonl");
    let input = child.stdin.take();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(input);
    assert_eq!(folder.read("out.jsonl"), "of an earlier run\n");
    let (left, names): (Vec<_>, Vec<_>) =
        folder.names().into_iter().partition(|name| name.starts_with(".rulebook-"));
    assert_eq!(names, ["in.jsonl", "late.jsonl", "out.jsonl", "shop"]);
    // Nobody can tell their names before.
    assert!(left.len() == 2 && left.iter().all(|name| name.len() > 30), "{left:?}");
}

#[test]
fn no_two_names_of_a_run_stand_for_one_file() {
    let folder = folder().with("rows/in.jsonl", requests(2));
    std::fs::hard_link(folder.path("in.jsonl"), folder.path("hard.jsonl")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("rows", folder.path("linked")).unwrap();
    let full = folder.path("in.jsonl").display().to_string();
    let eval = "eval shop --policy refunds --input in.jsonl";
    let simulate = "simulate shop --policy refunds --input in.jsonl --set limit=50";
    let mut runs = vec![
        (format!("{eval} --output x --rejects x"), "`--output` and `--rejects`"),
        (format!("{eval} --output x --rejects ./x"), "`--output` and `--rejects`"),
        (format!("{eval} --output x --rejects shop/../x"), "`--output` and `--rejects`"),
        (format!("{eval} --output in.jsonl"), "`--output` and `--input`"),
        (format!("{eval} --output ./in.jsonl"), "`--output` and `--input`"),
        (format!("{eval} --output {full}"), "`--output` and `--input`"),
        (format!("{eval} --rejects in.jsonl"), "`--rejects` and `--input`"),
        (format!("{eval} --output shop/shop.policy"), "`--output` and the rulebook"),
        (format!("{eval} --output shop/rulebook.yaml"), "`--output` and the rulebook"),
        (format!("{eval} --history in.jsonl"), "`--history` and `--input`"),
        (format!("{eval} --history h --output ./h"), "`--history` and `--output`"),
        (format!("{eval} --history h --rejects h-journal"), "`--history` and `--rejects`"),
        (format!("explain {} --history in.jsonl", &eval[5..]), "`--history` and `--input`"),
        (format!("{simulate} --report x --flips ./x"), "`--report` and `--flips`"),
        (format!("{simulate} --output x --flips ./x"), "`--output` and `--flips`"),
        (format!("{simulate} --output x --report ./x"), "`--output` and `--report`"),
        (format!("{simulate} --flips in.jsonl"), "`--flips` and `--input`"),
        (format!("{simulate} --report shop/shop.policy"), "`--report` and the rulebook"),
        (
            "sweep shop --policy refunds --input in.jsonl --set limit=50..60/10 --output ./in.jsonl".into(),
            "`--output` and `--input`",
        ),
        ("timeline shop --output shop/shop.policy".into(), "`--output` and the rulebook"),
        ("test shop --coverage --output shop/shop.policy".into(), "`--output` and the rulebook"),
        ("test shop --coverage --output shop/tests/refunds.yaml".into(), "`--output` and a scenario"),
        (
            "eval shop --policy refunds --input rows/*.jsonl --output rows/in.jsonl".into(),
            "`--output` and `--input`",
        ),
    ];
    if cfg!(unix) {
        runs.extend([
            (format!("{eval} --output hard.jsonl"), "`--output` and `--input`"),
            (
                "eval shop --policy refunds --input rows/in.jsonl --output linked/in.jsonl".into(),
                "`--output` and `--input`",
            ),
            (format!("{eval} --output rows/x --rejects linked/x"), "`--output` and `--rejects`"),
        ]);
    }
    let before = (folder.names(), folder.read("in.jsonl"), folder.read("rows/in.jsonl"));
    for (run, names) in runs {
        let ran = folder.run(&run).exits(2).out_is("");
        ran.err_has(&format!("error: {names} name the same file, "));
        let after = (folder.names(), folder.read("in.jsonl"), folder.read("rows/in.jsonl"));
        assert!(after == before, "{run}");
    }
    assert_eq!(folder.read("shop/rulebook.yaml"), SETTINGS);
}

#[cfg(unix)]
#[test]
fn standard_output_is_no_file_of_the_run() {
    let folder = folder();
    let open = |name: &str| {
        std::fs::File::options().create(true).append(true).open(folder.path(name)).unwrap()
    };
    let run = || folder.run("eval shop --policy refunds --input in.jsonl");
    let ran = run().prints_to(open("in.jsonl")).exits(2);
    ran.err_has("standard output and `--input` name the same file, in.jsonl");
    assert_eq!(folder.read("in.jsonl"), requests(3));
    let ran = run().args("--rejects bad").prints_to(open("bad")).exits(2);
    ran.err_has("`--rejects` and standard output name the same file, bad");
    // What the system lends as a file is written to as it is, behind what is there.
    let out = open("out");
    std::fs::write(folder.path("out"), "before\n").unwrap();
    run().args("--output /dev/stdout").prints_to(out).exits(0);
    let printed = run().exits(0).out;
    assert_eq!(folder.read("out"), format!("before\n{printed}"));
    run().args("--output /dev/stdout").exits(0).out_is(&printed);
    run().args("--output /dev/null --rejects /dev/null").exits(0).out_is("");
}

#[test]
#[cfg(unix)]
fn what_a_shell_lends_is_a_file_like_any_other() {
    let folder = folder();
    for (more, told) in [
        ("--input in.jsonl --input /dev/stdin", "in.jsonl is given twice, also as /dev/stdin"),
        ("--input /dev/fd/0 --input -", "/dev/fd/0 is given twice, also as standard input"),
        (
            "--input /dev/stdin --rejects in.jsonl",
            "`--rejects` and `--input` name the same file, in.jsonl",
        ),
    ] {
        let program = env!("CARGO_BIN_EXE_rulebook");
        let run = format!("exec {program} eval shop --policy refunds {more} < in.jsonl");
        let mut command = std::process::Command::new("sh");
        let output = command.current_dir(folder.path(".")).args(["-c", &run]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err), (Some(2), format!("error: {told}\n")));
    }
    // A pipe is another input.
    let run = folder.run("eval shop --policy refunds --input in.jsonl --input /dev/stdin");
    run.input(requests(1)).exits(0);
}

#[test]
fn an_input_is_given_once() {
    let folder = folder().with("rows/in.jsonl", requests(2));
    std::fs::hard_link(folder.path("in.jsonl"), folder.path("hard.jsonl")).unwrap();
    let eval = "eval shop --policy refunds --input";
    let mut runs = vec![
        ("in.jsonl --input in.jsonl", "in.jsonl is given twice\n"),
        ("in.jsonl --input ./in.jsonl", "in.jsonl is given twice, also as ./in.jsonl\n"),
        ("rows/*.jsonl --input rows/in.jsonl", "rows/in.jsonl is given twice\n"),
        ("- --input -", "standard input is given twice\n"),
    ];
    if cfg!(unix) {
        runs.push(("hard.jsonl --input in.jsonl", "hard.jsonl is given twice, also as in.jsonl\n"));
    }
    for (inputs, told) in runs {
        folder.run(eval).args(inputs).exits(2).out_is("").err_is(&format!("error: {told}"));
        let simulate = "simulate shop --policy refunds --input";
        folder.run(simulate).args(inputs).exits(2).err_is(&format!("error: {told}"));
    }
}

/// Files that may not grow beyond some kilobytes, as on a full disk.
#[cfg(target_os = "linux")]
fn without_room(folder: &Folder, arguments: &str) -> (Option<i32>, String) {
    let binary = env!("CARGO_BIN_EXE_rulebook");
    let limited = format!("trap '' XFSZ; ulimit -f 1; exec {binary} {arguments}");
    let mut shell = Command::new("sh");
    let output = shell.current_dir(folder.path(".")).args(["-c", &limited]).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_policy_that_finds_no_room_when_laid_out_stays_as_it_was() {
    let rules: String =
        (0..100).map(|n| format!("  rule r{n} {{   when n > {n} then true }}\n")).collect();
    let long = format!(
        "record R {{ n: number }}\npolicy p for R {{\n  decide d: bool by first otherwise false\n{rules}}}\n"
    );
    let folder = Folder::new().with("all/a.policy", "enum   E{a b}\n").with("all/b.policy", &long);
    let (code, told) = without_room(&folder, "fmt all");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("cannot write all/b.policy: File too large"), "{told}");
    assert_eq!(folder.read("all/b.policy"), long);
    assert_eq!(folder.read("all/a.policy"), "enum E { a, b }\n");
    assert_eq!(crate::harness::names(&folder.path("all")), ["a.policy", "b.policy"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_new_rulebook_without_room_is_none() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("empty")).unwrap();
    for name in ["new", "empty", "deep/er"] {
        let limited = format!("init {name}");
        let (code, told) = without_room(&folder, &limited);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("cannot write"), "{told}");
        assert!(!folder.path(name).join("rulebook.yaml").exists());
    }
}

#[cfg(unix)]
#[test]
fn what_is_laid_out_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new().with("one.policy", "enum   E{a b}\n");
    let path = folder.path("one.policy");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o604)).unwrap();
    folder.run("fmt one.policy").exits(0);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o604);
    assert_eq!(folder.names(), ["one.policy"]);
}

#[test]
fn whoever_goes_away_is_told_what_was_not_kept() {
    let folder = shop().with("many.jsonl", requests(3000)).with("bad.jsonl", "of an earlier run\n");
    for format in ["jsonl", "json", "csv", "table --rows 0"] {
        let run = "eval shop --policy refunds --input many.jsonl --rejects bad.jsonl --format";
        let ran = folder.run(run).args(format).exits_after_one_line(2);
        assert_eq!(
            ran.err,
            "error: the output was not read to its end, so bad.jsonl was not written\n"
        );
        assert_eq!(folder.read("bad.jsonl"), "of an earlier run\n");
        // Where nothing else was to be left, whoever reads has seen enough.
        let run = "eval shop --policy refunds --input many.jsonl --format";
        folder.run(run).args(format).exits_after_one_line(0);
    }
    // A page is there before anything is told.
    let run = "simulate shop --policy refunds --input many.jsonl --by id --report page.html";
    folder.run(run).exits_after_one_line(0);
    assert!(folder.read("page.html").ends_with("</html>\n"));
}
