//! A profile that is joined decides as one that the record brings, whatever it was read from; and
//! whatever stands in a file of profiles, each is counted and none is made up.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use rulebook::{
    Policy, Profile, ProfileError, ProfileFormat, ProfileKey, ProfileStore, Profiles, Rulebook,
    StoreError,
};
use serde_json::{Value, json};

const POLICIES: &str = r#"
enum Tier { basic < gold < platinum }
record Place { city: text  remote: bool = false  since: date? }
record Group { id: number  name: text  tier: Tier  open: bool }
record Merchant {
  id: text
  score: number?
  fee: CNY = 1.50 CNY
  tier: Tier
  note: text? as "remark"
  tags: list of text = ["new", "small"]
  place: Place?
  group_no: number?
  group: Group? by group_no
}
record Request { id: text  order: Order  merchant: Merchant by order.merchant_id }
record Order { id: text  merchant_id: text }

policy trust for Request {
  decide trusted: bool by first otherwise false because "{merchant.id}: {merchant.tags}"
  decide fee: CNY by total
  decide notes: text by all

  rule scored { when merchant.score is present and merchant.score >= 4.5 then trusted = true }
  rule paid   { when merchant.tier > basic then fee = merchant.fee }
  rule noted  { when merchant.note is present then notes = merchant.note }
  rule remote { when merchant.place is present and merchant.place.remote then notes = merchant.place.city }
  rule dated  {
    when merchant.place is present and merchant.place.since is present
      and merchant.place.since < 2024-01-01
    then fee = 1 CNY
  }
  rule group  {
    when merchant.group is present and (merchant.group.open or merchant.group.tier == gold)
    then notes = merchant.group.name
  }
  rule tagged { when "new" in merchant.tags then fee = 3 CNY }
}"#;

static BOOK: LazyLock<Rulebook> =
    LazyLock::new(|| Rulebook::from_sources([("trust.policy", POLICIES)]).unwrap());

fn policy() -> Policy {
    BOOK.policy("trust").unwrap().at("2024-09-12T00:00:00Z".parse().unwrap())
}

fn joining(profiles: Profiles) -> Policy {
    policy().with_profiles(Arc::new(profiles))
}

// ---- what is drawn --------------------------------------------------------------------------

fn texts() -> impl Strategy<Value = String> {
    // What CSV, SQL, JSON and YAML quote, in any mix.
    "[a-z\"',;:#\\\\{}\u{e9}\u{4e00}\n\t ]{0,6}[a-z]"
}

fn numbers() -> impl Strategy<Value = Value> {
    (0..50_000_i64).prop_map(|units| json!(format!("{}.{:04}", units / 10_000, units % 10_000)))
}

fn tiers() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["basic", "gold", "platinum"])
}

fn places() -> impl Strategy<Value = Value> {
    let date = prop::option::of((2020..2026, 1..13, 1..29));
    (texts(), prop::option::of(any::<bool>()), date).prop_map(|(city, remote, date)| {
        let date = date.map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"));
        without_nulls(json!({ "city": city, "remote": remote, "since": date }))
    })
}

fn merchants() -> impl Strategy<Value = Vec<Value>> {
    let known = (prop::option::of(numbers()), prop::option::of(numbers()), tiers());
    let told = (prop::option::of(texts()), prop::option::of(prop::collection::vec(texts(), 0..3)));
    let one = (known, told, prop::option::of(places()), prop::option::of(0..4_i64));
    prop::collection::vec(one, 1..6).prop_map(|all| {
        let merchant = |(at, ((score, fee, tier), (note, tags), place, group))| {
            without_nulls(json!({
                "id": format!("m{at}"), "score": score, "fee": fee, "tier": tier, "remark": note,
                "tags": tags, "place": place, "group_no": group,
            }))
        };
        (0..).zip(all).map(merchant).collect()
    })
}

/// Groups 0, 1 and 2; nobody knows group 3.
fn groups() -> impl Strategy<Value = Vec<Value>> {
    let one = (texts(), tiers(), any::<bool>());
    prop::collection::vec(one, 3).prop_map(|all| {
        let group = |(at, (name, tier, open)): (i64, (String, &str, bool))| {
            json!({ "id": at, "name": name, "tier": tier, "open": open })
        };
        (0..).zip(all).map(group).collect()
    })
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null());
    }
    value
}

// ---- the same profiles in every form --------------------------------------------------------

/// The form of a file, with profiles that it can hold.
type Form = (&'static str, fn(&mut Profiles, &str, &[Value]));

const FORMS: &[Form] = &[
    ("values", |profiles, record, all| {
        all.iter().for_each(|profile| profiles.insert(record, profile).unwrap());
    }),
    ("a JSON array", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Json, &serde_json::to_string_pretty(all).unwrap());
    }),
    ("JSON by key", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Json, &by_key(all));
    }),
    ("JSON lines", |profiles, record, all| {
        let lines: Vec<_> = all.iter().map(Value::to_string).collect();
        read(profiles, record, ProfileFormat::JsonLines, &lines.join("\n"));
    }),
    // All JSON is YAML.
    ("YAML", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Yaml, &serde_json::to_string(all).unwrap());
    }),
    ("YAML by key", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Yaml, &by_key(all));
    }),
];

/// Forms that hold no lists.
const FLAT_FORMS: &[Form] = &[
    ("CSV", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Csv, &delimited(all, b','));
    }),
    ("TSV", |profiles, record, all| {
        read(profiles, record, ProfileFormat::Tsv, &delimited(all, b'\t'));
    }),
    ("SQLite", |profiles, record, all| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("profiles.db");
        write_database(&file, record, all);
        let report = profiles.read_file(record, &file).unwrap();
        assert_eq!((report.good, report.bad), (all.len(), Vec::new()));
    }),
];

fn read(profiles: &mut Profiles, record: &str, format: ProfileFormat, text: &str) {
    let report = profiles.read_text(record, format, "the text", text.as_bytes()).unwrap();
    assert_eq!(report.bad, Vec::new());
}

fn by_key(all: &[Value]) -> String {
    let entry = |profile: &Value| {
        let mut profile = profile.clone();
        let key = match profile.as_object_mut().unwrap().remove("id").unwrap() {
            Value::String(key) => key,
            key => key.to_string(),
        };
        (key, profile)
    };
    serde_json::to_string_pretty(&all.iter().map(entry).collect::<serde_json::Map<_, _>>()).unwrap()
}

/// The columns of all profiles, those of nested records with dots, and the cells of each profile.
fn table(all: &[Value]) -> (Vec<String>, Vec<Vec<Value>>) {
    fn flatten(path: &str, value: &Value, into: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, into);
            }),
            value => into.push((path.to_string(), value.clone())),
        }
    }
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for profile in all {
        let mut cells = Vec::new();
        flatten("", profile, &mut cells);
        for (column, _) in &cells {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        rows.push(cells);
    }
    let row = |cells: &Vec<(String, Value)>| {
        let cell = |column: &String| cells.iter().find(|(own, _)| own == column);
        columns.iter().map(|c| cell(c).map_or(Value::Null, |(_, v)| v.clone())).collect()
    };
    let rows = rows.iter().map(row).collect();
    (columns, rows)
}

fn delimited(all: &[Value], delimiter: u8) -> String {
    let (columns, rows) = table(all);
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    for row in rows {
        let told = |cell: &Value| match cell {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            cell => cell.to_string(),
        };
        writer.write_record(row.iter().map(told)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn write_database(file: &std::path::Path, table_name: &str, all: &[Value]) {
    let (columns, rows) = table(all);
    let database = rusqlite::Connection::open(file).unwrap();
    let quoted: Vec<_> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    database
        .execute(&format!("CREATE TABLE \"{table_name}\" ({})", quoted.join(", ")), [])
        .unwrap();
    let marks = vec!["?"; columns.len()].join(", ");
    for row in rows {
        let cell = |cell: &Value| match cell {
            Value::Null => rusqlite::types::Value::Null,
            Value::Bool(value) => rusqlite::types::Value::Integer(i64::from(*value)),
            Value::Number(number) => rusqlite::types::Value::Integer(number.as_i64().unwrap()),
            Value::String(text) => rusqlite::types::Value::Text(text.clone()),
            other => panic!("{other} is no cell"),
        };
        let cells = rusqlite::params_from_iter(row.iter().map(cell));
        database.execute(&format!("INSERT INTO \"{table_name}\" VALUES ({marks})"), cells).unwrap();
    }
}

/// Whatever byte of a database is damaged: it is read or refused, in our words, and nothing panics.
#[test]
fn a_damaged_database_is_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profiles.db");
    let database = rusqlite::Connection::open(&file).unwrap();
    database
        .execute_batch(
            "CREATE TABLE Merchant (id TEXT PRIMARY KEY, score TEXT, remark TEXT);
             CREATE VIEW best AS SELECT * FROM Merchant WHERE score LIKE '4%';",
        )
        .unwrap();
    for number in 0..5 {
        let id = format!("m{number}");
        database.execute("INSERT INTO Merchant VALUES (?, '4.5', 'said')", [id]).unwrap();
    }
    drop(database);
    let whole = std::fs::read(&file).unwrap();
    let (mut read, mut refused) = (0, 0);
    // Every byte that is set, and some of the others; 0xff is no UTF-8 anywhere.
    let places = (0..whole.len()).filter(|at| whole[*at] != 0 || at % 997 == 0);
    for (number, at) in places.enumerate() {
        let mut damaged = whole.clone();
        damaged[at] ^= [0x01, 0x80, 0xff ^ whole[at]][number % 3];
        std::fs::write(&file, damaged).unwrap();
        for table in ["", "#best"] {
            let mut named = file.clone().into_os_string();
            named.push(table);
            match Profiles::new(&BOOK).read_file("Merchant", named) {
                Ok(_) | Err(ProfileError::Duplicates { .. }) => read += 1,
                Err(ProfileError::Unreadable { message, .. }) => {
                    refused += 1;
                    for inside in ["Invalid", "column index", "Utf8"] {
                        assert!(!message.contains(inside), "byte {at}: {message}");
                    }
                }
                Err(error) => panic!("byte {at}: {error}"),
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

/// Hands out JSON, as a service would from its database.
struct Texts(Vec<(String, Value)>);

impl ProfileStore for Texts {
    fn profile(
        &self,
        record: &str,
        key: ProfileKey<'_>,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        let key = key.to_string();
        let is_it = |(own, profile): &&(String, Value)| {
            let id = &profile["id"];
            own == record && id.as_str().map_or_else(|| id.to_string(), str::to_string) == key
        };
        Ok(self.0.iter().find(is_it).map(|(_, profile)| Profile::json(profile.to_string())))
    }
}

fn decided(policy: &Policy, record: &Value) -> Value {
    let by_value = policy.decide(record).map_err(|rejection| rejection.errors);
    let by_json = policy.decide_json(record.to_string()).map_err(|rejection| rejection.errors);
    let told = |decided: Result<_, _>| match decided {
        Ok(decision) => serde_json::to_value(&decision).unwrap(),
        Err(errors) => serde_json::to_value(&errors).unwrap(),
    };
    let (by_value, by_json) = (told(by_value), told(by_json));
    assert_eq!(by_value, by_json);
    by_json
}

/// Compares each merchant joined with the same one nested, its group as well.
fn compare(form: &str, policy: &Policy, merchants: &[Value], groups: &[Value]) {
    let nested = self::policy();
    for merchant in merchants {
        let request = json!({ "id": "r", "order": { "id": "o", "merchant_id": merchant["id"] } });
        let mut whole = request.clone();
        whole["merchant"] = merchant.clone();
        let group = merchant["group_no"].as_i64().and_then(|at| groups.get(at as usize));
        if let Some(group) = group {
            whole["merchant"]["group"] = group.clone();
        }
        assert_eq!(decided(policy, &request), decided(&nested, &whole), "{form}: {merchant}");
    }
    let unknown = json!({ "id": "r", "order": { "id": "o", "merchant_id": "nobody" } });
    let told = decided(policy, &unknown);
    assert_eq!(
        (&told[0]["path"], &told[0]["code"]),
        (&json!("merchant"), &json!("missing-profile"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn joined_decides_as_nested(merchants in merchants(), groups in groups()) {
        for (form, fill) in FORMS {
            let mut profiles = Profiles::new(&BOOK);
            fill(&mut profiles, "Merchant", &merchants);
            fill(&mut profiles, "Group", &groups);
            prop_assert_eq!(profiles.count("Merchant"), merchants.len());
            compare(form, &joining(profiles), &merchants, &groups);
        }
        let all = merchants.iter().map(|merchant| ("Merchant".to_string(), merchant.clone()));
        let all = all.chain(groups.iter().map(|group| ("Group".to_string(), group.clone())));
        let texts = policy().with_profiles(Arc::new(Texts(all.collect())));
        compare("a store of texts", &texts, &merchants, &groups);
    }

    #[test]
    fn columns_decide_as_nested(merchants in merchants(), groups in groups()) {
        let mut flat = merchants;
        flat.iter_mut().for_each(|merchant| drop(merchant.as_object_mut().unwrap().remove("tags")));
        for (form, fill) in FLAT_FORMS {
            let mut profiles = Profiles::new(&BOOK);
            fill(&mut profiles, "Merchant", &flat);
            fill(&mut profiles, "Group", &groups);
            compare(form, &joining(profiles), &flat, &groups);
        }
    }
}

// ---- what does not fit ----------------------------------------------------------------------

#[test]
fn profiles_fit_a_rulebook_in_which_only_parameters_differ() {
    let of = |policies: &str| Rulebook::from_sources([("a.policy", policies)]).unwrap();
    let text = "parameter bar: number = 4
        record Shop { id: text  score: number  kind: a | b = a }
        record Order { id: text  shop: Shop by id }
        policy p for Order { decide d: bool by first otherwise false
          rule r { when shop.score >= bar and shop.kind == a then true } }";
    let mut profiles = Profiles::new(&of(text));
    profiles.insert("Shop", &json!({"id": "s", "score": 4.5})).unwrap();
    let profiles = Arc::new(profiles);
    let decide = |policies: &str| {
        let policy = of(policies).policy("p").unwrap().with_profiles(profiles.clone());
        policy.decide_json(r#"{"id": "s"}"#).map(|decision| decision.truth("d"))
    };
    assert_eq!(decide(text), Ok(Ok(true)));
    assert_eq!(decide(&text.replace("= 4", "= 5")), Ok(Ok(false)));
    for other in ["a | b = b", "b | a = a", "a | b | c = a"] {
        let rejection = decide(&text.replace("a | b = a", other)).unwrap_err();
        assert_eq!(rejection.errors[0].code, "failed-profile", "{other}");
    }
}

#[test]
fn keys_that_stand_twice_are_refused_with_both_places() {
    let mut profiles = Profiles::new(&BOOK);
    let groups = "id,name,tier,open\n1,a,gold,true\n2,b,gold,true\n1.0,c,gold,true\n";
    let error = profiles.read_text("Group", ProfileFormat::Csv, "g.csv", groups.as_bytes());
    let told = "profiles of `Group` have the same key\n  1: g.csv line 2 and g.csv line 4";
    assert_eq!(error.unwrap_err().to_string(), told);
    let again =
        profiles.insert("Group", &json!({"id": 2, "name": "", "tier": "gold", "open": true}));
    let told = "profiles of `Group` have the same key\n  2: g.csv line 3 and inserted profile 3";
    assert_eq!(again.unwrap_err().to_string(), told);
}

#[test]
fn records_that_nobody_joins_are_refused() {
    let mut profiles = Profiles::new(&BOOK);
    let error = profiles.insert("Order", &json!({"id": "o"})).unwrap_err();
    assert!(matches!(error, ProfileError::UnknownRecord { .. }));
    assert_eq!(
        error.to_string(),
        "no policy joins a record `Order`; they join `Group`, `Merchant`"
    );
}

#[test]
fn an_inserted_profile_is_told_what_is_wrong_with_it() {
    let mut profiles = Profiles::new(&BOOK);
    let error = profiles.insert("Merchant", &json!({"id": "m", "score": "x", "tier": "gold"}));
    let told =
        "the record is rejected\n  score: expected a number, found the text \"x\" (wrong-type)";
    assert_eq!(error.unwrap_err().to_string(), told);
}

/// A store that fails for one key and answers nonsense for another.
struct Failing;

impl ProfileStore for Failing {
    fn profile(&self, _: &str, key: ProfileKey<'_>) -> Result<Option<Profile<'_>>, StoreError> {
        match key {
            ProfileKey::Text("fails") => Err("the connection is closed".into()),
            ProfileKey::Text("broken") => Ok(Some(Profile::json("{\"id\": "))),
            ProfileKey::Text("bytes") => Ok(Some(Profile::json_bytes(b"\xff\xfe".as_slice()))),
            ProfileKey::Text("number") => Ok(Some(Profile::json("7"))),
            _ => Ok(Some(Profile::json(r#"{"id": "m", "tier": "tin", "place": {}}"#))),
        }
    }
}

#[test]
fn what_a_store_does_wrong_rejects_the_record() {
    let policy = policy().with_profiles(Arc::new(Failing));
    let told = |key: &str| {
        let request = json!({ "id": "r", "order": { "id": "o", "merchant_id": key } });
        let rejection = policy.decide_json(request.to_string()).unwrap_err();
        let told = |error: &rulebook_core::facts::InputError| {
            format!("{} {} {}", error.path, error.code, error.message)
        };
        rejection.errors.iter().map(told).collect::<Vec<_>>().join("\n")
    };
    let profile = |key| format!("profile of `Merchant` with the key \"{key}\"");
    let fails = format!(
        "merchant failed-profile the {} cannot be had: the connection is closed",
        profile("fails")
    );
    assert_eq!(told("fails"), fails);
    assert!(told("broken").starts_with("merchant bad-json this is not JSON: EOF while parsing"));
    assert!(told("broken").ends_with(&format!("(in the {})", profile("broken"))));
    assert!(told("bytes").starts_with("merchant bad-encoding byte 1 of the record is no UTF-8"));
    assert!(told("number").starts_with("merchant wrong-type expected a `Merchant` record"));
    let other = told("other");
    let lines: Vec<_> = other.lines().collect();
    assert_eq!(lines.len(), 2, "{other}");
    assert!(lines[0].starts_with("merchant.tier unknown-member "), "{other}");
    assert!(lines[1].starts_with("merchant.place.city missing-field "), "{other}");
    assert!(lines.iter().all(|line| line.ends_with(&format!("(in the {})", profile("other")))));
}

// ---- what holds for a time ------------------------------------------------------------------

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// A record is joined with the profile that plain code finds for its day; what overlaps is refused.
    #[test]
    fn what_held_on_the_day_is_joined(
        held in prop::collection::vec((0..2_u8, 1..28_i8, prop::option::of(1..28_i8)), 1..6),
        days in prop::collection::vec(1..28_i8, 8),
        ends in any::<bool>(),
    ) {
        let until = if ends { " until ended" } else { "" };
        let text = format!(
            "record Shop valid from since{until} {{ id: text  name: text  since: date  ended: date? }}
             record Order {{ shop_id: text  shop: Shop? by shop_id  at: date }}
             policy p for Order dated by at {{ decide shop: text by all
               rule known {{ when shop is present then shop.name }} }}"
        );
        let text = text.replace("decide shop", "decide found");
        let book = Rulebook::from_sources([("a.policy", text)]).unwrap();
        let mut profiles = Profiles::new(&book);
        let mut kept: Vec<(u8, i8, Option<i8>, String)> = Vec::new();
        for (at, (key, from, until)) in held.into_iter().enumerate() {
            let day = |day: i8| format!("2024-05-{day:02}");
            let name = format!("n{at}");
            let shop = json!({
                "id": format!("s{key}"), "name": name, "since": day(from), "ended": until.map(day),
            });
            let until = until.filter(|_| ends);
            let never = until.is_some_and(|until| until <= from);
            let meets = |other: &&(u8, i8, Option<i8>, String)| {
                let (other_key, other_from, other_until, _) = other;
                let both = from.max(*other_from);
                let open = |until: Option<i8>| until.is_none_or(|until| both < until);
                *other_key == key
                    && (if ends { open(until) && open(*other_until) } else { from == *other_from })
            };
            let clashes = kept.iter().find(meets).is_some();
            let taken = profiles.insert("Shop", &shop);
            prop_assert_eq!(taken.is_ok(), !never && !clashes, "{:?}", taken);
            if never {
                // It cannot be told when it holds, so that its key is of no use.
                return Ok(());
            }
            if !clashes {
                kept.push((key, from, until, name));
            }
        }
        let policy = book.policy("p").unwrap().with_profiles(Arc::new(profiles));
        for (at, day) in days.into_iter().enumerate() {
            let key = u8::try_from(at % 2).unwrap();
            let holds = |(other, from, until, _): &&(u8, i8, Option<i8>, String)| {
                *other == key && *from <= day && until.is_none_or(|until| day < until)
            };
            let expected = kept.iter().filter(holds).max_by_key(|(_, from, ..)| *from);
            let expected: Vec<_> = expected.map(|(.., name)| name.clone()).into_iter().collect();
            let order = json!({ "at": format!("2024-05-{day:02}"), "shop_id": format!("s{key}") });
            let decision = policy.decide(&order).unwrap();
            let decision = serde_json::to_value(&decision).unwrap();
            prop_assert_eq!(&decision["decisions"]["found"], &json!(expected));
        }
    }
}

/// Answers as of a time, but for one key for which it says what held at another one.
struct Dated;

impl ProfileStore for Dated {
    fn profile(&self, _: &str, _: ProfileKey<'_>) -> Result<Option<Profile<'_>>, StoreError> {
        Err("asked without a time".into())
    }

    fn profile_as_of(
        &self,
        _: &str,
        key: ProfileKey<'_>,
        time: rulebook::value::Time,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        let since = if key == ProfileKey::Text("late") { "2030-01-01" } else { "2020-01-01" };
        let name = time.to_string();
        Ok(Some(Profile::json(
            json!({ "id": key.to_string(), "name": name, "since": since }).to_string(),
        )))
    }
}

#[test]
fn stores_are_asked_for_what_held() {
    let book = Rulebook::from_sources([(
        "a.policy",
        "record Shop valid from since { id: text  name: text  since: date }
         record Order { shop_id: text  shop: Shop by shop_id  at: date }
         policy p for Order dated by at { decide found: text by all rule known { when shop.id != \"\" then shop.name } }",
    )])
    .unwrap();
    let policy = book.policy("p").unwrap().replaying();
    let order = |key: &str| json!({ "shop_id": key, "at": "2024-05-01" });
    let decided = decided(&policy.with_profiles(Arc::new(Dated)), &order("s"));
    assert_eq!(decided["decisions"]["found"], json!(["2024-05-01T00:00:00Z"]));
    let why = |store: Arc<dyn ProfileStore>, key: &str| {
        let rejection = policy.with_profiles(store).decide(&order(key)).unwrap_err();
        format!("{} {}", rejection.errors[0].code, rejection.errors[0].message)
    };
    let profile = "failed-profile the profile of `Shop` with the key";
    let then = "as of 2024-05-01T00:00:00+00:00 cannot be had: the store";
    assert_eq!(
        why(Arc::new(Dated), "late"),
        format!("{profile} \"late\" {then} gave one that did not hold then")
    );
    assert_eq!(
        why(Arc::new(Failing), "s"),
        format!(
            "{profile} \"s\" {then} does not say what held when (`ProfileStore::profile_as_of`)"
        )
    );
}
