//! `rulebook explain`.

use serde_json::Value;

use crate::harness::each;
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
    none.err_is("error: in.jsonl has 4 records; there is no record 4\n");
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
    assert_eq!(rules[0]["clauses"][0]["values"]["limit"], "CNY 200.00");
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
