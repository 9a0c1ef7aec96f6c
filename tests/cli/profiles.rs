//! `--profile`, and `profiles` in `rulebook.yaml`.

use serde_json::Value;

use crate::harness::{Folder, each};
use crate::tabular::{csv, parquet};

const POLICY: &str = r#"
record Group { no: number  name: text }
record Merchant { id: text  score: number  group_no: number?  group: Group? by group_no }
record Request { id: text  merchant_id: text  merchant: Merchant by merchant_id }
record Visit { id: text }

parameter bar: number = 4.5

policy trust for Request {
  decide trusted: bool by first otherwise false
  rule high_score { when merchant.score >= bar then true because "scored {merchant.score}" }
  rule ours { when merchant.group is present and merchant.group.name == "ours" then true }
}

policy visits for Visit {
  decide counts: bool by first otherwise false
  rule any { when id != "" then true }
}"#;

const SETTINGS: &str = "
name: trust
profiles:
  Merchant: data/merchants.jsonl
  Group: { file: data/groups.csv, key: no }";

const MERCHANTS: &str = r#"{"id":"m1","score":4.9}
{"id":"m2","score":4.1,"group_no":7}
{"id":"m3","score":4.1}
"#;

const REQUESTS: &str = r#"{"id":"r1","merchant_id":"m1"}
{"id":"r2","merchant_id":"m2"}
{"id":"r3","merchant_id":"m3"}
{"id":"r4","merchant_id":"m3","merchant":{"id":"m3","score":5}}
"#;

/// A rulebook in `trust/` that names its profiles, and requests.
fn trust() -> Folder {
    Folder::new()
        .with("trust/rulebook.yaml", SETTINGS)
        .with("trust/trust.policy", POLICY)
        .with("trust/data/merchants.jsonl", MERCHANTS)
        .with("trust/data/groups.csv", "no,name\n7,ours\n8,theirs\n")
        .with("in.jsonl", REQUESTS)
}

const EVAL: &str = "eval trust --policy trust --input in.jsonl";

#[test]
fn profiles_are_not_replaced_by_what_is_decided_with_them() {
    let folder = trust().with("m.jsonl", MERCHANTS);
    let by_settings = "--output trust/data/merchants.jsonl";
    for arguments in [by_settings, "--profile Merchant=m.jsonl --rejects ./m.jsonl"] {
        let ran = folder.run(EVAL).args(arguments).exits(2).out_is("");
        ran.err_has("and `--profile` name the same file, ");
    }
    assert_eq!(
        folder.read("trust/data/merchants.jsonl") + &folder.read("m.jsonl"),
        MERCHANTS.repeat(2)
    );
}

fn trusted(lines: &[Value]) -> Vec<Value> {
    each(lines, "/decisions/trusted")
}

#[test]
fn settings_name_files_relative_to_the_rulebook() {
    let lines = trust().run(EVAL).exits(0).err_is("").lines();
    assert_eq!(trusted(&lines), [true, true, false, true]);
}

#[test]
fn columns_are_joined_as_json_is() {
    // The profile of the last request stands in the request itself, which no cell can do.
    let requests: String = REQUESTS.lines().take(3).flat_map(|line| [line, "\n"]).collect();
    let folder = trust()
        .with("in.jsonl", &requests)
        .with("in.parquet", parquet(&requests))
        .with("in.csv", csv(&requests, b',').unwrap());
    for format in ["jsonl", "csv"] {
        let run = |input: &str| {
            let run = folder.run("eval trust --policy trust --now 2026-01-01 --format").arg(format);
            run.args("--input").arg(input).exits(0).out
        };
        let expected = run("in.jsonl");
        assert!(run("in.parquet") == expected && run("in.csv") == expected, "{format}\n{expected}");
    }
}

#[test]
fn the_command_line_wins_record_by_record() {
    let folder = trust().with("other.csv", "id,score,group_no\nm1,1,7\nm2,5,\nm3,,\n");
    let ran = folder.run(EVAL).args("--profile Merchant=other.csv").exits(1);
    assert_eq!(trusted(&ran.lines()), [true, true, true]);
    ran.err_is(
        "\
bad profile: other.csv line 4
  score: `score` is missing (missing-field)
other.csv: 2 profiles of Merchant can be joined, 1 bad; records that need one of these are rejected
rejected: record 2 (line 3)
  merchant.score: `score` is missing (other.csv line 4) (missing-field)
1 rejected; `--rejects FILE` keeps them
",
    );
}

#[test]
fn several_files_hold_profiles_of_one_record() {
    let folder = trust()
        .with("one.json", r#"{"m1": {"score": 5}}"#)
        .with("two.yaml", "- {id: m2, score: 3}\n- {id: m3, score: 4.5}\n");
    let both = "--profile Merchant=one.json --profile Merchant=two.yaml";
    let lines = folder.run(EVAL).args(both).exits(0).lines();
    assert_eq!(trusted(&lines), [true, false, true, true]);
    folder.run(EVAL).args("--profile Merchant=one.json --profile Merchant=one.json").exits(2).err_is(
        "error: profiles of `Merchant` have the same key\n  \"m1\": one.json line 1 and one.json line 1\n",
    );
}

#[test]
fn tables_and_views_of_databases_are_read() {
    let folder = trust();
    let database = rusqlite::Connection::open(folder.path("shops.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE merchant (id TEXT, score REAL, group_no INTEGER, since TEXT);
             INSERT INTO merchant VALUES ('m1', 4.25, NULL, '2020'), ('m2', 4.75, 8, NULL);
             CREATE VIEW best AS SELECT id, 5 AS score FROM merchant UNION SELECT 'm3', 4.6;",
        )
        .unwrap();
    drop(database);
    let ran = folder.run(EVAL).args("--profile Merchant=shops.db").exits(1);
    assert_eq!(trusted(&ran.lines()), [false, true, true]);
    let lines = folder.run(EVAL).args("--profile Merchant=shops.db#best").exits(0).lines();
    assert_eq!(trusted(&lines), [true, true, true, true]);
    folder.run(EVAL).args("--profile Merchant=shops.db#bets").exits(2).err_is(
        "error: cannot read shops.db#bets: there is no table or view `bets` in it; did you mean `best`?\n",
    );
    assert_eq!(folder.names(), ["in.jsonl", "shops.db", "trust"], "nothing is written beside it");
}

#[test]
fn explain_joins_as_eval_does() {
    let explain = "explain trust --policy trust --input in.jsonl --record 1";
    trust().run(explain).exits(0).out_has("merchant.group.name is \"ours\"");
    let folder = trust().with("other.jsonl", r#"{"id":"m2","score":4.6}"#);
    let other = "--profile Merchant=other.jsonl";
    folder.run(explain).args(other).exits(0).out_has("merchant.score is 4.6");
    let first = "explain trust --policy trust --input in.jsonl --profile Merchant=other.jsonl";
    folder.run(first).exits(1).err_is(
        "rejected: the record is rejected\n  merchant: there is no profile of `Merchant` with the key \"m1\" (missing-profile)\n",
    );
}

#[test]
fn scenarios_join_too_and_set_parameters() {
    let scenarios = "
policy: trust
given: { id: r, merchant_id: m2 }
scenarios:
  - name: joined
    expect: { by: [ours] }
  - name: joined, with another bar
    set: { bar: 4 }
    expect: { by: [high_score] }
  - name: nested
    with: { merchant: { id: m2, score: 5 } }
    expect: { by: [high_score] }
  - name: nobody
    with: { merchant_id: m9 }
    expect: { rejected: [merchant] }
";
    let folder = trust().with("trust/tests/trust.yaml", scenarios);
    folder.run("test trust").exits(0);
    folder.run("test trust --coverage").exits(0).out_has("high_score");
    let folder = folder.with("few.jsonl", r#"{"id":"m2","score":4.2}"#);
    let ran = folder.run("test trust --profile Merchant=few.jsonl").exits(1);
    ran.out_has("failed joined  trust").out_has("4 scenarios: 3 passed, 1 failed");
}

#[test]
fn a_file_is_read_only_for_a_policy_that_joins_it() {
    let folder = trust().with("trust/data/groups.csv", "no,name\n7,a\n7,b\n");
    folder.run("eval trust --policy visits --input in.jsonl").exits(0);
    folder.run(EVAL).exits(2).err_is(
        "error: profiles of `Group` have the same key\n  7: trust/data/groups.csv line 2 and trust/data/groups.csv line 3\n",
    );
}

#[test]
fn a_policy_takes_records_without_what_is_joined() {
    let lines = trust().run("eval trust --input in.jsonl").exits(0).lines();
    assert_eq!(each(&lines, "/policy").iter().filter(|name| *name == "trust").count(), 4);
}

#[test]
fn what_cannot_be_used_is_told_before_anything_is_judged() {
    let told = |arguments: &str, message: &str| {
        let ran = trust().with("odd.txt", "m1\n").with("odd.csv", "score\n4\n");
        let ran = ran.run(EVAL).args(arguments).exits(2);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", message));
    };
    told("--profile Merchant", "error: `--profile Merchant` must be RECORD=FILE\n");
    told(
        "--profile Merchnt=odd.csv",
        "error: `--profile`: no policy joins a record `Merchnt`; did you mean `Merchant`?\n",
    );
    told(
        "--profile Visit=odd.csv",
        "error: `--profile`: no policy joins a record `Visit`; they join `Group`, `Merchant`\n",
    );
    told(
        "--profile Merchant=none.csv",
        "error: cannot read none.csv: No such file or directory (os error 2)\n",
    );
    told("--profile Merchant=trust", "error: cannot read trust: it is a folder, not a file\n");
    told(
        "--profile Merchant=odd.csv",
        "error: cannot read odd.csv: no column holds the key `id` of `Merchant`\n",
    );
    told(
        "--profile Merchant=odd.txt",
        "error: cannot read odd.txt: its format is not known; name it .json, .jsonl, .yaml, .csv, .tsv or .sqlite\n",
    );
    told(
        "--profile Merchant=odd.txt#shops",
        "error: cannot read odd.txt#shops: it is no SQLite database\n",
    );
}

#[test]
fn a_file_that_the_settings_name_and_nobody_has_is_told_with_them() {
    let folder = trust();
    std::fs::remove_file(folder.path("trust/data/merchants.jsonl")).unwrap();
    folder.run(EVAL).exits(2).err_is(
        "\
error: cannot read trust/data/merchants.jsonl: No such file or directory (os error 2)
`profiles` in rulebook.yaml names this file
",
    );
    let other = folder.with("other.jsonl", MERCHANTS);
    other.run(EVAL).args("--profile Merchant=other.jsonl").exits(0);
}

#[test]
fn many_bad_profiles_are_counted_and_the_first_are_told() {
    let bad: String = (0..30).map(|at| format!("{{\"id\":\"b{at}\",\"score\":\"x\"}}\n")).collect();
    let folder = trust().with("bad.jsonl", format!("{bad}{MERCHANTS}not json\n"));
    let ran = folder.run(EVAL).args("--profile Merchant=bad.jsonl").exits(0);
    assert_eq!(ran.err.matches("bad profile: bad.jsonl line").count(), 20, "{ran}");
    let counted = "… and 11 bad profiles more
bad.jsonl: 3 profiles of Merchant can be joined, 31 bad; records that need one of these are rejected
";
    assert!(ran.err.ends_with(counted), "{ran}");
}

#[test]
fn help_and_completions_know_the_option() {
    for command in ["eval", "explain", "test"] {
        trust().run(&format!("{command} --help")).exits(0).out_has("--profile <RECORD=FILE>");
    }
    trust().run("completions bash").exits(0).out_has("--profile");
}

/// A database that has been made by these statements.
fn database(folder: &Folder, statements: &str) {
    let database = rusqlite::Connection::open(folder.path("shops.db")).unwrap();
    database.execute_batch(statements).unwrap();
}

#[test]
fn a_view_without_an_end_is_interrupted() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    for select in [
        // Rows without an end, short or long, and none at all, with steps that cost as much as they may.
        "SELECT 'm' || i AS id, 5 AS score FROM n",
        "SELECT hex(randomblob(900)) AS id, 5 AS score FROM n",
        "SELECT 'm' AS id, count(*) AS score FROM n",
        "SELECT 'm' AS id, sum(instr(zeroblob(2000), zeroblob(1000) || i)) AS score FROM n",
    ] {
        let folder = trust();
        database(&folder, &format!("CREATE VIEW merchant AS {endless} {select};"));
        folder.run(EVAL).args("--profile Merchant=shops.db").exits(2).out_is("").err_is(
            "error: cannot read shops.db: `Merchant` takes more than a database of this size may; has it an end?\n",
        );
    }
}

#[test]
fn a_text_that_a_database_makes_is_bounded() {
    let made = "error: cannot read shops.db: a text in `Merchant` holds more than 2 kB\n";
    let stored = "error: cannot read shops.db: a text in `Merchant` holds more than 1 MB\n";
    for (statement, told) in [
        ("CREATE VIEW merchant AS SELECT hex(zeroblob(500000000)) AS id, 5 AS score;", made),
        (
            "CREATE TABLE merchant (id TEXT, score AS (length(hex(zeroblob(9000)))));
             INSERT INTO merchant VALUES ('m1');",
            made,
        ),
        (
            "CREATE TABLE merchant (id TEXT, score REAL);
             INSERT INTO merchant VALUES (hex(zeroblob(600000)), 1);",
            stored,
        ),
    ] {
        let folder = trust();
        database(&folder, statement);
        folder.run(EVAL).args("--profile Merchant=shops.db").exits(2).out_is("").err_is(told);
    }
}

#[test]
fn what_no_field_is_read_from_may_be_long() {
    let folder = trust();
    database(
        &folder,
        "CREATE TABLE merchant (id TEXT, score REAL, logo BLOB);
         INSERT INTO merchant VALUES ('m1', 4.25, zeroblob(3000000)), ('m2', 4.75, NULL), ('m3', 1, '');",
    );
    let lines = folder.run(EVAL).args("--profile Merchant=shops.db").exits(0).lines();
    assert_eq!(trusted(&lines), [false, true, false, true]);
}

#[test]
fn check_tells_of_files_that_are_not_there() {
    let folder = trust();
    folder.run("check trust").exits(0);
    std::fs::remove_file(folder.path("trust/data/merchants.jsonl")).unwrap();
    let folder = folder.with("trust/data/groups.csv", "no,name\n7,ours\n7,theirs\n");
    let ran = folder.run("check trust").exits(1);
    ran.out_has("error[bad-settings]: the profiles of `Merchant` cannot be had: cannot read trust/data/merchants.jsonl: No such file or directory")
        .out_has("rulebook.yaml:4:3")
        .out_has("the profiles of `Group` cannot be had: profiles of `Group` have the same key")
        .out_has("trust (2 policies, 3 rules): 2 errors");
}

#[test]
fn who_gives_no_profiles_of_a_record_is_told_so() {
    let folder =
        trust().with("trust/rulebook.yaml", "name: trust\nprofiles:\n  Group: { key: no }\n");
    let ran = folder.run(EVAL).args("--profile Merchant=trust/data/merchants.jsonl").exits(1);
    // The group is optional, and yet nobody knows whether there is none.
    assert_eq!(trusted(&ran.lines()), [true, false, true]);
    ran.err_has("merchant.group: the profile of `Group` with the key 7 cannot be had: nothing is given to look it up in (`--profile Group=FILE`");
    let folder = folder.with("none.csv", "no,name\n");
    let none = "--profile Merchant=trust/data/merchants.jsonl --profile Group=none.csv";
    folder.run(EVAL).args(none).exits(0).err_is("");
}
