//! Calendars of working days: from what was matched to the tree.

use super::ast::{
    Calendar, CalendarItem, CalendarItemKind, DaysKind, Expr, ListItems, Literal, Name,
};
use super::build::Builder;
use super::grammar::Rule;
use super::matched::{Part, Parts};
use rulebook_base::source::Span;

impl Builder {
    pub(super) fn calendar<'s>(&mut self, name: Name<'s>, parts: Parts<'_, 's>) -> Calendar<'s> {
        let items = parts.build(|part| {
            let span = self.span(part);
            self.calendar_item(part).map(|kind| CalendarItem { span, kind })
        });
        Calendar { name, items }
    }

    fn calendar_item<'s>(&mut self, part: Part<'_, 's>) -> Option<CalendarItemKind<'s>> {
        let inner = part.parts().next()?;
        Some(match inner.rule() {
            Rule::weekend => {
                CalendarItemKind::Weekend(inner.parts().build(|part| Some(self.name(part))))
            }
            Rule::listed_days => {
                let mut parts = inner.parts();
                let kind = match parts.next_of(Rule::days_kind)?.text() {
                    "working" => DaysKind::Working,
                    _ => DaysKind::Holidays,
                };
                let days = match parts.next()? {
                    part if part.rule() == Rule::list_value => {
                        let kind = self.list_value(part)?;
                        ListItems::InPlace(Expr { span: self.span(part), kind })
                    }
                    part => ListItems::File(self.plain_text(part)),
                };
                CalendarItemKind::Days(kind, days)
            }
            _ => CalendarItemKind::Origin(self.origin(inner)?),
        })
    }

    /// `20 calendar days` or `7 us working days`, behind its number.
    pub(super) fn counted_days<'s>(&self, number: &'s str, part: Part<'_, 's>) -> Literal<'s> {
        let mut words = part.text().split_whitespace();
        let calendar = words.next().filter(|_| words.next() == Some("working")).map(|text| {
            let start = self.base + part.start();
            Name { text, span: Span::new(self.id, start, start + text.len()) }
        });
        Literal::Days(number, calendar)
    }
}
