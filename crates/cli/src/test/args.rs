//! The arguments of `rulebook test`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::{RulebookArgs, some};
use crate::profiles::ProfileArgs;
use rulebook_stream::Content;
use rulebook_tools::scenario::coverage::Kind;

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
pub(crate) struct TestArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// Run only scenarios whose name, policy or file contains this text
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) filter: String,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
    /// How to tell the results
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    pub(crate) format: TestFormat,
    /// Tell which rules, phases and conditions the scenarios exercise, drawn on the policies
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Exit with 1 if the coverage of rules or of clauses is below this percentage; several as
    /// `rules=95,clauses=85,phases=90,defaults=100,rows=100`
    #[arg(long, value_name = "N", requires = "coverage")]
    pub(crate) min_coverage: Option<Minimum>,
    /// Write the coverage to this file instead of standard output
    #[arg(long, value_name = "FILE", requires = "coverage")]
    pub(crate) output: Option<PathBuf>,
    /// Change the policies by small edits, and tell which of them no scenario notices
    #[arg(long, conflicts_with = "coverage")]
    pub(crate) mutate: bool,
    /// Only edits that change this policy
    #[arg(long, value_name = "NAME", requires = "mutate")]
    pub(crate) policy: Option<String>,
    /// Exit with 1 if scenarios notice less than this percentage of the edits
    #[arg(long, value_name = "N", requires = "mutate", value_parser = percentage)]
    pub(crate) min_killed: Option<f64>,
    /// How many threads try edits; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N", requires = "mutate", value_parser = some)]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For build servers; neither with `--coverage` nor with `--mutate`
    Junit,
    /// For a browser, in one file; only with `--coverage`
    Html,
}

impl TestFormat {
    /// What a file in this format holds.
    pub(crate) fn content(self) -> Content {
        match self {
            Self::Text => Content::TEXT,
            Self::Json => Content::JSON,
            Self::Junit => Content { what: "results for build servers", endings: &["xml"] },
            Self::Html => Content::PAGE,
        }
    }
}

/// The least coverage that `--min-coverage` wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Minimum(pub(crate) Vec<(CoverageKind, f64)>);

/// What has a coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageKind {
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

impl CoverageKind {
    /// What is counted.
    pub(crate) fn counted(self) -> Kind {
        match self {
            Self::Rules => Kind::Rules,
            Self::Phases => Kind::Phases,
            Self::Defaults => Kind::Defaults,
            Self::Clauses => Kind::Clauses,
            Self::Rows => Kind::Rows,
        }
    }
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
