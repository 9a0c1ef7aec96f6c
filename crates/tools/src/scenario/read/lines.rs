//! On which line of its file a value of a scenario stands.

use std::sync::Arc;

use rulebook_base::source::SourceFile;
use rulebook_lang::yaml::{Node, NodeKind};

/// The lines of a file of scenarios.
#[derive(Debug, Clone)]
pub struct Lines(Arc<SourceFile>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(Arc::new(SourceFile::new(String::new(), text.into(), None)))
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
        self.0.line_column(node.span.start as usize).0
    }
}
