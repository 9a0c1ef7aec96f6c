//! Named values to nodes: each has one for a policy, wherever it is read, so that it is worked out once and
//! told as one step.

use super::{Lowering, typed};
use crate::check::typed::{Expr, LetId};
use crate::program::{Named, NodeId};

impl Lowering<'_, '_> {
    /// The node of a named value.
    pub(super) fn named(&mut self, id: LetId, value: &Expr) -> NodeId {
        if let Some(node) = self.names.get(&id) {
            return *node;
        }
        // It stands by itself, whatever is around the place that reads it.
        let around = (std::mem::take(&mut self.written), self.depth);
        self.depth = 0;
        let clause = self.clause(value);
        (self.written, self.depth) = around;
        let typed::Let { name, ty, title, .. } = &self.checked.lets[id];
        let title = self.maybe_text(title.clone());
        let (name, ty, node) = (name.clone(), ty.clone(), clause.node);
        self.named.push(Named { id, name, title, ty, clause });
        self.names.insert(id, node);
        node
    }
}

/// The named values that some expressions read by themselves, each once.
pub(super) fn lets_of<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<LetId> {
    let mut lets = Vec::new();
    for id in exprs.into_iter().flat_map(Expr::lets) {
        if !lets.contains(&id) {
            lets.push(id);
        }
    }
    lets
}
