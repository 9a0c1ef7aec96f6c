//! Many records on several threads: the same output as on one, whatever the form of the input.

use serde_json::{Value, json};

use crate::harness::{Folder, Ran, each, json_lines};
use crate::shop::{request, requests, shop};

/// More text than several blocks hold.
const MANY: usize = 6000;

/// Requests over many blocks; some are broken, with empty lines before them.
fn mixed(line_end: &str) -> String {
    let line = |number: usize| match number {
        number if number % 1000 == 999 => format!("{line_end} {line_end}{{\"id\":{number}}}"),
        number if number % 1000 == 500 => "nonsense".to_string(),
        number => request(&format!("r{number}"), if number % 3 == 2 { "250" } else { "59" }),
    };
    (0..MANY).map(|number| line(number) + line_end).collect()
}

fn is_broken(number: usize) -> bool {
    matches!(number % 1000, 500 | 999)
}

/// Runs on one thread and on four and expects the same of both.
#[track_caller]
fn on_any_number_of_threads(folder: &Folder, arguments: &str, code: i32) -> Ran {
    let on = |threads: &str| {
        let run = folder.run("eval shop --policy refunds --rejects bad.jsonl --threads");
        let ran = run.arg(threads).args(arguments).exits(code);
        (ran, folder.read("bad.jsonl"))
    };
    let ((one, one_rejected), (four, four_rejected)) = (on("1"), on("4"));
    assert!(one.out == four.out && one.err == four.err, "{one}\n{four}");
    assert!(one_rejected == four_rejected);
    four
}

#[test]
fn decisions_and_rejects_keep_their_order_and_numbers() {
    for line_end in ["\n", "\r\n"] {
        let folder = shop().with("in.jsonl", mixed(line_end));
        let ran = on_any_number_of_threads(&folder, "--input in.jsonl", 1);
        let decided = (0..MANY).filter(|number| !is_broken(*number));
        assert!(each(&ran.lines(), "/record").into_iter().eq(decided.clone().map(Value::from)));
        let ids = decided.map(|number| json!(format!("r{number}")));
        assert!(each(&ran.lines(), "/id").into_iter().eq(ids));

        let rejects = json_lines(&folder.read("bad.jsonl"));
        let rejected: Vec<_> = (0..MANY).filter(|number| is_broken(*number)).collect();
        assert_eq!(each(&rejects, "/record"), rejected);
        // Every request that lacks its fields has two empty lines before it.
        let empty = |number: usize| 2 * ((number + 1) / 1000);
        let lines: Vec<_> = rejected.iter().map(|number| 1 + number + empty(*number)).collect();
        assert_eq!(each(&rejects, "/line"), lines);
    }
}

#[test]
fn the_last_line_may_lack_its_end() {
    let folder = shop().with("in.jsonl", requests(MANY) + &request("last", "59"));
    let lines = on_any_number_of_threads(&folder, "--input in.jsonl", 0).lines();
    assert_eq!((lines.len(), &lines[MANY]["id"]), (MANY + 1, &json!("last")));
}

#[test]
fn a_line_may_be_longer_than_any_block() {
    let long = request(&"x".repeat(1_000_000), "59");
    let folder = shop().with("in.jsonl", format!("{}{long}\n\n{}", requests(2000), requests(2000)));
    let lines = on_any_number_of_threads(&folder, "--input in.jsonl", 0).lines();
    assert_eq!(lines[2000]["id"].as_str().unwrap().len(), 1_000_000);
    assert!(each(&lines, "/record").into_iter().eq((0..4001).map(Value::from)));
}

#[test]
fn records_are_numbered_through_all_inputs() {
    let array = format!("[{}]", requests(MANY).trim().replace('\n', ",\n"));
    let folder = shop().with("a.jsonl", mixed("\n")).with("b.json", array).with("c.jsonl", "{}");
    let inputs = "--input a.jsonl --input b.json --input c.jsonl";
    let ran = on_any_number_of_threads(&folder, inputs, 1);
    let decided = (0..2 * MANY).filter(|number| *number >= MANY || !is_broken(*number));
    assert!(each(&ran.lines(), "/record").into_iter().eq(decided.map(Value::from)));
    let rejects = json_lines(&folder.read("bad.jsonl"));
    let last = rejects.last().unwrap();
    assert_eq!((&last["record"], &last["line"]), (&json!(2 * MANY), &json!(1)));
    assert_eq!((&rejects[0]["file"], &last["file"]), (&json!("a.jsonl"), &json!("c.jsonl")));
}

#[test]
fn every_format_is_the_same_on_any_number_of_threads() {
    let folder = shop().with("in.jsonl", mixed("\n"));
    let json = on_any_number_of_threads(&folder, "--input in.jsonl --format json", 1).json();
    assert_eq!(json.as_array().unwrap().len(), MANY - 12);

    // The time that it took is told, and is another each time.
    let table = |threads: &str| {
        let run =
            "eval shop --input in.jsonl --policy refunds --rows 2500 --format table --threads";
        let ran = folder.run(run).arg(threads).exits(1);
        let (table, seconds) = ran.out.rsplit_once(" records in ").unwrap();
        assert!(seconds.ends_with(": 5,988 decided, 12 rejected\n"), "{seconds}");
        (table.to_string(), ran.err)
    };
    let one = table("1");
    assert!(
        one.0.contains("│ r2504 ") && !one.0.contains("│ r2505 ") && one.0.contains("… and 3,488")
    );
    assert!(one.0.contains("refunds.refund: support 3"), "{}", one.0);
    assert!(one.1.ends_with("12 rejected; `--rejects FILE` keeps them\n"), "{}", one.1);
    assert!(one == table("3"));
}

#[test]
fn standard_input_gives_what_a_file_gives() {
    let folder = shop().with("in.jsonl", mixed("\n"));
    let file = folder.run("eval shop --policy refunds --input in.jsonl --threads 1").exits(1);
    let pipe = folder.run("eval shop --policy refunds --input - --threads 3").input(mixed("\n"));
    let pipe = pipe.exits(1);
    assert!(file.out == pipe.out && file.err == pipe.err);
}

#[test]
fn there_is_at_least_one_thread() {
    let folder = shop().with("in.jsonl", requests(3));
    for threads in ["0", "-1", "many"] {
        let run = folder.run("eval shop --input in.jsonl").arg(&format!("--threads={threads}"));
        run.exits(2).out_is("").err_has("--threads <N>");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_long_run() {
    let folder = shop().with("in.jsonl", requests(MANY));
    for format in ["jsonl", "json"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = folder.run("eval shop --input in.jsonl --threads 4 --format").arg(format);
        run.prints_to(full).exits(2).err_has("error: No space left on device");
    }
}
