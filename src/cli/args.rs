//! The arguments of every command, with their help.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::profiles::ProfileArgs;

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  done
  1  what was asked about failed: errors in policies, a failed scenario, a rejected record,
     a decision that is a fault, `--fail-on` met, a file that `fmt --check` would change,
     coverage below `--min-coverage`, fewer edits noticed than `--min-killed`
  2  wrong usage, input that cannot be read, or output that cannot be written
  101  an error in Rulebook itself
  130  interrupted

However a command ends, a file that it writes is complete, or is as it was before."
    };
}

/// A policy engine for commerce platforms.
#[derive(Debug, Parser)]
#[command(
    name = "rulebook",
    version,
    about = "Checks policies, judges records by them, and says why",
    after_help = exit_codes!(),
    after_long_help = exit_codes!(),
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tell everything that is wrong with a rulebook
    Check(CheckArgs),
    /// Lay out policies in the one canonical way
    Fmt(FmtArgs),
    /// Judge records and write the decisions
    Eval(EvalArgs),
    /// Say why a record is decided as it is, and what would change that
    Explain(ExplainArgs),
    /// Say what a change would do to records that are there
    Simulate(SimulateArgs),
    /// Run the scenarios of a rulebook
    Test(TestArgs),
    /// Write pages about a rulebook for those who read policies
    Doc(DocArgs),
    /// Tell when what comes into force, in which phase, from which source
    Timeline(TimelineArgs),
    /// Write a first rulebook into a new folder
    Init(InitArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
}

/// Where the rulebook lies and what is set in it.
#[derive(Debug, ClapArgs)]
pub(super) struct RulebookArgs {
    /// A folder with `rulebook.yaml` and `.policy` files, or one `.policy` file
    #[arg(value_name = "RULEBOOK")]
    pub(super) path: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook check policies/taobao
  rulebook check policies/taobao --deny-warnings
  rulebook check one.policy --format json | jq '.[].code'

",
    exit_codes!()
))]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// How to tell the problems
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(super) format: TextFormat,
    /// Let warnings fail the check as errors do
    #[arg(long)]
    pub(super) deny_warnings: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook fmt policies/taobao
  rulebook fmt policies/taobao --check

",
    exit_codes!()
))]
pub(super) struct FmtArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// Change nothing; name the files that would change and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
}

/// How records are read.
#[derive(Debug, ClapArgs)]
pub(super) struct ReadingArgs {
    /// The format of every input [default: told by its ending, else by its first bytes]
    #[arg(long = "input-format", value_name = "FORMAT", value_enum)]
    pub(super) input_format: Option<InputFormat>,
}

/// Where counters find what earlier runs have counted.
#[derive(Debug, ClapArgs)]
pub(super) struct HistoryArgs {
    /// Count the records of earlier runs too, which are kept in this file [default: only those of
    /// the input count]
    #[arg(long, value_name = "FILE")]
    pub(super) history: Option<PathBuf>,
}

/// What `eval` and `explain` share.
#[derive(Debug, ClapArgs)]
pub(super) struct JudgeArgs {
    /// The time of the evaluation [default: each record's own `dated by` time, else the clock]
    #[arg(long, value_name = "TIME")]
    pub(super) now: Option<String>,
    /// Give a parameter another value; may be repeated
    #[arg(long = "set", value_name = "PARAMETER=VALUE")]
    pub(super) set: Vec<String>,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<String>,
    #[command(flatten)]
    pub(super) profiles: ProfileArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Input is JSON (an object or an array of them), JSON lines or YAML, told apart by `--input-format`,
else by the file's ending and else by its first bytes; `-` is standard input. A record that breaks its declared types is
rejected as a whole with every error in it, and the rest is carried on: records in = decided +
rejected.

Examples:
  rulebook eval policies/taobao --policy refund_only --input policies/taobao/data/refund_only.jsonl
  rulebook eval policies/taobao --policy refund_only --input orders.jsonl --set trusted_score=4.7
  rulebook eval policies/wechat --policy links --input links.json --lang zh --format json
  cat orders.jsonl | rulebook eval policies/marketplace --input - --rejects bad.jsonl > out.jsonl
  rulebook eval policies/taobao --input today.jsonl --fail-on refund=reject
  rulebook eval policies/taobao --input today.jsonl --history counted.sqlite
  rulebook eval policies/marketplace --input orders.jsonl --profile Merchant=merchants.csv
  rulebook eval policies/wechat --policy links --input taps.jsonl --format dsa --rejects bad.jsonl

",
    exit_codes!()
))]
pub(super) struct EvalArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// The policy to judge by; may be repeated [default: every policy whose record fits]
    #[arg(long = "policy", value_name = "NAME")]
    pub(super) policies: Vec<String>,
    /// A file of records, a pattern in quotes such as 'data/*.jsonl', or `-` for standard input; may
    /// be repeated
    #[arg(long = "input", value_name = "FILE", required = true)]
    pub(super) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// How to write decisions [default: a table on a terminal, else JSON lines]
    #[arg(long, value_enum)]
    pub(super) format: Option<DecisionFormat>,
    /// How many records the table shows for each policy; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) rows: usize,
    /// Write decisions to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Keep rejected records in this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    /// Judge inputs again that the history has counted, as they were judged the first time; nothing
    /// is added
    #[arg(long, requires = "history")]
    pub(super) again: bool,
    /// Exit with 1 if any record is decided so; may be repeated
    #[arg(long = "fail-on", value_name = "DECISION=OUTCOME")]
    pub(super) fail_on: Vec<String>,
    /// How many threads judge; the output is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook explain policies/taobao --policy refund_only --input policies/taobao/data/refund_only.jsonl
  rulebook explain policies/taobao --policy refund_only --input orders.jsonl --record 41
  rulebook explain policies/wechat --policy links --input link.json --now 2021-09-16 --format json

",
    exit_codes!()
))]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// The policy to explain [default: the first whose record fits]
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// A file of records, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) input: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    /// Which record of the input, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) record: u64,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(super) format: TextFormat,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each record is judged twice, as of its own date: by what is compared with, and by the candidate. That
is another rulebook (`--baseline`), another time (`--at A --at B`), or the same rulebook with other
parameters (`--set`). With none of these, the rulebook alone is told.

Examples:
  rulebook simulate policies/marketplace --policy delivery_goodwill --input orders.jsonl \\
    --set late_pays=60% --by order.purchased_at --sum order.freight
  rulebook simulate new_rules --baseline policies/marketplace --policy purchase_review \\
    --input orders.jsonl --by order.category --sum order.amount --format json > impact.json
  rulebook simulate policies/taobao --policy refund_only --input orders.jsonl \\
    --at 2024-08-08 --at 2024-08-09

",
    exit_codes!()
))]
pub(super) struct SimulateArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// The policy to simulate [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// A file of records, a pattern in quotes such as 'data/*.jsonl', or `-` for standard input; may
    /// be repeated
    #[arg(long = "input", value_name = "FILE", required = true)]
    pub(super) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// Compare with this rulebook
    #[arg(long, value_name = "RULEBOOK")]
    pub(super) baseline: Option<PathBuf>,
    /// Judge every record at this time; twice to compare two times [default: each record's own date]
    #[arg(long, value_name = "TIME")]
    pub(super) at: Vec<String>,
    /// Give a parameter of the candidate another value; may be repeated
    #[arg(long = "set", value_name = "PARAMETER=VALUE")]
    pub(super) set: Vec<String>,
    /// Tell the same by the values of a field, or by the months of a time; may be repeated
    #[arg(long = "by", value_name = "FIELD")]
    pub(super) by: Vec<String>,
    /// Add up a field, a number or an amount; may be repeated
    #[arg(long = "sum", value_name = "FIELD")]
    pub(super) sum: Vec<String>,
    /// How many of the records that are decided otherwise are told with both explanations
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) sample: usize,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<String>,
    #[command(flatten)]
    pub(super) profiles: ProfileArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(super) format: TextFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write a page about it to this file too, for a browser; it needs no server and no network
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// How many threads judge; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook test policies/taobao
  rulebook test policies/taobao --filter 'in force'
  rulebook test policies/taobao --format junit > scenarios.xml
  rulebook test policies/marketplace --profile Merchant=few_merchants.jsonl
  rulebook test policies/taobao --coverage --min-coverage rules=95,clauses=85
  rulebook test policies/taobao --coverage --format html --output coverage.html
  rulebook test policies/taobao --mutate --min-killed 90

",
    exit_codes!()
))]
pub(super) struct TestArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// Run only scenarios whose name, policy or file contains this text
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) filter: String,
    #[command(flatten)]
    pub(super) profiles: ProfileArgs,
    /// How to tell the results
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    pub(super) format: TestFormat,
    /// Tell which rules, phases and conditions the scenarios exercise, drawn on the policies
    #[arg(long)]
    pub(super) coverage: bool,
    /// Exit with 1 if the coverage of rules or of clauses is below this percentage; several as
    /// `rules=95,clauses=85,phases=90,defaults=100,rows=100`
    #[arg(long, value_name = "N", requires = "coverage")]
    pub(super) min_coverage: Option<Minimum>,
    /// Write the coverage to this file instead of standard output
    #[arg(long, value_name = "FILE", requires = "coverage")]
    pub(super) output: Option<PathBuf>,
    /// Change the policies by small edits, and tell which of them no scenario notices
    #[arg(long, conflicts_with = "coverage")]
    pub(super) mutate: bool,
    /// Only edits that change this policy
    #[arg(long, value_name = "NAME", requires = "mutate")]
    pub(super) policy: Option<String>,
    /// Exit with 1 if scenarios notice less than this percentage of the edits
    #[arg(long, value_name = "N", requires = "mutate", value_parser = percentage)]
    pub(super) min_killed: Option<f64>,
    /// How many threads try edits; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N", requires = "mutate")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each rule is told in words, with its dates drawn, its sources and its scenarios as examples, in each
language of the rulebook. HTML needs no server and no network.

Examples:
  rulebook doc policies/taobao --output site
  rulebook doc policies/taobao --output wiki --format markdown

",
    exit_codes!()
))]
pub(super) struct DocArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// The folder to write to; files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub(super) output: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = DocFormat::Html)]
    pub(super) format: DocFormat,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Rules with their phases, announcements, parameters and rows of tables that have dates, and overlays
each by itself. In text, a bar is drawn `█` in force, `▄` in force for some, `▒` warning, `░` shadow,
`━` a value, `◆` a day; spans between two days are drawn alike.

Examples:
  rulebook timeline policies/taobao
  rulebook timeline policies/taobao --format html --output timeline.html
  rulebook timeline policies/wechat --format svg --lang zh > timeline.svg

",
    exit_codes!()
))]
pub(super) struct TimelineArgs {
    #[command(flatten)]
    pub(super) rulebook: RulebookArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text)]
    pub(super) format: TimelineFormat,
    /// Write it to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The language of titles and words [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<String>,
    /// Wrap text at this column [default: the terminal's last; a pipe gets whole lines]
    #[arg(long, value_name = "COLUMNS")]
    pub(super) width: Option<u16>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Example:
  rulebook init my_rulebook && rulebook test my_rulebook

",
    exit_codes!()
))]
pub(super) struct InitArgs {
    /// A folder that does not exist yet, or is empty
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Example:
  rulebook completions bash > ~/.local/share/bash-completion/completions/rulebook

",
    exit_codes!()
))]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DocFormat {
    /// A site of HTML files
    Html,
    /// Markdown files
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimelineFormat {
    /// For people
    Text,
    /// One drawing
    Svg,
    /// A page with drawings and tables
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DecisionFormat {
    /// For people: a table and a summary
    Table,
    /// For people: how often each outcome was decided, and the summary
    Counts,
    /// One JSON object a line
    Jsonl,
    /// One JSON array
    Json,
    /// One statement of reasons (EU Digital Services Act) a line, for the decisions that `dsa` in
    /// `rulebook.yaml` names
    Dsa,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// One JSON object a line
    Jsonl,
    /// A JSON object or an array of them
    Json,
    /// A YAML mapping or a list of them
    Yaml,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For build servers; neither with `--coverage` nor with `--mutate`
    Junit,
    /// For a browser, in one file; only with `--coverage`
    Html,
}

/// The least coverage that `--min-coverage` wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Minimum(pub(super) Vec<(CoverageKind, f64)>);

/// What has a coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageKind {
    /// Rules that fired.
    Rules,
    /// Phases in which their rule fired.
    Phases,
    /// Values of `otherwise` and `on fault` that decided.
    Defaults,
    /// Conditions that were shown both ways.
    Clauses,
    /// Rows of tables that matched.
    Rows,
}

fn percentage(text: &str) -> Result<f64, String> {
    match text.trim().trim_end_matches('%').parse::<f64>() {
        Ok(value) if (0.0..=100.0).contains(&value) => Ok(value),
        _ => Err(format!("`{text}` is no percentage from 0 to 100")),
    }
}

impl std::str::FromStr for Minimum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('=') {
            let least = percentage(text)?;
            return Ok(Self(vec![(CoverageKind::Rules, least), (CoverageKind::Clauses, least)]));
        }
        let parts = text.split(',').map(|part| {
            let (kind, least) = part.split_once('=').ok_or(format!("`{part}` must be KIND=N"))?;
            let kind = CoverageKind::from_str(kind.trim(), false).map_err(|_| {
                format!("`{kind}` is none of rules, phases, defaults, clauses, rows")
            })?;
            Ok((kind, percentage(least)?))
        });
        parts.collect::<Result<_, String>>().map(Self)
    }
}
