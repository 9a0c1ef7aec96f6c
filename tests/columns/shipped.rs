//! The records that ship with the rulebooks are decided alike as JSON and as columns.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rulebook::batch::Wanted;
use rulebook::{Decision, Policy, Rejection, Rulebook};
use rulebook_core::history::MemoryHistory;

use super::infer::{columns_of, rulebooks};
use super::reference;

/// A decision as it is written, or what is wrong with the record.
fn written(decided: Result<&Decision, Rejection>) -> String {
    match decided {
        Ok(decision) => serde_json::to_string(decision).unwrap(),
        Err(rejection) => rejection.to_string(),
    }
}

/// Decides about the records of a file in both forms; how many were decided, and how many rejected.
fn compare(policy: &Policy, json: &str, told: &str) -> (usize, usize) {
    let batch = columns_of(json);
    let Ok(columns) = policy.columns(batch.schema_ref()) else { return (0, 0) };
    let rows = columns.rows(&batch).unwrap();
    let (mut by_row, mut by_json) = (policy.evaluation(), policy.evaluation());
    let mut counts = (0, 0);
    assert_eq!(rows.len(), json.lines().count(), "{told}");
    for (row, line) in json.lines().enumerate() {
        let decided = by_json.decide_json(line);
        match decided {
            Ok(_) => counts.0 += 1,
            Err(_) => counts.1 += 1,
        }
        let expected = written(decided);
        assert_eq!(written(by_row.decide_row(&rows, row)), expected, "{told}, record {row}");
    }
    let whole = reference::compare(policy, &batch, Wanted::default());
    let whole = whole.unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!((whole.decided, whole.rejected), counts, "{told}");
    counts
}

#[test]
fn shipped_records_are_decided_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let (mut decided, mut files) = (0, 0);
    for folder in rulebooks(&root) {
        let Ok(data) = fs::read_dir(folder.join("data")) else { continue };
        let rulebook = Rulebook::load(&folder).unwrap();
        for path in data.map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let json = fs::read_to_string(&path).unwrap();
            let before = decided;
            for name in rulebook.policies() {
                let policy = rulebook.policy(name).unwrap();
                // What is decided about each element of a list is set against JSON by `tests/cli/elements.rs`.
                if policy.compiled().elements.is_some() {
                    continue;
                }
                let policy = policy.replaying().with_history(Arc::new(MemoryHistory::new()));
                decided += compare(&policy, &json, &format!("{} by {name}", path.display())).0;
            }
            files += usize::from(decided > before);
        }
    }
    assert!(files >= 10 && decided >= 3_000, "{files} files, {decided} decisions");
}

/// Past orders as two files tell them, the one in JSON lines and the other in Parquet, by the policies
/// for such orders: `RULEBOOK_ORDERS=orders.jsonl RULEBOOK_ORDERS_PARQUET=orders.parquet`.
#[test]
fn past_orders_are_decided_alike() {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (Some(json), Some(parquet)) = (named("RULEBOOK_ORDERS"), named("RULEBOOK_ORDERS_PARQUET"))
    else {
        return;
    };
    let json = fs::read_to_string(json).unwrap();
    let mut lines = json.lines();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/marketplace");
    let policy = Rulebook::load(root).unwrap().policy("purchase_review").unwrap().replaying();
    let (mut by_row, mut by_json) = (policy.evaluation(), policy.evaluation());
    let file = fs::File::open(parquet).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file);
    for batch in reader.unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let columns = policy.columns(batch.schema_ref()).unwrap();
        let rows = columns.rows(&batch).unwrap();
        for row in 0..rows.len() {
            let expected = written(by_json.decide_json(lines.next().unwrap()));
            assert_eq!(written(by_row.decide_row(&rows, row)), expected, "record {row}");
        }
        let whole = reference::compare(&policy, &batch, Wanted::default());
        assert_eq!(whole.map(|counts| counts.rejected), Ok(0));
    }
    assert_eq!(lines.next(), None);
}
