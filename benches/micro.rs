//! Times of the single steps on the workload of the comparison in `peers`: reading, deciding, loading.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "what is shared is public, and used in part")]

#[path = "peers/rulebook/src/decider.rs"]
mod decider;
#[path = "peers/rulebook/src/texts.rs"]
mod texts;

use decider::{Checkout, read};
use divan::Bencher;
use rulebook::Policy;
use workload::{Case, Kind, cases};

/// The records; a sample is a round over all of them. Few enough to stay in the cache, enough that
/// no branch is learnt by heart.
const CASES: u32 = 1_024;

fn main() {
    divan::main();
}

/// The policy of A.
fn checkout() -> Policy {
    decider::folder(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/rulebook/policies"))
}

/// Times a call on one input after another, over and over.
fn each<P, R>(
    bencher: Bencher<'_, '_>,
    prepare: impl FnMut(Case) -> P,
    mut call: impl FnMut(&P) -> R,
) {
    let prepared: Vec<P> = cases(CASES as usize).map(prepare).collect();
    let mut inputs = prepared.iter().cycle();
    bencher.bench_local(|| call(inputs.next().expect("there are cases")));
}

#[divan::bench(sample_size = CASES)]
fn a_in_slots(bencher: Bencher<'_, '_>) {
    let policy = checkout();
    let mut checkout = Checkout::new(&policy);
    each(bencher, |case| read(&policy, &case.json), |record| checkout.of_record(record));
}

#[divan::bench(sample_size = CASES)]
fn a_from_json(bencher: Bencher<'_, '_>) {
    let mut checkout = Checkout::new(&checkout());
    each(bencher, |case| case.json.into_bytes(), |json| checkout.of_json(json));
}

#[divan::bench(sample_size = CASES)]
fn a_from_a_struct(bencher: Bencher<'_, '_>) {
    let mut checkout = Checkout::new(&checkout());
    each(bencher, |case| case.input, |input| checkout.of_struct(input));
}

/// A on columns: batches whose rows are sorted into classes, or row by row. Its counter tells the rows
/// a second.
#[cfg(feature = "batch")]
#[divan::bench(args = ["by class", "row by row"])]
fn a_in_columns(bencher: Bencher<'_, '_>, way: &str) {
    use arrow_json::ReaderBuilder;
    use arrow_json::reader::infer_json_schema;
    use std::io::Cursor;

    let lines: Vec<_> = cases(CASES as usize * 8).map(|case| case.json).collect();
    let (json, rows) = (lines.join("\n"), lines.len());
    let (schema, _) = infer_json_schema(Cursor::new(&json), None).expect("the workload is JSON");
    let reader = ReaderBuilder::new(std::sync::Arc::new(schema)).with_batch_size(rows);
    let mut reader = reader.build(Cursor::new(&json)).expect("the columns can be read");
    let batch = reader.next().expect("there are rows").expect("the workload fits its columns");
    let policy = checkout();
    let bencher = bencher.counter(divan::counter::ItemsCount::new(rows));
    if way == "by class" {
        let wanted = rulebook::batch::Wanted::default();
        let mut evaluation = policy.batches(batch.schema_ref(), wanted).expect("the columns fit");
        bencher.bench_local(|| evaluation.decide(&batch, 0).expect("the rows fit"));
    } else {
        let columns = policy.columns(batch.schema_ref()).expect("the columns fit");
        let mut evaluation = policy.evaluation();
        bencher.bench_local(|| {
            let opened = columns.rows(&batch).expect("the columns are the same");
            let decided =
                (0..opened.len()).filter(|row| evaluation.decide_row(&opened, *row).is_ok());
            decided.count()
        });
    }
}

/// Reading alone, into a record of its own.
#[divan::bench(sample_size = CASES)]
fn reading_json(bencher: Bencher<'_, '_>) {
    let policy = checkout();
    each(bencher, |case| case.json, |json| read(&policy, json));
}

/// The decision of A as JSON, its reasons rendered.
#[divan::bench(sample_size = CASES)]
fn writing_json(bencher: Bencher<'_, '_>) {
    let policy = checkout();
    let decide = |case: Case| policy.decide_json(case.json).expect("the workload fits its record");
    each(bencher, decide, serde_json::to_vec);
}

#[divan::bench(sample_size = CASES, args = [10, 100, 1_000, 10_000])]
fn b_one_equality_and_two_ranges(bencher: Bencher<'_, '_>, rules: usize) {
    matching(bencher, Kind::Dispatched, rules);
}

#[divan::bench(sample_size = CASES, args = [10, 100, 1_000, 10_000])]
fn b_two_ranges(bencher: Bencher<'_, '_>, rules: usize) {
    matching(bencher, Kind::Ranges, rules);
}

fn matching(bencher: Bencher<'_, '_>, kind: Kind, rules: usize) {
    let policy = decider::text(&texts::policy(&workload::rules(kind, rules)));
    let mut evaluation = policy.evaluation();
    let prepare = |case: Case| read(&policy, &case.json);
    each(bencher, prepare, |record| decider::hits(&mut evaluation, record));
}

/// A decision that looks up one row: ten bands of weight for each place.
#[divan::bench(sample_size = CASES, args = [10, 10_000])]
fn table_of_places_and_bands(bencher: Bencher<'_, '_>, rows: usize) {
    let row = |row: usize| {
        let (place, from) = (row / 10, row % 10 * 10);
        format!("| \"p{place}\" | {from} ..< {} || {row} CNY |", from + 10)
    };
    look_up(bencher, (0..rows).map(row));
}

/// A decision that looks up the first of many rows that match, as limits stand in a notice.
#[divan::bench(sample_size = CASES, args = [10, 10_000])]
fn table_of_limits(bencher: Bencher<'_, '_>, rows: usize) {
    let row = |row: usize| format!("| _ | <= {} || {row} CNY |", 100 * (row + 1) / rows);
    look_up(bencher, (0..rows).map(row));
}

fn look_up(bencher: Bencher<'_, '_>, rows: impl Iterator<Item = String>) {
    let rows: Vec<_> = rows.collect();
    let text = format!(
        "record Parcel {{ place: text  weight: number }}
         table fees by first {{
           | place: text | weight: number || fee: CNY? |
           {}
         }}
         policy parcels for Parcel {{
           decide fee: CNY by first
           rule fee {{ then fees(place, weight) ?? 0 CNY }}
         }}",
        rows.join("\n")
    );
    let policy = decider::text(&text);
    let places = rows.len() / 10;
    let json =
        |at: usize| format!(r#"{{"place": "p{}", "weight": {}}}"#, at * 7 % places, at * 13 % 100);
    let records: Vec<_> =
        (0..CASES as usize).map(|at| policy.read(json(at)).expect("a parcel")).collect();
    let mut evaluation = policy.evaluation();
    let mut records = records.iter().cycle();
    bencher.bench_local(|| {
        let record = records.next().expect("there are records");
        evaluation.decide_read(record).expect("it was read for this policy").fired_rules().count()
    });
}

/// Checking and compiling a table of five columns.
#[divan::bench(sample_count = 10, sample_size = 1, args = [100, 2_000, 10_000])]
fn loading_a_table(bencher: Bencher<'_, '_>, rows: usize) {
    let row = |row: usize| {
        let (a, b, c, d) = (row / 100, row / 10 % 10, row % 10, row % 3);
        format!("| \"p{a}\" | {b} ..< {} | {c} | _ | {d} ..= 9 || {row} CNY |", b + 1)
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    let text = format!(
        "record R {{ a: text  b: number  c: number  d: bool  e: number }}
         table t by first {{
           | a: text | b: number | c: number | d: bool | e: number || fee: CNY |
           {}
           | _ | _ | _ | _ | _ || 0 CNY |
         }}
         policy p for R {{ decide fee: CNY by first  rule r {{ then t(a, b, c, d, e) }} }}",
        rows.join("\n")
    );
    bencher.bench_local(|| decider::text(&text));
}

#[divan::bench(sample_count = 10, sample_size = 1, args = [100, 1_000, 10_000])]
fn loading_rules(bencher: Bencher<'_, '_>, rules: usize) {
    let text = texts::policy(&workload::rules(Kind::Dispatched, rules));
    bencher.bench_local(|| decider::text(&text));
}

/// Sixteen decisions, each of which builds on the one before: of one policy, or each of a policy of its own.
#[divan::bench(sample_size = CASES, args = ["one policy", "a chain"])]
fn sixteen_steps(bencher: Bencher<'_, '_>, way: &str) {
    let rules = |step: usize, before: &str| {
        format!(
            "decide step{step}: number by first otherwise {before}
             rule much{step} {{ when amount > {0} CNY and {before} < {step} then step{step} = {before} + 1 }}
             rule old{step} {{ when age > {0} unless {before} > {step} then step{step} = {step} }}",
            step * 10
        )
    };
    let record = "record Order { amount: CNY  age: number }\n".to_string();
    let text = match way == "one policy" {
        true => {
            let steps = (1..=16).map(|step| match step {
                1 => rules(1, "0"),
                step => rules(step, &format!("step{}", step - 1)),
            });
            let steps = steps.collect::<Vec<_>>().join("\n");
            format!("{record} policy step16 for Order {{ {steps} }}")
        }
        false => (1..=16).fold(record, |text, step| {
            let before = match step {
                1 => "0".to_string(),
                step => format!("step{0}.step{0}", step - 1),
            };
            format!("{text} policy step{step} for Order {{ {} }}\n", rules(step, &before))
        }),
    };
    let rulebook = rulebook::Rulebook::from_sources([("a.policy", text)]).expect("it is sound");
    let policy = rulebook.policy("step16").expect("it is there");
    let mut evaluation = policy.evaluation();
    let prepare = |case: Case| {
        let (amount, age) = (case.json.len() % 200, case.json.len() % 90);
        policy.read(format!(r#"{{"amount": {amount}, "age": {age}}}"#)).expect("the record fits")
    };
    each(bencher, prepare, |record| {
        evaluation.decide_read(record).map(|decision| decision.outcome("step16").is_ok())
    });
}

/// A rule that calls a script once: `risk` of the record's numbers, a dozen steps.
#[cfg(feature = "scripts")]
#[divan::bench(sample_size = CASES)]
fn one_script_call(bencher: Bencher<'_, '_>) {
    const POLICY: &str = r#"
        record Order { amount: CNY  score: number  age: number }
        fn risk(amount: CNY, score: number, age: number) -> number from "scripts/risk.rhai"
        policy orders for Order {
          decide risk: number by first
          rule all { then risk(amount, score, age) }
        }"#;
    const SCRIPT: &str = r#"
        fn risk(amount, score, age) {
          let risk = (5 - score) / 5;
          if amount > money(200, "CNY") { risk *= 1.5; }
          if age < 30 { risk += 0.1; }
          min(risk, 1)
        }"#;
    let sources = [("a.policy", POLICY), ("scripts/risk.rhai", SCRIPT)];
    let rulebook = rulebook::Rulebook::from_sources(sources).expect("the sources are sound");
    let policy = rulebook.policy("orders").expect("it is there");
    let mut evaluation = policy.evaluation();
    let prepare = |case: Case| {
        let (score, age) = (case.json.len() % 50, case.json.len() % 90);
        let json = format!(
            r#"{{"amount": {}, "score": "{}", "age": {age}}}"#,
            age * 4,
            score as f64 / 10.0
        );
        policy.read(json).expect("the record fits")
    };
    each(bencher, prepare, |record| {
        evaluation.decide_read(record).map(|decision| decision.outcome("risk").is_ok())
    });
}
