//! What a change does, against a naive count of the decisions that `eval` writes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Folder, json_lines};

const HEAD: &str = "
record Order { id: text  at: time  amount: CNY  kind: a | b }
parameter limit: CNY = 50 CNY
policy refunds for Order dated by at {
  decide refund: support < negotiate < reject by strictest otherwise negotiate
  decide fee: CNY by total
";
const SMALL: &str =
    "rule small { when amount <= limit then refund = support, fee = amount * 0.1 }\n";
const REST: &str = "
  rule large { when amount > 80 CNY then refund = reject, fee = 1 CNY }
  rule watched { from 2024-01-01 shadow from 2025-01-01 when kind == b then refund = reject }
  rule extra { when amount > 90 CNY then fee = 2 CNY }
";
const MEASURES: &str = "
  measure platform_cost = sum(amount) where refund == support
  measure supported = count where refund == support
  measure mean_fee = average(fee)
}
";

fn policy(rules: &[&str]) -> String {
    [HEAD, &rules.concat(), MEASURES].concat()
}

/// Amounts of two digits after the point, in hundredths.
pub(crate) fn orders() -> Vec<(u64, &'static str, String)> {
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    (0..3000)
        .map(|_| {
            let kind = if next(2) == 0 { "a" } else { "b" };
            let at = format!("2024-{:02}-{:02}T08:00:00Z", next(12) + 1, next(28) + 1);
            (next(10_000), kind, at)
        })
        .collect()
}

pub(crate) fn folder() -> Folder {
    let lines = orders().into_iter().enumerate().map(|(id, (amount, kind, at))| {
        let (whole, rest) = (amount / 100, amount % 100);
        format!(
            "{{\"id\":\"o{id}\",\"at\":\"{at}\",\"amount\":{whole}.{rest:02},\"kind\":\"{kind}\"}}\n"
        )
    });
    Folder::new()
        .with("shop.policy", policy(&[SMALL, REST]))
        .with("without.policy", policy(&[REST]))
        .with("in.jsonl", lines.collect::<String>())
}

/// What `eval` decides about each record.
pub(crate) fn decided(folder: &Folder, arguments: &str) -> Vec<Value> {
    let ran = folder.run("eval --input in.jsonl").args(arguments).exits(0);
    json_lines(&ran.out)
}

fn impact(folder: &Folder, arguments: &str) -> Value {
    let run = folder.run("simulate --input in.jsonl --format json").args(arguments);
    serde_json::from_str(&run.exits(0).out).unwrap()
}

pub(crate) fn outcome<'v>(decision: &'v Value, name: &str) -> &'v Value {
    &decision["decisions"][name]
}

/// The matrix of `refund` as records and hundredths of the amount.
fn told(matrix: &Value) -> BTreeMap<(String, String), (u64, u64)> {
    let cells = matrix["cells"].as_array().unwrap().iter();
    cells
        .map(|cell| {
            let text = |key: &str| cell[key].as_str().unwrap().to_string();
            let sum = hundredths(cell["sums"][0].as_str().unwrap());
            ((text("from"), text("to")), (cell["records"].as_u64().unwrap(), sum))
        })
        .collect()
}

pub(crate) fn hundredths(text: &str) -> u64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<u64>().unwrap() * 100 + format!("{rest:0<2}").parse::<u64>().unwrap()
}

#[test]
fn matrices_and_sums_are_those_of_a_naive_count() {
    let folder = folder();
    let before = decided(&folder, "shop.policy");
    let after = decided(&folder, "shop.policy --set limit=60");
    let mut counted: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    let mut by_month: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut changed = 0;
    for ((before, after), (amount, _, at)) in before.iter().zip(&after).zip(orders()) {
        let text = |decision| outcome(decision, "refund").as_str().unwrap().to_string();
        let cell = counted.entry((text(before), text(after))).or_default();
        *cell = (cell.0 + 1, cell.1 + amount);
        let is_changed = before["decisions"] != after["decisions"];
        changed += u64::from(is_changed);
        let month = by_month.entry(at[..7].to_string()).or_default();
        *month = (month.0 + 1, month.1 + u64::from(is_changed));
    }
    assert!(changed > 100, "{changed}");

    let impact = impact(&folder, "shop.policy --set limit=60 --sum amount --by at --by kind");
    assert_eq!(impact["judged"], 3000);
    assert_eq!(impact["changed"]["records"], changed);
    assert_eq!(told(&impact["decisions"][0]), counted);
    let groups = impact["groupings"][0]["groups"].as_array().unwrap().iter();
    let months = groups.map(|group| {
        let records = |key: &str| group[key]["records"].as_u64().unwrap();
        (group["value"].as_str().unwrap().to_string(), (records("all"), records("changed")))
    });
    assert_eq!(months.collect::<BTreeMap<_, _>>(), by_month);
    assert_eq!(impact["groupings"][1]["groups"].as_array().unwrap().len(), 2);
}

#[test]
fn measures_are_those_of_a_naive_count() {
    let folder = folder();
    let after = decided(&folder, "shop.policy --set limit=60");
    let orders = orders();
    let supported: Vec<_> = after
        .iter()
        .zip(&orders)
        .filter(|(decision, _)| outcome(decision, "refund") == "support")
        .map(|(_, (amount, ..))| amount)
        .collect();
    let impact = impact(&folder, "shop.policy --set limit=60");
    let [cost, count, fee] = impact["measures"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!(
        hundredths(cost["value"]["candidate"].as_str().unwrap()),
        supported.iter().copied().sum::<u64>()
    );
    assert_eq!(cost["unit"], "CNY");
    assert_eq!(count["value"]["candidate"], supported.len().to_string());
    assert!(fee["yearly"].is_null() && cost["yearly"].is_object());
}

#[test]
fn dropping_a_rule_is_deleting_it_from_the_text() {
    let folder = folder();
    let with = decided(&folder, "shop.policy");
    let without = decided(&folder, "without.policy");
    let count = |name: &str| {
        let pairs = with.iter().zip(&without);
        pairs.filter(|(a, b)| outcome(a, name) != outcome(b, name)).count()
    };
    let impact = impact(&folder, "shop.policy");
    let small = &impact["rules"][0];
    assert_eq!(small["rule"], "small");
    for matrix in small["dropped"].as_array().unwrap() {
        let cells = matrix["cells"].as_array().unwrap().iter();
        let records: u64 = cells.map(|cell| cell["records"].as_u64().unwrap()).sum();
        let name = matrix["decision"].as_str().unwrap();
        assert_eq!(records, count(name) as u64, "{name}");
        assert!(records > 100);
    }
    assert_eq!(small["dropped"].as_array().unwrap().len(), 2);
}

#[test]
fn rules_count_where_they_decide_and_where_only_they_do() {
    let folder = folder();
    let all = decided(&folder, "shop.policy");
    let names = |decision: &Value| -> Vec<String> {
        let rules = decision["rules"].as_array().unwrap().iter();
        rules.map(|rule| rule["rule"].as_str().unwrap().to_string()).collect()
    };
    let count = |wanted: &dyn Fn(&[String]) -> bool| {
        json!(all.iter().filter(|decision| wanted(&names(decision))).count())
    };
    let has = |all: &[String], name: &str| all.iter().any(|own| own == name);
    let impact = impact(&folder, "shop.policy");
    let rule = |name: &str| {
        let rules = impact["rules"].as_array().unwrap().iter();
        rules.filter(|rule| rule["rule"] == name).map(|rule| &rule["candidate"]).next().unwrap()
    };
    assert_eq!(rule("large")["decided"]["records"], count(&|all| has(all, "large")));
    // `large` is never outdone in `refund`; `extra` always shares `fee` with it.
    assert_eq!(rule("large")["alone"]["records"], count(&|all| has(all, "large")));
    assert_eq!(rule("extra")["decided"]["records"], count(&|all| has(all, "extra")));
    assert_eq!(rule("extra")["alone"]["records"], 0);
    let shadow = all.iter().filter(|d| !d["shadow"].as_array().unwrap().is_empty()).count();
    assert_eq!(impact["watched"][0]["fired"]["records"], shadow as u64);
}

#[test]
fn any_number_of_threads_comes_to_the_same() {
    let folder = folder();
    let on = |threads: &str| {
        let arguments = "shop.policy --set limit=60 --sum amount --by at --sample 4 --threads";
        impact(&folder, &format!("{arguments} {threads}"))
    };
    let one = on("1");
    assert_eq!(one["flips"].as_array().unwrap().len(), 4);
    assert_eq!(one, on("3"));
}

#[test]
fn what_cannot_be_grouped_or_added_up_is_refused() {
    let folder = folder();
    let refused = |arguments: &str| {
        folder.run("simulate shop.policy --input in.jsonl").args(arguments).exits(2).err
    };
    assert!(refused("--by amount").contains("hardly two records have the same"));
    assert!(refused("--sum kind").contains("cannot be added up"));
    assert!(refused("--sum amout").contains("did you mean `amount`?"));
}

#[test]
fn rejected_records_are_told_and_fail_the_run() {
    let folder = folder().with("bad.jsonl", "{\"id\":\"x\"}\nnonsense\n");
    let run = folder.run("simulate shop.policy --input in.jsonl --input bad.jsonl --format json");
    let impact: Value = serde_json::from_str(&run.exits(1).out).unwrap();
    assert_eq!((&impact["records"], &impact["judged"]), (&json!(3002), &json!(3000)));
    assert_eq!(impact["candidate"]["rejected"], 2);
}

#[test]
fn a_report_is_a_page_of_its_own() {
    let folder = folder();
    let arguments = "simulate shop.policy --input in.jsonl --set limit=60 --report report.html";
    folder.run(arguments).exits(0);
    let page = folder.read("report.html");
    assert!(page.starts_with("<!doctype html>"));
    assert!(page.contains("negotiate") && page.contains("support"), "{page}");
}

#[test]
fn the_text_says_first_what_changed() {
    let folder = folder();
    let out = folder.run("simulate shop.policy --input in.jsonl --set limit=60").exits(0).out;
    assert!(out.contains("of 3,000 records ("), "{out}");
    assert!(out.contains("from negotiate to support"), "{out}");
    assert!(out.contains("limit: CNY 50.00 → CNY 60.00"), "{out}");
}

#[test]
fn rules_that_are_written_differently_are_told_line_by_line() {
    let small = "rule small { // the same, with a comment\n  when amount <= limit then refund = \
                 support, fee = amount * 0.1 }\n";
    let large = "
  rule large {
    when amount > 80 CNY
    then refund = reject, fee = share(amount)
  }
  rule very_large { when amount > 95 CNY then fee = 3 CNY }
  rule watched { from 2024-01-01 shadow from 2025-01-01 when kind == b then refund = reject }
";
    let other = ["fn share(a: CNY) -> CNY = a * 0.05\n", &policy(&[small, large])].concat();
    let folder = folder().with("other.policy", other.replace("limit then", "limit\n  then"));
    let arguments = "simulate other.policy --baseline shop.policy --input in.jsonl";
    let impact = folder.run(arguments).args("--format json --sample 0").exits(0).json();
    let differs = impact["differs"].as_array().unwrap();
    let told: Vec<_> = differs
        .iter()
        .map(|own| {
            let is_there = |side: &str| own[side].is_string();
            let name = own["name"].as_str().unwrap();
            (own["what"].as_str().unwrap(), name, is_there("baseline"), is_there("candidate"))
        })
        .collect();
    let wanted = [
        ("definition", "fn share", false, true),
        ("rule", "large", true, true),
        ("rule", "very_large", false, true),
        ("rule", "extra", true, false),
    ];
    assert_eq!(told, wanted);
    let ran = folder.run(arguments).args("--report report.html --sample 0").exits(0);
    ran.out_has("  rule large is written differently\n")
        .out_has("    + ")
        .out_has("fee = share(amount)")
        .out_has("  rule extra is gone\n    - rule extra {")
        .out_lacks("a comment");
    let page = folder.read("report.html");
    assert!(page.contains("rule large is written differently</summary>"), "{page}");
    assert!(page.contains("<ins>+   then refund = reject, fee = share(amount)</ins>"), "{page}");
}

#[test]
fn a_list_whose_file_differs_is_told() {
    let policy = "
record Order { id: text  site: text }
list sites: text from \"sites.txt\"
policy p for Order { decide d: yes | no by first otherwise no  rule r { when site in sites then yes } }
";
    let folder = Folder::new()
        .with("a/p.policy", policy)
        .with("a/rulebook.yaml", "name: a\n")
        .with("a/sites.txt", "one\ntwo\n")
        .with("b/p.policy", policy)
        .with("b/rulebook.yaml", "name: a\n")
        .with("b/sites.txt", "one\nthree\n")
        .with("in.jsonl", "{\"id\":\"x\",\"site\":\"three\"}\n");
    let ran = folder.run("simulate b --baseline a --input in.jsonl").exits(0);
    ran.out_has("  list sites is written differently\n").out_has("- two").out_has("+ three");
}

#[test]
fn what_is_assumed_is_told_with_its_reason() {
    let text = policy(&[SMALL, REST]).replace("50 CNY", "50 CNY assumed \"a <guess>\"");
    let unread = "parameter unread: number = 1 assumed \"nobody reads it\"\n";
    let folder = folder().with("shop.policy", [unread, &text].concat());
    let run = "simulate shop.policy --input in.jsonl --sample 0";
    let impact = folder.run(run).args("--format json").exits(0).json();
    let wanted =
        json!([{"parameter": "limit", "value": "CNY 50.00", "why": "a <guess>", "set": false}]);
    assert_eq!(impact["assumptions"], wanted);
    let ran = folder.run(run).args("--set limit=60 --report report.html").exits(0);
    ran.out_has("limit = CNY 60.00, set for this run  a <guess>").out_lacks("nobody reads it");
    let page = folder.read("report.html");
    assert!(page.contains("CNY 60.00, set for this run") && page.contains("a &lt;guess&gt;"));
}

/// A policy that counts what came before, and the records of two months.
fn counting() -> Folder {
    let policy = "
record Order { id: text  at: time  buyer: text  amount: CNY }
parameter most: number = 2
counter orders_before = count of Order by buyer within 60 days
policy claims for Order dated by at {
  decide refund: support < reject by strictest otherwise support
  rule many { when orders_before > most then reject }
}
";
    let lines = |month: u32| {
        let line = |day: u32| {
            let (buyer, hour) = (day % 3, day % 20);
            format!(
                "{{\"id\":\"{month}-{day}\",\"at\":\"2024-0{month}-{:02}T{hour:02}:00:00Z\",\
                 \"buyer\":\"b{buyer}\",\"amount\":5}}\n",
                day % 28 + 1
            )
        };
        (0..40).map(line).collect::<String>()
    };
    Folder::new()
        .with("shop.policy", policy)
        .with("march.jsonl", lines(3))
        .with("april.jsonl", lines(4))
        .with("both.jsonl", lines(3) + &lines(4))
}

#[test]
fn a_history_counts_what_earlier_runs_have_judged_and_is_left_as_it_is() {
    let folder = counting();
    let eval = "eval shop.policy --input march.jsonl --history past.db --format counts";
    folder.run(eval).exits(0);
    let before = std::fs::read(folder.path("past.db")).unwrap();
    let decided = |set: &str| {
        let run = folder.run("eval shop.policy --input both.jsonl").args(set);
        let lines = run.exits(0).lines().split_off(40);
        lines.iter().map(|line| outcome(line, "refund").as_str().unwrap().to_string()).collect()
    };
    let (from, to): (Vec<String>, Vec<String>) = (decided(""), decided("--set most=20"));
    let count = |wanted: &str| to.iter().filter(|own| *own == wanted).count();
    let changed = from.iter().zip(&to).filter(|(a, b)| a != b).count();
    assert!(changed > 0 && count("reject") > 0);
    let run =
        "simulate shop.policy --input april.jsonl --set most=20 --format json --history past.db";
    let impact = folder.run(run).exits(0).json();
    assert_eq!(impact["changed"]["records"], changed);
    let cells = impact["decisions"][0]["cells"].as_array().unwrap().iter();
    let rejected = cells.filter(|cell| cell["to"] == "reject");
    let rejected: u64 = rejected.map(|cell| cell["records"].as_u64().unwrap()).sum();
    assert_eq!(rejected, count("reject") as u64);
    assert_eq!(std::fs::read(folder.path("past.db")).unwrap(), before, "the history was changed");
    // Without it, only the records of the input count.
    let alone = folder.run(&run.replace(" --history past.db", "")).exits(0).json();
    assert_ne!(alone["changed"]["records"], impact["changed"]["records"]);
}

#[test]
fn a_history_that_cannot_be_used_is_refused() {
    let folder = counting().with("plain.policy", policy(&[SMALL, REST]));
    let refused = |arguments: &str| folder.run("simulate").args(arguments).exits(2).out_is("").err;
    let told = refused("shop.policy --input april.jsonl --history nowhere.db");
    assert!(told.contains("there is no history nowhere.db"), "{told}");
    assert!(!folder.path("nowhere.db").exists());
    let told = refused("plain.policy --input april.jsonl --history nowhere.db");
    assert!(told.contains("this policy reads none"), "{told}");
    // What earlier runs have counted otherwise cannot be counted anew.
    folder.run("eval shop.policy --input march.jsonl --history past.db --format counts").exits(0);
    let other = folder.read("shop.policy").replace("by buyer", "by id");
    let folder = folder.with("other.policy", other);
    let told =
        folder.run("simulate other.policy --input april.jsonl --history past.db").exits(2).err;
    assert!(told.contains("has another definition now"), "{told}");
}

#[test]
fn a_field_with_too_many_values_stops_the_run_before_memory_grows() {
    let folder = Folder::new().with("shop.policy", policy(&[SMALL, REST]));
    for threads in ["1", "2"] {
        // A group for each record, and many more records than groups are kept.
        let lines = (0..1_000_000).map(|id| {
            format!("{{\"id\":\"o{id}\",\"at\":\"2024-01-01\",\"amount\":1,\"kind\":\"a\"}}\n")
        });
        let run = "simulate shop.policy --input - --input-format jsonl --by id --threads";
        let (all, ended) = folder.run(run).arg(threads).takes_all(lines);
        assert_eq!((all, ended.code), (false, 2), "{}", ended.ran);
        ended.ran.err_has("`id` has more than 10000 values; group by something coarser");
    }
}

#[test]
fn many_outcomes_are_told_by_the_ways_between_them() {
    let policy = "
record Order { id: text  at: time  amount: CNY  kind: a | b }
parameter limit: CNY = 50 CNY
policy refunds for Order dated by at {
  decide flags: text by union
  rule small { when amount <= limit then \"small\" }
  rule b { when kind == b then \"b\" }
  rule dear { when amount > 80 CNY then \"dear\" }
  rule cheap { when amount < 10 CNY then \"cheap\" }
}
";
    let folder = folder().with("flags.policy", policy);
    let ran = folder.run("simulate flags.policy --input in.jsonl --set limit=60").exits(0).plain();
    let ran = ran.out_has("│ from ").out_has("│ nothing ").out_lacks("from ↓ to →");
    let rows: Vec<_> = ran.out.lines().skip_while(|line| !line.starts_with("│ from")).collect();
    // What changes comes first, and nothing at all has a name.
    assert!(rows[2].starts_with("│ b ") || rows[2].starts_with("│ nothing "), "{ran}");
    assert!(rows[2].contains("┆ small") && rows[3].contains("┆ small"), "{ran}");
}

/// Two times compare the rules of these times, and their parameters, on records of any date: as two
/// rulebooks would that have them for good.
#[test]
fn two_times_compare_the_rules_and_the_parameters_of_these_times() {
    let dated = "parameter limit: CNY {\n  from 2024-01-01: 50 CNY\n  from 2025-01-01: 60 CNY\n}";
    let timed = policy(&[SMALL, REST]).replace("parameter limit: CNY = 50 CNY", dated);
    let own_date =
        "rule own { dated by seen from 2025-01-01 when amount < 5 CNY then fee = 3 CNY }";
    let timed = timed
        .replace("rule extra", &format!("{own_date}\n  rule extra"))
        .replace("at: time", "at: time  seen: time = 2020-01-01T00:00:00Z");
    let phases = "from 2024-01-01 shadow from 2025-01-01 ";
    let before = timed.replace(dated, "parameter limit: CNY = 50 CNY").replace(phases, "shadow ");
    let before = before
        .replace(own_date, "")
        .replace("rule watched { shadow", "rule watched { from 1900-01-01 shadow");
    let after = timed.replace(dated, "parameter limit: CNY = 60 CNY").replace(phases, "");
    let after = after.replace("dated by seen from 2025-01-01 ", "");
    let folder = folder()
        .with("timed.policy", timed)
        .with("before.policy", before)
        .with("after.policy", after);
    let with = "--sum amount --by at --sample 3";
    let times = "--at 2024-12-31T23:59:59Z --at 2025-01-01";
    let by_times = impact(&folder, &format!("timed.policy {times} {with}"));
    let by_rulebooks = impact(&folder, &format!("after.policy --baseline before.policy {with}"));
    for same in ["records", "changed", "span", "decisions", "groupings", "measures"] {
        assert_eq!(by_times[same], by_rulebooks[same], "{same}");
    }
    assert_ne!(by_times["changed"]["records"], 0);
    let wanted = json!([{
        "what": "time", "name": "rules of",
        "baseline": "2024-12-31T23:59:59Z", "candidate": "2025-01-01",
    }]);
    assert_eq!(by_times["differs"], wanted);
    // Examples keep the dates of their records, and say whose rules judge.
    let flip = &by_times["flips"][0];
    let explained = flip["candidate"].to_string();
    assert!(explained.contains("2025-01-01") && flip["dated"].as_str().unwrap() < "2025", "{flip}");
}

/// Where no date of the record tells which rules are in force, the time is also what `now` is.
#[test]
fn a_time_judges_records_without_dates() {
    let text = policy(&[SMALL, REST]).replace(" dated by at ", " ").replace(
        "rule large",
        "rule late { when now >= 2025-01-02 then fee = 9 CNY }\n  rule large",
    );
    let folder = folder().with("undated.policy", text);
    let late = impact(&folder, "undated.policy --at 2025-01-01 --at 2025-01-02 --sum amount");
    assert_eq!(late["changed"]["records"], 3000);
}
