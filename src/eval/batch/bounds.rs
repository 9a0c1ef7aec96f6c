//! What a file says of many rows, least and greatest values, into the class that all of them are of.

use super::lane::{Codes, Form, Lane, plain_keys};
use super::probe::Probe;
use crate::facts::columns::{Leaf, Values};
use crate::model::Type;
use crate::program::{FieldKind, Key, KeyId, Word};

/// The rows of a batch of bounds: the least value of each column, the greatest, and nothing where
/// nothing may stand in a row, else the greatest again.
pub(super) const ROWS: usize = 3;

/// What the values of some rows may leave of a word, and what they leave in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) some: u64,
    pub(super) all: u64,
}

impl Left {
    pub(super) fn of(word: &Word) -> Self {
        Self { some: word.all(), all: word.all() }
    }

    pub(super) fn keep(&mut self, other: Self) {
        self.some &= other.some;
        self.all &= other.all;
    }

    fn or(self, other: Self) -> Self {
        Self { some: self.some | other.some, all: self.all & other.all }
    }
}

/// The keys between which those of a column lie, and those where nothing stands in a row.
pub(super) struct Span {
    ids: Vec<(KeyId, Key, Key)>,
    none: Vec<(KeyId, Key)>,
}

impl Span {
    /// The keys of a column, by its bounds; `None` where a value between two good ones may be none.
    pub(super) fn of(lane: &Lane<'_>, probe: &mut Probe<'_>) -> Option<Self> {
        match &lane.form {
            Form::Plain(leaf, null) if is_dense(leaf) => {
                let mut keys = Vec::with_capacity(ROWS);
                plain_keys(leaf, 0..ROWS, &probe.order.program.zone, &mut keys);
                let keys: Vec<_> =
                    (0..).zip(keys).map(|(row, key)| nulled(leaf, row, key, *null)).collect();
                let [least, greatest, none] = keys.as_slice() else { return None };
                Some(Self {
                    ids: lane.keys.iter().map(|id| (*id, *least, *greatest)).collect(),
                    none: lane.keys.iter().map(|id| (*id, *none)).collect(),
                })
            }
            Form::Coded(Codes::Found(codes), ..) => {
                let is_one = codes.first() == codes.get(1);
                if !is_one && !lane.is_of_days() {
                    return None;
                }
                let [least, greatest, none] = [0, 1, 2].map(|row| lane.at(row, probe));
                let pairs = least?.into_iter().zip(greatest?);
                let ids = pairs.map(|((id, least), (_, greatest))| (id, least, greatest));
                Some(Self { ids: ids.collect(), none: none? })
            }
            _ => None,
        }
    }

    /// What the column leaves of a word.
    pub(super) fn left(&self, word: &Word) -> Left {
        let mut left = Left::of(word);
        for (id, least, greatest) in &self.ids {
            let (some, all) = word.between(*id, *least, *greatest);
            left.keep(Left { some, all });
        }
        let none = word.bits(&self.none);
        left.or(Left { some: none, all: none })
    }
}

fn nulled(leaf: &Leaf<'_>, row: usize, key: Key, null: Key) -> Key {
    if leaf.nulls.is_some_and(|nulls| nulls.is_null(row)) { null } else { key }
}

/// Whether every value between two that a field takes is one that it takes, too. Floats are not:
/// one may be no number, or have more digits than numbers do.
fn is_dense(leaf: &Leaf<'_>) -> bool {
    match &leaf.values {
        Values::Whole(_) | Values::Bool(_) | Values::Instant(..) => true,
        Values::Decimal(_, scale) => (0..=9).contains(scale),
        _ => false,
    }
}

impl Lane<'_> {
    /// Whether it is a column of days for days.
    fn is_of_days(&self) -> bool {
        let Form::Coded(_, distinct, _) = &self.form else { return false };
        let is_day = matches!(self.field.kind, FieldKind::Scalar(Type::Date));
        is_day && distinct.leaf().is_some_and(|leaf| matches!(leaf.values, Values::Days(_)))
    }

    /// The keys of a row.
    fn at(&self, row: usize, probe: &mut Probe<'_>) -> Option<Vec<(KeyId, Key)>> {
        let Form::Coded(_, distinct, _) = &self.form else { return None };
        let open = distinct.open()?;
        Some(probe.field(self.field, &self.keys, (open, row)).clone())
    }
}
