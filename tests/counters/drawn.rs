//! Counters drawn at random, and rules that read them: whichever way the records come in (in memory, as
//! lines, as cells, as columns, in one run or in two with a history, on one thread or on three), the
//! decisions are the same, and the counts are those of a loop.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rulebook::Rulebook;
use rulebook_core::history::MemoryHistory;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::infer::columns_of;

/// What a counter counts: how it is written, and what a loop asks of an earlier record.
#[derive(Debug, Clone)]
struct Drawn {
    made: Made,
    by: By,
    window: Window,
    only: Only,
    /// From how many on a rule asks.
    limit: i64,
}

/// What is made of the records.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Made {
    Count,
    Sum,
    Distinct,
    Largest,
    Smallest,
    Latest,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Buyer,
    Shop,
    Both,
}

#[derive(Debug, Clone, Copy)]
enum Window {
    Within { hours: i64 },
    Between { far: i64, near: i64 },
    Today,
    Ever,
}

#[derive(Debug, Clone, Copy)]
enum Only {
    All,
    Marked,
    Large,
}

#[derive(Debug, Clone)]
struct Visit {
    buyer: Option<u8>,
    shop: u8,
    /// In half hours, so that many fall together and on the edges of windows.
    at: i64,
    amount: i64,
    marked: bool,
}

const START: &str = "2024-02-27T00:00:00Z";

impl Visit {
    fn time(&self) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(30 * self.at)
    }

    fn json(&self, id: usize) -> Value {
        json!({
            "id": format!("v{id}"), "buyer": self.buyer.map(|buyer| format!("b{buyer}")),
            "shop": format!("s{}", self.shop), "at": self.time().to_string(),
            "amount": self.amount, "marked": self.marked,
        })
    }
}

impl Drawn {
    fn text(&self, name: &str) -> String {
        let what = match self.made {
            Made::Count => "count",
            Made::Sum => "sum of amount",
            Made::Distinct => "count of distinct amount",
            Made::Largest => "largest of amount",
            Made::Smallest => "smallest of amount",
            Made::Latest => "latest of amount",
        };
        let key = match self.by {
            By::Buyer => "buyer",
            By::Shop => "shop",
            By::Both => "shop, buyer",
        };
        let window = match self.window {
            Window::Within { hours } => format!("within {hours} hours"),
            Window::Between { far, near } => format!("from {far} hours to {near} hours before"),
            Window::Today => "today".into(),
            Window::Ever => "ever".into(),
        };
        let only = match self.only {
            Only::All => "",
            Only::Marked => " where marked",
            Only::Large => " where amount >= large",
        };
        format!("counter {name} = {what} of Visit by {key} {window}{only}\n")
    }

    /// Whether it may be missing.
    fn may_lack(&self) -> bool {
        self.by != By::Shop || matches!(self.made, Made::Largest | Made::Smallest | Made::Latest)
    }

    /// The value for a record, by a loop over those that came before; nothing where it has no key, or where there is
    /// nothing to tell of.
    fn counted(&self, visit: &Visit, before: &[Visit]) -> Option<i64> {
        if self.by != By::Shop && visit.buyer.is_none() {
            return None;
        }
        let counts = |earlier: &&Visit| {
            let (shop, buyer) = (earlier.shop == visit.shop, earlier.buyer == visit.buyer);
            let same = match self.by {
                By::Buyer => buyer,
                By::Shop => shop,
                By::Both => shop && buyer,
            };
            let age = visit.at - earlier.at;
            let reaches = match self.window {
                Window::Within { hours } => age < 2 * hours,
                Window::Between { far, near } => age < 2 * far && age >= 2 * near,
                Window::Today => visit.at.div_euclid(48) == earlier.at.div_euclid(48),
                Window::Ever => true,
            };
            let chosen = match self.only {
                Only::All => true,
                Only::Marked => earlier.marked,
                Only::Large => earlier.amount >= 10,
            };
            same && age >= 0 && reaches && chosen
        };
        let mut amounts: Vec<_> =
            before.iter().filter(counts).map(|earlier| earlier.amount).collect();
        match self.made {
            Made::Count => i64::try_from(amounts.len()).ok(),
            Made::Sum => Some(amounts.iter().sum()),
            Made::Distinct => {
                amounts.sort_unstable();
                amounts.dedup();
                i64::try_from(amounts.len()).ok()
            }
            Made::Largest => amounts.into_iter().max(),
            Made::Smallest => amounts.into_iter().min(),
            // They lie in the order of time.
            Made::Latest => amounts.pop(),
        }
    }
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let window = prop_oneof![
        (1_i64..200).prop_map(|hours| Window::Within { hours }),
        (1_i64..100, 0_i64..100)
            .prop_map(|(more, near)| Window::Between { far: near + more, near }),
        Just(Window::Today),
        Just(Window::Ever),
    ];
    let made = prop::sample::select(vec![
        Made::Count,
        Made::Sum,
        Made::Distinct,
        Made::Largest,
        Made::Smallest,
        Made::Latest,
    ]);
    let by = prop::sample::select(vec![By::Buyer, By::Shop, By::Both]);
    let only = prop_oneof![Just(Only::All), Just(Only::Marked), Just(Only::Large)];
    (made, by, window, only, 0_i64..6).prop_map(|(made, by, window, only, limit)| Drawn {
        made,
        by,
        window,
        only,
        limit,
    })
}

fn visit() -> impl Strategy<Value = Visit> {
    let buyer = prop::option::weighted(0.9, 0_u8..3);
    (buyer, 0_u8..2, 0_i64..500, -5_i64..30, any::<bool>())
        .prop_map(|(buyer, shop, at, amount, marked)| Visit { buyer, shop, at, amount, marked })
}

/// A policy that tells every counter and decides by it, on records that have a key or not.
fn policy(counters: &[Drawn], known: bool) -> String {
    let key = if known { " key id" } else { "" };
    let mut text = format!(
        "record Visit{key} {{ id: text, buyer: text?, shop: text, at: time, amount: number, marked: bool }}\n\
         parameter large: number = 10\n",
    );
    let mut decisions = String::new();
    let mut rules = String::new();
    for (at, counter) in counters.iter().enumerate() {
        text += &counter.text(&format!("c{at}"));
        decisions += &format!("  decide n{at}: number by first otherwise -1000\n");
        let value = if counter.may_lack() { format!("c{at} ?? -1000") } else { format!("c{at}") };
        rules += &format!("  rule t{at} {{ then n{at} = {value} }}\n");
        let limit = counter.limit;
        rules += &format!(
            "  rule r{at} {{ when ({value}) >= {limit} and shop != \"s{at}\" then step = ask }}\n"
        );
    }
    text + "policy visits for Visit dated by at {\n  decide step: pass < ask by strictest otherwise pass\n"
        + decisions.as_str()
        + rules.as_str()
        + "}\n"
}

/// The outcomes of every record by its id, as a run of the binary writes them to JSON lines.
fn ran(folder: &Path, arguments: &[&str]) -> BTreeMap<String, Value> {
    let out = folder.join("out.jsonl");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rulebook"));
    command.current_dir(folder).args(["eval", "p.policy", "--output", "out.jsonl"]);
    let ran = command.args(arguments).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    let told = fs::read_to_string(out).unwrap();
    let lines = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|line| (line["id"].as_str().unwrap().to_string(), line["decisions"].clone()))
        .collect()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn cells(records: &[Value]) -> String {
    let names = ["id", "buyer", "shop", "at", "amount", "marked"];
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = |record: &Value| names.map(|name| plain(&record[name])).join(",") + "\n";
    format!("{}\n{}", names.join(","), records.iter().map(row).collect::<String>())
}

fn write_parquet(path: &Path, records: &[Value]) {
    let batch = columns_of(&lines(records));
    let file = fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_in_counts_alike(
        counters in prop::collection::vec(drawn(), 1..5),
        mut visits in prop::collection::vec(visit(), 2..80),
        split in 1_usize..80,
        shuffle in any::<u64>(),
        known in any::<bool>(),
    ) {
        let text = policy(&counters, known);
        visits.sort_by_key(|visit| visit.at);
        let records: Vec<_> = visits.iter().enumerate().map(|(id, visit)| visit.json(id)).collect();
        // Where records have keys, some are sent again.
        let times = |id: usize| if known && (id as u64 ^ shuffle).is_multiple_of(3) { 2 } else { 1 };
        let sent: Vec<(Value, &Visit)> = records
            .iter()
            .zip(&visits)
            .enumerate()
            .flat_map(|(id, (record, visit))| vec![(record.clone(), visit); times(id)])
            .collect();

        // In memory, one after the other, beside a loop.
        let rulebook = Rulebook::from_sources([("p.policy", text.as_str())]).unwrap();
        let policy = rulebook.policy("visits").unwrap().replaying();
        let mut evaluation = policy.with_history(Arc::new(MemoryHistory::new())).evaluation();
        let mut expected = BTreeMap::new();
        for (id, record) in records.iter().enumerate() {
            let decision = evaluation.decide_json(record.to_string()).unwrap();
            let told = serde_json::to_value(decision).unwrap()["decisions"].clone();
            for (at, counter) in counters.iter().enumerate() {
                let counted = counter.counted(&visits[id], &visits[..id]).unwrap_or(-1000);
                prop_assert_eq!(&told[format!("n{at}")], &json!(counted), "c{} of v{}\n{}", at, id, text);
            }
            evaluation.remember().unwrap();
            for _ in 1..times(id) {
                let again = evaluation.decide_json(record.to_string()).unwrap();
                prop_assert_eq!(&serde_json::to_value(again).unwrap()["decisions"], &told, "v{} again\n{}", id, text);
                evaluation.remember().unwrap();
            }
            expected.insert(format!("v{id}"), told);
        }

        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("p.policy", &text);
        // The order of the input does not matter, but among those that happened together.
        let records: Vec<Value> = sent.iter().map(|(record, _)| record.clone()).collect();
        let mut mixed = sent;
        mixed.sort_by_key(|(_, visit)| visit.at.unsigned_abs().wrapping_mul(shuffle | 1) >> 7);
        let mixed: Vec<Value> = mixed.into_iter().map(|(record, _)| record).collect();
        write("mixed.jsonl", &lines(&mixed));
        write("all.csv", &cells(&records));
        write_parquet(&folder.join("all.parquet"), &records);
        let split = split.min(records.len() - 1);
        write("first.jsonl", &lines(&records[..split]));
        write("second.csv", &cells(&records[split..]));

        for arguments in [
            ["--input", "mixed.jsonl", "--threads", "1"],
            ["--input", "mixed.jsonl", "--threads", "3"],
            ["--input", "all.csv", "--threads", "2"],
            ["--input", "all.parquet", "--threads", "2"],
        ] {
            prop_assert_eq!(&ran(folder, &arguments), &expected, "{:?}\n{}", arguments, text);
        }
        let mut halves = ran(folder, &["--input", "first.jsonl", "--history", "h.sqlite"]);
        halves.extend(ran(folder, &["--input", "second.csv", "--history", "h.sqlite"]));
        prop_assert_eq!(&halves, &expected, "with a history\n{}", text);
        let again = ran(folder, &["--input", "second.csv", "--history", "h.sqlite", "--again"]);
        prop_assert!(again.iter().all(|(id, told)| expected[id] == *told), "again\n{}", text);
    }
}
