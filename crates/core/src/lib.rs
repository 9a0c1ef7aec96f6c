//! Checks policies, compiles them, reads records and judges them.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! # What holds here
//!
//! - **Three rooms judge, tell and ask again.** `eval/judge/` comes from a `Case` to a `Judgement`, which has no
//!   words; `eval/tell/` has them: a `Decision` with its outcomes, reasons, obligations and faults; `eval/again/`
//!   judges once more: without a rule, with another value, with somebody who looks on. Each uses those before it.
//!   The one circle is that of the matter itself: a node may read a decision of another policy, which is judged.
//! - **One program.** Deciding, explaining and the search for the nearest change run the same nodes on the same
//!   machine (`eval/judge/machine.rs`). Explanations never re-read the tree, except to quote it.
//! - **What cannot be missing is not asked whether it is.** What stands in a vector is named by an id of its own
//!   type (`ids.rs`), which an `IdVec` of that type alone takes; an id of another vector stops the run.
//! - **Coverage looks on.** The machine takes a `Watch`, nobody when deciding. For coverage the rulebook is
//!   compiled once more with nodes of their own for every place (`Places::Each`), and each rule is evaluated
//!   again by the same functions with somebody who notes what it came to.
//! - **What a policy is made of is said once.** `check/typed/policy.rs` is generic over a stage, which says what
//!   stands for an expression; `compile/policy.rs` maps the typed tree to the program, which adds what only
//!   judging needs (`program/policy.rs`).
//! - **Whoever checks a piece returns it.** It reads the names that are declared (`check/names.rs`) and tells a
//!   sink what is wrong (`check/sink.rs`); `check/mod.rs` alone puts pieces together, in the order in which they
//!   need each other. A `Wrong` says that it has been told why there is nothing to return; `check/infer.rs`
//!   makes of it an expression that fits anywhere, so that what stands around is looked at as well.
//! - **The index only leaves out what cannot fire.** Conditions on single values, and the dates of phases,
//!   become ranges of keys (`program/index/condition.rs`); a rule that says nothing else fires where they hold, any
//!   other rule that is found is evaluated. Tests stop at the first part that could fault, so a fault is never
//!   passed over. `judge` keeps the rules that fired or faulted; what became of the others (`state_of`) is
//!   evaluated when somebody asks. `tests/index.rs` sets one against the other.
//! - **A table is lines of numbers.** `check/typed/table.rs` numbers the values that the cells of a column tell
//!   apart; each row accepts ranges of these. Gaps, overlaps and dead rows are searched for on the numbers
//!   (`check/table/search.rs`, exact up to a bound that is told), and look-ups find rows by the classifier that
//!   finds rules (`program/index/classifier.rs`). The cells of CSV files are read by the rules for cells in place.
//! - **Overlays are gone after the check.** Their rules stand behind those of the policy that they amend
//!   (`check/overlay.rs`), with their full names; what is judged is one policy. Files of included rulebooks are
//!   files like any other, but for the place that includes them (`SourceFile::included`) and the folder at
//!   which their paths start (`src/include.rs`).
//! - **What is costly is worked out once for a record.** Equal expressions of a policy are one node;
//!   `program/compile/once.rs` marks those that take long and are asked for more than once, and the evaluator keeps
//!   their values, or why there is none, with what else it found out about the record (`eval/judge/once.rs`). Whoever
//!   watches an evaluation sees all of it worked out anew. Policies that judge a record together share that, too
//!   (`Together`).
//! - **A decision of another policy is judged when it is read.** `eval/judge/readings.rs` keeps, beside the
//!   record, one place for each policy that the one at hand reads; the first node that reads it has it judged on
//!   the same values, at the same time, in the memory of the last record.
//! - **A rule is dropped by judging again.** `eval/again/retrial.rs` judges the same row without a rule, or with
//!   it enforced, by the functions that decide; so what `simulate` tells of a rule is what deleting it from the
//!   text would do. Simulations add up side by side, and merging them does not depend on who counted.
//! - **Errors travel without places.** Kernels return a meaning-only `Problem`; the machine adds the node; the
//!   span table leads from the node to the text.
//! - **A row is a few vectors.** Values are cells; texts and lists are ranges; the keys of tested values stand
//!   beside them. Nested records are laid out flat, so a field is a slot. Rows and judgements are used again
//!   without an allocation (`tests/allocations.rs`).
//! - **JSON is scanned, not deserialised.** `facts/scanner.rs` hands out tokens in place and skips what no
//!   record declares; a number goes from its digits to units, never through a float. It takes and refuses what
//!   `serde_json` does, in the same words (`tests/properties/records.rs`).
//! - **Columns mean what JSON means.** A schema of Arrow is bound to the layout of a record once
//!   (`facts/columns/bind.rs`), and each row is read through the same checks as JSON, with the same words
//!   (`tests/columns/`). What a text in a CSV cell stands for is said once, for profiles and for batches
//!   (`facts/columns/text.rs`).
//! - **Rows that no rule tells apart are judged once.** For batches, the tests of the index stand in words of
//!   bits (`program/index/sieve.rs`), one bit for each conjunction; a column takes away the bits that its values rule
//!   out, a dictionary once per value (`eval/batch/`). Rows with the same bits are a class: the first is judged
//!   as any row is, and the others take over its decision if nothing in it could differ. A row for which that
//!   is not certain (a fault, a join, a computed outcome) is judged by itself. Only outcomes, rules and faults
//!   are taken over, never reasons (`tests/index/classes.rs`, `tests/columns/shipped.rs`); they are kept once
//!   for all rows of a class and laid out at last (`src/batch/outcomes.rs`). Where the statistics of a row
//!   group leave all its rows one word, they are of one class without being read (`eval/batch/bounds.rs`,
//!   `crates/stream/src/columns/read/bounds.rs`).
//! - **Counters are fields.** What a policy reads of counters lies in slots behind those of the record, filled
//!   between reading and judging, so that the index and explanations see fields. Deciding asks the history and
//!   never changes it. `eval` counts in a pass of its own (`crates/stream/src/replay.rs`) and judges with the
//!   values at hand, so that its threads need not know of each other.
//! - **A fault is three-valued.** A rule that faulted may have fired or not; `eval/judge/mod.rs` lets a decision
//!   stand only if no combination of answers changes it.
//! - **Scripts do no harm.** `script/` alone knows Rhai. Its engine has no packages that reach outside, limits
//!   on everything that a call takes, and a stack that suffices for them; operators and functions are those of
//!   `lang`. A call gives a value of the declared type or a fault, panics included. Without the feature
//!   `scripts`, `script/absent.rs` stands in its place, and no other file knows.
//! - **Work is counted, never timed.** Judging counts the steps of a policy on a record (`eval/judge/work.rs`;
//!   kernels say what they take, `compile/steps.rs` what expressions do as they are written), scripts the
//!   operations of a call by the size of its values (`script/meter.rs`), the search for broken invariants the
//!   conditions that it learns and looks at and the steps of what it judges; an explanation has steps of its
//!   own (`eval/again/explain/`). What takes too many ends as a fault, or is told; so rows, batches and explanations
//!   end alike.
//! - **The core is pure.** No clock, environment or files below `rulebook/` (clippy's `disallowed-methods` says
//!   so); `now` is an argument.

pub mod analyse;
pub mod check;
pub mod eval;
pub mod facts;
pub mod history;
pub mod ids;
pub mod program;
pub mod script;
pub mod settings;
pub mod texts;
