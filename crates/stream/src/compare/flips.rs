//! All records that are decided otherwise, in a file: JSON lines, cells or columns, by its ending.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{
    Decimal128Builder, StringBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde::Serialize;
use serde_json::value::RawValue;

use super::super::args::{CellForm, DecisionFormat, Numbers};
use super::super::block::Told;
use super::super::json;
use super::super::output::{Encoder, Output};
use super::super::screen::Text;
use super::super::{Stop, aside};
use rulebook::Decision;
use rulebook::batch::of_currency;
use rulebook_core::eval::told_time;
use rulebook_lang::model::Json;
use rulebook_tools::simulate::{Amount, Flipped, Plan, Simulation};

/// The type of the columns of amounts: all digits that a number has.
pub(super) const AMOUNT: DataType = DataType::Decimal128(38, 9);

/// Where the records go.
pub(crate) struct FlipFile {
    output: Output,
    schema: SchemaRef,
    names: Arc<Names>,
    numbers: Numbers,
}

/// What the columns are called.
struct Names {
    decisions: Vec<String>,
    by: Vec<String>,
    sums: Vec<String>,
}

/// A record on a line of JSON.
#[derive(Serialize)]
struct Line<'l> {
    record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    dated: String,
    decisions: Vec<Flipped>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    by: Vec<(&'l str, Option<&'l str>)>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    sums: Vec<(&'l str, Option<Amount>)>,
    input: Input,
}

/// A record as it came; its numbers may have to be texts.
#[derive(Serialize)]
#[serde(untagged)]
enum Input {
    AsItCame(Box<RawValue>),
    Read(Json),
}

fn as_map<S: serde::Serializer, V: Serialize>(
    pairs: &[(&str, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl FlipFile {
    /// Opens a file for the records of a plan.
    pub(crate) fn create(
        path: &Path,
        cells: CellForm,
        numbers: Numbers,
        plan: &Plan,
    ) -> Result<Self, Stop> {
        let text = |names: &mut dyn Iterator<Item = &str>| names.map(String::from).collect();
        let names = Names {
            decisions: text(&mut plan.decisions()),
            by: text(&mut plan.by()),
            sums: text(&mut plan.sums()),
        };
        let schema = names.schema(plan);
        let format = DecisionFormat::by_ending(path).unwrap_or(DecisionFormat::Jsonl);
        let output = Output::open(Some(path), format, cells, 0, &schema)?;
        Ok(Self { output, schema, names: Arc::new(names), numbers })
    }

    /// One who takes the records of a thread.
    pub(super) fn taker(&self) -> FlipTaker {
        let columns = self.output.encoder().map(|encoder| (Columns::new(&self.names), encoder));
        let (names, schema) = (self.names.clone(), self.schema.clone());
        FlipTaker { names, schema, columns, numbers: self.numbers }
    }

    /// Writes what was taken of a block.
    pub(super) fn write(&mut self, told: &mut Told) -> Result<(), Stop> {
        self.output.write(told)
    }

    pub(super) fn finish(self) -> Result<(), Stop> {
        aside::complete(self.output.finish(&Text::default())?)
    }
}

impl Names {
    fn schema(&self, plan: &Plan) -> SchemaRef {
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let mut fields = vec![
            Field::new("record", DataType::UInt64, false),
            Field::new("id", DataType::Utf8, true),
            Field::new("dated", time, false),
        ];
        let text = |name: String| Field::new(name, DataType::Utf8, true);
        for (decision, currency) in self.decisions.iter().zip(plan.decision_currencies()) {
            let side = |side| of_currency(text(format!("{decision}.{side}")), currency);
            fields.extend(["from", "to"].map(side));
        }
        fields.extend(self.by.iter().map(|path| text(format!("by.{path}"))));
        for (path, currency) in self.sums.iter().zip(plan.sum_currencies()) {
            let field = Field::new(format!("sum.{path}"), AMOUNT, true);
            fields.push(of_currency(field, currency.as_deref()));
        }
        fields.push(Field::new("input", DataType::Utf8, false));
        Arc::new(Schema::new(fields))
    }
}

/// One who takes the records of a thread, block by block.
pub(super) struct FlipTaker {
    names: Arc<Names>,
    schema: SchemaRef,
    columns: Option<(Columns, Encoder)>,
    numbers: Numbers,
}

/// Columns that grow.
struct Columns {
    record: UInt64Builder,
    id: StringBuilder,
    dated: TimestampMicrosecondBuilder,
    /// The outcomes of each decision on both sides, one after another, and the groups.
    texts: Vec<StringBuilder>,
    amounts: Vec<Decimal128Builder>,
    input: StringBuilder,
}

impl Columns {
    fn new(names: &Names) -> Self {
        let texts = 2 * names.decisions.len() + names.by.len();
        let amount = || Decimal128Builder::new().with_data_type(AMOUNT);
        Self {
            record: UInt64Builder::new(),
            id: StringBuilder::new(),
            dated: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            texts: (0..texts).map(|_| StringBuilder::new()).collect(),
            amounts: names.sums.iter().map(|_| amount()).collect(),
            input: StringBuilder::new(),
        }
    }

    fn push(
        &mut self,
        record: u64,
        simulation: &Simulation,
        decision: &Decision,
        input: &RawValue,
    ) {
        self.record.append_value(record);
        self.id.append_option(decision.id());
        self.dated.append_value(decision.dated().as_microsecond());
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
        let mut all: Vec<ArrayRef> = vec![
            Arc::new(self.record.finish()),
            Arc::new(self.id.finish()),
            Arc::new(self.dated.finish()),
        ];
        all.extend(self.texts.iter_mut().map(|texts| Arc::new(texts.finish()) as ArrayRef));
        all.extend(self.amounts.iter_mut().map(|own| Arc::new(own.finish()) as ArrayRef));
        all.push(Arc::new(self.input.finish()));
        all
    }
}

fn names(all: &[String]) -> impl Iterator<Item = &str> {
    all.iter().map(String::as_str)
}

impl FlipTaker {
    /// Takes the record that a simulation has added last.
    pub(super) fn take(
        &mut self,
        record: u64,
        simulation: &Simulation,
        decision: &Decision,
        input: Box<RawValue>,
        told: &mut Told,
    ) {
        if let Some((columns, _)) = &mut self.columns {
            columns.push(record, simulation, decision, &input);
            return;
        }
        let moves = simulation.last().filter(|(_, from, to)| from != to);
        let flipped = |(decision, from, to): (&str, &str, &str)| Flipped {
            decision: decision.into(),
            from: from.into(),
            to: to.into(),
        };
        let line = Line {
            record,
            id: decision.id(),
            dated: told_time(decision.dated(), decision.zone()),
            decisions: moves.map(flipped).collect(),
            by: names(&self.names.by).zip(simulation.last_groups()).collect(),
            sums: names(&self.names.sums).zip(simulation.last_amounts()).collect(),
            input: match self.numbers {
                Numbers::Digits => Input::AsItCame(input),
                Numbers::Text => Input::Read(Json::read(input.get()).unwrap_or_default()),
            },
        };
        // Texts and numbers can always be written as JSON into memory.
        let _ = json::append(&line, self.numbers, &mut told.decisions);
        told.decisions.push(b'\n');
    }

    /// Ends a block: columns become what is written.
    pub(super) fn end_block(&mut self, told: &mut Told) -> Result<(), Stop> {
        let Some((columns, encoder)) = &mut self.columns else { return Ok(()) };
        let batch = RecordBatch::try_new(self.schema.clone(), columns.finish());
        let batch = batch.map_err(|error| Stop::Broken(error.to_string()))?;
        if batch.num_rows() > 0 {
            encoder.encode(batch, told)?;
        }
        Ok(())
    }
}
