//! Prints expressions, types and names with canonical spacing, as one line or as a layout.

use super::comments::Comments;
use super::layout::{Item, Layout, Leaf, Row, width};
use crate::ast::{Comprehension, Each, Expr, ExprKind, Literal, Members, Path, Piece, Template};
use crate::ast::{TypeExpr, TypeKind};
use rulebook_base::source::Span;
use rulebook_lang::operator::{Association, Binary};

/// An expression on one line, as its author wrote it but for the white space.
///
/// ```
/// use rulebook_base::source::FileId;
/// use rulebook_syntax::{parse_value, print};
/// let expr = parse_value(FileId(0), "a  and( b<3 )").unwrap();
/// assert_eq!(print::expression(&expr), "a and (b < 3)");
/// ```
pub fn expression(expr: &Expr) -> String {
    let mut writer = Writer { text: None, out: String::new() };
    writer.expression(expr);
    writer.out
}

/// Writes nodes on one line.
struct Writer<'s> {
    /// The author's text, which texts in quotes are taken from; without it they are quoted anew.
    text: Option<&'s str>,
    out: String,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Filled(template) => self.filled(template),
            ExprKind::Path(path) => self.put(&path_text(path)),
            ExprKind::Group(inner) => {
                self.put("(");
                self.expression(inner);
                self.put(")");
            }
            ExprKind::List(items) => {
                self.put("[");
                self.separated(items, ", ");
                self.put("]");
            }
            ExprKind::Each(body, clauses) => {
                self.put("[");
                self.expression(body);
                for Each { variable, list, filter } in clauses {
                    self.put(&format!(" for {} in ", variable.text));
                    self.expression(list);
                    self.filter(filter.as_ref());
                }
                self.put("]");
            }
            ExprKind::Record(name, entries) => {
                self.put(&format!("{} {{", name.text));
                for (number, (field, value)) in entries.iter().enumerate() {
                    self.put(if number > 0 { ", " } else { " " });
                    self.put(&format!("{}: ", field.text));
                    self.expression(value);
                }
                self.put(if entries.is_empty() { "}" } else { " }" });
            }
            ExprKind::Prefix(prefix, operand) => {
                self.put(prefix_text(prefix.symbol));
                self.expression(operand);
            }
            ExprKind::Binary(operator, operands) => {
                self.separated(operands, &format!(" {} ", operator.symbol));
            }
            ExprKind::Range(low, high, closed) => {
                self.expression(low);
                self.put(if *closed { " ..= " } else { " ..< " });
                self.expression(high);
            }
            ExprKind::Presence(operand, present) => {
                self.expression(operand);
                self.put(if *present { " is present" } else { " is missing" });
            }
            ExprKind::Choice(branches, otherwise) => self.choice(branches, otherwise),
            ExprKind::Call(name, arguments) => {
                self.put(name.text);
                self.put("(");
                self.separated(arguments, ", ");
                self.put(")");
            }
            ExprKind::Output(call, output) => {
                self.expression(call);
                self.put(".");
                self.put(output.text);
            }
            ExprKind::Comprehension(node) => self.comprehension(node),
        }
    }

    fn separated(&mut self, items: &[Expr], separator: &str) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.put(separator);
            }
            self.expression(item);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Bool(value) => self.put(if *value { "true" } else { "false" }),
            Literal::Number(text)
            | Literal::Percent(text)
            | Literal::Date(text)
            | Literal::Time(text)
            | Literal::TimeOfDay(text) => self.put(text),
            Literal::Money(number, unit) | Literal::Duration(number, unit) => {
                self.put(&format!("{number} {unit}"));
            }
            Literal::Days(number, calendar) => {
                let plural = if *number == "1" { "" } else { "s" };
                match calendar {
                    Some(calendar) => {
                        self.put(&format!("{number} {} working day{plural}", calendar.text));
                    }
                    None => self.put(&format!("{number} calendar day{plural}")),
                }
            }
            Literal::Text(text) => {
                let written = self.text.and_then(|source| source.get(text.span.range()));
                match written {
                    Some(written) => self.put(written),
                    None => self.put(&text_literal(&text.value)),
                }
            }
        }
    }

    fn filled(&mut self, template: &Template) {
        if let Some(written) = self.text.and_then(|source| source.get(template.span.range())) {
            return self.put(written);
        }
        self.put("$\"");
        for piece in &template.pieces {
            match piece {
                Piece::Text(text) => {
                    let quoted = text_literal(&text.replace('{', "{{").replace('}', "}}"));
                    self.put(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or(""));
                }
                Piece::Value(value) => {
                    self.put("{");
                    self.expression(value);
                    self.put("}");
                }
                Piece::Counted(value, forms) => {
                    self.put("{");
                    self.expression(value);
                    for form in forms {
                        let words = text_literal(&form.words);
                        let words = words.get(1..words.len().saturating_sub(1)).unwrap_or("");
                        self.put(&format!(", {}: {words}", form.name.text));
                    }
                    self.put("}");
                }
            }
        }
        self.put("\"");
    }

    fn choice(&mut self, branches: &[(Expr, Expr)], otherwise: &Expr) {
        for (number, (condition, value)) in branches.iter().enumerate() {
            self.put(if number == 0 { "if " } else { " else if " });
            self.expression(condition);
            self.put(" then ");
            self.expression(value);
        }
        self.put(" else ");
        self.expression(otherwise);
    }

    fn comprehension(&mut self, node: &Comprehension) {
        self.put(&format!("{}({} in ", node.kind.text, node.variable.text));
        self.expression(&node.list);
        self.filter(node.filter.as_ref());
        if let Some(body) = &node.body {
            self.put(": ");
            self.expression(body);
        }
        if let Some(order) = &node.order {
            self.put(" by ");
            self.expression(&order.key);
            self.put(if order.descending { " descending" } else { "" });
        }
        self.put(")");
    }

    fn filter(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.put(" where ");
            self.expression(filter);
        }
    }
}

/// A sign stands at its operand, a word before it.
fn prefix_text(symbol: &'static str) -> &'static str {
    if symbol == "not" { "not " } else { symbol }
}

/// A text as the literal that stands for it.
pub fn text_literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// `a.b.c`
pub(super) fn path_text(path: &Path) -> String {
    let names: Vec<_> = path.names.iter().map(|name| name.text).collect();
    names.join(".")
}

/// A type on one line.
/// A type as its author wrote it but for the white space.
pub fn type_text(ty: &TypeExpr) -> String {
    let text = match &ty.kind {
        TypeKind::Named(name) => (*name).to_string(),
        TypeKind::List(item) => format!("list of {}", type_text(item)),
        TypeKind::InPlace(members) => {
            let separator = if members.ordered { " < " } else { " | " };
            written_members(members).join(separator)
        }
    };
    if ty.optional { text + "?" } else { text }
}

/// The members of an enum as they are declared.
pub(super) fn written_members(members: &Members) -> Vec<String> {
    let written = members.members.iter().map(|member| match (&member.name, &member.text) {
        (Some(name), Some(text)) => format!("{} as {}", name.text, text_literal(&text.value)),
        _ => member.written().into_owned(),
    });
    written.collect()
}

/// The most columns of lists and records that stand on one line, wherever that begins.
const LONGEST: usize = 80;

/// Whether lists or records are made in an expression.
fn is_made(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |inner| {
        found |= matches!(inner.kind, ExprKind::Record(..) | ExprKind::Each(..));
    });
    found
}

/// Turns nodes into layouts, with their places in the author's text.
#[derive(Clone, Copy)]
pub(super) struct Shaper<'c, 's> {
    /// The author's text.
    pub(super) text: &'s str,
    /// Its comments.
    pub(super) comments: &'c Comments<'s>,
}

impl Shaper<'_, '_> {
    /// A piece that stays on one line, for what the author wrote under a span.
    pub(super) fn leaf(&self, text: impl Into<String>, span: Span) -> Layout {
        let range = span.range();
        let end = self.comments.code_end(range.end);
        Layout::Leaf(Leaf { end, ..Leaf::at(text, range.start) })
    }

    /// What the author wrote under a span, such as a text in quotes.
    pub(super) fn written(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// An expression on one line, its texts as the author wrote them.
    pub(super) fn flat(&self, expr: &Expr) -> String {
        let mut writer = Writer { text: Some(self.text), out: String::new() };
        writer.expression(expr);
        writer.out
    }

    /// An expression that may be broken before `and`, `or` and `else`, and nowhere else but at
    /// comments.
    pub(super) fn expression(&self, expr: &Expr) -> Layout {
        self.operand(expr, false)
    }

    /// An expression; a row within another one stands aligned, so that it shows to which one its
    /// lines belong.
    fn operand(&self, expr: &Expr, is_inner: bool) -> Layout {
        let start = expr.span.range().start;
        match &expr.kind {
            ExprKind::Binary(operator, operands) if is_row(operator) => {
                let items = self.connected(operator.symbol, operands);
                Layout::Row(Row { items, aligned: is_inner, always: false })
            }
            ExprKind::Group(inner) => {
                let end = self.comments.code_end(expr.span.range().end);
                let closed = Layout::behind(self.operand(inner, true), ")", end);
                Layout::Chain(vec![Layout::sign("(", start), closed])
            }
            ExprKind::Prefix(prefix, operand) => {
                let sign = Layout::sign(prefix_text(prefix.symbol), start);
                Layout::Chain(vec![sign, self.operand(operand, true)])
            }
            ExprKind::Choice(branches, otherwise) => self.choice(expr, branches, otherwise),
            _ if self.comments.within(start..self.comments.code_end(expr.span.range().end)) => {
                self.commented(expr)
            }
            _ => {
                let flat = self.flat(expr);
                if width(&flat) > LONGEST && is_made(expr) {
                    return self.commented(expr);
                }
                self.leaf(flat, expr.span)
            }
        }
    }

    /// An expression with comments within it, or with more of lists and records than a line holds.
    fn commented(&self, expr: &Expr) -> Layout {
        let start = expr.span.range().start;
        let end = self.comments.code_end(expr.span.range().end);
        let brackets = |open: &str, items: &[Expr], close: &str| {
            let items = items.iter().map(|item| self.operand(item, false)).collect();
            Layout::Brackets(Leaf::at(open, start), items, Leaf::at(close, end))
        };
        match &expr.kind {
            ExprKind::List(items) => brackets("[", items, "]"),
            ExprKind::Each(body, clauses) => {
                let mut items = vec![self.operand(body, false)];
                for Each { variable, list, filter } in clauses {
                    let word = format!("for {} in ", variable.text);
                    let at = variable.span.range().start;
                    items.push(Layout::Chain(vec![
                        Layout::sign(word, at),
                        self.operand(list, true),
                    ]));
                    if let Some(filter) = filter {
                        items.push(Layout::before("where ", self.operand(filter, true)));
                    }
                }
                let row = Layout::Row(Row::aligned(items, false));
                Layout::Brackets(Leaf::at("[", start), vec![row], Leaf::at("]", end))
            }
            ExprKind::Call(name, arguments) => brackets(&format!("{}(", name.text), arguments, ")"),
            ExprKind::Output(call, output) => {
                Layout::behind(self.operand(call, true), &format!(".{}", output.text), end)
            }
            ExprKind::Record(name, entries) => {
                let items = entries.iter().map(|(field, value)| {
                    let sign = Layout::sign(format!("{}: ", field.text), field.span.range().start);
                    Layout::Chain(vec![sign, self.operand(value, false)])
                });
                let open = Leaf::at(format!("{} {{", name.text), start);
                Layout::Brackets(open, items.collect(), Leaf::at("}", end))
            }
            ExprKind::Binary(operator, operands) => {
                let mut parts = Vec::new();
                for operand in operands {
                    let start = operand.span.range().start;
                    if !parts.is_empty() {
                        parts.push(Layout::sign(format!(" {} ", operator.symbol), start));
                    }
                    parts.push(self.operand(operand, true));
                }
                Layout::Chain(parts)
            }
            _ => self.leaf(self.flat(expr), expr.span),
        }
    }

    /// Operands with `and` or `or` before all but the first.
    fn connected(&self, connective: &str, operands: &[Expr]) -> Vec<Item> {
        let mut before: Option<usize> = None;
        let mut items = Vec::new();
        for operand in operands {
            let start = operand.span.range().start;
            let layout = self.operand(operand, true);
            items.push(match before.replace(start) {
                None => Item { layout, joined: false },
                Some(before) => {
                    let between = self.text.get(before..start).unwrap_or("");
                    let layout = Layout::led_by(format!("{connective} "), layout);
                    Item { layout, joined: !between.contains('\n') }
                }
            });
        }
        items
    }

    fn choice(&self, expr: &Expr, branches: &[(Expr, Expr)], otherwise: &Expr) -> Layout {
        let branch = |number: usize, (condition, value): &(Expr, Expr)| {
            let word = if number == 0 { "if " } else { "else if " };
            let start = if number == 0 { expr.span } else { condition.span };
            let parts = [Layout::sign(word, start.range().start), self.part(condition)];
            let then = Layout::before(" then ", self.part(value));
            Layout::Chain(parts.into_iter().chain([then]).collect())
        };
        let last = Layout::before("else ", self.part(otherwise));
        let branches = branches.iter().enumerate().map(|(number, node)| branch(number, node));
        Layout::Row(Row::aligned(branches.chain([last]), false))
    }

    /// A part of a choice, which is broken at comments only.
    fn part(&self, expr: &Expr) -> Layout {
        let range = expr.span.range();
        match self.comments.within(range.start..self.comments.code_end(range.end)) {
            true => self.operand(expr, true),
            false => self.leaf(self.flat(expr), expr.span),
        }
    }
}

fn is_row(operator: Binary) -> bool {
    operator.association == Association::Row
}
