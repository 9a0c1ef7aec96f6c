//! A value for people, in their language, and beside it for machines, who get the same in every language.

use std::fmt;

use serde::Serialize;

use super::decision::{Decision, Verdict};
use super::field_data::FieldData;
use super::report::{Outcome, Typed};
use crate::program::FieldKind;
use rulebook_lang::figures::Locale;
use rulebook_lang::model::{Json, Type, Value};

use super::render::display;

/// A value for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToldValue {
    /// In the reader's form: `CNY 80.10`, `no`, `2 May 2024, 06:30`. Texts stand in quotes, but for
    /// outcomes.
    pub text: String,
    /// As decisions are written, and as records have it: `{"amount":"80.10","currency":"CNY"}`, `false`,
    /// `2024-05-02T06:30:00+00:00`; `null` for what is missing.
    pub json: Json,
}

impl ToldValue {
    /// A value as it is written by `data`, in other words.
    pub(crate) fn new(text: String, data: &impl Serialize) -> Self {
        // What cannot be written as JSON is no value of a record.
        Self { text, json: Json::of(data).unwrap_or_default() }
    }
}

impl fmt::Display for ToldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decision {
    /// A value of a record, of a parameter or of an expression; of several records, how many there are.
    pub(crate) fn told_value(&self, value: &Value<'_>, ty: &Type) -> ToldValue {
        let counted = match ty.required() {
            Type::List(element) if matches!(**element, Type::Record(_)) => {
                &Type::List(Box::new(Type::Unknown))
            }
            ty => ty,
        };
        self.told_as(value, ty, counted)
    }

    /// What a rule gives a decision: of several records, each.
    pub(crate) fn told_outcome(&self, value: &Value<'_>, ty: &Type) -> ToldValue {
        self.told_as(value, ty, ty)
    }

    fn told_as(&self, value: &Value<'_>, ty: &Type, shown: &Type) -> ToldValue {
        let zone = self.zone();
        let text = match value {
            Value::Text(text) => format!("\"{text}\""),
            _ => display(value, shown, Locale::of(&self.language), zone),
        };
        ToldValue::new(text, &Typed(value, ty, zone))
    }

    /// What a record holds in a slot; `text` says it to people.
    pub(crate) fn told_field(&self, kind: &FieldKind, slot: u32, text: String) -> ToldValue {
        let read = &|slot| self.row().get(slot);
        ToldValue::new(text, &FieldData { kind, slot, read, zone: self.zone() })
    }

    /// What a decision came to.
    pub(crate) fn told_verdict(&self, verdict: &Verdict<'_>) -> ToldValue {
        ToldValue::new(self.told(verdict), &Outcome(verdict, self.zone()))
    }
}
