//! `rulebook test`.

use serde_json::Value;

use crate::harness::{Folder, each};
use crate::shop::{SCENARIOS, shop};

/// The scenarios with one that fails behind them.
fn failing() -> Folder {
    let wrong = "  - name: <wrong> & \"odd\"\n    with: { amount: 250 }\n    expect: { refund: support, by: [] }\n";
    shop().with("shop/tests/refunds.yaml", format!("{SCENARIOS}{wrong}"))
}

fn broken(scenarios: &str) -> Folder {
    shop().with("shop/tests/refunds.yaml", scenarios)
}

#[test]
fn scenarios_pass() {
    shop().run("test shop").exits(0).err_is("").out_is("4 scenarios: 4 passed, 0 failed\n");
}

#[test]
fn a_single_policy_file_has_the_tests_beside_it() {
    shop().run("test shop/shop.policy").exits(0).out_has("4 passed, 0 failed");
}

#[test]
fn a_failure_shows_expected_beside_got_and_the_explanation() {
    let ran = failing().run("test shop").exits(1).plain().err_is("");
    let ran = ran.out_has("failed <wrong> & \"odd\"  shop/tests/refunds.yaml:20\n");
    let ran = ran.out_has("  refund\n    expected support\n    got      reject\n");
    let ran = ran.out_has("  by\n    expected nothing\n    got      large\n");
    let ran = ran.out_has("│ ● large: fired\n").out_has("│ refund = reject  (by large)\n");
    ran.out_has("5 scenarios: 4 passed, 1 failed\n");
}

#[test]
fn json_lists_every_scenario() {
    let results = failing().run("test shop --format json").exits(1).err_is("").json();
    let results = results.as_array().unwrap().clone();
    let passed = [true, true, true, true, false].map(Value::from);
    assert_eq!(each(&results, "/passed"), passed);
    assert_eq!(each(&results, "/line"), [8, 10, 13, 17, 20]);
    let wrong = &results[4];
    assert_eq!(wrong["file"], "shop/tests/refunds.yaml");
    assert_eq!(wrong["policy"], "refunds");
    assert_eq!(wrong["mismatches"][0]["what"], "refund");
    assert_eq!(wrong["mismatches"][0]["expected"], "support");
    assert_eq!(wrong["mismatches"][0]["got"], "reject");
    assert!(wrong["explanation"].as_str().unwrap().contains("large: fired"));
    assert_eq!(results[0].get("explanation"), None);
}

#[test]
fn junit_is_well_formed() {
    let ran = failing().run("test shop --format junit").exits(1).err_is("");
    let elements = well_formed(&ran.out);
    let count = |name: &str| elements.iter().filter(|element| *element == name).count();
    assert_eq!(count("testsuite"), 1);
    assert_eq!(count("testcase"), 5);
    assert_eq!(count("failure"), 2);
    let ran = ran.out_has("<testsuite name=\"shop\" tests=\"5\" failures=\"1\"");
    ran.out_has("name=\"&lt;wrong&gt; &amp; &quot;odd&quot;\"");
    well_formed(&shop().run("test shop --format junit").exits(0).out);
}

/// The names of the elements of an XML text; panics unless they nest and their texts are escaped.
fn well_formed(xml: &str) -> Vec<String> {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let (mut elements, mut open): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        assert!(!text.contains('>') && tag.matches('"').count().is_multiple_of(2), "{part}");
        for piece in [tag, text] {
            for (at, _) in piece.match_indices('&') {
                let entity = ["amp;", "lt;", "gt;", "quot;"];
                assert!(entity.iter().any(|name| piece[at + 1..].starts_with(name)), "{piece}");
            }
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap().to_string();
        if !tag.ends_with('/') {
            open.push(name.clone());
        }
        elements.push(name);
    }
    assert!(open.is_empty(), "{open:?} stay open");
    elements
}

#[test]
fn a_filter_picks_by_name_policy_or_file() {
    let run = |filter: &str, code| failing().run("test shop --filter").arg(filter).exits(code);
    run("large amount", 0).out_is("1 scenario: 1 passed, 0 failed\n");
    run("<wrong>", 1).out_has("1 scenario: 0 passed, 1 failed");
    run("refunds", 1).out_has("5 scenarios");
    run("refunds.yaml", 1).out_has("5 scenarios");
    run("", 1).out_has("5 scenarios");
    run("no such thing", 1).err_is("no scenario contains \"no such thing\"\n");
}

#[test]
fn a_rulebook_without_scenarios_is_wrong_usage() {
    let folder = Folder::new().with("one/one.policy", crate::shop::POLICY);
    let ran = folder.run("test one").exits(2).out_is("");
    ran.err_is("error: one has no scenarios; write them to tests/NAME.yaml\n");
}

#[test]
fn every_slip_of_a_scenario_file_is_told_with_its_place() {
    let cases = [
        ("policy: refunds\nscenarios: [", "error[bad-scenario]", "refunds.yaml:2"),
        ("policy: refunds\nscenarios: []\n", "the file has no scenarios", "refunds.yaml:2:12"),
        ("policy: refunds\n", "the file has no scenarios", "refunds.yaml:1:1"),
        ("", "a scenario file has keys and values", "refunds.yaml:1:1"),
        ("- a\n", "a scenario file has keys and values", "refunds.yaml:1:1"),
        ("scenarios: []\n", "does not say which policy it tests", "refunds.yaml:1:1"),
        (
            "policy: refund\nscenarios: []\n",
            "there is no policy `refund`",
            "did you mean `refunds`?",
        ),
        ("polcy: refunds\n", "a scenario file has no key `polcy`", "did you mean `policy`?"),
        (
            "policy: refunds\nscenarios:\n  - name: x\n",
            "a scenario without `expect` proves nothing",
            "refunds.yaml:3:5",
        ),
        (
            "policy: refunds\nscenarios:\n  - name: x\n    expect: {}\n",
            "a scenario without `expect` proves nothing",
            "refunds.yaml:3:5",
        ),
        (
            "policy: refunds\nscenarios:\n  - expect: { refund: reject }\n",
            "a scenario needs a name",
            "refunds.yaml:3:5",
        ),
        (
            "policy: refunds\nscenarios:\n  - name: x\n    expext: {}\n    expect: { refund: reject }\n",
            "a scenario has no key `expext`",
            "refunds.yaml:4:5",
        ),
        (
            "policy: refunds\nscenarios:\n  - { name: x, expect: { refnd: reject } }\n",
            "the policy does not decide `refnd`",
            "did you mean `refund`?",
        ),
        (
            "policy: refunds\nscenarios:\n  - { name: x, expect: { by: [larg] } }\n",
            "policy `refunds` has no rule `larg`",
            "did you mean `large`?",
        ),
        (
            "policy: refunds\nscenarios:\n  - { name: x, expect: { by: large } }\n",
            "`by` takes a list",
            "write `by: [a, b]`",
        ),
        (
            "policy: refunds\nnow: soon\nscenarios:\n  - { name: x, expect: { by: [] } }\n",
            "this is not a time",
            "refunds.yaml:2:6",
        ),
        (
            "policy: refunds\nscenarios:\n  - { name: x, expect: { by: [] } }\n  - { name: x, expect: { by: [] } }\n",
            "two scenarios are named \"x\"",
            "refunds.yaml:4:13",
        ),
    ];
    for (text, message, place) in cases {
        broken(text).run("test shop").exits(1).err_has(message).err_has(place);
    }
}

#[test]
fn an_outcome_that_no_decision_has_is_a_slip() {
    let text = "policy: refunds\nscenarios:\n  - { name: x, expect: { refund: rejct } }\n";
    broken(text).run("test shop").exits(1).err_has("rejct").err_has("did you mean `reject`?");
}

#[test]
fn a_broken_file_does_not_keep_the_others_from_running() {
    let folder = shop().with("shop/tests/broken.yaml", "policy: refunds\n");
    let ran = folder.run("test shop").exits(1);
    ran.out_has("4 scenarios: 4 passed").err_has("tests/broken.yaml:1:1");
}

#[test]
fn a_scenario_that_is_rejected_unexpectedly_fails_with_the_errors() {
    let text = "policy: refunds\nscenarios:\n  - { name: x, expect: { refund: reject } }\n";
    let ran = broken(text).run("test shop").exits(1);
    ran.out_has("expected to be accepted").out_has("amount: `amount` is missing");
    let text = "policy: refunds\ngiven: { id: a, claim: exchange, requested_at: 2024-09-12, amount: 1 }\n\
                scenarios:\n  - { name: x, expect: { rejected: [amount] } }\n";
    let ran = broken(text).run("test shop").exits(1);
    ran.out_has("expected amount").out_has("got      the record is accepted");
}

#[test]
fn a_parameter_that_cannot_be_set_fails_its_scenario() {
    let text =
        "policy: refunds\nscenarios:\n  - { name: x, set: { limt: 3 }, expect: { by: [] } }\n";
    let ran = broken(text).run("test shop").exits(1);
    ran.out_has("expected the parameters to fit").out_has("there is no parameter `limt` to set");
}

#[test]
fn a_rulebook_with_errors_runs_no_scenarios() {
    let folder = shop().with("shop/bad.policy", "enum {");
    folder.run("test shop").exits(1).out_is("").err_has("bad.policy:1:6");
}

const DUTIES: &str = "\
record Order { id: text  at: time  shipped: bool  large: bool }
policy orders for Order dated by at {
  decide check: yes | no by first otherwise no
  rule shipped { when shipped then yes require call within 1 day require keep }
  rule large   { when large then yes require call within 3 months require report }
}
";

fn duties(expect: &str) -> Folder {
    let scenario = format!(
        "policy: orders\n\
         given: {{ id: o1, at: 2024-01-31, shipped: true, large: true }}\n\
         scenarios:\n  - name: duties\n    expect: {{ obligations: {expect} }}\n"
    );
    Folder::new().with("shop/a.policy", DUTIES).with("shop/tests/t.yaml", scenario)
}

#[test]
fn obligations_are_expected_with_their_due_times() {
    for expect in [
        "[call, keep, report]",
        "{ call: [2024-02-01, 2024-04-30], keep: null, report: null }",
        "{ call: [2024-04-30T00:00:00Z, 2024-02-01], keep: null, report: null }",
    ] {
        duties(expect).run("test shop").exits(0).out_has("1 passed");
    }
    let got = "got      call by 2024-02-01T00:00:00+00:00, keep without a limit, \
               call by 2024-04-30T00:00:00+00:00, report without a limit";
    for (expect, told) in [
        ("[call, keep]", "expected call, keep\n"),
        (
            "{ call: 2024-02-01, keep: null, report: null }",
            "call by 2024-02-01T00:00:00+00:00, keep",
        ),
        (
            "{ call: [2024-02-01, 2024-04-30], keep: 2024-02-01, report: null }",
            "keep by 2024-02-01",
        ),
        ("{ call: null, keep: null, report: null }", "call without a limit, keep"),
        ("[]", "expected nothing\n"),
    ] {
        duties(expect).run("test shop").exits(1).out_has(told).out_has(got);
    }
}

#[test]
fn a_misspelt_obligation_is_told() {
    let ran = duties("[call, kep, report]").run("test shop").exits(1);
    let ran = ran.err_has("no rule of policy `orders` requires `kep`");
    ran.err_has("did you mean `keep`?");
    duties("{ nobody: null }").run("test shop").exits(1).err_has("they require call, keep, report");
    duties("call").run("test shop").exits(1).err_has("`obligations` takes names");
}

#[test]
fn of_very_many_failures_the_first_are_told_and_the_others_counted() {
    let scenario = |at: usize| format!("  - {{ name: s{at}, expect: {{ refund: reject }} }}\n");
    let scenarios: String = (0..60).map(scenario).collect();
    let ran =
        broken(&format!("policy: refunds\nscenarios:\n{scenarios}")).run("test shop").exits(1);
    assert_eq!(ran.out.matches("expected to be accepted").count(), 50, "{ran}");
    ran.out_has("\n… and 10 more failed; `--format json` tells all\n").out_has("60 failed");
}

/// A rulebook that decides a text and a duration, and a scenario that expects something of it.
fn decided(expect: &str) -> Folder {
    let policy = "
record Order { id: text }
policy orders for Order {
  decide word: text by first otherwise \"007\"
  decide code: text by first otherwise \"PT168H\"
  decide wait: duration by first otherwise 7 days
  decide share: number by first otherwise 7
  decide fee: CNY by first otherwise 7 CNY
  decide day: date by first otherwise 2024-09-12

  rule other {
    when id == \"b\"
    then word = \"b\", code = \"b\", wait = 1 day, share = 1, fee = 1 CNY, day = 2024-01-01
  }
}
";
    let tests = format!(
        "policy: orders\nnow: 2024-09-12\ngiven: {{ id: a }}\n\
         scenarios:\n  - name: it\n    expect: {{ {expect} }}\n"
    );
    Folder::new().with("shop/orders.policy", policy).with("shop/tests/orders.yaml", tests)
}

#[test]
fn outcomes_are_read_by_the_type_of_their_decision() {
    for met in [
        "word: \"007\"",
        "word: 007",
        "code: PT168H",
        "wait: P7D",
        "wait: PT168H",
        "share: 7.0",
        "fee: 7",
        "fee: \"7.00\"",
        "fee: { amount: 7, currency: CNY }",
        "day: 2024-09-12",
    ] {
        decided(met).run("test shop").exits(0);
    }
    for unmet in ["word: 7", "word: \"7\"", "code: P7D", "wait: P8D", "share: 8", "word: null"] {
        decided(unmet).run("test shop").exits(1).out_has("1 failed");
    }
    for (slip, told) in [
        ("wait: a week", "write a duration"),
        ("share: seven", "write a number"),
        ("fee: { amount: 7, currency: USD }", "write an amount in CNY"),
        ("day: 2024-09-31", "write a date"),
    ] {
        decided(slip).run("test shop").exits(1).err_has("error[bad-scenario]").err_has(told);
    }
}

#[test]
fn a_path_to_a_field_is_told_as_it_is_written() {
    let policy = "record Order { kind: text }\nrecord Return { id: text  order: Order }\n\
         policy returns for Return { decide free: bool by first  rule always { then true } }\n";
    let tests = "policy: returns\ngiven: { id: a, order: { kind: book } }\n\
         scenarios:\n  - name: it\n    with: { order.kind: gift }\n    expect: { free: true }\n";
    let folder =
        Folder::new().with("shop/returns.policy", policy).with("shop/tests/returns.yaml", tests);
    folder.run("test shop").exits(1).err_has("write `order: { kind: gift }`");
}

/// A policy with a field of each kind of literal, and a counter.
const KINDS: &str = "\
enum Way { air, sea }
record Item { id: text  price: CNY }
record Parcel {
  id: text
  paid: CNY
  share: number
  wait: duration
  way: Way
  sent: date
  tips: list of CNY
  items: list of Item
}
counter spent = sum of paid of Parcel by id within 30 days dated by sent
parameter limit: CNY = 100 CNY
parameter ways: list of number = [1]
parameter towns: list of text = []
policy p for Parcel {
  decide step: pay < ask by strictest otherwise pay
  decide fee: CNY by largest otherwise 0 CNY
  decide part: number by largest otherwise 0
  rule dear {
    when paid > limit and share > 20% and wait > 1 hour and way == air and sent > 2024-01-01
      and any(t in tips: t >= 1.50 CNY) and any(i in items: i.price == -2 CNY) and spent >= 0 CNY
      and 1 in ways and not (\"a, \\\"b\\\"\" in towns)
    then step = ask, fee = 7.50 CNY, part = 25%
  }
}
";

fn parcels(scenarios: &str) -> Folder {
    let given = "policy: p\ngiven:\n  id: o1\n  paid: 150 CNY\n  share: 25%\n  wait: 2 hours\n  \
                 way: air\n  sent: 2024-05-01\n  tips: [1.50 CNY, 0]\n  \
                 items: [{ id: i, price: -2 CNY }]\nscenarios:\n";
    let folder = Folder::new().with("book/rulebook.yaml", "name: book\n");
    folder
        .with("book/p.policy", KINDS)
        .with("book/tests/p.yaml", format!("{given}{}", scenarios.trim_start_matches('\n')))
}

#[test]
fn scenarios_take_literals_as_policies_write_them() {
    let passing = "
  - name: all is as the rule asks
    expect: { step: ask, fee: 7.50 CNY, part: 25% }
  - name: with other values
    with: { share: 20%, paid: 1_000 CNY }
    expect: { step: pay, fee: 0 CNY }
  - name: parameters
    set: { limit: 150 CNY, ways: [1, 2] }
    expect: { step: pay }
  - name: a list of texts
    set: { towns: [c, 'a, \"b\"'] }
    expect: { step: pay }
  - name: earlier
    history: [{ paid: 20 CNY }]
    counters: { spent: 3 CNY }
    expect: { step: ask }
";
    parcels(passing).run("test book").exits(0).out_has("5 passed, 0 failed");
}

#[test]
fn a_literal_that_does_not_fit_is_told_with_its_line() {
    let wrong = "
  - name: another currency
    with: { paid: 150 USD }
    expect: { step: ask }
  - name: no number
    with:
      way: sea
      items:
        - { id: a, price: 1 CNY }
        - { id: b, price: 30% }
    expect: { step: ask }
  - name: earlier
    history:
      - { paid: 20 days }
    expect: { step: ask }
";
    let ran = parcels(wrong).run("test book").exits(1).plain();
    let ran = ran.out_has("paid: ").out_has("on line 13\n").out_has("items[1].price: ");
    ran.out_has("on line 20\n").out_has("on line 24\n");
    let outcome = "  - name: no share\n    expect: { part: 25 CNY }\n";
    parcels(outcome).run("test book").exits(1).err_has("the decision never is this");
}
