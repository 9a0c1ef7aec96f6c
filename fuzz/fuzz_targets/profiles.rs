//! Any bytes are a file of profiles, in each text format, or are refused: every profile is good or bad
//! and is told why, a good one joins, and a bad one rejects the record that needs it.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use rulebook::{ProfileError, ProfileFormat, ProfileReport, Profiles, Rulebook};

const POLICIES: &str = "
    enum Kind { small, large, .. }
    record Group { no: number  name: text  since: date? }
    record Place { city: text  remote: bool = false }
    record Merchant {
      id: text  score: number?  fee: CNY?  kind: Kind = small  at: time?  waits: duration?
      site: url?  tags: list of text = []  places: list of Place = []
      home: Place? as \"where.at\"  group_no: number?  group: Group? by group_no
    }
    record Order { id: text  merchant: Merchant by id  kind: Kind?  same: Shop? by kind }
    record Shop { kind: Kind  open: bool }
    policy p for Order {
      decide d: bool by first otherwise false
      rule r { when merchant.score is present and merchant.score > 4 then true }
      rule s { when merchant.group is present and merchant.group.name == \"x\" then true }
      rule t { when same is present and same.open then true }
    }";

static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    let settings = "profiles: { Group: { key: no }, Shop: { key: kind } }";
    Rulebook::from_sources([("p.policy", POLICIES), ("rulebook.yaml", settings)]).unwrap()
});

const FORMATS: [ProfileFormat; 5] = [
    ProfileFormat::Json,
    ProfileFormat::JsonLines,
    ProfileFormat::Yaml,
    ProfileFormat::Csv,
    ProfileFormat::Tsv,
];

fuzz_target!(|bytes: &[u8]| {
    for format in FORMATS {
        for record in ["Merchant", "Group", "Shop"] {
            let mut profiles = Profiles::new(&BOOK);
            match profiles.read_text(record, format, "fuzz", bytes) {
                Ok(report) => counted(&profiles, record, &report, bytes, format),
                Err(ProfileError::Duplicates { duplicates, .. }) => assert!(!duplicates.is_empty()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
            judged(profiles);
        }
    }
});

fn counted(
    profiles: &Profiles,
    record: &str,
    report: &ProfileReport,
    bytes: &[u8],
    format: ProfileFormat,
) {
    let bad = report.bad.len();
    assert!(report.bad.iter().all(|bad| !bad.errors.is_empty() && !bad.place.is_empty()));
    // Those whose key cannot be read are told, and nothing can ask for them.
    let known = profiles.count(record);
    assert!(report.good <= known && known <= report.good + bad);
    if format == ProfileFormat::JsonLines {
        let lines = bytes.split(|byte| *byte == b'\n');
        let lines = lines.filter(|line| !line.trim_ascii().is_empty()).count();
        assert_eq!(report.good + bad, lines);
    }
}

/// Records that need what was read are decided or rejected.
fn judged(profiles: Profiles) {
    let policy = BOOK.policy("p").unwrap().with_profiles(Arc::new(profiles));
    for order in [r#"{"id": "m1", "kind": "small"}"#, r#"{"id": "1", "kind": "other"}"#] {
        if let Err(rejection) = policy.decide_json(order) {
            assert!(!rejection.errors.is_empty());
        }
    }
}
