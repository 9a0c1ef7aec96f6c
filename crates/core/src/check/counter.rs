//! Checks counters: what they count, by which key, how far back, and where they are read.

use super::Checker;
use super::infer::Scope;
use super::typed::{Constant, Counter, CounterId, Expr, Kind, Measure};
use super::written::Written;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{Duration, Type};
use rulebook_lang::scalar::Level;
use rulebook_lang::window::{Length, Window};
use rulebook_syntax::ast::{self, DefinitionKind};

/// Who reads counters, as far as that makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Reader {
    /// A function, or a value that is known at load.
    #[default]
    None,
    /// Another counter.
    Counter,
    /// A measure, which nobody counts anything for.
    Measure,
    /// A policy, and whether it says `dated by`.
    Policy {
        /// Whether it does.
        dated: bool,
    },
}

impl Checker<'_> {
    pub(super) fn define_counters(&mut self, definitions: &[&ast::Definition]) {
        let judged = |name: &str| {
            definitions.iter().any(|definition| match &definition.kind {
                DefinitionKind::Policy(policy) => {
                    matches!(&policy.subject, ast::Subject::Record(record) if record.text == name)
                }
                _ => false,
            })
        };
        let all = Written::new(definitions);
        for definition in definitions {
            let DefinitionKind::Counter(node) = &definition.kind else { continue };
            let named = self.named;
            let file =
                |path: Span| named.get(&path).map_or(String::new(), |(_, text)| text.clone());
            let written = all.counter(node, file);
            let counter = Counter { written, ..self.counter_definition(node) };
            if counter.record.is_some() && !judged(node.record.text) && !self.slips {
                let message = format!("no policy judges `{}`", node.record.text);
                self.report(Diagnostic::new(Code::Uncounted, node.record.span, message).help(
                    "a counter counts the records that a policy judges: name the record behind its \
                     `for`",
                ));
            }
            self.checked.counters.push(counter);
        }
    }

    fn counter_definition(&mut self, node: &ast::Counter) -> Counter {
        let record = self.policy_record(&node.record);
        let scope = Scope { record, reader: Reader::Counter, ..Scope::default() };
        let window = self.window(&node.window);
        let (key, filter, measure, dated) = match record {
            None => (Expr::wrong(node.key.span), None, Measure::Count, None),
            Some(_) => {
                let key = self.counter_key(&node.key, &scope);
                let filter = node.filter.as_ref().map(|c| self.expect(c, &Type::Bool, &scope));
                let counted = match &filter {
                    Some(filter) => scope.clone().after(filter, true),
                    None => scope.clone(),
                };
                let measure = match &node.measure {
                    ast::Measure::Count => Measure::Count,
                    ast::Measure::Sum(value) => Measure::Sum(self.summed(value, &counted)),
                };
                let dated = node.dated_by.as_ref().and_then(|path| self.dated_by(path, &scope));
                (key, filter, measure, dated)
            }
        };
        let ty = match &measure {
            Measure::Count if record.is_none() => Type::Unknown,
            Measure::Count => Type::Number,
            Measure::Sum(value) => value.ty.clone(),
        };
        let ty = if key.ty.is_optional() { ty.optional() } else { ty };
        Counter {
            name: node.name.text.to_string(),
            record,
            measure,
            ty,
            key,
            window,
            filter,
            dated,
            written: String::new(),
            has_date: node.dated_by.is_some(),
            span: node.name.span,
        }
    }

    /// The key of a counter; where it may be missing, so may the counter's value.
    fn counter_key(&mut self, expr: &ast::Expr, scope: &Scope) -> Expr {
        let key = self.infer(expr, None, scope);
        match key.ty.required() {
            Type::Unknown => key,
            ty if ty.counts() => key,
            other => {
                let message = format!("records cannot be counted by {}", other.described());
                self.report(
                    Diagnostic::new(Code::WrongType, key.span, message)
                        .help("count by a text, a number, an enum or a date, such as `buyer.id`"),
                );
                Expr::wrong(key.span)
            }
        }
    }

    fn summed(&mut self, expr: &ast::Expr, scope: &Scope) -> Expr {
        let value = self.infer(expr, None, scope);
        match &value.ty {
            Type::Unknown => value,
            ty if ty.level() >= Level::Ratio => value,
            Type::Optional(_) => {
                self.report(
                    Diagnostic::new(
                        Code::Unguarded,
                        value.span,
                        format!("`{}` may be missing here", self.shown(value.span)),
                    )
                    .label(format!("this is {}", value.ty.described()))
                    .help(
                        "count only where it is there: `… where x is present`, or add up `x ?? 0`",
                    ),
                );
                Expr::wrong(value.span)
            }
            other => {
                let message = format!("{} cannot be added up", other.described());
                self.report(
                    Diagnostic::new(Code::WrongType, value.span, message)
                        .help("add up numbers, amounts or durations; `count of` counts records"),
                );
                Expr::wrong(value.span)
            }
        }
    }

    fn window(&mut self, node: &ast::Window) -> Option<Window> {
        match node {
            ast::Window::Within(length) => Some(Window::Within(self.length(length, true)?)),
            ast::Window::Lagged(far, near) => {
                let (long, short) = (self.length(far, true), self.length(near, false));
                let (long, short) = (long?, short?);
                let is_empty = match (long, short) {
                    (Length::Exact(long), Length::Exact(short)) => long <= short,
                    (Length::Months(long), Length::Months(short)) => long <= short,
                    // Months differ in length; only whether they overlap for certain is asked.
                    _ => false,
                };
                if is_empty {
                    let message = "this window is empty";
                    self.report(
                        Diagnostic::new(Code::BadWindow, far.span.to(near.span), message)
                            .help("put the longer length first: `from 45 days to 15 days before`"),
                    );
                    return None;
                }
                Some(Window::Lagged(long, short))
            }
            ast::Window::Calendar(calendar, _) => Some(Window::Calendar(*calendar)),
        }
    }

    /// A length of time that is known at load.
    fn length(&mut self, expr: &ast::Expr, positive: bool) -> Option<Length> {
        let scope = Scope { constant: true, ..Scope::default() };
        let typed = self.infer(expr, None, &scope);
        let length = match self.evaluated(&typed, "the window of a counter")? {
            Constant::Duration(length) if length > Duration::ZERO || !positive => {
                (!length.is_negative()).then_some(Length::Exact(length))
            }
            Constant::Period(length) if length.months > 0 => Some(Length::Months(length)),
            _ => None,
        };
        if length.is_none() {
            let message = match &typed.ty {
                Type::Duration | Type::Period => "a window reaches back by more than nothing",
                _ => "a window is a length of time",
            };
            self.report(
                Diagnostic::new(Code::BadWindow, expr.span, message)
                    .help("write `within 30 days`, `within 3 months` or `this month`"),
            );
        }
        length
    }

    /// A counter that an expression reads.
    pub(super) fn read_counter(&mut self, id: CounterId, span: Span, scope: &Scope) -> Expr {
        let Some(counter) = self.checked.counters.get(id.index()) else {
            return self.misplaced(id, span, scope);
        };
        let (ty, record, defined) = (counter.ty.clone(), counter.record, counter.span);
        let (name, has_date) = (counter.name.clone(), counter.has_date);
        let Reader::Policy { dated } = scope.reader else {
            return self.misplaced(id, span, scope);
        };
        if let (Some(counted), Some(judged)) = (record, scope.record)
            && counted != judged
        {
            let name_of = |id: super::typed::RecordId| {
                self.checked.records.get(id.index()).map_or("", |record| record.name.as_ref())
            };
            let message = format!(
                "`{name}` counts `{}` records, and this policy judges `{}`",
                name_of(counted),
                name_of(judged)
            );
            self.report(
                Diagnostic::new(Code::MisplacedCounter, span, message)
                    .also(defined, "the counter is defined here")
                    .help("only policies for the record that is counted can read a counter"),
            );
            return Expr::wrong(span);
        }
        if !dated && !has_date {
            let message = format!("`{name}` does not know when a record happened");
            self.report(
                Diagnostic::new(Code::UndatedCounter, span, message)
                    .also(defined, "the counter is defined here")
                    .help("say `dated by` in the counter, or in this policy"),
            );
        }
        let read = Expr { span, ty, kind: Kind::Counter(id) };
        match scope.knows_value(&read) {
            true => Expr { ty: read.ty.required().clone(), ..read },
            false => read,
        }
    }

    fn misplaced(&mut self, id: CounterId, span: Span, scope: &Scope) -> Expr {
        let name = self.shown(span);
        let (message, help) = match scope.reader {
            Reader::Counter => (
                format!("a counter cannot count by `{name}`, which is a counter itself"),
                "let the rule read both counters".to_string(),
            ),
            Reader::Measure => (
                format!("a measure cannot read `{name}`, which is a counter"),
                "let a decision of the policy say what the counter says, and measure that"
                    .to_string(),
            ),
            _ if scope.constant => (
                format!("`{name}` is not known before a record is judged"),
                "read the counter in the rules of a policy".to_string(),
            ),
            _ => (
                format!("a function has no record to count `{name}` for"),
                format!("give it an argument, and hand the counter over: `f({name})`"),
            ),
        };
        let defined = self.checked.counters.get(id.index()).map(|counter| counter.span);
        let mut diagnostic = Diagnostic::new(Code::MisplacedCounter, span, message).help(help);
        if let Some(defined) = defined {
            diagnostic = diagnostic.also(defined, "the counter is defined here");
        }
        self.report(diagnostic);
        Expr::wrong(span)
    }
}
