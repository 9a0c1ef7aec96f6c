//! A record is read alike from JSON, from values and from structs, and decided alike every time.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rulebook::{Policy, Rejection, Rulebook};
use rulebook_core::facts::{Joins, read_json};
use rulebook_lang::model::{Number, NumberError, Store};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::cases;

const SHOP: &str = r#"
enum Claim { refund, exchange }
enum Place { corner, mall, .. }
record Item { sku: text, price: CNY, count: number = 1 }
record Shop { id: text, score: number?, opened: date = 2020-01-01 }
record Order {
  id: text
  claim: Claim
  place: Place = mall
  amount: CNY
  weight: number?
  express: bool = false
  placed_at: time
  waits: duration?
  page: url?
  shop: Shop
  partner: Shop?
  items: list of Item = []
  marks: list of number
}
policy orders for Order dated by placed_at {
  decide review: none_needed < look < refuse by strictest otherwise none_needed
  decide payout: CNY by total
  decide notes: text by all
  rule large {
    when amount > 100 CNY or count(i in items where i.price > 50 CNY) > 1
    then review = look, payout = amount / 2, notes = shop.id
    because "{amount} on {placed_at} in {place}"
  }
  rule partnered {
    when partner is present and (partner.score ?? 0) < 3
    overrides large
    then review = refuse, notes = partner.id
  }
  rule uneven {
    from 2024-01-01 for 50% by shop.id where not express
    when sum(m in marks: 1 / m) > 1
    then payout = 1 CNY * count(m in marks)
    require call within 2 days
    because "marks {sum(m in marks: m)}, weight {weight}, waits {waits}"
  }
}"#;

static BOOK: LazyLock<Rulebook> =
    LazyLock::new(|| Rulebook::from_sources([("orders.policy", SHOP)]).unwrap());

fn orders() -> Policy {
    BOOK.policy("orders").unwrap().at("2024-09-12T00:00:00Z".parse().unwrap())
}

#[derive(Debug, Clone, Serialize)]
struct Money {
    amount: String,
    currency: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Item {
    sku: String,
    price: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u8>,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Claim {
    Refund,
    Exchange,
    Quarrel,
}

#[derive(Debug, Clone, Serialize)]
struct Shop {
    id: String,
    score: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<String>,
}

/// An order as an embedder would write it; some of its texts may not fit the declared types.
#[derive(Debug, Clone, Serialize)]
struct Order {
    id: String,
    claim: Claim,
    place: Option<String>,
    amount: Money,
    weight: Option<i64>,
    express: Option<bool>,
    placed_at: String,
    waits: Option<String>,
    page: Option<String>,
    shop: Shop,
    partner: Option<Shop>,
    items: Vec<Item>,
    marks: Vec<i32>,
}

fn cents() -> impl Strategy<Value = f64> {
    (-50_000_i32..50_000).prop_map(|cents| f64::from(cents) / 100.0)
}

fn shop() -> impl Strategy<Value = Shop> {
    let score = prop::option::of((0_i16..50).prop_map(|tenths| f32::from(tenths) / 10.0));
    let opened = prop::option::of(select(vec!["2021-02-28", "2021-02-30"]));
    ("[a-z]{1,3}", score, opened.prop_map(|day| day.map(str::to_string)))
        .prop_map(|(id, score, opened)| Shop { id, score, opened })
}

fn item() -> impl Strategy<Value = Item> {
    ("\\PC{0,3}", cents(), prop::option::of(0_u8..4)).prop_map(|(sku, price, count)| Item {
        sku,
        price,
        count,
    })
}

/// One of these, mostly the first ones.
fn mostly(
    fine: &'static [&'static str],
    broken: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![9 => select(fine), 1 => select(broken)].prop_map(str::to_string)
}

fn order() -> impl Strategy<Value = Order> {
    let money = (
        mostly(&["12.50", "100", "500"], &["1.2.3", "0.0000000001"]),
        select(vec!["CNY", "CNY", "CNY", "USD"]),
    )
        .prop_map(|(amount, currency)| Money { amount, currency });
    let times = (
        mostly(
            &["2024-09-12T08:00:00+08:00", "2023-01-01 10:00:00", "2024-02-29"],
            &["yesterday", "2023-02-29"],
        ),
        prop::option::of(mostly(&["PT48H", "P7D"], &["P1M", "2 days"])),
        prop::option::of(mostly(&["https://a.example/x"], &["a.example", "mailto:a@b.c"])),
    );
    let claim = prop_oneof![4 => Just(Claim::Refund), 4 => Just(Claim::Exchange), 1 => Just(Claim::Quarrel)];
    let place = prop::option::of(select(vec!["mall", "kiosk"]).prop_map(str::to_string));
    let plain = ("[a-z\"\\\\\u{4e00}\n]{0,4}", claim, place, money);
    let numbers = (prop::option::of(any::<i64>()), prop::option::of(any::<bool>()));
    let nested = (
        shop(),
        prop::option::of(shop()),
        prop::collection::vec(item(), 0..4),
        prop::collection::vec(-2_i32..4, 0..4),
    );
    (plain, numbers, times, nested).prop_map(
        |((id, claim, place, amount), (weight, express), (placed_at, waits, page), nested)| {
            let (shop, partner, items, marks) = nested;
            Order {
                id,
                claim,
                place,
                amount,
                weight,
                express,
                placed_at,
                waits,
                page,
                shop,
                partner,
                items,
                marks,
            }
        },
    )
}

/// Any JSON value, now and then in a place where another kind is declared.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        cents().prop_map(Value::from),
        "\\PC{0,5}".prop_map(Value::from),
        select(vec!["1.5", "2024-01-01", "PT1H", "refund"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(
                select(vec!["amount", "currency", "id", "score", "x"]).prop_map(str::to_string),
                inner,
                0..3
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A character that is put in or takes the place of another.
fn slip() -> impl Strategy<Value = Result<char, char>> {
    let letter = select(
        "{}[]\",:\\/0159.-+eE tfnul\n\t\u{1}\u{7f}\u{e9}\u{4e00}".chars().collect::<Vec<_>>(),
    );
    (letter, any::<bool>()).prop_map(|(letter, extra)| if extra { Ok(letter) } else { Err(letter) })
}

/// What came of a record, without words that may differ by how it was read.
fn outcome(
    result: Result<rulebook::Decision, Rejection>,
) -> Result<Value, Vec<(String, &'static str)>> {
    match result {
        Ok(decision) => Ok(serde_json::to_value(decision).unwrap()),
        Err(rejection) => {
            let mut errors: Vec<_> =
                rejection.errors.into_iter().map(|error| (error.path, error.code)).collect();
            // A struct names what it lacks in its own order.
            errors.sort();
            Err(errors)
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_record_is_read_alike_from_every_source(order in order()) {
        let value = serde_json::to_value(&order).unwrap();
        // As a struct: a float of single precision has its own digits, which JSON text keeps too.
        let text = serde_json::to_string(&order).unwrap();
        let expected = outcome(orders().decide_json(&text));
        prop_assert_eq!(&outcome(orders().decide(&order)), &expected);
        if order.shop.score.is_none() && order.partner.iter().all(|shop| shop.score.is_none()) {
            prop_assert_eq!(&outcome(orders().decide(&value)), &expected);
        }
    }

    #[test]
    fn a_damaged_record_is_refused_alike(
        order in order(),
        damages in prop::collection::vec((any::<Index>(), any_value()), 1..4),
    ) {
        let mut order = order;
        order.shop.score = None;
        order.partner = None;
        let mut value = serde_json::to_value(&order).unwrap();
        let keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        for (at, damage) in &damages {
            value[at.get(&keys)] = damage.clone();
        }
        prop_assert_eq!(outcome(orders().decide(&value)), outcome(orders().decide_json(value.to_string())));
    }

    #[test]
    fn what_is_no_json_is_refused_in_known_words(
        order in order(),
        pretty in any::<bool>(),
        cut in prop::option::of(any::<Index>()),
        slips in prop::collection::vec((any::<Index>(), slip()), 0..3),
    ) {
        let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let mut text: Vec<char> = write(&order).unwrap().chars().collect();
        if let Some(cut) = cut {
            text.truncate(cut.index(text.len()));
        }
        for (at, slip) in slips {
            let at = at.index(text.len() + 1);
            match slip {
                Ok(extra) => text.insert(at, extra),
                Err(other) if at < text.len() => text[at] = other,
                Err(_) => {}
            }
        }
        let text: String = text.into_iter().collect();
        let errors = orders().decide_json(&text).err().map_or_else(Vec::new, |rejection| rejection.errors);
        // A number that breaks off is told in other words where it is not read.
        let errors_of = [
            serde_json::from_str::<Value>(&text).err(),
            serde_json::from_str::<IgnoredAny>(&text).err(),
        ];
        let told: Vec<_> = errors_of.into_iter().flatten().map(|error| error.to_string()).collect();
        if told.is_empty() {
            prop_assert!(errors.iter().all(|error| error.code != "bad-json"), "{:?}", errors);
        } else {
            prop_assert_eq!(errors.len(), 1, "{:?}", told);
            let message = errors[0].message.replace("this is not JSON: ", "");
            let message = message.replace(" at column", " at line 1 column");
            let message = message.replace(" of the record, column", " column");
            prop_assert!(told.contains(&message), "{} not in {:?} of {}", message, told, text);
        }
    }

    #[test]
    fn deciding_twice_gives_the_same(order in order()) {
        let text = serde_json::to_string(&order).unwrap();
        let decide = || orders().decide_json(&text).map(|decision| serde_json::to_string(&decision).unwrap());
        prop_assert_eq!(decide(), decide());
    }
}

#[test]
fn money_comes_in_three_forms() {
    let order = |amount: Value| {
        json!({"id": "o", "claim": "refund", "amount": amount, "placed_at": "2024-01-01", "marks": [],
               "shop": {"id": "s"}})
    };
    let three = [json!(120.5), json!("120.50"), json!({"amount": "120.5", "currency": "CNY"})];
    for amount in three {
        let decision = orders().decide_json(order(amount).to_string()).unwrap();
        assert_eq!(decision.money("payout").unwrap().0.to_string(), "60.25");
    }
    let broken = [
        json!({"amount": 1, "currency": "USD"}),
        json!({"amount": 1, "currency": "CNY", "x": 1}),
        json!({"amount": 1}),
        json!({"amount": null, "currency": "CNY"}),
        json!({"amount": true, "currency": "CNY"}),
        json!({"amount": [1], "currency": "USD"}),
        json!({"amount": 1, "currency": 3}),
        json!("12 CNY"),
    ];
    let escaped = order(json!(0))
        .to_string()
        .replace("\"amount\":0", "\"amount\":{\"amount\":\"\\u0031\",\"currency\":\"CNY\"}");
    assert!(orders().decide_json(&escaped).is_ok(), "{escaped}");
    for amount in broken {
        let record = order(amount.clone());
        let from_text = outcome(orders().decide_json(record.to_string()));
        assert!(from_text.is_err(), "{amount}");
        assert_eq!(from_text, outcome(orders().decide(&record)), "{amount}");
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_number_is_taken_as_it_is_written(
        digits in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,12})?([eE][-+]?[0-9]{1,2})?",
        behind in "[ \n]{0,3}",
    ) {
        let text = json!({"id": "o", "claim": "refund", "amount": 1, "placed_at": "2024-01-01",
                          "marks": [], "weight": 2, "shop": {"id": "s"}});
        let text = text.to_string().replace(":2,", &format!(":{digits}{behind},"));
        let policy = orders();
        let layout = &policy.compiled().layout;
        let mut row = Store::default();
        let read = read_json(BOOK.program(), layout, Joins::Nowhere, text.as_bytes(), &mut row);
        match digits.parse::<Number>() {
            Ok(number) => {
                prop_assert_eq!(read, Ok(()));
                let slot = layout.scalar_slot("weight").unwrap();
                prop_assert!(row.get(slot).same(&rulebook_lang::model::Value::Number(number)), "{}", text);
            }
            Err(error) => {
                let help = match error {
                    NumberError::TooManyDecimals => {
                        "; a field that is declared `rounded to 9` takes it"
                    }
                    _ => "",
                };
                let expected = format!("{error}: the number {digits}{help}");
                prop_assert_eq!(&read.unwrap_err()[0].message, &expected);
            }
        }
    }
}

#[test]
fn what_no_field_takes_is_read_over() {
    let record = |extra: &str| {
        format!(
            "{{\"id\": \"o\", {extra}: 1, \"claim\": \"refund\", \"amount\": 1, \"more\": {extra},
            \"placed_at\": \"2024-01-01\", \"marks\": [], \"shop\": {{\"id\": \"s\"}}}}"
        )
    };
    for text in
        ["\"\"", "\"i\"", "\"id\\u0000\"", "\"idid\"", "\"sho\"", "\"x\\\"\"", "\"\u{4e00}\""]
    {
        assert!(orders().decide_json(record(text)).is_ok(), "{text}");
    }
    let deep = |depth: usize| format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
    for depth in [1, 31, 32, 33, 64, 65, 1000] {
        let text = record("\"x\"").replace("1, \"claim", &format!("{}, \"claim", deep(depth)));
        assert!(orders().decide_json(&text).is_ok(), "{depth}");
        let broken = text.replacen("}]", "]}", 1);
        let errors = orders().decide_json(&broken).unwrap_err().errors;
        assert!(errors[0].message.contains("expected `,` or `}`"), "{errors:?}");
    }
}

#[test]
fn texts_that_are_no_unicode_are_no_json() {
    for text in ["\\ud800", "\\ud800\\u0041", "\\udc00"] {
        let record = json!({"id": "o"}).to_string().replace("o", text);
        let errors = orders().decide_json(&record).unwrap_err().errors;
        let told = serde_json::from_str::<Value>(&record).unwrap_err().to_string();
        let told = told.replace("line 1 ", "");
        assert_eq!(errors[0].message, format!("this is not JSON: {told}"));
    }
    let errors = orders().decide_json(b"{\"id\": \"\xff\"}").unwrap_err().errors;
    assert_eq!(errors[0].message, "byte 9 of the record is no UTF-8");
}

#[test]
fn every_error_of_a_record_is_told_with_its_path() {
    let record = json!({
        "id": "o", "claim": "quarrel", "amount": 1, "placed_at": "soon", "shop": {"score": "x"},
        "items": [{"sku": "a", "price": 2}, {"sku": 3, "price": null}], "express": 1, "marks": [1, null]
    });
    let expected = [
        ("claim", "unknown-member"),
        ("express", "wrong-type"),
        ("items[1].price", "missing-field"),
        ("items[1].sku", "wrong-type"),
        ("marks[1]", "missing-field"),
        ("placed_at", "bad-time"),
        ("shop.id", "missing-field"),
        ("shop.score", "wrong-type"),
    ];
    let expected = expected.map(|(path, code)| (path.to_string(), code)).to_vec();
    assert_eq!(outcome(orders().decide_json(record.to_string())), Err(expected.clone()));
    assert_eq!(outcome(orders().decide(&record)), Err(expected));
}
