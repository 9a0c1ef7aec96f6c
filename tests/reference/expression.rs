//! What expressions mean, read from their tree.

use std::cmp::Ordering;

use rulebook_lang::model::Time;
use rulebook_syntax::ast::{
    DefinitionKind, Expr, ExprKind, FunctionBody, ListItems, Literal, ParameterValue, Path, Piece,
    Policy,
};

use super::functions::key;
use super::lists::{field_of, read_of};
use super::{Exact, Fault, Reference, Value, decimal};

/// What an expression may read.
#[derive(Clone)]
pub(super) struct Env<'r> {
    /// The record that is judged, unless a function is looked at.
    pub(super) record: Option<&'r Value>,
    /// The names of arguments and variables, the latest last.
    pub(super) locals: Vec<(String, Local<'r>)>,
    /// The time of the evaluation.
    pub(super) now: Option<Time>,
    /// The time by which rules are in force, if the record does not tell it.
    pub(super) in_force: Option<Time>,
    /// The date that picks the values of parameters.
    pub(super) date: Option<Time>,
    /// The day of the announcement.
    pub(super) announced: Option<&'r Expr<'r>>,
    /// The policy or the overlay in which the expression stands, unless it is in a function.
    pub(super) owner: Option<&'r Policy<'r>>,
}

/// What a local name stands for.
#[derive(Clone)]
pub(super) enum Local<'r> {
    /// An element of a list.
    Value(Value),
    /// An argument, which is worked out each time that it is looked at.
    Argument(&'r Expr<'r>, Env<'r>),
}

impl<'r> Env<'r> {
    /// Nothing but constants.
    pub(super) fn constant() -> Self {
        Env {
            record: None,
            locals: Vec::new(),
            now: None,
            in_force: None,
            date: None,
            announced: None,
            owner: None,
        }
    }

    pub(super) fn with(&self, name: &str, value: Value) -> Self {
        let mut env = self.clone();
        env.locals.push((name.to_string(), Local::Value(value)));
        env
    }
}

pub(super) fn fault<T>(code: &str) -> Result<T, Fault> {
    Err(code.to_string())
}

impl Reference<'_> {
    /// The value of an expression of constants.
    pub(super) fn constant(&self, expr: &Expr) -> Value {
        self.eval(expr, &Env::constant()).unwrap()
    }

    /// Whether a condition holds.
    pub(super) fn holds<'r>(&'r self, expr: &'r Expr<'r>, env: &Env<'r>) -> Result<bool, Fault> {
        match self.eval(expr, env)? {
            Value::Bool(value) => Ok(value),
            Value::Missing => fault("misfit"),
            other => panic!("{other:?} is not true or false"),
        }
    }

    /// The value of an expression that must be there. The checker sees to that, but for what a rule
    /// gives whose own condition could not be worked out.
    pub(super) fn present<'r>(&'r self, expr: &'r Expr<'r>, env: &Env<'r>) -> Result<Value, Fault> {
        match self.eval(expr, env)? {
            Value::Missing => fault("misfit"),
            value => Ok(value),
        }
    }

    /// The value of an expression.
    pub(super) fn eval<'r>(&'r self, expr: &'r Expr<'r>, env: &Env<'r>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(self.literal(literal)),
            ExprKind::Filled(template) => {
                let pieces = template.pieces.iter().map(|piece| match piece {
                    Piece::Text(words) => Ok(words.to_string()),
                    Piece::Counted(..) => panic!("a text that is a value has no forms of words"),
                    Piece::Value(value) => Ok(match self.present(value, env)? {
                        Value::Date(date) => date.to_string(),
                        value => key(&value),
                    }),
                });
                Ok(Value::Text(pieces.collect::<Result<String, Fault>>()?))
            }
            // Wherever money is worked with, its currency is known.
            ExprKind::Path(path) => Ok(match self.path(path, env)? {
                Value::Record(fields) if fields.contains_key("amount") && fields.len() == 2 => {
                    fields["amount"].clone()
                }
                value => value,
            }),
            ExprKind::Group(inner) => self.eval(inner, env),
            ExprKind::List(items) => {
                let items: Result<Vec<_>, _> =
                    items.iter().map(|item| self.eval(item, env)).collect();
                Ok(Value::List(items?))
            }
            ExprKind::Each(body, clauses) => {
                let mut made = Vec::new();
                self.each(body, clauses, env, &mut made)?;
                Ok(Value::List(made))
            }
            ExprKind::Record(name, entries) => self.record_made(name.text, entries, env),
            ExprKind::Prefix(operator, operand) => {
                let operand = self.present(operand, env)?;
                match (operator.symbol, operand) {
                    ("not", Value::Bool(value)) => Ok(Value::Bool(!value)),
                    ("-", Value::Number(exact)) => Ok(Value::Number(exact.negative())),
                    ("-", Value::Duration(nanos)) => duration(Some(-nanos)),
                    other => panic!("{other:?}"),
                }
            }
            ExprKind::Binary(operator, operands) => self.binary(operator.symbol, operands, env),
            ExprKind::Range(..) => panic!("a range stands behind `in`"),
            ExprKind::Presence(inner, present) => {
                Ok(Value::Bool((self.eval(inner, env)? != Value::Missing) == *present))
            }
            ExprKind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    if self.holds(condition, env)? {
                        return self.eval(value, env);
                    }
                }
                self.eval(otherwise, env)
            }
            ExprKind::Call(name, arguments) => match self.definition(name.text) {
                Some(DefinitionKind::Function(function)) => {
                    let mut inside =
                        Env { record: None, owner: None, locals: Vec::new(), ..env.clone() };
                    for (argument, given) in function.arguments.iter().zip(arguments) {
                        let local = Local::Argument(given, env.clone());
                        inside.locals.push((argument.name.text.to_string(), local));
                    }
                    let FunctionBody::Expression(body) = &function.body else {
                        panic!("no script is generated")
                    };
                    self.eval(body, &inside)
                }
                Some(DefinitionKind::Table(table)) => self.look_up(table, None, arguments, env),
                _ => self.builtin(name.text, arguments, env),
            },
            ExprKind::Output(call, output) => match &call.kind {
                ExprKind::Call(name, arguments) => match self.definition(name.text) {
                    Some(DefinitionKind::Table(table)) => {
                        self.look_up(table, Some(output), arguments, env)
                    }
                    _ => read_of(self.eval(call, env)?, output.text),
                },
                _ => read_of(self.eval(call, env)?, output.text),
            },
            ExprKind::Comprehension(node) => self.comprehension(node, env),
        }
    }

    fn literal(&self, literal: &Literal) -> Value {
        let number = |text: &str| decimal::read(&text.replace('_', "")).unwrap();
        match literal {
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Number(text) | Literal::Money(text, _) => {
                Value::Number(Exact::of(number(text)))
            }
            Literal::Percent(text) => {
                Value::Number(Exact::of(number(text.trim_end_matches('%')) / 100))
            }
            Literal::Date(text) => Value::Date(rulebook_lang::model::parse_date(text).unwrap()),
            Literal::Time(text) => {
                Value::Time(rulebook_lang::model::parse_time(text, &self.zone).unwrap())
            }
            Literal::Days(count, calendar) => Value::Days(
                i64::try_from(number(count) / decimal::ONE).unwrap(),
                calendar.as_ref().map(|name| name.text.to_string()),
            ),
            Literal::TimeOfDay(text) => {
                Value::Duration(rulebook_lang::model::parse_time_of_day(text).unwrap().as_nanos())
            }
            Literal::Text(text) => Value::Text(text.value.to_string()),
            Literal::Duration(count, unit) => {
                let count = number(count);
                match unit.trim_end_matches('s') {
                    "year" => Value::Months(i32::try_from(count / decimal::ONE * 12).unwrap()),
                    "month" => Value::Months(i32::try_from(count / decimal::ONE).unwrap()),
                    "week" => Value::Duration(count * 7 * 86_400),
                    "day" => Value::Duration(count * 86_400),
                    "hour" => Value::Duration(count * 3_600),
                    "minute" => Value::Duration(count * 60),
                    _ => Value::Duration(count),
                }
            }
        }
    }

    fn path<'r>(&'r self, path: &'r Path<'r>, env: &Env<'r>) -> Result<Value, Fault> {
        let (first, rest) = path.names.split_first().unwrap();
        if let [decision, fields @ ..] = rest
            && self.is_policy(first.text, env)
        {
            let (record, now) = (env.record.unwrap(), env.now.unwrap());
            let value = self.decided(first.text, decision.text, record, (now, env.in_force))?;
            return Ok(fields.iter().fold(value, |value, field| field_of(value, field.text)));
        }
        let mut value = self.name(first.text, env)?;
        for name in rest {
            value = field_of(value, name.text);
        }
        match value {
            Value::Faulty(code) => Err(code),
            value => Ok(value),
        }
    }

    /// Whether a name that nothing nearer bears is that of a policy.
    fn is_policy(&self, name: &str, env: &Env) -> bool {
        let is_field =
            matches!(env.record, Some(Value::Record(fields)) if fields.contains_key(name));
        let is_local = env.locals.iter().any(|(local, _)| local == name);
        let named = matches!(self.definition(name), Some(DefinitionKind::Policy(_)));
        named && !is_field && !is_local
    }

    /// A field, parameter, list or argument; what is none of these is a member of an enum.
    fn name<'r>(&'r self, name: &str, env: &Env<'r>) -> Result<Value, Fault> {
        if let Some((_, local)) = env.locals.iter().rev().find(|(local, _)| local == name) {
            return match local {
                Local::Value(value) => Ok(value.clone()),
                // Whole, since what is handed on may be a record.
                Local::Argument(expr, outside) => match &expr.kind {
                    ExprKind::Path(path) => self.path(path, outside),
                    _ => self.eval(expr, outside),
                },
            };
        }
        if let Some(Value::Record(fields)) = env.record
            && let Some(value) = fields.get(name)
        {
            return Ok(value.clone());
        }
        if let Some(value) = self.let_of(name, env) {
            // What surrounds the place that reads it is no part of it.
            return self.eval(value, &Env { locals: Vec::new(), ..env.clone() });
        }
        match (name, self.definition(name)) {
            ("now", _) => Ok(Value::Time(env.now.unwrap())),
            ("announced", _) => self.eval(env.announced.unwrap(), env),
            (_, Some(DefinitionKind::Parameter(parameter))) => {
                let dated = match &parameter.value {
                    ParameterValue::Fixed(value) => return Ok(self.constant(value)),
                    ParameterValue::Dated(dated) => dated,
                };
                let begun = |from: &Expr| self.instant(&self.constant(from)) <= env.date;
                match dated.iter().rev().find(|row| begun(&row.from)) {
                    Some(row) => Ok(self.constant(&row.value)),
                    None => fault("no-value-yet"),
                }
            }
            (_, Some(DefinitionKind::Policy(policy))) => {
                let record = env.record.unwrap();
                Ok(self.decided_elements(policy, record, (env.now.unwrap(), env.in_force)))
            }
            (_, Some(DefinitionKind::List(list))) => match &list.items {
                ListItems::InPlace(items) => Ok(self.constant(items)),
                ListItems::File(_) => panic!("the reference reads no list files"),
            },
            _ => match env.owner.map(|owner| self.judging(owner)) {
                Some(policy) if self.decides(policy, name) => {
                    let (record, now) = (env.record.unwrap(), env.now.unwrap());
                    self.decided(policy.name.text, name, record, (now, env.in_force))
                }
                _ if name == "missing" => Ok(Value::Missing),
                _ => {
                    let member = || Value::Member(self.data(name).to_string());
                    Ok(self.weekday(name).unwrap_or_else(member))
                }
            },
        }
    }

    fn binary<'r>(
        &'r self,
        symbol: &str,
        operands: &'r [Expr],
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        if symbol == "and" || symbol == "or" {
            for operand in operands {
                if self.holds(operand, env)? == (symbol == "or") {
                    return Ok(Value::Bool(symbol == "or"));
                }
            }
            return Ok(Value::Bool(symbol == "and"));
        }
        let [left, right] = operands else { panic!("{symbol} takes two operands") };
        match symbol {
            "??" => match self.eval(left, env)? {
                Value::Missing => self.eval(right, env),
                value => Ok(value),
            },
            "in" => self.is_in(left, right, env).map(Value::Bool),
            "not in" => self.is_in(left, right, env).map(|found| Value::Bool(!found)),
            _ => {
                let (left, right) = (self.present(left, env)?, self.present(right, env)?);
                self.operate(symbol, left, right)
            }
        }
    }

    fn is_in<'r>(
        &'r self,
        value: &'r Expr<'r>,
        list: &'r Expr<'r>,
        env: &Env<'r>,
    ) -> Result<bool, Fault> {
        match &list.kind {
            ExprKind::Group(inner) => self.is_in(value, inner, env),
            ExprKind::Range(low, high, closed) => {
                let value = self.present(value, env)?;
                if self.order(&value, &self.present(low, env)?)?.is_lt() {
                    return Ok(false);
                }
                let order = self.order(&value, &self.present(high, env)?)?;
                Ok(order.is_lt() || *closed && order.is_eq())
            }
            ExprKind::List(items) => {
                let value = self.eval(value, env)?;
                for item in items {
                    if self.eval(item, env)? == value {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => {
                let value = self.eval(value, env)?;
                match self.eval(list, env)? {
                    Value::List(items) => Ok(items.contains(&value)),
                    other => panic!("{other:?} is no list"),
                }
            }
        }
    }

    /// The order of two values of one type, or of a date and a time.
    pub(super) fn order(&self, a: &Value, b: &Value) -> Result<Ordering, Fault> {
        Ok(match (a, b) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
            (Value::Months(a), Value::Months(b)) => a.cmp(b),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => versions(a).cmp(&versions(b)),
            (Value::Member(a), Value::Member(b)) => {
                self.position(a).unwrap().cmp(&self.position(b).unwrap())
            }
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Date(_) | Value::Time(_), Value::Date(_) | Value::Time(_)) => {
                match (self.instant(a), self.instant(b)) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    _ => return fault("out-of-calendar"),
                }
            }
            other => panic!("{other:?} stand in no order"),
        })
    }

    pub(super) fn equal(&self, a: &Value, b: &Value) -> Result<bool, Fault> {
        match (a, b) {
            (Value::Date(_), Value::Time(_)) | (Value::Time(_), Value::Date(_)) => {
                Ok(self.order(a, b)?.is_eq())
            }
            _ => Ok(a == b),
        }
    }

    pub(super) fn operate(&self, symbol: &str, a: Value, b: Value) -> Result<Value, Fault> {
        match symbol {
            "==" => return Ok(Value::Bool(self.equal(&a, &b)?)),
            "!=" => return Ok(Value::Bool(!self.equal(&a, &b)?)),
            "<" => return Ok(Value::Bool(self.order(&a, &b)?.is_lt())),
            "<=" => return Ok(Value::Bool(self.order(&a, &b)?.is_le())),
            ">" => return Ok(Value::Bool(self.order(&a, &b)?.is_gt())),
            ">=" => return Ok(Value::Bool(self.order(&a, &b)?.is_ge())),
            _ => {}
        }
        match (symbol, a, b) {
            ("+", Value::List(mut a), Value::List(b)) => {
                a.extend(b);
                Ok(Value::List(a))
            }
            ("+", a, b) => self.add(a, b),
            ("-", Value::Number(a), Value::Number(b)) => number(a.plus(&b.negative())),
            ("-", Value::Time(a), Value::Time(b)) => {
                Ok(Value::Duration(a.duration_since(b).as_nanos()))
            }
            ("-", Value::Date(a), Value::Date(b)) => {
                Ok(Value::Duration(a.duration_since(b).as_nanos()))
            }
            ("-", a, Value::Duration(b)) => self.add(a, Value::Duration(-b)),
            ("-", a, Value::Months(b)) => self.add(a, Value::Months(-b)),
            ("-", a, Value::Days(b, calendar)) => self.add(a, Value::Days(-b, calendar)),
            ("*", Value::Number(a), Value::Number(b)) => number(a.times(&b)),
            ("*", Value::Duration(a), Value::Number(b))
            | ("*", Value::Number(b), Value::Duration(a)) => length(Exact::of(a).times(&b)),
            ("/", _, Value::Duration(0)) => fault("division-by-zero"),
            ("/", _, Value::Number(b)) if b.is_zero() => fault("division-by-zero"),
            ("/", Value::Number(a), Value::Number(b)) => number(a.over(&b)),
            ("/", Value::Duration(a), Value::Duration(b)) => {
                number(Exact::of(a).over(&Exact::of(b)))
            }
            ("/", Value::Duration(a), Value::Number(b)) => length(Exact::of(a).over(&b)),
            other => panic!("{other:?}"),
        }
    }

    /// `a + b`
    pub(super) fn add(&self, a: Value, b: Value) -> Result<Value, Fault> {
        const DAY: i128 = 86_400 * decimal::ONE;
        let span = |nanos: i128| {
            let (seconds, rest) = (nanos / decimal::ONE, nanos % decimal::ONE);
            rulebook_lang::model::Duration::new(
                seconds.try_into().unwrap(),
                rest.try_into().unwrap(),
            )
        };
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => number(a.plus(&b)),
            (Value::Duration(a), Value::Duration(b)) => duration(a.checked_add(b)),
            (Value::Months(a), Value::Months(b)) => Ok(Value::Months(a + b)),
            (Value::Time(a), Value::Duration(b)) => match a.checked_add(span(b)) {
                Some(time) => Ok(Value::Time(time)),
                None => fault("out-of-calendar"),
            },
            (Value::Date(_), Value::Duration(b)) if b % DAY != 0 => fault("partial-day"),
            (Value::Date(a), Value::Duration(b)) => match a.checked_add(span(b)) {
                Ok(date) => Ok(Value::Date(date)),
                Err(_) => fault("out-of-calendar"),
            },
            (Value::Date(a), Value::Months(b)) => {
                match months(b).and_then(|months| a.checked_add(months).ok()) {
                    Some(date) => Ok(Value::Date(date)),
                    None => fault("out-of-calendar"),
                }
            }
            (a, Value::Days(b, calendar)) => self.add_days(&a, b, calendar.as_deref()),
            (Value::Time(a), Value::Months(b)) => {
                let local = a.local(&self.zone).unwrap();
                let moved = months(b).and_then(|months| local.checked_add(months).ok());
                match moved.and_then(|local| Time::of_local(local, &self.zone)) {
                    Some(time) => Ok(Value::Time(time)),
                    None => fault("out-of-calendar"),
                }
            }
            other => panic!("{other:?} cannot be added"),
        }
    }
}

fn months(count: i32) -> Option<jiff::Span> {
    jiff::Span::new().try_months(count).ok()
}

impl Reference<'_> {
    /// The smallest or the largest of values of one type.
    pub(super) fn extreme(&self, values: &[Value], largest: bool) -> Result<Option<Value>, Fault> {
        let mut best: Option<&Value> = None;
        for value in values {
            let better = match best {
                None => true,
                Some(best) if largest => self.order(value, best)?.is_gt(),
                Some(best) => self.order(value, best)?.is_lt(),
            };
            if better {
                best = Some(value);
            }
        }
        Ok(best.cloned())
    }
}

/// A number, or the fault that it has too many digits.
pub(super) fn number(exact: Option<Exact>) -> Result<Value, Fault> {
    exact.map_or_else(|| fault("overflow"), |exact| Ok(Value::Number(exact)))
}

/// A duration of so many seconds, rounded to a nanosecond.
fn length(seconds: Option<Exact>) -> Result<Value, Fault> {
    duration(seconds.map(|seconds| seconds.seen()))
}

/// A duration, or the fault that its seconds do not fit.
pub(super) fn duration(nanos: Option<i128>) -> Result<Value, Fault> {
    let limit = i128::from(i64::MAX) * decimal::ONE;
    let nanos = nanos.filter(|nanos| (-limit..=limit).contains(nanos));
    nanos.map_or_else(|| fault("overflow"), |nanos| Ok(Value::Duration(nanos)))
}

/// What versions are compared by: the parts of the release, then whether it is one, then what comes before it.
fn versions(text: &str) -> (Vec<u64>, bool, Vec<(bool, u64, String)>) {
    let (release, before) = text.split_once('-').unwrap_or((text, ""));
    let parts = release.split('.').map(|part| part.parse().unwrap()).collect();
    let before = before.split('.').filter(|part| !part.is_empty()).map(|part| match part.parse() {
        Ok(number) => (false, number, String::new()),
        Err(_) => (true, 0, part.to_string()),
    });
    (parts, !text.contains('-'), before.collect())
}
