//! Files that `simulate` writes and reads: all records that flip, matrices in columns, and inputs in
//! columns.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Folder, json_lines};
use crate::simulate::{decided, folder, hundredths, orders, outcome};
use crate::tabular::{csv, parquet, rows_of};

/// The cells of a table in columns, as texts, by the names of the columns.
fn cells(folder: &Folder, path: &str) -> Vec<BTreeMap<String, String>> {
    let (rows, _) = rows_of(&folder.path(path));
    rows.into_iter()
        .map(|row| {
            let row = row.as_object().unwrap().clone();
            let text =
                |value: Value| value.as_str().map_or_else(|| value.to_string(), String::from);
            row.into_iter().map(|(name, value)| (name, text(value))).collect()
        })
        .collect()
}

/// An amount without the digits that say nothing.
fn short(amount: &str) -> String {
    match amount.split_once('.') {
        Some((whole, rest)) => {
            let rest = rest.trim_end_matches('0');
            if rest.is_empty() { whole.to_string() } else { format!("{whole}.{rest}") }
        }
        None => amount.to_string(),
    }
}

#[test]
fn all_records_that_flip_are_those_of_a_naive_comparison() {
    let folder = folder();
    let (before, after) =
        (decided(&folder, "shop.policy"), decided(&folder, "shop.policy --set limit=60"));
    let text = |own: &Value| own.as_str().map_or_else(|| own.to_string(), String::from);
    let fallen = |own: &Value, name: &str| match outcome(own, name) {
        Value::Object(money) => text(&money["amount"]),
        other => text(other),
    };
    let mut wanted = Vec::new();
    for (record, (before, after)) in before.iter().zip(&after).enumerate() {
        let pairs = ["refund", "fee"].map(|name| (name, fallen(before, name), fallen(after, name)));
        if pairs.iter().any(|(_, from, to)| from != to) {
            wanted.push((record, pairs));
        }
    }
    assert!(wanted.len() > 100);
    let run =
        "simulate shop.policy --input in.jsonl --set limit=60 --by kind --sum amount --sample 0";
    for (threads, file) in [("1", "flips.jsonl"), ("3", "others.jsonl"), ("3", "flips.csv")] {
        let run = folder.run(run).args("--threads").arg(threads).arg("--flips").arg(file);
        run.exits(0).out_has("are decided differently");
    }
    assert_eq!(folder.read("flips.jsonl"), folder.read("others.jsonl"));
    let lines = json_lines(&folder.read("flips.jsonl"));
    assert_eq!(lines.len(), wanted.len());
    let orders = orders();
    let inputs = json_lines(&folder.read("in.jsonl"));
    for (line, (record, pairs)) in lines.iter().zip(&wanted) {
        let moved = pairs.iter().filter(|(_, from, to)| from != to);
        let moved: Vec<_> = moved
            .map(|(decision, from, to)| json!({"decision": decision, "from": from, "to": to}))
            .collect();
        let (_, kind, at) = &orders[*record];
        let input = &inputs[*record];
        let wanted = json!({
            "record": record, "id": format!("o{record}"), "dated": at.replace('Z', "+00:00"), "decisions": moved,
            "by": {"kind": kind}, "sums": {"amount": short(&text(&input["amount"]))}, "input": input,
        });
        assert_eq!(line, &wanted);
    }
    // Cells and columns have the same records, with every decision.
    folder.run(run).args("--flips flips.parquet").exits(0);
    let columns = cells(&folder, "flips.parquet");
    assert_eq!(columns.len(), wanted.len());
    let sheet = folder.read("flips.csv");
    let mut sheet = sheet.lines();
    let head = "record,id,dated,refund.from,refund.to,fee.from (CNY),fee.to (CNY),by.kind,sum.amount (CNY),input";
    assert_eq!(sheet.next(), Some(head));
    for ((columns, sheet), (record, pairs)) in columns.iter().zip(sheet).zip(&wanted) {
        assert_eq!(columns["record"], record.to_string());
        let dated = columns["dated"].trim_end_matches('Z');
        let start = format!("{record},o{record},{dated}Z,");
        assert!(sheet.starts_with(&start), "{sheet} does not start with {start}");
        for (name, from, to) in pairs {
            assert_eq!(
                (&columns[&format!("{name}.from")], &columns[&format!("{name}.to")]),
                (from, to)
            );
        }
        let [refund, fee] = pairs;
        assert!(
            sheet.contains(&format!(",{},{},{},{},", refund.1, refund.2, fee.1, fee.2)),
            "{sheet}"
        );
        let input: Value = serde_json::from_str(&columns["input"]).unwrap();
        assert_eq!(input, inputs[*record]);
    }
}

#[test]
fn matrices_in_columns_are_those_in_json() {
    let folder = folder();
    let run = "simulate shop.policy --input in.jsonl --set limit=60 --by kind --by at --sum amount";
    let impact = folder.run(run).args("--format json").exits(0).json();
    folder.run(run).args("--format parquet --output cells.parquet").exits(0).out_is("");
    let mut wanted = Vec::new();
    let mut add = |field: Option<&str>, value: Option<&str>, matrices: &Value| {
        for matrix in matrices.as_array().unwrap() {
            for cell in matrix["cells"].as_array().unwrap() {
                let text = |key: &str| cell[key].as_str().unwrap().to_string();
                let number = cell["records"].as_u64().unwrap();
                let place = [field, value].map(|own| own.unwrap_or("null").to_string());
                let decision = matrix["decision"].as_str().unwrap().to_string();
                let sum = hundredths(cell["sums"][0].as_str().unwrap());
                wanted.push((place, decision, text("from"), text("to"), number, sum));
            }
        }
    };
    add(None, None, &impact["decisions"]);
    for grouping in impact["groupings"].as_array().unwrap() {
        for group in grouping["groups"].as_array().unwrap() {
            add(grouping["field"].as_str(), group["value"].as_str(), &group["decisions"]);
        }
    }
    let rows = cells(&folder, "cells.parquet").into_iter().map(|row| {
        let text = |key: &str| row.get(key).cloned().unwrap_or("null".into());
        let sum = text("sum.amount");
        let sum = sum.split_once('.').map_or((sum.as_str(), ""), |parts| parts);
        let sum = hundredths(&format!("{}.{}", sum.0, sum.1.trim_end_matches('0')));
        let place = [text("field"), text("value")];
        (place, text("decision"), text("from"), text("to"), text("records").parse().unwrap(), sum)
    });
    assert_eq!(rows.collect::<Vec<_>>(), wanted);
}

#[test]
fn files_that_cannot_be_written_are_refused_before_anything_is_judged() {
    let folder = folder();
    let refused = |arguments: &str| {
        folder.run("simulate shop.policy --input in.jsonl").args(arguments).exits(2).out_is("").err
    };
    let told = refused("--flips flips.jsonl");
    assert!(told.contains("`--flips` needs something to compare with"), "{told}");
    let told = refused("--set limit=60 --flips out.csv --report out.csv");
    assert!(told.contains("`--report` and `--flips` name the same file"), "{told}");
    let told = refused("--set limit=60 --flips nowhere/flips.csv");
    assert!(told.contains("cannot write nowhere/flips.csv"), "{told}");
    // What is not complete does not stay.
    let told = refused("--set limit=60 --by id --input many.jsonl --flips flips.csv");
    assert!(told.contains("many.jsonl"), "{told}");
    assert_eq!(folder.names(), ["in.jsonl", "shop.policy", "without.policy"]);
}

#[test]
fn columns_are_simulated_as_json_lines_are() {
    let lines = folder().read("in.jsonl");
    let folder = folder()
        .with("in.parquet", parquet(&lines))
        .with("in.csv", csv(&lines, b',').unwrap())
        .with("in.tsv", csv(&lines, b'\t').unwrap());
    let run = |command: &str, input: &str, more: &str| {
        let run = folder.run(command).args("shop.policy --by kind --by at --sum amount --input");
        run.arg(input).args("--format json").args(more).exits(0).json()
    };
    let wanted = run("simulate", "in.jsonl", "--set limit=60 --sample 4 --flips wanted.jsonl");
    let swept = run("sweep", "in.jsonl", "--set limit=40..60/10");
    for input in ["in.parquet", "in.csv", "in.tsv"] {
        let own = run("simulate", input, "--set limit=60 --sample 4 --flips own.jsonl");
        // Cells hold texts, which the record shows as they are.
        let plain = |mut impact: Value| {
            for flip in impact["flips"].as_array_mut().unwrap() {
                flip["input"] = Value::Null;
            }
            impact
        };
        assert_eq!(plain(own), plain(wanted.clone()), "{input}");
        let flips = |path: &str| {
            let mut lines = json_lines(&folder.read(path));
            lines.iter_mut().for_each(|line| line["input"] = Value::Null);
            lines
        };
        assert_eq!(flips("own.jsonl"), flips("wanted.jsonl"), "{input}");
        assert_eq!(run("sweep", input, "--set limit=40..60/10"), swept, "{input}");
    }
    let bad = folder.read("in.csv").replacen("amount", "amout", 1);
    let folder = folder.with("bad.csv", bad);
    let ran = folder.run("simulate shop.policy --set limit=60 --input bad.csv").exits(2).out_is("");
    ran.err_has("amount");
}

#[test]
fn records_over_several_lines_are_lines_of_flips_and_rejects() {
    let records = "[{\n  \"id\": \"a\\n\",\n  \"at\": \"2024-01-01\",\r\n  \"amount\": 55.10,\n  \"kind\": \
                   \"a\"\n}, {\n  \"id\": 3\n}]";
    let folder = folder().with("in.json", records);
    let run = "simulate shop.policy --input in.json --set limit=60 --flips flips.jsonl";
    folder.run(run).exits(1);
    let flips = folder.read("flips.jsonl");
    let input =
        "{  \"id\": \"a\\n\",  \"at\": \"2024-01-01\",  \"amount\": 55.10,  \"kind\": \"a\"}";
    assert!(flips.ends_with(&format!("\"input\":{input}}}\n")), "{flips}");
    assert_eq!(json_lines(&flips).len(), 1);
    folder.run("eval shop.policy --input in.json --rejects bad.jsonl").exits(1);
    assert_eq!(json_lines(&folder.read("bad.jsonl"))[0]["input"], json!({"id": 3}));
}
