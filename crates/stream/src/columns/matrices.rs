//! The matrices of a simulation as columns: a row for each cell, over all records and in each group.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Decimal128Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::flips::AMOUNT;
use crate::StreamError;
use crate::aside;
use crate::block::Told;
use crate::options::{CellForm, Format};
use crate::output::{Destination, Output};
use rulebook::batch::of_currency;
use rulebook_tools::simulate::{Amount, Impact, Matrix};

/// Writes the matrices of a simulation as Parquet.
///
/// # Errors
/// When they cannot be written.
pub fn write_matrices(impact: &Impact, destination: Destination) -> Result<(), StreamError> {
    let broken = |error: arrow_schema::ArrowError| StreamError::Broken(error.to_string());
    let schema = schema(impact);
    let cells = (CellForm::Safe, 0);
    let mut output = Output::open(destination, Format::Parquet, cells, Some(&schema))?;
    let batch = RecordBatch::try_new(schema, columns(impact)).map_err(broken)?;
    let mut told = Told::default();
    if let Some(encoder) = output.encoder() {
        encoder.encode(batch, &mut told)?;
    }
    output.write(&mut told)?;
    aside::complete(output.finish("")?)
}

fn schema(impact: &Impact) -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields = vec![
        text("field", true),
        text("value", true),
        text("decision", false),
        text("from", true),
        text("to", false),
        Field::new("moved", DataType::Boolean, false),
        Field::new("records", DataType::UInt64, false),
    ];
    let sums = impact.sums.iter();
    fields.extend(sums.map(|sum| {
        let field = Field::new(format!("sum.{}", sum.field), AMOUNT, false);
        of_currency(field, sum.unit.as_deref())
    }));
    Arc::new(Schema::new(fields))
}

fn columns(impact: &Impact) -> Vec<ArrayRef> {
    let mut texts: [_; 5] = std::array::from_fn(|_| StringBuilder::new());
    let (mut moved, mut records) = (BooleanBuilder::new(), UInt64Builder::new());
    let amount = || Decimal128Builder::new().with_data_type(AMOUNT);
    let mut sums: Vec<_> = impact.sums.iter().map(|_| amount()).collect();
    let mut add = |field: Option<&str>, value: Option<&str>, matrices: &[Matrix]| {
        for (matrix, cell) in
            matrices.iter().flat_map(|matrix| matrix.cells.iter().map(move |cell| (matrix, cell)))
        {
            let (decision, to) = (Some(matrix.decision.as_str()), Some(cell.to.as_str()));
            let row = [field, value, decision, cell.from.as_deref(), to];
            texts.iter_mut().zip(row).for_each(|(texts, text)| texts.append_option(text));
            moved.append_value(cell.is_change());
            records.append_value(cell.tally.records);
            for (at, sum) in sums.iter_mut().enumerate() {
                let Amount(number) = cell.tally.sums.get(at).copied().unwrap_or_default();
                sum.append_value(number.units());
            }
        }
    };
    add(None, None, &impact.decisions);
    for grouping in &impact.groupings {
        for group in &grouping.groups {
            add(Some(&grouping.field), group.value.as_deref(), &group.decisions);
        }
    }
    let mut all: Vec<ArrayRef> =
        texts.iter_mut().map(|texts| Arc::new(texts.finish()) as ArrayRef).collect();
    all.extend([Arc::new(moved.finish()) as ArrayRef, Arc::new(records.finish())]);
    all.extend(sums.iter_mut().map(|sum| Arc::new(sum.finish()) as ArrayRef));
    all
}
