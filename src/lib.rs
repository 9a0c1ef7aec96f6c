//! A policy engine for commerce platforms: policy authors write dated rules that read like the
//! published ones, and this crate decides records by them, with reasons.
//!
//! # A first decision
//!
//! A rulebook is made from texts (or a folder, with [`Rulebook::load`]) and checked as a whole.
//! A policy of it decides records, here from JSON.
//!
//! ```
//! use rulebook::Rulebook;
//!
//! let rulebook = Rulebook::from_sources([("returns.policy", r#"
//!     record Return { id: text  amount: CNY  score: number? }
//!
//!     policy returns for Return {
//!       decide refund: support < review < reject by strictest
//!         otherwise support because "small returns are refunded at once"
//!
//!       rule high_amount {
//!         when amount > 2000 CNY
//!         then review
//!         because "{amount} is more than we refund unseen"
//!       }
//!     }"#)])?;
//! let policy = rulebook.policy("returns")?;
//!
//! let decision = policy.decide_json(r#"{"id": "r1", "amount": "2599.00"}"#)?;
//! assert_eq!(decision.outcome("refund"), Ok("review"));
//! assert_eq!(decision.reasons(), ["CNY 2,599.00 is more than we refund unseen"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Dates and phases
//!
//! Rules begin, change and end on their dates. A rule may run in `shadow` or `warn` before it
//! decides, and for a share of a key first. The time is an argument, so that every decision can be
//! repeated: [`Policy::at`] sets it, [`Policy::replaying`] takes each record's own date.
//!
//! ```
//! # use rulebook::Rulebook;
//! let rulebook = Rulebook::from_sources([("pay.policy", r#"
//!     record Checkout { shop: text  placed_at: time }
//!
//!     policy wallet for Checkout dated by placed_at {
//!       decide open: bool by first otherwise false
//!       rule new_wallet {
//!         from 2024-09-01 shadow
//!         from 2024-09-12 for 20% by shop
//!         from 2024-10-01
//!         then true
//!       }
//!     }"#)])?;
//! let wallet = rulebook.policy("wallet")?.replaying();
//!
//! let watched = wallet.decide_json(r#"{"shop": "s1", "placed_at": "2024-09-02"}"#)?;
//! assert_eq!(watched.truth("open"), Ok(false));
//! assert_eq!(watched.shadow().map(|rule| rule.name()).collect::<Vec<_>>(), ["new_wallet"]);
//!
//! let general = wallet.decide_json(r#"{"shop": "s1", "placed_at": "2024-10-01"}"#)?;
//! assert_eq!(general.truth("open"), Ok(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Your own types
//!
//! Anything that serialises can be judged; no JSON is written in between.
//!
//! ```
//! # use rulebook::Rulebook;
//! # let rulebook = Rulebook::from_sources([("a.policy", r#"
//! #   record Order { amount: CNY  received: bool = false }
//! #   policy returns for Order {
//! #     decide refund: yes | no by first otherwise no
//! #     rule received { when received and amount <= 200 CNY then yes } }"#)])?;
//! #[derive(serde::Serialize)]
//! struct Order {
//!     amount: f64,
//!     received: bool,
//! }
//!
//! let policy = rulebook.policy("returns")?;
//! let decision = policy.decide(&Order { amount: 59.9, received: true })?;
//! assert_eq!(decision.outcome("refund"), Ok("yes"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many records
//!
//! An [`Evaluation`] keeps its memory from record to record; each thread has its own. A record that
//! is judged more than once (at several times, say) is read once, with [`Policy::read`]. Reasons
//! are rendered when they are read, so those that nobody reads cost nothing.
//!
//! ```
//! # use rulebook::Rulebook;
//! # let rulebook = Rulebook::from_sources([("a.policy", r#"
//! #   record Order { amount: CNY }
//! #   policy returns for Order {
//! #     decide refund: yes | no by first otherwise no
//! #     rule small { from 2024-09-12 when amount <= 200 CNY then yes } }"#)])?;
//! let policy = rulebook.policy("returns")?;
//! let record = policy.read(r#"{"amount": 59.9}"#)?;
//!
//! let mut outcomes = Vec::new();
//! for now in ["2024-09-11T00:00:00Z", "2024-09-12T00:00:00Z"] {
//!     let mut evaluation = policy.at(now.parse()?).evaluation();
//!     outcomes.push(evaluation.decide_read(&record)?.outcome("refund") == Ok("yes"));
//! }
//! assert_eq!(outcomes, [false, true]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Profiles
//!
//! A field such as `shop: Shop by shop_id` is looked up where a record does not bring it: in
//! [`Profiles`], which read files and values into memory, or in a [`ProfileStore`] of your own.
//!
//! ```
//! # use rulebook::{Profiles, Rulebook};
//! # use std::sync::Arc;
//! let rulebook = Rulebook::from_sources([("a.policy", r#"
//!     record Shop { id: text  score: number }
//!     record Order { amount: CNY  shop_id: text  shop: Shop by shop_id }
//!     policy returns for Order {
//!       decide refund: yes | no by first otherwise no
//!       rule trusted { when shop.score >= 4.8 and amount <= 200 CNY then yes }
//!     }"#)])?;
//! let mut profiles = Profiles::new(&rulebook);
//! profiles.insert("Shop", &serde_json::json!({"id": "s1", "score": 4.9}))?;
//!
//! let policy = rulebook.policy("returns")?.with_profiles(Arc::new(profiles));
//! let decision = policy.decide_json(r#"{"amount": 59.9, "shop_id": "s1"}"#)?;
//! assert_eq!(decision.outcome("refund"), Ok("yes"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can go wrong
//!
//! A rulebook with errors does not load, and [`LoadError`] draws every one of them. A record that
//! breaks its declared types is not judged, and [`Rejection`] lists every error with its path. A
//! rule that has no value for a record (a division by zero, say) is a fault of that rule alone; a
//! decision is a fault only where that rule could have changed it.
//!
//! ```
//! # use rulebook::Rulebook;
//! # let rulebook = Rulebook::from_sources([("a.policy", r#"
//! #   record Order { amount: CNY  placed_at: time }
//! #   policy p for Order { decide d: bool by first otherwise false
//! #     rule r { when amount > 1 CNY and placed_at < now then true } }"#)])?;
//! let rejected = rulebook.policy("p")?.decide_json(r#"{"amount": "ten", "placed_at": "2024-02-30"}"#);
//! let errors = rejected.unwrap_err().errors;
//! assert_eq!(errors[0].path, "amount");
//! assert_eq!(errors[1].code, "bad-time");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Decision`] serialises to the same shape that the command line writes. [`explain::explain`]
//! says, for every rule, which clause failed on which values, and the nearest change that would
//! flip each decision.
//!
//! # What holds here
//!
//! A profile is read once: files and values become cells in the layout of their record (`profiles/table.rs`);
//! joining copies those cells into the row and moves what they refer to. Files of a rulebook are walked by
//! `folder.rs`, with links that stay in it, and `bounds.rs` says how much there may be, for colleagues and for
//! strangers.
//!
//! # Features
//!
//! `scripts` (on by default) lets functions come from Rhai scripts, `batch` judges the rows of Arrow batches
//! (`rulebook::batch`), `sqlite` reads profiles from SQLite databases, and `excel` reads tables from workbooks. With `default-features = false` the
//! crate is a library without any of their dependencies. What streams files is a crate of its own,
//! `rulebook-stream`, and so is the command line, `rulebook-cli`.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "batch")]
pub mod batch;
mod bounds;
mod evaluation;
mod folder;
mod include;
#[doc(hidden)]
pub mod inside;
mod load;
mod policy;
mod profiles;
mod rulebook;
pub mod statement;
#[cfg_attr(not(feature = "excel"), path = "workbook/absent.rs")]
mod workbook;

pub use rulebook_core::eval::{
    Applied, Conflict, Decision, Element, Fault, NoOutcome, Obligation, Overridden, RulebookName,
    Verdict,
};
pub use rulebook_core::facts::{
    InputCode, InputError, Profile, ProfileKey, ProfileStore, StoreError,
};

pub use evaluation::{Each, Evaluation, Record, RecordError};
pub use load::{Files, LoadError};
pub use policy::{Policy, Rejection, UnknownPolicy};
pub use profiles::{
    BadProfile, DuplicateProfile, ProfileError, ProfileFormat, ProfileGap, ProfileReport, Profiles,
};
pub use rulebook::{Inspection, Options, Rulebook};
pub use rulebook_core::settings::SETTINGS_FILE;

/// What is wrong with the texts of a rulebook, and where.
pub mod diagnostic {
    pub use rulebook_base::diagnostic::{
        Code, Diagnostic, Label, Severity, Style, render_json, render_text,
    };
    pub use rulebook_base::source::{FileId, Sources, Span};
}

/// What counters ask: earlier records, in memory or in a store of your own.
pub mod history {
    pub use rulebook_core::history::{
        Amount, Answer, Event, History, HistoryError, MemoryHistory, Question, Series, Stretch,
    };
    pub use rulebook_core::program::Counter;
}

/// Why it was decided so, rule by rule, and what would have changed it.
pub mod explain {
    pub use rulebook_core::eval::explain::{
        ClauseExplanation, ConditionExplanation, DecisionExplanation, ElementExplanation,
        Explanation, Flip, Joined, NamedExplanation, PhaseExplanation, ReadExplanation,
        RuleExplanation, Status, ToldValue, explain, explain_with,
    };
    pub use rulebook_core::eval::{Change, Changeable, nearest_changes};
}

/// What single values are: numbers, amounts, dates and times.
pub mod value {
    pub use rulebook_lang::model::{
        Currency, Date, Duration, Json, NoTime, Number, NumbersAsText, Period, Time, Value, Zone,
    };
}

// What services share between their threads.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Rulebook>();
    is_shared::<Policy>();
    is_shared::<Evaluation>();
    is_shared::<Record>();
    is_shared::<Decision>();
    is_shared::<Profiles>();
    is_shared::<LoadError>();
    is_shared::<Rejection>();
};
