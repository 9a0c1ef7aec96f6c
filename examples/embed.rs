//! A service's view: load once, share, decide many records, tell reasons in the reader's language.
//!
//! Run with `cargo run --example embed`.

use std::sync::Arc;
use std::thread;

use rulebook::history::MemoryHistory;
use rulebook::{Options, Rulebook};
use serde::Serialize;

/// A request as the service has it; its fields are named as the policy's record declares them.
#[derive(Serialize)]
struct RefundRequest {
    id: &'static str,
    claim: &'static str,
    cause: &'static str,
    requested_at: &'static str,
    order: Order,
    buyer: Buyer,
    merchant: Merchant,
}

#[derive(Serialize)]
struct Order {
    id: &'static str,
    merchant_id: &'static str,
    category: &'static str,
    amount: f64,
    signed_at: &'static str,
    placed_at: &'static str,
}

#[derive(Serialize)]
struct Buyer {
    id: &'static str,
}

#[derive(Serialize)]
struct Merchant {
    id: &'static str,
    experience_score: Option<f64>,
}

fn request(id: &'static str, experience_score: Option<f64>) -> RefundRequest {
    RefundRequest {
        id,
        claim: "refund_only",
        cause: "misdescribed",
        requested_at: "2024-08-20T10:00:00+08:00",
        order: Order {
            id: "o1",
            merchant_id: "m1",
            category: "toys",
            amount: 59.0,
            signed_at: "2024-08-19",
            placed_at: "2024-08-01",
        },
        buyer: Buyer { id: "b1" },
        merchant: Merchant { id: "m1", experience_score },
    }
}

fn told(due: Option<rulebook::value::Time>) -> String {
    due.map_or("at any time".to_string(), |time| time.to_string())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Checked and compiled once; every clone shares it.
    let options = Options::new().parameter("trusted_score", "4.7");
    let rulebook = Rulebook::load_with("policies/taobao", &options)?;
    // The buyer's earlier claims are counted in a history, which is empty here.
    let history = Arc::new(MemoryHistory::new());
    let policy = rulebook.policy("refund_only")?.replaying().with_history(history);

    let requests = [request("r1", Some(4.7)), request("r2", None)];
    thread::scope(|scope| {
        for record in &requests {
            let policy = policy.clone();
            scope.spawn(move || match policy.decide(record) {
                Ok(decision) => {
                    let outcome = decision.outcome("refund").unwrap_or("undecided");
                    println!("{}: {outcome}: {}", record.id, decision.reasons().join("; "));
                    for duty in decision.obligations() {
                        println!("{}: {} is due {}", record.id, duty.name, told(duty.due));
                    }
                    let told = decision.in_language("zh").reasons();
                    println!("{}: {}", record.id, told.join("；"));
                }
                Err(rejection) => println!("{}: {rejection}", record.id),
            });
        }
    });
    Ok(())
}
