//! Values as plain data, and how they are read from JSON.

use std::collections::BTreeMap;

use rulebook_lang::model::{
    Date, Time, parse_date, parse_duration, parse_time, parse_time_of_day, start_of_day,
};
use rulebook_syntax::ast::{DefinitionKind, TypeExpr, TypeKind};

use super::read_as::Said;
use super::{Exact, Fault, Reference, decimal};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing there.
    Missing,
    /// True or false.
    Bool(bool),
    /// A number or an amount, with all its digits.
    Number(Exact),
    /// A text or a url.
    Text(String),
    /// A member of an enum.
    Member(String),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Time),
    /// Nanoseconds.
    Duration(i128),
    /// Months.
    Months(i32),
    /// Days of a calendar, or all.
    Days(i64, Option<String>),
    /// Several values.
    List(Vec<Value>),
    /// The fields of a record.
    Record(BTreeMap<String, Value>),
    /// A decision about an element of a list that is a fault: whoever reads it has one, too.
    Faulty(Fault),
}

impl Value {
    /// The value as one line, for comparing with what the engine says.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Missing => "missing".into(),
            Self::Bool(value) => value.to_string(),
            Self::Number(exact) => decimal::print(exact.seen()),
            Self::Text(text) | Self::Member(text) => format!("\"{text}\""),
            Self::Date(date) => date.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Duration(nanos) => format!("{nanos} ns"),
            Self::Months(months) => format!("{months} months"),
            Self::Days(days, calendar) => format!("{days} days {calendar:?}"),
            Self::List(items) => {
                format!("[{}]", items.iter().map(Self::shown).collect::<Vec<_>>().join(", "))
            }
            Self::Record(fields) => {
                let fields =
                    fields.iter().map(|(name, value)| format!("{name}: {}", value.shown()));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            Self::Faulty(code) => format!("a fault: {code}"),
        }
    }
}

impl Reference<'_> {
    /// Reads a record that is known to be well formed.
    pub(super) fn read_record(&self, name: &str, input: &serde_json::Value) -> Value {
        let record = self.record(name).unwrap();
        let fields = record.fields.iter().map(|field| {
            let alias = field.alias.as_ref().and_then(|alias| input.get(&*alias.value));
            let given = alias.or_else(|| input.get(field.name.text));
            let said = given.filter(|given| !given.is_null()).map(|given| match &field.reading {
                Some(reading) => self.read_as(reading, &field.ty, given),
                None => Said::Plain(given.clone()),
            });
            let value = match said {
                Some(Said::Plain(given)) => self.read(&field.ty, &given),
                Some(Said::Word(Some(value))) => self.constant(value),
                Some(Said::Word(None)) | None => match &field.default {
                    Some(default) => self.constant(default),
                    None => Value::Missing,
                },
            };
            (field.name.text.to_string(), value)
        });
        Value::Record(fields.collect())
    }

    fn read(&self, ty: &TypeExpr, input: &serde_json::Value) -> Value {
        let name = match &ty.kind {
            TypeKind::List(inner) => {
                let items = input.as_array().unwrap().iter();
                return Value::List(items.map(|item| self.read(inner, item)).collect());
            }
            TypeKind::InPlace(_) => return Value::Member(input.as_str().unwrap().into()),
            TypeKind::Named(name) => *name,
        };
        let text = || input.as_str().unwrap();
        match name {
            "bool" => Value::Bool(input.as_bool().unwrap()),
            "text" | "url" => Value::Text(text().into()),
            // Those of the tests have no more parts of zero.
            "version" if !text().contains('-') => {
                let missing = 2_usize.saturating_sub(text().matches('.').count());
                Value::Text([text(), &".0".repeat(missing)].concat())
            }
            "version" => Value::Text(text().into()),
            "date" => Value::Date(parse_date(text()).unwrap()),
            "time" => Value::Time(parse_time(text(), &self.zone).unwrap()),
            "time_of_day" => Value::Duration(parse_time_of_day(text()).unwrap().as_nanos()),
            "duration" => Value::Duration(parse_duration(text()).unwrap().as_nanos()),
            name => match self.definition(name) {
                Some(DefinitionKind::Record(_)) => self.read_record(name, input),
                Some(DefinitionKind::Enum(_)) => Value::Member(text().into()),
                None if name == "currency" => Value::Member(text().into()),
                None if name == "money" => money(input),
                // A number, or an amount in one of the three forms.
                _ => Value::Number(number(input.get("amount").unwrap_or(input))),
            },
        }
    }

    /// The instant that a date or a time means.
    pub(super) fn instant(&self, value: &Value) -> Option<Time> {
        match value {
            Value::Time(time) => Some(*time),
            Value::Date(date) => start_of_day(*date, &self.zone),
            other => panic!("{other:?} is no time"),
        }
    }
}

/// Money of any currency: a record of its amount and its currency.
fn money(input: &serde_json::Value) -> Value {
    let (amount, currency) = match input.as_str().and_then(|text| text.split_once(' ')) {
        Some((digits, currency)) => (number(&digits.into()), currency),
        None => (number(&input["amount"]), input["currency"].as_str().unwrap()),
    };
    let fields = [
        ("amount".to_string(), Value::Number(amount)),
        ("currency".to_string(), Value::Member(currency.to_string())),
    ];
    Value::Record(fields.into())
}

fn number(input: &serde_json::Value) -> Exact {
    let units = match input.as_str() {
        Some(text) => decimal::read(text),
        None => decimal::read(&input.to_string()),
    };
    Exact::of(units.unwrap())
}
