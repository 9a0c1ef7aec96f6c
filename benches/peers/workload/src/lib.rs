//! The workload that every engine decides: checkouts, what hand-written Rust makes of them, and the clock.

mod hand;
mod input;
mod random;
mod rules;
mod session;

pub use hand::{
    DIGITAL_WALLETS, NOT_RETURNABLE, Outcomes, PILOT_CATEGORIES, blocked_domains, hand,
    hand_borrowed, instants,
};
pub use input::{
    Borrowed, BorrowedBuyer, BorrowedLink, BorrowedMerchant, BorrowedOrder, Case, Input, cases,
    inputs,
};
pub use rules::{
    Hits, Kind, Rule, index, matching_collected, matching_indexed, matching_linear, rules,
};
pub use session::{Measure, Session, Source};
