//! Values, and the store that keeps those of one record without an allocation for each.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::composite::{List, Record};
use super::{Date, Duration, Fraction, Number, Pattern, Period, Rational, Time};

/// A value during evaluation. Texts and lists borrow from the store that holds them.
///
/// Money is a [`Number`]: its currency is known from its type.
#[derive(Debug, Clone)]
pub enum Value<'v> {
    /// An optional that is not there.
    Missing,
    /// True or false.
    Bool(bool),
    /// A number, or an amount of money.
    Number(Number),
    /// What a calculation has given that no number is; it leaves no judgement.
    Fraction(Fraction),
    /// A text, a url, or a name that an open enum does not list.
    Text(Cow<'v, str>),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Time),
    /// An exact length of time.
    Duration(Duration),
    /// Months.
    Period(Period),
    /// A member of an enum, by its position.
    Member(u32),
    /// Several values.
    List(List<'v>),
    /// A record.
    Record(Record<'v>),
    /// A regular expression, compiled at load.
    Pattern(&'v Pattern),
}

/// One value in a [`Store`]; texts and lists are ranges in that store, and fractions numbers in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Cell {
    /// Nothing there.
    #[default]
    Missing,
    /// True or false; also marks an optional record that is there.
    Bool(bool),
    /// A number, or an amount of money.
    Number(Number),
    /// The fraction of this number among those of the store.
    Fraction(u32),
    /// Bytes `start..end` of the store's text.
    Text {
        /// The first byte.
        start: u32,
        /// The byte after the last.
        end: u32,
    },
    /// A day.
    Date(Date),
    /// An instant.
    Time(Time),
    /// An exact length of time.
    Duration(Duration),
    /// Months.
    Period(Period),
    /// A member of an enum.
    Member(u32),
    /// Cells `start..end` of the store.
    List {
        /// The first cell.
        start: u32,
        /// The cell after the last.
        end: u32,
    },
    /// A record of which the fields are cells `start..end`.
    Record {
        /// The cell of the first field.
        start: u32,
        /// The cell after the last, with those of the records within it.
        end: u32,
    },
}

/// Where a value that was read goes.
#[derive(Debug, Clone, Copy)]
pub enum Spot {
    /// Into a slot.
    Slot(u32),
    /// Behind the other elements of the innermost list that was begun.
    Element,
}

/// Cells and the text that they refer to.
#[derive(Debug, Clone, Default)]
pub struct Store {
    cells: Vec<Cell>,
    text: String,
    fractions: Vec<Fraction>,
    /// The elements of lists whose end is not read yet.
    open: Vec<Cell>,
    /// What an evaluation has made besides.
    made: Made,
}

/// Stores that were made while one is read, each behind the other; they live as long as it does.
#[derive(Debug, Default)]
struct Made(OnceLock<Box<(Store, Made)>>);

impl Made {
    /// Keeps a store behind those that are kept already.
    fn keep(&self, store: Store) -> &Store {
        let mut store = Some(store);
        let mut place = self;
        loop {
            // Who comes first in a free place has it; others go on to the next.
            let (kept, next) = &**place
                .0
                .get_or_init(|| Box::new((store.take().unwrap_or_default(), Self::default())));
            if store.is_none() {
                return kept;
            }
            place = next;
        }
    }
}

impl Clone for Made {
    /// Nothing: values that were made are not values of a copy.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Drop for Made {
    /// One after another, since there may be more than calls may nest.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut made) = next {
            next = made.1.0.take();
        }
    }
}

impl Store {
    /// Empties the store and gives it `slots` missing cells; keeps its memory.
    pub fn reset(&mut self, slots: usize) {
        self.cells.clear();
        self.text.clear();
        self.fractions.clear();
        self.open.clear();
        self.forget_made();
        self.cells.resize(slots, Cell::Missing);
    }

    /// Drops what evaluations have made besides.
    pub fn forget_made(&mut self) {
        // Asked first, since few evaluations make any.
        if self.made.0.get_mut().is_some() {
            self.made = Made::default();
        }
    }

    /// Adds cells behind the others and returns their range.
    pub fn append(&mut self, cells: impl IntoIterator<Item = Cell>) -> (u32, u32) {
        let start = index(self.cells.len());
        self.cells.extend(cells);
        (start, index(self.cells.len()))
    }

    /// Begins a list; what [`Self::end_list`] takes to end it.
    pub fn begin_list(&self) -> usize {
        self.open.len()
    }

    /// Puts a cell where it goes.
    #[inline]
    pub fn put(&mut self, spot: Spot, cell: Cell) {
        // The place is found first, so that the cell is made where it stays.
        let place = match spot {
            Spot::Slot(slot) => self.cells.get_mut(slot as usize),
            Spot::Element => {
                self.open.push(Cell::Missing);
                self.open.last_mut()
            }
        };
        if let Some(place) = place {
            *place = cell;
        }
    }

    /// Copies so many cells to other slots.
    pub fn copy(&mut self, from: u32, size: u32, to: u32) {
        let (from, size, to) = (from as usize, size as usize, to as usize);
        if from.max(to) + size <= self.cells.len() {
            self.cells.copy_within(from..from + size, to);
        }
    }

    /// Adds a copy of so many cells behind all others, and returns its range.
    pub fn append_copy(&mut self, from: u32, size: u32) -> (u32, u32) {
        let start = index(self.cells.len());
        let range = from as usize..(from as usize + size as usize).min(self.cells.len());
        self.cells.extend_from_within(range);
        (start, index(self.cells.len()))
    }

    /// Becomes a copy of another store, but for what evaluations made besides; keeps its memory.
    pub fn copy_of(&mut self, other: &Self) {
        self.reset(0);
        self.cells.extend_from_slice(&other.cells);
        self.text.push_str(&other.text);
        self.fractions.extend_from_slice(&other.fractions);
    }

    /// Ends the innermost list: its elements stand together only now, behind what they hold.
    pub fn end_list(&mut self, begin: usize) -> Cell {
        let start = index(self.cells.len());
        self.cells.extend(self.open.drain(begin.min(self.open.len())..));
        Cell::List { start, end: index(self.cells.len()) }
    }

    /// Keeps a text and returns its cell.
    #[inline]
    pub fn add_text(&mut self, text: &str) -> Cell {
        let start = index(self.text.len());
        self.text.push_str(text);
        Cell::Text { start, end: index(self.text.len()) }
    }

    /// Puts a cell into a slot.
    #[inline]
    pub fn set(&mut self, slot: u32, cell: Cell) {
        if let Some(place) = self.cells.get_mut(slot as usize) {
            *place = cell;
        }
    }

    /// The cell in a slot.
    pub fn cell(&self, slot: u32) -> Cell {
        self.cells.get(slot as usize).copied().unwrap_or_default()
    }

    /// The cell in a slot, where it lies.
    pub fn cell_ref(&self, slot: u32) -> &Cell {
        self.cells.get(slot as usize).unwrap_or(&Cell::Missing)
    }

    /// The value in a slot.
    pub fn get(&self, slot: u32) -> Value<'_> {
        self.value(self.cell(slot))
    }

    /// The text between two bytes, as a [`Cell::Text`] names them.
    pub fn text_between(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// How many bytes of text are kept.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The value of a cell of this store.
    pub fn value(&self, cell: Cell) -> Value<'_> {
        match cell {
            Cell::Missing => Value::Missing,
            Cell::Bool(value) => Value::Bool(value),
            Cell::Number(value) => Value::Number(value),
            Cell::Fraction(at) => self.fraction(at),
            Cell::Text { start, end } => Value::Text(Cow::Borrowed(self.text_between(start, end))),
            Cell::Date(value) => Value::Date(value),
            Cell::Time(value) => Value::Time(value),
            Cell::Duration(value) => Value::Duration(value),
            Cell::Period(value) => Value::Period(value),
            Cell::Member(value) => Value::Member(value),
            Cell::List { start, end } => Value::List(List::stored(self, start, end)),
            Cell::Record { start, end } => Value::Record(Record::stored(self, start, end)),
        }
    }

    /// The fraction of a number, which is there as long as the store is not reset.
    #[cold]
    fn fraction(&self, at: u32) -> Value<'_> {
        self.fractions.get(at as usize).map_or(Value::Missing, |found| Value::Fraction(*found))
    }

    /// The record whose own cell is in a slot: its fields, of so many slots, stand behind it. Missing
    /// where it is not there.
    pub fn record(&self, slot: u32, size: u32) -> Value<'_> {
        match self.cell(slot) {
            Cell::Missing => Value::Missing,
            _ => Value::Record(Record::stored(self, slot + 1, slot + 1 + size)),
        }
    }

    /// Keeps a store that was made while this one is read, as long as this one is not reset.
    pub fn keep(&self, store: Store) -> &Store {
        self.made.keep(store)
    }

    /// A list of single cells of this store.
    pub fn pick(&self, cells: impl IntoIterator<Item = Cell>) -> Value<'_> {
        Value::List(List::picked(self, cells.into_iter().collect()))
    }

    /// All cells and the text that they refer to, to be kept for [`Self::embed`].
    pub fn parts(&self) -> (&[Cell], &str) {
        (&self.cells, &self.text)
    }

    /// Puts a record that another store has kept into the slots from `at` on: the first `size` of
    /// its cells are its slots, and what they refer to goes behind all else.
    pub fn embed(&mut self, kept: &[Cell], size: u32, kept_text: &str, at: u32) {
        let text = index(self.text.len());
        // Cell `size` of the kept ones becomes the next cell here.
        let cells = index(self.cells.len()).wrapping_sub(size);
        self.text.push_str(kept_text);
        let (slots, others) = kept.split_at(kept.len().min(size as usize));
        let places = self.cells.get_mut(at as usize..).unwrap_or_default();
        for (place, cell) in places.iter_mut().zip(slots) {
            *place = cell.moved(cells, text);
        }
        self.cells.extend(others.iter().map(|cell| cell.moved(cells, text)));
    }

    /// Keeps a value of another store in this one.
    pub fn import(&mut self, value: &Value<'_>) -> Cell {
        match value {
            Value::Text(text) => self.add_text(text),
            Value::Fraction(fraction) => {
                self.fractions.push(*fraction);
                Cell::Fraction(index(self.fractions.len() - 1))
            }
            Value::List(list) => {
                let begin = self.begin_list();
                for value in list.iter() {
                    let cell = self.import(&value);
                    self.put(Spot::Element, cell);
                }
                self.end_list(begin)
            }
            Value::Record(record) => {
                let cells: Vec<_> = record.slots().map(|value| self.import(&value)).collect();
                let (start, end) = self.append(cells);
                Cell::Record { start, end }
            }
            plain => plain.to_plain().unwrap_or_default(),
        }
    }
}

pub(super) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Cell {
    /// Whether the value needs no store.
    pub fn is_plain(self) -> bool {
        !matches!(
            self,
            Self::Fraction(_) | Self::Text { .. } | Self::List { .. } | Self::Record { .. }
        )
    }

    /// The cell once the cells and the text that it refers to have moved by so much.
    fn moved(self, cells: u32, text: u32) -> Self {
        match self {
            Self::Text { start, end } => {
                Self::Text { start: start.wrapping_add(text), end: end.wrapping_add(text) }
            }
            Self::List { start, end } => {
                Self::List { start: start.wrapping_add(cells), end: end.wrapping_add(cells) }
            }
            Self::Record { start, end } => {
                Self::Record { start: start.wrapping_add(cells), end: end.wrapping_add(cells) }
            }
            plain => plain,
        }
    }
}

impl From<Rational> for Value<'_> {
    fn from(rational: Rational) -> Self {
        match rational {
            Rational::Number(number) => Self::Number(number),
            Rational::Fraction(fraction) => Self::Fraction(fraction),
        }
    }
}

impl<'v> Value<'v> {
    /// The value as a cell, where it needs no store.
    #[doc(hidden)]
    pub fn to_plain(&self) -> Option<Cell> {
        Some(match self {
            Self::Missing => Cell::Missing,
            Self::Bool(value) => Cell::Bool(*value),
            Self::Number(value) => Cell::Number(*value),
            Self::Date(value) => Cell::Date(*value),
            Self::Time(value) => Cell::Time(*value),
            Self::Duration(value) => Cell::Duration(*value),
            Self::Period(value) => Cell::Period(*value),
            Self::Member(value) => Cell::Member(*value),
            Self::Fraction(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Record(_)
            | Self::Pattern(_) => return None,
        })
    }

    /// The value of a cell that needs no store.
    #[doc(hidden)]
    pub fn of_plain(cell: Cell) -> Option<Self> {
        Some(match cell {
            Cell::Missing => Self::Missing,
            Cell::Bool(value) => Self::Bool(value),
            Cell::Number(value) => Self::Number(value),
            Cell::Date(value) => Self::Date(value),
            Cell::Time(value) => Self::Time(value),
            Cell::Duration(value) => Self::Duration(value),
            Cell::Period(value) => Self::Period(value),
            Cell::Member(value) => Self::Member(value),
            Cell::Fraction(_) | Cell::Text { .. } | Cell::List { .. } | Cell::Record { .. } => {
                return None;
            }
        })
    }

    /// The value without anything borrowed; `None` for a text, a list, a record or a pattern.
    #[doc(hidden)]
    pub fn detached(&self) -> Option<Value<'static>> {
        match self {
            Self::Fraction(fraction) => Some(Value::Fraction(*fraction)),
            plain => Value::of_plain(plain.to_plain()?),
        }
    }

    /// The value for exact calculations, if it is a number or an amount.
    #[inline]
    #[doc(hidden)]
    pub fn rational(&self) -> Option<Rational> {
        match self {
            Self::Number(number) => Some(Rational::Number(*number)),
            Self::Fraction(fraction) => Some(Rational::Fraction(*fraction)),
            _ => None,
        }
    }

    /// The value as it leaves a judgement: a fraction is rounded half to even to nine digits.
    #[must_use]
    #[doc(hidden)]
    pub fn rounded(self) -> Self {
        match self {
            Self::Fraction(fraction) => Self::Number(fraction.rounded()),
            other => other,
        }
    }

    /// How many bytes of text the value is.
    #[doc(hidden)]
    pub fn text_len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            _ => 0,
        }
    }

    /// Whether the value is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The truth value; anything else is false, which types rule out.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }
}
