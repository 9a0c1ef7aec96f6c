//! Builds expressions: pest gives a flat row of operands and operators, and this climbs it by the
//! operator table.

use super::ast::{Comprehension, Each, Expr, ExprKind, Literal, Name, Order, Path};
use super::build::{Builder, too_deep};
use super::grammar::Rule;
use super::matched::{Matched, Part, Parts};
use super::parse::wanted;
use super::recover;
use super::slip::{Read, describe};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::operator::{self, Association, Binary, Meaning, PRESENCE_PRECEDENCE};

/// The most operators before one operand, and the most operands of a row that nests to the left.
const MAX_ROW: usize = 200;

impl Builder {
    /// An expression within a text, at a byte of the file.
    pub(super) fn embedded<'s>(&mut self, text: &'s str, at: usize) -> Expr<'s> {
        let lead = text.len() - text.trim_start().len();
        let (start, end) = (at + lead, at + lead + text.trim().len());
        let expr = self.apart(Rule::expression, text, at, |inner, part| {
            let found = inner.span(part);
            if found.end as usize >= end {
                return inner.expression(part);
            }
            let rest = text.get(found.end as usize - at..).unwrap_or("");
            let behind = end - rest.trim().len();
            let mut problem = describe(inner.id, text, behind - at, &[Rule::infix], Read::Alone);
            shift(&mut problem, at);
            if problem.help.is_empty() {
                let message = "this does not belong to the expression before it";
                let span = Span::new(inner.id, behind, end);
                problem = Diagnostic::new(Code::Syntax, span, message);
            }
            inner.diagnostics.push(problem);
            inner.nothing(start, end)
        });
        expr.unwrap_or_else(|| self.nothing(start, end))
    }

    /// What is built of a text that is read by itself, at a byte of the file; `None` where it does
    /// not follow the rule, which is reported.
    pub(super) fn apart<'s, T>(
        &mut self,
        rule: Rule,
        text: &'s str,
        at: usize,
        build: impl FnOnce(&mut Self, Part<'_, 's>) -> T,
    ) -> Option<T> {
        let lead = text.len() - text.trim_start().len();
        let (trimmed, at) = (text.trim(), at + lead);
        if let Some(depth) = recover::too_deep(trimmed) {
            self.diagnostics.push(too_deep(self.id, at + depth));
            return None;
        }
        let mut inner = Builder::new(self.id, at);
        let built = match Matched::parse(rule, trimmed) {
            Ok(matched) => matched.parts(trimmed).next().map(|part| build(&mut inner, part)),
            Err(error) => {
                let place = match error.location {
                    pest::error::InputLocation::Pos(place) => place,
                    pest::error::InputLocation::Span((place, _)) => place,
                };
                let is_cell = matches!(rule, Rule::table_cell | Rule::output_cell);
                let read = if is_cell { Read::Cell } else { Read::Alone };
                let mut diagnostic =
                    describe(self.id, trimmed, place, wanted(&error.variant), read);
                shift(&mut diagnostic, at);
                inner.diagnostics.push(diagnostic);
                None
            }
        };
        self.diagnostics.append(&mut inner.diagnostics);
        built
    }

    /// Stands where an expression is wrong already.
    fn nothing<'s>(&self, start: usize, end: usize) -> Expr<'s> {
        let span = Span::new(self.id, start, end);
        Expr { span, kind: ExprKind::Path(Path { names: Vec::new(), span }) }
    }

    pub(super) fn date<'s>(&self, part: Part<'_, 's>) -> Expr<'s> {
        let literal = Literal::Date(part.text());
        Expr { span: self.span(part), kind: ExprKind::Literal(literal) }
    }

    pub(super) fn expression<'s>(&mut self, part: Part<'_, 's>) -> Expr<'s> {
        let span = self.span(part);
        let mut row = part.parts();
        let before = self.gave_up;
        let expr = self.climb(&mut row, 0);
        if self.gave_up == before {
            expr
        } else {
            self.nothing(span.start as usize, span.end as usize)
        }
    }

    /// Reads operands and all operators that bind at least as tightly as `floor`.
    fn climb<'s>(&mut self, row: &mut Parts<'_, 's>, floor: u8) -> Expr<'s> {
        let left = self.prefixed(row);
        self.climb_from(left, row, floor)
    }

    /// Goes on behind an operand with all operators that bind at least as tightly as `floor`.
    fn climb_from<'s>(
        &mut self,
        mut left: Expr<'s>,
        row: &mut Parts<'_, 's>,
        floor: u8,
    ) -> Expr<'s> {
        let mut depth = 0;
        while let Some(next) = row.peek() {
            let span = self.span(next);
            if next.rule() == Rule::presence {
                if PRESENCE_PRECEDENCE < floor {
                    break;
                }
                let present = next.parts().next_of(Rule::present).is_some();
                row.next();
                depth += 1;
                if depth > MAX_ROW {
                    return self.give_up(row, span);
                }
                let whole = left.span.to(span);
                left = Expr { span: whole, kind: ExprKind::Presence(Box::new(left), present) };
                continue;
            }
            let Some(operator) = infix(next) else { break };
            if operator.precedence < floor {
                break;
            }
            if next.text() == "=" {
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
    fn give_up<'s>(&mut self, row: &mut Parts<'_, 's>, at: Span) -> Expr<'s> {
        self.diagnostics.push(too_deep(self.id, at.start as usize));
        self.gave_up += 1;
        row.by_ref().for_each(drop);
        self.nothing(at.start as usize, at.end as usize)
    }

    fn join<'s>(
        &mut self,
        left: Expr<'s>,
        operator: Binary,
        right: Expr<'s>,
        at: Span,
    ) -> Expr<'s> {
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
    pub(super) fn prefixed<'s>(&mut self, row: &mut Parts<'_, 's>) -> Expr<'s> {
        let mut prefixes = Vec::new();
        while let Some(part) = row.next_of(Rule::prefix) {
            let span = self.span(part);
            if prefixes.len() >= MAX_ROW {
                self.diagnostics.push(too_deep(self.id, span.start as usize));
                row.for_each(drop);
                return self.nothing(span.start as usize, span.end as usize);
            }
            prefixes.extend(operator::prefix(part.text()).map(|prefix| (prefix, span)));
        }
        let mut expr = match row.next() {
            Some(part) => self.operand(part, row),
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

    /// An operand; a unit may follow it in its row.
    fn operand<'s>(&mut self, part: Part<'_, 's>, row: &mut Parts<'_, 's>) -> Expr<'s> {
        let mut span = self.span(part);
        let kind = match part.rule() {
            Rule::path => Some(ExprKind::Path(self.path(part))),
            Rule::group => {
                let mut parts = part.parts();
                let inner = parts.next().map(|part| Box::new(self.expression(part)));
                inner.map(|inner| self.outputs(part, ExprKind::Group(inner), parts))
            }
            Rule::list_value => self.list_value(part),
            Rule::record_value => self.record_value(part),
            Rule::choice => self.choice(part),
            Rule::comprehension => self.comprehension(part),
            Rule::call => self.call(part),
            Rule::filled => Some(ExprKind::Filled(self.template(part))),
            rule => {
                if let Some(days) = row.next_of(Rule::counted_days) {
                    let span = span.to(self.span(days));
                    let kind = ExprKind::Literal(self.counted_days(part.text(), days));
                    return Expr { span, kind };
                }
                let unit = row.next_of(Rule::unit);
                if let Some(unit) = unit {
                    span = span.to(self.span(unit));
                }
                let text = part.text();
                Some(ExprKind::Literal(match (rule, unit) {
                    (_, Some(unit))
                        if unit.text().starts_with(|c: char| c.is_ascii_uppercase()) =>
                    {
                        Literal::Money(text, unit.text())
                    }
                    (_, Some(unit)) => Literal::Duration(text, unit.text()),
                    (Rule::time, _) => Literal::Time(text),
                    (Rule::time_of_day, _) => Literal::TimeOfDay(text),
                    (Rule::date, _) => Literal::Date(text),
                    (Rule::percent, _) => Literal::Percent(text),
                    (Rule::truth, _) => Literal::Bool(text == "true"),
                    (Rule::string, _) => Literal::Text(self.plain_text(part)),
                    _ => Literal::Number(text),
                }))
            }
        };
        match kind {
            Some(kind) => Expr { span, kind },
            None => self.nothing(span.start as usize, span.end as usize),
        }
    }

    /// A list of values, or one made of each element of others.
    pub(super) fn list_value<'s>(&mut self, part: Part<'_, 's>) -> Option<ExprKind<'s>> {
        let mut parts = part.parts();
        let mut items = parts;
        if !(items.next().is_some() && items.peek().is_some_and(|part| part.rule() == Rule::each)) {
            return Some(ExprKind::List(parts.build(|part| Some(self.expression(part)))));
        }
        let body = self.expression(parts.next()?);
        let clauses = parts.build(|part| {
            let mut parts = part.parts();
            let variable = self.name(parts.next()?);
            let list = self.expression(parts.next()?);
            let filter = self.within(parts.next_of(Rule::filter));
            Some(Each { variable, list, filter })
        });
        Some(ExprKind::Each(Box::new(body), clauses))
    }

    /// `Name { field: e }`
    fn record_value<'s>(&mut self, part: Part<'_, 's>) -> Option<ExprKind<'s>> {
        let mut parts = part.parts();
        let name = self.name(parts.next()?);
        let entries = parts.build(|part| {
            let mut parts = part.parts();
            Some((self.name(parts.next()?), self.expression(parts.next()?)))
        });
        Some(ExprKind::Record(name, entries))
    }

    /// What is read of a call or a group, one name behind the other.
    fn outputs<'s>(
        &mut self,
        whole: Part<'_, 's>,
        mut kind: ExprKind<'s>,
        names: Parts<'_, 's>,
    ) -> ExprKind<'s> {
        let span = self.span(whole);
        for part in names {
            let name = self.name(part);
            let end = part.start() - whole.start() + span.start as usize;
            let inner = Span::new(self.id, span.start as usize, end);
            kind = ExprKind::Output(Box::new(Expr { span: inner, kind }), name);
        }
        kind
    }

    fn choice<'s>(&mut self, part: Part<'_, 's>) -> Option<ExprKind<'s>> {
        let mut parts: Vec<_> = part.parts().map(|part| self.expression(part)).collect();
        let otherwise = parts.pop()?;
        let mut branches = Vec::new();
        let mut parts = parts.into_iter();
        while let (Some(condition), Some(value)) = (parts.next(), parts.next()) {
            branches.push((condition, value));
        }
        Some(ExprKind::Choice(branches, Box::new(otherwise)))
    }

    fn comprehension<'s>(&mut self, part: Part<'_, 's>) -> Option<ExprKind<'s>> {
        let mut parts = part.parts();
        let kind = self.name(parts.next()?);
        let variable = self.name(parts.next()?);
        let list = self.expression(parts.next()?);
        let filter = self.within(parts.next_of(Rule::filter));
        let body = self.within(parts.next_of(Rule::body));
        let order = self.order(parts.next_of(Rule::order));
        let comprehension = Comprehension { kind, variable, list, filter, body, order };
        Some(ExprKind::Comprehension(Box::new(comprehension)))
    }

    /// The expression behind a word or sign.
    fn within<'s>(&mut self, part: Option<Part<'_, 's>>) -> Option<Expr<'s>> {
        Some(self.expression(part?.parts().next()?))
    }

    /// `by e descending`
    fn order<'s>(&mut self, part: Option<Part<'_, 's>>) -> Option<Order<'s>> {
        let mut parts = part?.parts();
        let key = self.expression(parts.next()?);
        Some(Order { key, descending: parts.next_of(Rule::descending).is_some() })
    }

    /// A call, or a comprehension whose name is misspelled.
    fn call<'s>(&mut self, part: Part<'_, 's>) -> Option<ExprKind<'s>> {
        let mut parts = part.parts();
        let name = self.name(parts.next()?);
        let (mut arguments, mut filter, mut body, mut order) = (Vec::new(), None, None, None);
        while let Some(part) = parts.peek().filter(|part| part.rule() != Rule::name) {
            parts.next();
            match part.rule() {
                Rule::order => order = self.order(Some(part)),
                Rule::filter => filter = self.within(Some(part)),
                Rule::body => body = self.within(Some(part)),
                _ => arguments.push(self.expression(part)),
            }
        }
        if filter.is_none() && body.is_none() && order.is_none() {
            return Some(self.outputs(part, ExprKind::Call(name, arguments), parts));
        }
        if arguments.len() == 1
            && let Some((variable, list)) = arguments.pop().and_then(element_of)
        {
            let node = Comprehension { kind: name, variable, list, filter, body, order };
            return Some(ExprKind::Comprehension(Box::new(node)));
        }
        let message =
            "`where`, `:` and `by` belong behind `x in xs`, as in `count(x in xs where …)`";
        self.diagnostics.push(Diagnostic::new(Code::Syntax, name.span, message));
        None
    }
}

/// Moves what is told of a piece to where the piece stands in its file.
fn shift(diagnostic: &mut Diagnostic, by: usize) {
    for label in &mut diagnostic.labels {
        let range = label.span.range();
        label.span = Span::new(label.span.file, by + range.start, by + range.end);
    }
}

/// The operator that stands next in a row.
fn infix(part: Part<'_, '_>) -> Option<Binary> {
    match part.text() {
        "=" => operator::binary("=="),
        text if part.rule() == Rule::infix && text.starts_with("not") => operator::binary("not in"),
        text => operator::binary(text),
    }
}

/// The variable and the list of `v in xs`, if the expression is that.
fn element_of<'s>(expr: Expr<'s>) -> Option<(Name<'s>, Expr<'s>)> {
    let ExprKind::Binary(operator, mut operands) = expr.kind else { return None };
    let list = operands.pop().filter(|_| operator.symbol == "in")?;
    match operands.pop()?.kind {
        ExprKind::Path(mut path) if path.names.len() == 1 => Some((path.names.pop()?, list)),
        _ => None,
    }
}
