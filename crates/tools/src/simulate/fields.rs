//! The fields that a simulation groups by and adds up: where they lie, and their values as text.

use std::fmt::Write as _;

use super::SimulateError;
use rulebook::Decision;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_core::program::{FieldKind, Policy};
use rulebook_lang::model::{Number, Type, Value};
use rulebook_lang::scalar::Kind;

/// A field that holds a single value.
#[derive(Debug, Clone)]
pub(super) struct ScalarField {
    pub(super) path: String,
    slot: u32,
    pub(super) ty: Type,
}

impl ScalarField {
    /// The field with a path in the record of a policy.
    fn find(policy: &Policy, path: &str) -> Result<Self, SimulateError> {
        let (mut found, mut paths) = (None, Vec::new());
        policy.layout.walk("", &mut |walked, field| {
            let (ty, is_meant) = match &field.kind {
                FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => {
                    (ty.required().clone(), walked == path)
                }
                // An amount is none without its currency.
                FieldKind::Record(layout) if layout.money => {
                    (Type::money(), walked == path || path.strip_suffix(".amount") == Some(walked))
                }
                FieldKind::Record(_) | FieldKind::List(_) => return,
            };
            paths.push(walked.to_string());
            if is_meant && found.is_none() {
                found = Some(Self { path: walked.to_string(), slot: field.slot, ty });
            }
        });
        found.ok_or_else(|| {
            let help = did_you_mean(path, paths.iter().map(String::as_str));
            let help = help.unwrap_or_else(|| format!("it has {}", paths.join(", ")));
            SimulateError::UnknownField {
                record: policy.record.to_string(),
                path: path.into(),
                help,
            }
        })
    }

    /// A field to group by.
    pub(super) fn grouping(policy: &Policy, path: &str) -> Result<Self, SimulateError> {
        let field = Self::find(policy, path)?;
        match field.ty.kind() {
            Some(Kind::Number | Kind::Duration | Kind::Period) => {
                let (path, ty) = (field.path, field.ty.described());
                Err(SimulateError::NoGroups { path, ty })
            }
            _ if field.ty.is_money() => {
                let (path, ty) = (field.path, field.ty.described());
                Err(SimulateError::NoGroups { path, ty })
            }
            _ => Ok(field),
        }
    }

    /// A field to add up.
    pub(super) fn summed(policy: &Policy, path: &str) -> Result<Self, SimulateError> {
        let field = Self::find(policy, path)?;
        match field.ty.kind() {
            Some(Kind::Number) => Ok(field),
            _ if field.ty.is_money() => Err(SimulateError::ManyCurrencies { path: field.path }),
            _ => {
                let ty = field.ty.described();
                Err(SimulateError::NotSummed { path: field.path, ty })
            }
        }
    }

    /// The currency, where the field holds money.
    pub(super) fn unit(&self) -> Option<String> {
        match self.ty {
            Type::Money(currency) => Some(currency.code().to_string()),
            _ => None,
        }
    }

    pub(super) fn is_time(&self) -> bool {
        matches!(self.ty.kind(), Some(Kind::Date | Kind::Time))
    }

    pub(super) fn amount(&self, decision: &Decision) -> Option<Number> {
        match decision.field(self.slot) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Writes the group that a record belongs to: a value, or the month of a date or a time. Whether
    /// the record has one.
    pub(super) fn write_group(&self, decision: &Decision, into: &mut String) -> bool {
        into.clear();
        let date = match decision.field(self.slot) {
            Value::Missing => return false,
            Value::Time(time) => time.shown(decision.zone()).0.date(),
            Value::Date(date) => date,
            value => {
                write_plain(&value, &self.ty, into);
                return true;
            }
        };
        // A text takes whatever is written.
        let _ = write!(into, "{:04}-{:02}", date.year(), date.month());
        true
    }
}

/// A value as text, the same for every reader.
pub(super) fn plain(value: &Value<'_>, ty: &Type) -> String {
    let mut text = String::new();
    write_plain(value, ty, &mut text);
    text
}

/// Adds a value as text, the same for every reader.
pub(super) fn write_plain(value: &Value<'_>, ty: &Type, into: &mut String) {
    match (value, ty) {
        (Value::Number(number), Type::Money(currency)) => {
            number.write_fixed(currency.minor_digits(), into);
        }
        // A text takes whatever is written.
        (value, ty) => drop(ty.write(value, None, into)),
    }
}
