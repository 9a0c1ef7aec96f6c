//! What the search for broken invariants says is so: what it proves holds on every record of a small
//! world, and what it calls broken is.

use proptest::prelude::*;
use rulebook::{Options, Rulebook};
use rulebook_core::analyse::{self, Finding, IN_DEPTH, Verdict};

/// A rulebook whose claims are taken as they stand: broken ones too.
fn unsearched(policies: &str) -> Rulebook {
    let texts = [("p.policy", policies), ("rulebook.yaml", "name: r\nzone: UTC")];
    let rulebook = Rulebook::from_sources_with(texts, &Options::new().unsearched());
    rulebook.unwrap_or_else(|error| panic!("{error}"))
}

/// What the search for the claims of a rulebook comes to.
fn findings(rulebook: &Rulebook) -> Vec<Finding> {
    analyse::findings(rulebook.program(), IN_DEPTH).0
}

/// A condition over the fields of the small world, all of whose constants are whole.
fn condition() -> impl Strategy<Value = String> {
    let number = (prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]), 0..3_i32)
        .prop_map(|(sign, bound)| format!("n {sign} {bound}"));
    let optional = (prop::sample::select(vec!["<", ">="]), 0..3_i32)
        .prop_map(|(sign, bound)| format!("(o ?? 1) {sign} {bound}"));
    let leaf = prop_oneof![
        number,
        optional,
        (0..3_i32, 0..3_i32).prop_map(|(low, high)| format!("n in {low} ..< {high}")),
        (0..3_i32).prop_map(|low| format!("(n > {low} and n < {})", low + 1)),
        Just("b".to_string()),
        Just("o is missing".to_string()),
        Just("k == one".to_string()),
        Just("k in [one, two]".to_string()),
        Just("t not in [\"x\", \"y\"]".to_string()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

fn outcome() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["mild", "firm", "hard"])
}

/// The rules of a policy: condition, exception, outcome, and which earlier rule is overridden.
fn rules() -> impl Strategy<Value = Vec<String>> {
    let rule =
        (condition(), prop::option::of(condition()), outcome(), prop::option::of(0..4_usize));
    prop::collection::vec(rule, 1..5).prop_map(|rules| {
        let mut texts = Vec::new();
        for (at, (when, unless, outcome, over)) in rules.into_iter().enumerate() {
            let unless = unless.map(|unless| format!(" unless {unless}")).unwrap_or_default();
            let over = over.filter(|over| *over < at);
            let over = over.map(|over| format!(" overrides r{over}")).unwrap_or_default();
            let date = if at % 2 == 0 { " from 2024-01-02" } else { "" };
            texts.push(format!("rule r{at} {{{date} when {when}{unless}{over} then {outcome} }}"));
        }
        texts
    })
}

/// Every kind of record, as JSON.
fn world() -> Vec<String> {
    let mut records = Vec::new();
    for n in [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0] {
        for o in ["null", "-1", "0", "0.5", "1", "1.5", "2", "2.5"] {
            for b in [true, false] {
                for k in ["one", "two", "three"] {
                    for t in ["x", "y", "z"] {
                        for at in ["2024-01-01", "2024-01-02"] {
                            records.push(format!(
                                r#"{{"n":{n},"o":{o},"b":{b},"k":"{k}","t":"{t}","at":"{at}"}}"#
                            ));
                        }
                    }
                }
            }
        }
    }
    records
}

proptest! {
    #![proptest_config(super::cases(24))]

    #[test]
    fn what_is_proved_holds_and_what_is_broken_does_not(
        rules in rules(),
        how in prop::sample::select(vec!["strictest", "first"]),
        when in condition(),
        never in outcome(),
    ) {
        let policy = format!(
            "record R {{ n: number o: number? b: bool k: one | two | three t: text at: date }}
             policy p for R dated by at {{
               decide d: mild < firm < hard by {how} otherwise mild
               {}
               invariant i {{ when {when} never d == {never} }} }}",
            rules.join("\n")
        );
        let rulebook = unsearched(&policy);
        let condition = format!(
            "record R {{ n: number o: number? b: bool k: one | two | three t: text at: date }}
             policy c for R dated by at {{ decide d: bool by first otherwise false
               rule r {{ when {when} then true }} }}"
        );
        let applies = Rulebook::from_sources([("c.policy", condition.as_str())]).unwrap();
        let mut decide = rulebook.policy("p").unwrap().replaying().evaluation();
        let mut applies = applies.policy("c").unwrap().replaying().evaluation();
        let mut breaks = |record: &str| {
            applies.decide_json(record).unwrap().truth("d") == Ok(true)
                && decide.decide_json(record).unwrap().outcome("d") == Ok(never)
        };
        let broken = world().iter().any(|record| breaks(record));
        let findings = findings(&rulebook);
        match &findings[0].verdict {
            Verdict::Proved => prop_assert!(!broken, "proved, and broken\n{policy}"),
            Verdict::Broken(records) => {
                let record = records[0].record.to_string();
                prop_assert!(breaks(&record), "{record} breaks nothing\n{policy}");
            }
            other => prop_assert!(false, "{other:?}\n{policy}"),
        }
    }

    #[test]
    fn what_does_not_matter_makes_no_difference(
        rules in rules(),
        field in prop::sample::select(vec!["n", "b", "t"]),
    ) {
        let policy = format!(
            "record R {{ n: number o: number? b: bool k: one | two | three t: text at: date }}
             policy p for R dated by at {{
               decide d: mild < firm < hard by strictest otherwise mild
               {}
               invariant i {{ d never depends on {field} }} }}",
            rules.join("\n")
        );
        let rulebook = unsearched(&policy);
        let mut decide = rulebook.policy("p").unwrap().replaying().evaluation();
        let mut outcome = |record: &str| decide.decide_json(record).unwrap().outcome("d").map(String::from);
        // The records of the world by all that they say but the field.
        let mut seen = std::collections::HashMap::new();
        let mut differs = false;
        for record in world() {
            let mut others: serde_json::Value = serde_json::from_str(&record).unwrap();
            others.as_object_mut().unwrap().remove(field);
            let decided = outcome(&record);
            differs |= *seen.entry(others.to_string()).or_insert(decided.clone()) != decided;
        }
        match &findings(&rulebook)[0].verdict {
            Verdict::Proved => prop_assert!(!differs, "proved, and broken\n{policy}"),
            Verdict::Broken(records) => {
                let [first, second] = &records[..] else { panic!("two records") };
                let (a, b) = (first.record.to_string(), second.record.to_string());
                prop_assert!(outcome(&a) != outcome(&b), "{a} and {b} are decided alike\n{policy}");
            }
            other => prop_assert!(false, "{other:?}\n{policy}"),
        }
    }
}

/// Rules over many numbers, of which there are too many kinds to try them all.
fn many_rules(rules: usize, claims: &[&str]) -> Rulebook {
    let fields: Vec<String> = (0..30).map(|at| format!("f{at}: number")).collect();
    let mut text = format!("record R {{ id: text, {} }}\n", fields.join(", "));
    text += "policy p for R {\n decide step: a < b < c by strictest otherwise a\n";
    for rule in 0..rules {
        let test = |of: usize| {
            let sign = ["<", ">", "<=", ">=", "=="][(rule * 7 + of) % 5];
            format!("f{} {sign} {}", (rule * 11 + of * 13) % 30, (rule * 31 + of * 17) % 100)
        };
        let tests: Vec<_> = (0..6).map(test).collect();
        let outcome = ["a", "b", "c"][rule % 3];
        text += &format!(" rule r{rule} {{ when {} then {outcome} }}\n", tests.join(" and "));
    }
    for (at, claim) in claims.iter().enumerate() {
        text += &format!(" invariant claim{at} {{ {claim} }}\n");
    }
    unsearched(&(text + "}"))
}

#[test]
fn a_decision_has_one_value() {
    let proved = [
        "never step == c and step == a",
        "never step in [a, b] and f0 > 3 and step == c",
        "when f1 > 2 never step == a and (step == b and f2 == 1)",
    ];
    for finding in findings(&many_rules(300, &proved)) {
        assert!(matches!(finding.verdict, Verdict::Proved), "{finding:?}");
    }
    let broken = ["never step == c and step == c", "never step in [a, b] and step in [b, c]"];
    for finding in findings(&many_rules(3, &broken)) {
        assert!(matches!(finding.verdict, Verdict::Broken(_)), "{finding:?}");
    }
}

/// However many claims there are, together they may take only so much work, and it is told which of
/// them were not searched through.
#[test]
fn a_search_that_takes_too_much_ends() {
    let claims = vec!["step never depends on f0"; 8];
    let findings = findings(&many_rules(300, &claims));
    assert_eq!(findings.len(), claims.len());
    for finding in findings {
        assert!(matches!(finding.verdict, Verdict::TooMuch), "{finding:?}");
        let told = finding.diagnostic().unwrap().message;
        assert!(told.contains("too much to search"), "{told}");
    }
}

/// What the search says of each claim of some policies.
fn verdicts(policies: &str) -> Vec<(String, Verdict)> {
    let findings = findings(&unsearched(policies)).into_iter();
    findings.map(|finding| (finding.invariant, finding.verdict)).collect()
}

/// Each claim is broken where its name begins with `broken`, and so on.
fn are_as_named(policies: &str) {
    for (name, verdict) in verdicts(policies) {
        let is_so = match &verdict {
            Verdict::Broken(_) => name.starts_with("broken"),
            Verdict::Proved => name.starts_with("proved"),
            Verdict::Open | Verdict::TooMuch => name.starts_with("open"),
        };
        assert!(is_so, "{name}: {verdict:?}");
    }
}

/// A date and the time at which it begins are equal, and a decision can be both.
#[test]
fn dates_and_times_may_be_one() {
    are_as_named(
        "record R { s: bool }
         policy p for R {
           decide until: time by largest otherwise 2030-01-01T00:00:00Z
           rule a { when s then 2024-01-01T00:00:00Z }
           invariant broken_date { never until == 2024-01-01 and until == 2024-01-01T00:00:00Z }
           invariant broken_time { never until == 2024-01-01T00:00:00Z and until == 2024-01-01 }
           invariant proved_apart { never until == 2024-01-01 and until == 2024-01-01T00:00:01Z }
         }",
    );
}

/// Claims about decisions of other policies are searched by what those decide.
#[test]
fn decisions_of_other_policies_are_their_own() {
    are_as_named(
        "record R { s: bool n: number }
         policy base for R {
           decide a: yes | no by first otherwise no
           rule a1 { when s and n > 7 then yes }
         }
         policy q for R {
           decide b: yes | no by first otherwise no
           rule b1 { when base.a == yes then no }
           invariant broken_alone { never base.a == yes }
           invariant broken_both { never b == no and base.a == yes }
           invariant broken_when { when base.a == yes never b == no }
           invariant open_far { never base.a == yes and n < 7 }
           invariant proved_own { never b == yes and base.a == yes }
           invariant proved_two { never base.a == yes and base.a == no }
         }",
    );
}

/// What is computed where no rule decides, and who is in a cohort, depends on the record, too.
#[test]
fn what_a_decision_falls_back_on_matters() {
    are_as_named(
        "record R { id: text n: number m: number }
         policy p for R {
           decide fee: number by first otherwise n * 2
           decide open: bool by first otherwise false
           decide free: bool by first otherwise false
           rule none { when m > 3 then fee = 1 }
           rule some { from 2020-01-01 for 50% by id when m > 3 then open = true }
           rule all { when m > 3 then free = true }
           invariant open_fee { fee never depends on n }
           invariant open_drawn { open never depends on id }
           invariant proved_free { free never depends on n }
         }",
    );
}

#[test]
fn addresses_are_tried_that_are_named() {
    are_as_named(
        "list shops: url = [\"https://shop.example/\"]
         record R { at: url }
         policy p for R {
           decide open: yes | no by first otherwise no
           rule shop { when at in shops then yes }
           invariant broken_shop { never open == yes }
           invariant broken_other { never open == no }
         }",
    );
}

/// What the search for the only claim of a policy comes to, and the work that it took.
fn searched(policy: &str, most: u64) -> (Verdict, u64) {
    let (findings, work) = analyse::findings(unsearched(policy).program(), most);
    (findings[0].verdict.clone(), work)
}

/// Nothing is tried here but `n`, and that costs what it is compared with.
#[test]
fn what_is_learnt_is_work() {
    let rules: String =
        (0..200).map(|at| format!("rule r{at} {{ when n == {at} then yes }}\n")).collect();
    let policy = format!(
        "record R {{ n: number }} policy p for R {{ decide m: yes | no by first otherwise no
         {rules} invariant i {{ when n == 7 never m == no }} }}"
    );
    let (found, work) = searched(&policy, IN_DEPTH);
    assert!(matches!(found, Verdict::Proved), "{found:?}");
    assert!(work > 2_000, "{work}");
    let (found, work) = searched(&policy, 1_000);
    assert!(matches!(found, Verdict::TooMuch) && work <= 1_000, "{found:?} {work}");
}

/// Names that a list holds are not put in order where they are too many to try.
#[test]
fn long_lists_are_work() {
    let names: Vec<String> = (0..2_000).map(|at| format!("\"name {at}\"")).collect();
    let policy = format!(
        "list names: text = [{}]
         record R {{ t: text }} policy p for R {{ decide m: yes | no by first otherwise no
         rule r {{ when t in names then yes }} invariant i {{ never m == yes }} }}",
        names.join(", ")
    );
    let (found, _) = searched(&policy, 1_000_000);
    assert!(matches!(found, Verdict::Broken(_)), "{found:?}");
    let (found, _) = searched(&policy, 1_000);
    assert!(matches!(found, Verdict::TooMuch), "{found:?}");
}

/// Each record that is judged as a whole counts by its steps.
#[test]
fn whole_judgements_are_work() {
    let numbers: Vec<String> = (0..300).map(|at| at.to_string()).collect();
    let texts: Vec<String> = (0..50).map(|at| format!("\"t{at}\"")).collect();
    let policy = format!(
        "list numbers: number = [{}]
         record R {{ n: number t: text }} policy p for R {{ decide m: yes | no by first otherwise no
         rule r {{ when t in [{}]
           and any(a in numbers: any(b in numbers: a * b + n > 1_000_000)) then yes }}
         invariant i {{ never m == yes }} }}",
        numbers.join(", "),
        texts.join(", ")
    );
    let (found, _) = searched(&policy, 40_000);
    assert!(matches!(found, Verdict::TooMuch), "{found:?}");
}

/// What `check` refutes is no rulebook for a library either.
#[test]
fn a_rulebook_whose_claim_is_broken_does_not_load() {
    let policy = |bound: u32| {
        format!(
            "record R {{ n: number }} policy p for R {{ decide d: yes | no by first otherwise no
             rule r {{ when n > 5 then yes }} invariant i {{ never d == yes and n < {bound} }} }}"
        )
    };
    assert!(Rulebook::from_sources([("p.policy", policy(5))]).is_ok());
    let error = Rulebook::from_sources([("p.policy", policy(7))]).unwrap_err().to_string();
    assert!(
        error.contains("the rulebook has 1 error") && error.contains("`i` does not hold"),
        "{error}"
    );
}

/// Who waits for a decision does not wait for claims that take long to search.
#[test]
fn what_is_too_much_to_search_does_not_keep_a_rulebook_from_use() {
    let text = many_rules(200, &["never step == b and f0 + f1 > 1000"]);
    let sources = text.sources().iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
    let rulebook = Rulebook::from_sources(sources).unwrap();
    assert!(rulebook.warnings().iter().all(|warning| warning.code.name() != "open-invariant"));
    assert!(!rulebook.findings()[0].is_proved());
}
