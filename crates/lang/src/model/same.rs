//! When two values are the same: for comparisons, and for sets of values.

use std::hash::{Hash, Hasher};

use super::Value;

impl Value<'_> {
    /// Whether two values of one type are the same.
    #[doc(hidden)]
    pub fn same(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Self::Missing, Value::Missing) => true,
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::Number(a), Value::Number(b)) => a == b,
            (Self::Fraction(a), Value::Fraction(b)) => a == b,
            (Self::Text(a), Value::Text(b)) => a == b,
            (Self::Date(a), Value::Date(b)) => a == b,
            (Self::Time(a), Value::Time(b)) => a == b,
            (Self::Duration(a), Value::Duration(b)) => a == b,
            (Self::Period(a), Value::Period(b)) => a == b,
            (Self::Member(a), Value::Member(b)) => a == b,
            (Self::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(&b))
            }
            (Self::Record(a), Value::Record(b)) => {
                a.size() == b.size() && a.slots().zip(b.slots()).all(|(a, b)| a.same(&b))
            }
            _ => false,
        }
    }
}

/// A value in a set of values of its type, of which no two are the same.
#[derive(Debug, Clone)]
pub struct Same<'v>(pub Value<'v>);

impl PartialEq for Same<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.same(&other.0)
    }
}

impl Eq for Same<'_> {}

impl Hash for Same<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Value::Text(text) => text.hash(state),
            // The same fractions are rounded to the same number.
            Value::Fraction(fraction) => fraction.rounded().hash(state),
            Value::List(list) => list.iter().for_each(|item| Same(item).hash(state)),
            Value::Record(record) => record.slots().for_each(|slot| Same(slot).hash(state)),
            // The same plain values are the same cells.
            plain => plain.to_plain().hash(state),
        }
    }
}
