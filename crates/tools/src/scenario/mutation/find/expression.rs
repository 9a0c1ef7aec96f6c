//! Mutants within expressions.

use super::super::literal::neighbours;
use super::super::mutant::MutantKind;
use super::{Finder, ranges};
use rulebook_base::source::Span;
use rulebook_syntax::ast::{Expr, ExprKind};

/// What an operator becomes.
const OPERATORS: &[(MutantKind, &str, &str)] = &[
    (MutantKind::Comparison, "<", "<="),
    (MutantKind::Comparison, ">", ">="),
    (MutantKind::Comparison, "==", "!="),
    (MutantKind::Connective, "and", "or"),
    (MutantKind::Membership, "in", "not in"),
    (MutantKind::Range, "..<", "..="),
];

/// What an operator becomes, and which kind of mutant that is.
fn swapped(symbol: &str) -> Option<(MutantKind, &'static str)> {
    OPERATORS.iter().find_map(|(kind, one, other)| match symbol {
        _ if symbol == *one => Some((*kind, *other)),
        _ if symbol == *other => Some((*kind, *one)),
        _ => None,
    })
}

/// What a function becomes that asks for the other end of a list, or for any element instead of all.
fn called(name: &str) -> Option<(MutantKind, &'static str)> {
    Some(match name {
        "first" => (MutantKind::Order, "last"),
        "last" => (MutantKind::Order, "first"),
        "contains_any" => (MutantKind::Quantifier, "contains_all"),
        "contains_all" => (MutantKind::Quantifier, "contains_any"),
        _ => return None,
    })
}

impl Finder<'_, '_> {
    /// Notes the mutants of an expression; `literals` is their kind for its literals.
    pub(super) fn expression(&mut self, expr: &Expr<'_>, literals: MutantKind) {
        match &expr.kind {
            ExprKind::Literal(literal) => {
                for with in neighbours(literal) {
                    self.replace(literals, expr.span, with);
                }
            }
            ExprKind::Path(_)
            | ExprKind::Filled(_)
            | ExprKind::Group(_)
            | ExprKind::Output(..)
            | ExprKind::Each(..)
            | ExprKind::Record(..) => self.children(expr, literals),
            ExprKind::Call(name, _) => {
                if let Some((kind, other)) = called(name.text) {
                    self.replace(kind, name.span, other);
                }
                self.children(expr, literals);
            }
            ExprKind::List(items) => {
                let ranges: Vec<_> = items.iter().map(|item| item.span.range()).collect();
                let dropped = if items.len() > 1 { ranges::items(&ranges) } else { Vec::new() };
                for range in ranges::sampled(dropped) {
                    self.replace(MutantKind::ListItem, self.span(range), "");
                }
                // What a literal says is changed by leaving it out.
                let made = items.iter().filter(|item| !matches!(item.kind, ExprKind::Literal(_)));
                made.for_each(|item| self.expression(item, literals));
            }
            ExprKind::Prefix(prefix, inner) => {
                if prefix.symbol == "not" {
                    let word = expr.span.range().start..inner.span.range().start;
                    self.replace(MutantKind::Negation, self.span(word), "");
                }
                self.children(expr, literals);
            }
            ExprKind::Binary(operator, operands) => {
                for (at, operand) in operands.iter().enumerate() {
                    self.expression(operand, literals);
                    if at + 1 < operands.len() {
                        self.operator(operand.span, operator.symbol);
                    }
                }
            }
            ExprKind::Range(low, high, closed) => {
                self.expression(low, literals);
                self.operator(low.span, if *closed { "..=" } else { "..<" });
                self.expression(high, literals);
            }
            ExprKind::Presence(_, present) => {
                self.children(expr, literals);
                let (written, other) = match present {
                    true => ("present", "missing"),
                    false => ("missing", "present"),
                };
                let end = expr.span.range().end;
                self.replace(MutantKind::Presence, self.span(end - written.len()..end), other);
            }
            ExprKind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    self.expression(condition, MutantKind::Literal);
                    self.expression(value, literals);
                }
                self.expression(otherwise, literals);
            }
            ExprKind::Comprehension(inner) => {
                let other = match inner.kind.text {
                    "any" => Some("all"),
                    "all" => Some("any"),
                    _ => None,
                };
                if let Some(other) = other {
                    self.replace(MutantKind::Quantifier, inner.kind.span, other);
                }
                if let Some(order) = &inner.order {
                    let key = order.key.span.range().end;
                    match order.descending {
                        true => {
                            let word = expr.span.range().end - 1;
                            self.replace(MutantKind::Order, self.span(key..word), "");
                        }
                        false => {
                            self.replace(MutantKind::Order, self.span(key..key), " descending");
                        }
                    }
                }
                self.children(expr, literals);
            }
        }
    }

    fn children(&mut self, expr: &Expr<'_>, literals: MutantKind) {
        expr.children(&mut |child| self.expression(child, literals));
    }

    /// Swaps the operator that stands behind an operand.
    fn operator(&mut self, operand: Span, symbol: &str) {
        self.operator_at(operand.range().end, symbol);
    }

    /// Swaps the operator that stands next at a place.
    pub(super) fn operator_at(&mut self, from: usize, symbol: &str) {
        let Some((kind, other)) = swapped(symbol) else { return };
        if let Some(range) = ranges::operator(self.text, from, symbol) {
            self.replace(kind, self.span(range), other);
        }
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}
