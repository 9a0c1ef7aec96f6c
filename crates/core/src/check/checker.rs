//! What everything that checks is given: the names that it reads, and where it reports what is wrong.

use super::names::Names;
use super::sink::Sink;

/// Names to read and a sink to report to. What a check comes to, it returns: nothing that checks one
/// piece can reach into what checks another.
pub(super) struct Checker<'c, 'a> {
    pub(super) names: &'c Names<'a>,
    pub(super) sink: &'c mut Sink,
}

impl<'c, 'a> Checker<'c, 'a> {
    pub(super) fn new(names: &'c Names<'a>, sink: &'c mut Sink) -> Self {
        Self { names, sink }
    }
}
