//! Texts of expressions, with brackets where precedence asks for them.

use super::scope::Place;
use super::{Choices, Code, Ty};

pub(super) fn atom(text: impl Into<String>) -> Code {
    let text = text.into();
    Code { short: text.clone(), full: text, level: 10 }
}

impl Code {
    /// Text that is the same in both spellings.
    pub(crate) fn plain(text: impl Into<String>) -> Code {
        atom(text)
    }

    /// The code where an operator of this level takes it as an operand.
    pub(super) fn at(&self, level: u8) -> (String, String) {
        let short =
            if self.level < level { format!("({})", self.short) } else { self.short.clone() };
        let full = if self.level < 10 { format!("({})", self.full) } else { self.full.clone() };
        (short, full)
    }

    pub(super) fn binary(
        left: &Code,
        symbol: &str,
        right: &Code,
        level: u8,
        levels: (u8, u8),
    ) -> Code {
        let ((a, full_a), (b, full_b)) = (left.at(levels.0), right.at(levels.1));
        Code {
            short: format!("{a} {symbol} {b}"),
            full: format!("{full_a} {symbol} {full_b}"),
            level,
        }
    }

    /// Both spellings with the same text around them.
    pub(crate) fn around(parts: &[&Code], write: impl Fn(&[String]) -> String, level: u8) -> Code {
        let short: Vec<_> = parts.iter().map(|part| part.short.clone()).collect();
        let full: Vec<_> = parts.iter().map(|part| part.full.clone()).collect();
        Code { short: write(&short), full: write(&full), level }
    }

    pub(super) fn call(name: &str, arguments: &[Code]) -> Code {
        let parts: Vec<_> = arguments.iter().collect();
        Self::around(&parts, |texts| format!("{name}({})", texts.join(", ")), 10)
    }

    /// `a and b`, where the parts stand in one row.
    pub(crate) fn and(parts: &[Code]) -> Code {
        let short: Vec<_> = parts.iter().map(|part| part.at(3).0).collect();
        let full: Vec<_> = parts.iter().map(|part| part.at(3).1).collect();
        match parts {
            [only] => only.clone(),
            _ => Code { short: short.join(" and "), full: full.join(" and "), level: 2 },
        }
    }
}

/// A constant of a type, by a choice.
pub(super) fn literal(ty: Ty, choices: &mut Choices<'_>) -> Code {
    let texts: &[&str] = match ty {
        Ty::Bool => &["true", "false"],
        Ty::Number => {
            &["1", "0", "2", "3.5", "30%", "1_000", "0.000000001", "99999999999999999999999999999"]
        }
        Ty::Cny => &["1 CNY", "0 CNY", "19.99 CNY", "500 CNY", "2.005 CNY"],
        Ty::Jpy => &["1 JPY", "0 JPY", "2.5 JPY", "100 JPY"],
        Ty::Text | Ty::Url => &["\"a\"", "\"\"", "\"food/fresh\"", "\"Shop\"", "\"退\"", "\" a \""],
        Ty::Version => {
            &["\"8.0.14\"", "\"8.0.9\"", "\"8.0.14-beta.2\"", "\"10.0.0\"", "\"8.0.14.1\""]
        }
        Ty::Date => &["2024-03-05", "2024-02-29", "2024-03-10", "2024-11-03", "9999-12-01"],
        Ty::Time => &["2024-03-05T12:00+08:00", "2024-03-10T02:30", "2024-11-03T01:30:00Z"],
        Ty::TimeOfDay => &["00:00", "06:30", "22:00", "23:59:59", "24:00"],
        Ty::Duration => {
            &["1 day", "0 hours", "36 hours", "1.5 days", "2 weeks", "45 seconds", "90 minutes"]
        }
        _ => ty.members(),
    };
    let code = atom(*choices.one_of(texts));
    let negative = matches!(ty, Ty::Number | Ty::Cny | Ty::Duration) && choices.once_in(6);
    if negative { prefix("-", 9, &code) } else { code }
}

pub(super) fn prefix(symbol: &str, level: u8, operand: &Code) -> Code {
    let (short, full) = operand.at(level);
    let gap = if symbol == "not" { " " } else { "" };
    Code { short: format!("{symbol}{gap}{short}"), full: format!("{symbol}{gap}{full}"), level }
}

pub(super) fn presence(place: &Place, present: bool) -> Code {
    let word = if present { "is present" } else { "is missing" };
    Code { level: 4, ..atom(format!("{} {word}", place.path)) }
}
