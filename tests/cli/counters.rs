//! Counters: records replayed in the order of their times, whatever the order of the input.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};
use crate::infer::columns_of;
use crate::tabular::{csv, parquet_of};

const POLICY: &str = r#"
record Claim { id: text, buyer: text, at: time, amount: CNY, parts: number = 1 }
counter claims_30d = count of Claim by buyer within 30 days
counter paid_today = sum of amount / parts of Claim by buyer today

policy claims for Claim dated by at {
  decide before: number by first
  decide paid: CNY by first
  rule tell { when claims_30d >= 0 then before = claims_30d, paid = paid_today }
  rule many { when claims_30d >= 2 then before = claims_30d because "{claims_30d} claims" }
}

record Visit { visitor: text, at: time }
policy visits for Visit dated by at {
  decide enter: yes | no by first otherwise yes
  rule night { when hour(at) < 6 then no }
}
"#;

const SETTINGS: &str = "name: claims\nzone: Asia/Shanghai\n";

fn folder() -> Folder {
    Folder::new().with("claims/rulebook.yaml", SETTINGS).with("claims/claims.policy", POLICY)
}

fn claim(id: usize, buyer: &str, at: &str) -> String {
    format!(r#"{{"id":"c{id}","buyer":"{buyer}","at":"{at}","amount":10}}"#) + "\n"
}

/// The decision `before` of each line.
fn before(lines: &[Value]) -> Vec<Value> {
    each(lines, "/decisions/before")
}

#[test]
fn each_record_sees_those_before_it_in_time() {
    let input = claim(0, "b1", "2024-09-20")
        + &claim(1, "b1", "2024-09-01")
        + &claim(2, "b2", "2024-09-10")
        + &claim(3, "b1", "2024-09-10")
        + &claim(4, "b1", "2024-10-01");
    let folder = folder().with("in.jsonl", &input);
    let ran = folder.run("eval claims --policy claims --input in.jsonl").exits(0);
    let lines = ran.lines();
    assert_eq!(each(&lines, "/id"), ["c0", "c1", "c2", "c3", "c4"]);
    // The first lies just 30 days before the last.
    assert_eq!(before(&lines), [2, 0, 0, 1, 2]);

    // The same from standard input, and over several files.
    let same = folder.run("eval claims --policy claims --input -").input(&input).exits(0);
    assert_eq!(same.out, ran.out);
    let (first, second) = input.split_at(input.match_indices('\n').nth(1).unwrap().0 + 1);
    let folder = folder.with("first.jsonl", first).with("second.jsonl", second);
    let two = folder.run("eval claims --policy claims --input first.jsonl --input second.jsonl");
    assert_eq!(two.exits(0).out, ran.out);
}

#[test]
fn columns_are_counted_as_json_is() {
    let input: String = (0..60)
        .map(|id| claim(id, ["b1", "b2"][id % 2], &format!("2024-09-{:02}", 30 - id % 30)))
        .collect();
    let folder = folder()
        .with("in.jsonl", &input)
        .with("in.parquet", parquet_of(&columns_of(&input), 7))
        .with("in.csv", csv(&input, b',').unwrap());
    for format in ["jsonl", "csv"] {
        let run = |input: &str| {
            let run = folder.run("eval claims --policy claims --threads 2 --format").arg(format);
            run.args("--input").arg(input).exits(0).out
        };
        let expected = run("in.jsonl");
        assert!(run("in.parquet") == expected && run("in.csv") == expected, "{format}\n{expected}");
    }
    // A history knows a file again, whatever its format.
    let run = "eval claims --policy claims --history counted.sqlite --input in.parquet";
    folder.run(run).exits(0);
    folder.run(run).exits(2).out_is("");
}

#[test]
fn of_one_time_the_input_says_which_came_first() {
    let input: String = (0..4).map(|id| claim(id, "b1", "2024-09-01T12:00:00")).collect();
    let ran = folder().run("eval claims --policy claims --input -").input(input).exits(0);
    assert_eq!(before(&ran.lines()), [0, 1, 2, 3]);
}

#[test]
fn days_begin_at_midnight_in_the_zone() {
    let input = claim(0, "b1", "2024-09-01T15:59:59Z")
        + &claim(1, "b1", "2024-09-01T16:00:00Z")
        + &claim(2, "b1", "2024-09-02T15:59:59Z");
    let ran = folder().run("eval claims --policy claims --input -").input(input).exits(0);
    let paid = each(&ran.lines(), "/decisions/paid/amount");
    assert_eq!(paid, ["0.00", "0.00", "10.00"]);
}

#[test]
fn what_is_rejected_never_counts() {
    let input = claim(0, "b1", "2024-09-01")
        + "nonsense\n"
        + r#"{"id":"c2","buyer":"b1","at":"2024-09-02","amount":"ten"}"#
        + "\n"
        + r#"{"id":"c3","buyer":"b1","at":"2024-09-02","amount":1,"parts":0}"#
        + "\n"
        + &claim(4, "b1", "2024-09-03");
    let folder = folder().with("in.jsonl", input);
    let run = "eval claims --policy claims --input in.jsonl --rejects bad.jsonl";
    let ran = folder.run(run).exits(1);
    assert_eq!(before(&ran.lines()), [0, 1]);
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(each(&rejects, "/record"), [1, 2, 3]);
    assert_eq!(each(&rejects, "/errors/0/code"), ["bad-json", "wrong-type", "uncountable"]);
    let message = "counter `paid_today`: division by zero";
    assert_eq!(rejects[2]["errors"][0]["message"], message);
}

#[test]
fn policies_for_other_records_judge_beside_it() {
    let input = claim(0, "b1", "2024-09-01")
        + r#"{"visitor":"v","at":"2024-09-12 05:00:00"}"#
        + "\n"
        + &claim(1, "b1", "2024-09-02");
    let ran = folder().run("eval claims --input -").input(input).exits(0);
    let lines = ran.lines();
    assert_eq!(each(&lines, "/policy"), ["claims", "visits", "claims"]);
    assert_eq!(before(&lines), [json!(0), Value::Null, json!(1)]);
}

#[test]
fn any_number_of_threads_counts_the_same() {
    let line = |number: usize| {
        let (day, hour) = (1 + number * 7 % 28, number % 24);
        claim(number, &format!("b{}", number % 50), &format!("2024-09-{day:02}T{hour:02}:00:00"))
    };
    let folder = folder().with("in.jsonl", (0..5000).map(line).collect::<String>());
    let on = |threads| {
        let run = folder.run("eval claims --policy claims --input in.jsonl --threads");
        run.arg(threads).exits(0).out
    };
    assert!(on("1") == on("4"));
}

#[test]
fn an_explanation_counts_the_other_records_of_its_input() {
    let input: String = (0..3).map(|id| claim(id, "b1", &format!("2024-09-0{}", 3 - id))).collect();
    let folder = folder().with("in.jsonl", input);
    let ran = folder.run("explain claims --input in.jsonl --record 0").exits(0).plain();
    let ran = ran.out_has("claims_30d is 2").out_has("✓ when claims_30d >= 2");
    ran.out_has("many: fired, but another outcome prevails");
    let ran = folder.run("explain claims --input in.jsonl --record 2").exits(0).plain();
    ran.out_has("claims_30d is 0").out_has("○ many: `when` does not hold");
}

#[test]
fn scenarios_tell_what_was_before() {
    let scenarios = |key: &str| {
        format!(
            "policy: claims\ngiven: {{ id: c, buyer: b, at: 2024-09-02, amount: 5 }}\n\
             history: [{{ at: 2024-09-01 }}]\nscenarios:\n  - name: as the file says\n    \
             expect: {{ before: 1 }}\n  - name: as it says itself\n    {key}\n    expect: {{ before: 2 }}\n"
        )
    };
    let test = |key: &str| folder().with("claims/tests/a.yaml", scenarios(key)).run("test claims");
    test("history: [{ at: 2024-08-31 }, { at: 2024-09-02 }]").exits(0);
    test("counters: { claims_30d: 2 }").exits(0);
    let ran = test("history: [{ at: 2024-07-31 }, { at: 2024-09-02 }]").exits(1);
    ran.out_has("expected 2").out_has("got      1");
    let ran = test("counters: { claims_30: 2 }").exits(1);
    ran.err_has("policy `claims` reads no counter `claims_30`")
        .err_has("did you mean `claims_30d`?");
    let ran = test("counters: { claims_30d: many }").exits(1);
    ran.err_has("`claims_30d` is a number");
    let ran = test("history: [{ when: 2024-07-31 }]").exits(1);
    ran.err_has("record `Claim` has no field `when`");
    let ran = test("history: [{ amount: ten }]").exits(1);
    ran.out_has("history[0].amount");
}

/// Claims of ten buyers, one an hour, in the order of time.
fn hourly(numbers: std::ops::Range<usize>) -> String {
    let line = |number: usize| {
        let (day, hour) = (1 + number / 24, number % 24);
        claim(
            number,
            &format!("b{}", number * 7 % 10),
            &format!("2024-09-{day:02}T{hour:02}:00:00"),
        )
    };
    numbers.map(line).collect()
}

/// The lines of an output without the numbers of the records.
fn unnumbered(out: &str) -> Vec<&str> {
    out.lines().map(|line| line.split_once(",\"id\"").unwrap().1).collect()
}

#[test]
fn two_halves_with_a_history_are_the_whole() {
    let folder = folder().with("all.jsonl", hourly(0..600));
    let folder = folder.with("first.jsonl", hourly(0..300)).with("second.jsonl", hourly(300..600));
    let run =
        |arguments: &str| folder.run("eval claims --policy claims").args(arguments).exits(0).out;
    let all = run("--input all.jsonl");
    let halves = run("--input first.jsonl --history h.sqlite")
        + &run("--input second.jsonl --history h.sqlite");
    assert!(unnumbered(&halves) == unnumbered(&all));

    // As the first time, and nothing counts twice.
    let again = run("--input second.jsonl --history h.sqlite --again");
    assert!(unnumbered(&(run("--input first.jsonl") + &again)) == unnumbered(&all));
    let more = hourly(600..601);
    let last = folder.run("eval claims --policy claims --history h.sqlite --input -").input(&more);
    let whole = folder.run("eval claims --policy claims --input -").input(hourly(0..601)).exits(0);
    assert_eq!(unnumbered(&last.exits(0).out).first(), unnumbered(&whole.out).last());
}

#[test]
fn an_input_counts_once() {
    let folder = folder().with("in.jsonl", hourly(0..3)).with("same.jsonl", hourly(0..3));
    let run = |arguments: &str| folder.run("eval claims --history h.sqlite").args(arguments);
    run("--input in.jsonl").exits(0);
    let ran = run("--input same.jsonl").exits(2).out_is("");
    ran.err_has("h.sqlite: same.jsonl has been counted already").err_has("`--again` judges it");
    let ran = run("--input same.jsonl --again").exits(0);
    assert_eq!(before(&ran.lines()), [0, 0, 0]);
    let folder = &folder;
    let other = folder.run("eval claims --history h.sqlite --input - --again").input(hourly(3..4));
    other.exits(2).err_has("`--again` takes the inputs of one earlier run");
    folder.run("eval claims --input in.jsonl --again").exits(2).err_has("--history");
}

#[test]
fn a_run_that_fails_adds_nothing() {
    let folder = folder().with("in.jsonl", hourly(0..3));
    let run = |arguments: &str| {
        folder.run("eval claims --input in.jsonl --history h.sqlite").args(arguments)
    };
    run("--output nowhere/out.jsonl").exits(2);
    // Rejected records do not fail it.
    run("").exits(0);
    let claim = claim(9, "b0", "2024-09-02") + "nonsense\n";
    let ran = folder.run("eval claims --policy claims --history h.sqlite --input -").input(&claim);
    assert_eq!(before(&ran.exits(1).lines()), [1]);
    let ran =
        folder.run("eval claims --policy claims --history h.sqlite --input -").input(claim + "\n");
    assert_eq!(before(&ran.exits(1).lines()), [2]);
}

#[test]
fn a_history_of_other_definitions_is_refused() {
    let folder = folder().with("in.jsonl", hourly(0..3)).with("next.jsonl", hourly(3..6));
    let eval = "eval claims --history h.sqlite --input";
    folder.run(eval).arg("in.jsonl").exits(0);
    let with = |from: &str, to: &str| {
        let policy = POLICY.replace(from, to);
        assert!(policy != POLICY);
        std::fs::write(folder.path("claims/claims.policy"), policy).unwrap();
        folder.run(eval).arg("next.jsonl")
    };
    let ran = with("amount / parts of", "amount * parts of").exits(2);
    let ran = ran.err_has("counter `paid_today` has another definition now");
    ran.err_has("judge the earlier inputs again with a new history");
    let ran = with("record Visit", "counter new = count of Claim by id today\npolicy more for Claim dated by at { decide d: bool by first  rule r { when new > 0 then true } }\nrecord Visit").exits(2);
    ran.err_has("counter `new` was not counted by earlier runs");
    with("within 30 days", "within 60 days").exits(0);
}

#[test]
fn what_is_no_history_is_refused() {
    let text = "no database, although it is as long as the header of one, which takes a hundred bytes and more";
    let folder = folder().with("in.jsonl", hourly(0..3)).with("h.sqlite", text.repeat(9));
    let ran = folder.run("eval claims --input in.jsonl --history h.sqlite").exits(2);
    ran.err_has("h.sqlite is no history");
    let plain = "record R { n: number }\npolicy p for R { decide d: bool by first  rule r { when n > 0 then d = true } }\n";
    let folder = folder.with("plain.policy", plain);
    let ran = folder.run("eval plain.policy --input in.jsonl --history new.sqlite").exits(2);
    ran.err_has("the rulebook has no counters to keep a history for");
    let ran = folder.run("explain claims --input in.jsonl --history nowhere.sqlite").exits(2);
    ran.err_has("there is no history nowhere.sqlite");
}

#[test]
fn an_explanation_knows_the_history() {
    let folder = folder().with("in.jsonl", hourly(0..30)).with("next.jsonl", hourly(30..40));
    folder.run("eval claims --input in.jsonl --history h.sqlite").exits(0);
    let explain = |arguments: &str| {
        let run = folder.run("explain claims --policy claims --history h.sqlite").args(arguments);
        run.exits(0).plain()
    };
    // Claim 35 is the fourth of its buyer; the input itself is counted with it.
    explain("--input next.jsonl --record 5").out_has("claims_30d is 3");
    folder.run("eval claims --input next.jsonl --history h.sqlite").exits(0);
    explain("--input next.jsonl --record 5").out_has("claims_30d is 3");
    explain("--input in.jsonl --record 5").out_has("claims_30d is 0");
}
