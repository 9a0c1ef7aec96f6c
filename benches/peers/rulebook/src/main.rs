//! Rulebook on the workload.

mod decider;
mod texts;

use decider::{Checkout, hits, hits_one_by_one, read};
use workload::{Kind, Rule, Session, Source};

fn main() {
    let session = Session::from_arguments();

    let policy = decider::folder(concat!(env!("CARGO_MANIFEST_DIR"), "/policies"));
    let mut checkout = Checkout::new(&policy);
    session.decide_json(
        Source::Memory,
        "a record in slots",
        |case| read(&policy, &case.json),
        |record| checkout.of_record(record),
    );
    session.decide_json(
        Source::Json,
        "JSON bytes",
        |case| case.json.as_bytes(),
        |json| checkout.of_json(json),
    );
    session.decide_json(
        Source::Struct,
        "a struct through `Serialize`",
        |case| &case.input,
        |input| checkout.of_struct(input),
    );

    let load = |rules: &[Rule]| {
        let policy = decider::text(&texts::policy(rules));
        (policy.evaluation(), policy)
    };
    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "`decide … by all`, a record in slots",
        load,
        |(_, policy), case| read(policy, &case.json),
        |(evaluation, _), record| hits(evaluation, record),
    );
    session.find(
        &[Kind::Ranges],
        "without the index, one rule after another",
        load,
        |(_, policy), case| read(policy, &case.json),
        |(evaluation, policy), record| hits_one_by_one(policy, evaluation, record),
    );
    session.load("parse, check, compile", texts::policy, |text| decider::text(text));
}
