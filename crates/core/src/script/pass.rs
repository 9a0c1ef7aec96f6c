//! Carries values over the border between a policy and a script, exactly and by their types.

use rhai::{Array, Dynamic, Map};

use super::exact::{single, value_of};
use super::operation::read;
use super::words::type_in_our_words;
use super::{Border, RecordBorder, Returned};
use rulebook_lang::model::{Cell, Currency, Record, Store, TimeOfDay, Type, Value, Zone};

/// An argument as a script sees it: a record is a map of its fields, a missing value is `()`.
pub(super) fn to_script(value: &Value<'_>, border: &Border) -> Dynamic {
    match (value, border) {
        (Value::Missing, _) => Dynamic::UNIT,
        (value, Border::Optional(inner)) => to_script(value, inner),
        // What a script is given may be kept by it: it gets what leaves.
        (Value::Fraction(fraction), Border::Single(ty)) => {
            single(&Value::Number(fraction.rounded()), ty)
        }
        (value, Border::Single(ty)) => single(value, ty),
        (Value::List(list), Border::List(inner)) => {
            let items: Array = list.iter().map(|item| to_script(&item, inner)).collect();
            items.into()
        }
        (Value::Record(record), Border::Record(fields)) => match money_offsets(fields) {
            Some(offsets) => money_of(record, offsets),
            None => map_of(record, fields).into(),
        },
        _ => Dynamic::UNIT,
    }
}

/// Where the amount and the currency lie, of money of any currency.
fn money_offsets(border: &RecordBorder) -> Option<(u32, u32)> {
    match border.fields.as_slice() {
        [amount, currency] if border.money => Some((amount.offset, currency.offset)),
        _ => None,
    }
}

fn money_of(record: &Record<'_>, (amount, currency): (u32, u32)) -> Dynamic {
    let currency = match record.field(currency) {
        Value::Member(position) => Currency::at(position),
        _ => None,
    };
    currency.map_or(Dynamic::UNIT, |currency| single(&record.field(amount), &Type::Money(currency)))
}

fn map_of(record: &Record<'_>, border: &RecordBorder) -> Map {
    let fields = border.fields.iter().map(|field| {
        let value = match record.field(field.offset) {
            // The cell of a nested record says that it is there, and its fields lie behind it.
            Value::Bool(_) if is_record(&field.border) => Value::Record(record.clone()),
            value => value,
        };
        (field.name.as_ref().into(), to_script(&value, &field.border))
    });
    fields.collect()
}

fn is_record(border: &Border) -> bool {
    match border {
        Border::Optional(inner) => is_record(inner),
        Border::Record(_) => true,
        _ => false,
    }
}

/// What a script gave, or what it gave instead of the type declared, in words.
pub(super) fn from_script(given: &Dynamic, border: &Border) -> Result<Returned, String> {
    match border {
        Border::Single(ty) => value_as(given, ty).map(Returned::Single),
        Border::Optional(_) if given.is_unit() => Ok(Returned::Single(Value::Missing)),
        Border::Optional(inner) => from_script(given, inner),
        Border::List(_) | Border::Record(_) => {
            let mut store = Store::default();
            let cell = cell_of(given, border, &mut store)?;
            Ok(Returned::Kept(store, cell))
        }
    }
}

/// A single value of the type declared.
fn value_as(given: &Dynamic, ty: &Type) -> Result<Value<'static>, String> {
    let instead = || format!("gives {}, where {} is declared", described(given), ty.described());
    let (value, given_type) = value_of(given).ok_or_else(instead)?;
    match (value, ty) {
        (value, ty) if given_type == *ty => Ok(value),
        // Scripts have a time of day as the length of time since midnight.
        (Value::Duration(length), Type::TimeOfDay) if TimeOfDay::holds(length) => {
            Ok(Value::Duration(length))
        }
        // A type without literals of its own needs no zone to be read in.
        (Value::Text(text), ty) if ty.is_quoted() => read(&text, ty, &Zone::UTC)
            .map_err(|wanted| format!("gives \"{text}\", which is not {wanted}")),
        (Value::Text(name), Type::Enum(members)) => match members.position(&name) {
            Some(position) => Ok(Value::Member(position)),
            None if members.open => Ok(Value::Text(name)),
            None => Err(instead()),
        },
        _ => Err(instead()),
    }
}

/// Keeps a value of a list in a store and returns its cell.
fn cell_of(given: &Dynamic, border: &Border, store: &mut Store) -> Result<Cell, String> {
    match border {
        Border::Single(ty) => value_as(given, ty).map(|value| store.import(&value)),
        Border::Optional(_) if given.is_unit() => Ok(Cell::Missing),
        Border::Optional(inner) => cell_of(given, inner, store),
        Border::List(inner) => {
            let instead = || format!("gives {}, where a list is declared", described(given));
            let items = given.as_array_ref().map_err(|_| instead())?;
            let mut cells = Vec::with_capacity(items.len());
            for (number, item) in (1..).zip(items.iter()) {
                let cell = cell_of(item, inner, store);
                cells.push(cell.map_err(|problem| format!("{problem}, in item {number}"))?);
            }
            let (start, end) = store.append(cells);
            Ok(Cell::List { start, end })
        }
        Border::Record(record) => {
            let mut cells = vec![Cell::Missing; record.size as usize];
            fill(given, record, &mut cells, store)?;
            let (start, end) = store.append(cells);
            Ok(Cell::Record { start, end })
        }
    }
}

/// Fills the cells of a record from a map, which has all its fields and no other.
fn fill(
    given: &Dynamic,
    border: &RecordBorder,
    cells: &mut [Cell],
    store: &mut Store,
) -> Result<(), String> {
    if let Some(offsets) = money_offsets(border) {
        return fill_money(given, offsets, cells);
    }
    let instead =
        || format!("gives {}, where a record `{}` is declared", described(given), border.name);
    let map = given.as_map_ref().map_err(|_| instead())?;
    if let Some(other) =
        map.keys().find(|key| border.fields.iter().all(|field| *field.name != ***key))
    {
        return Err(format!("gives a record `{}` with `{other}`, which it has not", border.name));
    }
    for field in &border.fields {
        let value = map.get(&*field.name).unwrap_or(&Dynamic::UNIT);
        let (inner, optional) = match &field.border {
            Border::Optional(inner) => (inner.as_ref(), true),
            required => (required, false),
        };
        let cell = match inner {
            _ if optional && value.is_unit() => Ok(Cell::Missing),
            Border::Record(nested) => fill(value, nested, cells, store).map(|()| Cell::Bool(true)),
            inner => cell_of(value, inner, store),
        };
        let cell = cell.map_err(|problem| format!("{problem}, in field `{}`", field.name))?;
        if let Some(place) = cells.get_mut(field.offset as usize) {
            *place = cell;
        }
    }
    Ok(())
}

/// Fills the cells of money of any currency from an amount, which knows its own.
fn fill_money(
    given: &Dynamic,
    (amount, currency): (u32, u32),
    cells: &mut [Cell],
) -> Result<(), String> {
    let (number, position) = match value_of(given) {
        Some((Value::Number(number), Type::Money(currency))) => (number, currency.position()),
        Some((Value::Fraction(fraction), Type::Money(currency))) => {
            (fraction.rounded(), currency.position())
        }
        _ => {
            let wanted = Type::money().described();
            return Err(format!("gives {}, where {wanted} is declared", described(given)));
        }
    };
    let values = [(amount, Some(Cell::Number(number))), (currency, position.map(Cell::Member))];
    for (offset, cell) in values {
        if let (Some(place), Some(cell)) = (cells.get_mut(offset as usize), cell) {
            *place = cell;
        }
    }
    Ok(())
}

/// How much of a text a message shows, in characters.
const LONGEST_TEXT: usize = 40;

/// A value of a script in words.
fn described(given: &Dynamic) -> String {
    match value_of(given) {
        Some((Value::Number(number), Type::Number)) => format!("the number {number}"),
        Some((Value::Bool(truth), _)) => truth.to_string(),
        Some((Value::Text(text), _)) if text.chars().count() > LONGEST_TEXT => {
            format!("the text \"{}…\"", text.chars().take(LONGEST_TEXT).collect::<String>())
        }
        Some((Value::Text(text), _)) => format!("the text \"{text}\""),
        Some((_, ty)) => ty.described(),
        None if given.is_unit() => "nothing".into(),
        None if given.is_array() => "a list".into(),
        None if given.is_map() => "a map".into(),
        None if given.is_char() => "a single character".into(),
        None => format!("a {}", type_in_our_words(given.type_name())),
    }
}
