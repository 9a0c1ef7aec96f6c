//! What counters tell besides sums, and records that are sent again.

use serde_json::{Value, json};

use crate::harness::{Folder, Run, each};

const PAYMENTS: &str = r#"
record Payment key no {
  no: text
  payer: text
  shop: text
  card: text
  kind: cash | credit
  made: time
  day: date
  sum: EUR
  took: duration?
}

counter cards = count of distinct card of Payment by payer within 2 hours
counter kinds = count of distinct kind of Payment by payer ever
counter dearest = largest of sum of Payment by payer within 2 hours
counter cheapest = smallest of sum of Payment by payer, shop ever
counter usual = average of sum of Payment by payer ever
counter last_made = latest of made of Payment by payer ever
counter last_shop = latest of shop of Payment by payer ever
counter last_kind = latest of kind of Payment by payer ever where sum > 1 EUR
counter last_day = largest of day of Payment by payer ever
counter many = count of Payment by payer, shop within 30 days

policy tells for Payment dated by made {
  decide seen: text by first otherwise "nothing"
  rule sees {
    when dearest is present and usual is present and last_made is present and last_shop is present
      and last_kind is present and last_day is present
    then seen = $"{cards} cards, {kinds} kinds, up to {dearest}, {usual} each, last {last_made} {last_day} {last_shop} {last_kind}, {many} here"
  }
  decide least: EUR by first otherwise 0 EUR
  rule least { when cheapest is present then least = cheapest }
}
"#;

fn payment(no: &str, shop: &str, card: &str, hour: &str, sum: &str) -> Value {
    let kind = if card == "x" { "cash" } else { "credit" };
    json!({
        "no": no, "payer": "p", "shop": shop, "card": card, "kind": kind, "sum": sum,
        "made": format!("2024-06-0{hour}:00:00Z"), "day": format!("2024-06-0{}", &hour[..1]),
    })
}

fn lines(payments: &[Value]) -> String {
    payments.iter().map(|payment| format!("{payment}\n")).collect()
}

/// What is told of each, in the order of the input.
fn seen(run: Run) -> Vec<Value> {
    let lines = run.exits(0).lines();
    each(&lines, "/decisions").into_iter().collect()
}

fn folder() -> Folder {
    Folder::new().with("p/rulebook.yaml", "name: p\n").with("p/p.policy", PAYMENTS)
}

#[test]
fn each_kind_is_told_of_what_came_before() {
    let payments = [
        payment("1", "a", "x", "1T10", "10"),
        payment("2", "a", "y", "1T11", "30.50"),
        payment("3", "b", "x", "1T12", "0.50"),
        payment("4", "a", "z", "2T10", "7"),
    ];
    // They stand in any order.
    let input = lines(&[&payments[2..], &payments[..2]].concat());
    let told = seen(folder().with("in.jsonl", input).run("eval p --input in.jsonl --format jsonl"));
    let texts: Vec<_> = told.iter().map(|told| told["seen"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "1 cards, 2 kinds, up to 30.5, 20.25 each, last 2024-06-01T11:00:00+00:00 2024-06-01 a credit, 0 here",
            "nothing",
            "nothing",
            "1 cards, 1 kinds, up to 10, 10 each, last 2024-06-01T10:00:00+00:00 2024-06-01 a cash, 1 here",
        ]
    );
    let least: Vec<_> = told.iter().map(|told| told["least"]["amount"].clone()).collect();
    assert_eq!(least, ["0.00", "10.00", "0.00", "10.00"]);
}

#[test]
fn what_is_sent_again_counts_once_and_does_not_see_itself() {
    let counts = PAYMENTS.split("counter cards").next().unwrap().to_string()
        + "counter many = count of Payment by payer within 1 day
           counter much = sum of sum of Payment by payer ever
           policy p for Payment dated by made {
             decide many_before: number by first otherwise 0
             decide much_before: EUR by first otherwise 0 EUR
             rule tells { then many_before = many, much_before = much }
           }";
    let counts = counts
        + "\npolicy unused for Payment { decide d: bool by first otherwise false rule r { when many_again > 0 then true } }\ncounter many_again = count of Payment by shop ever dated by made";
    let twice = [
        payment("1", "a", "x", "1T10", "10"),
        payment("1", "a", "x", "1T10", "10"),
        payment("2", "a", "x", "1T11", "5"),
        payment("1", "a", "x", "1T10", "10"),
        payment("2", "a", "x", "1T11", "5"),
        payment("3", "a", "x", "1T12", "1"),
    ];
    let folder = Folder::new().with("p.policy", counts).with("in.jsonl", lines(&twice));
    let eval = "eval p.policy --policy p --format jsonl";
    let ran = folder.run(&format!("{eval} --input in.jsonl")).exits(0);
    let told = |ran: &crate::harness::Ran| {
        let all = ran.lines();
        let many = each(&all, "/decisions/many_before");
        many.into_iter().zip(each(&all, "/decisions/much_before/amount")).collect::<Vec<_>>()
    };
    let all = [(0, "0.00"), (0, "0.00"), (1, "10.00"), (0, "0.00"), (1, "10.00"), (2, "15.00")];
    let all = all.map(|(many, much)| (json!(many), json!(much)));
    assert_eq!(told(&ran), all);
    ran.err_is("3 came again, by their keys, and count once\n");
    // In runs of their own, and once more with a line more: the history knows the records.
    let folder = folder
        .with("one.jsonl", lines(&twice[..3]))
        .with("two.jsonl", format!("\n{}", lines(&twice[3..])))
        .with("three.jsonl", lines(&[&twice[..], &[payment("4", "a", "x", "1T13", "2")]].concat()));
    let run = |input: &str| folder.run(&format!("{eval} --history h.db --input {input}")).exits(0);
    assert_eq!(told(&run("one.jsonl")), all[..3]);
    let second = run("two.jsonl");
    assert_eq!(told(&second), all[3..]);
    second.err_is("2 came again, by their keys, and count once\n");
    let third = run("three.jsonl");
    assert_eq!(told(&third).last(), Some(&(json!(3), json!("16.00"))));
    assert_eq!(told(&third)[..6], all);
    third.err_is("6 came again, by their keys, and count once\n");
    assert_eq!(told(&run("three.jsonl")).last(), Some(&(json!(3), json!("16.00"))));
}
