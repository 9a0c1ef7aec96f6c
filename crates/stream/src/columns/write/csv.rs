//! Decisions in columns into the lines of a CSV file.

use std::fmt::Write;
use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, TimestampMicrosecondType};
use arrow_array::{
    Array, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, SchemaRef, TimeUnit};

use crate::cells::{Cells, headed};
use crate::options::CellForm;
use rulebook::batch::CURRENCY;
use rulebook_lang::model::{Currency, Date, Duration, Number, Time, Type, Value, add_days};

/// What stands between the texts of a list.
const BETWEEN: &str = "; ";
/// The day from which columns count.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Writes lines of cells.
#[derive(Clone, Copy)]
pub(crate) struct Encoder(Cells);

/// The values of a column as texts.
enum Column<'b> {
    Numbers(&'b UInt64Array),
    Texts(&'b StringArray),
    Names(&'b DictionaryArray<Int32Type>, &'b StringArray),
    Truths(&'b BooleanArray),
    /// Days since 1970.
    Dates(&'b Date32Array),
    /// Microseconds since 1970.
    Times(&'b TimestampMicrosecondArray),
    Lists(&'b dyn Array, u32),
    Decimals(&'b Decimal128Array, u32),
}

impl Encoder {
    pub(crate) fn new(delimiter: u8, form: CellForm) -> Self {
        Self(Cells { delimiter, form })
    }

    /// Appends the line with the names of the columns.
    pub(super) fn header(self, schema: &SchemaRef, into: &mut Vec<u8>) -> io::Result<()> {
        let mut writer = self.0.writer(into);
        schema.fields().iter().try_for_each(|field| {
            writer.text(&headed(field.name(), currency(field).map(Currency::code)))
        })?;
        writer.end()?;
        writer.flush()
    }

    /// Appends a line for each row.
    pub(crate) fn encode(self, batch: &RecordBatch, into: &mut Vec<u8>) -> io::Result<()> {
        let columns: io::Result<Vec<_>> = batch
            .columns()
            .iter()
            .zip(batch.schema_ref().fields())
            .map(|(column, field)| {
                let digits = currency(field).map_or(0, Currency::minor_digits);
                Column::of(column.as_ref(), digits).ok_or_else(|| {
                    let (name, ty) = (field.name(), field.data_type());
                    io::Error::other(format!("`{name}`: cells do not hold {ty}"))
                })
            })
            .collect();
        let columns = columns?;
        let mut writer = self.0.writer(into);
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for column in &columns {
                let cell = column.text(row, &mut text)?;
                if column.has_texts() { writer.text(cell)? } else { writer.plain(cell)? }
            }
            writer.end()?;
        }
        writer.flush()
    }
}

/// The currency of a column, as its metadata has it.
fn currency(field: &Field) -> Option<Currency> {
    Currency::from_code(field.metadata().get(CURRENCY)?)
}

impl<'b> Column<'b> {
    /// The values of a column; amounts have at least so many digits behind the point. `None` for columns
    /// that decisions are not written to.
    fn of(column: &'b dyn Array, digits: u32) -> Option<Self> {
        Some(match column.data_type() {
            DataType::UInt64 => Self::Numbers(column.as_primitive_opt()?),
            DataType::Utf8 => Self::Texts(column.as_string_opt()?),
            DataType::Dictionary(..) => {
                let names = column.as_any().downcast_ref::<DictionaryArray<Int32Type>>()?;
                Self::Names(names, names.values().as_string_opt()?)
            }
            DataType::List(_) => Self::Lists(column, digits),
            // With as many digits behind the point as numbers have.
            DataType::Decimal128(_, 9) => {
                Self::Decimals(column.as_primitive_opt::<Decimal128Type>()?, digits)
            }
            DataType::Boolean => Self::Truths(column.as_boolean_opt()?),
            DataType::Date32 => Self::Dates(column.as_primitive_opt::<Date32Type>()?),
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
                Self::Times(column.as_primitive_opt::<TimestampMicrosecondType>()?)
            }
            _ => return None,
        })
    }

    /// Whether the values are texts, and not numbers, truth values or times.
    fn has_texts(&self) -> bool {
        match self {
            Self::Texts(_) | Self::Names(..) => true,
            Self::Numbers(_) | Self::Decimals(..) => false,
            Self::Truths(_) | Self::Dates(_) | Self::Times(_) => false,
            Self::Lists(column, _) => match column.data_type() {
                DataType::List(element) => is_text(element.data_type()),
                _ => true,
            },
        }
    }

    /// The text in a row; nothing for null. `text` is memory to write it to.
    fn text<'t>(&'t self, row: usize, text: &'t mut String) -> io::Result<&'t str> {
        text.clear();
        match self {
            Self::Numbers(numbers) if numbers.is_valid(row) => {
                write!(text, "{}", numbers.value(row)).map_err(io::Error::other)?;
            }
            Self::Texts(texts) if texts.is_valid(row) => return Ok(texts.value(row)),
            Self::Names(names, values) => {
                return Ok(names.key(row).map_or("", |key| values.value(key)));
            }
            Self::Truths(truths) if truths.is_valid(row) => {
                write(&Type::Bool, &Value::Bool(truths.value(row)), text)?;
            }
            Self::Dates(days) if days.is_valid(row) => {
                let date = add_days(EPOCH, days.value(row).into()).ok_or_else(beyond)?;
                write(&Type::Date, &Value::Date(date), text)?;
            }
            Self::Times(times) if times.is_valid(row) => {
                let time = Time::UNIX_EPOCH.checked_add(Duration::from_micros(times.value(row)));
                let time = time.ok_or_else(beyond)?;
                write(&Type::Time, &Value::Time(time), text)?;
            }
            Self::Decimals(numbers, digits) if numbers.is_valid(row) => {
                let number = Number::from_units(numbers.value(row));
                number.unwrap_or_default().write_fixed(*digits, text);
            }
            Self::Lists(column, digits) if column.is_valid(row) => {
                let Some(lists) = column.as_list_opt::<i32>() else { return Ok("") };
                let list = lists.value(row);
                let elements = Column::of(list.as_ref(), *digits);
                let elements =
                    elements.ok_or_else(|| io::Error::other("lists of what no cell holds"))?;
                let mut one = String::new();
                for at in 0..list.len() {
                    text.push_str(if at == 0 { "" } else { BETWEEN });
                    text.push_str(elements.text(at, &mut one)?);
                }
            }
            _ => {}
        }
        Ok(text)
    }
}

/// Writes a value as all machines read it.
fn write(ty: &Type, value: &Value<'_>, text: &mut String) -> io::Result<()> {
    ty.write(value, None, text).map_err(io::Error::other)
}

fn beyond() -> io::Error {
    io::Error::other("a day beyond the calendar")
}

fn is_text(ty: &DataType) -> bool {
    matches!(ty, DataType::Utf8 | DataType::Dictionary(..))
}
