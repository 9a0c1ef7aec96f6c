//! Records that are decided differently as columns.

use std::sync::Arc;

use arrow_array::builder::{
    Decimal128Builder, StringBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, TimeUnit};
use serde_json::value::RawValue;

use super::Schema;
use super::write::Encoder;
use crate::StreamError;
use crate::block::Told;
use crate::compare::Names;
use crate::options::Format;
use rulebook::Decision;
use rulebook::batch::of_currency;
use rulebook_tools::simulate::{Amount, ElementPlace, Plan, Simulation};

/// The type of the columns of amounts: all digits that a number has.
pub(super) const AMOUNT: DataType = DataType::Decimal128(38, 9);

/// The columns of a file; none where its format has no columns.
///
/// # Errors
/// When columns are not built in.
pub(crate) fn flip_schema(
    format: Format,
    names: &Names,
    plan: &Plan,
) -> Result<Option<Schema>, StreamError> {
    Ok(format.is_columns().then(|| schema(names, plan)))
}

fn schema(names: &Names, plan: &Plan) -> Schema {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let mut fields =
        vec![Field::new("record", DataType::UInt64, false), Field::new("id", DataType::Utf8, true)];
    if names.elements {
        fields.push(Field::new("element", DataType::Utf8, true));
        fields.push(Field::new("position", DataType::UInt64, true));
    }
    fields.push(Field::new("dated", time, !plan.is_dated()));
    let text = |name: String| Field::new(name, DataType::Utf8, true);
    for (decision, currency) in names.decisions.iter().zip(plan.decision_currencies()) {
        let side = |side| of_currency(text(format!("{decision}.{side}")), currency);
        fields.extend(["from", "to"].map(side));
    }
    fields.extend(names.by.iter().map(|path| text(format!("by.{path}"))));
    for (path, currency) in names.sums.iter().zip(plan.sum_currencies()) {
        let field = Field::new(format!("sum.{path}"), AMOUNT, true);
        fields.push(of_currency(field, currency.as_deref()));
    }
    fields.push(Field::new("input", DataType::Utf8, false));
    Arc::new(arrow_schema::Schema::new(fields))
}

/// The records of a thread in columns that grow until a block ends.
pub(crate) struct FlipColumns {
    schema: Schema,
    encoder: Encoder,
    record: UInt64Builder,
    id: StringBuilder,
    /// The elements and their positions, where elements of lists are decided about.
    places: Option<(StringBuilder, UInt64Builder)>,
    dated: TimestampMicrosecondBuilder,
    /// Whether records have dates.
    is_dated: bool,
    /// The outcomes of each decision on both sides, one after another, and the groups.
    texts: Vec<StringBuilder>,
    amounts: Vec<Decimal128Builder>,
    input: StringBuilder,
}

impl FlipColumns {
    pub(crate) fn new(names: &Names, is_dated: bool, schema: Schema, encoder: Encoder) -> Self {
        let texts = 2 * names.decisions.len() + names.by.len();
        let amount = || Decimal128Builder::new().with_data_type(AMOUNT);
        Self {
            schema,
            encoder,
            record: UInt64Builder::new(),
            id: StringBuilder::new(),
            places: names.elements.then(|| (StringBuilder::new(), UInt64Builder::new())),
            dated: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            is_dated,
            texts: (0..texts).map(|_| StringBuilder::new()).collect(),
            amounts: names.sums.iter().map(|_| amount()).collect(),
            input: StringBuilder::new(),
        }
    }

    /// Empty columns like these.
    pub(crate) fn another(&self, names: &Names) -> Self {
        Self::new(names, self.is_dated, self.schema.clone(), self.encoder.clone())
    }

    pub(crate) fn push(
        &mut self,
        record: u64,
        simulation: &Simulation,
        decision: &Decision,
        input: &RawValue,
    ) {
        self.record.append_value(record);
        self.id.append_option(decision.id());
        if let Some((elements, positions)) = &mut self.places {
            let place = ElementPlace::of(decision);
            elements.append_option(place.as_ref().map(|place| &place.element));
            positions.append_option(place.map(|place| place.position as u64));
        }
        self.dated.append_option(self.is_dated.then(|| decision.dated().as_microsecond()));
        let outcomes = simulation.last().flat_map(|(_, from, to)| [Some(from), Some(to)]);
        for (texts, text) in self.texts.iter_mut().zip(outcomes.chain(simulation.last_groups())) {
            texts.append_option(text);
        }
        for (amounts, amount) in self.amounts.iter_mut().zip(simulation.last_amounts()) {
            amounts.append_option(amount.map(|Amount(number)| number.units()));
        }
        self.input.append_value(input.get());
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let mut all: Vec<ArrayRef> =
            vec![Arc::new(self.record.finish()), Arc::new(self.id.finish())];
        if let Some((elements, positions)) = &mut self.places {
            all.push(Arc::new(elements.finish()));
            all.push(Arc::new(positions.finish()));
        }
        all.push(Arc::new(self.dated.finish()));
        all.extend(self.texts.iter_mut().map(|texts| Arc::new(texts.finish()) as ArrayRef));
        all.extend(self.amounts.iter_mut().map(|amounts| Arc::new(amounts.finish()) as ArrayRef));
        all.push(Arc::new(self.input.finish()));
        all
    }

    /// Ends a block: what has been collected becomes what is written.
    pub(crate) fn end_block(&mut self, told: &mut Told) -> Result<(), StreamError> {
        let batch = RecordBatch::try_new(self.schema.clone(), self.finish());
        let batch = batch.map_err(|error| StreamError::Broken(error.to_string()))?;
        if batch.num_rows() > 0 {
            self.encoder.encode(batch, told)?;
        }
        Ok(())
    }
}
