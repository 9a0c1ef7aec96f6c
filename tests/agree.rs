//! The engine and a naive evaluator of the same policies must agree, on random rulebooks and random
//! records.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use crate::{generate, reference};

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rulebook::{Decision, Files, Options, Policy, Rulebook, Verdict as Given};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_core::eval::{Applied, State};
use rulebook_core::program::RuleId;
use rulebook_lang::combiner::{COMBINERS, Combiner};
use rulebook_lang::function::{self, COMPREHENSIONS};
use rulebook_lang::model::{Time, Type, Value};
use rulebook_lang::operator::{OPERATORS, PREFIXES};

use generate::{Book, Choices, MADE};
use reference::{Reference, Report, Verdict};

/// A value of the engine as the reference shows it.
fn shown(value: &Value<'_>, ty: &Type) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Duration(duration) => format!("{} ns", duration.as_nanos()),
        Value::Member(position) => match ty.required() {
            Type::Enum(members) => format!("\"{}\"", members.member(*position).unwrap()),
            _ => panic!("a member of {ty}"),
        },
        Value::Missing => "missing".into(),
        Value::List(list) => {
            let Type::List(element) = ty.required() else { panic!("a list of {ty}") };
            let items: Vec<_> = list.iter().map(|item| shown(&item.rounded(), element)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Record(record) => {
            let Type::Record(declared) = ty.required() else { panic!("a record of {ty}") };
            let fields = declared.fields().map(|(slot, name, ty)| {
                (name.to_string(), shown(&record.get(slot, ty).rounded(), ty))
            });
            let fields: BTreeMap<_, _> = fields.collect();
            let fields: Vec<_> =
                fields.iter().map(|(name, text)| format!("{name}: {text}")).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn verdict(given: Given<'_>, is_set: bool, code: Option<String>) -> Verdict {
    match given {
        Given::Undecided => Verdict::Undecided,
        Given::Fault => Verdict::Fault(code.unwrap()),
        Given::Value(value, ty) => Verdict::Values(vec![shown(&value, ty)]),
        Given::Values(values, ty) => {
            let lines = values.iter().map(|value| shown(value, ty)).collect();
            Verdict::Values(if is_set { reference::as_set(lines) } else { lines })
        }
        other => panic!("the reference does not know {other:?}"),
    }
}

fn names<'d>(rules: impl Iterator<Item = Applied<'d>>) -> BTreeSet<String> {
    rules.map(|rule| rule.name().to_string()).collect()
}

/// What a policy of the engine says, in the form of the reference.
fn report(policy: &Policy, decision: &Decision) -> Report {
    let compiled = policy.compiled();
    let faults: BTreeSet<(String, String)> = decision
        .faults()
        .iter()
        .map(|fault| {
            let owner = match (fault.rule, fault.decision) {
                (Some(rule), _) => format!("rule {rule}"),
                (_, Some(decision)) => format!("decision {decision}"),
                _ => "nobody".into(),
            };
            (owner, fault.code.to_string())
        })
        .collect();
    let verdicts = decision.verdicts().map(|(name, given)| {
        let owner = format!("decision {name}");
        let code =
            faults.iter().find(|(faulted, _)| *faulted == owner).map(|(_, code)| code.clone());
        let decided = &compiled.decisions[compiled.decision(name).unwrap()];
        let is_set = decided.combiner == Combiner::Union;
        (name.to_string(), verdict(given, is_set, code))
    });
    let verdicts: BTreeMap<_, _> = verdicts.collect();
    let fired: BTreeSet<_> = decision.fired_rules().collect();
    let broken: BTreeSet<_> = decision.judgement().broken.iter().map(|(rule, _)| *rule).collect();
    let states = compiled.rules.iter().enumerate().map(|(at, rule)| {
        let id = RuleId::at(at);
        let state = decision.state(id);
        // What the index found is what looking at every rule finds.
        assert_eq!(fired.contains(&id), state == State::Fired, "{}", rule.name);
        assert_eq!(broken.contains(&id), matches!(state, State::Faulted(_)), "{}", rule.name);
        let state = match state {
            State::NotInForce => "not in force",
            State::NotCovered => "uncovered",
            State::Unmet => "unmet",
            State::Excepted => "excepted",
            State::Fired => "fired",
            State::Faulted(_) => "fault",
        };
        (rule.name.clone(), state.to_string())
    });
    let states: BTreeMap<_, _> = states.collect();
    let certain = states.values().all(|state| state != "fault");
    let lists = certain.then(|| reference::Lists {
        by: names(decision.rules()),
        overridden: decision.overridden().map(|pair| pair.rule.name().to_string()).collect(),
        shadow: names(decision.shadow()),
        warn: names(decision.warnings()),
        obligations: decision
            .obligations()
            .iter()
            .map(|duty| (duty.rule.to_string(), duty.name.to_string(), duty.due))
            .collect(),
    });
    Report { verdicts, states, faults, lists }
}

/// The rulebook, unless a calculation in it has no value whatever the record, which is refused at load.
fn load(book: &Book) -> Option<Rulebook> {
    let files = [("rulebook.yaml", book.settings()), ("a.policy", book.short.clone())];
    let inspection = Rulebook::inspect(&Files::from_texts(files), &Options::new());
    let mut errors = inspection.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let has_no_value = |error: &Diagnostic| {
        error.code == Code::NoValue
            || error.code == Code::BadLiteral && error.message.contains("has no value")
    };
    if errors.all(has_no_value) {
        return inspection.rulebook;
    }
    match inspection.into_rulebook() {
        Ok(_) => None,
        Err(error) => panic!("a well-typed rulebook is refused: {error}\n{}", book.short),
    }
}

const NOW: &[&str] = &["2024-03-05T03:00:00Z", "2024-03-02T00:00:00Z", "2024-03-05T12:00:00Z"];

/// Numbers that choices are taken from. The failure itself tells what became of them.
struct Row(Vec<u32>);

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} numbers", self.0.len())
    }
}

fn row(length: std::ops::Range<usize>) -> impl Strategy<Value = Row> {
    prop::collection::vec(any::<u32>(), length).prop_map(Row)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_reference_agree(
        book in row(40..1200),
        records in prop::collection::vec(row(0..120), 4),
    ) {
        let book = Book::random(&mut Choices::new(&book.0));
        let Some(rulebook) = load(&book) else { return Ok(()) };
        let reference = Reference::new(&book.full, book.zone);
        for row in &records {
            let mut choices = Choices::new(&row.0);
            let record = book.record(&mut choices);
            let now: Time = choices.one_of(NOW).parse().unwrap();
            let as_of = choices.once_in(2);
            let policy = rulebook.policy("p").unwrap();
            let policy = if as_of { policy.replaying_as_of(now) } else { policy.at(now) };
            let decision = match policy.decide_json(record.to_string()) {
                Ok(decision) => decision,
                Err(rejection) => panic!("{rejection}\n{record:#}\n{}", book.short),
            };
            let expected = match as_of {
                true => reference.judge_as_of("p", &record, now),
                false => reference.judge("p", &record, now),
            };
            let found = report(&policy, &decision);
            prop_assert!(
                found == expected,
                "engine: {found:#?}\nreference: {expected:#?}\n{} {now}\n{record:#}\n{}",
                if as_of { "as of" } else { "at" },
                book.short
            );
            let Ok(policy) = rulebook.policy("l") else { continue };
            let policy = if as_of { policy.replaying_as_of(now) } else { policy.at(now) };
            let decisions = policy.decide_each_json(record.to_string()).unwrap();
            let found: Vec<_> = decisions.iter().map(|decision| report(&policy, decision)).collect();
            let expected = reference.judge_each("l", &record, now, as_of);
            prop_assert!(
                found == expected,
                "engine: {found:#?}\nreference: {expected:#?}\n{} {now}\n{record:#}\n{}",
                if as_of { "as of" } else { "at" },
                book.short
            );
        }
    }
}

/// Demands that both sides agree on a policy and a record of its own.
fn both_agree(text: &str, record: &str) -> Report {
    let book = Rulebook::from_sources([("a.policy", text)]).unwrap_or_else(|e| panic!("{e}"));
    let now: Time = NOW[0].parse().unwrap();
    let policy = book.policy("p").unwrap().at(now);
    let decision = policy.decide_json(record).unwrap();
    let found = report(&policy, &decision);
    let record = serde_json::from_str(record).unwrap();
    let expected = Reference::new(text, "UTC").judge("p", &record, now);
    assert_eq!(found, expected, "{text}");
    found
}

fn is_fault(report: &Report, decision: &str) -> bool {
    matches!(report.verdicts[decision], Verdict::Fault(_))
}

#[test]
fn a_fault_beside_rules_that_did_not_fire_leaves_what_others_decide() {
    let text = "record R { id: text, a: number }
policy p for R {
  decide notes: text by union
  decide early: bool by first otherwise false
  decide late: bool by first otherwise false
  rule unmet { when a * a > 100 then notes = \"large\" }
  rule always { then notes = \"seen\", late = early }
  rule faulty { when 1 / (a - a) > 3 then early = true }
}
";
    let report = both_agree(text, r#"{"id": "r", "a": 3}"#);
    assert_eq!(report.verdicts["notes"], Verdict::Values(vec!["\"seen\"".into()]));
    assert_eq!(report.verdicts["early"], Verdict::Fault("uncertain".into()));
}

#[test]
fn an_argument_may_hold_a_comprehension() {
    // The argument is worked out within the function's own comprehension.
    let text = r"
record R { ys: list of number }
fn any_above(n: number) -> bool = any(x in [1, 2, 9]: n < x and x > 8)
fn sum_above(n: number) -> number = sum(x in [1, 2, 9] where x > n: x)
policy p for R {
  decide any: bool by first otherwise false
  decide sum: number by first otherwise -1
  rule r0 {
    when any_above(count(y in ys where y > 1))
    then any = true, sum = sum_above(count(y in ys where y > 1))
  }
}";
    let report = both_agree(text, r#"{"ys": [1, 2, 3]}"#);
    assert_eq!(report.verdicts["any"], Verdict::Values(vec!["true".into()]));
    assert_eq!(report.verdicts["sum"], Verdict::Values(vec!["9".into()]));
}

#[test]
fn a_fault_that_changes_nothing_leaves_the_decision() {
    // Whether or not the first rule fires and overrides the second, the value is the same.
    let text = r"
record R { n: number }
policy p for R {
  decide a: number by first
  decide b: bool by union otherwise [true]
  rule r0 { when 1 / n > 0 overrides r1 then a = 5, b = true }
  rule r1 { then a = 5, b = true }
  rule r2 { when 1 / n > 0 then b = true }
}";
    let report = both_agree(text, r#"{"n": 0}"#);
    assert!(!is_fault(&report, "a") && !is_fault(&report, "b"));
}

#[test]
fn two_faulted_rules_may_both_fire_where_only_one_may() {
    let text = r"
record R { n: number }
policy p for R {
  decide a: number by only otherwise 5
  rule r0 { when 1 / n > 0 then a = 5 }
  rule r1 { when 2 / n > 0 then a = 5 }
}";
    assert!(is_fault(&both_agree(text, r#"{"n": 0}"#), "a"));
}

#[test]
fn a_faulted_rule_has_the_fault_of_its_condition_only() {
    let text = r"
record R { n: number x: number? }
policy p for R {
  decide a: number by first otherwise 0
  rule r0 { when 1 / n > 3 and x is present then a = x + 1 }
}";
    let report = both_agree(text, r#"{"n": 0}"#);
    let faults: Vec<_> = report.faults.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(faults, ["uncertain", "division-by-zero"]);
}

#[test]
fn an_otherwise_without_a_value_is_told_beside_on_fault() {
    let text = r"
record R { n: number }
policy p for R {
  decide a: number by first otherwise 1 / n
  rule r0 { when n > 3 then a = 2 }
  on fault a = 7
}";
    let report = both_agree(text, r#"{"n": 0}"#);
    assert_eq!(report.verdicts["a"], Verdict::Values(vec!["7".into()]));
    assert_eq!(report.faults.len(), 1);
}

#[test]
fn dates_beyond_the_calendar_are_faults() {
    let text = r"
record R { day: date at: time }
parameter days: duration = 99999999 days
parameter months: period = 9999999 months
policy p for R {
  decide a: date by first
  decide b: time by first
  rule r0 { then a = day + days }
  rule r1 { then a = day + months }
  rule r2 { then b = at + months }
  rule r3 { then b = at - days }
}";
    let report = both_agree(text, r#"{"day": "2024-01-01", "at": "2024-01-01"}"#);
    let codes: Vec<_> = report.faults.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "out-of-calendar").count(), 4, "{codes:?}");
}

#[test]
fn prefixes_bind_each_by_its_own() {
    let text = r"
record R { n: number }
policy p for R {
  decide a: bool by first
  rule r0 { then a = not -n >= 2 }
}";
    let report = both_agree(text, r#"{"n": -3}"#);
    assert_eq!(report.verdicts["a"], Verdict::Values(vec!["false".into()]));
}

#[test]
fn a_date_stands_beside_a_chosen_time() {
    let text = r"
record R { day: date at: time early: bool }
policy p for R {
  decide a: bool by first
  rule r0 {
    then a = day <= (if early then at - 2 days else at) and day in at - 1 day ..= (if early then at else now)
  }
}";
    let report =
        both_agree(text, r#"{"day": "2024-01-01", "at": "2024-01-01T10:00:00Z", "early": true}"#);
    assert_eq!(report.verdicts["a"], Verdict::Values(vec!["false".into()]));
}

#[test]
fn lists_take_calculations_of_constants() {
    let text = r"
record R { n: number }
policy p for R {
  decide a: number by all otherwise [-1, 2 * 3]
  rule r0 { when sum(x in [-1, 2]: x) > n then a = 1 }
}";
    let report = both_agree(text, r#"{"n": 5}"#);
    assert_eq!(report.verdicts["a"], Verdict::Values(vec!["-1".into(), "6".into()]));
}

#[test]
fn a_field_may_be_named_like_a_unit() {
    let text = r"
record R {
  n: number = 3
  day: date
  fee: CNY = 2 CNY
  hours: number = 2
  month: number
}
policy p for R {
  decide a: number by first
  rule r0 { then a = n + hours + month }
}";
    let report = both_agree(text, r#"{"day": "2024-01-01", "month": 4}"#);
    assert_eq!(report.verdicts["a"], Verdict::Values(vec!["9".into()]));
}

#[test]
fn records_are_chosen_as_values_are() {
    for (choice, n) in [("a ?? b", "4"), ("if n > 1 then b else a ?? b", "7")] {
        let text = format!(
            "record S {{ n: number }}
record R {{ n: number a: S? b: S }}
fn f(s: S) -> number = s.n + 1
policy p for R {{
  decide d: number by first
  rule r0 {{ then f({choice}) }}
}}"
        );
        let report = both_agree(&text, r#"{"n": 2, "a": {"n": 3}, "b": {"n": 6}}"#);
        assert_eq!(report.verdicts["d"], Verdict::Values(vec![n.into()]), "{choice}");
    }
}

#[test]
fn an_argument_may_ask_what_a_list_holds() {
    let text = r"
record R { n: number xs: list of number }
fn turned(a: bool) -> bool = not a
policy p for R {
  decide d: bool by first
  rule r0 { when turned(n in xs) and turned(n in [4, 5] and n > 4) then true }
}";
    let report = both_agree(text, r#"{"n": 4, "xs": [5]}"#);
    assert_eq!(report.verdicts["d"], Verdict::Values(vec!["true".into()]));
}

#[test]
fn a_record_is_handed_on_from_function_to_function() {
    let text = r"
record Deep { x: number n: number }
record Shop { id: text deep: Deep? }
record R { shops: list of Shop own: Shop }
fn n_of(d: Deep) -> number = d.n
fn of_shop(s: Shop) -> number = if s.deep is present then n_of(s.deep) else 0
policy p for R {
  decide d: number by total
  rule r0 { then sum(s in shops: of_shop(s)) + of_shop(own) }
}";
    let report = both_agree(
        text,
        r#"{"shops": [{"id": "a", "deep": {"x": 1, "n": 5}}, {"id": "b"}], "own": {"id": "c", "deep": {"x": 9, "n": 7}}}"#,
    );
    assert_eq!(report.verdicts["d"], Verdict::Values(vec!["12".into()]));
}

#[test]
fn tables_give_lists() {
    let text = r"
record R { n: number }
table odd by all {
  | x: number || is: number |
  | >= 1      || 1          |
  | not 2     || 3          |
  | 1 ..= 3   || 1          |
}
table once by union {
  | x: number || is: number |
  | >= 1      || 1          |
  | not 2     || 3          |
  | 1 ..= 3   || 1          |
}
policy p for R {
  decide d: number by all
  rule r0 { then sum(x in odd(n): x) * 10 + len(once(n)) }
  rule r1 { when 3 in odd(n) then sum(x in odd(n) where x in once(x): x) }
}";
    for (n, values) in [("1", ["52", "5"].as_slice()), ("2", &["21"]), ("0", &["31", "3"])] {
        let report = both_agree(text, &format!(r#"{{"n": {n}}}"#));
        let values = values.iter().map(ToString::to_string).collect();
        assert_eq!(report.verdicts["d"], Verdict::Values(values));
    }
}

#[test]
fn what_is_in_and_what_is_not_are_told_apart() {
    let text = r"
record R { n: number m: number }
policy p for R {
  decide d: bool by all
  rule r0 { then n in [m, 1] }
  rule r1 { then n not in [m, 1] }
  rule r2 { then n in m ..< 9 }
  rule r3 { then n not in m ..< 9 }
  rule r4 { then n in m ..= 9 }
}";
    let report = both_agree(text, r#"{"n": 9, "m": 2}"#);
    let lines = ["false", "true", "false", "true", "true"].map(str::to_string);
    assert_eq!(report.verdicts["d"], Verdict::Values(lines.to_vec()));
}

// ---- nothing of the language is left out ------------------------------------------------------

/// The texts of many random rulebooks, the same in every run.
fn many_books() -> String {
    let mut state = 1_u32;
    let mut next = || {
        // The generator of Numerical Recipes; its upper bits are the better ones.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let books = (0..600).map(|_| {
        let row: Vec<_> = (0..1200).map(|_| next()).collect();
        Book::random(&mut Choices::new(&row)).full
    });
    books.collect()
}

/// Demands that everything of a table is drawn: each name with a pattern for how it is written.
/// `never` are those that cannot be, with the reason.
fn all_drawn(
    what: &str,
    books: &str,
    all: impl Iterator<Item = (&'static str, String)>,
    never: &[(&str, &str)],
) {
    let is_drawn = |pattern: &str| regex::Regex::new(pattern).unwrap().is_match(books);
    for (name, pattern) in all {
        let excused = never.iter().any(|(excused, _)| *excused == name);
        assert_ne!(
            is_drawn(&pattern),
            excused,
            "the {what} `{name}`: tests/generate must draw it, or tests/agree.rs say why it cannot"
        );
    }
}

#[test]
fn everything_in_the_tables_is_drawn() {
    let books = many_books();
    let quoted = |name: &str| regex::escape(name);
    let operators = OPERATORS
        .iter()
        .map(|operator| (operator.symbol, format!(" {} ", quoted(operator.symbol))));
    all_drawn("operator", &books, operators, &[]);
    let prefixes =
        PREFIXES.iter().map(|prefix| (prefix.symbol, format!(r"\({} ?[(a-z]", prefix.symbol)));
    all_drawn("prefix", &books, prefixes, &[]);
    let functions = function::all()
        .map(|function| (function.name, format!(r"\b{}\((?:[^v]|v\d+[^ \d])", function.name)));
    all_drawn("function", &books, functions, &[]);
    let forms = COMPREHENSIONS.iter().map(|(name, ..)| (*name, format!(r"\b{name}\(v\d+ in ")));
    all_drawn("form", &books, forms, &[]);
    all_drawn("value", &books, MADE.iter().map(|(name, form)| (*name, form.to_string())), &[]);
    let combiners =
        COMBINERS.iter().map(|combiner| (combiner.name, format!(r"\bby {}\b", combiner.name)));
    all_drawn("combiner", &books, combiners, &[]);
}

#[test]
fn everything_in_the_tables_is_judged_by_the_reference() {
    let operators = OPERATORS.iter().map(|operator| operator.example);
    let prefixes = PREFIXES.iter().map(|prefix| prefix.example);
    let functions = function::all().map(|function| function.example);
    let forms = COMPREHENSIONS.iter().map(|(.., example)| *example);
    let each = [function::EACH.2];
    for example in operators.chain(prefixes).chain(functions).chain(forms).chain(each) {
        let text = format!(
            "calendar us {{ weekend saturday, sunday holidays = [2024-12-25] }}
record R {{ id: text }}
policy p for R {{
  decide holds: bool by first otherwise false
  rule r {{ when {example} then true }}
}}"
        );
        let report = both_agree(&text, r#"{"id": "x"}"#);
        assert_eq!(report.verdicts["holds"], Verdict::Values(vec!["true".into()]), "{example}");
    }
    for row in COMBINERS {
        let (ty, first) = match row.combiner {
            Combiner::Strictest => ("low < high", "low"),
            _ => ("number", "1"),
        };
        let text = format!(
            "record R {{ id: text }}
policy p for R {{
  decide value: {ty} by {}
  rule r0 {{ then {first} }}
  rule r1 {{ when id == \"x\" then {first} }}
}}",
            row.name
        );
        both_agree(&text, r#"{"id": "x"}"#);
    }
}
