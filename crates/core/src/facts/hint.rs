//! What a field may say of values that are written in another way, where that can be seen of one. Nothing is guessed: it
//! is told, and whoever declares the field says which is meant.

use super::raw::Raw;
use rulebook_lang::model::{Number, Type};

/// Words by which data says that nothing is known.
const NOTHING: &[&str] =
    &["", "-", "–", "—", "n/a", "na", "null", "none", "nil", "nan", "#n/a", "?", "unknown"];
/// Words for true and false, each pair in small letters.
const TRUTHS: &[(&str, &str)] =
    &[("y", "n"), ("yes", "no"), ("1", "0"), ("true", "false"), ("t", "f"), ("on", "off")];

/// What to declare so that a value is read, if it is plain how it is written.
pub(super) fn declared(ty: &Type, raw: &Raw<'_>) -> Option<String> {
    let shown;
    let text = match raw {
        Raw::Text(text) | Raw::Digits(text, _) => *text,
        Raw::Number(number) => {
            shown = number.to_string();
            &shown
        }
        _ => return None,
    };
    let small = text.trim().to_lowercase();
    let is_text = matches!(raw, Raw::Text(_));
    if is_text && NOTHING.contains(&small.as_str()) && text.len() < 10 {
        return Some(format!("where it means nothing, declare `read \"{text}\" as missing`"));
    }
    match ty {
        Type::Bool => {
            let (yes, no) = TRUTHS.iter().find(|(yes, no)| [yes, no].contains(&&small.as_str()))?;
            let capital = |word: &str| match text.trim() == small {
                true => word.to_string(),
                false if text.trim() == small.to_uppercase() => word.to_uppercase(),
                false => {
                    let (first, rest) = word.split_at(1);
                    first.to_uppercase() + rest
                }
            };
            let (yes, no) = (capital(yes), capital(no));
            Some(format!("declare `read \"{yes}\" as true, \"{no}\" as false`"))
        }
        Type::Date | Type::Time => moment(ty, text.trim()),
        _ => None,
    }
}

/// How a day or a time is written.
fn moment(ty: &Type, text: &str) -> Option<String> {
    if let Ok(number) = text.parse::<Number>() {
        let unit = match text.split('.').next().map(str::len) {
            Some(9 | 10) => "seconds",
            Some(12 | 13) => "milliseconds",
            Some(15 | 16) => "microseconds",
            Some(18 | 19) => "nanoseconds",
            Some(5) if number > Number::ZERO => {
                return Some(
                    "if it counts days as spreadsheets do, declare `read excel days`".to_string(),
                );
            }
            _ => return None,
        };
        return Some(match ty {
            Type::Time => format!("declare `read epoch {unit}`"),
            _ => format!("declare the field `time`, and `read epoch {unit}`"),
        });
    }
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (day, clock) = text.split_at_checked(end)?;
    let sign = day.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<_> = day.split(sign).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u16>().ok();
    let (a, b, _) = (number(first)?, number(second)?, number(third)?);
    let year = if third.len() == 2 { "%y" } else { "%Y" };
    let days = match (first.len(), a, b) {
        (4, ..) if sign == '-' && second.len() == 2 && third.len() == 2 => return None,
        (4, _, ..=12) => vec![format!("%Y{sign}%m{sign}%d")],
        (1 | 2, 13.., ..=12) => vec![format!("%d{sign}%m{sign}{year}")],
        (1 | 2, ..=12, 13..) => vec![format!("%m{sign}%d{sign}{year}")],
        (1 | 2, ..=12, ..=12) if sign == '.' => vec![format!("%d.%m.{year}")],
        (1 | 2, ..=12, ..=12) => {
            vec![format!("%m{sign}%d{sign}{year}"), format!("%d{sign}%m{sign}{year}")]
        }
        _ => return None,
    };
    let clock = match (ty, clock.matches(':').count()) {
        (_, 0) if clock.is_empty() => "",
        (Type::Time, 1) if clock.len() <= 6 => " %H:%M",
        (Type::Time, 2) if clock.len() <= 9 => " %H:%M:%S",
        _ => return None,
    };
    let forms: Vec<_> = days.iter().map(|form| format!("`read \"{form}{clock}\"`")).collect();
    Some(format!("declare how it is written: {}", forms.join(", or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_seen_of_a_value_is_told() {
        for (ty, text, wanted) in [
            (Type::Date, "11/8/2016", "`read \"%m/%d/%Y\"`, or `read \"%d/%m/%Y\"`"),
            (Type::Date, "13/8/2016", "`read \"%d/%m/%Y\"`"),
            (Type::Date, "8/13/16", "`read \"%m/%d/%y\"`"),
            (Type::Date, "08.11.2016", "`read \"%d.%m.%Y\"`"),
            (Type::Date, "2016/11/08", "`read \"%Y/%m/%d\"`"),
            (Type::Time, "8/13/2016 14:05", "`read \"%m/%d/%Y %H:%M\"`"),
            (Type::Time, "1740000000", "`read epoch seconds`"),
            (
                Type::Date,
                "1740000000000",
                "declare the field `time`, and `read epoch milliseconds`",
            ),
            (Type::Date, "45657", "`read excel days`"),
            (Type::Number, "N/A", "`read \"N/A\" as missing`"),
            (Type::Bool, "Y", "`read \"Y\" as true, \"N\" as false`"),
            (Type::Bool, "No", "`read \"Yes\" as true, \"No\" as false`"),
        ] {
            let told = declared(&ty, &Raw::Text(text)).unwrap_or_default();
            assert!(told.contains(wanted), "{text}: {told}");
        }
        for (ty, text) in [
            (Type::Date, "2016-13-45"),
            (Type::Date, "32/13/2016"),
            (Type::Date, "soon"),
            (Type::Number, "much"),
            (Type::Bool, "perhaps"),
        ] {
            assert_eq!(declared(&ty, &Raw::Text(text)), None, "{text}");
        }
    }
}
