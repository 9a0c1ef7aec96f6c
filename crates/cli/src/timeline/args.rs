//! The arguments of `rulebook timeline`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::{RulebookArgs, count};
use rulebook_stream::Content;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Rules with their phases, announcements, parameters and rows of tables that have dates, and overlays \
each by itself. In text, a bar is drawn `█` in force, `▄` in force for some, `▒` warning, `░` shadow, \
`━` a value, `◆` a day; spans between two days are drawn alike.

Examples:
  rulebook timeline policies/taobao
  rulebook timeline policies/taobao --format html --output timeline.html
  rulebook timeline policies/wechat --format svg --lang zh > timeline.svg

",
    exit_codes!()
))]
pub(crate) struct TimelineArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text)]
    pub(crate) format: TimelineFormat,
    /// Write it to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The language of titles and words [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    /// Wrap text at this column [default: the terminal's last; a pipe gets whole lines]
    #[arg(long, value_name = "COLUMNS", value_parser = count::<u16>)]
    pub(crate) width: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimelineFormat {
    /// For people
    Text,
    /// One drawing
    Svg,
    /// A page with drawings and tables
    Html,
}

impl TimelineFormat {
    /// What a file in this format holds.
    pub(crate) fn content(self) -> Content {
        match self {
            Self::Text => Content::TEXT,
            Self::Svg => Content::DRAWING,
            Self::Html => Content::PAGE,
        }
    }
}
