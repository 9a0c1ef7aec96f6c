//! What holds when, laid out along one line of time.

use super::block::Inlines;
use rulebook_core::program::Effect;
use rulebook_lang::model::Time;

/// What is in force when, as bars along one line of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The days at which something changes, in order, in the reader's form.
    pub days: Vec<String>,
    /// The same days as instants, for computing with them.
    pub times: Vec<Time>,
    /// What has dates, a row each, in the order of the text.
    pub rows: Vec<Row>,
}

/// Something that has dates: a rule, a parameter, a row of a table, an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name in the policy's text; empty where it has none.
    pub name: String,
    /// What people read before its bars: a title, or what a row of a table says.
    pub title: String,
    /// On whose authority, where it says so itself.
    pub source: Inlines,
    /// Whether the page that shows it has a section of its name.
    pub linked: bool,
    /// Its phases, values or single days, in the order of time.
    pub bars: Vec<Bar>,
}

/// What holds from one of the days on, up to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The position of the first day; `None` has always been.
    pub from: Option<usize>,
    /// The position of the day on which it is over; `None` is for good.
    pub until: Option<usize>,
    /// Whether it is a phase, a value or a day.
    pub kind: BarKind,
    /// Whether it covers only some records: a cohort, or `where`.
    pub partial: bool,
    /// What it is, in words, with where it comes from.
    pub words: Inlines,
}

/// What a bar stands for, by which it is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarKind {
    /// A phase of a rule, with what the rule does in it.
    Phase(Effect),
    /// A value of a parameter or of a table.
    Value,
    /// A single day: an announcement, or a date that others are reckoned from.
    Day,
}

impl BarKind {
    /// A word for it, which style sheets know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phase(effect) => effect.name(),
            Self::Value => "value",
            Self::Day => "day",
        }
    }
}

/// A row whose days have no positions yet.
pub(super) struct DatedRow {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) source: Inlines,
    pub(super) linked: bool,
    pub(super) bars: Vec<DatedBar>,
}

/// A bar whose days have no positions yet.
pub(super) struct DatedBar {
    pub(super) from: Option<Time>,
    pub(super) until: Option<Time>,
    pub(super) kind: BarKind,
    pub(super) partial: bool,
    pub(super) words: Inlines,
}

impl Timeline {
    /// The timeline of what has dates; `None` if nothing but single days has any.
    pub(super) fn of(rows: Vec<DatedRow>, day: impl Fn(Time) -> String) -> Option<Self> {
        let bars = || rows.iter().flat_map(|row| &row.bars);
        if bars().all(|bar| bar.kind == BarKind::Day) {
            return None;
        }
        let mut times: Vec<Time> = bars().flat_map(|bar| [bar.from, bar.until]).flatten().collect();
        times.sort();
        times.dedup();
        let at = |time: Time| times.binary_search(&time).unwrap_or_default();
        let rows = rows.into_iter().map(|row| {
            let bars = row.bars.into_iter().map(|bar| Bar {
                from: bar.from.map(at),
                until: bar.until.map(at),
                kind: bar.kind,
                partial: bar.partial,
                words: bar.words,
            });
            let bars = bars.collect();
            let DatedRow { name, title, source, linked, .. } = row;
            Row { name, title, source, linked, bars }
        });
        let rows = rows.collect();
        Some(Self { days: times.iter().map(|time| day(*time)).collect(), times, rows })
    }
}
