//! What stands for histories in a build without them: none is opened.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::path::Path;

use crate::StreamError;
use crate::error::Feature;
use crate::input::Opened;
use crate::options::Known;
use rulebook_core::history::{Amount, Series};
use rulebook_core::program::{Counter, Program};
use rulebook_lang::model::Time;

/// A history, of which there is none.
pub(crate) struct Past(Infallible);

/// The events of one counter, of which there are none.
pub(crate) struct Events<'p>(Infallible, PhantomData<&'p ()>);

impl Past {
    pub(crate) fn open(_: &Path, _: &Program, _: &Opened, _: Known) -> Result<Self, StreamError> {
        Err(StreamError::NotBuilt(Feature::Sqlite))
    }

    pub(crate) fn events(&self, _: &Counter) -> Result<Events<'_>, StreamError> {
        match self.0 {}
    }

    pub(crate) fn commit(self) -> Result<(), StreamError> {
        match self.0 {}
    }
}

impl Events<'_> {
    pub(crate) fn load(
        &mut self,
        _: &str,
        _: (Time, Time),
        _: bool,
        _: &mut Series,
    ) -> Result<(), StreamError> {
        match self.0 {}
    }

    pub(crate) fn came(&mut self, _: &str) -> Result<Option<(String, Time, String)>, StreamError> {
        match self.0 {}
    }

    pub(crate) fn add(
        &mut self,
        _: &str,
        _: Time,
        _: Option<&Amount>,
        _: Option<&str>,
    ) -> Result<(), StreamError> {
        match self.0 {}
    }
}
