//! On which line of its file a value of a scenario stands.

use std::sync::Arc;

use rulebook_base::source::Span;
use rulebook_lang::yaml::{Node, NodeKind};

/// Where the lines of a file of scenarios end.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<[usize]>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a value in a record, counted from 1, by its path there: `items[2].price`. The
    /// deepest part that is there stands for what is missing.
    pub(in crate::scenario) fn of_path(&self, record: &Node, path: &str) -> usize {
        let mut node = record;
        for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
            let found = match &node.kind {
                NodeKind::List(items) => part.parse().ok().and_then(|at: usize| items.get(at)),
                _ => node.get(part),
            };
            match found {
                Some(found) => node = found,
                None => break,
            }
        }
        self.of_span(node.span)
    }

    fn of_span(&self, span: Span) -> usize {
        self.0.partition_point(|end| *end < span.start as usize) + 1
    }
}
