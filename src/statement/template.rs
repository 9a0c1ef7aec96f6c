//! Texts of a mapping with their placeholders, filled in from a decision and its record.

use super::field::Kind;
use super::mapping::Mapping;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_core::eval::Decision;
use rulebook_core::program::{self, DecisionId, FieldKind};
use rulebook_lang::model::{Type, Value};

/// The text of a field, with placeholders.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pieces: Vec<Piece>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Word(Word),
    Decision(DecisionId),
    Field(u32, Type),
}

/// What a decision has to say besides its outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Reasons,
    Titles,
    Sources,
    Rules,
    Policy,
    Rulebook,
    Now,
    Dated,
}

const WORDS: &[(&str, Word)] = &[
    ("reasons", Word::Reasons),
    ("titles", Word::Titles),
    ("sources", Word::Sources),
    ("rules", Word::Rules),
    ("policy", Word::Policy),
    ("rulebook", Word::Rulebook),
    ("now", Word::Now),
    ("dated", Word::Dated),
];

impl Template {
    /// Reads a text: `{reasons}`, `{decision.open}`, `{order.id}`, and `{{` for a brace.
    ///
    /// # Errors
    /// A message and a help for each placeholder that means nothing.
    pub(super) fn parse(
        text: &str,
        kind: Kind,
        policy: &program::Policy,
    ) -> Result<Self, Vec<(String, String)>> {
        let mut pieces = Vec::new();
        let mut problems = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            pieces.push(Piece::Text(before.to_string()));
            if let Some(behind) = behind.strip_prefix('{') {
                pieces.push(Piece::Text("{".into()));
                rest = behind;
                continue;
            }
            let Some((place, behind)) = behind.split_once('}') else {
                problems.push(("a `{` is not closed".into(), "write `{{` for a brace".into()));
                rest = "";
                break;
            };
            match place_of(place.trim(), policy) {
                Ok(piece) => pieces.push(piece),
                Err(problem) => problems.push(problem),
            }
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_string()));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        if problems.is_empty() { Ok(Self { pieces, kind }) } else { Err(problems) }
    }

    /// The text, if it has no placeholder.
    pub(super) fn constant(&self) -> Option<String> {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// The text for a decision; `None` where a placeholder has no value.
    pub(super) fn fill(&self, decision: &Decision, mapping: &Mapping) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            text.push_str(&self.filled(piece, decision, mapping)?);
        }
        (!text.is_empty()).then_some(text)
    }

    fn filled(&self, piece: &Piece, decision: &Decision, mapping: &Mapping) -> Option<String> {
        match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Word(word) => self.word(*word, decision, mapping),
            Piece::Decision(id) => {
                let (_, verdict) = decision.verdicts().nth(id.index())?;
                Some(decision.told(&verdict))
            }
            Piece::Field(slot, ty) => match ty.required() {
                Type::Record(record) => {
                    self.value(&decision.record(*slot, record.size()), ty, decision)
                }
                _ => self.value(&decision.field(*slot), ty, decision),
            },
        }
    }

    fn word(&self, word: Word, decision: &Decision, mapping: &Mapping) -> Option<String> {
        let rules = || decision.rules().filter(|rule| mapping.concerns(*rule));
        let joined = |texts: Vec<String>, with| (!texts.is_empty()).then(|| texts.join(with));
        match word {
            Word::Reasons => {
                let defaults = decision.default_reasons();
                let defaults = defaults.filter(|(name, _)| mapping.decides(name));
                let reasons = rules().filter_map(|rule| rule.reason());
                joined(reasons.chain(defaults.map(|(_, reason)| reason)).collect(), "; ")
            }
            Word::Titles => joined(rules().filter_map(|rule| rule.title()).collect(), "; "),
            Word::Sources => {
                let mut sources: Vec<String> = Vec::new();
                for source in rules().flat_map(|rule| rule.sources()) {
                    let source = source.in_language(decision.language());
                    if !sources.iter().any(|earlier| earlier == source) {
                        sources.push(source.to_string());
                    }
                }
                joined(sources, "; ")
            }
            Word::Rules => joined(rules().map(|rule| rule.name().to_string()).collect(), ", "),
            Word::Policy => Some(decision.policy_name().to_string()),
            Word::Rulebook => {
                let name = decision.rulebook();
                Some(format!("{} {}", name.name, name.version))
            }
            Word::Now => self.value(&Value::Time(decision.now()), &Type::Time, decision),
            Word::Dated => self.value(&Value::Time(decision.dated()), &Type::Time, decision),
        }
    }

    /// A value as the field wants it: texts as people read them, anything else as programs do.
    fn value(&self, value: &Value<'_>, ty: &Type, decision: &Decision) -> Option<String> {
        Some(match (value, self.kind) {
            (Value::Missing, _) => return None,
            (Value::Time(time), Kind::Date) => time.shown(decision.zone()).0.date().to_string(),
            (Value::Date(date), Kind::Date) => date.to_string(),
            (Value::Number(number), Kind::Unique) => number.to_string(),
            (value, _) => decision.shown(value, ty),
        })
    }
}

fn place_of(place: &str, policy: &program::Policy) -> Result<Piece, (String, String)> {
    if let Some((_, word)) = WORDS.iter().find(|(name, _)| *name == place) {
        return Ok(Piece::Word(*word));
    }
    if let Some(name) = place.strip_prefix("decision.") {
        return policy.decision(name).map(Piece::Decision).ok_or_else(|| {
            let names = policy.decisions.iter().map(|decision| decision.name.as_str());
            let help = did_you_mean(name, names.clone())
                .unwrap_or_else(|| format!("it decides {}", names.collect::<Vec<_>>().join(", ")));
            (format!("policy `{}` does not decide `{name}`", policy.name), help)
        });
    }
    let path = place.strip_prefix("record.").unwrap_or(place);
    let mut paths = Vec::new();
    let mut found = None;
    policy.layout.walk("", &mut |walked, field| {
        let ty = match &field.kind {
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => ty.clone(),
            FieldKind::Record(layout) if layout.money => Type::money(),
            FieldKind::Record(_) | FieldKind::List(_) => return,
        };
        if walked == path {
            found = Some(Piece::Field(field.slot, ty));
        }
        paths.push(walked.to_string());
    });
    found.ok_or_else(|| {
        let words = WORDS.iter().map(|(name, _)| *name);
        let names = words.clone().chain(paths.iter().map(String::as_str));
        let help = did_you_mean(place, names).unwrap_or_else(|| {
            let words: Vec<_> = words.collect();
            format!("name a field of the record, `decision.NAME`, or one of {}", words.join(", "))
        });
        (format!("`{{{place}}}` means nothing here"), help)
    })
}
