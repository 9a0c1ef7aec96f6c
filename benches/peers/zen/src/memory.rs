//! The memory that a compiled decision table holds on to.

mod table;

use peak_alloc::PeakAlloc;
use workload::Session;

// In a program of its own, since counting takes time.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    Session::from_arguments().retain(
        "a compiled table",
        table::document,
        |document| table::compile(document),
        || ALLOCATOR.current_usage(),
    );
}
