//! Any bytes are decided or rejected, the same each time, whichever way they come in.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rulebook::{Decision, Policy, Rejection, Rulebook};

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let rulebook = Rulebook::from_sources([
        ("every_type.policy", include_str!("every_type.policy")),
        ("rulebook.yaml", "zone: Asia/Shanghai"),
    ]);
    rulebook.unwrap().policy("fuzz").unwrap().replaying()
});

fuzz_target!(|bytes: &[u8]| {
    let decided = told(POLICY.decide_json(bytes));
    assert_eq!(decided, told(POLICY.decide_json(bytes)));

    // What is no JSON to others is none here, and the other way round.
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_json = std::str::from_utf8(json)
        .is_ok_and(|json| serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok());
    let refused = POLICY.decide_json(bytes).is_err_and(|rejection| {
        ["bad-json", "bad-encoding"].contains(&rejection.errors[0].code)
    });
    assert!(is_json != refused || has_lone_surrogate(json), "{bytes:?}");

    // Digits that a float loses are lost in the value already, so the value is written anew.
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    let rewritten = POLICY.decide_json(value.to_string());
    assert_eq!(told(rewritten), told(POLICY.decide(&value)), "{value}");
});

/// An escape that stands for half a character is seen only where the text is read.
fn has_lone_surrogate(json: &[u8]) -> bool {
    json.windows(3).any(|bytes| bytes.eq_ignore_ascii_case(b"\\ud"))
}

/// The decision as JSON; nothing for a rejected record, which must say why.
fn told(result: Result<Decision, Rejection>) -> Option<String> {
    match result {
        Ok(decision) => Some(serde_json::to_string(&decision).unwrap()),
        Err(rejection) => {
            assert!(!rejection.errors.is_empty());
            None
        }
    }
}
