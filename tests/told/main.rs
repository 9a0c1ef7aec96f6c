//! What an explanation tells of another decision holds: the change is read back from the text as it is
//! printed in each language, and from JSON, put into the record, and judged again.

mod read_back;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use rulebook::explain::{Changeable, DecisionExplanation, Flip, explain_with};
use rulebook::history::MemoryHistory;
use rulebook::{Files, Options, Policy, Rulebook};
use rulebook_core::program::{FieldKind, Layout};
use rulebook_lang::figures::{Filling, phrases};
use rulebook_lang::model::{Json, Time, Type, Zone};
use serde_json::{Value, json};

use crate::generate::{Book, Choices};
use read_back::{LANGUAGES, Language};

/// The texts of the records and policies at hand, and some of nobody.
const TEXTS: &[&str] = &["", "boots", "Shop", "food/fresh", "退货", "x y", "0"];

/// How many changes were told, by type.
type Told = BTreeMap<String, u64>;

/// A record and the policy that judges it.
struct Case<'c> {
    policy: &'c Policy,
    zone: &'c Zone,
    sources: &'c rulebook_base::source::Sources,
    record: &'c Value,
    texts: &'c [String],
    changeable: Changeable,
}

impl Case<'_> {
    /// Tries all that is told of the record in each language.
    fn hold(&self, told: &mut Told) {
        for language in LANGUAGES {
            let decision =
                self.policy.in_language(language.tag).decide_json(self.record.to_string());
            let Ok(decision) = decision else { return };
            let explanation = explain_with(&decision, self.sources, self.changeable);
            let text = explanation.to_text();
            let data = Json::of(&explanation).unwrap();
            let Some(Json::Array(data)) = data.get("decisions") else { panic!("{data}") };
            for (decided, data) in explanation.decisions.iter().zip(data) {
                let given = self.decided(self.record, &decided.decision);
                assert_eq!(data.get("value"), Some(&given), "{text}");
                if let Some(flip) = &decided.flips {
                    let parts =
                        ["from", "to", "decides"].map(|part| data.get("flips").unwrap().get(part));
                    let values =
                        [&flip.from, &flip.to, &flip.decides].map(|value| Some(&value.json));
                    assert_eq!(parts, values, "{text}");
                    self.holds(language, (decided, flip), &text, told);
                }
            }
        }
    }

    fn holds(
        &self,
        language: &Language,
        (decided, flip): (&DecisionExplanation, &Flip),
        text: &str,
        told: &mut Told,
    ) {
        let policy = self.policy.compiled();
        // Counters count what this record is not.
        let Some(ty) = type_of(&policy.layout, &flip.path) else { return };
        let values: &Filling<'_> = &[
            ("decides", &flip.decides),
            ("path", &flip.path),
            ("to", &flip.to),
            ("from", &flip.from),
        ];
        let line = phrases::WOULD_BE.fill(language.tag, values);
        assert!(text.contains(&line), "{line}\n{text}");
        assert!(!line.contains("\\u{"), "{text}");
        let clue = format!("{line}\n{text}\n{:#}\n{}", self.record, self.policy.name());
        *told.entry(ty.name().to_string()).or_default() += 1;

        let from = language.read(&flip.from.text, &ty, self.zone);
        let is_missing = flip.from.json == Json::Null;
        assert_eq!(from.as_ref().map(Value::is_null), Some(is_missing), "{clue}");
        let try_with = |value: &Value| {
            let record = put(self.record, &policy.layout, &flip.path, value);
            let given = self.decided(&record, &decided.decision);
            assert_eq!(given, flip.decides.json, "with {value}: {clue}");
            let again =
                self.policy.in_language(language.tag).decide_json(record.to_string()).unwrap();
            let verdict = again.verdict(&decided.decision).unwrap();
            assert_eq!(again.told(&verdict), flip.decides.text, "with {value}: {clue}");
        };
        try_with(&exact(&flip.to.json));
        if flip.any_other {
            let texts = self.texts.iter().map(String::as_str).chain(TEXTS.iter().copied());
            let is_other = |text: &&str| Some(*text) != flip.from.json.as_str();
            let fit = |text: &&str| ty.read(text, self.zone).is_some() && is_other(text);
            texts.filter(fit).for_each(|text| try_with(&json!(text)));
        } else {
            let read = language.read(&flip.to.text, &ty, self.zone);
            try_with(&read.unwrap_or_else(|| panic!("{clue}")));
        }
        if let Type::Money(currency) = &ty
            && let Some(amount) = flip.to.json.get("amount").and_then(Json::as_str)
        {
            let digits = amount.split_once('.').map_or(0, |(_, digits)| digits.len());
            assert_eq!(digits, currency.minor_digits() as usize, "{clue}");
        }
    }

    fn decided(&self, record: &Value, name: &str) -> Json {
        let decision = self.policy.decide_json(record.to_string());
        let decision = decision.unwrap_or_else(|rejection| panic!("{rejection}\n{record:#}"));
        Json::of(&decision).unwrap().get("decisions").unwrap().get(name).unwrap().clone()
    }
}

/// A value for a record; numbers with all their digits, which floats do not have.
fn exact(json: &Json) -> Value {
    match json {
        Json::Number(digits) => json!(digits),
        json => serde_json::from_str(&json.to_string()).unwrap(),
    }
}

/// The type of the field with a path.
fn type_of(layout: &Layout, path: &str) -> Option<Type> {
    let mut found = None;
    layout.walk("", &mut |walked, field| {
        // The data has it in another form where the field says so.
        if let (true, FieldKind::Scalar(ty)) = (walked == path, &field.kind) {
            found = Some(ty.required().clone());
        }
    });
    found
}

/// The record with another value of a field, whatever the record calls it.
fn put(record: &Value, layout: &Layout, path: &str, value: &Value) -> Value {
    let (first, rest) =
        path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let (position, field) = layout.field(first).unwrap_or_else(|| panic!("{path} in {record}"));
    let mut record = match record {
        Value::Object(record) => record.clone(),
        // An amount with its currency in one text.
        written => {
            let (amount, currency) = written.as_str().unwrap().rsplit_once(' ').unwrap();
            json!({"amount": amount, "currency": currency}).as_object().unwrap().clone()
        }
    };
    let mut names =
        record.keys().filter(|name| layout.field(name).map(|(at, _)| at) == Some(position));
    let name = names.next_back().cloned().unwrap_or_else(|| first.to_string());
    let value = match (rest, &field.kind) {
        (Some(rest), FieldKind::Record(inner)) => put(&record[&name], inner, rest, value),
        _ => value.clone(),
    };
    record.insert(name, value);
    Value::Object(record)
}

/// What stands in quotes in a policy.
fn quoted(policy: &str) -> Vec<String> {
    policy.split('"').skip(1).step_by(2).map(String::from).collect()
}

const NOW: &[&str] = &["2024-03-05T03:00:01.5Z", "2024-03-02T00:00:30Z"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_of_random_records_holds(
        book in prop::collection::vec(any::<u32>(), 40..1200),
        records in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..120), 3),
    ) {
        let book = Book::random(&mut Choices::new(&book));
        let files = [("rulebook.yaml", book.settings()), ("a.policy", book.short.clone())];
        let Ok(loaded) = Rulebook::inspect(&Files::from_texts(files), &Options::new()).into_rulebook()
        else {
            return Ok(());
        };
        let texts = quoted(&book.short);
        for row in &records {
            let mut choices = Choices::new(row);
            let record = book.record(&mut choices);
            let now: Time = choices.one_of(NOW).parse().unwrap();
            let policy = loaded.policy("p").unwrap();
            let policy = match choices.below(3) {
                0 => policy.replaying_as_of(now),
                1 if policy.compiled().dated.is_some() => policy.replaying(),
                _ => policy.at(now),
            };
            let case = Case {
                policy: &policy,
                zone: &loaded.settings().zone,
                sources: loaded.sources(),
                record: &record,
                texts: &texts,
                changeable: if choices.once_in(2) { Changeable::Any } else { Changeable::Free },
            };
            case.hold(&mut Told::new());
        }
    }
}

/// The records that come with the rulebooks in this repository.
#[test]
fn what_is_told_of_shipped_records_holds() {
    let mut told = Told::new();
    for folder in
        ["alipay", "douyin", "jd", "marketplace", "payments", "pinduoduo", "taobao", "wechat"]
    {
        let loaded = Rulebook::load(format!("policies/{folder}")).unwrap();
        let texts: Vec<_> =
            loaded.sources().iter().flat_map(|(_, file)| quoted(&file.text)).collect();
        for name in loaded.policies() {
            let data = std::fs::read_to_string(format!("policies/{folder}/data/{name}.jsonl"));
            let Ok(data) = data else { continue };
            let policy = loaded.policy(name).unwrap().replaying();
            let policy = policy.with_history(Arc::new(MemoryHistory::new()));
            for line in data.lines().step_by(data.lines().count() / 20 + 1) {
                let case = Case {
                    policy: &policy,
                    zone: &loaded.settings().zone,
                    sources: loaded.sources(),
                    record: &serde_json::from_str(line).unwrap(),
                    texts: &texts,
                    changeable: Changeable::Free,
                };
                case.hold(&mut told);
            }
        }
    }
    let most = ["bool", "number", "time", ""];
    assert!(most.iter().all(|ty| told.get(*ty).is_some_and(|count| *count > 20)), "{told:?}");
}
