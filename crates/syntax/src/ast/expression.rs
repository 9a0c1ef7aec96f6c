//! The tree of an expression, as written.

use super::{Name, Path, Piece, Template, Text};
use rulebook_base::source::Span;
use rulebook_lang::operator::{Binary, Prefix};

/// An expression, and where it stands.
#[derive(Debug, Clone)]
pub struct Expr<'s> {
    /// From its first token to its last.
    pub span: Span,
    /// The expression itself.
    pub kind: ExprKind<'s>,
}

/// The forms of an expression.
#[derive(Debug, Clone)]
pub enum ExprKind<'s> {
    /// `4.8`, `200 CNY`, `"text"`
    Literal(Literal<'s>),
    /// `$"case {id}"`
    Filled(Template<'s>),
    /// `a.b.c`
    Path(Path<'s>),
    /// `(e)`
    Group(Box<Expr<'s>>),
    /// `[a, b]`
    List(Vec<Expr<'s>>),
    /// `[e for v in xs where c]`, with further `for` in the row
    Each(Box<Expr<'s>>, Vec<Each<'s>>),
    /// `Name { field: e }`
    Record(Name<'s>, Vec<(Name<'s>, Expr<'s>)>),
    /// `not e`, `-e`
    Prefix(Prefix, Box<Expr<'s>>),
    /// `a and b and c`, `a + b`: a row of one operator, or two operands
    Binary(Binary, Vec<Expr<'s>>),
    /// `low ..< high`, `low ..= high`
    Range(Box<Expr<'s>>, Box<Expr<'s>>, bool),
    /// `e is present` (true), `e is missing` (false)
    Presence(Box<Expr<'s>>, bool),
    /// `if c then a else b`, with further `else if` in the row
    Choice(Vec<(Expr<'s>, Expr<'s>)>, Box<Expr<'s>>),
    /// `f(a, b)`
    Call(Name<'s>, Vec<Expr<'s>>),
    /// `f(a, b).output`, `(e).field`
    Output(Box<Expr<'s>>, Name<'s>),
    /// `any(v in xs where c: e)`
    Comprehension(Box<Comprehension<'s>>),
}

/// `for v in xs where c` of a list
#[derive(Debug, Clone)]
pub struct Each<'s> {
    /// What all that stands around and behind it calls the element at hand.
    pub variable: Name<'s>,
    /// What is gone through.
    pub list: Expr<'s>,
    /// `where c`: the elements that count; all of them without it.
    pub filter: Option<Expr<'s>>,
}

/// `kind(v in xs where c: e)`, `sorted(v in xs where c by e)`
#[derive(Debug, Clone)]
pub struct Comprehension<'s> {
    /// `any`, `all`, `count`, `sum`, `min`, `max` or `sorted`.
    pub kind: Name<'s>,
    /// What the filter and the body call the element at hand.
    pub variable: Name<'s>,
    /// What is gone through.
    pub list: Expr<'s>,
    /// `where c`: the elements that count; all of them without it.
    pub filter: Option<Expr<'s>>,
    /// What is taken of each: a condition for `any` and `all`, a value for `sum`, `min` and `max`.
    pub body: Option<Expr<'s>>,
    /// `by e`: what puts the elements in order.
    pub order: Option<Order<'s>>,
}

/// `by e descending`
#[derive(Debug, Clone)]
pub struct Order<'s> {
    /// What is compared of each element.
    pub key: Expr<'s>,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A literal as written, checked for its form only.
#[derive(Debug, Clone)]
pub enum Literal<'s> {
    /// `true`
    Bool(bool),
    /// `1_000`, as written
    Number(&'s str),
    /// `30%`, as written
    Percent(&'s str),
    /// `200 CNY`
    Money(&'s str, &'s str),
    /// `7 days`
    Duration(&'s str, &'s str),
    /// `20 calendar days`, or `7 us working days` with the name of the calendar
    Days(&'s str, Option<Name<'s>>),
    /// `2024-09-12`
    Date(&'s str),
    /// `2024-09-12T08:00+08:00`
    Time(&'s str),
    /// `22:00`
    TimeOfDay(&'s str),
    /// `"text"`
    Text(Text<'s>),
}

impl<'s> Expr<'s> {
    /// Calls `visit` on this expression and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        visit(self);
        self.children(&mut |child| child.walk(visit));
    }

    /// Calls `visit` on the expressions that it is made of, in the order in which they are written.
    pub fn children(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Path(_) => {}
            ExprKind::Filled(template) => {
                template.pieces.iter().filter_map(Piece::value).for_each(visit);
            }
            ExprKind::Group(inner)
            | ExprKind::Prefix(_, inner)
            | ExprKind::Presence(inner, _)
            | ExprKind::Output(inner, _) => visit(inner),
            ExprKind::List(items) | ExprKind::Binary(_, items) | ExprKind::Call(_, items) => {
                items.iter().for_each(visit);
            }
            ExprKind::Range(low, high, _) => [low, high].into_iter().for_each(|end| visit(end)),
            ExprKind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    visit(condition);
                    visit(value);
                }
                visit(otherwise);
            }
            ExprKind::Comprehension(inner) => {
                visit(&inner.list);
                inner.filter.iter().chain(&inner.body).for_each(&mut *visit);
                inner.order.iter().for_each(|order| visit(&order.key));
            }
            ExprKind::Each(body, clauses) => {
                visit(body);
                for Each { list, filter, .. } in clauses {
                    visit(list);
                    filter.iter().for_each(&mut *visit);
                }
            }
            ExprKind::Record(_, entries) => entries.iter().for_each(|(_, value)| visit(value)),
        }
    }

    /// Calls `visit` with the first name of each path that means nothing within this expression: no
    /// variable of a list form around it.
    pub(super) fn free_names(
        &self,
        variables: &mut Vec<&'s str>,
        visit: &mut dyn FnMut(&Name<'s>),
    ) {
        match &self.kind {
            ExprKind::Path(path) => {
                let first = path.names.first();
                first.into_iter().filter(|name| !variables.contains(&name.text)).for_each(visit);
            }
            ExprKind::Comprehension(inner) => {
                inner.list.free_names(variables, visit);
                variables.push(inner.variable.text);
                let key = inner.order.as_ref().map(|order| &order.key);
                for part in inner.filter.iter().chain(&inner.body).chain(key) {
                    part.free_names(variables, visit);
                }
                variables.pop();
            }
            ExprKind::Each(body, clauses) => {
                let before = variables.len();
                for Each { variable, list, filter } in clauses {
                    list.free_names(variables, visit);
                    variables.push(variable.text);
                    filter.iter().for_each(|filter| filter.free_names(variables, visit));
                }
                body.free_names(variables, visit);
                variables.truncate(before);
            }
            _ => self.children(&mut |child| child.free_names(variables, visit)),
        }
    }
}
