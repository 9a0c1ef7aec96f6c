//! The generated rules as a policy.

use std::fmt::Write;

use workload::Rule;

const RECORDS: &str = "
record Order { amount: CNY }
record Merchant { category: text, experience_score: number }
record Checkout { order: Order, merchant: Merchant }
";

/// A policy that decides which of the rules match: each gives its number.
pub fn policy(rules: &[Rule]) -> String {
    let mut text = format!("{RECORDS}\npolicy matching for Checkout {{\n");
    text.push_str("  decide hits: number by all\n");
    for Rule { id, category, above, below } in rules {
        let _ = write!(text, "  rule r{id} {{ when ");
        if let Some(category) = category {
            let _ = write!(text, "merchant.category == \"{category}\" and ");
        }
        let _ = writeln!(
            text,
            "order.amount > {above} CNY and merchant.experience_score < {below} then {id} }}"
        );
    }
    text.push_str("}\n");
    text
}
