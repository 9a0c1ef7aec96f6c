//! The rulebook that most tests run: small, with one of everything.

use crate::harness::Folder;

pub(crate) const SETTINGS: &str = include_str!("shop/rulebook.yaml");
pub(crate) const POLICY: &str = include_str!("shop/shop.policy");
/// Scenarios that pass.
pub(crate) const SCENARIOS: &str = include_str!("shop/tests/refunds.yaml");

/// A folder with the rulebook in `shop/`.
pub(crate) fn shop() -> Folder {
    Folder::new()
        .with("shop/rulebook.yaml", SETTINGS)
        .with("shop/shop.policy", POLICY)
        .with("shop/tests/refunds.yaml", SCENARIOS)
}

/// A request as one line of JSON.
pub(crate) fn request(id: &str, amount: &str) -> String {
    format!(
        r#"{{"id":"{id}","claim":"refund_only","requested_at":"2024-09-12T10:00:00+08:00","amount":{amount}}}"#
    )
}

/// Requests r0, r1, … as JSON lines; every third is above the limit.
pub(crate) fn requests(count: usize) -> String {
    let amount = |number| if number % 3 == 2 { "250" } else { "\"59.00\"" };
    (0..count).map(|number| request(&format!("r{number}"), amount(number)) + "\n").collect()
}
