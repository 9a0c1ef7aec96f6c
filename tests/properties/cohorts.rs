//! Cohorts are sticky, fair and drawn as flagd draws them.

use proptest::prelude::*;
use rulebook::Rulebook;
use rulebook_lang::hash::{BUCKETS, bucket, murmur3};
use serde_json::json;

use super::cases;

fn members(share: &str, keys: &[String]) -> Vec<String> {
    let text = format!(
        "record R {{ key: text }}
         policy p for R {{
           decide d: bool by first otherwise false
           rule r {{ from 2024-01-01 for {share} by key then true }}
         }}"
    );
    let rulebook = Rulebook::from_sources([("a.policy", text)]).unwrap();
    let policy = rulebook.policy("p").unwrap().at("2024-09-12T00:00:00Z".parse().unwrap());
    let is_member = |key: &&String| {
        let decision = policy.decide_json(json!({ "key": key }).to_string()).unwrap();
        decision.truth("d").unwrap()
    };
    keys.iter().filter(is_member).cloned().collect()
}

#[test]
fn a_larger_share_only_adds_members() {
    let keys: Vec<String> = (0..1_000).map(|number| format!("merchant-{number}")).collect();
    let mut before: Vec<String> = Vec::new();
    for percent in [0.0_f64, 0.01, 1.0, 5.0, 20.0, 33.33, 50.0, 80.0, 99.99, 100.0] {
        let now = members(&format!("{percent}%"), &keys);
        assert!(before.iter().all(|key| now.contains(key)), "{percent}% drops members");
        let expected = percent * 10.0;
        // Four standard deviations of a fair draw.
        let slack = 4.0 * (expected * (1.0 - percent / 100.0)).sqrt() + 1.0;
        let count = now.len() as f64;
        assert!((count - expected).abs() <= slack, "{percent}% has {count} of 1000");
        before = now;
    }
    assert_eq!(before.len(), keys.len());
    assert!(members("0%", &keys).is_empty());
}

#[test]
fn a_share_covers_the_buckets_below_it() {
    for key in ["merchant-1", "merchant-2", "退货"] {
        let key = [key.to_string()];
        let bucket = bucket("p.r", &key[0]);
        let percent = |hundredths: u32| format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        assert!(members(&percent(bucket), &key).is_empty());
        assert_eq!(members(&percent(bucket + 1), &key), key);
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn buckets_lie_in_their_range(salt in "\\PC{0,8}", key in "\\PC{0,8}") {
        prop_assert!(bucket(&salt, &key) < BUCKETS);
        prop_assert_eq!(murmur3(&salt, &key), murmur3("", &format!("{salt}{key}")));
    }
}

#[test]
fn hashes_are_those_of_flagd() {
    let vectors = [
        ("ejOoVL", 0x0000_0000),
        ("bY9fO-", 0x0000_0001),
        ("SI7p-", 0x7fff_ffff),
        ("6LvT0", 0x8000_0000),
        ("ceQdGm", 0xffff_ffff),
    ];
    for (key, hash) in vectors {
        assert_eq!(murmur3("", key), hash, "{key}");
        let (salt, rest) = key.split_at(2);
        assert_eq!(murmur3(salt, rest), hash, "{salt} and {rest}");
        assert_eq!(u64::from(bucket("", key)), (u64::from(hash) * u64::from(BUCKETS)) >> 32);
    }
}
