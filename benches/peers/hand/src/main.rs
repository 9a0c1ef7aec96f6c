//! Hand-written Rust on the workload: the yardstick beside its variants.

use std::collections::HashSet;

use workload::{
    Borrowed, Input, Kind, Session, Source, blocked_domains, hand, hand_borrowed, index,
    matching_indexed, matching_linear,
};

const JSON: &str = "the workload is JSON";

fn main() {
    let session = Session::from_arguments();
    let blocked: HashSet<_> = blocked_domains().into_iter().collect();

    session.decide(
        Source::Memory,
        "the struct function, the yardstick itself",
        |case| &case.input,
        |input| hand(input, &blocked),
    );
    session.decide(
        Source::Json,
        "typed borrowed `serde_json` of a text, the yardstick itself",
        |case| case.json.as_str(),
        |json| hand_borrowed(&serde_json::from_str(json).expect(JSON), &blocked),
    );
    session.decide(
        Source::Json,
        "typed borrowed `serde_json` of bytes, which checks UTF-8",
        |case| case.json.as_bytes(),
        |json| hand_borrowed(&serde_json::from_slice::<Borrowed<'_>>(json).expect(JSON), &blocked),
    );
    session.decide(
        Source::Json,
        "typed owned `serde_json`, every field",
        |case| case.json.as_str(),
        |json| hand(&serde_json::from_str::<Input>(json).expect(JSON), &blocked),
    );

    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "one rule after another",
        |rules| rules.to_vec(),
        |_, case| case.input.clone(),
        |rules, input| matching_linear(rules, input),
    );
    session.find(
        &[Kind::Dispatched],
        "indexed by category",
        index,
        |_, case| case.input.clone(),
        |index, input| matching_indexed(index, input),
    );
    session.load("an index", |rules| rules.to_vec(), |rules| index(rules));
}
