//! What is told of rejected records: a few in full, and each cause once with its count.

use crate::harness::{Folder, json_lines};

const POLICY: &str = "
record Fare { id: text, paid: EUR, zone: inner | outer, legs: list of number = [] }
policy fares for Fare {
  decide look: bool by first otherwise false
  rule dear { when paid > 5 EUR then true }
}
";

fn folder() -> Folder {
    Folder::new().with("fares.policy", POLICY)
}

#[test]
fn one_cause_in_many_records_is_told_once() {
    let line = |n: u32| format!("{{\"id\":\"f{n}\",\"paid\":\"unknown\",\"zone\":\"inner\"}}\n");
    let csv = |n: u32| format!("f{n},unknown,inner\n");
    let all = |line: &dyn Fn(u32) -> String| (0..4_000).map(line).collect::<String>();
    let folder = folder()
        .with("fares.jsonl", all(&line))
        .with("fares.csv", format!("id,paid,zone\n{}", all(&csv)))
        .with("fares.json", format!("[{}]", all(&line).trim_end().replace('\n', ",")))
        .with("fares.yaml", all(&|n| format!("- {{ id: f{n}, paid: unknown, zone: inner }}\n")));
    for input in ["fares.jsonl", "fares.csv", "fares.json", "fares.yaml"] {
        for threads in [1, 4] {
            let ran = folder
                .run("eval fares.policy --format counts --input")
                .args(&format!("{input} --threads {threads}"))
                .exits(1);
            assert!(ran.err.lines().count() < 20, "{input}: {}", ran.err.lines().count());
            assert!(ran.err.contains("4,000 records  paid: expected an amount in EUR"), "{ran}");
            assert!(ran.err.contains("4,000 rejected; `--rejects FILE` keeps them"), "{ran}");
        }
    }
    folder.run("eval fares.policy --input fares.jsonl --rejects bad.jsonl").exits(1).err_is("");
    assert_eq!(json_lines(&folder.read("bad.jsonl")).len(), 4_000);
}

#[test]
fn each_cause_has_its_count() {
    let mut lines = String::new();
    for n in 0..60 {
        lines += &match n % 6 {
            0 => format!("{{\"id\":\"f{n}\",\"paid\":true,\"zone\":\"inner\"}}\n"),
            1 | 2 => format!("{{\"id\":\"f{n}\",\"paid\":4,\"zone\":\"middle{n}\"}}\n"),
            3 => format!("{{\"id\":\"f{n}\",\"paid\":4\n"),
            4 => format!(
                "{{\"id\":\"f{n}\",\"paid\":4,\"zone\":\"inner\",\"legs\":[1,\"a\",\"b\"]}}\n"
            ),
            _ => format!("{{\"id\":\"f{n}\",\"paid\":4,\"zone\":\"outer\"}}\n"),
        };
    }
    let folder = folder().with("fares.jsonl", lines);
    let ran = folder.run("eval fares.policy --format counts --input fares.jsonl").exits(1);
    let ran = ran.err_has("50 records, by cause:").err_has("20 records  zone: \"middle1\"");
    let ran = ran.err_has("10 records  paid: ").err_has("10 records  record: ");
    // A record with two such problems is one record.
    let ran = ran.err_has("10 records  legs[]: ").err_has("first in record 4 (line 5)");
    // The first three are told in full, and the first of each cause.
    assert_eq!(ran.err.matches("rejected: record").count(), 5, "{ran}");
}

#[test]
fn a_record_with_very_many_problems_is_short() {
    let legs = vec!["\"x\""; 30_000].join(",");
    let text = format!("{{\"id\":\"f\",\"paid\":false,\"zone\":\"inner\",\"legs\":[{legs}]}}\n");
    let folder = folder().with("fares.jsonl", text.repeat(3));
    let ran = folder.run("eval fares.policy --format counts --input fares.jsonl").exits(1);
    assert!(ran.err.lines().count() < 40 && ran.err.len() < 6_000, "{ran}");
    ran.err_has("30001 problems").err_has("29995 more like");
}

#[test]
fn an_amount_that_is_refused_is_told_what_to_write() {
    for (amount, part) in [
        (
            "{\"amount\":\"10.00\",\"currency\":\"eur\"}",
            "found one in eur; currencies have capitals: write `EUR`",
        ),
        (
            "{\"amount\":\"10.00\",\"currency\":\"€\"}",
            "which is no currency; write its three letters, such as `EUR`",
        ),
        ("{\"amount\":\"10.00\",\"currency\":\"USD\"}", "found one in USD (wrong-currency)"),
        (
            "{\"amount\":\"10.00\",\"currency_code\":\"EUR\"}",
            "there is `currency_code`, but no `currency`; an amount is `\"10.00\"` or `{\"amount\": \"10.00\", \"currency\": \"EUR\"}`",
        ),
        (
            "{\"value\":1000,\"currency\":\"EUR\"}",
            "there is `value`, but no `amount`; an amount is `\"10.00\"` or `{\"amount\": \"10.00\", \"currency\": \"EUR\"}`, in EUR and not in its smallest unit",
        ),
        (
            "{\"value\":\"10.00\",\"currency_code\":\"EUR\"}",
            "there is `value`, `currency_code`, but no `amount` and no `currency`",
        ),
        (
            "{\"units\":\"10\",\"nanos\":0,\"currencyCode\":\"EUR\"}",
            "but no `amount` and no `currency`",
        ),
        (
            "{\"amount\":\"10.00\",\"currency\":\"EUR\",\"tax\":1}",
            "beside `amount` and `currency` there is `tax`",
        ),
        ("{\"amount\":true,\"currency\":\"EUR\"}", "its `amount` is none, or stands twice"),
        ("{\"amount\":\"10.00\"}", "there is no `currency`"),
        ("{}", "there is no `amount` and no `currency`"),
        ("\"10.00 EUR\"", "write `\"10.00\"`, or `{\"amount\": \"10.00\", \"currency\": \"EUR\"}`"),
        ("\"EUR 10.00\"", "write `\"10.00\"`"),
        ("\"10.00 USD\"", "it is in USD; an amount is `\"10.00\"`"),
        ("\"€10.00\"", "an amount is `\"10.00\"` or"),
        ("\"1,234.50\"", "write `\"1234.50\"`"),
        ("\"1.234,50 EUR\"", "write `\"1234.50\"`"),
        ("\"10,50\"", "write `\"10.50\"`"),
        ("\"1,234\"", "an amount is `\"10.00\"` or"),
        ("\"(10.00)\"", "write `\"-10.00\"`"),
        ("\"10.00-\"", "write `\"-10.00\"`"),
        ("[10]", "expected an amount in EUR, found a list (wrong-type)"),
        ("{\"amount\":\"1,234.50\",\"currency\":\"EUR\"}", "write `\"1234.50\"`"),
    ] {
        let folder = folder().with(
            "fares.jsonl",
            format!("{{\"id\":\"f\",\"paid\":{amount},\"zone\":\"inner\"}}\n"),
        );
        let ran = folder.run("eval fares.policy --input fares.jsonl").exits(1);
        assert!(ran.err.contains(part), "{amount}: {part}\n{ran}");
    }
    let folder = folder().with("fares.csv", "id,paid,zone\nf,\"1,234.50\",inner\n");
    folder.run("eval fares.policy --input fares.csv").exits(1).err_has("write `\"1234.50\"`");
}
