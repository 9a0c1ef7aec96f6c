//! What is wrong with a stated form of days or times, where, and what to write instead.

use std::ops::Range;

use crate::scalar::Kind;

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which bytes of it.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What a directive tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    Year,
    Month,
    Day,
    WeekYear,
    Week,
    DayOfYear,
    Weekday,
    Date,
    Hour,
    HalfHour,
    Half,
    Minute,
    Second,
    Part,
    Clock,
    Minutes,
    Instant,
    Offset,
    Nothing,
}

/// What each directive tells.
const DIRECTIVES: &[(&str, Tells)] = &[
    ("Yy", Tells::Year),
    ("mbBh", Tells::Month),
    ("de", Tells::Day),
    ("Gg", Tells::WeekYear),
    ("V", Tells::Week),
    ("j", Tells::DayOfYear),
    ("uwaA", Tells::Weekday),
    ("FD", Tells::Date),
    ("Hk", Tells::Hour),
    ("Il", Tells::HalfHour),
    ("pP", Tells::Half),
    ("M", Tells::Minute),
    ("S", Tells::Second),
    ("fN", Tells::Part),
    ("T", Tells::Clock),
    ("R", Tells::Minutes),
    ("s", Tells::Instant),
    ("zQZ", Tells::Offset),
    ("%nt", Tells::Nothing),
];

/// Letters by which other languages write forms, longest first, and the directive for each.
const LETTERS: &[(&str, &str)] = &[
    ("yyyy", "%Y"),
    ("YYYY", "%Y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("SSS", "%f"),
    ("yy", "%y"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("DD", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("XXX", "%:z"),
    ("M", "%m"),
    ("d", "%d"),
    ("D", "%d"),
    ("H", "%H"),
    ("h", "%I"),
    ("m", "%M"),
    ("s", "%S"),
    ("a", "%p"),
    ("A", "%p"),
    ("Z", "%z"),
];

impl Mistake {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { range, message: message.into(), help: help.into() }
    }

    /// What is wrong with a form for values of a kind; `zoned` says whether the field tells by whose clocks it is read.
    pub fn of(form: &str, kind: Kind, zoned: bool) -> Option<Self> {
        let mut found: Vec<(Tells, Range<usize>)> = Vec::new();
        let mut at = 0;
        while let Some(next) = form.get(at..).and_then(|rest| rest.find('%')) {
            let start = at + next;
            let (tells, end) = match directive(form, start) {
                Ok(found) => found,
                Err(mistake) => return Some(mistake),
            };
            at = end;
            let again = found.iter().any(|(known, _)| *known == tells);
            if again && !matches!(tells, Tells::Nothing) {
                let written = form.get(start..end).unwrap_or_default();
                let message = format!("`{written}` tells what the form has told before");
                let help = "let each part stand once: `%m` is the month, `%M` the minute; `%d` the day, `%D` a whole date";
                return Some(Self::new(start..end, message, help));
            }
            found.push((tells, start..end));
        }
        let whole = 0..form.len();
        if found.is_empty() {
            let help = match foreign(form) {
                Some(form) => format!("write `\"{form}\"`"),
                None => format!("write `{}`", usual(kind)),
            };
            return Some(Self::new(
                whole,
                format!("\"{form}\" has no part of {}", named(kind)),
                help,
            ));
        }
        lacks(form, kind, &found).or_else(|| unread_zone(form, kind, &found, zoned))
    }
}

/// What the directive tells that begins at a place, and where it ends.
fn directive(form: &str, start: usize) -> Result<(Tells, usize), Mistake> {
    let rest = form.get(start + 1..).unwrap_or_default();
    let is_flag = |c: char| matches!(c, '-' | '_' | '0' | '^' | '#' | ':' | '.' | '1'..='9');
    let behind = rest.trim_start_matches(is_flag);
    let flags = rest.len() - behind.len();
    let Some(letter) = behind.chars().next() else {
        let help = "write a letter behind it, such as `%Y` for the year; `%%` is the sign itself";
        return Err(Mistake::new(start..form.len(), "a `%` at the end stands for nothing", help));
    };
    let end = start + 1 + flags + letter.len_utf8();
    let written = form.get(start..end).unwrap_or_default();
    let wrong = |message: String, help: &str| Err(Mistake::new(start..end, message, help));
    match letter {
        'c' | 'x' | 'X' | 'r' => wrong(
            format!("`{written}` means another thing in each country"),
            "write the parts where they stand, such as `%d.%m.%Y` or `%H:%M`",
        ),
        'Z' if end < form.len() => wrong(
            format!("`{written}` is read at the end of a form only"),
            "an offset such as `+0200` is `%z` everywhere, the name of a zone such as `Europe/Berlin` is `%Q`",
        ),
        'C' => wrong(
            format!("`{written}` is a part of a year"),
            "write `%Y` for a year of four digits, `%y` for one of two",
        ),
        'U' | 'W' => wrong(
            format!("`{written}` counts the weeks of a year in one of several ways"),
            "weeks by ISO 8601 are `%G-W%V-%u`",
        ),
        letter => {
            let known = DIRECTIVES.iter().find(|(letters, _)| letters.contains(letter));
            match known {
                Some((_, tells)) => Ok((*tells, end)),
                None => wrong(
                    format!("there is no `{written}`"),
                    "parts are `%Y` or `%y` (year), `%m`, `%b` or `%B` (month), `%d` (day), `%H` or `%I` with `%p` \
                     (hour), `%M` (minute), `%S` (second), `%z` (offset)",
                ),
            }
        }
    }
}

/// What a form lacks for values of a kind, or has too much.
fn lacks(form: &str, kind: Kind, found: &[(Tells, Range<usize>)]) -> Option<Mistake> {
    let place = |some: &[Tells]| {
        found.iter().find(|(tells, _)| some.contains(tells)).map(|(_, range)| range.clone())
    };
    let has = |some: &[Tells]| place(some).is_some();
    let part = |range: &Range<usize>| form.get(range.clone()).unwrap_or_default();
    let of_day = [
        Tells::Hour,
        Tells::HalfHour,
        Tells::Half,
        Tells::Minute,
        Tells::Second,
        Tells::Part,
        Tells::Clock,
        Tells::Minutes,
        Tells::Instant,
        Tells::Offset,
    ];
    let of_date = [
        Tells::Year,
        Tells::Month,
        Tells::Day,
        Tells::WeekYear,
        Tells::Week,
        Tells::DayOfYear,
        Tells::Weekday,
        Tells::Date,
        Tells::Instant,
        Tells::Offset,
    ];
    if kind == Kind::Date
        && let Some(range) = place(&of_day)
    {
        let message = format!("`{}` is a time, and the field is a day", part(&range));
        let help = "declare the field `time`, and write `date(…)` for its day";
        return Some(Mistake::new(range, message, help));
    }
    if kind == Kind::Duration
        && let Some(range) = place(&of_date)
    {
        let message = format!("`{}` is a day, and the field is a time of day", part(&range));
        return Some(Mistake::new(
            range,
            message,
            "declare the field `time`, or leave the day out",
        ));
    }
    let whole = 0..form.len();
    let lacking = |what: &str, help: &str| {
        Some(Mistake::new(whole.clone(), format!("\"{form}\" lacks {what}"), help))
    };
    let is_whole = has(&[Tells::Date, Tells::Instant]);
    if kind != Kind::Duration && !is_whole {
        let by_week = has(&[Tells::WeekYear, Tells::Week]);
        let by_days = has(&[Tells::DayOfYear]);
        if by_week && !has(&[Tells::WeekYear]) {
            return lacking("the year that the week is of", "write `%G`: `%G-W%V-%u`");
        }
        if by_week && !has(&[Tells::Week]) {
            return lacking("the week", "write `%V`: `%G-W%V-%u`; the year of a day is `%Y`");
        }
        if by_week && !has(&[Tells::Weekday]) {
            return lacking("the day of the week", "write `%u`: `%G-W%V-%u`");
        }
        if !by_week && !has(&[Tells::Year]) {
            return lacking(
                "the year",
                "write `%Y` where its four digits stand, `%y` where it has two",
            );
        }
        if !by_week && !by_days && !has(&[Tells::Month]) {
            let help = match has(&[Tells::Minute]) {
                true => "`%M` is the minute: write `%m` for the month, or `%b` for its name",
                false => "write `%m` where it is a number, `%b` or `%B` where it is a name",
            };
            return lacking("the month", help);
        }
        if !by_week && !by_days && !has(&[Tells::Day]) {
            return lacking("the day", "write `%d` where it stands");
        }
    }
    let has_hour =
        has(&[Tells::Hour, Tells::HalfHour, Tells::Clock, Tells::Minutes, Tells::Instant]);
    if !has_hour && (kind == Kind::Duration || has(&[Tells::Minute, Tells::Second, Tells::Half])) {
        return lacking(
            "the hour",
            "write `%H`, or `%I` with `%p` where the clock has twelve hours",
        );
    }
    if has_hour
        && has(&[Tells::Second, Tells::Part])
        && !has(&[Tells::Minute, Tells::Clock, Tells::Minutes])
    {
        return lacking("the minute", "write `%M` where it stands");
    }
    match (place(&[Tells::HalfHour]), has(&[Tells::Half])) {
        (Some(range), false) => {
            let message = format!("`{}` may be before noon or behind it", part(&range));
            let help = "write `%p` where `AM` or `PM` stands, or `%H` for a clock of 24 hours";
            Some(Mistake::new(range, message, help))
        }
        _ => None,
    }
}

/// The name of UTC as mere letters, while the time is read by other clocks.
fn unread_zone(
    form: &str,
    kind: Kind,
    found: &[(Tells, Range<usize>)],
    zoned: bool,
) -> Option<Mistake> {
    let told = found.iter().any(|(tells, _)| matches!(tells, Tells::Offset | Tells::Instant));
    if kind != Kind::Time || told || zoned {
        return None;
    }
    let end = found.last().map_or(0, |(_, range)| range.end);
    let behind = form.get(end..)?;
    let name = behind.trim();
    matches!(name, "UTC" | "GMT" | "Z").then(|| {
        let start = end + (behind.len() - behind.trim_start().len());
        let message = format!(
            "`{name}` is mere letters here: the time is read by the clocks of the rulebook"
        );
        let form = form.get(..start).unwrap_or_default();
        Mistake::new(start..start + name.len(), message, format!("write `\"{form}%Z\"`"))
    })
}

/// The same form by directives, if it is one as other languages write it.
fn foreign(form: &str) -> Option<String> {
    let (mut out, mut rest, mut is_quoted) = (String::new(), form, false);
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            is_quoted = !is_quoted;
            rest = rest.get(1..)?;
            continue;
        }
        let letters = LETTERS.iter().find(|(letters, _)| !is_quoted && rest.starts_with(letters));
        let length = match letters {
            Some((letters, directive)) => {
                out.push_str(directive);
                letters.len()
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(length..)?;
    }
    let kinds = [Kind::Date, Kind::Time, Kind::Duration];
    kinds.iter().any(|kind| Mistake::of_directives(&out, *kind)).then_some(out)
}

impl Mistake {
    /// Whether a form has directives, and makes sense for a kind.
    fn of_directives(form: &str, kind: Kind) -> bool {
        form.contains('%') && Self::of(form, kind, true).is_none()
    }
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "a day",
        Kind::Duration => "a time of day",
        _ => "a time",
    }
}

fn usual(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "\"%d/%m/%Y\"",
        Kind::Duration => "\"%H:%M\"",
        _ => "\"%d/%m/%Y %H:%M\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(form: &str, kind: Kind) -> Option<(String, String)> {
        let Mistake { range, message, help } = Mistake::of(form, kind, false)?;
        let part = form.get(range).unwrap_or_default();
        Some((format!("{part}: {message}"), help))
    }

    #[test]
    fn forms_that_make_sense_are_quiet() {
        for form in
            ["%m/%d/%Y", "%Y%m%d", "%G-W%V-%u", "%Y-%j", "%F", "%D", "%d %b %y", "%a, %d %B %Y"]
        {
            assert_eq!(told(form, Kind::Date), None, "{form}");
        }
        for form in [
            "%F %T",
            "%d.%m.%Y %H:%M",
            "%s",
            "%F %I:%M %p",
            "%FT%T%.3f%:z",
            "%F %T UTC%z",
            "%F %T %Z",
            "%F",
        ] {
            assert_eq!(told(form, Kind::Time), None, "{form}");
        }
        for form in ["%H:%M", "%I:%M %p", "%T", "%R"] {
            assert_eq!(told(form, Kind::Duration), None, "{form}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        for (form, kind, part) in [
            ("%d/%m", Kind::Date, "%d/%m: \"%d/%m\" lacks the year"),
            ("%d/%M/%Y", Kind::Time, "%d/%M/%Y: \"%d/%M/%Y\" lacks the month"),
            ("%d/%M/%Y", Kind::Date, "%M: `%M` is a time"),
            ("%m/%d/%Y %H:%M", Kind::Date, "%H: `%H` is a time"),
            ("%q/%Y", Kind::Date, "%q: there is no `%q`"),
            ("%x", Kind::Date, "%x: `%x` means another thing"),
            ("%d/%d/%Y", Kind::Date, "%d: `%d` tells what"),
            ("%d/%m/%Y %I:%M", Kind::Time, "%I: `%I` may be before noon"),
            ("%F %T UTC", Kind::Time, "UTC: `UTC` is mere letters"),
            ("%F %Z %T", Kind::Time, "%Z: `%Z` is read at the end"),
            ("%d.%m.%", Kind::Date, "%: a `%` at the end"),
            ("%V/%G", Kind::Date, "%V/%G: \"%V/%G\" lacks the day of the week"),
            ("%F %M", Kind::Time, "%F %M: \"%F %M\" lacks the hour"),
            ("%F", Kind::Duration, "%F: `%F` is a day"),
        ] {
            let found = told(form, kind).map(|(found, _)| found).unwrap_or_default();
            assert!(found.starts_with(part), "{form}: {found}");
        }
    }

    #[test]
    fn forms_of_other_languages_are_written_out() {
        for (form, kind, help) in [
            ("MM/dd/yyyy", Kind::Date, "write `\"%m/%d/%Y\"`"),
            ("DD.MM.YYYY", Kind::Date, "write `\"%d.%m.%Y\"`"),
            ("yyyy-MM-dd'T'HH:mm:ss", Kind::Time, "write `\"%Y-%m-%dT%H:%M:%S\"`"),
            ("h:mm a", Kind::Duration, "write `\"%I:%M %p\"`"),
            ("day first", Kind::Date, "write `\"%d/%m/%Y\"`"),
        ] {
            assert_eq!(told(form, kind).map(|(_, help)| help).as_deref(), Some(help), "{form}");
        }
    }
}
