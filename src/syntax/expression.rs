//! Builds expressions: pest gives a flat row of operands and operators, and this climbs it by the
//! operator table.

use std::iter::Peekable;

use pest::Parser as _;
use pest::iterators::{Pair, Pairs};

use super::ast::{Comprehension, Expr, ExprKind, Literal, Name, Path};
use super::build::{Builder, too_deep};
use super::grammar::{Grammar, Rule};
use super::recover;
use super::slip::describe;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::operator::{self, Association, Binary, Meaning, PRESENCE_PRECEDENCE};
use crate::source::Span;

type Row<'s> = Peekable<Pairs<'s, Rule>>;

/// The most operators before one operand, and the most operands of a row that nests to the left.
const MAX_ROW: usize = 200;

impl Builder {
    /// An expression within a text, at a byte of the file.
    pub(super) fn embedded(&mut self, text: &str, at: usize) -> Expr {
        let lead = text.len() - text.trim_start().len();
        let (trimmed, at) = (text.trim(), at + lead);
        if let Some(depth) = recover::too_deep(trimmed) {
            self.diagnostics.push(too_deep(self.id, at + depth));
            return self.nothing(at, at + trimmed.len());
        }
        let mut inner = Builder::new(self.id, at);
        let expr = match Grammar::parse(Rule::expression, trimmed) {
            Ok(mut pairs) => match pairs.next() {
                Some(pair) if pair.as_span().end() >= trimmed.len() => inner.expression(pair),
                Some(pair) => {
                    let end = pair.as_span().end();
                    let span = Span::new(self.id, at + end, at + trimmed.len());
                    let message = "this does not belong to the expression before it";
                    self.diagnostics.push(Diagnostic::new(Code::Syntax, span, message));
                    inner.nothing(at, at + trimmed.len())
                }
                None => inner.nothing(at, at + trimmed.len()),
            },
            Err(error) => {
                let place = match error.location {
                    pest::error::InputLocation::Pos(place) => place,
                    pest::error::InputLocation::Span((place, _)) => place,
                };
                let mut diagnostic = describe(self.id, trimmed, place, &error.variant, "nothing");
                for label in &mut diagnostic.labels {
                    let range = label.span.range();
                    label.span = Span::new(self.id, at + range.start, at + range.end);
                }
                inner.diagnostics.push(diagnostic);
                inner.nothing(at, at + trimmed.len())
            }
        };
        self.diagnostics.append(&mut inner.diagnostics);
        expr
    }

    /// Stands where an expression is wrong already.
    fn nothing(&self, start: usize, end: usize) -> Expr {
        let span = Span::new(self.id, start, end);
        Expr { span, kind: ExprKind::Path(Path { names: Vec::new(), span }) }
    }

    pub(super) fn date(&self, pair: &Pair<'_, Rule>) -> Expr {
        let literal = Literal::Date(pair.as_str().to_string());
        Expr { span: self.span(pair), kind: ExprKind::Literal(literal) }
    }

    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let mut row = pair.into_inner().peekable();
        let before = self.gave_up;
        let expr = self.climb(&mut row, 0);
        if self.gave_up == before {
            expr
        } else {
            self.nothing(span.start as usize, span.end as usize)
        }
    }

    /// Reads operands and all operators that bind at least as tightly as `floor`.
    fn climb(&mut self, row: &mut Row<'_>, floor: u8) -> Expr {
        let left = self.prefixed(row);
        self.climb_from(left, row, floor)
    }

    /// Goes on behind an operand with all operators that bind at least as tightly as `floor`.
    fn climb_from(&mut self, mut left: Expr, row: &mut Row<'_>, floor: u8) -> Expr {
        let mut depth = 0;
        while let Some(next) = row.peek() {
            let span = self.span(next);
            if next.as_rule() == Rule::presence {
                if PRESENCE_PRECEDENCE < floor {
                    break;
                }
                let present = next.as_str().trim_end().ends_with("present");
                row.next();
                depth += 1;
                if depth > MAX_ROW {
                    return self.give_up(row, span);
                }
                let whole = left.span.to(span);
                left = Expr { span: whole, kind: ExprKind::Presence(Box::new(left), present) };
                continue;
            }
            let Some(operator) = self.infix(next) else { break };
            if operator.precedence < floor {
                break;
            }
            if next.as_str().trim_end() == "=" {
                self.diagnostics.push(
                    Diagnostic::new(Code::EqualsSign, span, "`=` gives a value; `==` compares")
                        .help("write `==`"),
                );
            }
            row.next();
            depth += 1;
            if depth > MAX_ROW && !matches!(operator.association, Association::Row) {
                return self.give_up(row, span);
            }
            if self.nested >= MAX_ROW {
                return self.give_up(row, span);
            }
            let next_floor = match operator.association {
                Association::Right => operator.precedence,
                Association::Left | Association::Row | Association::None => operator.precedence + 1,
            };
            self.nested += 1;
            let right = self.climb(row, next_floor);
            self.nested -= 1;
            left = self.join(left, operator, right, span);
        }
        left
    }

    /// Reports that a row nests too deeply, and drops the rest of it, since it is wrong already.
    fn give_up(&mut self, row: &mut Row<'_>, at: Span) -> Expr {
        self.diagnostics.push(too_deep(self.id, at.start as usize));
        self.gave_up += 1;
        row.for_each(drop);
        self.nothing(at.start as usize, at.end as usize)
    }

    fn infix(&self, pair: &Pair<'_, Rule>) -> Option<Binary> {
        let inner = pair.clone().into_inner().next()?;
        match inner.as_rule() {
            Rule::not_in => operator::binary("not in"),
            Rule::single_equals => operator::binary("=="),
            _ => {
                operator::binary(inner.as_str()).or_else(|| operator::binary(pair.as_str().trim()))
            }
        }
    }

    fn join(&mut self, left: Expr, operator: Binary, right: Expr, at: Span) -> Expr {
        let span = left.span.to(right.span);
        if let Meaning::Range(closed) = operator.meaning {
            let kind = ExprKind::Range(Box::new(left), Box::new(right), closed);
            return Expr { span, kind };
        }
        if let ExprKind::Binary(other, mut operands) = left.kind {
            let same = other.symbol == operator.symbol;
            if same && operator.association == Association::Row {
                operands.push(right);
                return Expr { span, kind: ExprKind::Binary(operator, operands) };
            }
            let chained = operator.association == Association::None
                && other.association == Association::None
                && other.precedence == operator.precedence;
            if chained {
                // A longer chain is one mistake.
                let is_nothing = |expr: &Expr| matches!(&expr.kind, ExprKind::Path(path) if path.names.is_empty());
                if !operands.iter().all(is_nothing) {
                    self.diagnostics.push(
                        Diagnostic::new(Code::ChainedComparison, at, "comparisons do not chain")
                            .also(left.span, "this is true or false already")
                            .help("compare twice, `a < b and b < c`, or write `b in a ..< c`"),
                    );
                }
                let nothing = || self.nothing(span.start as usize, span.end as usize);
                return Expr { span, kind: ExprKind::Binary(operator, vec![nothing(), nothing()]) };
            }
            let left = Expr { span: left.span, kind: ExprKind::Binary(other, operands) };
            return Expr { span, kind: ExprKind::Binary(operator, vec![left, right]) };
        }
        Expr { span, kind: ExprKind::Binary(operator, vec![left, right]) }
    }

    /// An operand with the operators before it.
    fn prefixed(&mut self, row: &mut Row<'_>) -> Expr {
        let mut prefixes = Vec::new();
        while let Some(pair) = row.next_if(|pair| pair.as_rule() == Rule::prefix) {
            let span = self.span(&pair);
            if prefixes.len() >= MAX_ROW {
                self.diagnostics.push(too_deep(self.id, span.start as usize));
                row.for_each(drop);
                return self.nothing(span.start as usize, span.end as usize);
            }
            prefixes.extend(operator::prefix(pair.as_str().trim()).map(|prefix| (prefix, span)));
        }
        let mut expr = match row.next() {
            Some(pair) => self.operand(pair),
            None => self.nothing(self.base, self.base),
        };
        // Each prefix takes what binds at least as tightly as itself: `-` an operand, `not` a
        // comparison.
        for (prefix, span) in prefixes.into_iter().rev() {
            expr = self.climb_from(expr, row, prefix.precedence);
            expr =
                Expr { span: span.to(expr.span), kind: ExprKind::Prefix(prefix, Box::new(expr)) };
        }
        expr
    }

    pub(super) fn operand(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let inner = match pair.as_rule() {
            Rule::operand => pair.into_inner().next(),
            _ => Some(pair),
        };
        let Some(inner) = inner else {
            return self.nothing(span.start as usize, span.end as usize);
        };
        let kind = match inner.as_rule() {
            Rule::literal => self.literal(inner),
            Rule::choice => self.choice(inner),
            Rule::group => inner
                .into_inner()
                .next()
                .map(|pair| ExprKind::Group(Box::new(self.expression(pair)))),
            Rule::list_value => {
                let items = inner.into_inner().filter(|pair| pair.as_rule() == Rule::expression);
                Some(ExprKind::List(items.map(|pair| self.expression(pair)).collect()))
            }
            Rule::comprehension => self.comprehension(inner),
            Rule::call => self.call(inner),
            _ => Some(ExprKind::Path(self.path(inner))),
        };
        match kind {
            Some(kind) => Expr { span, kind },
            None => self.nothing(span.start as usize, span.end as usize),
        }
    }

    fn literal(&mut self, pair: Pair<'_, Rule>) -> Option<ExprKind> {
        let inner = pair.into_inner().next()?;
        let text = inner.as_str().trim_end().to_string();
        let literal = match inner.as_rule() {
            Rule::time => Literal::Time(text),
            Rule::date => Literal::Date(text),
            Rule::percent => Literal::Percent(text),
            Rule::number => Literal::Number(text),
            Rule::truth => Literal::Bool(text == "true"),
            Rule::string => Literal::Text(self.plain_text(&inner)),
            rule => {
                let mut parts = inner.into_inner();
                let number = parts.next()?.as_str().to_string();
                let unit = parts.next()?.as_str().to_string();
                match rule {
                    Rule::money => Literal::Money(number, unit),
                    _ => Literal::Duration(number, unit),
                }
            }
        };
        Some(ExprKind::Literal(literal))
    }

    fn choice(&mut self, pair: Pair<'_, Rule>) -> Option<ExprKind> {
        let mut parts: Vec<_> = pair
            .into_inner()
            .filter(|pair| pair.as_rule() == Rule::expression)
            .map(|pair| self.expression(pair))
            .collect();
        let otherwise = parts.pop()?;
        let mut branches = Vec::new();
        let mut parts = parts.into_iter();
        while let (Some(condition), Some(value)) = (parts.next(), parts.next()) {
            branches.push((condition, value));
        }
        Some(ExprKind::Choice(branches, Box::new(otherwise)))
    }

    fn comprehension(&mut self, pair: Pair<'_, Rule>) -> Option<ExprKind> {
        let mut parts = pair.into_inner().peekable();
        let kind = self.name(&parts.next()?);
        let variable = self.name(&parts.next()?);
        let (mut list, mut filter, mut body) = (None, None, None);
        let mut target = Rule::k_in;
        for part in parts {
            if part.as_rule() != Rule::expression {
                target = part.as_rule();
                continue;
            }
            let expr = Some(self.expression(part));
            match target {
                Rule::k_where => filter = expr,
                Rule::colon => body = expr,
                _ => list = expr,
            }
        }
        let comprehension = Comprehension { kind, variable, list: list?, filter, body };
        Some(ExprKind::Comprehension(Box::new(comprehension)))
    }

    /// A call, or a comprehension whose name is misspelled.
    fn call(&mut self, pair: Pair<'_, Rule>) -> Option<ExprKind> {
        let mut parts = pair.into_inner();
        let name = self.name(&parts.next()?);
        let (mut arguments, mut filter, mut body) = (Vec::new(), None, None);
        let mut target = Rule::comma;
        for part in parts {
            if part.as_rule() != Rule::expression {
                target = part.as_rule();
                continue;
            }
            let expr = self.expression(part);
            match target {
                Rule::k_where => filter = Some(expr),
                Rule::colon => body = Some(expr),
                _ => arguments.push(expr),
            }
        }
        if filter.is_none() && body.is_none() {
            return Some(ExprKind::Call(name, arguments));
        }
        if arguments.len() == 1
            && let Some((variable, list)) = arguments.pop().and_then(element_of)
        {
            let node = Comprehension { kind: name, variable, list, filter, body };
            return Some(ExprKind::Comprehension(Box::new(node)));
        }
        let message = "`where` and `:` belong behind `x in xs`, as in `count(x in xs where …)`";
        self.diagnostics.push(Diagnostic::new(Code::Syntax, name.span, message));
        None
    }
}

/// The variable and the list of `v in xs`, if the expression is that.
fn element_of(expr: Expr) -> Option<(Name, Expr)> {
    let ExprKind::Binary(operator, mut operands) = expr.kind else { return None };
    let list = operands.pop().filter(|_| operator.symbol == "in")?;
    match operands.pop()?.kind {
        ExprKind::Path(mut path) if path.names.len() == 1 => Some((path.names.pop()?, list)),
        _ => None,
    }
}
