//! Why a record is decided as it is, and the nearest change that would flip it.
//!
//! Run with `cargo run --example explain`.

use rulebook::Rulebook;
use rulebook::explain::explain;

const POLICY: &str = r#"
    record Order { id: text  amount: CNY  score: number?  placed_at: time }

    parameter trusted: number = 4.8

    policy review for Order dated by placed_at {
      decide handling: accept < review by strictest otherwise accept

      rule large {
        from 2024-09-12
        when amount > 500 CNY
        unless score is present and score >= trusted
        then review
        because "{amount} from a shop that is not trusted yet"
      }
    }"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rulebook = Rulebook::from_sources([("review.policy", POLICY)])?;
    let order = r#"{"id": "o1", "amount": 520, "score": 4.5, "placed_at": "2024-09-20"}"#;
    let decision = rulebook.policy("review")?.replaying().decide_json(order)?;
    let explanation = explain(&decision, rulebook.sources());
    print!("{}", explanation.to_text());

    let flip = explanation.decisions.first().and_then(|decision| decision.flips.as_ref());
    if let Some(flip) = flip {
        println!("\nnearest change: {} from {} to {}", flip.path, flip.from, flip.to);
    }
    Ok(())
}
