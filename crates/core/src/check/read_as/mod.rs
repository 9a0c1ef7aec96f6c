//! Checks how fields are read, and makes of it what records are read by.

mod beside;
mod phrase;

use std::sync::Arc;

use super::checker::Checker;
use super::constant;
use super::typed::{Constant, RecordId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{Type, Value};
use rulebook_lang::reading::{Reading, Sets, Word};
use rulebook_syntax::ast::{self, ExprKind, ReadingPart};

/// How a field is read.
pub(super) struct FieldReading {
    pub(super) record: RecordId,
    pub(super) position: usize,
    pub(super) reading: Arc<Reading>,
}

/// Of which field, or of the fields of which record, something is said.
struct Target<'t> {
    record: &'t str,
    /// The type of the field; nothing for a whole record.
    ty: Option<&'t Type>,
    /// Whether times are read by stated clocks.
    zoned: bool,
}

impl Target<'_> {
    /// The type of the field, or of what its lists hold.
    fn single(&self) -> Option<&Type> {
        self.ty.map(single)
    }
}

fn single(ty: &Type) -> &Type {
    match ty.required() {
        Type::List(inner) => single(inner),
        single => single,
    }
}

/// How the fields of records are read. Parameters have their values by now.
pub(super) fn readings(checker: &mut Checker, nodes: &[&ast::Record]) -> Vec<FieldReading> {
    let mut readings = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let fields = node.fields.iter().map(|field| field.reading.as_ref());
        if node.reading.is_none() && fields.flatten().next().is_none() {
            continue;
        }
        let record = RecordId::at(index);
        let of_all = node.reading.as_ref().map(|node_reading| {
            let target = Target { record: node.name.text, ty: None, zoned: true };
            read(checker, node_reading, &target)
        });
        for (position, field) in node.fields.iter().enumerate() {
            let declared = checker.names.record(record).fields.get(position);
            let Some((ty, digits)) = declared.map(|field| (field.ty.clone(), field.digits)) else {
                continue;
            };
            let stated = field.reading.as_ref();
            if single(&ty).is_unknown() || stated.is_none() && of_all.is_none() {
                continue;
            }
            let mut reading = Reading { digits, ..Reading::default() };
            if let Some(stated) = stated {
                let zoned =
                    is_zoned(stated) || of_all.as_ref().is_some_and(|all| all.zone.is_some());
                let target = Target { record: node.name.text, ty: Some(&ty), zoned };
                reading = Reading { digits, ..read(checker, stated, &target) };
                check_missing(checker, field, &ty, &reading);
            }
            if let Some(all) = &of_all {
                inherit(&mut reading, all, &ty);
            }
            if !reading.is_plain() {
                readings.push(FieldReading { record, position, reading: Arc::new(reading) });
            }
        }
    }
    readings
}

/// What the input calls the field of a record whose data is in camel case.
pub(super) fn camel_case(node: &ast::Record, field: &str) -> Option<String> {
    let parts = node.reading.iter().flat_map(|reading| &reading.parts);
    let mut phrases = parts.flat_map(|part| match part {
        ReadingPart::Phrases(phrases) => phrases.as_slice(),
        _ => &[],
    });
    phrases.find(|phrase| phrase::row(phrase).is_some_and(|row| row.sets == Sets::CamelCase))?;
    let mut words = field.split('_').filter(|word| !word.is_empty());
    let first = words.next()?.to_string();
    let camel = words.fold(first, |mut camel, word| {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
        camel
    });
    (camel != field).then_some(camel)
}

/// Whether a field says by whose clocks it is read.
fn is_zoned(reading: &ast::Reading) -> bool {
    reading.parts.iter().any(|part| match part {
        ReadingPart::Phrases(phrases) => phrases.iter().any(phrase::has_zone),
        _ => false,
    })
}

/// What is said of a field, or of all fields of a record.
fn read(checker: &mut Checker, node: &ast::Reading, target: &Target<'_>) -> Reading {
    let mut reading = Reading::default();
    for part in &node.parts {
        match part {
            ReadingPart::Words { texts, value } => {
                words(checker, texts, value.as_ref(), target, &mut reading);
            }
            ReadingPart::Phrases(phrases) => {
                phrase::phrases(checker, phrases, target, &mut reading);
            }
            ReadingPart::Otherwise(_) => reading.lenient = true,
        }
    }
    if reading.figures.decimal.is_none() && reading.figures.thousands == Some('.') {
        let message = "`.` stands both between thousands and before decimals";
        let problem = Diagnostic::new(Code::BadReading, node.span, message);
        checker.sink.report(
            problem.help("say what stands before decimals: `decimal \",\", thousands \".\"`"),
        );
    }
    reading
}

/// What a record says of all its fields, where a field says nothing itself.
fn inherit(reading: &mut Reading, all: &Reading, ty: &Type) {
    let single = single(ty);
    let is_element = matches!(ty.required(), Type::List(_));
    let missing =
        all.words.iter().filter(|word| !is_element && reading.word(word.text()).is_none());
    let missing: Vec<_> = missing.cloned().collect();
    reading.words.extend(missing);
    reading.lenient |= all.lenient;
    let is_number = matches!(single, Type::Number | Type::Money(_)) || single.is_money();
    if is_number && reading.figures.is_plain() {
        reading.figures = all.figures.clone();
    }
    if *single == Type::Time && reading.zone.is_none() && reading.beside.is_none() {
        reading.zone.clone_from(&all.zone);
    }
    reading.any_case |=
        all.any_case && (matches!(single, Type::Enum(_) | Type::Money(_)) || single.is_money());
}

/// Texts that stand for a value.
fn words(
    checker: &mut Checker,
    texts: &[ast::Text],
    value: Option<&ast::Expr>,
    target: &Target<'_>,
    reading: &mut Reading,
) {
    let value = match (value, target.single()) {
        (None, _) => None,
        (Some(value), None) => {
            let message = "a record says only what is missing in all its fields";
            let problem = Diagnostic::new(Code::BadReading, value.span, message);
            checker.sink.report(problem.help("say it at the fields that it holds of"));
            return;
        }
        (Some(value), Some(ty)) if matches!(ty, Type::Record(_)) => {
            let message = format!("no text stands for {}", ty.described());
            let problem = Diagnostic::new(Code::BadReading, value.span, message);
            checker.sink.report(problem.help("only `missing` may stand here"));
            return;
        }
        (Some(value), Some(ty)) => {
            if let Some(alias) = misplaced_alias(texts, value, ty) {
                let message = "what the input calls a field stands before how it is read";
                let problem = Diagnostic::new(Code::BadReading, value.span, message);
                checker.sink.report(problem.help(alias));
                return;
            }
            match constant::of(checker, value, ty, "what a text stands for") {
                Ok(constant) => value_of(&constant),
                Err(_) => return,
            }
        }
    };
    for text in texts {
        if reading.word(&text.value).is_some() {
            let message = format!("\"{}\" stands for two values", text.value);
            checker.sink.error(Code::BadReading, text.span, message);
            continue;
        }
        reading.words.push(Word::new(&text.value, value.clone()));
    }
}

/// What to write where the name in the input stands behind a form of days.
fn misplaced_alias(texts: &[ast::Text], value: &ast::Expr, ty: &Type) -> Option<String> {
    let is_text = matches!(value.kind, ExprKind::Literal(ast::Literal::Text(_)));
    let [form] = texts else { return None };
    let is_form =
        form.value.contains('%') && matches!(ty, Type::Date | Type::Time | Type::TimeOfDay);
    (is_text && is_form).then(|| format!("write `as \"…\" read \"{}\"`", form.value))
}

/// A constant that no store keeps.
fn value_of(constant: &Constant) -> Option<Value<'static>> {
    match constant {
        Constant::Text(text) => Some(Value::Text(text.clone().into())),
        Constant::Bool(value) => Some(Value::Bool(*value)),
        Constant::Number(number) => Some(Value::Number(*number)),
        Constant::Date(date) => Some(Value::Date(*date)),
        Constant::Time(time) => Some(Value::Time(*time)),
        Constant::Duration(length) => Some(Value::Duration(*length)),
        Constant::Period(period) => Some(Value::Period(*period)),
        Constant::Member(position) => Some(Value::Member(*position)),
        Constant::Fraction(_) | Constant::Pattern(_) | Constant::List(_) => None,
    }
}

/// Reports what is said to be missing where nothing may be.
fn check_missing(checker: &mut Checker, node: &ast::Field, ty: &Type, reading: &Reading) {
    let parts = node.reading.iter().flat_map(|reading| &reading.parts);
    let mut missing = parts.filter_map(|part| match part {
        ReadingPart::Words { texts, value: None } => texts.first().map(|text| text.span),
        ReadingPart::Otherwise(span) => Some(*span),
        _ => None,
    });
    let Some(span) = missing.next() else { return };
    let is_element = matches!(ty.required(), Type::List(_)) && !reading.lenient;
    let name = node.name.text;
    let (message, help) = if is_element {
        let message = format!("`{name}` is a list, and what a list holds is never missing");
        (message, "leave it out, or let the whole list be missing: `otherwise missing`".to_string())
    } else if !ty.is_optional() && node.default.is_none() && node.join.is_none() {
        let help = format!("let it be missing, `{name}: {ty}?`, or give it a default, `= …`");
        (format!("`{name}` is never missing"), help)
    } else {
        return;
    };
    checker.sink.report(Diagnostic::new(Code::BadReading, span, message).help(help));
}

/// Reports something that is said of a field, with what to write.
fn refuse(checker: &mut Checker, span: Span, message: impl Into<String>, help: impl Into<String>) {
    checker.sink.report(Diagnostic::new(Code::BadReading, span, message).help(help));
}
