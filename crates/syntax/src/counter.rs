//! Builds the tree of a counter.

use super::ast::{Counter, Name, Window};
use super::build::Builder;
use super::grammar::Rule;
use super::matched::{Part, Parts};
use rulebook_lang::tally::Tally;
use rulebook_lang::window::Calendar;

impl Builder {
    /// What stands behind the name of a counter.
    pub(super) fn counter<'s>(
        &mut self,
        name: Name<'s>,
        mut parts: Parts<'_, 's>,
    ) -> Option<Counter<'s>> {
        let mut measure = parts.next_of(Rule::measure)?.parts();
        let (tally, value) = match measure.next() {
            None => (Tally::Count, None),
            Some(part) if part.rule() == Rule::distinct => {
                (Tally::Distinct, part.parts().next_of(Rule::expression))
            }
            Some(part) => {
                (Tally::from_words(part.text().trim())?, measure.next_of(Rule::expression))
            }
        };
        let value = value.map(|part| self.expression(part));
        let record = parts.next_of(Rule::name).map(|part| self.name(part))?;
        let mut keys = Vec::new();
        while let Some(part) = parts.next_of(Rule::expression) {
            keys.push(self.expression(part));
        }
        let window = self.window(parts.next_of(Rule::window)?)?;
        let filter = parts.next_of(Rule::expression).map(|part| self.expression(part));
        let dated_by = parts.next_of(Rule::dated_by).and_then(|part| self.dated_by(part));
        Some(Counter { name, tally, value, record, keys, window, filter, dated_by })
    }

    fn window<'s>(&mut self, part: Part<'_, 's>) -> Option<Window<'s>> {
        let inner = part.parts().next()?;
        let mut parts = inner.parts();
        Some(match inner.rule() {
            Rule::within => Window::Within(self.expression(parts.next_of(Rule::expression)?)),
            Rule::lagged => {
                let far = self.expression(parts.next_of(Rule::expression)?);
                let near = self.expression(parts.next_of(Rule::expression)?);
                Window::Lagged(far, near)
            }
            _ => Window::Calendar(Calendar::from_words(inner.text())?, self.span(inner)),
        })
    }
}
