//! Outcomes of which there may be many, such as dates, amounts and texts: how many different ones, from where to
//! where, which is the most frequent, and what amounts come to. It holds no more than a bounded number of values.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use rulebook::{Decision, Verdict};
use rulebook_lang::model::{Cell, Currency, Number, Total, Type, Value};

/// So many different values are told apart. More are told to be more.
const MOST: usize = 10_000;

/// A value, by which it is ordered, and the words for it.
#[derive(Debug, Clone)]
enum Key {
    /// A number, a date, or another value along a line.
    Plain(Cell),
    /// A text.
    Text,
    /// Several values, in no order.
    List,
}

#[derive(Debug, Clone)]
struct End {
    key: Key,
    words: String,
}

/// What became of a decision whose values are not few by their type.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// Each plain value with its words, and how often it was decided.
    plain: FxHashMap<Cell, (String, u64)>,
    /// Each text or list, by its words.
    texts: FxHashMap<String, u64>,
    /// Whether there are more than are told apart.
    many: bool,
    /// The least and the greatest.
    ends: Option<(End, End)>,
    /// What amounts come to, and in which currency.
    total: Total,
    currency: Option<Currency>,
    /// How often a value was decided.
    records: u64,
}

impl Values {
    /// Counts a value that some records came to.
    pub(crate) fn add(&mut self, decision: &Decision, verdict: &Verdict<'_>, records: u64) {
        self.records += records;
        let words = || decision.told(verdict);
        let (value, ty) = match verdict {
            Verdict::Value(value, ty) => (value, *ty),
            _ => return self.add_text(Key::List, words(), records),
        };
        if let (Type::Money(currency), Value::Number(amount)) = (ty, value) {
            self.currency = Some(*currency);
            self.add_up(*amount, records);
        }
        match value.to_plain() {
            Some(cell) => self.add_plain(cell, &words, records),
            None if matches!(value, Value::Text(_)) => self.add_text(Key::Text, words(), records),
            None => self.add_text(Key::List, words(), records),
        }
    }

    fn add_up(&mut self, amount: Number, records: u64) {
        let times = i64::try_from(records).ok().map(Number::from);
        match times.and_then(|times| amount.checked_mul(times)) {
            Some(amount) => self.total = self.total.plus(amount),
            None => (0..records).for_each(|_| self.total = self.total.plus(amount)),
        }
    }

    fn add_plain(&mut self, cell: Cell, words: &dyn Fn() -> String, records: u64) {
        let reaches = |end: &End, wanted| order(&Key::Plain(cell), "", end) == wanted;
        match &self.ends {
            None => self.widen(End { key: Key::Plain(cell), words: words() }),
            Some((least, greatest)) => {
                if reaches(least, Ordering::Less) || reaches(greatest, Ordering::Greater) {
                    self.widen(End { key: Key::Plain(cell), words: words() });
                }
            }
        }
        let has_room = self.different() < MOST;
        match self.plain.get_mut(&cell) {
            Some((_, count)) => *count += records,
            None if !has_room => self.many = true,
            None => {
                self.plain.insert(cell, (words(), records));
            }
        }
    }

    fn add_text(&mut self, key: Key, words: String, records: u64) {
        if matches!(key, Key::Text) {
            let reaches = |end: &End, wanted| order(&Key::Text, &words, end) == wanted;
            let widens = self.ends.as_ref().is_none_or(|(least, greatest)| {
                reaches(least, Ordering::Less) || reaches(greatest, Ordering::Greater)
            });
            if widens {
                self.widen(End { key, words: words.clone() });
            }
        }
        let has_room = self.different() < MOST;
        match self.texts.get_mut(&words) {
            Some(count) => *count += records,
            None if !has_room => self.many = true,
            None => {
                self.texts.insert(words, records);
            }
        }
    }

    fn widen(&mut self, end: End) {
        self.ends = Some(match self.ends.take() {
            None => (end.clone(), end),
            Some((least, greatest)) => (
                if end.is_before(&least) { end.clone() } else { least },
                if greatest.is_before(&end) { end } else { greatest },
            ),
        });
    }

    fn different(&self) -> usize {
        self.plain.len() + self.texts.len()
    }

    /// Adds what another has counted.
    pub(crate) fn merge(&mut self, other: Self) {
        for (cell, (words, records)) in other.plain {
            let known = self.plain.contains_key(&cell);
            match known || self.different() < MOST {
                true => self.plain.entry(cell).or_insert((words, 0)).1 += records,
                false => self.many = true,
            }
        }
        for (words, records) in other.texts {
            let known = self.texts.contains_key(&words);
            match known || self.different() < MOST {
                true => *self.texts.entry(words).or_default() += records,
                false => self.many = true,
            }
        }
        if let Some((least, greatest)) = other.ends {
            self.widen(least);
            self.widen(greatest);
        }
        self.many |= other.many;
        self.total = self.total.and(other.total);
        self.currency = self.currency.or(other.currency);
        self.records += other.records;
    }

    /// Each value with how often it was decided, where they are few; else what they have in common.
    pub(crate) fn told(self, few: usize) -> (Vec<(String, u64)>, Option<Spread>) {
        let total = self.total.since(Total::default());
        let sum = self.currency.map(|currency| Sum { total, currency });
        let different = (!self.many).then(|| self.different() as u64);
        let (ends, records) = (self.ends, self.records);
        let plain =
            self.plain.into_iter().map(|(cell, (words, count))| (Key::Plain(cell), words, count));
        let texts = self.texts.into_iter().map(|(words, count)| (Key::Text, words, count));
        let mut all: Vec<_> = plain.chain(texts).collect();
        if all.is_empty() {
            return (Vec::new(), None);
        }
        if all.len() <= few && different.is_some() && sum.is_none() {
            return (all.into_iter().map(|(_, words, count)| (words, count)).collect(), None);
        }
        // Of those that are equally frequent the least.
        all.sort_by(|a, b| {
            let end = End { key: b.0.clone(), words: b.1.clone() };
            b.2.cmp(&a.2).then_with(|| order(&a.0, &a.1, &end))
        });
        // Which is the most frequent is not known where some have not been told apart.
        let frequent = all.into_iter().next().map(|(_, words, count)| (words, count));
        let frequent = frequent.filter(|_| different.is_some());
        let ends = ends.map(|(least, greatest)| (least.words, greatest.words));
        (Vec::new(), Some(Spread { records, different, ends, frequent, sum }))
    }
}

impl End {
    fn is_before(&self, other: &Self) -> bool {
        order(&self.key, &self.words, other) == Ordering::Less
    }
}

fn order(key: &Key, words: &str, end: &End) -> Ordering {
    match (key, &end.key) {
        (Key::Plain(a), Key::Plain(b)) => match (a, b) {
            (Cell::Number(a), Cell::Number(b)) => a.cmp(b),
            (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
            (Cell::Time(a), Cell::Time(b)) => a.cmp(b),
            (Cell::Duration(a), Cell::Duration(b)) => a.cmp(b),
            (Cell::Period(a), Cell::Period(b)) => a.cmp(b),
            _ => Ordering::Equal,
        },
        _ => words.cmp(&end.words),
    }
}

/// What many values of a decision have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// How many records came to one of them.
    pub records: u64,
    /// How many different ones there are; nothing where they are too many to be told apart.
    pub different: Option<u64>,
    /// The least and the greatest, where they have an order.
    pub ends: Option<(String, String)>,
    /// The most frequent, with its records; nothing where they are too many to be told apart.
    pub frequent: Option<(String, u64)>,
    /// What amounts come to.
    pub sum: Option<Sum>,
}

/// What amounts come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// All of it; nothing where that is more than a number holds.
    pub total: Option<Number>,
    /// In which currency.
    pub currency: Currency,
}

impl Spread {
    /// So many different values are told apart.
    pub const MOST: usize = MOST;
}
