//! The memory that a loaded rulebook holds on to.

mod texts;

use peak_alloc::PeakAlloc;
use rulebook::Rulebook;
use workload::Session;

// In a program of its own, since counting takes time.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    Session::from_arguments().retain(
        "a rulebook",
        texts::policy,
        |text| Rulebook::from_sources([("rules.policy", text)]).expect("the policy is valid"),
        || ALLOCATOR.current_usage(),
    );
}
