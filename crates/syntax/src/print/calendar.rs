//! The layout of a calendar of working days: a line for each thing that it says.

use super::expression::Shaper;
use super::layout::Layout;
use super::shape::Shape;
use crate::ast::{Calendar, CalendarItem, CalendarItemKind, ListItems};
use rulebook_base::source::Span;

impl Shaper<'_, '_> {
    pub(super) fn calendar(&self, node: &Calendar, span: Span) -> Shape<'static> {
        let head = format!("calendar {} {{", node.name.text);
        let parts = node.items.iter().map(|item| self.calendar_item(item)).collect();
        Shape::Block(self.block(head, parts, true, span))
    }

    fn calendar_item(&self, item: &CalendarItem) -> Layout {
        let text = match &item.kind {
            CalendarItemKind::Weekend(names) => {
                let names: Vec<_> = names.iter().map(|name| name.text).collect();
                format!("weekend {}", names.join(", "))
            }
            CalendarItemKind::Days(kind, ListItems::File(path)) => {
                format!("{} from {}", kind.word(), self.written(path.span))
            }
            CalendarItemKind::Days(kind, ListItems::InPlace(days)) => {
                format!("{} = {}", kind.word(), self.flat(days))
            }
            CalendarItemKind::Origin(origin) => return self.origin(origin),
        };
        self.leaf(text, item.span)
    }
}
