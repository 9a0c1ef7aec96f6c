//! `rulebook explain`: the change that it tells flips the decision as it is printed, it is one that somebody
//! can make, and programs get values as records have them.

use serde_json::{Value, json};

use crate::harness::{Folder, Ran};
use crate::shop::shop;

/// What is told of a record by a policy, which is the first of its file.
fn explained(policy: &str, record: &Value, more: &str) -> Ran {
    let folder = folder(policy, record);
    folder.run(&format!("explain one --input in.json {more}")).exits(0).err_is("")
}

/// A rulebook of three languages with a policy, and a record for it.
fn folder(policy: &str, record: &Value) -> Folder {
    let folder = shop().with("one/one.policy", policy).with("in.json", record.to_string());
    folder.with("one/rulebook.yaml", "name: one\nlanguages: [en, zh, de]\n")
}

/// The change that is told, by the first decision.
fn flip(policy: &str, record: &Value, more: &str) -> Value {
    explained(policy, record, &format!("--format json {more}")).json()["decisions"][0]["flips"]
        .clone()
}

/// A record with another value of a field is decided as was told.
#[track_caller]
fn flips(policy: &str, record: &Value, more: &str) -> (String, Value, String) {
    let told = flip(policy, record, more);
    let path = told["path"].as_str().unwrap_or_else(|| panic!("nothing is told: {policy}"));
    let mut changed = record.clone();
    changed[path] = told["to"].clone();
    let run = "eval one --input in.json --format json";
    let decided = folder(policy, &changed).run(run).exits(0).json();
    let decisions = decided[0]["decisions"].as_object().unwrap();
    assert_eq!(decisions.values().next(), Some(&told["decides"]), "{told}");
    (path.into(), told["to"].clone(), told["to_told"].as_str().unwrap().into())
}

const LATE: &str = "
record Visit { id: text  came: time  booked: time  told: date?  grace: duration }
policy visits for Visit dated by came {
  decide seen: yes < wait by strictest otherwise yes
  rule late { when LIMIT then wait }
}";

#[test]
fn times_are_told_as_precisely_as_they_matter() {
    let visit = json!({"id": "v1", "came": "2024-05-01T09:00:00Z", "booked": "2024-05-01T08:59:30.25Z",
        "told": "2024-04-30", "grace": "PT1.5S"});
    let told = |limit: &str, more: &str| flips(&LATE.replace("LIMIT", limit), &visit, more);
    let (path, to, words) = told("came - booked >= 90 seconds", "");
    assert_eq!((path.as_str(), to), ("booked", json!("2024-05-01T08:58:30+00:00")));
    assert_eq!(words, "1 May 2024, 08:58:30");
    let (_, to, words) = told("booked > came - 2 seconds + grace", "");
    assert_eq!(to, json!("2024-05-01T09:00:00.5+00:00"));
    assert_eq!(words, "1 May 2024, 09:00:00.5");
    told("came >= booked + 1 month", "");
    let (path, to, words) = told("came <= (told ?? 2024-01-01) + 1 day", "");
    assert_eq!((path.as_str(), to), ("told", json!("2024-05-01")));
    assert_eq!(words, "1 May 2024");
    let (path, to, words) = told("grace > 1 second * 2.25", "");
    assert_eq!((path.as_str(), to), ("grace", json!("PT3.25S")));
    assert_eq!(words, "3.25 seconds");
    // The record's own time is nobody's to change.
    let from = "came >= 2024-05-02T06:30:00.125Z";
    assert_eq!(flip(&LATE.replace("LIMIT", from), &visit, ""), Value::Null);
    let (path, to, words) = told(from, "--any-field");
    assert_eq!((path.as_str(), to), ("came", json!("2024-05-02T06:30:00.125+00:00")));
    assert_eq!(words, "2 May 2024, 06:30:00.125");

    // What is shown beside a mark agrees with it.
    let policy = LATE.replace("LIMIT", "came <= booked");
    let early = json!({"id": "v1", "came": "2024-05-01T09:00:00.001Z", "booked": "2024-05-01T09:00:00Z",
        "grace": "PT0S"});
    let ran = explained(&policy, &early, "");
    ran.out_has("came is 1 May 2024, 09:00:00.001, booked is 1 May 2024, 09:00\n");
    explained(&policy, &early, "--lang de").out_has("came ist 01.05.2024, 09:00:00,001");
}

const PARCELS: &str = r#"
enum Zone { near, far, .. }
record Parcel { id: text  kind: text  zone: Zone = near  note: text? }
table fee by first {
  | kind: text || fee: CNY |
  | "letter"   || 1 CNY    |
  | "box"      || 2 CNY    |
  | "crate"    || 4 CNY    |
  | _          || 3 CNY    |
}
policy parcels for Parcel {
  decide DECIDES
  rule only { THEN }
}"#;

#[test]
fn any_other_text_is_told_where_each_would_do() {
    let policy =
        |decides: &str, then: &str| PARCELS.replace("DECIDES", decides).replace("THEN", then);
    let (free, flag) = ("free: bool by first otherwise false", "when CONDITION then true");
    let when = |condition: &str| policy(free, &flag.replace("CONDITION", condition));
    let letter = json!({"id": "p1", "kind": "letter"});

    let (_, _, words) = flips(&when("kind == \"letter\""), &letter, "");
    assert_eq!(words, "any other text");
    let (_, to, words) = flips(&policy("cost: CNY by largest", "then fee(kind)"), &letter, "");
    assert_eq!((to, words.as_str()), (json!("box"), "\"box\""));
    let (_, to, words) = flips(&when("kind in [\"letter\", \"box\"]"), &letter, "");
    assert_eq!((to, words.as_str()), (json!("other"), "\"other\""));
    let (_, to, _) = flips(&when("(note ?? kind) == \"crate\""), &letter, "");
    assert_eq!(to, "crate");
    let (_, _, words) = flips(&when("zone == near"), &letter, "");
    assert_eq!(words, "any other text");
    let (_, to, _) = flips(&when("zone in [near, far]"), &letter, "");
    assert_eq!(to, "other");

    // Other texts would do as well, or would not: nobody can say which.
    for condition in [
        "matches(kind, \"^[a-z]+$\")",
        "len(kind) < 7",
        "lower(kind) == \"letter\"",
        "starts_with(kind, \"let\")",
        "not contains(kind, \"box\")",
        "bucket(kind, \"may\") < 10_000",
    ] {
        assert_eq!(flip(&when(condition), &letter, ""), Value::Null, "{condition}");
    }
    // A part of one text is no other text as a whole.
    let (_, to, _) =
        flips(&when("starts_with(kind, \"let\") and kind != \"lettuce\""), &letter, "");
    assert_eq!(to, "lettuce");

    // The text becomes the outcome.
    let names = policy("name: text by first otherwise \"none\"", "when kind != \"box\" then kind");
    assert_eq!(flip(&names, &json!({"id": "p1", "kind": "crate"}), "")["to"], "box");
    assert_eq!(flip(&names, &json!({"id": "p1", "kind": "box"}), ""), Value::Null);
}

const CLAIMS: &str = "
record Claim { id: text  paid: CURRENCY  pieces: number  asked: date }
policy claims for Claim {
  decide DECIDES
  rule only { THEN }
}";

#[test]
fn amounts_are_whole_coins_and_what_is_calculated_does_not_flip() {
    let policy = |currency: &str, decides: &str, then: &str| {
        let policy = CLAIMS.replace("DECIDES", decides).replace("THEN", then);
        policy.replace("CURRENCY", currency)
    };
    let claim = json!({"id": "c1", "paid": "80.10", "pieces": 3, "asked": "2024-05-01"});
    let look = "look: bool by first otherwise false";
    for (currency, limit, wanted) in [
        ("CNY", "paid > 99.995 CNY", "100.00"),
        ("JPY", "paid >= 120.5 JPY", "121"),
        ("KWD", "paid > 9_000.0005 KWD / 100", "90.001"),
        ("CNY", "paid * 20% > 50 CNY", "250.01"),
        ("CNY", "paid / 7 >= 33.33 CNY", "233.31"),
    ] {
        let policy = policy(currency, look, &format!("when {limit} then true"));
        let (path, to, _) = flips(&policy, &claim, "");
        assert_eq!((path.as_str(), &to["amount"]), ("paid", &json!(wanted)), "{limit}");
    }

    let back = "back: CNY by largest otherwise 0 CNY";
    let calculated = policy("CNY", back, "then paid * 20% + 1 CNY");
    assert_eq!(flip(&calculated, &claim, ""), Value::Null);
    // What decides which rule it is.
    let (path, to, _) = flips(&policy("CNY", back, "when pieces > 2 then paid * 20%"), &claim, "");
    assert_eq!((path.as_str(), to), ("pieces", json!(2)));
    let (path, to, _) =
        flips(&policy("CNY", back, "when paid > 90 CNY then paid * 20%"), &claim, "");
    assert_eq!((path.as_str(), &to["amount"]), ("paid", &json!("90.01")));
    let due = policy("CNY", "due: date by largest", "then asked + 3 days");
    assert_eq!(flip(&due, &claim, ""), Value::Null);
    let half = policy("CNY", "half: number by largest", "then round(pieces / 2)");
    assert_eq!(flip(&half, &claim, ""), Value::Null);
    // A field that is rounded has no more digits.
    for (rounded, wanted) in [("number", json!(2.5)), ("number rounded to 0", json!(3))] {
        let pieces = policy("CNY", look, "when pieces >= 2.5 then true");
        let pieces = pieces.replace("pieces: number", &format!("pieces: {rounded}"));
        let one = json!({"id": "c1", "paid": "80.10", "pieces": 1, "asked": "2024-05-01"});
        assert_eq!(flips(&pieces, &one, "").1, wanted, "{rounded}");
    }
    // Nobody is told how to come to a fault.
    let share = policy("CNY", "share: number by largest", "when 12 / pieces > 1 then 1");
    assert_eq!(flips(&share, &claim, "").0, "pieces");
    assert_ne!(flip(&share, &claim, "")["to"], 0);
}

const TRIPS: &str = r#"
record Shop { id: text  open: bool = true }
record Trip {
  id: text
  begun: time
  booked: time fixed
  fixed: bool
  seats: number fixed = 2
  shop: Shop fixed
  owner: Shop
}
policy trips for Trip dated by begun {
  decide full: bool by first otherwise false
  rule only { when CONDITION then true }
}"#;

#[test]
fn changes_are_those_that_somebody_can_make() {
    let trip = json!({"id": "t1", "begun": "2024-05-01T10:00:00Z", "booked": "2024-04-01T10:00:00Z",
        "fixed": false, "shop": {"id": "s1"}, "owner": {"id": "s2"}});
    let told = |condition: &str, more: &str| {
        let flip = flip(&TRIPS.replace("CONDITION", condition), &trip, more);
        flip["path"].as_str().map(String::from)
    };
    for (condition, path) in [
        ("id == \"t2\"", "id"),
        ("begun >= 2024-06-01", "begun"),
        ("booked >= 2024-06-01", "booked"),
        ("seats > 2", "seats"),
        ("not shop.open", "shop.open"),
    ] {
        assert_eq!(told(condition, ""), None, "{condition}");
        assert_eq!(told(condition, "--any-field").as_deref(), Some(path), "{condition}");
        let either = format!("({condition} or fixed)");
        assert_eq!(told(&either, "").as_deref(), Some("fixed"), "{condition}");
    }
    assert_eq!(told("not owner.open", "").as_deref(), Some("owner.open"));
}

/// A record with a value of each type, and a decision that turns on each.
const DELIVERY: &str = r#"
enum Carrier { post, bike, .. }
record Delivery {
  id: text
  handed_in: time
  fee: JPY
  weight: number
  promised: date
  took: duration
  fragile: bool
  carrier: Carrier
  note: text?
  seals: list of number
}
policy deliveries for Delivery {
  decide refund: JPY by largest otherwise 0 JPY
  decide late: bool by first otherwise false
  decide share: number by largest otherwise 0
  decide next: date by largest
  decide again: time by largest
  decide grace: duration by largest
  decide way: post < bike by strictest
  decide told: text by all

  rule dear {
    when fee < 100 JPY and weight <= 2.5 and took > 36 hours and fragile and carrier == bike
     and note is missing and 3 in seals
    then refund = fee, late = true
  }
  rule handed_in_late {
    when handed_in < promised + 1 day
    then late = true, share = 12.5%, next = promised, again = handed_in + 1 hour, grace = took,
         way = bike, told = "take \"care\""
  }
}
"#;

#[test]
fn json_has_values_as_decisions_and_records_have_them_in_every_language() {
    let record = json!({"id": "d1", "handed_in": "2024-05-01T10:00:05.25Z", "fee": 99, "weight": "2.50",
        "promised": "2024-05-02", "took": "P1DT13H", "fragile": true, "carrier": "drone",
        "seals": [1, 2.50, 3]});
    let run = |language: &str| {
        explained(DELIVERY, &record, &format!("--now 2024-06-01 --lang {language} --format json"))
            .json()
    };
    let told = run("en");
    let values: Vec<_> =
        told["decisions"].as_array().unwrap().iter().map(|d| &d["value"]).collect();
    let jpy = |amount: &str| json!({"amount": amount, "currency": "JPY"});
    assert_eq!(
        json!(values),
        json!([
            jpy("0"),
            true,
            0.125,
            "2024-05-02",
            "2024-05-01T11:00:05.25+00:00",
            "PT37H",
            "bike",
            ["take \"care\""]
        ])
    );
    let evaluated =
        folder(DELIVERY, &record).run("eval one --input in.json --format json").exits(0);
    let evaluated = evaluated.json()[0]["decisions"].clone();
    let named = told["decisions"].as_array().unwrap().iter();
    named.for_each(|d| assert_eq!(d["value"], evaluated[d["decision"].as_str().unwrap()]));
    let flip = &told["decisions"][0]["flips"];
    assert_eq!(
        (&flip["path"], &flip["from"], &flip["to"]),
        (&json!("carrier"), &json!("drone"), &json!("bike"))
    );
    let words = ["from_told", "to_told", "decides_told"].map(|name| flip[name].as_str().unwrap());
    assert_eq!((&flip["decides"], words), (&jpy("99"), ["\"drone\"", "bike", "JPY 99"]));
    let seen: Vec<_> =
        told["rules"][0]["clauses"].as_array().unwrap().iter().map(|c| &c["values"]).collect();
    let expected = [
        json!({"fee": jpy("99")}),
        json!({"weight": 2.5}),
        json!({"took": "PT37H"}),
        json!({"fragile": true}),
        json!({"carrier": "drone"}),
    ];
    assert_eq!(json!(seen), json!(expected));
    assert_eq!(told["rules"][1]["sets"]["again"], "2024-05-01T11:00:05.25+00:00");
    assert_eq!(told["rules"][1]["sets_told"]["again"], "1 May 2024, 11:00:05.25");

    // Words change with the language, and nothing else.
    let other = run("zh");
    assert_eq!(other["rules"][1]["sets_told"]["again"], "2024年5月1日11:00:05.25");
    assert_eq!(without_words(other), without_words(told));
}

fn without_words(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.retain(|name, _| !name.ends_with("told"));
            members.values_mut().for_each(|member| *member = without_words(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_words(item.take())),
        _ => {}
    }
    value
}
