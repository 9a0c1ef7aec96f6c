//! The `rulebook` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    rulebook_cli::main()
}
