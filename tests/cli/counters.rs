//! Counters: records replayed in the order of their times, whatever the order of the input.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};

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
