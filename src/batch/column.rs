//! A column that grows by the values of decisions.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, DurationMicrosecondBuilder, Int32Builder,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, ListArray, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, TimeUnit};
use rustc_hash::FxHashMap;

use rulebook_core::eval::json_of;
use rulebook_lang::model::{Date, List, Type, Value, Zone};
use rulebook_lang::scalar::Physical;

/// The digits of a number, and how many of them stand after the point.
const DIGITS: (u8, i8) = (38, 9);

/// What the metadata of a field calls the currency of its amounts.
pub const CURRENCY: &str = "currency";

/// A field with the currency of its amounts, where they have one.
pub fn of_currency(field: Field, currency: Option<&str>) -> Field {
    let currency = currency.map(|code| (CURRENCY.to_string(), code.to_string()));
    field.with_metadata(currency.into_iter().collect::<HashMap<_, _>>())
}

/// What times and lengths of time are in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// Microseconds: unlike nanoseconds, these reach to the end of the calendar, and all that read
    /// columns know them.
    Microseconds,
    /// Texts, which hold any.
    Texts,
}

/// A column of values, or of lists of them.
#[derive(Debug)]
pub(super) struct Column {
    values: Values,
    lists: Option<Lists>,
}

#[derive(Debug)]
enum Values {
    Names(Names),
    Texts(StringBuilder),
    Bool(BooleanBuilder),
    Number(Decimal128Builder),
    Date(Date32Builder),
    Time(TimestampMicrosecondBuilder),
    Duration(DurationMicrosecondBuilder),
    Records(Records),
}

/// Records, a column for each of their fields.
#[derive(Debug)]
struct Records {
    fields: Vec<RecordField>,
    valid: Vec<bool>,
}

/// A field of records.
#[derive(Debug)]
struct RecordField {
    name: Box<str>,
    ty: Type,
    slot: u32,
    column: Column,
}

/// Where lists end.
#[derive(Debug)]
struct Lists {
    ends: Vec<i32>,
    valid: Vec<bool>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { ends: vec![0], valid: Vec::new() }
    }
}

/// Texts of which many are the same.
#[derive(Debug, Default)]
struct Names {
    codes: Int32Builder,
    names: Vec<Arc<str>>,
    known: FxHashMap<Arc<str>, i32>,
    /// Of all names together.
    bytes: usize,
}

impl Names {
    fn push(&mut self, name: &str) {
        let code = match self.known.get(name) {
            Some(code) => *code,
            None => {
                self.bytes += name.len();
                let name: Arc<str> = name.into();
                let code = i32::try_from(self.names.len()).unwrap_or(i32::MAX);
                self.names.push(name.clone());
                self.known.insert(name, code);
                code
            }
        };
        self.codes.append_value(code);
    }

    /// The codes so far. The names stay, so that the next batch has the same codes.
    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let names = StringArray::from_iter_values(&self.names);
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(self.codes.finish(), Arc::new(names))?))
    }
}

impl Column {
    /// A column for values of a type, or for lists of them. In cells, records are one text in JSON.
    pub(super) fn of(ty: &Type, lists: bool, times: Times) -> Self {
        if let (Type::List(inner), false) = (ty.required(), lists) {
            return Self::of(inner, true, times);
        }
        let is_text = match ty.required() {
            Type::Record(_) => times == Times::Texts,
            Type::List(_) => true,
            _ => false,
        };
        if is_text {
            return Self { values: Values::Texts(StringBuilder::new()), lists: None };
        }
        if let Type::Record(record) = ty.required() {
            let fields = record.fields().map(|(slot, name, ty)| RecordField {
                name: name.into(),
                ty: ty.clone(),
                slot,
                column: Self::of(ty, false, times),
            });
            let records = Records { fields: fields.collect(), valid: Vec::new() };
            return Self { values: Values::Records(records), lists: lists.then(Lists::default) };
        }
        let values = match ty.required().gives() {
            Physical::Times | Physical::Durations if times == Times::Texts => {
                Values::Texts(StringBuilder::new())
            }
            Physical::Truths => Values::Bool(BooleanBuilder::new()),
            Physical::Numbers => {
                let data = DataType::Decimal128(DIGITS.0, DIGITS.1);
                Values::Number(Decimal128Builder::new().with_data_type(data))
            }
            Physical::Dates => Values::Date(Date32Builder::new()),
            Physical::Times => {
                Values::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
            }
            Physical::Durations => Values::Duration(DurationMicrosecondBuilder::new()),
            Physical::Names => Values::Names(Names::default()),
            // What no column is for, is written as texts.
            // What is only read.
            Physical::Amounts
            | Physical::Bits
            | Physical::Clocks
            | Physical::LocalTimes
            | Physical::Months
            | Physical::Texts => Values::Texts(StringBuilder::new()),
        };
        Self { values, lists: lists.then(Lists::default) }
    }

    /// A column for lists of names.
    pub(super) fn of_names() -> Self {
        Self { values: Values::Names(Names::default()), lists: Some(Lists::default()) }
    }

    /// A column for lists of texts.
    pub(super) fn of_texts() -> Self {
        Self { values: Values::Texts(StringBuilder::new()), lists: Some(Lists::default()) }
    }

    /// The type of the column.
    pub(super) fn data_type(&self) -> DataType {
        let values = self.values.data_type();
        match self.lists {
            Some(_) => DataType::List(Arc::new(Field::new_list_field(values, true))),
            None => values,
        }
    }

    /// About how many bytes its rows take.
    pub(super) fn size(&self) -> usize {
        let texts = match &self.values {
            Values::Texts(texts) => texts.values_slice().len(),
            Values::Names(names) => names.bytes,
            _ => 0,
        };
        let lists = self.lists.as_ref().map_or(0, |lists| lists.ends.len());
        texts + (self.values.len() + lists) * size_of::<u32>()
    }

    /// Adds a row without a value.
    pub(super) fn push_null(&mut self) {
        match &mut self.lists {
            Some(lists) => {
                let end = lists.ends.last().copied().unwrap_or_default();
                lists.ends.push(end);
                lists.valid.push(false);
            }
            None => self.values.push_null(),
        }
    }

    /// Adds the row of a value; where the column has no room for it, or for a part of it, that becomes
    /// null, and the answer is `false`.
    pub(super) fn push_row(&mut self, value: &Value<'_>, ty: &Type) -> bool {
        match (value, ty.required(), &self.lists) {
            (Value::Missing, ..) => {
                self.push_null();
                true
            }
            (Value::List(list), Type::List(inner), Some(_)) => {
                let unfit = list.iter().filter(|item| !self.push(item, inner)).count();
                self.end_list();
                unfit == 0
            }
            _ => self.push(value, ty),
        }
    }

    /// Adds the row of several values.
    pub(super) fn push_all(&mut self, values: Vec<Value<'_>>, ty: &Type) -> bool {
        if self.lists.is_none() {
            let whole = Value::List(List::made(values));
            return self.push(&whole, &Type::List(Box::new(ty.clone())));
        }
        let unfit = values.iter().filter(|value| !self.push(value, ty)).count();
        self.end_list();
        unfit == 0
    }

    /// Adds a value: a row, or an element of the list of the row. Where the column has no room for
    /// it, it becomes null, and the answer is `false`.
    fn push(&mut self, value: &Value<'_>, ty: &Type) -> bool {
        if let (Values::Records(records), Value::Record(record)) = (&mut self.values, value) {
            records.valid.push(true);
            let unfit = records.fields.iter_mut().filter_map(|field| {
                let RecordField { ty, slot, column, .. } = field;
                (!column.push_row(&record.get(*slot, ty).rounded(), ty)).then_some(())
            });
            return unfit.count() == 0;
        }
        let fits = self.values.push(value, ty).is_some();
        if !fits {
            self.values.push_null();
        }
        fits
    }

    /// Forgets names between two batches if they have become many, or long: each batch has all of them.
    pub(super) fn forget_many(&mut self) {
        /// Outcomes are few; texts that are made of records could be any number.
        const MANY: usize = 1 << 12;
        const LONG: usize = 1 << 18;
        if let Values::Names(names) = &mut self.values
            && (names.names.len() > MANY || names.bytes > LONG)
        {
            names.names.clear();
            names.known.clear();
            names.bytes = 0;
        }
    }

    /// Adds a text to the list of the row.
    pub(super) fn push_text(&mut self, text: &str) {
        self.values.push_text(text);
    }

    /// Ends the list of the row.
    pub(super) fn end_list(&mut self) {
        let end = i32::try_from(self.values.len()).unwrap_or(i32::MAX);
        if let Some(lists) = &mut self.lists {
            lists.ends.push(end);
            lists.valid.push(true);
        }
    }

    /// Ends the list of the row, which is null where it has no elements.
    pub(super) fn end_list_or_null(&mut self) {
        let end = i32::try_from(self.values.len()).unwrap_or(i32::MAX);
        let is_empty = self.lists.as_ref().is_some_and(|lists| lists.ends.last() == Some(&end));
        if is_empty { self.push_null() } else { self.end_list() }
    }

    /// What has been added; the column begins anew.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let values = self.values.finish()?;
        let Some(lists) = &mut self.lists else { return Ok(values) };
        let Lists { ends, valid } = std::mem::take(lists);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        let element = Field::new_list_field(values.data_type().clone(), true);
        let nulls = Some(NullBuffer::from(valid)).filter(|nulls| nulls.null_count() > 0);
        let lists = ListArray::try_new(Arc::new(element), offsets, values, nulls)?;
        Ok(Arc::new(lists))
    }
}

impl Values {
    fn data_type(&self) -> DataType {
        match self {
            Self::Names(_) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            Self::Texts(_) => DataType::Utf8,
            Self::Bool(_) => DataType::Boolean,
            Self::Number(_) => DataType::Decimal128(DIGITS.0, DIGITS.1),
            Self::Date(_) => DataType::Date32,
            Self::Time(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Duration(_) => DataType::Duration(TimeUnit::Microsecond),
            Self::Records(records) => DataType::Struct(records.schema()),
        }
    }

    fn len(&self) -> usize {
        use arrow_array::builder::ArrayBuilder;
        match self {
            Self::Names(names) => names.codes.len(),
            Self::Texts(texts) => texts.len(),
            Self::Bool(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Time(values) => values.len(),
            Self::Duration(values) => values.len(),
            Self::Records(records) => records.valid.len(),
        }
    }

    fn push_null(&mut self) {
        match self {
            Self::Names(names) => names.codes.append_null(),
            Self::Texts(texts) => texts.append_null(),
            Self::Bool(values) => values.append_null(),
            Self::Number(values) => values.append_null(),
            Self::Date(values) => values.append_null(),
            Self::Time(values) => values.append_null(),
            Self::Duration(values) => values.append_null(),
            Self::Records(records) => {
                records.valid.push(false);
                records.fields.iter_mut().for_each(|field| field.column.push_null());
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        match self {
            Self::Names(names) => names.push(text),
            Self::Texts(texts) => texts.append_value(text),
            _ => self.push_null(),
        }
    }

    /// Adds a value; `None` where there is no room for it.
    fn push(&mut self, value: &Value<'_>, ty: &Type) -> Option<()> {
        match (self, value) {
            (own, Value::Text(text)) => own.push_text(text),
            (own, Value::Member(position)) => {
                let Type::Enum(members) = ty else { return None };
                own.push_text(members.member(*position)?);
            }
            (Self::Bool(values), Value::Bool(value)) => values.append_value(*value),
            (Self::Number(values), Value::Number(number)) => values.append_value(number.units()),
            (Self::Date(values), Value::Date(date)) => values.append_value(days(*date)?),
            (Self::Texts(texts), Value::List(_) | Value::Record(_)) => {
                texts.append_value(json_of(value, ty, &Zone::UTC).to_string());
            }
            (Self::Texts(texts), value) if !value.is_missing() => {
                texts.append_value(ty.written(value, None).to_string());
            }
            (Self::Time(values), Value::Time(time)) if time.subsec_nanosecond() % 1_000 == 0 => {
                values.append_value(time.as_microsecond());
            }
            (Self::Duration(values), Value::Duration(length))
                if length.subsec_nanos() % 1_000 == 0 =>
            {
                values.append_value(i64::try_from(length.as_micros()).ok()?);
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Names(names) => return names.finish(),
            Self::Texts(texts) => Arc::new(texts.finish()),
            Self::Bool(values) => Arc::new(values.finish()),
            Self::Number(values) => Arc::new(values.finish()),
            Self::Date(values) => Arc::new(values.finish()),
            Self::Time(values) => Arc::new(values.finish()),
            Self::Duration(values) => Arc::new(values.finish()),
            Self::Records(records) => return records.finish(),
        })
    }
}

impl Records {
    /// The columns of the fields, each of which may be null where the whole is.
    fn schema(&self) -> Fields {
        let fields = self.fields.iter().map(|RecordField { name, ty, column, .. }| {
            let currency = match ty.required() {
                Type::Money(currency) => Some(currency.code()),
                _ => None,
            };
            of_currency(Field::new(name.as_ref(), column.data_type(), true), currency)
        });
        fields.collect()
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let schema = self.schema();
        let valid = NullBuffer::from(std::mem::take(&mut self.valid));
        let count = valid.len();
        let columns = self.fields.iter_mut().map(|field| field.column.finish());
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let nulls = Some(valid).filter(|nulls| nulls.null_count() > 0);
        if columns.is_empty() {
            return Ok(Arc::new(StructArray::new_empty_fields(count, nulls)));
        }
        Ok(Arc::new(StructArray::try_new(schema, columns, nulls)?))
    }
}

/// Days since 1970.
fn days(date: Date) -> Option<i32> {
    let epoch = Date::constant(1970, 1, 1);
    Some(date.since((jiff::Unit::Day, epoch)).ok()?.get_days())
}
