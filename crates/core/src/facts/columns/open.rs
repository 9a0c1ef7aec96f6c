//! The columns of one batch, opened for reading rows.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

use super::bind::{Binding, Bound, Cells, Record};
use super::error::{SchemaError, SchemaProblem};
use super::leaf::Leaf;
use crate::facts::InputCode;
use crate::facts::Raw;
use crate::program::{Element, FieldKind, Layout};
use rulebook_lang::model::{Type, Zone};
use rulebook_lang::reading::Reading;

/// The columns of a batch from which a record is read.
#[derive(Debug)]
pub struct Opened<'b> {
    pub(crate) fields: OpenRecord<'b>,
    /// How many there are.
    pub rows: usize,
}

/// The columns of a record's fields, each with the position of its field.
#[derive(Debug, Default)]
pub(crate) struct OpenRecord<'b> {
    pub(crate) fields: Vec<(usize, Open<'b>)>,
}

/// What a value is read from.
#[derive(Debug)]
pub(crate) enum Open<'b> {
    Leaf(Leaf<'b>),
    Struct(Option<&'b NullBuffer>, OpenRecord<'b>),
    /// Columns of their own; whether the record is there in every row.
    Flat(OpenRecord<'b>, bool),
    List(Lists<'b>, Box<Open<'b>>),
}

/// Where the lists of a column begin and end.
#[derive(Debug)]
pub(crate) struct Lists<'b> {
    nulls: Option<&'b NullBuffer>,
    bounds: Bounds<'b>,
}

#[derive(Debug)]
enum Bounds<'b> {
    Offsets(&'b [i32]),
    LargeOffsets(&'b [i64]),
    Views(&'b [i32], &'b [i32]),
    LargeViews(&'b [i64], &'b [i64]),
    Fixed(usize),
}

impl Lists<'_> {
    pub(super) fn is_null(&self, at: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(at))
    }

    /// The elements of the list in a row.
    pub(super) fn range(&self, at: usize) -> std::ops::Range<usize> {
        let (start, end) = match &self.bounds {
            Bounds::Offsets(offsets) => (value(offsets, at), value(offsets, at + 1)),
            Bounds::LargeOffsets(offsets) => (value(offsets, at), value(offsets, at + 1)),
            Bounds::Views(starts, sizes) => {
                let start = value(starts, at);
                (start, start + value(sizes, at))
            }
            Bounds::LargeViews(starts, sizes) => {
                let start = value(starts, at);
                (start, start + value(sizes, at))
            }
            Bounds::Fixed(size) => (at * size, (at + 1) * size),
        };
        start..end
    }
}

fn value<T: Copy + TryInto<usize>>(values: &[T], at: usize) -> usize {
    values.get(at).and_then(|value| (*value).try_into().ok()).unwrap_or_default()
}

impl<'b> Opened<'b> {
    /// Opens the columns of a batch.
    ///
    /// # Errors
    /// When these are not the columns that were bound.
    pub fn new(
        binding: &'b Binding,
        layout: Option<&'b Layout>,
        batch: &'b RecordBatch,
    ) -> Result<Self, SchemaError> {
        let other = || SchemaError {
            record: layout.map(|layout| layout.record.to_string()).unwrap_or_default(),
            problems: vec![SchemaProblem {
                path: String::new(),
                code: InputCode::OtherColumns.code(),
                message: "the batch has other columns than the schema that was bound".to_string(),
            }],
        };
        if !binding.is_for(batch.schema_ref().fields()) {
            return Err(other());
        }
        let opener = Opener { cells: binding.cells };
        let fields =
            layout.and_then(|layout| opener.record(&binding.record, layout, batch.columns()));
        let fields = fields.ok_or_else(other)?;
        Ok(Self { fields, rows: batch.num_rows() })
    }
}

impl<'b> Opened<'b> {
    /// What stands in a row of a top-level field, if it names something: a text or a number.
    pub fn name(
        &self,
        layout: &Layout,
        slot: u32,
        (row, zone): (usize, &Zone),
    ) -> Option<Cow<'b, str>> {
        let mut fields = self.fields.fields.iter();
        let (_, open) = fields.find(|(position, _)| {
            layout.fields.get(*position).is_some_and(|field| field.slot == slot)
        })?;
        let Open::Leaf(leaf) = open else { return None };
        if let Some(text) = leaf.plain_text(row) {
            return Some(Cow::Borrowed(text));
        }
        let mut name = None;
        leaf.visit(row, zone, |raw| {
            if let Raw::Number(number) = raw {
                name = Some(Cow::Owned(number.to_string()));
            }
        });
        name
    }
}

struct Opener {
    cells: Cells,
}

impl Opener {
    fn record<'b>(
        &self,
        record: &'b Record,
        layout: &'b Layout,
        columns: &'b [ArrayRef],
    ) -> Option<OpenRecord<'b>> {
        let fields = record.fields.iter().map(|(position, bound)| {
            let open = match (bound, &layout.fields.get(*position)?.kind) {
                (Bound::Flat(inner, always), FieldKind::Record(layout)) => {
                    Open::Flat(self.record(inner, layout, columns)?, *always)
                }
                (Bound::Leaf(number) | Bound::Struct(number, _) | Bound::List(number, _), kind) => {
                    let column = columns.get(*number)?.as_ref();
                    match kind {
                        FieldKind::Scalar(ty) => self.scalar(ty, None, column)?,
                        FieldKind::Read(ty, reading) => self.scalar(ty, Some(reading), column)?,
                        FieldKind::Record(layout) => self.structs(bound, layout, column)?,
                        FieldKind::List(element) => self.lists(bound, element, column)?,
                    }
                }
                _ => return None,
            };
            Some((*position, open))
        });
        Some(OpenRecord { fields: fields.collect::<Option<_>>()? })
    }

    fn scalar<'b>(
        &self,
        ty: &'b Type,
        reading: Option<&'b Reading>,
        column: &'b dyn Array,
    ) -> Option<Open<'b>> {
        Leaf::open(column, ty, (self.cells, reading)).map(Open::Leaf)
    }

    fn structs<'b>(
        &self,
        bound: &'b Bound,
        layout: &'b Layout,
        column: &'b dyn Array,
    ) -> Option<Open<'b>> {
        match bound {
            Bound::Struct(_, record) => {
                let column = column.as_struct_opt()?;
                let record = self.record(record, layout, column.columns())?;
                Some(Open::Struct(column.nulls(), record))
            }
            // Blanks around an amount with its currency count as little as around a number.
            _ if layout.money => self.scalar(&Type::Number, None, column),
            _ => Some(Open::Leaf(Leaf::nothing())),
        }
    }

    fn lists<'b>(
        &self,
        bound: &'b Bound,
        element: &'b Element,
        column: &'b dyn Array,
    ) -> Option<Open<'b>> {
        let Bound::List(_, inner) = bound else { return Some(Open::Leaf(Leaf::nothing())) };
        let (bounds, values) = match column.data_type() {
            DataType::List(_) => {
                let lists = column.as_list_opt::<i32>()?;
                (Bounds::Offsets(lists.value_offsets()), lists.values())
            }
            DataType::LargeList(_) => {
                let lists = column.as_list_opt::<i64>()?;
                (Bounds::LargeOffsets(lists.value_offsets()), lists.values())
            }
            DataType::ListView(_) => {
                let lists = column.as_list_view_opt::<i32>()?;
                (Bounds::Views(lists.value_offsets(), lists.value_sizes()), lists.values())
            }
            DataType::Map(..) => {
                let map = column.as_map_opt()?;
                let offsets = map.value_offsets();
                let inner = self.entries(inner, element, map.entries())?;
                let bounds = Bounds::Offsets(offsets);
                return Some(Open::List(Lists { nulls: map.nulls(), bounds }, Box::new(inner)));
            }
            DataType::LargeListView(_) => {
                let lists = column.as_list_view_opt::<i64>()?;
                (Bounds::LargeViews(lists.value_offsets(), lists.value_sizes()), lists.values())
            }
            _ => {
                let lists = column.as_fixed_size_list_opt()?;
                (Bounds::Fixed(usize::try_from(lists.value_length()).ok()?), lists.values())
            }
        };
        let element = self.entries(inner, element, values.as_ref())?;
        Some(Open::List(Lists { nulls: column.nulls(), bounds }, Box::new(element)))
    }

    /// What the lists of a column hold.
    fn entries<'b>(
        &self,
        inner: &'b Bound,
        element: &'b Element,
        values: &'b dyn Array,
    ) -> Option<Open<'b>> {
        match element {
            Element::Scalar(ty, _) => self.scalar(ty, None, values),
            Element::Read(ty, reading) => self.scalar(ty, Some(reading), values),
            Element::Record(layout) => self.structs(inner, layout, values),
            Element::List(element) => self.lists(inner, element, values),
        }
    }
}
