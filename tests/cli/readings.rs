//! Policies that read what others decide.

use crate::harness::Folder;

/// Each policy has a counter of its own, `claims` counts twice by two dates, and one of them is read
/// only by way of another policy.
const COUNTED: &str = "\
record Claim { id: text  at: time  filed_at: time  buyer: text  shop: text  amount: CNY }
counter claims = count of Claim by buyer within 30 days
counter spent = sum of amount of Claim by shop within 30 days
counter filed = count of Claim by shop within 30 days dated by filed_at

policy refunds for Claim dated by filed_at {
  decide refund: support < review by strictest otherwise support
  rule often { when claims >= 2 and filed < 100 then review }
}
policy limits for Claim dated by at {
  decide limit: CNY by smallest otherwise 900 CNY
  rule often { when claims >= 1 then 500 CNY }
}
policy fees for Claim dated by at {
  decide fee: text by first otherwise \"none\"
  rule reviewed { when refunds.refund == review then \"reviewed\" }
  rule much     { when spent >= limits.limit then \"much\" }
}
";

#[test]
fn counters_of_a_policy_that_is_read_are_counted() {
    // By the date of filing, the buyer's claims lie within 30 days only for the last record.
    let claim = |id: u32, at: &str, filed: &str, amount: u32| {
        format!(
            r#"{{"id": "c{id}", "at": "2024-0{at}", "filed_at": "2024-0{filed}", "buyer": "b", "shop": "s", "amount": {amount}}}"#
        )
    };
    let records = [
        claim(1, "1-01", "1-01", 100),
        claim(2, "1-02", "3-01", 450),
        claim(3, "1-03", "5-01", 1),
        claim(4, "1-04", "5-02", 1),
        claim(5, "1-05", "5-03", 1),
    ];
    let folder = Folder::new().with("a.policy", COUNTED).with("c.jsonl", records.join("\n"));
    let decided = |policy: &str, decision: &str| -> Vec<String> {
        let run = folder.run("eval a.policy --input c.jsonl --format jsonl --policy").arg(policy);
        let lines = run.exits(0).out;
        let told = |line: &str| {
            let decision =
                &serde_json::from_str::<serde_json::Value>(line).unwrap()["decisions"][decision];
            decision["amount"].as_str().or(decision.as_str()).unwrap().to_string()
        };
        lines.lines().map(told).collect()
    };
    assert_eq!(decided("limits", "limit"), ["900.00", "500.00", "500.00", "500.00", "500.00"]);
    assert_eq!(
        decided("refunds", "refund"),
        ["support", "support", "support", "support", "review"]
    );
    assert_eq!(decided("fees", "fee"), ["none", "none", "much", "much", "reviewed"]);
}
