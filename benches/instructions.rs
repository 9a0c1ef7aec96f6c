//! Counted instructions of the single steps; `count-instructions` compares them with the baseline.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "what is shared is public, and used in part")]
#![allow(missing_docs, reason = "the macros make public items")]

#[path = "peers/rulebook/src/decider.rs"]
mod decider;
#[path = "peers/rulebook/src/texts.rs"]
mod texts;

use std::hint::black_box;

use decider::{Checkout, hits, read};
use gungraun::prelude::*;
use rulebook::{Evaluation, Policy, Record};
use workload::{Case, Input, Kind, cases};

/// What decides, and the records that it decides about. A benchmark gives it back, since dropping
/// it does not count.
type Prepared<M, P> = (M, Vec<P>);

/// A hundred records, decided about once before anything is counted, so that the memory is there.
fn prepare<M, P, R>(
    model: M,
    prepare: impl FnMut(Case) -> P,
    call: impl FnMut(&mut M, &P) -> R,
) -> Prepared<M, P> {
    each((model, cases(100).map(prepare).collect()), call)
}

fn each<M, P, R>(
    (mut model, inputs): Prepared<M, P>,
    mut call: impl FnMut(&mut M, &P) -> R,
) -> Prepared<M, P> {
    for input in &inputs {
        black_box(call(&mut model, black_box(input)));
    }
    (model, inputs)
}

/// The policy of A.
fn checkout() -> Policy {
    decider::folder(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/rulebook/policies"))
}

fn records() -> Prepared<Checkout, Record> {
    let policy = checkout();
    prepare(Checkout::new(&policy), |case| read(&policy, &case.json), Checkout::of_record)
}

#[library_benchmark(setup = records)]
fn a_in_slots(records: Prepared<Checkout, Record>) -> Prepared<Checkout, Record> {
    each(records, Checkout::of_record)
}

fn json() -> Prepared<Checkout, Vec<u8>> {
    let of_json = |checkout: &mut Checkout, json: &Vec<u8>| checkout.of_json(json);
    prepare(Checkout::new(&checkout()), |case| case.json.into_bytes(), of_json)
}

#[library_benchmark(setup = json)]
fn a_from_json(json: Prepared<Checkout, Vec<u8>>) -> Prepared<Checkout, Vec<u8>> {
    each(json, |checkout, json| checkout.of_json(json))
}

fn structs() -> Prepared<Checkout, Input> {
    prepare(Checkout::new(&checkout()), |case| case.input, Checkout::of_struct)
}

#[library_benchmark(setup = structs)]
fn a_from_a_struct(structs: Prepared<Checkout, Input>) -> Prepared<Checkout, Input> {
    each(structs, Checkout::of_struct)
}

fn thousand_rules(kind: Kind) -> Prepared<Evaluation, Record> {
    let policy = decider::text(&texts::policy(&workload::rules(kind, 1_000)));
    prepare(policy.evaluation(), |case| read(&policy, &case.json), hits)
}

#[library_benchmark(setup = thousand_rules)]
#[bench::one_equality_and_two_ranges(Kind::Dispatched)]
#[bench::two_ranges(Kind::Ranges)]
fn b(records: Prepared<Evaluation, Record>) -> Prepared<Evaluation, Record> {
    each(records, hits)
}

fn thousand_texts() -> String {
    texts::policy(&workload::rules(Kind::Dispatched, 1_000))
}

#[library_benchmark(setup = thousand_texts)]
fn loading_rules(text: String) -> (Policy, String) {
    (decider::text(black_box(&text)), text)
}

library_benchmark_group!(
    name = steps,
    benchmarks = [a_in_slots, a_from_json, a_from_a_struct, b, loading_rules]
);
main!(library_benchmark_groups = steps);
