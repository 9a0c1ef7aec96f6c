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

/// Policies that read each other, by dates of their own and by the same one, with counters and what is worked
/// out once; another record is judged by others.
const TOGETHER: &str = "\
record Claim { id: text  at: time  filed_at: time  buyer: text  amount: CNY }
record Visit { id: text  seen_at: time  pages: number }
counter claims = count of Claim by buyer within 30 days
parameter fee: CNY { from 2024-01-01: 1 CNY  from 2024-03-01: 2 CNY }
fn share(amount: CNY) -> number = (amount / 7 CNY + 3) / 5

policy base for Claim dated by at {
  decide fee: CNY by largest otherwise fee
  rule often { when claims >= 2 then fee * 2 }
  rule much  { when share(amount) > 3 then fee * share(amount) }
  rule more  { when share(amount) > 4 then fee * share(amount) + 1 CNY }
}
policy late for Claim dated by filed_at {
  decide sum: CNY by total
  rule read  { when base.fee > 1 CNY then base.fee + fee }
  rule twice { when share(amount) > 3 or base.fee > 3 CNY then 1 CNY }
}
policy soon for Claim dated by at {
  decide sum: CNY by total
  rule read { when base.fee > 1 CNY or late.sum > 2 CNY then base.fee + late.sum because \"{base.fee} and {late.sum}\" }
}
policy visits for Visit dated by seen_at {
  decide long: bool by first otherwise false
  rule many { when pages > 3 then true }
}
policy marked for Visit dated by seen_at {
  decide mark: text by first otherwise \"none\"
  rule read { when visits.long then \"long\" }
}
";

#[test]
fn policies_decide_together_as_they_do_alone() {
    let claim = |id: u32| {
        let (month, amount) = (1 + id % 4, 20 * (id % 9));
        format!(
            r#"{{"id": "c{id}", "at": "2024-0{month}-01", "filed_at": "2024-0{}-20", "buyer": "b{}", "amount": {amount}}}"#,
            1 + id % 3,
            id % 2,
        )
    };
    let visit =
        |id: u32| format!(r#"{{"id": "v{id}", "seen_at": "2024-02-01", "pages": {}}}"#, id % 6);
    let records: Vec<_> = (0..60)
        .map(|id| match id % 5 {
            3 => visit(id),
            4 => format!(r#"{{"id": "x{id}", "pages": "many", "seen_at": 3}}"#),
            _ => claim(id),
        })
        .collect();
    let folder = Folder::new().with("a.policy", TOGETHER).with("c.jsonl", records.join("\n"));
    let decided = |arguments: &str| -> Vec<String> {
        let command = format!("eval a.policy --input c.jsonl --format jsonl {arguments}");
        let lines = folder.run(&command).output().ran.out;
        let mut lines: Vec<_> = lines.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    let of = |policy: &str, together: &[String]| -> Vec<String> {
        let name = format!("\"policy\":\"{policy}\"");
        together.iter().filter(|line| line.contains(&name)).cloned().collect()
    };
    let together = decided("");
    for policy in ["base", "late", "soon", "visits", "marked"] {
        let kind = if ["visits", "marked"].contains(&policy) { "\"id\":\"v" } else { "\"id\":\"c" };
        let mut alone = decided(&format!("--policy {policy}"));
        alone.retain(|line| line.contains(kind));
        let told = of(policy, &together);
        assert!(told.len() > 5, "{policy}: {together:?}");
        assert_eq!(told, alone, "{policy}");
    }
    let explained = folder.run("explain a.policy --input c.jsonl --policy soon").output().ran.out;
    assert!(explained.contains("soon"), "{explained}");
}
