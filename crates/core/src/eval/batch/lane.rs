//! The columns of a batch as what their values leave of the words of a sieve.

use std::ops::Range;

use arrow_array::ArrayRef;
use arrow_buffer::{BooleanBuffer, NullBuffer};
use rustc_hash::FxHashMap;

use super::plain::{self, Memory};
use super::probe::{Keys, Probe, UNTESTED};
use super::table::Table;
use crate::facts::Raw;
use crate::facts::columns::{Leaf, Open, OpenRecord, Opened, Values, Whole};
use crate::program::{Field, FieldKind, Key, KeyId, KeySource, Layout, UNREACHED, Word, key};
use rulebook_lang::model::{Number, Type, Zone};

/// With more distinct values than this, a column of texts or days is read value by value.
const MOST_VALUES: usize = 1 << 12;

/// The column of a field.
pub(super) struct Lane<'b> {
    pub(super) field: &'b Field,
    /// The keys that come from it, or [`UNTESTED`] alone.
    pub(super) keys: Vec<KeyId>,
    pub(super) form: Form<'b>,
}

/// How its values become keys.
pub(super) enum Form<'b> {
    /// Each of its distinct values once.
    Coded(Codes<'b>, Distinct<'b>, Option<&'b NullBuffer>),
    /// Numbers, times and truth values, which are almost keys.
    Plain(&'b Leaf<'b>, Key),
    /// Texts, none of them missing, and their key.
    Texts(&'b Leaf<'b>, KeyId),
    /// Whatever it is, row by row.
    Each(&'b Open<'b>),
}

/// Which of the distinct values stands in a row.
pub(super) enum Codes<'b> {
    /// As the column itself tells.
    Own(Whole<'b>),
    /// As was found out.
    Found(Vec<u32>),
}

/// The distinct values.
pub(super) enum Distinct<'b> {
    /// All of a dictionary.
    Dictionary(&'b Leaf<'b>, &'b ArrayRef, usize),
    /// Those that were found in the column, by one of the rows in which each stands.
    Rows(&'b Open<'b>, Vec<usize>),
}

/// The columns of a batch that matter to how its rows are sorted; `None` where cells are texts that
/// stand for values.
pub(super) fn lanes<'b>(batch: &'b Opened<'b>, probe: &mut Probe<'b>) -> Option<Vec<Lane<'b>>> {
    let mut lanes = Vec::new();
    let layout = &probe.order.policy.layout;
    if layout.settles {
        return None;
    }
    collect(&batch.fields, layout, batch.rows, probe, &mut lanes)?;
    Some(lanes)
}

fn collect<'b>(
    record: &'b OpenRecord<'b>,
    layout: &'b Layout,
    rows: usize,
    probe: &mut Probe<'b>,
    lanes: &mut Vec<Lane<'b>>,
) -> Option<()> {
    for (position, open) in &record.fields {
        let field = layout.fields.get(*position)?;
        match (open, &field.kind) {
            (Open::Flat(inner, true), FieldKind::Record(layout)) if layout.reading.is_none() => {
                collect(inner, layout, rows, probe, lanes)?;
            }
            (Open::Struct(nulls, inner), FieldKind::Record(layout))
                if nulls.is_none_or(|nulls| nulls.null_count() == 0)
                    && layout.reading.is_none() =>
            {
                collect(inner, layout, rows, probe, lanes)?;
            }
            _ => {
                let keys = keys_of(field, probe);
                let form = match (open, &field.kind) {
                    (Open::Leaf(leaf), _) if leaf.texts.is_some() => return None,
                    _ if probe.order.policy.id == Some(field.slot) && !names(field, open) => {
                        return None;
                    }
                    (Open::Leaf(leaf), FieldKind::Scalar(ty)) => {
                        if keys == [UNTESTED] && is_always_sound(leaf, field, ty) {
                            continue;
                        }
                        form(open, leaf, (field, ty), &keys, rows, probe)
                    }
                    (Open::Leaf(leaf), FieldKind::Read(..)) => read_form(open, leaf, rows),
                    _ => Form::Each(open),
                };
                lanes.push(Lane { field, keys, form });
            }
        }
    }
    Some(())
}

/// Whether the field that names records has their names as they stand in its column.
fn names(field: &Field, open: &Open<'_>) -> bool {
    let Open::Leaf(leaf) = open else { return false };
    let has_names = match &field.kind {
        FieldKind::Scalar(Type::Text) => true,
        FieldKind::Scalar(Type::Number) => {
            matches!(leaf.values, Values::Whole(_) | Values::Double(_) | Values::Decimal(..))
        }
        _ => false,
    };
    has_names && field.default.is_none() && field.digits.is_none()
}

/// The keys that depend on what a field holds.
fn keys_of(field: &Field, probe: &Probe<'_>) -> Vec<KeyId> {
    let mut slots = vec![field.slot];
    if let FieldKind::Record(layout) = &field.kind {
        layout.walk("", &mut |_, inner| slots.push(inner.slot));
    }
    let order = probe.order;
    // Where one time says which rules are in force, no date of the record does.
    let by_record_date = order.when.in_force.is_none();
    let is_dated = order.policy.dated.is_some_and(|slot| slots.contains(&slot));
    let sources = (0..).zip(order.policy.index.sources());
    let depending = sources.filter(|(_, source)| match source {
        KeySource::Slot(slot) | KeySource::Version(slot) => slots.contains(slot),
        KeySource::Date(Some(slot)) => by_record_date && slots.contains(slot),
        KeySource::Date(None) => by_record_date && is_dated,
        KeySource::Now => is_dated && order.when.now.is_none(),
    });
    let mut keys: Vec<_> = depending.map(|(id, _)| id).collect();
    if keys.is_empty() {
        keys.push(UNTESTED);
    }
    keys
}

/// Whether nothing that a column may hold is wrong.
fn is_always_sound(leaf: &Leaf<'_>, field: &Field, ty: &Type) -> bool {
    let takes_null = field.optional || field.default.is_some();
    let has_null = leaf.nulls.is_some_and(|nulls| nulls.null_count() > 0);
    let fits = match &leaf.values {
        Values::Text(_) | Values::LargeText(_) | Values::TextView(_) => matches!(ty, Type::Text),
        Values::Whole(_) => matches!(ty, Type::Number | Type::Money(_)),
        Values::Bool(_) => matches!(ty, Type::Bool),
        _ => false,
    };
    fits && (takes_null || !has_null)
}

fn form<'b>(
    open: &'b Open<'b>,
    leaf: &'b Leaf<'b>,
    (field, ty): (&'b Field, &'b Type),
    keys: &[KeyId],
    rows: usize,
    probe: &mut Probe<'b>,
) -> Form<'b> {
    match (&leaf.values, ty) {
        (Values::Dictionary(codes, values, array), _) => {
            let distinct = Distinct::Dictionary(values, array, array.len());
            Form::Coded(Codes::Own(*codes), distinct, leaf.nulls)
        }
        (
            Values::Whole(_)
            | Values::Half(_)
            | Values::Single(_)
            | Values::Double(_)
            | Values::Decimal(..),
            Type::Number | Type::Money(_),
        )
        | (Values::Bool(_), Type::Bool)
        | (Values::Instant(..), Type::Time)
            // Numbers that are rounded have other keys than they are, and are read one by one.
            if field.digits.is_none() =>
        {
            let null = leaf.nulls.and_then(|nulls| (0..rows).find(|row| nulls.is_null(*row)));
            // All keys of a column of instants are its instants.
            let null = null.and_then(|row| {
                let keys = probe.field(field, keys, (open, row));
                keys.iter().map(|(_, key)| *key).reduce(|a, b| if a == b { a } else { UNREACHED })
            });
            Form::Plain(leaf, null.unwrap_or(UNREACHED))
        }
        (Values::Text(_) | Values::LargeText(_) | Values::TextView(_), Type::Text)
            if keys.len() == 1 && leaf.nulls.is_none_or(|nulls| nulls.null_count() == 0) =>
        {
            // A text is its own key, and knows no other.
            keys.first().map_or(Form::Each(open), |id| Form::Texts(leaf, *id))
        }
        _ => distinct_form(open, leaf, rows),
    }
}

/// The same for a field that says how it is read: its values are no keys as they stand.
fn read_form<'b>(open: &'b Open<'b>, leaf: &'b Leaf<'b>, rows: usize) -> Form<'b> {
    match &leaf.values {
        Values::Dictionary(codes, values, array) => {
            let distinct = Distinct::Dictionary(values, array, array.len());
            Form::Coded(Codes::Own(*codes), distinct, leaf.nulls)
        }
        _ => distinct_form(open, leaf, rows),
    }
}

fn distinct_form<'b>(open: &'b Open<'b>, leaf: &'b Leaf<'b>, rows: usize) -> Form<'b> {
    match distinct(leaf, rows) {
        Some((codes, firsts)) => {
            Form::Coded(Codes::Found(codes), Distinct::Rows(open, firsts), None)
        }
        None => Form::Each(open),
    }
}

/// The distinct values of a column of texts or the like, unless they are too many: which stands in
/// each row, and the first row of each.
fn distinct(leaf: &Leaf<'_>, rows: usize) -> Option<(Vec<u32>, Vec<usize>)> {
    let is_null = |row: usize| leaf.nulls.is_some_and(|nulls| nulls.is_null(row));
    match &leaf.values {
        Values::Nothing => Some((vec![0; rows], Vec::from_iter((rows > 0).then_some(0)))),
        Values::Text(texts) => codes(rows, |row| (!is_null(row)).then(|| texts.value(row))),
        Values::LargeText(texts) => codes(rows, |row| (!is_null(row)).then(|| texts.value(row))),
        Values::TextView(texts) => codes(rows, |row| (!is_null(row)).then(|| texts.value(row))),
        Values::Days(days) | Values::Months(days) => {
            codes(rows, |row| (!is_null(row)).then(|| days.get(row)))
        }
        Values::Milliseconds(values)
        | Values::LocalDay(values, _)
        | Values::Local(values, _)
        | Values::Duration(values, _) => {
            codes(rows, |row| (!is_null(row)).then(|| values.get(row)))
        }
        _ => None,
    }
}

fn codes<V: std::hash::Hash + Eq>(
    rows: usize,
    value: impl Fn(usize) -> Option<V>,
) -> Option<(Vec<u32>, Vec<usize>)> {
    let mut by_value = FxHashMap::default();
    let (mut codes, mut firsts) = (Vec::with_capacity(rows), Vec::new());
    for row in 0..rows {
        let next = u32::try_from(by_value.len()).ok()?;
        let code = *by_value.entry(value(row)).or_insert(next);
        if code == next {
            if firsts.len() == MOST_VALUES {
                return None;
            }
            firsts.push(row);
        }
        codes.push(code);
    }
    Some((codes, firsts))
}

impl<'b> Lane<'b> {
    /// The array of a dictionary's values.
    pub(super) fn array(&self) -> Option<&'b ArrayRef> {
        match &self.form {
            Form::Coded(_, Distinct::Dictionary(_, array, _), _) => Some(array),
            _ => None,
        }
    }

    /// Calls `take` with the keys of each distinct value, at last with those of none.
    pub(super) fn values(&self, probe: &mut Probe<'_>, take: &mut dyn FnMut(&Keys)) {
        let Form::Coded(_, distinct, _) = &self.form else { return };
        match distinct {
            Distinct::Dictionary(leaf, _, count) => {
                for at in 0..*count {
                    take(probe.value(self.field, &self.keys, (leaf, at)));
                }
            }
            Distinct::Rows(open, rows) => {
                for row in rows {
                    take(probe.field(self.field, &self.keys, (open, *row)));
                }
            }
        }
        take(probe.value(self.field, &self.keys, (&Leaf::nothing(), 0)));
    }

    /// Takes out of a word of some rows what their values do not leave of it; `memory` is to
    /// work in.
    pub(super) fn keep(
        &self,
        (at, word): (usize, &Word),
        table: &Table,
        stretch: Range<usize>,
        probe: &mut Probe<'_>,
        memory: &mut Memory,
        words: &mut [u64],
    ) {
        match &self.form {
            Form::Coded(codes, _, nulls) => {
                let table = table.word(at);
                if table.iter().any(|left| *left & word.all() != word.all()) {
                    codes.keep(table, *nulls, stretch, words);
                }
            }
            Form::Plain(leaf, null) => {
                if !self.keys.iter().any(|id| word.tests(*id)) && at > 0 {
                    return;
                }
                if plain::keep(leaf, stretch.clone(), (word, &self.keys), memory, words) {
                    return;
                }
                let Memory { keys, .. } = memory;
                keys.clear();
                plain_keys(leaf, stretch.clone(), &probe.order.program.zone, keys);
                if let Some(nulls) = leaf.nulls {
                    for (row, key) in stretch.zip(keys.iter_mut()) {
                        if nulls.is_null(row) {
                            *key = *null;
                        }
                    }
                }
                for id in &self.keys {
                    word.keep(*id, keys, words);
                }
            }
            Form::Texts(leaf, id) => {
                if word.tests(*id) {
                    let index = &probe.order.policy.index;
                    let key = |row| leaf.plain_text(row).map(|text| index.text_key(text));
                    memory.keys.clear();
                    memory.keys.extend(stretch.map(|row| key(row).unwrap_or(UNREACHED)));
                    word.keep(*id, &memory.keys, words);
                }
            }
            Form::Each(open) => {
                for (row, bits) in stretch.zip(words) {
                    *bits &= word.bits(probe.field(self.field, &self.keys, (open, row)));
                }
            }
        }
    }
}

impl Codes<'_> {
    fn keep(
        &self,
        table: &[u64],
        nulls: Option<&NullBuffer>,
        stretch: Range<usize>,
        words: &mut [u64],
    ) {
        let Some((none, left)) = table.split_last() else { return };
        let of = |code: i64| {
            let code = usize::try_from(code).unwrap_or(usize::MAX);
            left.get(code).copied().unwrap_or(*none)
        };
        let nulls = nulls.filter(|nulls| nulls.null_count() > 0);
        match (self, nulls) {
            (Self::Own(codes), None) => {
                codes.each_with(stretch, words, |word, code| *word &= of(code));
            }
            (Self::Own(codes), Some(nulls)) => {
                let mut rows = stretch.clone();
                codes.each_with(stretch, words, |word, code| {
                    let is_null = rows.next().is_some_and(|row| nulls.is_null(row));
                    *word &= if is_null { *none } else { of(code) };
                });
            }
            (Self::Found(codes), _) => {
                let codes = codes.get(stretch).unwrap_or_default();
                words.iter_mut().zip(codes).for_each(|(word, code)| *word &= of((*code).into()));
            }
        }
    }
}

/// The keys of numbers, times and truth values.
pub(super) fn plain_keys(leaf: &Leaf<'_>, stretch: Range<usize>, zone: &Zone, keys: &mut Vec<Key>) {
    match &leaf.values {
        Values::Whole(values) => {
            keys.resize(stretch.len(), UNREACHED);
            values.each_with(stretch, keys, |key, value| *key = key::of_whole(value));
        }
        Values::Double(values) => {
            let values = values.get(stretch).unwrap_or_default();
            keys.extend(
                values
                    .iter()
                    .map(|value| Number::from_f64(*value).map_or(UNREACHED, key::of_number)),
            );
        }
        Values::Bool(values) => keys.extend(bits(values, stretch)),
        _ => {
            for row in stretch {
                let mut row_key = UNREACHED;
                leaf.visit(row, zone, |raw| {
                    row_key = match raw {
                        Raw::Number(number) => key::of_number(*number),
                        Raw::Time(time) => key::of_time(*time),
                        _ => UNREACHED,
                    };
                });
                keys.push(row_key);
            }
        }
    }
}

fn bits(values: &BooleanBuffer, stretch: Range<usize>) -> impl Iterator<Item = Key> {
    stretch.map(|row| Key::from(values.value(row)))
}
