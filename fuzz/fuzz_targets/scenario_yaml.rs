//! Any scenario file is read or refused with a place; what is read also runs.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rulebook_tools::scenario;
use rulebook_base::source::FileId;
use rulebook::{Files, Options, Rulebook};

static RULEBOOK: LazyLock<(Files, Rulebook)> = LazyLock::new(|| {
    let files = Files::from_texts([("every_type.policy", include_str!("every_type.policy"))]);
    let rulebook = Rulebook::inspect(&files, &Options::new()).into_rulebook().unwrap();
    (files, rulebook)
});

fuzz_target!(|text: &str| {
    let (files, rulebook) = &*RULEBOOK;
    match scenario::read(FileId(0), text, rulebook.program(), &rulebook.settings().zone) {
        Ok(scenarios) => {
            let ran = scenario::run(files, rulebook, &scenarios);
            assert_eq!(ran.len(), scenarios.scenarios.len());
        }
        Err(slips) => assert!(!slips.is_empty()),
    }
});
