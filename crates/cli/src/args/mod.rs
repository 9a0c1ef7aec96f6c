//! Arguments that several commands take, and what the help of all of them ends with.
//!
//! Help is wrapped once, by clap, at the width of the terminal: a paragraph is one line here, and what must
//! stay as it stands (examples, lists) has lines of less than 80 columns.

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  done
  1  what was asked about failed: errors in policies, a failed scenario, a
     rejected record, a decision that is a fault, `--fail-on` met, a file that
     `fmt --check` would change, coverage below `--min-coverage`, fewer edits
     noticed than `--min-killed`
  2  wrong usage, input that cannot be read, or output that cannot be written,
     or was not read to its end (as by `head`) where a history or rejects were
     to be kept with it
  101  an error in Rulebook itself
  130  interrupted

However a command ends, a file that it writes is complete, or is as it was before."
    };
}

mod compare;
mod shared;

pub(super) use compare::CompareArgs;
pub(super) use shared::{
    CellArgs, HistoryArgs, InputArgs, JudgeArgs, NumbersArgs, ReadingArgs, RulebookArgs,
    RulebooksArgs, TextFormat, TrustArgs, count, some,
};
