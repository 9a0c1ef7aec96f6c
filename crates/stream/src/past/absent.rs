//! What stands for histories in a build without them: none is opened.

use std::convert::Infallible;
use std::path::Path;

use crate::StreamError;
use crate::error::Feature;
use crate::input::Opened;
use crate::options::Known;
use rulebook_core::history::Series;
use rulebook_core::program::{Counter, Program};
use rulebook_lang::model::{Number, Time};

/// A history, of which there is none.
pub(crate) struct Past(Infallible);

/// The events of one counter, of which there are none.
pub(crate) struct Events(Infallible);

impl Past {
    pub(crate) fn open(_: &Path, _: &Program, _: &Opened, _: Known) -> Result<Self, StreamError> {
        Err(StreamError::NotBuilt(Feature::Sqlite))
    }

    pub(crate) fn events(&self, _: &Counter) -> Result<Events, StreamError> {
        match self.0 {}
    }

    pub(crate) fn commit(self) -> Result<(), StreamError> {
        match self.0 {}
    }
}

impl Events {
    pub(crate) fn load(
        &mut self,
        _: &str,
        _: (Time, Time),
        _: &mut Series,
    ) -> Result<(), StreamError> {
        match self.0 {}
    }

    pub(crate) fn add(&mut self, _: &str, _: Time, _: Option<Number>) -> Result<(), StreamError> {
        match self.0 {}
    }
}
