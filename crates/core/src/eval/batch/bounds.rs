//! What a file says of many rows, least and greatest values, into the class that all of them are of.

use super::classes::{Class, is_sortable};
use super::lane::{Codes, Distinct, Form, Lane, lanes, plain_keys};
use super::order::Order;
use super::probe::Probe;
use super::{Run, Sorter};
use crate::eval::tell::Decision;
use crate::facts::columns::{Leaf, Open, Opened, Values};
use crate::program::{FieldKind, Key, KeyId, Word};
use rulebook_lang::scalar::Kind;

/// The rows of a batch of bounds: the least value of each column, the greatest, and nothing where
/// nothing may stand in a row, else the greatest again.
const ROWS: usize = 3;

impl Sorter {
    /// The class of all rows between some bounds, if they are of one whatever their values are: the
    /// batch holds the least value of each column, the greatest, and nothing where rows may lack it.
    /// `decide` decides about one of these.
    pub fn class_between(
        &mut self,
        order: Order<'_>,
        batch: &Opened<'_>,
        decide: impl FnMut(usize) -> Option<Decision>,
    ) -> Option<Class> {
        let sieve = order.policy.index.sieve().filter(|_| is_sortable(order))?;
        let mut probe = Probe::new(order);
        let lanes = lanes(batch, &mut probe).filter(|_| batch.rows == ROWS)?;
        let spans: Option<Vec<_>> = lanes.iter().map(|lane| Span::of(lane, &mut probe)).collect();
        let spans = spans?;
        let mut run = Run { order, lanes: &lanes, constants: None, decide };
        run.learn(sieve.words(), 0);
        let constants = run.constants.as_ref()?;
        let mut words = Vec::new();
        for (word, constant) in sieve.words().iter().zip(constants) {
            let mut left = Left { some: *constant, all: *constant };
            spans.iter().for_each(|span| left.keep(span.left(word)));
            let is_one = left.some == left.all;
            words.extend(Some(left.all).filter(|all| is_one && word.is_told(*all)));
        }
        let is_complete = words.len() == constants.len();
        is_complete
            .then(|| self.classes.class(words.into_iter(), order, || (run.decide)(0)))
            .flatten()
    }
}

/// What the values of some rows may leave of a word, and what they leave in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    some: u64,
    all: u64,
}

impl Left {
    fn of(word: &Word) -> Self {
        Self { some: word.all(), all: word.all() }
    }

    fn keep(&mut self, other: Self) {
        self.some &= other.some;
        self.all &= other.all;
    }

    fn or(self, other: Self) -> Self {
        Self { some: self.some | other.some, all: self.all & other.all }
    }
}

/// The keys between which those of a column lie, and those where nothing stands in a row.
struct Span {
    ids: Vec<(KeyId, Key, Key)>,
    none: Vec<(KeyId, Key)>,
}

impl Span {
    /// The keys of a column, by its bounds; `None` where a value between two good ones may be none.
    fn of(lane: &Lane<'_>, probe: &mut Probe<'_>) -> Option<Self> {
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
            Form::Texts(leaf, id) if leaf.plain_text(0) == leaf.plain_text(1) => {
                let key = probe.order.policy.index.text_key(leaf.plain_text(0)?);
                Some(Self { ids: vec![(*id, key, key)], none: vec![(*id, key)] })
            }
            _ => None,
        }
    }

    /// What the column leaves of a word.
    fn left(&self, word: &Word) -> Left {
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

impl<'b> Distinct<'b> {
    /// The column in whose rows they were found.
    fn open(&self) -> Option<&'b Open<'b>> {
        match self {
            Self::Rows(open, _) => Some(open),
            Self::Dictionary(..) => None,
        }
    }

    /// The same as a column of single values.
    fn leaf(&self) -> Option<&'b Leaf<'b>> {
        match self.open()? {
            Open::Leaf(leaf) => Some(leaf),
            _ => None,
        }
    }
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
        let is_day =
            matches!(&self.field.kind, FieldKind::Scalar(ty) if ty.kind() == Some(Kind::Date));
        is_day && distinct.leaf().is_some_and(|leaf| matches!(leaf.values, Values::Days(_)))
    }

    /// The keys of a row.
    fn at(&self, row: usize, probe: &mut Probe<'_>) -> Option<Vec<(KeyId, Key)>> {
        let Form::Coded(_, distinct, _) = &self.form else { return None };
        let open = distinct.open()?;
        Some(probe.field(self.field, &self.keys, (open, row)).clone())
    }
}
