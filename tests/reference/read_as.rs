//! Values as fields say that they are written, made into values as they always are, one way of reading at a time.

use jiff::fmt::strtime;
use rulebook_syntax::ast::{Expr, Phrase, PhrasePiece, Reading, ReadingPart, TypeExpr, TypeKind};
use serde_json::{Value, json};

use super::{Reference, decimal};

/// What is said of a value in the words of a field.
pub(super) enum Said<'r> {
    /// It is one of them, and stands for a value or for none.
    Word(Option<&'r Expr<'r>>),
    /// It is written as always by now.
    Plain(Value),
}

fn words(phrase: &Phrase<'_>) -> String {
    let words = phrase.pieces.iter().map(|piece| match piece {
        PhrasePiece::Word(path) => {
            path.names.iter().map(|name| name.text).collect::<Vec<_>>().join(".")
        }
        PhrasePiece::Text(_) => "…".to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn texts<'p>(phrase: &'p Phrase<'_>) -> Vec<&'p str> {
    let texts = phrase.pieces.iter().filter_map(|piece| match piece {
        PhrasePiece::Text(text) => Some(&*text.value),
        PhrasePiece::Word(_) => None,
    });
    texts.collect()
}

fn shown(given: &Value) -> String {
    given.as_str().map_or_else(|| given.to_string(), str::to_string)
}

impl Reference<'_> {
    /// A value by all that stands behind `read`.
    pub(super) fn read_as<'r>(
        &self,
        reading: &'r Reading<'r>,
        ty: &TypeExpr<'_>,
        given: &Value,
    ) -> Said<'r> {
        let text = shown(given);
        for part in &reading.parts {
            if let ReadingPart::Words { texts, value } = part
                && texts.iter().any(|word| *word.value == *text)
            {
                return Said::Word(value.as_ref());
            }
        }
        let phrases: Vec<_> = reading
            .parts
            .iter()
            .filter_map(|part| match part {
                ReadingPart::Phrases(phrases) => Some(phrases),
                _ => None,
            })
            .collect();
        let mut given = given.clone();
        for phrases in phrases {
            // The first form that the text has.
            if let Some(read) = phrases.iter().find_map(|phrase| self.phrase(phrase, ty, &given)) {
                given = read;
            }
        }
        Said::Plain(given)
    }

    fn phrase(&self, phrase: &Phrase<'_>, ty: &TypeExpr<'_>, given: &Value) -> Option<Value> {
        let TypeKind::Named(name) = ty.kind else { return None };
        let text = shown(given);
        match (words(phrase).as_str(), texts(phrase).as_slice()) {
            ("…", [form]) => {
                let parts = strtime::parse(form, &text).ok()?;
                Some(match name {
                    "date" => json!(parts.to_date().ok()?.to_string()),
                    _ => json!(parts.to_time().ok()?.to_string()),
                })
            }
            ("epoch seconds", _) => {
                let units = decimal::read(&text).filter(|_| !text.contains(':'))?;
                let nanoseconds = i64::try_from(units).unwrap();
                let instant = jiff::Timestamp::from_nanosecond(nanoseconds.into()).unwrap();
                Some(json!(instant.to_string()))
            }
            ("thousands …", [sign]) => {
                let bare = text.trim_end_matches('-').trim_start_matches('(').trim_end_matches(')');
                let minus = if bare.len() < text.len() { "-" } else { "" };
                Some(json!(format!("{minus}{}", bare.replace(sign, "").replace(',', "."))))
            }
            ("percent", _) => {
                let units = decimal::read(text.trim_end_matches('%').trim()).unwrap();
                Some(json!(decimal::print(units / 100)))
            }
            ("minor units", _) => {
                let part = if name == "JPY" { 1 } else { 100 };
                Some(json!(decimal::print(decimal::read(&text).unwrap() / part)))
            }
            ("any case", _) if given.is_object() => {
                let code = given["currency"].as_str().unwrap().to_uppercase();
                Some(json!({"amount": given["amount"], "currency": code}))
            }
            ("any case", _) => {
                let members =
                    ["red", "Dark Green", "blue", "low", "mid", "high", "CNY", "JPY", "USD"];
                members
                    .iter()
                    .find(|member| member.eq_ignore_ascii_case(&text))
                    .map(|member| json!(member))
            }
            ("any kind", _) => Some(json!(text)),
            ("amount … currency …", [amount, currency]) => {
                Some(json!({"amount": given[*amount], "currency": given[*currency]}))
            }
            _ => None,
        }
    }
}
