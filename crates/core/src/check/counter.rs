//! Checks counters: what they count, by which key and how far back.

use super::checker::Checker;
use super::infer::{expect, infer};
use super::money;
use super::nodes::Nodes;
use super::scope::{CounterReader, Scope};
use super::sink::Wrong;
use super::typed::{Constant, Counter, Expr};
use super::written::Written;
use super::{constant, head};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{Duration, Type};
use rulebook_lang::tally::{Takes, Tally};
use rulebook_lang::window::{Length, Window};
use rulebook_syntax::ast;

/// A counter. Tables, functions and the counters before it are known.
pub(super) fn define(
    checker: &mut Checker,
    node: &ast::Counter,
    nodes: &Nodes,
    written: &Written,
) -> Counter {
    let names = checker.names;
    let file = |path: Span| names.file(path).map_or(String::new(), |(_, text)| text.to_string());
    let written = written.counter(node, file);
    let mut counter = Counter { written, ..counter_definition(checker, node) };
    let known_by = nodes.records.iter().find(|record| record.name.text == node.record.text);
    for name in known_by.iter().flat_map(|record| &record.key) {
        counter.written += &format!("\nkey {}", name.text);
    }
    let is_judged = |policy: &&ast::Policy| {
        policy.subject.record().is_some_and(|record| record.text == node.record.text)
    };
    let judged = nodes.policies.iter().any(is_judged);
    if counter.record.is_some() && !judged && !checker.names.slips {
        let message = format!("no policy judges `{}`", node.record.text);
        checker.sink.report(Diagnostic::new(Code::Uncounted, node.record.span, message).help(
            "a counter counts the records that a policy judges: name the record behind its \
             `for`",
        ));
    }
    counter
}

fn counter_definition(checker: &mut Checker, node: &ast::Counter) -> Counter {
    let record = head::policy_record(checker, &node.record).ok();
    let scope = Scope { record, reader: CounterReader::Counter, ..Scope::default() };
    let window = window(checker, &node.window).ok();
    let (keys, filter, value, dated) = match record {
        None => (Vec::new(), None, None, None),
        Some(_) => {
            let keys = node.keys.iter().map(|key| counter_key(checker, key, &scope)).collect();
            let filter = node
                .filter
                .as_ref()
                .map(|condition| expect(checker, condition, &Type::Bool, &scope));
            let counted = match &filter {
                Some(filter) => scope.clone().after(filter, true),
                None => scope.clone(),
            };
            let value = node.value.as_ref();
            let value = value.map(|value| tallied(checker, node.tally, value, &counted));
            let dated =
                node.dated_by.as_ref().and_then(|path| head::dated_by(checker, path, &scope).ok());
            (keys, filter, value, dated)
        }
    };
    let ty = match &value {
        _ if record.is_none() => Type::Unknown,
        Some(value) if !node.tally.counts() => value.ty.clone(),
        _ => Type::Number,
    };
    let may_lack = node.tally.may_lack() || keys.iter().any(|key: &Expr| key.ty.is_optional());
    let ty = if may_lack && !ty.is_unknown() { ty.optional() } else { ty };
    Counter {
        name: node.name.text.to_string(),
        record,
        tally: node.tally,
        value,
        ty,
        keys,
        window,
        filter,
        dated,
        written: String::new(),
        has_date: node.dated_by.is_some(),
        span: node.name.span,
    }
}

/// The key of a counter; where it may be missing, so may the counter's value.
fn counter_key(checker: &mut Checker, expr: &ast::Expr, scope: &Scope) -> Expr {
    let key = infer(checker, expr, None, scope);
    match key.ty.required() {
        Type::Unknown => key,
        ty if ty.counts() => key,
        other => {
            let message = format!("records cannot be counted by {}", other.described());
            checker
                .sink
                .wrong(
                    Diagnostic::new(Code::WrongType, key.span, message)
                        .help("count by a text, a number, an enum or a date, such as `buyer.id`"),
                )
                .at(key.span)
        }
    }
}

/// The value of a record of which something is made.
fn tallied(checker: &mut Checker, tally: Tally, expr: &ast::Expr, scope: &Scope) -> Expr {
    let value = infer(checker, expr, None, scope);
    match &value.ty {
        Type::Unknown => value,
        ty if tally.takes().fits(ty) => value,
        Type::Optional(_) => checker
            .sink
            .wrong(
                Diagnostic::new(
                    Code::Unguarded,
                    value.span,
                    format!("`{}` may be missing here", checker.names.shown(value.span)),
                )
                .label(format!("this is {}", value.ty.described()))
                .help(match tally.takes() {
                    Takes::Sums => {
                        "count only where it is there: `… where x is present`, or add up `x ?? 0`"
                    }
                    _ => "count only where it is there: `… where x is present`",
                }),
            )
            .at(value.span),
        ty if ty.is_money() => {
            let problem = money::unproved(checker, &value, "a counter adds up amounts in one");
            let shown = checker.names.shown(value.span);
            let help = format!("count those in one: `… where {shown}.currency == CNY`");
            checker.sink.wrong(problem.help(help)).at(value.span)
        }
        other => {
            let message = format!("`{}` is not told of {}", tally.words(), other.described());
            let message = match tally.takes() {
                Takes::Sums => format!("{} cannot be added up", other.described()),
                _ => message,
            };
            checker
                .sink
                .wrong(
                    Diagnostic::new(Code::WrongType, value.span, message)
                        .help(tally.takes().help()),
                )
                .at(value.span)
        }
    }
}

fn window(checker: &mut Checker, node: &ast::Window) -> Result<Window, Wrong> {
    match node {
        ast::Window::Within(length) => Ok(Window::Within(self::length(checker, length, true)?)),
        ast::Window::Lagged(far, near) => {
            let (long, short) = (length(checker, far, true), length(checker, near, false));
            let (long, short) = (long?, short?);
            let is_empty = match (long, short) {
                (Length::Exact(long), Length::Exact(short)) => long <= short,
                (Length::Calendar(long), Length::Calendar(short)) => long <= short,
                // Months differ in length; only whether they overlap for certain is asked.
                _ => false,
            };
            if is_empty {
                let message = "this window is empty";
                return Err(checker.sink.wrong(
                    Diagnostic::new(Code::BadWindow, far.span.to(near.span), message)
                        .help("put the longer length first: `from 45 days to 15 days before`"),
                ));
            }
            Ok(Window::Lagged(long, short))
        }
        ast::Window::Calendar(calendar, _) => Ok(Window::Calendar(*calendar)),
    }
}

/// A length of time that is known at load.
fn length(checker: &mut Checker, expr: &ast::Expr, positive: bool) -> Result<Length, Wrong> {
    let scope = Scope { constant: true, ..Scope::default() };
    let typed = infer(checker, expr, None, &scope);
    let length = match constant::evaluated(checker, &typed, "the window of a counter")? {
        Constant::Duration(length) if length > Duration::ZERO || !positive => {
            (!length.is_negative()).then_some(Length::Exact(length))
        }
        Constant::Period(length) if length.calendar.is_some() => {
            let message = "a window is no number of working days";
            return Err(checker.sink.wrong(
                Diagnostic::new(Code::BadWindow, expr.span, message)
                    .help("write `within 30 calendar days`, which counts all of them"),
            ));
        }
        Constant::Period(length) if length.months > 0 || length.days > 0 => {
            Some(Length::Calendar(length))
        }
        _ => None,
    };
    length.ok_or_else(|| {
        let message = match &typed.ty {
            Type::Duration | Type::Period | Type::Days => {
                "a window reaches back by more than nothing"
            }
            _ => "a window is a length of time",
        };
        checker.sink.wrong(
            Diagnostic::new(Code::BadWindow, expr.span, message)
                .help("write `within 30 days`, `within 3 months` or `this month`"),
        )
    })
}
