//! Policies that decide about each element of a list.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};
use crate::tabular::{parquet, rows_of};

/// Pots are divided by when they are weighed, which the cheapest have not been.
const POLICY: &str = r#"
enum Kind { pot, seed, tool }
record Item { sku: text  kind: Kind  price: EUR  opened: bool = false  weight: number = 1 }
record Basket {
  id: text
  paid_at: time
  patron: bool = false
  voucher: EUR = 0 EUR
  items: list of Item
  extras: list of Item?
}

policy give_back for each item in Basket.items dated by paid_at {
  decide taken: yes | no by first otherwise no because "{item.sku} is kept"
  decide refund: EUR by largest otherwise 0 EUR
  rule whole {
    when not item.opened and item.kind != seed
    then taken = yes, refund = round(item.price - voucher * (item.price / sum(i in items: i.price)))
    because "{item.sku} was not opened"
  }
  rule patrons {
    from 2026-02-01
    when patron and item.kind == pot and 100 / item.weight > 1
    overrides whole
    then taken = yes, refund = item.price
    because "patrons may try pots"
  }
}

policy shelve for each thing in Basket.items dated by paid_at {
  decide shelf: text by first otherwise "none"
  rule back { when give_back.taken == yes and baskets.size < 3 then "shelf" }
}

policy gifts for each extra in Basket.extras {
  decide keep: bool by first otherwise true
  rule dear { when extra.price > 5 EUR then false }
}

policy baskets for Basket dated by paid_at {
  decide size: number by first otherwise 0
  decide returned: number by first otherwise 0
  decide paid_back: EUR by total
  rule sized { then size = count(i in items) }
  rule told  { then returned = count(i in give_back where i.taken == yes and i.price > 1 EUR) }
  rule paid  { when any(i in give_back: i.taken == yes) then paid_back = sum(i in give_back: i.refund) }
}
"#;

const BASKETS: &str = r#"{"id":"b1","paid_at":"2026-03-01T10:00:00Z","voucher":6,"items":[{"sku":"spade","kind":"tool","price":40},{"sku":"oats","kind":"seed","price":8},{"sku":"urn","kind":"pot","price":12,"opened":true}]}
{"id":"b2","paid_at":"2026-03-01T10:00:00Z","patron":true,"items":[{"sku":"urn","kind":"pot","price":12,"opened":true},{"sku":"vase","kind":"pot","price":9,"opened":true,"weight":0}]}
{"id":"b3","paid_at":"2026-01-01T10:00:00Z","patron":true,"items":[{"sku":"urn","kind":"pot","price":12,"opened":true}]}
{"id":"b4","paid_at":"2026-03-01T10:00:00Z","items":[]}
"#;

fn folder() -> Folder {
    Folder::new().with("a.policy", POLICY).with("in.jsonl", BASKETS)
}

fn lines_of(folder: &Folder, policy: &str, input: &str, exit: i32) -> Vec<Value> {
    let run = folder.run("eval a.policy --format jsonl --policy").arg(policy);
    run.args("--input").arg(input).exits(exit).lines()
}

#[test]
fn each_element_has_a_result_with_its_own_reason() {
    let folder = folder();
    let lines = lines_of(&folder, "give_back", "in.jsonl", 1);
    let names = each(&lines, "/element");
    assert_eq!(names, ["spade", "oats", "urn", "urn", "vase", "urn"]);
    assert_eq!(each(&lines, "/id"), ["b1", "b1", "b1", "b2", "b2", "b3"]);
    assert_eq!(each(&lines, "/position"), [1, 2, 3, 1, 2, 1].map(Value::from));
    assert_eq!(each(&lines, "/record"), [0, 0, 0, 1, 1, 2].map(Value::from));
    let taken = each(&lines, "/decisions/taken");
    assert_eq!(taken[..4], [json!("yes"), json!("no"), json!("no"), json!("yes")]);
    // The fault of one element is its own; the phase is that of the basket's day.
    assert_eq!(taken[4..], [Value::Null, json!("no")]);
    assert_eq!(lines[4]["faults"][0]["code"], "division-by-zero");
    assert!(lines[3]["faults"].as_array().unwrap().is_empty());
    assert_eq!(lines[0]["decisions"]["refund"]["amount"], "36.00");
    assert_eq!(lines[0]["rules"][0]["reason"], "spade was not opened");
    assert_eq!(lines[1]["defaults"][0]["reason"], "oats is kept");
}

#[test]
fn a_policy_on_the_record_goes_through_what_was_decided() {
    let folder = folder();
    let lines = lines_of(&folder, "baskets", "in.jsonl", 1);
    assert_eq!(each(&lines, "/decisions/size"), [3, 2, 1, 0].map(Value::from));
    let returned = each(&lines, "/decisions/returned");
    assert_eq!(returned, [json!(1), Value::Null, json!(0), json!(0)]);
    let paid = each(&lines, "/decisions/paid_back/amount");
    assert_eq!(paid, [json!("36.00"), Value::Null, json!("0.00"), json!("0.00")]);
    assert_eq!(lines[1]["faults"][0]["code"], "faulty-decision");
}

#[test]
fn policies_for_each_element_of_one_list_read_each_other_element_by_element() {
    let folder = folder();
    let lines = lines_of(&folder, "shelve", "in.jsonl", 1);
    let shelves = each(&lines, "/decisions/shelf");
    assert_eq!(shelves[..4], ["none", "none", "none", "shelf"]);
    assert_eq!(shelves[4..], [Value::Null, json!("none")]);
}

#[test]
fn a_list_that_is_missing_has_no_elements() {
    let folder = folder();
    assert_eq!(lines_of(&folder, "gifts", "in.jsonl", 0), Vec::<Value>::new());
    let run = "eval a.policy --policy gifts --input in.jsonl --format table";
    folder.run(run).exits(0).out_has("4 records").out_has("4 decided");
}

#[test]
fn all_policies_judge_together_as_they_do_alone() {
    let folder = folder();
    let all = folder.run("eval a.policy --input in.jsonl --format jsonl --threads 2").exits(1);
    let all = all.lines();
    for policy in ["give_back", "shelve", "baskets"] {
        let own: Vec<_> = all.iter().filter(|line| line["policy"] == policy).cloned().collect();
        assert_eq!(own, lines_of(&folder, policy, "in.jsonl", 1), "{policy}");
    }
}

#[test]
fn cells_have_a_row_for_each_element() {
    let folder = folder();
    let run = "eval a.policy --policy give_back --policy baskets --input in.jsonl --format csv";
    let out = folder.run(run).args("--with rules").exits(1).out;
    let rows: Vec<_> = out.lines().take(5).collect();
    assert_eq!(
        rows,
        [
            "record,id,element,position,give_back.taken,give_back.refund (EUR),baskets.size,\
             baskets.returned,baskets.paid_back (EUR),faults,rules",
            "0,b1,,,,,3,1,36.00,,baskets.sized; baskets.told; baskets.paid",
            "0,b1,spade,1,yes,36.00,,,,,give_back.whole",
            "0,b1,oats,2,no,0.00,,,,,",
            "0,b1,urn,3,no,0.00,,,,,",
        ]
    );
    assert_eq!(out.lines().count(), 1 + 4 + 6);
}

#[test]
fn columns_have_a_list_for_each_record_or_a_row_for_each_element() {
    let folder = folder().with("in.parquet", parquet(BASKETS));
    let run = "eval a.policy --policy give_back --policy baskets --output out.parquet";
    let ran = folder.run(run).args("--input in.parquet").exits(1);
    let (rows, types) = rows_of(&folder.path("out.parquet"));
    assert_eq!(rows.len(), 4, "{ran}");
    assert!(types[2].starts_with("give_back List("), "{types:?}");
    let first = &rows[0]["give_back"];
    assert_eq!(each(first.as_array().unwrap(), "/element"), ["spade", "oats", "urn"]);
    assert_eq!(each(first.as_array().unwrap(), "/taken"), ["yes", "no", "no"]);
    assert_eq!(rows[1]["give_back"][1]["faults"].as_array().unwrap().len(), 3);
    assert_eq!(rows[3]["give_back"], json!([]));
    folder.run(run).args("--input in.jsonl --with elements").exits(1);
    let (rows, _) = rows_of(&folder.path("out.parquet"));
    let names = each(&rows, "/element");
    assert_eq!(rows.len(), 10);
    assert_eq!(names[..4], [Value::Null, json!("spade"), json!("oats"), json!("urn")]);
    let by_json = lines_of(&folder, "give_back", "in.jsonl", 1);
    let by_columns = lines_of(&folder, "give_back", "in.parquet", 1);
    assert_eq!(by_json, by_columns);
}

#[test]
fn explanations_tell_each_element_or_the_one_that_is_asked_for() {
    let folder = folder();
    let run = "explain a.policy --policy give_back --input in.jsonl --id b1";
    folder
        .run(run)
        .exits(0)
        .out_has("give_back b1 item spade (1/3)")
        .out_has("give_back b1 item urn (3/3)")
        .out_has("item.opened");
    let one = folder.run(run).args("--element oats").exits(0);
    one.out_has("item oats (2/3)").out_lacks("spade (");
    let json = folder.run(run).args("--element 3 --format json").exits(0).json();
    assert_eq!((&json[0]["element"], json.as_array().unwrap().len()), (&json!("urn"), 1));
    let flip = &json[0]["decisions"][0]["flips"];
    assert_eq!(flip["path"], "item.opened", "{flip}");
    folder
        .run(run)
        .args("--element rake")
        .exits(2)
        .err_has("record 0 has no element `rake`; its list holds 3");
}

#[test]
fn what_was_read_of_each_element_is_explained_with_its_rule_and_reason() {
    let folder = folder();
    let run = "explain a.policy --policy baskets --input in.jsonl --id b1 --format json";
    let json = folder.run(run).exits(0).json();
    let reads = json["reads"].as_array().unwrap();
    assert_eq!(each(reads, "/element"), ["spade", "oats", "urn"]);
    assert_eq!(reads[0]["read_by"], json!(["baskets.told", "baskets.paid"]));
    let whole = &reads[0]["rules"][0];
    assert_eq!(whole["reason"], "spade was not opened");
    folder
        .run("explain a.policy --policy baskets --input in.jsonl --id b1")
        .exits(0)
        .out_has("give_back item spade (1/3)");
}

#[test]
fn scenarios_expect_by_id_or_by_position() {
    let scenarios = "\
policy: give_back
given:
  id: b
  paid_at: 2026-03-01
  items: [{ sku: spade, kind: tool, price: 40 }, { sku: oats, kind: seed, price: 8 }]
scenarios:
  - name: a tool goes back
    expect: { elements: 2, spade: { taken: yes, by: [whole] }, 2: { taken: no, by: [] } }
  - name: nothing was bought
    with: { items: [] }
    expect: { elements: 0 }
  - name: a pot that patrons tried
    with: { patron: true, items: [{ sku: urn, kind: pot, price: 12 }] }
    expect: { urn: { refund: 12 EUR, by: [patrons], overridden: [whole] } }
";
    let folder = folder().with("b/a.policy", folder().read("a.policy"));
    let folder = folder.with("b/tests/a.yaml", scenarios);
    folder.run("test b").exits(0).out_has("3 scenarios: 3 passed, 0 failed");
    folder.run("test b --coverage").exits(0).out_has("give_back      2/2 100.0%");
    folder.run("test b --mutate --policy give_back").output().ran.out_has("killed");
    let wrong = scenarios.replace("spade: { taken: yes", "spade: { taken: no");
    let folder = folder.with("b/tests/a.yaml", wrong);
    folder.run("test b").exits(1).out_has("spade: taken").out_has("item spade (1/2)");
    let none = scenarios.replace("urn: {", "rake: {");
    let folder = folder.with("b/tests/a.yaml", none);
    folder.run("test b").exits(1).out_has("rake").out_has("urn");
    let bare = scenarios.replace("{ elements: 0 }", "{ taken: no }");
    let folder = folder.with("b/tests/a.yaml", bare);
    folder
        .run("test b")
        .exits(1)
        .err_has("policy `give_back` decides about each item")
        .err_has("`1: { taken: … }`");
}

/// Seeds may go back as well.
fn compared() -> Folder {
    folder().with(
        "after.policy",
        POLICY.replace("not item.opened and item.kind != seed", "not item.opened"),
    )
}

#[test]
fn a_change_is_told_element_by_element() {
    let folder = compared();
    let run = "simulate after.policy --baseline a.policy --policy give_back --input in.jsonl --by item.kind \
               --sum item.price";
    // A vase has no weight, so that there is a fault.
    let impact = folder.run(run).args("--format json").exits(1).json();
    let sums = json!([{ "field": "item.price", "unit": "EUR", "missing": 0 }]);
    assert_eq!(impact["elements"], json!({ "name": "item", "list": "Basket.items" }));
    assert_eq!([&impact["records"], &impact["judged"]], [4, 6]);
    assert_eq!(
        (&impact["changed"], &impact["sums"]),
        (&json!({ "records": 1, "sums": ["8"] }), &sums)
    );
    let flips = impact["flips"].as_array().unwrap();
    let place = |flip: &Value| ["id", "element", "position"].map(|name| flip[name].clone());
    assert_eq!(
        flips.iter().map(place).collect::<Vec<_>>(),
        [[json!("b1"), json!("oats"), json!(2)]]
    );
    assert_eq!(flips[0]["input"]["items"][1]["sku"], "oats");
    let taken = json!({ "decision": "taken", "from": "no", "to": "yes" });
    assert_eq!(flips[0]["decisions"][0], taken);
    let refund = &impact["decisions"][1]["totals"];
    // The whole voucher is off: 48 of 60 euros are paid for what goes back.
    assert_eq!(refund["difference"], "7.2");
    let shown = folder.run(run).exits(1);
    let shown = shown.out_has("1 of 6 elements of Basket.items (16.7%) is decided differently.");
    shown.out_has("record b1 · 2 oats taken: no → yes");
    folder.run(run).args("--report page.html --sample 1").exits(1);
    assert!(folder.read("page.html").contains("6 elements of Basket.items"));
}

#[test]
fn changes_of_elements_are_those_of_a_naive_comparison() {
    let folder = compared();
    let decided = |file: &str| {
        let run = format!("eval {file} --policy give_back --input in.jsonl --format jsonl");
        folder.run(&run).exits(1).lines()
    };
    let pairs = decided("a.policy").into_iter().zip(decided("after.policy"));
    let other = pairs.filter(|(before, after)| before["decisions"] != after["decisions"]);
    let other: Vec<_> = other.map(|(before, _)| before["element"].clone()).collect();
    let run =
        "simulate after.policy --baseline a.policy --policy give_back --input in.jsonl --flips";
    folder.run(run).arg("flips.jsonl").exits(1);
    let flips = json_lines(&folder.read("flips.jsonl"));
    assert_eq!((each(&flips, "/element"), each(&flips, "/position")), (other, vec![json!(2)]));
    folder.run(run).arg("flips.csv").exits(1);
    let cells = folder.read("flips.csv");
    assert!(cells.starts_with("record,id,element,position,dated,taken.from,"), "{cells}");
    assert!(cells.contains("\n0,b1,oats,2,2026-03-01T10:00:00Z,no,yes,"), "{cells}");
    let folder = folder.with("in.parquet", parquet(BASKETS));
    folder.run(&run.replace("in.jsonl", "in.parquet")).arg("rows.jsonl").exits(1);
    assert_eq!(each(&json_lines(&folder.read("rows.jsonl")), "/element"), each(&flips, "/element"));
}

#[test]
fn what_records_decide_is_not_compared_with_what_elements_do() {
    let whole = "record Item { price: EUR }\nrecord Basket { id: text  items: list of Item }\n\
                 policy give_back for Basket { decide refund: EUR by largest otherwise 0 EUR\n\
                 rule nothing { then 0 EUR } }\n";
    let folder = folder().with("whole.policy", whole);
    let run = "simulate whole.policy --baseline a.policy --policy give_back --input in.jsonl";
    let refused = "decides about each element of Basket.items on one side, and about a record as a whole on the other";
    folder.run(run).exits(2).err_has(refused);
    folder.run("simulate a.policy --policy baskets --input in.jsonl").exits(1).out_has("returned");
}

/// Each pair of an element's numbers is looked at: some steps for each, and more than a record has for all.
#[test]
fn what_was_read_of_elements_is_explained_within_the_steps_that_judging_had() {
    let policy = "
record Line { sku: text  counts: list of number }
record Order { id: text  lines: list of Line }
policy heavy for each line in Order.lines {
  decide odd: bool by first otherwise false
  rule unlike { when any(a in line.counts: any(b in line.counts: a > b + 1)) then true }
}
policy orders for Order {
  decide odd: number by first otherwise 0
  rule counted { then count(l in heavy where l.odd) }
}
";
    let counts = vec!["1"; 1050].join(",");
    let line = |sku: &str| format!("{{\"sku\":\"{sku}\",\"counts\":[{counts}]}}");
    let order = format!("{{\"id\":\"o\",\"lines\":[{},{}]}}", line("one"), line("two"));
    let folder = Folder::new().with("a.policy", policy).with("in.jsonl", order);
    let judged = folder
        .run("eval a.policy --policy orders --input in.jsonl --format jsonl")
        .exits(1)
        .lines();
    assert_eq!(judged[0]["faults"][0]["rule"], "counted");
    let run = "explain a.policy --policy orders --input in.jsonl --format json";
    let reads = folder.run(run).exits(0).json()["reads"].clone();
    let faulted = reads.as_array().unwrap().iter().map(|read| read["rules"][0]["status"].clone());
    assert_eq!(faulted.collect::<Vec<_>>(), ["unmet", "faulted"]);
}
