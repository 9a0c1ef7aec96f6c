//! How fields are read, and values as they are written then.

use serde_json::{Value, json};

use super::{Choices, Ty};

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// As always.
    Plainly,
    /// The month first.
    MonthFirst,
    /// In seconds since 1970, or as always.
    Seconds,
    /// By a clock of twelve hours.
    HalfDays,
    /// With a comma before the decimals.
    Comma,
    /// In percent.
    Percent,
    /// In the smallest unit.
    Minor,
    /// As letters.
    Letters,
    /// In capitals.
    Capitals,
    /// As texts or numbers.
    AnyKind,
    /// As an object by other names.
    Keys,
}

impl Written {
    /// A way in which values of a type may be written.
    pub(crate) fn random(ty: Ty, choices: &mut Choices<'_>) -> Self {
        if !choices.once_in(3) {
            return Self::Plainly;
        }
        match ty {
            Ty::Date => Self::MonthFirst,
            Ty::Time => Self::Seconds,
            Ty::TimeOfDay => Self::HalfDays,
            Ty::Number if choices.once_in(2) => Self::Percent,
            Ty::Number => Self::Comma,
            Ty::Cny | Ty::Jpy => Self::Minor,
            Ty::Bool => Self::Letters,
            Ty::Level | Ty::Color | Ty::Currency => Self::Capitals,
            Ty::Text => Self::AnyKind,
            Ty::Money => Self::Keys,
            _ => Self::Plainly,
        }
    }

    /// What the field says.
    pub(crate) fn said(self) -> &'static [&'static str] {
        match self {
            Self::Plainly => &[],
            Self::MonthFirst => &["\"%m/%d/%Y\" or iso"],
            Self::Seconds => &["iso or epoch seconds"],
            Self::HalfDays => &["\"%I:%M %p\""],
            Self::Comma => &["decimal \",\"", "thousands \".\""],
            Self::Percent => &["percent"],
            Self::Minor => &["minor units"],
            Self::Letters => &["\"Y\" or \"1\" as true", "\"N\" as false"],
            Self::Capitals => &["any case"],
            Self::AnyKind => &["any kind"],
            Self::Keys => &["amount \"value\" currency \"code\"", "any case"],
        }
    }

    /// A value that is written so; nothing where it is written as always.
    pub(crate) fn value(self, ty: Ty, choices: &mut Choices<'_>) -> Option<Value> {
        Some(match self {
            Self::Plainly => return None,
            Self::MonthFirst => {
                json!(choices.one_of(&["3/5/2024", "02/29/2024", "3/10/2024", "2024-11-03"]))
            }
            Self::Seconds => {
                json!(choices.one_of(&["2024-03-10 02:30:00", "1709640000", "1709640000.5"]))
            }
            Self::HalfDays => {
                json!(choices.one_of(&["12:00 AM", "6:30 am", "10:00 PM", "12:00 pm"]))
            }
            Self::Comma => json!(choices.one_of(&["1.234,5", "-0,25", "12", "(3,5)", "7-"])),
            Self::Percent => json!(choices.one_of(&["50%", "12.5 %", "7", "-100"])),
            Self::Minor => json!(choices.below(2_000)),
            Self::Letters => json!(choices.one_of(&["Y", "1", "N"])),
            Self::Capitals => match ty {
                Ty::Color => json!(choices.one_of(&["RED", "dark green", "Blue"])),
                Ty::Level => json!(choices.one_of(&["Low", "MID", "high"])),
                _ => json!(choices.one_of(&["cny", "JPY", "Usd"])),
            },
            Self::AnyKind => match choices.once_in(2) {
                true => json!(choices.below(20)),
                false => json!(choices.one_of(&["a", "food/fresh"])),
            },
            Self::Keys => {
                let code = choices.one_of(&["cny", "JPY", "Usd"]);
                json!({"value": choices.below(12), "code": code})
            }
        })
    }
}
