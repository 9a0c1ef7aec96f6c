//! Hand-written Rust on the workload: the yardstick beside its variants.

use std::collections::HashSet;

use workload::{
    Borrowed, Hits, Input, Kind, Session, Source, blocked_domains, hand, hand_borrowed, index,
    matching_collected, matching_indexed, matching_linear,
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
        "typed borrowed `serde_json` of bytes, the yardstick itself",
        |case| case.json.as_bytes(),
        |json| hand_borrowed(&serde_json::from_slice(json).expect(JSON), &blocked),
    );
    session.decide(
        Source::Json,
        "typed borrowed `serde_json` of a text that is known to be UTF-8",
        |case| case.json.as_str(),
        |json| hand_borrowed(&serde_json::from_str::<Borrowed<'_>>(json).expect(JSON), &blocked),
    );
    session.decide(
        Source::Json,
        "bytes checked as a whole, then typed borrowed `serde_json` of the text",
        |case| case.json.as_bytes(),
        |json| {
            let text = str::from_utf8(json).expect(JSON);
            hand_borrowed(&serde_json::from_str::<Borrowed<'_>>(text).expect(JSON), &blocked)
        },
    );
    session.decide(
        Source::Json,
        "typed owned `serde_json` of bytes, every field",
        |case| case.json.as_bytes(),
        |json| hand(&serde_json::from_slice::<Input>(json).expect(JSON), &blocked),
    );

    session.find(
        &[Kind::Dispatched, Kind::Ranges],
        "one rule after another",
        |rules| rules.to_vec(),
        |_, case| case.input.clone(),
        |rules, input| matching_linear(rules, input),
    );
    let mut ids = Vec::new();
    session.find(
        &[Kind::Ranges],
        "one rule after another, collected in a `Vec` that is used again",
        |rules| rules.to_vec(),
        |_, case| case.input.clone(),
        |rules, input| {
            matching_collected(rules, input, &mut ids);
            ids.iter().copied().collect::<Hits>()
        },
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
