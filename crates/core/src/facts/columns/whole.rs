//! Whole numbers of any width, as values, as what clocks show, or as the keys of a dictionary.

use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};

/// Whole numbers in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whole<'b> {
    I8(&'b [i8]),
    I16(&'b [i16]),
    I32(&'b [i32]),
    I64(&'b [i64]),
    U8(&'b [u8]),
    U16(&'b [u16]),
    U32(&'b [u32]),
    U64(&'b [u64]),
}

impl<'b> Whole<'b> {
    /// The values of an array of whole numbers.
    pub(super) fn of(array: &'b dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Int8 => Self::I8(array.as_primitive_opt::<Int8Type>()?.values()),
            DataType::Int16 => Self::I16(array.as_primitive_opt::<Int16Type>()?.values()),
            DataType::Int32 => Self::I32(array.as_primitive_opt::<Int32Type>()?.values()),
            DataType::Int64 => Self::I64(array.as_primitive_opt::<Int64Type>()?.values()),
            DataType::UInt8 => Self::U8(array.as_primitive_opt::<UInt8Type>()?.values()),
            DataType::UInt16 => Self::U16(array.as_primitive_opt::<UInt16Type>()?.values()),
            DataType::UInt32 => Self::U32(array.as_primitive_opt::<UInt32Type>()?.values()),
            DataType::UInt64 => Self::U64(array.as_primitive_opt::<UInt64Type>()?.values()),
            DataType::Time32(TimeUnit::Second) => {
                Self::I32(array.as_primitive_opt::<Time32SecondType>()?.values())
            }
            DataType::Time32(_) => {
                Self::I32(array.as_primitive_opt::<Time32MillisecondType>()?.values())
            }
            DataType::Time64(TimeUnit::Nanosecond) => {
                Self::I64(array.as_primitive_opt::<Time64NanosecondType>()?.values())
            }
            DataType::Time64(_) => {
                Self::I64(array.as_primitive_opt::<Time64MicrosecondType>()?.values())
            }
            _ => return None,
        })
    }

    /// The number at a position.
    pub(super) fn get(self, at: usize) -> Option<i128> {
        Some(match self {
            Self::I8(values) => (*values.get(at)?).into(),
            Self::I16(values) => (*values.get(at)?).into(),
            Self::I32(values) => (*values.get(at)?).into(),
            Self::I64(values) => (*values.get(at)?).into(),
            Self::U8(values) => (*values.get(at)?).into(),
            Self::U16(values) => (*values.get(at)?).into(),
            Self::U32(values) => (*values.get(at)?).into(),
            Self::U64(values) => (*values.get(at)?).into(),
        })
    }

    /// Hands out the numbers of a range one after another, each with an item of a list; those beyond
    /// the range of `i64` as its greatest.
    #[inline]
    pub(crate) fn each_with<W>(
        self,
        range: Range<usize>,
        with: &mut [W],
        mut take: impl FnMut(&mut W, i64),
    ) {
        fn zip<V: Copy, W>(
            values: &[V],
            range: Range<usize>,
            with: &mut [W],
            mut take: impl FnMut(&mut W, V),
        ) {
            let values = values.get(range).unwrap_or_default();
            with.iter_mut().zip(values).for_each(|(with, value)| take(with, *value));
        }
        match self {
            Self::I8(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::I16(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::I32(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::I64(values) => zip(values, range, with, take),
            Self::U8(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::U16(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::U32(values) => zip(values, range, with, |with, value| take(with, value.into())),
            Self::U64(values) => zip(values, range, with, |with, value| {
                take(with, i64::try_from(value).unwrap_or(i64::MAX));
            }),
        }
    }

    /// The number at a position, as a position among the values of a dictionary.
    pub(super) fn position(self, at: usize) -> Option<usize> {
        usize::try_from(self.get(at)?).ok()
    }
}
