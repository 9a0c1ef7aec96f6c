//! Values and texts for people, in their language.

use std::fmt;

use crate::eval::judge::Machine;
use crate::program::{Piece, Printed, Text};
use rulebook_lang::figures::Locale;
use rulebook_lang::model::{Type, Value, Zone, is_money_name};

/// A value in the form that readers of a language expect.
pub fn display(value: &Value<'_>, ty: &Type, locale: &Locale, zone: &Zone) -> String {
    Shown { value, ty, locale, titles: None, zone }.to_string()
}

/// The same in a language, with the titles of members.
pub fn display_titled(value: &Value<'_>, ty: &Type, language: &str, zone: &Zone) -> String {
    let (locale, titles) = (Locale::of(language), Some(language));
    Shown { value, ty, locale, titles, zone }.to_string()
}

/// A value in the form that readers of a language expect, when it is printed.
struct Shown<'v> {
    value: &'v Value<'v>,
    ty: &'v Type,
    locale: &'v Locale,
    /// The language in which members have their titles; without one, they are what the data has.
    titles: Option<&'v str>,
    zone: &'v Zone,
}

impl Shown<'_> {
    fn title(&self) -> Option<&str> {
        match (self.value, self.ty.required()) {
            (Value::Member(position), Type::Enum(members)) => {
                members.title(*position, self.titles?)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(title) = self.title() {
            return f.write_str(title);
        }
        let Self { value, ty, locale, titles, zone } = *self;
        match (value, ty.required()) {
            (Value::List(list), Type::List(ty)) if **ty != Type::Unknown => {
                let items: Vec<_> = list.iter().collect();
                locale.list(f, items.iter().map(|value| Shown { value, ty, locale, titles, zone }))
            }
            (Value::Record(record), Type::Record(ty)) if !is_money_name(ty.name()) => {
                write!(f, "{ty} (")?;
                let mut between = "";
                for (slot, name, ty) in ty.fields() {
                    let value = record.get(slot, ty).rounded();
                    if !value.is_missing() {
                        let shown = Shown { value: &value, ty, locale, titles, zone };
                        write!(f, "{between}{name}: {shown}")?;
                        between = ", ";
                    }
                }
                f.write_str(")")
            }
            (value, ty) => ty.show(value, (locale, zone), f),
        }
    }
}

/// A text in a language, its placeholders filled in when it is printed.
pub(crate) struct Rendered<'d> {
    pub(super) text: &'d Text,
    pub(super) language: &'d str,
    pub(super) machine: Machine<'d>,
    pub(super) zone: &'d Zone,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, language, machine, zone } = self;
        let Some(variant) = text.in_language(language) else { return Ok(()) };
        let locale = || Locale::of(&variant.language);
        for piece in &variant.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Value((node, ty), printed) => {
                    match (machine.value(*node).map(Value::rounded), printed) {
                        (Ok(Value::Number(number)), Printed::InPercent) => {
                            locale().percent(f, number)?;
                        }
                        (Ok(Value::Number(number)), Printed::AsWords(forms)) => {
                            f.write_str(Printed::words(forms, &variant.language, number))?;
                        }
                        (Ok(value), _) => {
                            let titles = Some(variant.language.as_str());
                            Shown { value: &value, ty, locale: locale(), titles, zone }.fmt(f)?;
                        }
                        (Err(fault), _) => write!(f, "[{}]", fault.problem)?,
                    }
                }
            }
        }
        Ok(())
    }
}

impl serde::Serialize for Rendered<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let variant = self.text.in_language(self.language);
        match variant.map(|variant| variant.pieces.as_slice()) {
            Some([Piece::Text(text)]) => serializer.serialize_str(text),
            _ => serializer.collect_str(self),
        }
    }
}
