//! `rulebook eval`.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};
use crate::shop::{request, requests, shop};

/// A request that touches every part of a decision.
const FULL: &str = r#"{"id":"f","claim":"exchange","requested_at":"2024-09-12T10:00:00+08:00","amount":250,"score":4.9,"store":"s2","parts":0}"#;

fn refunds(lines: &[Value]) -> Vec<Value> {
    each(lines, "/decisions/refund")
}

#[test]
fn one_line_of_json_has_every_field() {
    let ran = shop().run("eval shop --input -").input(FULL).exits(1);
    assert!(ran.out.starts_with(r#"{"record":0,"id":"f","policy":"refunds","now":""#), "{ran}");
    let lines = ran.lines();
    let line = &lines[0];
    assert_eq!(line["record"], 0);
    assert_eq!(line["now"], "2024-09-12T10:00:00+08:00");
    assert_eq!(line["dated"], "2024-09-12T10:00:00+08:00");
    assert_eq!(line["decisions"]["refund"], "reject");
    assert_eq!(line["decisions"]["payout"], json!({ "amount": "0.00", "currency": "CNY" }));
    assert_eq!(line["decisions"]["share"], Value::Null);
    let large = json!([{
        "rule": "large",
        "title": "Above CNY 200.00 is refused",
        "reason": "CNY 250.00 is more than CNY 200.00",
        "sources": ["Terms, section 2"],
        "phase": "2024-09-01",
        "sets": { "refund": "reject" },
    }]);
    assert_eq!(line["rules"], large);
    assert_eq!(line["overridden"][0]["rule"], "trusted_store");
    assert_eq!(line["shadow"][0]["rule"], "exchanges");
    assert_eq!(line["warn"][0]["reason"], "store s2 will be refused soon");
    assert_eq!(line["obligations"], json!([]));
    assert_eq!(line["faults"][0]["rule"], "parted");
    assert_eq!(line["faults"][0]["code"], "division-by-zero");
    assert_eq!(line["rulebook"]["name"], "shop");
    assert_eq!(line["rulebook"]["version"], "3");
    let digest = line["rulebook"]["digest"].as_str().unwrap();
    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
}

#[test]
fn an_obligation_has_its_due_time() {
    let input = request("o", r#""59.00","score":4.8"#);
    let lines = shop().run("eval shop --input -").input(input).exits(0).err_is("").lines();
    let obligation = &lines[0]["obligations"][0];
    assert_eq!(obligation["name"], "merchant_reply");
    assert_eq!(obligation["due"], "2024-09-14T10:00:00+08:00");
    assert_eq!(lines[0]["obligations"].as_array().unwrap().len(), 1);
    assert_eq!(lines[0]["decisions"]["payout"]["amount"], "59.00");
}

#[test]
fn every_form_of_input_gives_the_same_decisions() {
    let (small, large) = (request("a", "59"), request("b", "250"));
    let yaml = "\
- { id: a, claim: refund_only, requested_at: 2024-09-12T10:00:00+08:00, amount: 59.00 }
- id: b
  claim: refund_only
  requested_at: 2024-09-12T10:00:00+08:00
  amount: { amount: 250.00, currency: CNY }
";
    let spread = format!("\n[\n  {small}\n  ,\n  {large}\n]\n").replace(",\"", ",\n    \"");
    let inputs = [
        ("in.jsonl", format!("{small}\n{large}\n")),
        ("in.ndjson", format!("\n{small}\n\n{large}")),
        ("in.json", format!("[{small},{large}]")),
        ("spread.json", spread.clone()),
        ("lines.json", format!("{small}\n{large}\n")),
        ("behind.json", format!("{small} {large}")),
        ("in.yaml", yaml.to_string()),
        ("in.yml", yaml.to_string()),
        ("no_ending", spread),
    ];
    for (name, text) in inputs {
        let folder = shop().with(name, &text);
        let ran = folder.run("eval shop --input").arg(name).exits(0).err_is("");
        assert_eq!(refunds(&ran.lines()), ["support", "reject"], "{name}");
        assert_eq!(each(&ran.lines(), "/record"), [0, 1], "{name}");
        assert_eq!(each(&ran.lines(), "/id"), ["a", "b"], "{name}");
        if !name.ends_with("ml") {
            let piped = folder.run("eval shop --input -").input(text).exits(0).err_is("");
            assert!(piped.out == ran.out, "{name}");
        }
    }
}

#[test]
fn a_single_object_is_one_record() {
    let one = request("a", "59");
    let yaml = "id: a\nclaim: refund_only\nrequested_at: 2024-09-12T10:00:00+08:00\namount: 59\n";
    for (name, text) in [("in.json", one.as_str()), ("in.jsonl", &one), ("in.yaml", yaml)] {
        let folder = shop().with(name, text);
        let lines = folder.run("eval shop --input").arg(name).exits(0).lines();
        assert_eq!(refunds(&lines), ["support"], "{name}");
    }
}

#[test]
fn several_inputs_are_one_run() {
    let folder = shop()
        .with("a.jsonl", requests(3))
        .with("b.json", request("x", "true"))
        .with("c.yaml", "- {}\n");
    let run = "eval shop --policy refunds --input a.jsonl --input b.json --input - --input c.yaml";
    let ran = folder.run(run).arg("--rejects").arg("bad.jsonl").input(requests(1)).exits(1);
    assert_eq!(each(&ran.lines(), "/record"), [0, 1, 2, 4]);
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(each(&rejects, "/record"), [3, 5]);
    assert_eq!(each(&rejects, "/file"), ["b.json", "c.yaml"]);
    assert_eq!(each(&rejects, "/line"), [1, 1]);
}

#[test]
fn an_input_that_cannot_be_opened_stops_the_run_before_it_starts() {
    let folder = shop().with("a.jsonl", requests(3));
    let nix = folder.run("eval shop --input a.jsonl --input nix.jsonl --output out.jsonl").exits(2);
    nix.out_is("").err_is("error: cannot read nix.jsonl: No such file or directory (os error 2)\n");
    let is_folder = folder.run("eval shop --input shop").exits(2);
    is_folder.out_is("").err_is("error: shop is the folder of a rulebook, not one of records\n");
    assert_eq!(folder.names(), ["a.jsonl", "shop"]);
}

#[test]
fn without_a_policy_every_policy_whose_record_fits_judges() {
    let visit = r#"{"visitor":"v","at":"2024-09-12 05:00:00"}"#;
    let both = r#"{"id":"b","claim":"exchange","requested_at":"2024-09-12","amount":1,"visitor":"v","at":"2024-09-12"}"#;
    let input = format!("{}\n{visit}\n{both}\n{{}}\n", request("a", "1"));
    let ran = shop().run("eval shop --input -").input(input).exits(1);
    let (records, policies) = (each(&ran.lines(), "/record"), each(&ran.lines(), "/policy"));
    assert_eq!(records, [0, 1, 2, 2]);
    assert_eq!(policies, ["refunds", "visits", "refunds", "visits"]);
    assert_eq!(ran.lines()[1]["decisions"]["enter"], false);
    let ran = ran.err_has("rejected: record 3 (line 4)").err_has("(no-policy)");
    ran.err_has("no policy takes a record with these fields").err_has("refunds, visits");
}

#[test]
fn named_policies_judge_every_record() {
    let folder = shop().with("in.json", request("a", "1"));
    let one = folder.run("eval shop --policy refunds --input in.json").exits(0);
    assert_eq!(each(&one.lines(), "/policy"), ["refunds"]);
    let other = folder.run("eval shop --policy visits --input in.json").exits(1).out_is("");
    other.err_has("visitor: `visitor` is missing (missing-field)").err_has("at: `at` is missing");
    let both = r#"{"id":"b","claim":"exchange","requested_at":"2024-09-12","amount":1,"visitor":"v","at":"2024-09-12"}"#;
    let run = folder.run("eval shop --policy visits --policy refunds --input -").input(both);
    assert_eq!(each(&run.exits(0).lines(), "/policy"), ["visits", "refunds"]);
    let unknown = folder.run("eval shop --policy refund --input in.json").exits(2).out_is("");
    unknown.err_is("error: there is no policy `refund`; did you mean `refunds`?\n");
}

#[test]
fn now_is_the_callers_or_the_records() {
    let folder = shop().with("in.json", request("a", "250"));
    let at = |now: &str, code| folder.run("eval shop --input in.json --now").arg(now).exits(code);
    let own = folder.run("eval shop --input in.json").exits(0);
    assert_eq!(each(&own.lines(), "/now"), ["2024-09-12T10:00:00+08:00"]);
    for now in ["2024-10-01", "2024-10-01T00:00:00+08:00", "2024-09-30T16:00:00Z"] {
        assert_eq!(each(&at(now, 0).lines(), "/now"), ["2024-10-01T00:00:00+08:00"], "{now}");
    }
    assert_eq!(each(&at("2024-10-01 08:30:00", 0).lines(), "/now"), ["2024-10-01T08:30:00+08:00"]);
    for now in ["yesterday", "2024-02-30", "", "1726106400"] {
        at(now, 2).out_is("").err_has("is not a time; write 2024-09-12");
    }
}

#[test]
fn a_parameter_takes_another_value_for_one_run() {
    let folder = shop().with("in.json", request("a", "250"));
    let set = |set: &str| {
        refunds(&folder.run("eval shop --input in.json --set").arg(set).exits(0).lines())
    };
    assert_eq!(set("limit=200 CNY"), ["reject"]);
    assert_eq!(set("limit=249.99"), ["reject"]);
    assert_eq!(set("limit=300"), ["support"]);
    assert_eq!(set(" limit = 250.00 CNY "), ["support"]);
    let two = folder.run("eval shop --input in.json --set limit=300 --set trusted=3").exits(0);
    assert_eq!(refunds(&two.lines()), ["support"]);
}

#[test]
fn a_parameter_that_cannot_be_set_is_wrong_usage() {
    let folder = shop().with("in.json", request("a", "250"));
    let cases = [
        ("limt=300", "there is no parameter `limt` to set", "did you mean `limit`?"),
        ("limit=300 USD", "expected an amount in CNY, found an amount in USD", "--set limit:1:1"),
        ("limit=3 days", "expected an amount in CNY, found a duration", "--set limit:1:1"),
        ("limit=\"x\"", "expected an amount in CNY, found a text", "--set limit:1:1"),
        ("trusted=(", "expected an expression", "--set trusted:1"),
        ("trusted=", "", "--set trusted"),
        ("trusted", "must be PARAMETER=VALUE", "--set trusted"),
        ("=3", "must be PARAMETER=VALUE", "--set =3"),
    ];
    for (set, message, place) in cases {
        let ran = folder.run("eval shop --input in.json --set").arg(set).exits(2);
        ran.out_is("").err_has(message).err_has(place);
    }
}

#[test]
fn a_table_is_for_people() {
    let folder = shop().with("in.jsonl", requests(25));
    let ran = folder.run("eval shop --input in.jsonl --format table").exits(0).plain().err_is("");
    let ran = ran.out_has("│ record ┆ refund ").out_has("│ r2     ┆ reject  ┆ CNY 0.00");
    let ran =
        ran.out_has("│ r19 ").out_lacks("│ r20 ").out_has("… and 5 more; `--rows 0` shows all");
    let ran = ran.out_has("refunds.refund: support 17, reject 8\n").out_has("25 records in ");
    ran.out_has(" a second): 25 decided, 0 rejected\n");

    let table = |rows: &str| {
        folder.run("eval shop --input in.jsonl --format table --rows").arg(rows).exits(0)
    };
    table("3").out_has("│ r2 ").out_lacks("│ r3 ").out_has("… and 22 more");
    table("0").out_has("│ r24 ").out_lacks("more;");
    table("25").out_has("│ r24 ").out_lacks("more;");
}

#[test]
fn a_table_counts_what_was_rejected_and_what_is_a_fault() {
    let input = format!("{FULL}\n{{}}\n{}\n", request("a", "1"));
    let run = shop().run("eval shop --policy refunds --format table --input -").input(input);
    let ran = run.exits(1).out_has("3 records in ").out_has("┆ fault ");
    ran.out_has("2 decided, 1 rejected, 1 with a fault\n").err_has("rejected: record 1 (line 2)");
}

#[test]
fn json_is_one_array() {
    let run = |input: String| shop().run("eval shop --format json --input -").input(input).exits(0);
    let three = run(requests(3)).json();
    assert_eq!(each(three.as_array().unwrap(), "/id"), ["r0", "r1", "r2"]);
    assert_eq!(run(requests(1)).json().as_array().unwrap().len(), 1);
    assert_eq!(run(String::new()).json(), json!([]));
}

#[test]
fn an_output_file_is_written_whole() {
    let folder = shop().with("in.jsonl", requests(3)).with("out.jsonl", "old");
    let printed = folder.run("eval shop --input in.jsonl").exits(0).out;
    folder.run("eval shop --input in.jsonl --output out.jsonl").exits(0).out_is("").err_is("");
    assert_eq!(folder.read("out.jsonl"), printed);
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl", "shop"]);

    let table = folder.run("eval shop --input in.jsonl --output out.txt --format table").exits(0);
    table.out_is("").err_is("");
    assert!(folder.read("out.txt").contains("3 decided, 0 rejected"));
    assert!(!folder.read("out.txt").contains('\u{1b}'));
}

#[test]
fn a_run_that_fails_leaves_nothing_behind() {
    let folder = shop().with("in.jsonl", requests(3)).with("out.jsonl", "old");
    for arguments in ["--output nix/out.jsonl", "--rejects nix/bad.jsonl", "--output shop"] {
        let run = format!("eval shop --input in.jsonl {arguments}");
        folder.run(&run).exits(2).out_is("").err_has("error: cannot write");
    }
    folder.run("eval shop --input in.jsonl --output out.jsonl --set limt=1").exits(2);
    folder.run("eval shop --input in.jsonl --output out.jsonl --rejects shop").exits(2);
    assert_eq!(folder.read("out.jsonl"), "old");
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl", "shop"]);
}

#[test]
fn decisions_and_rejects_do_not_share_a_file() {
    let folder = shop().with("in.jsonl", requests(3));
    let run = "eval shop --input in.jsonl --output out.jsonl --rejects out.jsonl";
    folder.run(run).exits(2).err_has("`--output` and `--rejects` name the same file");
    assert_eq!(folder.names(), ["in.jsonl", "shop"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_no_file_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = shop().with("in.jsonl", requests(3));
    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || {
            let mut command = std::process::Command::new("timeout");
            String::from_utf8(command.arg("20").arg("cat").arg(pipe).output().unwrap().stdout)
                .unwrap()
        })
    };
    folder.run("eval shop --input in.jsonl --output pipe").exits(0).out_is("");
    let is_pipe = std::fs::metadata(&pipe).unwrap().file_type().is_fifo();
    assert!(is_pipe, "the pipe has been replaced by a file");
    assert_eq!(json_lines(&reader.join().unwrap()).len(), 3);
}

#[test]
fn rejects_are_kept_with_their_place_and_their_input() {
    let broken = r#"{"id":"b","claim":"refund","amount":"1 USD"}"#;
    let input = format!("{}\n\n{broken}\nnonsense\n{}\n", request("a", "1"), request("c", "1"));
    let folder = shop().with("in.jsonl", input);
    let run = "eval shop --policy refunds --input in.jsonl --rejects bad.jsonl";
    let ran = folder.run(run).exits(1).err_is("");
    assert_eq!(each(&ran.lines(), "/record"), [0, 3]);

    let text = folder.read("bad.jsonl");
    assert!(text.starts_with(r#"{"record":1,"line":3,"errors":[{"path":""#), "{text}");
    let rejects = json_lines(&text);
    assert_eq!(each(&rejects, "/record"), [1, 2]);
    assert_eq!(each(&rejects, "/line"), [3, 4]);
    assert_eq!(each(&rejects, "/file"), [Value::Null, Value::Null]);
    let errors = rejects[0]["errors"].as_array().unwrap();
    assert_eq!(each(errors, "/path"), ["claim", "amount", "requested_at"]);
    assert_eq!(each(errors, "/code"), ["unknown-member", "wrong-type", "missing-field"]);
    assert!(errors.iter().all(|error| error["message"].is_string()));
    assert_eq!(rejects[0]["input"], serde_json::from_str::<Value>(broken).unwrap());
    assert_eq!(rejects[1]["input"], "nonsense");
    assert_eq!(rejects[1]["errors"][0]["code"], "bad-json");
    assert_eq!(folder.names(), ["bad.jsonl", "in.jsonl", "shop"]);
}

#[test]
fn rejects_are_told_where_nobody_keeps_them() {
    let input = format!("{}\n{{\"id\":1}}\n", request("a", "1"));
    let ran = shop().run("eval shop --policy refunds --input -").input(input).exits(1);
    let ran = ran.err_has("rejected: record 1 (line 2)\n").err_has("1 rejected; `--rejects FILE`");
    let ran = ran.err_has("  id: expected a text, found the number 1 (wrong-type)\n");
    ran.err_has("  amount: `amount` is missing (missing-field)\n");
}

#[test]
fn an_empty_file_of_rejects_is_written_too() {
    let folder = shop().with("in.jsonl", requests(3));
    folder.run("eval shop --input in.jsonl --rejects bad.jsonl").exits(0).err_is("");
    assert_eq!(folder.read("bad.jsonl"), "");
}

#[test]
fn the_language_of_reasons_is_the_callers() {
    let folder = shop().with("in.json", request("a", "250"));
    let reason = |lang: &str| {
        let ran = folder.run("eval shop --input in.json --lang").arg(lang).exits(0);
        each(&ran.lines(), "/rules/0/reason")[0].as_str().unwrap().to_string()
    };
    assert_eq!(reason("en"), "CNY 250.00 is more than CNY 200.00");
    assert!(reason("zh").contains("超过"), "{}", reason("zh"));
    let unknown = folder.run("eval shop --input in.json --lang de").exits(2).out_is("");
    unknown.err_has("`de`").err_has("en, zh");
}

#[test]
fn fail_on_fails_a_run_that_decides_so() {
    let folder = shop().with("in.jsonl", requests(6));
    let run = |fail_on: &str, code| {
        folder.run("eval shop --input in.jsonl --fail-on").arg(fail_on).exits(code)
    };
    let met = run("refund=reject", 1).err_is("2 decided as `--fail-on` says\n");
    assert_eq!(met.lines().len(), 6);
    run("refund=negotiate", 0).err_is("");
    run("enter=true", 0).err_is("");
    let two = "eval shop --input in.jsonl --fail-on refund=negotiate --fail-on refund=support";
    folder.run(two).exits(1).err_is("4 decided as `--fail-on` says\n");
    let visit = r#"{"visitor":"v","at":"2024-09-12 05:00:00"}"#;
    folder.run("eval shop --input - --fail-on enter=false").input(visit).exits(1);
    let input = request("a", r#"250,"parts":2"#);
    folder.run("eval shop --input - --fail-on share=0.5").input(input).exits(1);
}

#[test]
fn a_fail_on_that_can_never_be_met_is_wrong_usage() {
    let folder = shop().with("in.jsonl", requests(6));
    let run = |fail_on: &str| {
        folder.run("eval shop --input in.jsonl --fail-on").arg(fail_on).exits(2).out_is("")
    };
    run("refnd=reject").err_has("`--fail-on refnd=reject` names no decision of these policies");
    run("refund").err_has("`--fail-on refund` must be DECISION=OUTCOME");
    // A gate that a slip of the pen has opened would let everything pass.
    run("refund=rejct").err_has("`--fail-on refund=rejct`").err_has("reject");
    run("enter=no").err_has("`--fail-on enter=no`");
}

#[test]
fn a_fault_fails_the_run_and_is_told() {
    let ran = shop().run("eval shop --input -").input(request("a", r#"1,"parts":0"#)).exits(1);
    let line = &ran.lines()[0];
    assert_eq!(line["decisions"]["refund"], "support");
    assert_eq!(line["decisions"]["share"], Value::Null);
    let faults = line["faults"].as_array().unwrap();
    assert_eq!(each(faults, "/code"), ["division-by-zero", "uncertain"]);
}

#[test]
fn a_rulebook_with_errors_judges_nothing() {
    let folder = shop().with("shop/bad.policy", "enum {").with("in.json", request("a", "1"));
    for arguments in ["eval shop --input in.json --output out", "explain shop --input in.json"] {
        let ran = folder.run(arguments).exits(1).out_is("");
        ran.err_has("error[syntax]").err_has("bad.policy:1:6").err_has("1 error\n");
    }
    assert_eq!(folder.names(), ["in.json", "shop"]);
}

#[test]
fn the_same_input_gives_the_same_output() {
    let run = || shop().run("eval shop --input -").input(requests(50)).exits(0).out;
    assert!(run() == run());
}

#[test]
fn a_file_of_policies_is_a_rulebook_too() {
    let folder = Folder::new().with("one.policy", crate::shop::POLICY);
    let ran = folder.run("eval one.policy --input -").input(requests(3)).exits(0);
    assert_eq!(refunds(&ran.lines()), ["support", "support", "reject"]);
    assert_eq!(each(&ran.lines(), "/rulebook/name")[0], "one");
}
