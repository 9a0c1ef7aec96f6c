//! Counters against plain code: whatever happened in whatever order, the value is what a loop over all
//! records counts, and a limit over a large input refuses those that an independent count refuses.
//!
//! `RULEBOOK_ORDERS=orders.jsonl cargo test --test pages counters` counts real orders as well: JSON lines
//! with `order.purchased_at`, `buyer.id` and `merchant.id`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod drawn;
#[allow(dead_code, reason = "the tests of columns use all of it")]
#[path = "../columns/infer.rs"]
mod infer;

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;

use proptest::prelude::*;
use rulebook::{Rulebook, Verdict};
use rulebook_core::history::MemoryHistory;
use rulebook_lang::model::{Number, Time};
use serde_json::Value;

/// A counter of each kind. The zone has days of 23 and of 25 hours.
const POLICY: &str = r#"
record Claim { id: number, buyer: text?, at: time, amount: CNY, counts: bool }

counter month = count of Claim by buyer within 30 days
counter lagged = count of Claim by buyer from 45 days to 15 days before where counts
counter by_calendar = count of Claim by buyer from 2 months to 1 month before
counter paid = sum of amount of Claim by buyer within 7 days where counts
counter day = count of Claim by buyer today
counter week = count of Claim by buyer this week
counter since_first = sum of amount of Claim by buyer this month
counter year = count of Claim by buyer this year

policy claims for Claim dated by at {
  decide month: number by first otherwise 0
  decide lagged: number by first otherwise 0
  decide by_calendar: number by first otherwise 0
  decide paid: CNY by first otherwise 0 CNY
  decide day: number by first otherwise 0
  decide week: number by first otherwise 0
  decide since_first: CNY by first otherwise 0 CNY
  decide year: number by first otherwise 0
  rule tell {
    when buyer is present
    then month = month ?? -1, lagged = lagged ?? -1, by_calendar = by_calendar ?? -1,
         paid = paid ?? -1 CNY, day = day ?? -1, week = week ?? -1,
         since_first = since_first ?? -1 CNY, year = year ?? -1
  }
}"#;

const COUNTERS: [&str; 8] =
    ["month", "lagged", "by_calendar", "paid", "day", "week", "since_first", "year"];

#[derive(Debug, Clone)]
struct Claim {
    buyer: Option<u8>,
    /// Quarters of an hour since the first of the year, so that many fall on the edges of windows.
    at: i64,
    amount: i64,
    counts: bool,
}

impl Claim {
    fn time(&self) -> Time {
        let start: Time = "2023-12-30T23:00:00Z".parse().unwrap();
        start.checked_add(jiff::SignedDuration::from_mins(15 * self.at)).unwrap()
    }

    fn json(&self, id: usize) -> String {
        let buyer = self.buyer.map_or("null".to_string(), |buyer| format!("\"b{buyer}\""));
        let Self { amount, counts, .. } = self;
        let at = self.time();
        format!(r#"{{"id":{id},"buyer":{buyer},"at":"{at}","amount":{amount},"counts":{counts}}}"#)
    }

    /// Whether an earlier claim lies in the window of a counter of this one, told with a calendar and
    /// civil times.
    fn reaches(&self, counter: &str, earlier: &Self, zone: &jiff::tz::TimeZone) -> bool {
        let (own, other) = (self.time(), earlier.time());
        let (day, other_day) = (own.local(zone).unwrap(), other.local(zone).unwrap());
        let age = own.duration_since(other);
        let days = |days: i64| jiff::SignedDuration::from_hours(24 * days);
        match counter {
            "month" => age < days(30),
            "lagged" => age >= days(15) && age < days(45),
            "by_calendar" => {
                let back = |months: i32| {
                    let then = day.checked_sub(jiff::Span::new().months(months)).unwrap();
                    Time::of_local(then, zone).unwrap()
                };
                back(2) < other && other <= back(1)
            }
            "paid" => age < days(7),
            "day" => day.date() == other_day.date(),
            "week" => {
                day.date().iso_week_date().week() == other_day.date().iso_week_date().week()
                    && day.date().iso_week_date().year() == other_day.date().iso_week_date().year()
            }
            "since_first" => day.date().first_of_month() == other_day.date().first_of_month(),
            _ => day.year() == other_day.year(),
        }
    }
}

/// The value of a counter for a claim, by a loop over those that were recorded before.
fn counted(counter: &str, claim: &Claim, before: &[&Claim], zone: &jiff::tz::TimeZone) -> Number {
    let mut sum = 0;
    for earlier in before {
        let needs_mark = matches!(counter, "lagged" | "paid");
        let same = earlier.buyer == claim.buyer && claim.buyer.is_some();
        if same
            && earlier.at <= claim.at
            && (earlier.counts || !needs_mark)
            && claim.reaches(counter, earlier, zone)
        {
            let adds_up = matches!(counter, "paid" | "since_first");
            sum += if adds_up { earlier.amount } else { 1 };
        }
    }
    Number::from(sum)
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let at = prop_oneof![0..10_000_i64, (0..110_i64).prop_map(|day| 96 * day), Just(5_000_i64)];
    let claim = (prop::option::weighted(0.9, 0..3_u8), at, -50..100_i64, any::<bool>());
    let claim = claim.prop_map(|(buyer, at, amount, counts)| Claim { buyer, at, amount, counts });
    prop::collection::vec(claim, 1..60)
}

fn rulebook() -> Rulebook {
    let settings = ("rulebook.yaml", "zone: Europe/Berlin");
    Rulebook::from_sources([("claims.policy", POLICY), settings]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Records that come in any order each see those that came before and happened before.
    #[test]
    fn a_history_in_memory_counts_what_a_loop_counts(claims in claims(), forgets in any::<bool>()) {
        let rulebook = rulebook();
        let zone = &rulebook.settings().zone;
        let history = Arc::new(MemoryHistory::new());
        let policy = rulebook.policy("claims").unwrap().replaying();
        let mut evaluation = policy.with_history(history.clone()).evaluation();
        let mut claims = claims;
        if forgets {
            claims.sort_by_key(|claim| claim.at);
        }
        let mut before = Vec::new();
        for (id, claim) in claims.iter().enumerate() {
            if forgets {
                // In the order of time, nothing is missed that no window reaches.
                history.forget(rulebook.horizon(claim.time()));
            }
            let decision = evaluation.decide_json(claim.json(id)).unwrap();
            for counter in COUNTERS {
                let wanted = counted(counter, claim, &before, zone);
                let told = match decision.verdict(counter) {
                    Some(Verdict::Value(rulebook_lang::model::Value::Number(told), _)) => told,
                    other => panic!("{other:?}"),
                };
                prop_assert_eq!(told, wanted, "{} of claim {}", counter, id);
            }
            // To decide changes nothing.
            evaluation.decide_json(claim.json(id)).unwrap();
            evaluation.remember().unwrap();
            prop_assert!(evaluation.remember().is_err());
            before.push(claim);
        }
    }
}

/// The decisions `name` that the command line makes on records, in their order.
fn judged(policy: &str, records: &str, names: [&str; 2]) -> Vec<[bool; 2]> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    };
    let (policy, records) = (file("p.policy", policy), file("in.jsonl", records));
    let run = Command::new(env!("CARGO_BIN_EXE_rulebook"))
        .arg("eval")
        .arg(policy)
        .arg("--input")
        .arg(records)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told = |line: &str| {
        let decision: Value = serde_json::from_str(line).unwrap();
        names.map(|name| decision["decisions"][name] == "ask")
    };
    String::from_utf8(run.stdout).unwrap().lines().map(told).collect()
}

/// At most five orders in 30 days, of a buyer and with a merchant.
const LIMITS: &str = "
record Order { id: text, purchased_at: time }
record Buyer { id: text }
record Merchant { id: text }
record Purchase { order: Order, buyer: Buyer, merchant: Merchant? }

counter of_buyer = count of Purchase by buyer.id within 30 days
counter of_merchant = count of Purchase by merchant.id within 30 days
parameter most: number = 5

policy limits for Purchase dated by order.purchased_at {
  decide buyer: pass < ask by strictest otherwise pass
  decide merchant: pass < ask by strictest otherwise pass
  rule many_of_buyer { when of_buyer >= most then buyer = ask }
  rule many_of_merchant { when (of_merchant ?? 0) >= most then merchant = ask }
}";

/// Which records a limit of five in 30 days refuses, counted by hand: for each key the times so far.
fn beyond_limit(records: &str, key: &str) -> Vec<bool> {
    let mut rows = Vec::new();
    for line in records.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let at = record["order"]["purchased_at"].as_str().unwrap().trim_end_matches('Z');
        let at: jiff::civil::DateTime = at.parse().unwrap();
        let seconds = jiff::tz::TimeZone::UTC.to_timestamp(at).unwrap().as_second();
        rows.push((seconds, rows.len(), record[key]["id"].as_str().map(str::to_string)));
    }
    let mut beyond = vec![false; rows.len()];
    rows.sort();
    let mut times: HashMap<String, Vec<i64>> = HashMap::new();
    for (seconds, number, key) in rows {
        let Some(key) = key else { continue };
        let earlier = times.entry(key).or_default();
        let recent = earlier.iter().rev().take_while(|time| **time > seconds - 30 * 86_400);
        beyond[number] = recent.count() >= 5;
        earlier.push(seconds);
    }
    beyond
}

#[track_caller]
fn limits_are_counted(records: &str) {
    let judged = judged(LIMITS, records, ["buyer", "merchant"]);
    for (at, key) in ["buyer", "merchant"].into_iter().enumerate() {
        let told: Vec<_> = judged.iter().map(|verdicts| verdicts[at]).collect();
        let wanted = beyond_limit(records, key);
        assert!(told == wanted, "by {key}");
        assert!(wanted.contains(&true) && wanted.contains(&false), "by {key}");
    }
}

/// A third of the marketplace's orders, so that it takes seconds; some without a merchant, and not in
/// the order of time.
#[test]
fn five_orders_in_30_days_are_the_limit() {
    let mut state = 20_171_124_u64;
    let mut random = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut records = String::new();
    let start: Time = "2016-09-04T00:00:00Z".parse().unwrap();
    for number in 0..33_000 {
        // Hours, so that many fall together, and some lie exactly 30 days apart.
        let later = jiff::SignedDuration::from_hours(random(17_000) as i64);
        let at = start.checked_add(later).unwrap();
        let buyer = random(3_000);
        let merchant = match random(130) {
            0 => "null".to_string(),
            _ => format!(r#"{{"id":"m{}"}}"#, random(1_000)),
        };
        records.push_str(&format!(
            r#"{{"order":{{"id":"o{number}","purchased_at":"{at}"}},"buyer":{{"id":"b{buyer}"}},"merchant":{merchant}}}"#
        ));
        records.push('\n');
    }
    limits_are_counted(&records);
}

#[test]
fn five_real_orders_in_30_days_are_the_limit() {
    let Some(path) = std::env::var_os("RULEBOOK_ORDERS") else {
        eprintln!("skipped: RULEBOOK_ORDERS names no file of orders");
        return;
    };
    limits_are_counted(&fs::read_to_string(path).unwrap());
}
