//! Types what cells ask that is no matter of constants: comparisons with what is calculated, and tests.

use std::cmp::Ordering;

use super::cell::Asked;
use super::output::lone_name;
use crate::check::checker::Checker;
use crate::check::evaluate;
use crate::check::foreign;
use crate::check::infer::{expect, infer};
use crate::check::names::Named;
use crate::check::presence;
use crate::check::scope::Scope;
use crate::check::sink::{Sink, Wrong};
use crate::check::typed::{Atom, Expr, Fields, Input, Kind, Place, Root, Table, Tests};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::function;
use rulebook_lang::model::{Key, Ranges, Type};
use rulebook_lang::operator;
use rulebook_syntax::ast::{self, CellKind, ExprKind};

/// The name of the column's own value in what a cell comes to, which no author can write.
const OWN: &str = "$";

/// What cells of a table see: its inputs, and the names of the rulebook. What a table gives depends on what it
/// is handed and on nothing else of the record, so that it means the same wherever it is looked up.
pub(super) struct Inside {
    scope: Scope,
    table: String,
    locals: Vec<(Place, Type)>,
}

impl Inside {
    pub(super) fn of(checker: &Checker, table: &Table) -> Self {
        let mut scope = Scope::default();
        let mut locals = Vec::new();
        for Input { name, ty, local, .. } in &table.inputs {
            // Cells could name constants before they could name inputs.
            let is_constant =
                matches!(checker.names.get(name), Some(Named::Parameter(_) | Named::List(_)));
            if !is_constant {
                scope.add_local(name, *local, ty.clone());
            }
            let place = Place { root: Root::Local(*local), fields: Fields::new() };
            locals.push((place, ty.clone()));
        }
        Self { scope, table: table.name.clone(), locals }
    }

    /// The same for a row, whose cells say which inputs are there.
    pub(super) fn row<'c, 's: 'c>(
        &self,
        cells: impl Iterator<Item = &'c ast::Cell<'s>>,
    ) -> std::borrow::Cow<'_, Self> {
        let mut inside = std::borrow::Cow::Borrowed(self);
        for ((place, ty), cell) in self.locals.iter().zip(cells) {
            if ty.is_optional() && says_present(&cell.kind) {
                inside.to_mut().scope.present.push(presence::key(place));
            }
        }
        inside
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether a value is known only once the inputs are; reports a field of a record that it names.
    ///
    /// # Errors
    /// When it names one.
    pub(super) fn calculates(
        &self,
        checker: &mut Checker,
        value: &ast::Expr,
        ty: &Type,
    ) -> Result<bool, Wrong> {
        if matches!(value.kind, ExprKind::Literal(_)) || is_member(value, ty) {
            return Ok(false);
        }
        // These are made where they are looked up.
        if matches!(ty.required(), Type::List(_) | Type::Record(_)) {
            return Ok(true);
        }
        if let ExprKind::Range(low, high, _) = &value.kind {
            return Ok(self.calculates(checker, low, ty)? | self.calculates(checker, high, ty)?);
        }
        let (mut calculates, mut calls, mut field) = (false, false, None);
        let names = checker.names;
        value.walk(&mut |expr| match &expr.kind {
            ExprKind::Path(path) => {
                let Some(first) = path.names.first() else { return };
                let named = names.get(first.text);
                let is_seen = self.scope.local(first.text).is_some() || first.text == "now";
                calculates |= is_seen
                    || match named {
                        Some(Named::Parameter(id)) => {
                            let values = names.checked.parameters[*id].values.as_slice();
                            !matches!(values, [(None, _)])
                        }
                        Some(Named::List(_)) => true,
                        _ => false,
                    };
                if !is_seen && named.is_none() && names.is_field(first.text) {
                    field.get_or_insert((first.text.to_string(), first.span));
                }
            }
            ExprKind::Call(name, _) => {
                calls = true;
                calculates |= function::find(name.text).is_none();
            }
            ExprKind::Filled(_) => calls = true,
            ExprKind::Choice(..)
            | ExprKind::Comprehension(_)
            | ExprKind::Each(..)
            | ExprKind::Record(..)
            | ExprKind::Presence(..)
            | ExprKind::Output(..) => calculates = true,
            ExprKind::Binary(operator, _) => {
                calculates |= matches!(operator.symbol, "and" | "or" | "in" | "not in" | "??");
            }
            _ => {}
        });
        match field {
            // A bare word may be a text without its quotes.
            Some((name, span)) if lone_name(value).is_none() || *ty.required() != Type::Text => {
                Err(self.report_field(checker, &name, span))
            }
            _ => Ok(calculates || calls && !is_constant(checker, value, ty)),
        }
    }

    fn report_field(&self, checker: &mut Checker, name: &str, span: Span) -> Wrong {
        let table = &self.table;
        let message = format!("table `{table}` does not see the field `{name}`");
        checker.sink.wrong(Diagnostic::new(Code::UnknownName, span, message).help(format!(
            "give the table a column `{name}` with `_` in its rows, and hand the field in: \
             `{table}(…, {name})`"
        )))
    }

    /// Whether a name says that there is no value, and nothing else has that name.
    pub(super) fn is_nothing(
        &self,
        checker: &Checker,
        value: &ast::Expr,
        nothing: &str,
        ty: &Type,
    ) -> bool {
        lone_name(value) == Some(nothing)
            && !is_member(value, ty)
            && checker.names.get(nothing).is_none()
            && self.scope.local(nothing).is_none()
    }
}

impl Clone for Inside {
    fn clone(&self) -> Self {
        Self { scope: self.scope.clone(), table: self.table.clone(), locals: self.locals.clone() }
    }
}

/// Whether a call of functions of the language, or a text that is filled, comes to a constant, or to none
/// whatever happens. What is wrong with it is told by those who ask next.
fn is_constant(checker: &Checker, value: &ast::Expr, ty: &Type) -> bool {
    let mut sink = Sink::default();
    let scope = Scope { constant: true, ..Scope::default() };
    let names = checker.names;
    let typed = infer(&mut Checker::new(names, &mut sink), value, Some(ty), &scope);
    !matches!(evaluate::evaluate(&typed, &names.checked, &names.settings.zone), Ok(None))
}

/// Whether a value is a bare member of the enum of its column: that is what it has always meant.
fn is_member(value: &ast::Expr, ty: &Type) -> bool {
    match (lone_name(value), ty.required()) {
        (Some(name), Type::Enum(members)) => members.position(name).is_some(),
        _ => false,
    }
}

/// Whether a cell accepts nothing that is missing.
fn says_present(kind: &CellKind) -> bool {
    match kind {
        CellKind::Presence(present) => *present,
        CellKind::Compare(..) | CellKind::Among(..) | CellKind::Test(..) => true,
        CellKind::All(conditions) => {
            conditions.iter().any(|condition| says_present(&condition.kind))
        }
        CellKind::Any
        | CellKind::OrMissing(_)
        | CellKind::Otherwise
        | CellKind::Missing
        | CellKind::Note(_) => false,
    }
}

/// A condition of a cell, and what an analysis sees of it.
#[derive(Clone)]
pub(super) struct Tested {
    when: Expr,
    answers: Vec<(Atom, Ranges)>,
}

/// What all conditions of a row come to; atoms that are new are added to the others.
pub(super) fn joined(mut tests: Vec<Tested>, atoms: &mut Vec<Atom>, span: Span) -> Option<Tests> {
    let mut answers = Vec::new();
    for (atom, accepts) in tests.iter_mut().flat_map(|test| test.answers.drain(..)) {
        let same = |known: &Atom| {
            (known.column, known.is_order, &known.text) == (atom.column, atom.is_order, &atom.text)
        };
        let at = atoms.iter().position(same).unwrap_or_else(|| {
            atoms.push(atom);
            atoms.len() - 1
        });
        answers.push((at, accepts));
    }
    let mut whens: Vec<_> = tests.into_iter().map(|test| test.when).collect();
    let last = whens.pop()?;
    let when = match whens.is_empty() {
        true => last,
        false => {
            whens.push(last);
            Expr { span, ty: Type::Bool, kind: Kind::And(whens) }
        }
    };
    Some(Tests { when, answers })
}

/// What a cell asks of an input that is there.
pub(super) fn tested(
    checker: &mut Checker,
    asked: Asked<'_>,
    kind: &CellKind,
) -> Result<Tested, Wrong> {
    if let CellKind::Test(name, items, _) = kind {
        known_test(checker, asked, name, items)?;
    }
    let condition = written_out(kind, asked.cell).ok_or_else(Wrong::reported)?;
    let mut scope = asked.inside.scope().clone();
    scope.add_local(OWN, asked.input.local, asked.input.ty.required().clone());
    let when = expect(checker, &condition, &Type::Bool, &scope);
    let mut is_wrong = when.ty.is_unknown();
    when.walk(&mut |inner| is_wrong |= inner.ty.is_unknown());
    if is_wrong {
        return Err(Wrong::reported());
    }
    Ok(Tested { when, answers: answers(checker, asked, kind) })
}

/// What a cell asks of an input that may be missing, too.
pub(super) fn or_missing(
    checker: &mut Checker,
    asked: Asked<'_>,
    kind: &CellKind,
) -> Result<Tested, Wrong> {
    let Tested { when, .. } = tested(checker, asked, kind)?;
    let place = Place { root: Root::Local(asked.input.local), fields: Fields::new() };
    let own = Expr { span: asked.cell, ty: asked.input.ty.clone(), kind: Kind::Place(place) };
    let is_missing =
        Expr { span: asked.cell, ty: Type::Bool, kind: Kind::Presence(Box::new(own), false) };
    let when = Expr { span: asked.cell, ty: Type::Bool, kind: Kind::Or(vec![is_missing, when]) };
    Ok(Tested { when, answers: vec![whole(checker, asked)] })
}

/// Reports a test that no function is, by what is meant.
fn known_test(
    checker: &mut Checker,
    asked: Asked<'_>,
    name: &ast::Name,
    items: &[ast::Expr],
) -> Result<(), Wrong> {
    let is_known = function::find(name.text).is_some()
        || matches!(checker.names.get(name.text), Some(Named::Function(_)));
    if is_known || checker.names.broken.contains(name.text) {
        return Ok(());
    }
    let behind = Span { start: name.span.end, ..asked.cell };
    let value = checker.names.shown(behind);
    let builtin = function::all().map(|function| function.name);
    if *asked.input.ty.required() == Type::Text
        && items.iter().all(|item| lone_name(item).is_some())
    {
        let text = checker.names.shown(asked.cell);
        let message = format!("`{text}` is no value");
        let problem = Diagnostic::new(Code::TableCell, asked.cell, message);
        let help = format!("texts stand in double quotes: `\"{text}\"`");
        return Err(checker.sink.wrong(problem.help(help)));
    }
    let help = foreign::test_help(name.text, value.trim())
        .or_else(|| did_you_mean(name.text, builtin))
        .unwrap_or_else(|| {
            "a cell asks with a function of its column and one value more, such as \
             `starts_with \"A\"`"
                .into()
        });
    let message = format!("there is no function `{}`", name.text);
    let problem = Diagnostic::new(Code::UnknownFunction, name.span, message);
    Err(checker.sink.wrong(problem.help(help)))
}

/// A condition on the column as an expression.
fn written_out<'s>(kind: &CellKind<'s>, span: Span) -> Option<ast::Expr<'s>> {
    let expr = |kind| ast::Expr { span, kind };
    let own = || {
        let name = ast::Name { text: OWN, span };
        expr(ExprKind::Path(ast::Path { names: vec![name], span }))
    };
    let joined = |symbol: &str, mut parts: Vec<ast::Expr<'s>>| match parts.len() {
        1 => parts.pop(),
        _ => Some(expr(ExprKind::Binary(operator::binary(symbol)?, parts))),
    };
    let unless = |condition: ast::Expr<'s>, negated: bool| match negated {
        true => {
            let group = expr(ExprKind::Group(Box::new(condition)));
            Some(expr(ExprKind::Prefix(operator::prefix("not")?, Box::new(group))))
        }
        false => Some(condition),
    };
    match kind {
        CellKind::Compare(operator, value) => {
            Some(expr(ExprKind::Binary(operator, vec![own(), value.clone()])))
        }
        CellKind::Among(items, negated) => {
            let conditions = items.iter().map(|item| {
                let symbol = if matches!(item.kind, ExprKind::Range(..)) { "in" } else { "==" };
                Some(expr(ExprKind::Binary(operator::binary(symbol)?, vec![own(), item.clone()])))
            });
            unless(joined("or", conditions.collect::<Option<_>>()?)?, *negated)
        }
        CellKind::Test(name, items, negated) => {
            let calls = items
                .iter()
                .map(|item| expr(ExprKind::Call(name.clone(), vec![own(), item.clone()])));
            unless(joined("or", calls.collect())?, *negated)
        }
        CellKind::All(conditions) => {
            let parts = conditions.iter().map(|part| written_out(&part.kind, part.span));
            joined("and", parts.collect::<Option<_>>()?)
        }
        CellKind::Presence(present) => Some(expr(ExprKind::Presence(Box::new(own()), *present))),
        CellKind::Any
        | CellKind::OrMissing(_)
        | CellKind::Otherwise
        | CellKind::Missing
        | CellKind::Note(_) => None,
    }
}

/// What an analysis sees of a condition: in which orders the column stands to what is calculated, or whether a
/// test holds. Equal texts are equal questions.
fn answers(checker: &Checker, asked: Asked<'_>, kind: &CellKind) -> Vec<(Atom, Ranges)> {
    let atom = |text: String, is_order| Atom { column: asked.at, text, is_order };
    let text = |span: Span| checker.names.shown(span);
    let order = |value: &ast::Expr, orders: &[Ordering]| {
        let accepts = Ranges::points(orders.iter().map(|order| Atom::of_order(*order)));
        (atom(text(value.span), true), accepts)
    };
    let (less, equal, greater) = (Ordering::Less, Ordering::Equal, Ordering::Greater);
    match kind {
        CellKind::Compare(operator, value) => match operator.symbol {
            "<" => vec![order(value, &[less])],
            "<=" => vec![order(value, &[less, equal])],
            ">" => vec![order(value, &[greater])],
            ">=" => vec![order(value, &[equal, greater])],
            "!=" => vec![order(value, &[less, greater])],
            _ => vec![order(value, &[equal])],
        },
        CellKind::Among(items, negated) => match items.as_slice() {
            [only] => match (&only.kind, negated) {
                (ExprKind::Range(low, high, true), false) => {
                    vec![order(low, &[equal, greater]), order(high, &[less, equal])]
                }
                (ExprKind::Range(low, high, false), false) => {
                    vec![order(low, &[equal, greater]), order(high, &[less])]
                }
                (ExprKind::Range(..), true) => vec![whole(checker, asked)],
                (_, false) => vec![order(only, &[equal])],
                (_, true) => vec![order(only, &[less, greater])],
            },
            _ => vec![whole(checker, asked)],
        },
        CellKind::Test(name, items, negated) => {
            let items: Vec<_> = items.iter().map(|item| text(item.span)).collect();
            let answer: Key = if *negated { Atom::NO } else { Atom::YES };
            let asks = atom(format!("{} {}", name.text, items.join(", ")), false);
            vec![(asks, Ranges::point(answer))]
        }
        _ => vec![whole(checker, asked)],
    }
}

/// A cell as one question.
fn whole(checker: &Checker, asked: Asked<'_>) -> (Atom, Ranges) {
    let text = checker.names.shown(asked.cell);
    (Atom { column: asked.at, text, is_order: false }, Ranges::point(Atom::YES))
}
