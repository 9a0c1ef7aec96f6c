//! The tree of a calendar of working days.

use super::{ListItems, Name, Origin};
use rulebook_base::source::Span;

/// `calendar NAME { weekend saturday, sunday  holidays from "file"  working = [DATE] }`
#[derive(Debug, Clone)]
pub struct Calendar<'s> {
    /// What `7 NAME working days` and functions of calendars read it by.
    pub name: Name<'s>,
    /// What it says, in the order of the text.
    pub items: Vec<CalendarItem<'s>>,
}

/// One of the things that a calendar says.
#[derive(Debug, Clone)]
pub struct CalendarItem<'s> {
    /// From its keyword to its last token.
    pub span: Span,
    /// The item itself, by its keyword.
    pub kind: CalendarItemKind<'s>,
}

/// An item of a calendar.
#[derive(Debug, Clone)]
pub enum CalendarItemKind<'s> {
    /// `weekend saturday, sunday`: the weekdays that are not worked on.
    Weekend(Vec<Name<'s>>),
    /// `holidays …` or `working …`
    Days(DaysKind, ListItems<'s>),
    /// Who published the days, or why they are assumed.
    Origin(Origin<'s>),
}

/// What is listed of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysKind {
    /// They are not worked on.
    Holidays,
    /// They are worked on, though weekends or holidays.
    Working,
}

impl DaysKind {
    /// Its keyword.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holidays => "holidays",
            Self::Working => "working",
        }
    }
}
