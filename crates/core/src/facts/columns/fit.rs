//! Which columns can hold values of which type.

use arrow_schema::{DataType, Fields, IntervalUnit};

use rulebook_lang::model::Type;
use rulebook_lang::reading::Reading;
use rulebook_lang::scalar::Physical;

/// Whether a column of a data type may hold values of a type.
pub(super) fn fits(data: &DataType, ty: &Type) -> bool {
    match data {
        DataType::Null => true,
        DataType::Dictionary(_, values) => !values.is_nested() && fits(values, ty),
        data => physical(data).is_some_and(|column| ty.takes(column)),
    }
}

/// Whether a column of a data type may hold values of a type by what a field says of how it is read.
pub(super) fn is_read(data: &DataType, ty: &Type, reading: &Reading) -> bool {
    match data {
        DataType::Dictionary(_, values) => !values.is_nested() && is_read(values, ty, reading),
        DataType::Struct(fields) => {
            matches!(ty, Type::Money(_)) && money(fields, reading.keys.as_ref()).is_some()
        }
        data => match physical(data) {
            Some(Physical::Texts) => true,
            Some(Physical::Numbers) => reading.takes_numbers(),
            Some(Physical::Truths) => reading.any_kind,
            _ => false,
        },
    }
}

/// What a column of a data type holds.
fn physical(data: &DataType) -> Option<Physical> {
    Some(match data {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Physical::Texts,
        DataType::Boolean => Physical::Truths,
        DataType::Int8 | DataType::UInt8 => Physical::Bits,
        data if data.is_numeric() => Physical::Numbers,
        DataType::Struct(fields) => money(fields, None).map(|_| Physical::Amounts)?,
        DataType::Date32 | DataType::Date64 => Physical::Dates,
        DataType::Timestamp(_, Some(_)) => Physical::Times,
        DataType::Timestamp(_, None) => Physical::LocalTimes,
        DataType::Time32(_) | DataType::Time64(_) => Physical::Clocks,
        DataType::Duration(_) => Physical::Durations,
        DataType::Interval(IntervalUnit::YearMonth) => Physical::Months,
        _ => return None,
    })
}

/// The keys of the amount and the currency.
type Keys = (Box<str>, Box<str>);

/// Where a struct that stands for money has its amount and its currency; beside stated keys it may have others.
pub(super) fn money(fields: &Fields, keys: Option<&Keys>) -> Option<(usize, usize)> {
    let stated = keys.map(|(amount, currency)| (&**amount, &**currency));
    let (amount_key, currency_key) = stated.unwrap_or(("amount", "currency"));
    let (amount, field) = fields.find(amount_key)?;
    let (currency, code) = fields.find(currency_key)?;
    let fits = (fields.len() == 2 || keys.is_some())
        && fits(field.data_type(), &Type::Number)
        && fits(code.data_type(), &Type::Text);
    fits.then_some((amount, currency))
}

/// What a column of text cells may stand for: anything but lists and records.
pub(super) fn is_text(data: &DataType) -> bool {
    match data {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Null => true,
        data => data.is_string(),
    }
}

/// Which columns a type takes, for an error.
pub(super) fn wanted(ty: &Type) -> &'static str {
    ty.scalar().map_or("give strings, or a dictionary of them", |row| row.columns)
}
