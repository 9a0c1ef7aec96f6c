//! The file of a history: sound, or refused; what was counted is neither lost nor changed in silence.

use std::fs;

use rusqlite::Connection;

use crate::harness::{Folder, Ran};

const POLICY: &str = "
record Event { id: text, buyer: text, at: time }
counter last_day = count of Event by buyer within 1 day
policy p for Event dated by at {
  decide step: pay < ask by strictest otherwise pay
  rule many { when last_day >= 2 then ask }
}
";

/// Events of three buyers, one a second.
fn events(hour: u8, count: usize) -> String {
    let line = |n: usize| {
        let (buyer, minute, second) = (n % 3, n / 60 % 60, n % 60);
        format!(
            r#"{{"id":"{hour}-{n}","buyer":"b{buyer}","at":"2024-05-01T{hour}:{minute:02}:{second:02}Z"}}"#
        ) + "\n"
    };
    (0..count).map(line).collect()
}

/// A folder with a history of two runs, and more events.
fn counted() -> Folder {
    let folder = Folder::new()
        .with("events.policy", POLICY)
        .with("first.jsonl", events(10, 6))
        .with("second.jsonl", events(11, 9))
        .with("third.jsonl", events(12, 6));
    for input in ["first.jsonl", "second.jsonl"] {
        folder.run(EVAL).arg(input).exits(0);
    }
    folder
}

const EVAL: &str = "eval events.policy --history h.db --input";
const DAMAGED: &str = "error: h.db: the history is damaged, or was changed by another program, and nothing is judged by it";

/// What becomes of the third input with a history that holds these bytes.
fn third(folder: &Folder, history: &[u8]) -> (i32, Ran) {
    fs::write(folder.path("h.db"), history).unwrap();
    let ended = folder.run(EVAL).arg("third.jsonl").output();
    (ended.code, ended.ran)
}

#[test]
fn an_empty_file_is_no_history_and_no_new_one() {
    let folder = counted();
    let runs = [
        "eval events.policy",
        "eval events.policy --again",
        "explain events.policy",
        "simulate events.policy",
    ];
    for run in runs {
        fs::write(folder.path("h.db"), "").unwrap();
        let ran = folder.run(run).args("--history h.db --input third.jsonl").exits(2).out_is("");
        ran.err_has("error: h.db: the file is empty, and no history")
            .err_has("to begin a new history, remove the file or name another");
        assert_eq!(folder.read("h.db"), "");
    }
    fs::remove_file(folder.path("h.db")).unwrap();
    for run in runs.iter().skip(1) {
        let ran = folder.run(run).args("--history h.db --input third.jsonl").exits(2).out_is("");
        ran.err_has("error: there is no history h.db");
    }
    folder.run(EVAL).arg("third.jsonl").exits(0);
}

/// Parts of a file are turned here; `src/cli/past/damage.rs` turns all of them.
#[test]
fn turned_bits_never_decide_otherwise() {
    let folder = counted();
    let sound = fs::read(folder.path("h.db")).unwrap();
    let (code, right) = third(&folder, &sound);
    assert_eq!(code, 0);
    let filled: Vec<usize> = (0..sound.len()).filter(|at| sound[*at] != 0).collect();
    let mut refused = 0;
    for (turn, at) in filled.iter().step_by(filled.len() / 40).enumerate() {
        let mut turned = sound.clone();
        turned[*at] ^= 1 << (turn % 8);
        let (code, ran) = third(&folder, &turned);
        match code {
            0 => assert!(ran.out == right.out, "byte {at} decides otherwise\n{ran}"),
            _ => {
                assert_eq!(code, 2, "{ran}");
                assert!(ran.out.is_empty() && ran.err.starts_with("error: "), "{ran}");
                refused += 1;
            }
        }
    }
    assert!(refused > 20, "only {refused} were noticed");
}

#[test]
fn a_history_that_another_program_changed_is_refused() {
    let folder = counted();
    let sound = fs::read(folder.path("h.db")).unwrap();
    let changes = [
        "DELETE FROM events WHERE place = 3",
        "DELETE FROM events",
        "UPDATE events SET seconds = seconds - 86400 * 9 WHERE place = 2",
        "UPDATE events SET key = 'b9' WHERE place = 2",
        "UPDATE events SET amount = '2' WHERE place = 2",
        "UPDATE events SET run = 1",
        "UPDATE OR REPLACE events SET counter = 2",
        "INSERT INTO events VALUES (1, 'b0', 1714557600, 0, 1, 99, NULL)",
        "DELETE FROM inputs WHERE run = 1",
        "UPDATE inputs SET name = 'other.jsonl'",
        "DELETE FROM runs WHERE id = 2",
        "DELETE FROM runs",
        "UPDATE counters SET id = 2",
        "UPDATE counters SET name = 'last_week'",
        "CREATE INDEX own ON events (seconds)",
        "CREATE TABLE own (n)",
        "CREATE VIEW own AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "CREATE TRIGGER own AFTER INSERT ON events BEGIN DELETE FROM events; END",
        "ANALYZE",
    ];
    for change in changes {
        fs::write(folder.path("h.db"), &sound).unwrap();
        Connection::open(folder.path("h.db")).unwrap().execute_batch(change).unwrap();
        let ran = folder.run(EVAL).arg("third.jsonl").exits(2).out_is("");
        assert!(ran.err.starts_with(DAMAGED), "{change}\n{ran}");
    }
    // Nothing that means the same is minded.
    fs::write(folder.path("h.db"), &sound).unwrap();
    let database = Connection::open(folder.path("h.db")).unwrap();
    database.execute_batch("VACUUM; PRAGMA journal_mode = WAL").unwrap();
    drop(database);
    folder.run(EVAL).arg("third.jsonl").exits(0);
}

#[test]
fn what_is_another_database_or_of_another_version_is_refused() {
    let folder = counted();
    let made = |name: &str, with: &str| {
        Connection::open(folder.path(name)).unwrap().execute_batch(with).unwrap();
        let run = format!("eval events.policy --input third.jsonl --history {name}");
        folder.run(&run).exits(2).out_is("")
    };
    let other = "CREATE TABLE runs (id INTEGER PRIMARY KEY)";
    made("other.db", other).err_has("other.db: this is an SQLite database, but no history");
    made("h.db", "PRAGMA user_version = 1").err_has("h.db: this is a history of version 1, and");
    assert!(!folder.path("h.db-journal").exists());
}

#[cfg(unix)]
#[test]
fn a_history_is_a_file_and_no_link() {
    let folder = counted();
    std::os::unix::fs::symlink("h.db", folder.path("link.db")).unwrap();
    std::os::unix::fs::symlink("new.db", folder.path("dangling.db")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path("pipe.db")).status();
    assert!(made.unwrap().success());
    let run = |history: &str| {
        let run = format!("eval events.policy --input third.jsonl --history {history}");
        folder.run(&run).exits(2).out_is("")
    };
    run("link.db").err_has("link.db: it is a link");
    run("dangling.db").err_has("dangling.db: it is a link");
    run("pipe.db").err_has("pipe.db: this is no file");
    run("/dev/null").err_has("/dev/null: this is no file");
    run(".").err_has("it is a folder");
    run("nowhere/h.db").err_has("nowhere/h.db: No such file or directory");
    assert!(!folder.path("new.db").exists());
}

#[test]
fn inputs_of_one_content_count_once() {
    let folder = counted().with("copy.jsonl", events(12, 6)).with("nothing.jsonl", "");
    let ran = folder.run(EVAL).args("third.jsonl --input copy.jsonl").exits(2).out_is("");
    ran.err_is("error: h.db: copy.jsonl holds the same as third.jsonl, and would count twice; give one of them\n");
    let ran = folder.run(EVAL).args("third.jsonl --input third.jsonl").exits(2).out_is("");
    ran.err_is("error: third.jsonl is given twice\n");
    // Where nothing is added, nothing is amiss.
    folder.run("eval events.policy --input third.jsonl --input copy.jsonl").exits(0);
}

#[test]
fn a_run_whose_output_is_not_read_to_its_end_says_that_it_has_not_counted() {
    let folder = Folder::new().with("events.policy", POLICY).with("many.jsonl", events(10, 3000));
    let told = "error: the output was not read to its end, so nothing was counted in h.db";
    for format in ["jsonl", "json", "csv --with reasons,rules", "table --rows 0"] {
        let run = format!("{EVAL} many.jsonl --format {format}");
        let ran = folder.run(&run).exits_after_one_line(2);
        assert_eq!(ran.err, format!("{told}\n"));
        let ran = folder.run(&run).args("--rejects bad.jsonl").exits_after_one_line(2);
        assert_eq!(ran.err, format!("{told}, and bad.jsonl was not written\n"));
    }
    assert_eq!(folder.names(), ["events.policy", "h.db", "many.jsonl"]);
    // It has not.
    folder.run(EVAL).arg("many.jsonl").exits(0);
    // Nor should it be when it is judged again.
    folder.run(EVAL).args("many.jsonl --again").exits_after_one_line(0);
}

#[test]
fn runs_that_begin_a_history_together_are_all_in_it_or_say_so() {
    let folder = Folder::new().with("events.policy", POLICY);
    let inputs = [10, 11, 12].map(|hour| {
        fs::write(folder.path(&format!("{hour}.jsonl")), events(hour, 30)).unwrap();
        format!("{hour}.jsonl")
    });
    let runs = inputs.each_ref().map(|input| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rulebook"));
        command.current_dir(folder.path(".")).args(EVAL.split(' ')).arg(input);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    });
    let codes = runs.map(|mut run| run.wait().unwrap().code());
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))), "{codes:?}");
    for (input, code) in inputs.iter().zip(codes) {
        // Who was in time has been counted, and the others can be.
        folder.run(EVAL).arg(input).exits(if code == Some(0) { 2 } else { 0 });
    }
    assert!(folder.names().iter().all(|name| !name.ends_with(".partial")));
}

/// A history as the version before left it, in which no record was known by a key.
fn of_the_version_before(folder: &Folder) -> Vec<u8> {
    let database = Connection::open(folder.path("h.db")).unwrap();
    database.execute_batch("DROP TABLE came; PRAGMA user_version = 2; VACUUM").unwrap();
    drop(database);
    fs::read(folder.path("h.db")).unwrap()
}

#[test]
fn a_history_of_the_version_before_is_moved_by_who_adds_to_it() {
    let folder = counted();
    let sound = fs::read(folder.path("h.db")).unwrap();
    let (_, right) = third(&folder, &sound);
    let version = || {
        let database = Connection::open(folder.path("h.db")).unwrap();
        database.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    fs::write(folder.path("h.db"), &sound).unwrap();
    let before = of_the_version_before(&folder);
    // Who only reads leaves it as it is.
    let explain = "explain events.policy --history h.db --input third.jsonl";
    folder.run(explain).exits(0);
    folder.run("eval events.policy --again --history h.db --input second.jsonl").exits(0);
    assert!(fs::read(folder.path("h.db")).unwrap() == before && version() == 2);
    let (code, moved) = third(&folder, &before);
    assert!(code == 0 && moved.out == right.out && version() == 3, "{moved}");
    folder.run(EVAL).arg("third.jsonl").exits(2).err_has("counted");
    // One that was changed is refused as any other is.
    fs::write(folder.path("h.db"), &before).unwrap();
    let database = Connection::open(folder.path("h.db")).unwrap();
    database.execute_batch("UPDATE events SET key = 'b9' WHERE place = 2").unwrap();
    drop(database);
    let ran = folder.run(EVAL).arg("third.jsonl").exits(2).out_is("");
    assert!(ran.err.starts_with(DAMAGED), "{ran}");
}
