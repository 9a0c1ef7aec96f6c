//! `rulebook explain`.

use serde_json::{Value, json};

use crate::harness::{Folder, each};
use crate::shop::{request, requests, shop};

#[test]
fn the_text_tells_each_rule_its_clauses_and_the_nearest_change() {
    let folder = shop().with("in.json", request("a", r#"250,"score":4.9"#));
    let ran = folder.run("explain shop --policy refunds --input in.json").exits(0).plain();
    let ran = ran.err_is("").out_has("refunds a, dated 2024-09-12T10:00:00+08:00\n");
    let ran = ran.out_has("refund = reject  (by large)\n").out_has("● large: fired\n");
    let ran = ran.out_has("✓ when amount > limit").out_has("amount is CNY 250.00, limit is");
    let ran = ran.out_has("◐ trusted_store: fired, but is overridden by large\n");
    let ran = ran.out_has("○ parted: ").out_has("✗ when parts != 1\n");
    ran.out_has("would be negotiate if amount were CNY 200.00 (it is CNY 250.00)\n");
}

#[test]
fn the_policy_may_be_left_out_where_one_fits() {
    let visit = r#"{"visitor":"v","at":"2024-09-12 05:00:00"}"#;
    let ran = shop().run("explain shop --input -").input(visit).exits(0);
    ran.out_has("visits").out_has("enter = no  (by night)").out_has("● night: fired");
    let none = shop().run("explain shop --input -").input("{}").exits(2).out_is("");
    none.err_has("say which policy: --policy refunds or --policy visits");
    let unknown = shop().run("explain shop --policy visit --input -").input(visit).exits(2);
    unknown.out_is("").err_has("did you mean `visits`?");
}

#[test]
fn a_record_is_picked_by_its_number() {
    let folder = shop().with("in.jsonl", requests(4));
    let run = |number: &str, code| {
        folder.run("explain shop --input in.jsonl --record").arg(number).exits(code)
    };
    run("0", 0).out_has("refunds r0,");
    run("2", 0).out_has("refunds r2,").out_has("refund = reject");
    run("3", 0).out_has("refunds r3,");
    let none = run("4", 2).out_is("");
    none.err_is("error: in.jsonl has 4 records, counted from 0; there is no record 4\n");
    let empty = folder.run("explain shop --input -").exits(2).out_is("");
    empty.err_is("error: standard input has no records\n");
}

#[test]
fn json_tells_the_same_to_programs() {
    let folder = shop().with("in.json", request("a", r#"250,"score":4.9"#));
    let ran = folder.run("explain shop --input in.json --format json").exits(0).err_is("");
    let told = ran.json();
    assert_eq!((&told["policy"], &told["id"]), (&"refunds".into(), &"a".into()));
    let refund = &told["decisions"][0];
    assert_eq!((&refund["decision"], &refund["value"]), (&"refund".into(), &"reject".into()));
    assert_eq!(refund["flips"]["path"], "amount");
    assert_eq!(refund["flips"]["decides"], "negotiate");
    let rules = told["rules"].as_array().unwrap();
    let names = ["large", "trusted_store", "exchanges", "second_store", "parted"];
    assert_eq!(each(rules, "/rule"), names);
    assert_eq!(rules[0]["clauses"][0]["holds"], true);
    let limit = &rules[0]["clauses"][0];
    assert_eq!(limit["values"]["limit"], json!({"amount": "200.00", "currency": "CNY"}));
    assert_eq!(limit["values_told"]["limit"], "CNY 200.00");
    assert_eq!(rules[4]["clauses"][0]["holds"], false);
}

#[test]
fn time_parameters_and_language_are_the_callers() {
    let folder = shop().with("in.json", request("a", "250"));
    let run = |more: &str| folder.run(&format!("explain shop --input in.json {more}"));
    run("--set limit=300").exits(0).out_has("refund = support").out_has("limit is CNY 300.00");
    run("--lang zh").exits(0).out_has("不予支持");
    run("--now 2024-10-01").exits(0).out_has("2024-10-01T00:00:00+08:00");
    run("--now soon").exits(2).out_is("").err_has("is not a time");
    run("--set limt=1").exits(2).out_is("").err_has("did you mean `limit`?");
}

#[test]
fn a_fault_is_told_with_its_cause() {
    let run = shop().run("explain shop --input -").input(request("a", r#"1,"parts":0"#));
    let ran = run.exits(0).out_has("share = fault").out_has("division by zero");
    ran.out_lacks("parted: fired, but another outcome prevails");
}

#[test]
fn a_rejected_record_cannot_be_explained() {
    let folder = shop().with("in.jsonl", format!("{}\nnonsense\n", request("a", "true")));
    let typed = folder.run("explain shop --policy refunds --input in.jsonl").exits(1).out_is("");
    typed.err_has("rejected: ").err_has("amount: expected an amount in CNY, found true");
    let broken = folder.run("explain shop --policy refunds --input in.jsonl --record 1").exits(1);
    broken.out_is("").err_has("rejected: ").err_has("this is not JSON");
    let null = folder.run("explain shop --policy refunds --input -").input(Value::Null.to_string());
    null.exits(1).out_is("").err_has("expected a `Request` record, found null");
}

const PARCELS: &str = r#"record Parcel {
  id: number as "number"
  weight: number
}

policy scales for Parcel {
  decide lane: plain | heavy by first otherwise plain

  rule heavy {
    when weight > 20
    then heavy
  }
}
"#;

#[test]
fn a_record_is_found_by_its_id() {
    let folder = shop().with("in.jsonl", requests(4));
    let run = |id: &str| folder.run("explain shop --input in.jsonl --id").arg(id);
    run("r2").exits(0).err_is("").out_has("refunds r2,").out_has("refund = reject");
    let none = run("r9").exits(2).out_is("");
    none.err_is("error: no record of in.jsonl has the id `r9`\n");
    let text = folder.run("explain shop --input in.jsonl --record r2").exits(2).out_is("");
    text.err_has("it counts records, from 0 on; `--id r2` finds a record by its id");
    folder.run("explain shop --input in.jsonl --record 1 --id r2").exits(2).out_is("");
    let piped = folder.run("explain shop --input - --id r1").input(requests(3)).exits(0);
    piped.out_has("refunds r1,");
}

#[test]
fn ids_are_numbers_too_and_several_records_may_have_one() {
    let records = concat!(
        r#"{"number":6,"weight":1}"#,
        "\n",
        r#"{"number":7.0,"weight":30}"#,
        "\nnonsense\n",
        r#"{"number":7,"weight":"many"}"#,
        "\n",
    );
    let folder = Folder::new().with("p.policy", PARCELS).with("in.jsonl", records);
    let folder = folder.with("in.csv", "number,weight\n6,1\n7,30\n");
    let run = |more: &str| folder.run(&format!("explain p.policy --input {more}"));
    let first = run("in.jsonl --id 7").exits(0).out_has("scales 7,").out_has("lane = heavy");
    first.err_has("`7` names several records; this is record 1, the others are `--record 3`");
    run("in.csv --id 7").exits(0).err_is("").out_has("lane = heavy");
    // Not all of very many are named.
    let many = folder.with("many.jsonl", "{\"number\":7,\"weight\":30}\n".repeat(3000));
    let told = many.run("explain p.policy --input many.jsonl --id 7").exits(0);
    told.err_has("`--record 10`, … and 2,989 more\n");
    let run = |more: &str| many.run(&format!("explain p.policy --input {more}"));
    // One that is rejected is found as well.
    let rejected = run("in.jsonl --record 3").exits(1).out_is("");
    rejected.err_has("weight: expected a number");
    let other = PARCELS.replace("id: number as \"number\"", "number: number");
    let folder = Folder::new().with("p.policy", other).with("in.jsonl", records);
    let nameless = folder.run("explain p.policy --input in.jsonl --id 7").exits(2).out_is("");
    nameless.err_has("in.jsonl: its records have no field `id`; say which one by its place");
}

const READERS: &str = r#"record Parcel { id: text  weight: number }

policy size for Parcel {
  source "House rules, 2"
  decide large: bool by first otherwise false because "it fits through the door"

  rule over {
    when weight > 20
    then true
    because "it weighs {weight} kg"
  }
}

policy hands for Parcel {
  decide two: bool by first otherwise false
  rule large { when size.large then true }
}

policy route for Parcel {
  decide step: go < ask by strictest otherwise go
  rule careful { when size.large and hands.two then ask }
}
"#;

#[test]
fn what_was_read_of_other_policies_is_told_below_as_deep_as_it_goes() {
    let folder = Folder::new().with("p.policy", READERS);
    let run = |weight: u32, more: &str| {
        let record = format!(r#"{{"id":"a","weight":{weight}}}"#);
        folder.run(&format!("explain p.policy --policy route --input - {more}")).input(record)
    };
    let ran = run(30, "").exits(0).out_has("size.large is yes").out_has("hands.two is yes");
    let ran = ran.out_has("\nsize, read by route.careful, hands.large, dated ");
    let ran = ran.out_has("\nlarge = yes  (by over)\n").out_has("✓ when weight > 20\n");
    let ran = ran.out_has("because it weighs 30 kg\n").out_has("source: House rules, 2\n");
    assert_eq!(ran.out.matches("● over: fired").count(), 1, "{ran}");
    let told = run(30, "--format json").exits(0).json();
    let reads = told["reads"].as_array().unwrap();
    assert_eq!(each(reads, "/policy"), ["size", "hands"]);
    assert_eq!(reads[0]["rules"][0]["reason"], "it weighs 30 kg");
    assert_eq!(reads[0]["rules"][0]["sources"][0], "House rules, 2");
    // One that decided without a rule, and nobody got as far as to the other one.
    let ran = run(3, "").exits(0).out_has("large = no  (no rule fired)\n");
    ran.out_has("because it fits through the door")
        .out_has("✗ when weight > 20")
        .out_lacks("hands");
}

#[test]
fn programs_get_the_parts_of_a_condition_and_what_is_calculated() {
    let policy = READERS.replace("when weight > 20", "when weight > 90 or weight * 2 > 40");
    let folder = Folder::new().with("p.policy", policy);
    let run = folder.run("explain p.policy --policy size --input - --format json");
    let told = run.input(r#"{"id":"a","weight":30}"#).exits(0).json();
    let clause = &told["rules"][0]["clauses"][0];
    assert_eq!((&clause["joined"], &clause["holds"]), (&"or".into(), &true.into()));
    let parts = clause["parts"].as_array().unwrap();
    assert_eq!(each(parts, "/text"), ["weight > 90", "weight * 2 > 40"]);
    assert_eq!(each(parts, "/holds"), [false, true]);
    assert!(parts[1]["values"].to_string().contains("weight * 2"), "{}", parts[1]);
}

#[test]
fn the_words_around_are_in_the_language_that_is_asked_for() {
    let settings = "name: shop\nlanguages: [en, zh, de, fr, it]\n";
    let folder = Folder::new().with("r/p.policy", READERS).with("r/rulebook.yaml", settings);
    let run = |language: &str| {
        let run = folder.run("explain r --policy route --input - --lang").arg(language);
        run.input(r#"{"id":"a","weight":3}"#).exits(0)
    };
    let chinese = run("zh").err_is("").out_has("○ careful: 条件不成立").out_has("✗ 当 size.large");
    let chinese =
        chinese.out_has("没有条款触发").out_has("结果将为").out_has("由 route.careful 读取");
    for word in ["would be", "does not hold", "fired", " is ", "because", "dated"] {
        assert!(!chinese.out.contains(word), "{word} in\n{chinese}");
    }
    run("de").err_is("").out_has("keine Regel greift").out_has("wäre ask, wenn weight");
    run("fr").err_is("").out_has("aucune règle ne s'applique");
    let italian = run("it").out_has("no rule fired");
    italian
        .err_is("note: there are no words in `it` to stand around texts; these are in English\n");
}
