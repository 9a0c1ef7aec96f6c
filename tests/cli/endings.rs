//! Nothing is written under a name that says it is something else.

use crate::harness::{Folder, json_lines};

const FARES: &str = "
record Fare { id: text, price: EUR }
parameter least: EUR = 5 EUR
policy fares for Fare {
  decide refund: EUR by largest otherwise 0 EUR
  rule all { when price > least then price }
}
";

fn fares() -> Folder {
    Folder::new().with("fares.policy", FARES).with(
        "fares.jsonl",
        "{\"id\":\"f1\",\"price\":\"4\"}\n{\"id\":\"f2\",\"price\":\"6.50\"}\n",
    )
}

/// What is refused, with this in the message, and leaves nothing behind.
#[track_caller]
fn refused(folder: &Folder, arguments: &str, part: &str) {
    let before = folder.names();
    folder.run(arguments).exits(2).out_is("").err_has(part);
    assert_eq!(folder.names(), before, "{arguments}");
}

#[test]
fn an_ending_that_is_not_written_is_refused() {
    let folder = fares();
    let eval = "eval fares.policy --input fares.jsonl";
    let all = "`.jsonl`, `.ndjson`, `.json`, `.parquet`, `.csv`, `.tsv` or `.tab`";
    for name in ["out.xlsx", "out.gz", "out.jsonl.gz", "out.PDF", "out.yaml", "out.decisions"] {
        refused(&folder, &format!("{eval} --output {name}"), all);
    }
    refused(
        &folder,
        &format!("{eval} --output x.decisions"),
        "name the format that is meant: `--format`",
    );
    // A format that is named does not make a name true.
    for (name, format) in [
        ("out.csv", "jsonl"),
        ("out.json", "jsonl"),
        ("out.jsonl", "json"),
        ("out.parquet", "csv"),
        ("out.xlsx", "csv"),
        ("out.csv.gz", "csv"),
        ("out.csv", "counts"),
    ] {
        refused(&folder, &format!("{eval} --output {name} --format {format}"), "is no ending for");
    }
    for name in ["bad.csv", "bad.json", "bad.jsonl.gz", "bad.xlsx"] {
        refused(
            &folder,
            &format!("{eval} --output o.jsonl --rejects {name}"),
            "`.jsonl` or `.ndjson`",
        );
    }
    refuse_history(&folder, eval);
    let simulate = "simulate fares.policy --input fares.jsonl --set least=7";
    for name in ["f.xlsx", "f.gz", "f.flips", "f.yaml"] {
        refused(&folder, &format!("{simulate} --flips {name}"), all);
    }
    refused(&folder, &format!("{simulate} --report r.pdf"), "`.html` or `.htm`");
    refused(&folder, &format!("{simulate} --report r.json"), "`.html` or `.htm`");
    refused(&folder, &format!("{simulate} --output i.json"), "`.txt`");
    refused(&folder, &format!("{simulate} --format json --output i.parquet"), "`.json`");
    let sweep = "sweep fares.policy --input fares.jsonl --set";
    refused(&folder, &format!("{sweep} least=5..7/1 --output s.svg"), "`.txt`");
    refused(&folder, "timeline fares.policy --format svg --output t.html", "`.svg`");
}

fn refuse_history(folder: &Folder, eval: &str) {
    refused(folder, &format!("{eval} --history h.jsonl"), "`.sqlite`, `.sqlite3` or `.db`");
}

#[test]
fn what_is_written_is_what_the_name_says() {
    let folder = fares();
    let eval = "eval fares.policy --input fares.jsonl --output";
    for name in ["a.jsonl", "a.NDJSON", "plain"] {
        folder.run(&format!("{eval} {name}")).exits(0);
        assert_eq!(json_lines(&folder.read(name)).len(), 2, "{name}");
    }
    folder.run(&format!("{eval} a.json")).exits(0);
    let all: serde_json::Value = serde_json::from_str(&folder.read("a.json")).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2);
    folder.run(&format!("{eval} a.csv")).exits(0);
    assert!(folder.read("a.csv").contains(','));
    folder.run(&format!("{eval} a.tab")).exits(0);
    assert!(folder.read("a.tab").contains('\t'));
    // An ending that says nothing is fine where the format is named.
    folder.run(&format!("{eval} a.decisions --format jsonl")).exits(0);
    assert_eq!(json_lines(&folder.read("a.decisions")).len(), 2);
    let simulate = "simulate fares.policy --input fares.jsonl --set least=7 --flips";
    for (name, array) in [("f.jsonl", false), ("f.json", true)] {
        folder.run(&format!("{simulate} {name}")).exits(0);
        let text = folder.read(name);
        let records: Vec<serde_json::Value> = match array {
            true => serde_json::from_str(&text).unwrap(),
            false => json_lines(&text),
        };
        assert_eq!(records.len(), 1, "{text}");
        assert_eq!(records[0]["id"], "f2");
        // These records have no dates.
        assert!(records[0].get("dated").is_none(), "{text}");
    }
}
