//! Lays out counters.

use super::expression::{Shaper, path_text};
use super::layout::Layout;
use crate::ast::{Counter, Window};
use rulebook_base::source::Span;

impl Shaper<'_, '_> {
    pub(super) fn counter(&self, node: &Counter, span: Span) -> Layout {
        let mut measure = node.tally.words().to_string();
        if let Some(value) = &node.value {
            measure += node.tally.joint();
            measure += &self.flat(value);
        }
        let (name, record) = (node.name.text, node.record.text);
        let keys: Vec<_> = node.keys.iter().map(|key| self.flat(key)).collect();
        let (keys, window) = (keys.join(", "), self.window_text(&node.window));
        let text = format!("counter {name} = {measure} of {record} by {keys} {window}");
        let end = node.window.span().end;
        let mut items = vec![self.leaf(text, Span { end, ..span })];
        if let Some(filter) = &node.filter {
            items.push(Layout::before("where ", self.expression(filter)));
        }
        if let Some(path) = &node.dated_by {
            items.push(self.leaf(format!("dated by {}", path_text(path)), path.span));
        }
        Layout::row(items)
    }

    fn window_text(&self, window: &Window) -> String {
        match window {
            Window::Within(length) => format!("within {}", self.flat(length)),
            Window::Lagged(far, near) => {
                format!("from {} to {} before", self.flat(far), self.flat(near))
            }
            Window::Calendar(calendar, _) => calendar.words().to_string(),
        }
    }
}
