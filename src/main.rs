//! The `rulebook` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    rulebook::cli::main()
}
