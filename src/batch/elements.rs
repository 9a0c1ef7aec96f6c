//! What a policy decided about each element of a list, as one column: for each record a list of structs.

use std::sync::Arc;

use arrow_array::builder::{StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};

use super::told::Told;
use rulebook_core::eval::Decision;

/// What stands before the outcomes of an element.
pub(super) fn name_fields(required: bool) -> [Field; 2] {
    [
        Field::new("element", DataType::Utf8, !required),
        Field::new("position", DataType::UInt64, !required),
    ]
}

/// The ids and the positions of elements.
#[derive(Debug, Default)]
pub(super) struct ElementNames {
    ids: StringBuilder,
    positions: UInt64Builder,
}

impl ElementNames {
    /// Adds the element that a decision is about; nothing where it is about a record.
    pub(super) fn push(&mut self, decision: Option<&Decision>) {
        let element = decision.and_then(Decision::element);
        self.ids.append_option(element.as_ref().map(|element| &element.id));
        let position = element.map(|element| element.position as u64);
        self.positions.append_option(position);
    }

    pub(super) fn size(&self) -> usize {
        self.ids.values_slice().len()
    }

    pub(super) fn finish(&mut self) -> [ArrayRef; 2] {
        [Arc::new(self.ids.finish()), Arc::new(self.positions.finish())]
    }
}

/// The column of a policy that judges elements.
#[derive(Debug)]
pub(super) struct ElementColumn {
    names: ElementNames,
    told: Told,
    fields: Fields,
    ends: Vec<i32>,
    valid: Vec<bool>,
}

impl ElementColumn {
    pub(super) fn new(told: Told) -> Self {
        let fields = name_fields(true).into_iter().chain(told.fields());
        let (names, fields) = (ElementNames::default(), fields.collect());
        Self { names, told, fields, ends: vec![0], valid: Vec::new() }
    }

    pub(super) fn data_type(&self) -> DataType {
        DataType::List(Arc::new(self.item()))
    }

    fn item(&self) -> Field {
        Field::new("item", DataType::Struct(self.fields.clone()), false)
    }

    /// Adds an element to the list of the record at hand.
    pub(super) fn push(&mut self, decision: &Decision) {
        self.names.push(Some(decision));
        self.told.push(0, decision);
        self.told.end_row();
    }

    /// Ends the list of a record; one that the policy has not judged has none.
    pub(super) fn end(&mut self, is_judged: bool) {
        self.ends.push(i32::try_from(self.told.len()).unwrap_or(i32::MAX));
        self.valid.push(is_judged);
    }

    pub(super) fn size(&self) -> usize {
        self.names.size() + self.told.size() + self.ends.len() * size_of::<i32>()
    }

    pub(super) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let mut columns: Vec<ArrayRef> = self.names.finish().into();
        self.told.finish(&mut columns)?;
        let ends = std::mem::replace(&mut self.ends, vec![0]);
        let valid = NullBuffer::from(std::mem::take(&mut self.valid));
        let items = StructArray::try_new(self.fields.clone(), columns, None)?;
        let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
        let item = Arc::new(self.item());
        Ok(Arc::new(ListArray::try_new(item, ends, Arc::new(items), Some(valid))?))
    }
}
