//! Decisions in columns into the lines of a CSV file.

use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, RecordBatch, StringArray, make_array,
};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};

use crate::cells::{Cells, headed};
use crate::options::CellForm;
use rulebook::batch::CURRENCY;
use rulebook_lang::model::{Currency, Number};

/// What stands between the texts of a list.
const BETWEEN: &str = "; ";

/// Writes lines of cells.
#[derive(Clone, Copy)]
pub(crate) struct Encoder(Cells);

/// The values of a column as texts.
enum Column<'b> {
    Numbers(&'b [u64]),
    Texts(&'b StringArray),
    Names(&'b DictionaryArray<Int32Type>, &'b StringArray),
    Others(ArrayFormatter<'b>, &'b dyn Array),
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
        let columns: Result<Vec<_>, _> = batch.columns().iter().map(with_offset).collect();
        let columns = columns.map_err(io::Error::other)?;
        let columns: Result<Vec<_>, _> = columns
            .iter()
            .zip(batch.schema_ref().fields())
            .map(|(column, field)| {
                let digits = currency(field).map_or(0, Currency::minor_digits);
                Column::of(column.as_ref(), digits)
            })
            .collect();
        let columns = columns.map_err(io::Error::other)?;
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

/// Times in UTC with their zone as an offset, which Arrow prints without a table of zones.
fn with_offset(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Timestamp(unit, Some(zone)) if &**zone == "UTC" => {
            let ty = DataType::Timestamp(*unit, Some("+00:00".into()));
            Ok(make_array(column.to_data().into_builder().data_type(ty).build()?))
        }
        _ => Ok(column.clone()),
    }
}

impl<'b> Column<'b> {
    /// The values of a column; amounts have at least so many digits behind the point.
    fn of(column: &'b dyn Array, digits: u32) -> Result<Self, ArrowError> {
        let direct = match column.data_type() {
            DataType::UInt64 => {
                let numbers = column.as_primitive_opt::<UInt64Type>();
                numbers.map(|numbers| Self::Numbers(numbers.values()))
            }
            DataType::Utf8 => column.as_string_opt().map(Self::Texts),
            DataType::Dictionary(..) => {
                let names = column.as_any().downcast_ref::<DictionaryArray<Int32Type>>();
                names.and_then(|names| Some(Self::Names(names, names.values().as_string_opt()?)))
            }
            DataType::List(_) => Some(Self::Lists(column, digits)),
            // With as many digits behind the point as numbers have.
            DataType::Decimal128(_, 9) => {
                let numbers = column.as_primitive_opt::<Decimal128Type>();
                numbers.map(|numbers| Self::Decimals(numbers, digits))
            }
            _ => None,
        };
        let formatted = || {
            static OPTIONS: FormatOptions<'static> = FormatOptions::new();
            Ok(Self::Others(ArrayFormatter::try_new(column, &OPTIONS)?, column))
        };
        direct.map_or_else(formatted, Ok)
    }

    /// Whether the values are texts, and not numbers, truth values or times.
    fn has_texts(&self) -> bool {
        match self {
            Self::Texts(_) | Self::Names(..) => true,
            Self::Numbers(_) | Self::Others(..) | Self::Decimals(..) => false,
            Self::Lists(column, _) => match column.data_type() {
                DataType::List(element) => is_text(element.data_type()),
                _ => true,
            },
        }
    }

    /// The text in a row; nothing for null. `text` is memory to write it to.
    fn text<'t>(&'t self, row: usize, text: &'t mut String) -> io::Result<&'t str> {
        use std::fmt::Write;
        text.clear();
        match self {
            Self::Numbers(numbers) => {
                let number = numbers.get(row).copied().unwrap_or_default();
                write!(text, "{number}").map_err(io::Error::other)?;
            }
            Self::Texts(texts) if texts.is_valid(row) => return Ok(texts.value(row)),
            Self::Names(names, values) => {
                return Ok(names.key(row).map_or("", |key| values.value(key)));
            }
            Self::Others(formatter, column) if column.is_valid(row) => {
                write!(text, "{}", formatter.value(row)).map_err(io::Error::other)?;
            }
            Self::Decimals(numbers, digits) if numbers.is_valid(row) => {
                let number = Number::from_units(numbers.value(row));
                number.unwrap_or_default().write_fixed(*digits, text);
            }
            Self::Lists(column, digits) if column.is_valid(row) => {
                let Some(lists) = column.as_list_opt::<i32>() else { return Ok("") };
                let list = lists.value(row);
                let elements = Column::of(list.as_ref(), *digits).map_err(io::Error::other)?;
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

fn is_text(ty: &DataType) -> bool {
    matches!(ty, DataType::Utf8 | DataType::Dictionary(..))
}
