//! What stands for columns in a build without them: no file of columns is opened, and none is written.

use std::convert::Infallible;
use std::io::{self, Write};
use std::marker::PhantomData;

use serde_json::value::RawValue;

use crate::StreamError;
use crate::block::{Block, Told};
use crate::compare::Names;
use crate::entry::Entry;
use crate::error::Feature;
use crate::input::Readers;
use crate::input::bytes::Source;
use crate::observer::Note;
use crate::options::{CellForm, Format, InputFormat, Wanted};
use crate::output::Destination;
use crate::pipeline::Pieces;
use crate::task::Task;
use crate::teller::Teller;
use rulebook::inside::Counts;
use rulebook::{Decision, Evaluation, Policy, Rejection};
use rulebook_core::program;
use rulebook_core::settings::FileForm;
use rulebook_tools::simulate::{Impact, Plan, Simulation};

/// A file of columns, of which there is none.
pub(crate) struct Opened(Infallible);

/// One that is being read.
pub(crate) struct Reading(Infallible);

/// Records that are rows.
pub(crate) struct Rows(Infallible);

/// One of them.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r>(Infallible, PhantomData<&'r ()>);

/// Which columns are written.
pub(crate) struct Schema(Infallible);

/// A file of columns that is being written.
pub(crate) struct Writer(Infallible);

/// Makes columns into what is written.
#[derive(Clone)]
pub(crate) struct Encoder(Infallible);

/// Columns that are ready to be written.
pub(crate) struct Encoded(Infallible);

/// Decisions in columns.
pub(crate) struct Outcomes(Infallible);

/// Records in columns that are decided differently.
pub(crate) struct FlipColumns(Infallible);

/// One who would judge rows.
#[derive(Default)]
pub(crate) struct RowJudge(());

/// The decisions of several policies about one record.
pub(crate) struct Decisions<'j> {
    places: &'j [usize],
    evaluations: &'j mut [Evaluation],
}

/// The decision of one policy.
#[derive(Clone, Copy)]
pub(crate) struct Decided<'j> {
    pub(crate) place: usize,
    pub(crate) decision: &'j Decision,
}

fn lacking<T>() -> Result<T, StreamError> {
    Err(StreamError::NotBuilt(Feature::Parquet))
}

impl<'j> Decisions<'j> {
    pub(crate) fn of(places: &'j [usize], evaluations: &'j mut [Evaluation]) -> Self {
        Self { places, evaluations }
    }

    pub(crate) fn each(&mut self, mut take: impl FnMut(Decided<'_>)) {
        for place in self.places.iter().copied() {
            let Some(evaluation) = self.evaluations.get_mut(place) else { continue };
            for number in 0..evaluation.count() {
                if let Some(decision) = evaluation.nth(number) {
                    take(Decided { place, decision });
                }
            }
        }
    }
}

impl Opened {
    pub(crate) fn open(
        _: &Source,
        _: InputFormat,
        _: &FileForm,
        _: Readers<'_>,
    ) -> Result<Self, StreamError> {
        lacking()
    }

    pub(crate) fn start(&self, _: &Source) -> Result<Reading, StreamError> {
        match self.0 {}
    }

    pub(crate) fn notes(&self) -> Vec<Note> {
        match self.0 {}
    }
}

impl Reading {
    pub(crate) fn fill(&mut self, _: &mut Block) -> Result<bool, StreamError> {
        match self.0 {}
    }
}

impl Rows {
    pub(crate) fn len(&self, _: &[Entry]) -> u64 {
        match self.0 {}
    }
}

pub(crate) fn each_row(block: &Block, _: impl FnMut(u64, Row<'_>)) -> Result<(), StreamError> {
    match &block.rows {
        Some(rows) => match rows.0 {},
        None => Ok(()),
    }
}

impl Row<'_> {
    pub(crate) fn is_for(self, _: usize) -> bool {
        match self.0 {}
    }

    pub(crate) fn decide<'e>(
        self,
        _: usize,
        _: &'e mut Evaluation,
        _: Counts<'_>,
    ) -> Option<Result<&'e Decision, Rejection>> {
        match self.0 {}
    }

    pub(crate) fn read(
        self,
        _: (usize, &Policy),
        _: &mut program::Row,
        _: &mut String,
    ) -> Option<Result<(), Rejection>> {
        match self.0 {}
    }

    pub(crate) fn to_json(self) -> Option<Box<RawValue>> {
        match self.0 {}
    }
}

impl RowJudge {
    pub(crate) fn judge(
        &mut self,
        rows: &Rows,
        _: &mut Block,
        _: Told,
        _: (&Task, &mut Teller),
        _: &mut Pieces<'_, Block>,
    ) -> Result<Told, StreamError> {
        match rows.0 {}
    }
}

pub(crate) fn schema(
    format: Format,
    _: &[Policy],
    _: Wanted,
) -> Result<Option<Schema>, StreamError> {
    if format.is_columns() { lacking() } else { Ok(None) }
}

impl Outcomes {
    pub(crate) fn of(task: &Task) -> Option<Self> {
        task.encoder.as_ref().map(|encoder| match encoder.0 {})
    }

    pub(crate) fn push_decided(
        &mut self,
        _: u64,
        _: &mut Decisions<'_>,
        _: &mut dyn FnMut(Decided<'_>),
    ) {
        match self.0 {}
    }

    pub(crate) fn end_block(&mut self, _: &mut Told) -> Result<(), StreamError> {
        match self.0 {}
    }
}

impl Writer {
    pub(crate) fn create(
        _: Box<dyn Write + Send>,
        _: Format,
        _: CellForm,
        schema: &Schema,
    ) -> io::Result<Self> {
        match schema.0 {}
    }

    pub(crate) fn encoder(&self) -> Encoder {
        match self.0 {}
    }

    pub(crate) fn write(&mut self, _: &mut Told) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        match self.0 {}
    }
}

pub(crate) fn flip_schema(
    format: Format,
    _: &Names,
    _: &Plan,
) -> Result<Option<Schema>, StreamError> {
    if format.is_columns() { lacking() } else { Ok(None) }
}

impl FlipColumns {
    pub(crate) fn new(_: &Names, _: bool, schema: Schema, _: Encoder) -> Self {
        match schema.0 {}
    }

    pub(crate) fn another(&self, _: &Names) -> Self {
        match self.0 {}
    }

    pub(crate) fn push(&mut self, _: u64, _: &Simulation, _: &Decision, _: &RawValue) {
        match self.0 {}
    }

    pub(crate) fn end_block(&mut self, _: &mut Told) -> Result<(), StreamError> {
        match self.0 {}
    }
}

/// Writes the matrices of a simulation as Parquet.
///
/// # Errors
/// Always: columns are not built in.
pub fn write_matrices(_: &Impact, _: Destination) -> Result<(), StreamError> {
    lacking()
}
