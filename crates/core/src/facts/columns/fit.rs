//! Which columns can hold values of which type.

use arrow_schema::{DataType, Fields, IntervalUnit};

use rulebook_lang::model::Type;

/// Whether a column of a data type may hold values of a type.
pub(super) fn fits(data: &DataType, ty: &Type) -> bool {
    match (data, ty) {
        (DataType::Null, _) => true,
        (DataType::Dictionary(_, values), _) => !values.is_nested() && fits(values, ty),
        (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, ty) => {
            !matches!(ty, Type::Bool)
        }
        (DataType::Boolean, Type::Bool) => true,
        (data, Type::Number) => data.is_numeric(),
        (DataType::Struct(fields), Type::Money(_)) => money(fields).is_some(),
        (data, Type::Money(_)) => data.is_numeric(),
        (DataType::Date32 | DataType::Date64, Type::Date | Type::Time) => true,
        // A day may be kept as the midnight with which it begins.
        (DataType::Timestamp(_, zone), Type::Date) => zone.is_none(),
        (DataType::Timestamp(..), Type::Time) => true,
        (DataType::Duration(_), Type::Duration) => true,
        (DataType::Interval(IntervalUnit::YearMonth), Type::Period) => true,
        _ => false,
    }
}

/// Where a struct that stands for money has its amount and its currency.
pub(super) fn money(fields: &Fields) -> Option<(usize, usize)> {
    let (amount, field) = fields.find("amount")?;
    let (currency, code) = fields.find("currency")?;
    let fits = fields.len() == 2
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
    match ty {
        Type::Bool => "give booleans",
        Type::Number => "give integers, floats, decimals or strings",
        Type::Money(_) => {
            "give integers, floats, decimals, strings, or structs of `amount` and `currency`"
        }
        Type::Date => "give dates, or strings such as `2024-09-12`",
        Type::Time => "give timestamps, dates, or strings such as `2024-09-12T08:00:00+08:00`",
        Type::Duration => "give durations, or strings such as `PT48H`",
        Type::Period => "give intervals of months, or strings such as `P3M`",
        _ => "give strings, or a dictionary of them",
    }
}
