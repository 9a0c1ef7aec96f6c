//! What stands behind `read`, by the table of readings.

use super::{Target, beside, refuse};
use crate::check::call::zone_help;
use crate::check::checker::Checker;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::source::Span;
use rulebook_lang::model::{Type, zone};
use rulebook_lang::reading::{Form, Mistake, ROWS, Reading, Row, Sets, Stated, Tells};
use rulebook_lang::scalar::Kind;
use rulebook_syntax::ast::{Phrase, PhrasePiece, Text};

/// What others call it, in small letters, and what to write.
const FOREIGN: &[(&[&str], &str)] = &[
    (
        &["epoch", "unix", "timestamp", "unixtime", "unix_time"],
        "write `epoch seconds`, `epoch milliseconds`, `epoch microseconds` or `epoch nanoseconds`",
    ),
    (&["format", "as", "strptime", "pattern"], "write the form alone: `read \"%d/%m/%Y\"`"),
    (&["cents", "cent", "minor", "pence", "smallest"], "write `minor units`"),
    (
        &["timezone", "time_zone", "tz", "zone"],
        "write `in \"Europe/Berlin\"`, or `in` with the field that tells it",
    ),
    (&["rfc", "rfc2822", "email", "rfc_2822"], "write `mail`"),
    (&["excel", "serial", "spreadsheet"], "write `excel days`"),
    (&["week", "iso_week", "isoweek"], "write `iso week`"),
    (&["rfc3339", "iso8601", "iso_8601", "standard"], "write `iso`"),
    (
        &["null", "nulls", "na", "missing", "empty", "blank"],
        "write the words that mean nothing: `\"\" or \"N/A\" as missing`",
    ),
    (
        &["ignore", "case", "lowercase", "uppercase", "lower", "upper", "case_insensitive"],
        "write `any case`",
    ),
    (&["comma"], "write `decimal \",\"`"),
    (&["percentage", "percents"], "write `percent`"),
    (&["snake", "camelcase", "camel_case"], "write `camel case` behind the name of the record"),
    (&["unit", "suffix", "prefix", "symbol", "sign", "with"], "write `beside \"$\"`"),
    (&["grouping", "separator", "thousand"], "write `thousands \",\"`"),
    (&["currency"], "write `currency from` and the field that tells it"),
];

/// The row of the table that a phrase is.
pub(super) fn row(phrase: &Phrase<'_>) -> Option<&'static Row> {
    find(&phrase.pieces)
}

fn find(pieces: &[PhrasePiece<'_>]) -> Option<&'static Row> {
    let shown: Vec<_> = pieces.iter().map(word).collect();
    let pieces: Vec<_> = shown.iter().map(Option::as_deref).collect();
    Row::find(&pieces)
}

/// A word as it is written; nothing for a text.
fn word(piece: &PhrasePiece<'_>) -> Option<String> {
    match piece {
        PhrasePiece::Word(path) => {
            let names: Vec<_> = path.names.iter().map(|name| name.text).collect();
            Some(names.join("."))
        }
        PhrasePiece::Text(_) => None,
    }
}

/// Whether a phrase says by whose clocks a time is read.
pub(super) fn has_zone(phrase: &Phrase<'_>) -> bool {
    phrase.pieces.iter().any(|piece| word(piece).as_deref() == Some("in"))
}

fn span_of(pieces: &[PhrasePiece<'_>], whole: Span) -> Span {
    let span = |piece: &PhrasePiece<'_>| match piece {
        PhrasePiece::Word(path) => path.span,
        PhrasePiece::Text(text) => text.span,
    };
    match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => span(first).to(span(last)),
        _ => whole,
    }
}

/// Phrases that stand between two commas: several forms, or one of anything else.
pub(super) fn phrases(
    checker: &mut Checker,
    phrases: &[Phrase<'_>],
    target: &Target<'_>,
    reading: &mut Reading,
) {
    for (at, phrase) in phrases.iter().enumerate() {
        let pieces = phrase.pieces.as_slice();
        // `"%d.%m.%Y" in "Europe/Berlin"`: the zone is that of the field, whichever form a text has.
        let zone = pieces.iter().position(|piece| word(piece).as_deref() == Some("in"));
        let (form, zone) = pieces.split_at(zone.filter(|at| *at > 0).unwrap_or(pieces.len()));
        if !zone.is_empty() && at + 1 < phrases.len() {
            let help = "write it once, behind the last form: all are read by the same clocks";
            refuse(checker, span_of(zone, phrase.span), "a zone stands between two forms", help);
            return;
        }
        let parts = [form, zone];
        for pieces in parts.into_iter().filter(|pieces| !pieces.is_empty()) {
            let span = span_of(pieces, phrase.span);
            let Some(row) = known(checker, pieces, span, target) else { continue };
            let is_form = matches!(row.sets, Sets::Form(_) | Sets::Stated);
            if phrases.len() > 1 && !is_form && zone.is_empty() {
                let message = format!(
                    "`or` stands between forms of days and times, and `{}` is none",
                    row.written()
                );
                refuse(checker, span, message, "write a comma");
                return;
            }
            set(checker, row, pieces, (span, target), reading);
        }
    }
}

/// The row that some pieces are, unless there is none, or it is not for the field.
fn known(
    checker: &mut Checker,
    pieces: &[PhrasePiece<'_>],
    span: Span,
    target: &Target<'_>,
) -> Option<&'static Row> {
    let fits = |row: &&Row| match target.single() {
        Some(ty) => row.subject.fits(ty),
        None => matches!(
            row.sets,
            Sets::CamelCase | Sets::AnyCase | Sets::Zone | Sets::Decimal | Sets::Thousands
        ),
    };
    let what = target.single().map_or("a whole record".to_string(), Type::described);
    let others = || {
        let written: Vec<_> =
            ROWS.iter().filter(fits).map(|row| format!("`{}`", row.written())).collect();
        match written.split_last() {
            None => "texts may stand for values: `\"…\" as …`, `otherwise missing`".to_string(),
            Some((last, [])) => {
                format!("it may be read {last}, and texts may stand for values: `\"…\" as …`")
            }
            Some((last, rest)) => format!("it may be read {} or {last}", rest.join(", ")),
        }
    };
    let shown = checker.names.shown(span);
    let Some(row) = find(pieces) else {
        let first = pieces.iter().find_map(word).unwrap_or_default();
        let foreign =
            FOREIGN.iter().find(|(words, _)| words.contains(&first.to_lowercase().as_str()));
        let patterns = ROWS.iter().filter(fits).map(|row| row.pattern);
        let foreign = foreign.map(|(_, help)| (*help).to_string());
        let help = did_you_mean(&shown, patterns).or(foreign).unwrap_or_else(others);
        refuse(checker, span, format!("there is no way of reading called `{shown}`"), help);
        return None;
    };
    if !fits(&row) {
        let message = match row.sets {
            Sets::Stated if target.ty.is_some() => {
                let text = match target.single() {
                    Some(Type::Bool) => "true",
                    _ => "…",
                };
                let message = format!("{shown} is a form of days and times, and this is {what}");
                refuse(
                    checker,
                    span,
                    message,
                    format!("to say what a text stands for, write `{shown} as {text}`"),
                );
                return None;
            }
            _ => format!(
                "`{}` is for {}, and this is {what}",
                row.written(),
                row.subject.described()
            ),
        };
        refuse(checker, span, message, others());
        return None;
    }
    Some(row)
}

/// Puts what a row says where it belongs.
fn set(
    checker: &mut Checker,
    row: &'static Row,
    pieces: &[PhrasePiece<'_>],
    (span, target): (Span, &Target<'_>),
    reading: &mut Reading,
) {
    let texts: Vec<_> = pieces
        .iter()
        .filter_map(|piece| match piece {
            PhrasePiece::Text(text) => Some(text),
            PhrasePiece::Word(_) => None,
        })
        .collect();
    let kind = target.single().and_then(Type::kind).unwrap_or(Kind::Time);
    let figures = &mut reading.figures;
    let is_again = match (&row.sets, texts.as_slice()) {
        (Sets::Form(form), _) => {
            let again = reading.forms.contains(form);
            reading.forms.push(form.clone());
            again
        }
        (Sets::Stated, [text]) => {
            if let Some(mistake) = Mistake::of(&text.value, kind, target.zoned) {
                let place = place(text, &mistake);
                refuse(checker, place, mistake.message, mistake.help);
                return;
            }
            let form = Form::Stated(Stated::new(&text.value));
            let again = reading.forms.contains(&form);
            reading.forms.push(form);
            again
        }
        (Sets::Zone, [text]) => match zone(&text.value) {
            Some(zone) => reading.zone.replace(zone).is_some(),
            None => {
                let message = format!("there is no time zone \"{}\"", text.value);
                return refuse(checker, text.span, message, zone_help(&text.value));
            }
        },
        (Sets::Decimal, [text]) => match sign(checker, text, ".,٫'") {
            Some('.') => false,
            Some(sign) => figures.decimal.replace(sign).is_some(),
            None => return,
        },
        (Sets::Thousands, [text]) => match sign(checker, text, ".,'’ _٬") {
            Some(sign) => figures.thousands.replace(sign).is_some(),
            None => return,
        },
        (Sets::Mark, [text]) => {
            if text.value.trim().is_empty() || text.value.contains(|c: char| c.is_ascii_digit()) {
                let message = format!("\"{}\" cannot stand beside a number", text.value);
                return refuse(
                    checker,
                    text.span,
                    message,
                    "write the sign or the unit: `beside \"$\"`",
                );
            }
            figures.mark.replace(text.value.trim().into()).is_some()
        }
        (Sets::Keys, [amount, currency]) => {
            if amount.value == currency.value {
                let message = "the amount and the currency have one key";
                return refuse(checker, currency.span, message, "name the key of the currency");
            }
            let keys = (amount.value.as_ref().into(), currency.value.as_ref().into());
            reading.keys.replace(keys).is_some()
        }
        (Sets::Percent, _) => std::mem::replace(&mut figures.percent, true),
        (Sets::Minor, _) => std::mem::replace(&mut reading.minor, true),
        (Sets::AnyCase, _) => std::mem::replace(&mut reading.any_case, true),
        (Sets::AnyKind, _) => std::mem::replace(&mut reading.any_kind, true),
        (Sets::ZoneField | Sets::CurrencyField, _) => {
            let tells = if row.sets == Sets::ZoneField { Tells::Zone } else { Tells::Currency };
            let Some(PhrasePiece::Word(path)) = pieces.last() else { return };
            match beside::check(checker, target.record, path, tells) {
                Some(found) => reading.beside.replace(found).is_some(),
                None => return,
            }
        }
        _ => false,
    };
    if is_again {
        refuse(checker, span, format!("`{}` is said twice", row.written()), "leave one out");
    }
}

/// Where in a text a mistake stands.
fn place(text: &Text<'_>, mistake: &Mistake) -> Span {
    let range = text.span.range();
    // With escapes, nobody knows.
    if range.len() != text.value.len() + 2 {
        return text.span;
    }
    let start = range.start + 1;
    Span::new(text.span.file, start + mistake.range.start, start + mistake.range.end)
}

/// A sign that stands in numbers.
fn sign(checker: &mut Checker, text: &Text<'_>, usual: &str) -> Option<char> {
    let mut letters = text.value.chars();
    let sign = letters.next().filter(|sign| letters.next().is_none() && usual.contains(*sign));
    if sign.is_none() {
        let message = format!("\"{}\" does not stand in numbers", text.value);
        let signs: Vec<_> = usual.chars().map(|sign| format!("`\"{sign}\"`")).collect();
        refuse(checker, text.span, message, format!("write one of {}", signs.join(", ")));
    }
    sign
}
