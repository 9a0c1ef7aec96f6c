//! Rulebook on the workload.

mod decider;
mod texts;

use decider::Decider;
use workload::{Kind, Session, Source};

fn main() {
    let session = Session::from_arguments();

    let checkout = Decider::folder(concat!(env!("CARGO_MANIFEST_DIR"), "/policies"));
    session.decide(
        Source::Memory,
        "a record in slots",
        |case| checkout.read(&case.json),
        |record| checkout.outcomes_of_record(record),
    );
    session.decide(
        Source::Json,
        "JSON bytes",
        |case| case.json.as_str(),
        |json| checkout.outcomes_of_json(json),
    );
    session.decide(
        Source::Struct,
        "a struct through `Serialize`",
        |case| &case.input,
        |input| checkout.outcomes_of_struct(input),
    );

    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "`decide … by all`, a record in slots",
        |rules| Decider::text(&texts::policy(rules)),
        |decider, case| decider.read(&case.json),
        |decider, record| decider.hits(record),
    );
    session.load("parse, check, compile", texts::policy, |text| Decider::text(text));
}
