//! All records that are decided differently, in a file: JSON lines, an array, cells or columns, by its ending.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::StreamError;
use crate::aside;
use crate::block::Told;
use crate::columns::{FlipColumns, flip_schema};
use crate::options::{CellForm, Format, Numbers};
use crate::output::{Destination, Output, tell};
use rulebook::Decision;
use rulebook_core::eval::time_text;
use rulebook_lang::model::Json;
use rulebook_tools::simulate::{Amount, ElementPlace, Flipped, Plan, Simulation};

/// Where the records go.
pub struct FlipFile {
    output: Output,
    /// Empty columns, where they are written so.
    columns: Option<FlipColumns>,
    names: Arc<Names>,
    numbers: Numbers,
    /// Whether records have dates.
    dated: bool,
    format: Format,
}

/// What the columns are called.
pub(crate) struct Names {
    pub(crate) decisions: Vec<String>,
    pub(crate) by: Vec<String>,
    pub(crate) sums: Vec<String>,
    /// Whether elements of lists are decided about.
    pub(crate) elements: bool,
}

/// A record on a line of JSON.
#[derive(Serialize)]
struct FlippedRecord<'l> {
    record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<ElementPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dated: Option<String>,
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
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(
        path: &Path,
        cells: CellForm,
        numbers: Numbers,
        plan: &Plan,
    ) -> Result<Self, StreamError> {
        let text = |names: &mut dyn Iterator<Item = &str>| names.map(String::from).collect();
        let names = Names {
            decisions: text(&mut plan.decisions()),
            by: text(&mut plan.by()),
            sums: text(&mut plan.sums()),
            elements: plan.has_elements(),
        };
        let format = Format::by_ending(path)?;
        let schema = flip_schema(format, &names, plan)?;
        let file = Destination::File(path.to_path_buf());
        let output = Output::open(file, format, (cells, 0), schema.as_ref())?;
        let columns = schema.zip(output.encoder());
        let dated = plan.is_dated();
        let columns =
            columns.map(|(schema, encoder)| FlipColumns::new(&names, dated, schema, encoder));
        Ok(Self { output, columns, names: Arc::new(names), numbers, dated, format })
    }

    /// One who takes the records of a thread.
    pub(super) fn taker(&self) -> FlipTaker {
        let columns = self.columns.as_ref().map(|columns| columns.another(&self.names));
        let (names, numbers, dated) = (self.names.clone(), self.numbers, self.dated);
        FlipTaker { names, columns, numbers, dated, format: self.format }
    }

    /// Writes what was taken of a block.
    pub(super) fn write(&mut self, told: &mut Told) -> Result<(), StreamError> {
        self.output.write(told)
    }

    pub(super) fn finish(self) -> Result<(), StreamError> {
        aside::complete(self.output.finish("")?)
    }
}

/// One who takes the records of a thread, block by block.
pub(super) struct FlipTaker {
    names: Arc<Names>,
    columns: Option<FlipColumns>,
    numbers: Numbers,
    dated: bool,
    format: Format,
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
        if let Some(columns) = &mut self.columns {
            columns.push(record, simulation, decision, &input);
            return;
        }
        let moves = simulation.last().filter(|(_, from, to)| from != to);
        let flipped = |(decision, from, to): (&str, &str, &str)| Flipped {
            decision: decision.into(),
            from: from.into(),
            to: to.into(),
        };
        let line = FlippedRecord {
            record,
            id: decision.id(),
            place: ElementPlace::of(decision),
            dated: self.dated.then(|| time_text(decision.dated(), decision.zone())),
            decisions: moves.map(flipped).collect(),
            by: names(&self.names.by).zip(simulation.last_groups()).collect(),
            sums: names(&self.names.sums).zip(simulation.last_amounts()).collect(),
            input: match self.numbers {
                Numbers::Digits => Input::AsItCame(input),
                Numbers::Text => Input::Read(Json::read(input.get()).unwrap_or_default()),
            },
        };
        tell(&line, (self.format, self.numbers), &mut told.decisions);
    }

    /// Ends a block: columns become what is written.
    pub(super) fn end_block(&mut self, told: &mut Told) -> Result<(), StreamError> {
        self.columns.as_mut().map_or(Ok(()), |columns| columns.end_block(told))
    }
}
