//! Reading a record into a row that has held one like it allocates nothing, and neither does deciding
//! about it in memory that has seen one like it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "allocations/judging.rs"]
mod judging;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rulebook::{Files, Options, Policy, Profiles, Rulebook};
use rulebook_core::facts::{Joins, read_json, read_record};
use rulebook_core::history::MemoryHistory;
use rulebook_lang::model::{Number, Store};
use rulebook_tools::simulate::{Plan, Simulation, Trial};
use serde::Serialize;
use serde_json::json;

const SHOP: &str = r#"
enum Claim { refund, exchange }
enum Place { corner, mall, .. }
record Item { sku: text  price: CNY  count: number = 1  tags: list of text = ["plain", "new"] }
record Shop { id: text  score: number?  opened: date = 2020-01-01  note: text = "none" }
record Order {
  id: text
  claim: Claim
  place: Place as "where"
  amount: CNY
  fee: CNY
  weight: number?
  rate: number
  express: bool = false
  placed_at: time
  day: date
  waits: duration?
  term: period?
  shop: Shop
  partner: Shop?
  items: list of Item
  grid: list of list of number
  paid: money
  tips: list of money
}
policy orders for Order {
  decide d: bool by first otherwise false
  rule r { when amount > 1 CNY then true }
}"#;

fn orders() -> (Rulebook, Policy) {
    let settings = ("rulebook.yaml", "zone: Asia/Shanghai");
    let book = Rulebook::from_sources([("orders.policy", SHOP), settings]).unwrap();
    let policy = book.policy("orders").unwrap();
    (book, policy)
}

/// How often the second of two readings into one row allocates.
fn allocations(read: impl Fn(&mut Store)) -> u64 {
    let mut row = Store::default();
    read(&mut row);
    allocation_counter::measure(|| read(&mut row)).count_total
}

fn from_json(text: &str) -> u64 {
    let (book, policy) = orders();
    let layout = &policy.compiled().layout;
    allocations(|row| {
        read_json(book.program(), layout, Joins::Nowhere, text.as_bytes(), row).unwrap()
    })
}

fn from_record(record: &impl Serialize) -> u64 {
    let (book, policy) = orders();
    let layout = &policy.compiled().layout;
    allocations(|row| read_record(book.program(), layout, Joins::Nowhere, record, row).unwrap())
}

fn order() -> serde_json::Value {
    json!({
        "id": "o-1", "title": "not declared", "claim": "refund", "where": "kiosk",
        "amount": {"amount": "199.90", "currency": "CNY"},
        "fee": {"currency": "CNY", "amount": 2.5},
        "weight": 12.125, "rate": 0.003, "extra": {"a": [1, {"b": null}], "c": "\"\n"},
        "placed_at": "2024-09-12T08:00:00+08:00", "day": "2024-09-12", "waits": "PT48H", "term": "P3M",
        "shop": {"id": "s\u{4e00}", "score": 4.75, "opened": "2021-02-28", "note": "known"},
        "partner": {"id": "p", "score": null},
        "items": [
            {"sku": "a", "price": 1.25, "count": 2, "tags": ["x", "y", "z"]},
            {"sku": "b", "price": "2.50"},
        ],
        "grid": [[1, 2.5], [], [-3]],
        "paid": {"amount": "30.50", "currency": "USD"},
        "tips": ["3 JPY", {"currency": "CNY", "amount": 2}],
    })
}

#[derive(Serialize)]
struct Order {
    id: String,
    title: &'static str,
    claim: Claim,
    #[serde(rename = "where")]
    place: char,
    amount: f64,
    fee: Money,
    weight: Option<f32>,
    rate: Number,
    placed_at: &'static str,
    day: &'static str,
    shop: Shop,
    partner: Option<Shop>,
    items: Vec<Item>,
    grid: [(i64, u64); 2],
    paid: Money,
    tips: [Money; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Claim {
    Exchange,
}

#[derive(Serialize)]
struct Money {
    amount: &'static str,
    currency: String,
}

#[derive(Serialize)]
struct Shop {
    id: String,
    score: Option<f64>,
}

#[derive(Serialize)]
struct Item {
    sku: String,
    price: BTreeMap<&'static str, &'static str>,
    tags: Option<Vec<&'static str>>,
}

#[test]
fn json_is_read_without_an_allocation() {
    let order = order();
    assert_eq!(from_json(&order.to_string()), 0);
    assert_eq!(from_json(&serde_json::to_string_pretty(&order).unwrap()), 0);
    // A text with escapes is resolved first.
    assert!(from_json(&order.to_string().replace("o-1", "o\\n1")) <= 2);
}

#[test]
fn values_are_read_without_an_allocation() {
    assert_eq!(from_record(&order()), 0);
    let shop = |id: &str| Shop { id: id.to_string(), score: Some(4.1) };
    let price = || BTreeMap::from([("amount", "12.50"), ("currency", "CNY")]);
    let order = Order {
        id: "o-1".into(),
        title: "not declared",
        claim: Claim::Exchange,
        place: '\u{4e00}',
        // A sum whose float has more digits than it was made of.
        amount: 1_234_567.1 + 0.01,
        fee: Money { amount: "199.90", currency: "CNY".into() },
        weight: Some(0.1),
        rate: "0.000000001".parse().unwrap(),
        placed_at: "2024-09-12 08:00:00",
        day: "2024-02-29",
        shop: shop("s"),
        partner: Some(shop("p")),
        items: vec![
            Item { sku: "a".into(), price: price(), tags: Some(vec!["x"]) },
            Item { sku: "b".into(), price: price(), tags: None },
        ],
        grid: [(1, 2), (i64::MIN, u64::MAX)],
        paid: Money { amount: "30.50", currency: "USD".into() },
        tips: [Money { amount: "3", currency: "JPY".into() }],
    };
    assert_eq!(from_record(&order), 0);
}

#[test]
fn numbers_are_written_without_an_allocation() {
    for text in ["0", "59", "-4.8", "12345678901234567890.123456789", "0.000000001"] {
        let number: Number = text.parse().unwrap();
        let mut out = Vec::with_capacity(64);
        let written =
            allocation_counter::measure(|| serde_json::to_writer(&mut out, &number).unwrap());
        assert_eq!(written.count_total, 0, "{text}");
    }
}

/// Policies that call functions which make a text (`lower`) or take a url apart (`host`): these ask
/// for memory, as the documentation says. And those for the lines of a record, whose results are many.
const ASK_FOR_MEMORY: [&str; 5] =
    ["links", "link_ladder", "wallet", "line_refunds", "order_refunds"];

/// The other policies that ship with sample records, and those records. Their counters ask a history
/// in memory, in which nothing has happened yet.
fn shipped() -> Vec<(Policy, Vec<String>)> {
    let mut all = Vec::new();
    for folder in ["taobao", "marketplace", "wechat"] {
        let book = Rulebook::load(format!("policies/{folder}")).unwrap();
        for name in book.policies().filter(|name| !ASK_FOR_MEMORY.contains(name)) {
            let lines = std::fs::read_to_string(format!("policies/{folder}/data/{name}.jsonl"));
            let lines = lines.unwrap().lines().map(String::from).collect();
            let policy = book.policy(name).unwrap().replaying();
            all.push((policy.with_history(Arc::new(MemoryHistory::new())), lines));
        }
    }
    all
}

#[test]
fn decisions_are_made_and_read_without_an_allocation() {
    for (policy, lines) in shipped() {
        let mut evaluation = policy.evaluation();
        let decisions: Vec<_> = policy.compiled().decisions.iter().collect();
        let mut decide = |line: &str| {
            let decision = evaluation.decide_json(line).unwrap();
            let outcomes = decisions.iter().filter_map(|known| decision.outcome(&known.name).ok());
            outcomes.count() + decision.fired_rules().count() + decision.rules().count()
        };
        let first: usize = lines.iter().map(|line| decide(line)).sum();
        let mut second = 0;
        let counted = allocation_counter::measure(|| {
            second = lines.iter().map(|line| decide(line)).sum();
        });
        assert_eq!((second, counted.count_total), (first, 0), "{}", policy.name());
    }
}

#[test]
fn profiles_are_joined_without_an_allocation() {
    let text = r#"
        enum Tier { low, high, .. }
        record Group { id: number  name: text  tiers: list of Tier = [low, high] }
        record Penalty { points: number  reason: text }
        record Merchant {
          id: text  score: number  tags: list of text = ["new"]  penalties: list of Penalty = []
          group_no: number?  group: Group? by group_no
        }
        record Maker { id: Tier  country: text }
        record Item { sku: text  tier: Tier  maker: Maker? by tier }
        record Order { id: text  merchant_id: text  merchant: Merchant by merchant_id
          items: list of Item = [] }
        policy trust for Order {
          decide trusted: bool by first otherwise false
          rule high_score {
            when merchant.score >= 4.8 and sum(p in merchant.penalties: p.points) < 12
            then true
          }
          rule group { when merchant.group is present and merchant.group.name == "ours" then true }
          rule maker { when any(i in items: i.maker is present and i.maker.country == "DE") then true }
        }"#;
    let book = Rulebook::from_sources([("trust.policy", text)]).unwrap();
    let mut profiles = Profiles::new(&book);
    let merchants = [
        json!({"id": "m1", "score": 4.9, "penalties": [{"points": 3, "reason": "late"}]}),
        json!({"id": "m2", "score": 3, "group_no": 7, "tags": ["a", "b", "c"]}),
    ];
    merchants.iter().for_each(|merchant| profiles.insert("Merchant", merchant).unwrap());
    profiles.insert("Group", &json!({"id": 7, "name": "ours", "tiers": ["high", "top"]})).unwrap();
    profiles.insert("Maker", &json!({"id": "high", "country": "DE"})).unwrap();
    profiles.insert("Maker", &json!({"id": "top", "country": "CN"})).unwrap();
    let policy = book.policy("trust").unwrap().with_profiles(Arc::new(profiles));
    let orders = ["m1", "m2"].map(|merchant| {
        let items = json!([{"sku": "a", "tier": "top"}, {"sku": "b", "tier": "low"}]);
        json!({"id": "o", "merchant_id": merchant, "items": items}).to_string()
    });
    let mut evaluation = policy.evaluation();
    let mut decide = || {
        let mut trusted =
            |order| evaluation.decide_json(order).unwrap().truth("trusted") == Ok(true);
        orders.iter().filter(|order| trusted(order.as_str())).count()
    };
    assert_eq!(decide(), 2);
    assert_eq!(allocation_counter::measure(|| assert_eq!(decide(), 2)).count_total, 0);
}

#[test]
fn records_that_were_read_are_judged_without_an_allocation() {
    for (policy, lines) in shipped() {
        let mut evaluation = policy.evaluation();
        let records: Vec<_> = lines.iter().map(|line| policy.read(line).unwrap()).collect();
        let mut judge = || {
            let judge = |record| evaluation.decide_read(record).unwrap().fired_rules().count();
            records.iter().map(judge).sum::<usize>()
        };
        let first = judge();
        let mut second = 0;
        let counted = allocation_counter::measure(|| second = judge());
        assert_eq!((second, counted.count_total), (first, 0), "{}", policy.name());
    }
}

/// Fractions stand beside the other values of a judgement.
#[test]
fn fractions_are_calculated_without_an_allocation() {
    let text = r#"
        record Bill { id: text  total: CNY  part: number  whole: number  rate: number }
        table third by first {
          | kind: text || part: number |
          | "third"    || 1 / 3        |
          | _          || 1            |
        }
        policy shares for Bill {
          decide share: number by first otherwise 0
          rule share { then part / whole }
        }
        policy bills for Bill {
          decide paid: CNY by largest otherwise 0 CNY
          decide all: CNY by total
          decide back: bool by first otherwise false
          rule factor { then paid = total * (part / whole) * third("third") }
          rule one { then all = total * (part / whole) }
          rule other { then all = total * shares.share }
          rule back {
            when part / whole * whole >= part and total * rate * rate > total * third("third") / 9
            then back = true
          }
        }"#;
    let book = Rulebook::from_sources([("bills.policy", text)]).unwrap();
    let policy = book.policy("bills").unwrap();
    let bills = [(1, 3), (2, 7), (5, 11)].map(|(part, whole)| {
        json!({"id": "b", "total": "50000000", "part": part, "whole": whole, "rate": 0.123456789})
            .to_string()
    });
    let mut evaluation = policy.evaluation();
    let mut decide = || {
        let mut back = |bill| evaluation.decide_json(bill).unwrap().truth("back") == Ok(true);
        bills.iter().filter(|bill| back(bill.as_str())).count()
    };
    assert_eq!(decide(), 0);
    assert_eq!(allocation_counter::measure(|| assert_eq!(decide(), 0)).count_total, 0);
}

/// Records judged twice, compared and counted in every way that there is.
#[test]
fn records_are_compared_without_an_allocation() {
    let changes = [
        ("taobao", "refund_only", "trusted_score", "4.6", "merchant.id", "order.amount"),
        ("taobao", "return_treasure_savings", "joined_share", "60%", "placed_at", ""),
        ("marketplace", "delivery_goodwill", "late_pays", "40%", "order.status", "order.freight"),
    ];
    for (folder, name, parameter, value, by, sum) in changes {
        let changed = Options::new().parameter(parameter, value);
        let files = Files::read(Path::new("policies").join(folder).as_path()).unwrap();
        let load = |options| Rulebook::inspect(&files, options).rulebook.unwrap();
        let books = [load(&Options::new()), load(&changed)];
        let policies = books.each_ref().map(|book| {
            let policy = book.policy(name).unwrap().replaying();
            policy.with_history(Arc::new(MemoryHistory::new()))
        });
        let [before, after] = [0, 1].map(|at| Trial::new(&books[at], policies[at].clone(), "side"));
        let sums: Vec<_> =
            [sum].iter().filter(|sum| !sum.is_empty()).map(|s| s.to_string()).collect();
        let by = [by.to_string()];
        let plan = Plan::new(Some(before), after, &by, &sums, 1).unwrap();
        let mut simulation = Simulation::new(&plan);
        let mut evaluations = policies.each_ref().map(Policy::evaluation);
        let lines = std::fs::read_to_string(format!("policies/{folder}/data/{name}.jsonl"));
        let lines = lines.unwrap();
        let mut compare = || {
            let [before, after] = &mut evaluations;
            let all = (0..).zip(lines.lines()).filter(|(record, line)| {
                let before = before.decide_json(line).unwrap();
                let after = after.decide_json(line).unwrap();
                let input = || serde_json::from_str(line).unwrap();
                simulation.add(*record, input, Some(Ok(before)), Ok(after))
            });
            all.count()
        };
        let first = compare();
        assert!(first > 0, "{name}: nothing changes");
        let mut second = 0;
        let counted = allocation_counter::measure(|| second = compare());
        assert_eq!((second, counted.count_total), (first, 0), "{name}");
        assert_eq!(simulation.finish().unwrap().changed.records, 2 * first as u64);
    }
}
