//! Refuses calculations that have no value whatever the record says: `pieces / 0`, `due - 2 hours`.

use super::evaluated;
use crate::check::checker::Checker;
use crate::check::typed::{Body, Checked, Constant, Expr, Kind, LocalId, Root};
use crate::ids::FunctionId;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::kernel::{Context, Known, Problem};
use rulebook_lang::model::{Date, Duration, Number, Period, Time, Type, Value};
use rulebook_lang::signature::Signature;

/// How many expressions are looked at within the functions that an expression calls.
const MOST_STEPS: usize = 10_000;

/// What an expression comes to.
#[derive(Debug, Clone)]
enum Comes {
    /// The same for every record; whether by a parameter that may be set from outside.
    To(Constant, bool),
    /// To nothing for any record, and why; whether by such a parameter.
    ToNothing(Problem, bool),
    /// To this or that.
    Varies,
}

/// A place at which no record has a value.
struct Found {
    span: Span,
    problem: Problem,
    by_parameter: bool,
    /// The date with which it begins, if it does.
    date: Option<Span>,
}

struct Looker<'c, 'a> {
    checker: &'c Checker<'c, 'a>,
    /// The functions that have no value whatever they are given, which is reported in them.
    hopeless: Vec<FunctionId>,
    steps: usize,
    found: Vec<Found>,
}

/// What is known of the arguments of a function that is called.
type Arguments<'k> = &'k [(LocalId, Comes)];

/// Refuses what has no value for any record, and says whether there is any; warns where a parameter is to
/// blame.
pub(super) fn lint_values(checker: &mut Checker) -> bool {
    let checked = &checker.names.checked;
    let mut looker = Looker { checker, hopeless: Vec::new(), steps: 0, found: Vec::new() };
    // What a function comes to for any arguments is told in it, not where it is called.
    for at in 0..checked.functions.len() {
        let id = FunctionId::at(at);
        if let Body::Expression(body) = &checked.functions[id].body
            && let Comes::ToNothing(..) = looker.quietly(body, &[])
        {
            looker.hopeless.push(id);
        }
    }
    for expr in evaluated::expressions(checked) {
        looker.steps = 0;
        looker.look(expr);
    }
    for rule in checked.policies.iter().flat_map(|policy| &*policy.rules) {
        for within in rule.requires.iter().filter_map(|require| require.within.as_ref()) {
            looker.look_at_length(within);
        }
    }
    let found = looker.found;
    let is_refused = found.iter().any(|found| !found.by_parameter);
    for Found { span, problem, by_parameter, date } in found {
        let mut message = format!("this has no value, whatever the record says: {problem}");
        if by_parameter {
            message =
                format!("this has no value as long as the parameter stays as it is: {problem}");
        }
        let code = if by_parameter { Code::NoValueByParameter } else { Code::NoValue };
        let help = match (problem, date.map(|date| checker.names.shown(date))) {
            (Problem::PartialDay, Some(date)) => {
                let shown = checker.names.shown(span);
                let behind = shown.strip_prefix(&date).unwrap_or(" …");
                Some(format!(
                    "a date has no hours: begin with its first instant, `start_of_day({date}){behind}`"
                ))
            }
            (Problem::DivisionByZero, _) => {
                Some("write another divisor, or leave the division out".to_string())
            }
            (Problem::OutOfCalendar, _) => {
                Some("the calendar has the years up to 9999; write a shorter time".to_string())
            }
            _ => None,
        };
        checker.sink.report(Diagnostic::new(code, span, message).maybe_help(help));
    }
    is_refused
}

impl Looker<'_, '_> {
    fn checked(&self) -> &Checked {
        &self.checker.names.checked
    }

    /// Notes the inmost parts of an expression that come to nothing.
    fn look(&mut self, expr: &Expr) {
        let before = self.found.len();
        expr.children(&mut |child| self.look(child));
        let is_looked_at = match &expr.kind {
            // Comparisons have a value for whatever they take.
            Kind::Call(signature, _) => signature.kernel.known().is_none(),
            Kind::Apply(function, _) => !self.hopeless.contains(function),
            _ => false,
        };
        if self.found.len() > before || !is_looked_at {
            return;
        }
        if let Comes::ToNothing(problem, by_parameter) = self.quietly(expr, &[]) {
            let date = match &expr.kind {
                Kind::Call(_, operands) => {
                    operands.first().filter(|operand| operand.ty == Type::Date)
                }
                _ => None,
            };
            let date = date.map(|date| date.span);
            self.found.push(Found { span: expr.span, problem, by_parameter, date });
        }
    }

    /// A length of time that no time of the calendar can be moved by.
    fn look_at_length(&mut self, within: &Expr) {
        let Comes::To(constant, by_parameter) = self.quietly(within, &[]) else { return };
        if within.ty == Type::Days {
            return;
        }
        let Some(length) = constant.to_value() else { return };
        let context = Context {
            zone: &self.checker.names.settings.zone,
            calendars: &self.checker.names.checked.calendars,
        };
        let mut problem = None;
        for time in [Time::MIN, Time::UNIX_EPOCH, Time::MAX] {
            let due = rulebook_lang::kernel::add(&[Value::Time(time), length.clone()], &context);
            match due {
                Ok(_) => return,
                Err(why) => problem = Some(why),
            }
        }
        if let Some(problem) = problem {
            self.found.push(Found { span: within.span, problem, by_parameter, date: None });
        }
    }

    /// What an expression comes to, with what is known of the arguments around it.
    fn quietly(&mut self, expr: &Expr, arguments: Arguments<'_>) -> Comes {
        self.steps += usize::from(!arguments.is_empty());
        if self.steps > MOST_STEPS {
            return Comes::Varies;
        }
        match &expr.kind {
            Kind::Constant(constant) => Comes::To(constant.clone(), false),
            Kind::Parameter(id) => match self.checked().parameters[*id].values.as_slice() {
                [(None, only)] => Comes::To(only.clone(), true),
                _ => Comes::Varies,
            },
            Kind::Place(place) => {
                let Root::Local(local) = place.root else {
                    return Comes::Varies;
                };
                let known = arguments.iter().find(|(known, _)| *known == local);
                match known.filter(|_| place.fields.is_empty()) {
                    Some((_, comes)) => comes.clone(),
                    None => Comes::Varies,
                }
            }
            Kind::Call(signature, operands) => {
                let operands: Vec<_> = operands
                    .iter()
                    .map(|operand| (self.quietly(operand, arguments), &operand.ty))
                    .collect();
                self.call(signature, &operands)
            }
            Kind::Apply(id, operands) => {
                let function = &self.checker.names.checked.functions[*id];
                let Body::Expression(body) = &function.body else { return Comes::Varies };
                let given = operands.iter().map(|operand| self.quietly(operand, arguments));
                let given: Vec<_> = given.collect();
                let locals = function.arguments.iter().map(|(local, _)| *local);
                let known: Vec<_> = locals.zip(given).collect();
                self.quietly(body, &known)
            }
            Kind::And(operands) => self.row(operands, false, arguments),
            Kind::Or(operands) => self.row(operands, true, arguments),
            Kind::Not(operand) => match self.quietly(operand, arguments) {
                Comes::To(Constant::Bool(value), by) => Comes::To(Constant::Bool(!value), by),
                Comes::To(..) => Comes::Varies,
                other => other,
            },
            Kind::Choice(branches, otherwise) => self.choice(branches, otherwise, arguments),
            // These look at the first of what they are made of before all else.
            Kind::Coalesce(first, _)
            | Kind::InList(first, ..)
            | Kind::AnyOf(first, ..)
            | Kind::Key(first) => self.first(first, arguments),
            Kind::InRange(range) => self.first(&range.value, arguments),
            Kind::Comprehension(inner) => self.first(&inner.list, arguments),
            Kind::LookUp(_, _, operands) => {
                let come = operands.iter().map(|operand| self.first(operand, arguments));
                let come: Vec<_> = come.collect();
                let nothing = come.into_iter().find(|come| matches!(come, Comes::ToNothing(..)));
                nothing.unwrap_or(Comes::Varies)
            }
            // That it has none is told where it stands.
            Kind::Let(_, value) => match self.quietly(value, &[]) {
                Comes::ToNothing(..) => Comes::Varies,
                comes => comes,
            },
            Kind::Items(_)
            | Kind::Record(..)
            | Kind::Rows(..)
            | Kind::Field(..)
            | Kind::Presence(..)
            | Kind::Try(_)
            | Kind::Decision(..)
            | Kind::Elements(_)
            | Kind::List(_)
            | Kind::Counter(_)
            | Kind::Now
            | Kind::Missing
            | Kind::Wrong => Comes::Varies,
        }
    }

    /// What comes of an expression of which a part is looked at for every record.
    fn first(&mut self, part: &Expr, arguments: Arguments<'_>) -> Comes {
        match self.quietly(part, arguments) {
            nothing @ Comes::ToNothing(..) => nothing,
            _ => Comes::Varies,
        }
    }

    /// `and` and `or`, which look at one operand after the other until one is decisive.
    fn row(&mut self, operands: &[Expr], decisive: bool, arguments: Arguments<'_>) -> Comes {
        let mut by_parameter = false;
        for operand in operands {
            match self.quietly(operand, arguments) {
                Comes::To(Constant::Bool(value), by) if value == decisive => {
                    return Comes::To(Constant::Bool(value), by || by_parameter);
                }
                Comes::To(_, by) => by_parameter |= by,
                Comes::ToNothing(problem, by) => {
                    return Comes::ToNothing(problem, by || by_parameter);
                }
                Comes::Varies => return Comes::Varies,
            }
        }
        Comes::To(Constant::Bool(!decisive), by_parameter)
    }

    fn choice(
        &mut self,
        branches: &[(Expr, Expr)],
        otherwise: &Expr,
        arguments: Arguments<'_>,
    ) -> Comes {
        let mut by_parameter = false;
        for (condition, value) in branches {
            match self.quietly(condition, arguments) {
                Comes::To(Constant::Bool(holds), by) => {
                    by_parameter |= by;
                    if holds {
                        return by_parameter_too(self.quietly(value, arguments), by_parameter);
                    }
                }
                nothing @ Comes::ToNothing(..) => return nothing,
                _ => return Comes::Varies,
            }
        }
        by_parameter_too(self.quietly(otherwise, arguments), by_parameter)
    }

    fn call(&self, signature: &Signature, operands: &[(Comes, &Type)]) -> Comes {
        let by_parameter = operands.iter().any(|(comes, _)| matches!(comes, Comes::To(_, true)));
        for (comes, _) in operands {
            if let Comes::ToNothing(..) = comes {
                return comes.clone();
            }
        }
        let known = operands.iter().filter(|(comes, _)| matches!(comes, Comes::To(..)));
        let known = known.count();
        // A fault of one's own is meant.
        if signature.kernel.known() == Some(Known::Raises) {
            return Comes::Varies;
        }
        // Comparisons have a value for whatever they take.
        // Whether a calendar lists a day depends on the day.
        let is_of_calendar = |ty: &Type| match ty {
            Type::Days => true,
            Type::Enum(members) => members.of_calendars,
            _ => false,
        };
        if known < operands.len() && operands.iter().any(|(_, ty)| is_of_calendar(ty)) {
            return Comes::Varies;
        }
        if known == 0 || known < operands.len() && signature.kernel.known().is_some() {
            return Comes::Varies;
        }
        let mut choices = Vec::new();
        for (comes, ty) in operands {
            let values = match comes {
                Comes::To(constant, _) => constant.to_value().map(|value| vec![value]),
                _ => samples(ty),
            };
            match values {
                Some(values) => choices.push(values),
                None => return Comes::Varies,
            }
        }
        if known < operands.len() {
            // What is a limit for one may be a limit for another.
            let constants: Vec<_> =
                choices.iter().filter(|values| values.len() == 1).flatten().cloned().collect();
            for values in choices.iter_mut().filter(|values| values.len() > 1) {
                let Some(kind) = values.first().map(std::mem::discriminant) else { continue };
                let alike = constants.iter().filter(|value| std::mem::discriminant(*value) == kind);
                values.extend(alike.cloned());
            }
        }
        let context = Context {
            zone: &self.checker.names.settings.zone,
            calendars: &self.checker.names.checked.calendars,
        };
        let mut result = Comes::Varies;
        for values in rows(&choices) {
            match signature.kernel.run(&values, &context) {
                Ok(value) if known == operands.len() => {
                    return match Constant::from_value(&value) {
                        Some(constant) => Comes::To(constant, by_parameter),
                        None => Comes::Varies,
                    };
                }
                Ok(_) => return Comes::Varies,
                Err(problem) => result = Comes::ToNothing(problem, by_parameter),
            }
        }
        result
    }
}

fn by_parameter_too(comes: Comes, by_parameter: bool) -> Comes {
    match comes {
        Comes::To(constant, by) => Comes::To(constant, by || by_parameter),
        Comes::ToNothing(problem, by) => Comes::ToNothing(problem, by || by_parameter),
        Comes::Varies => Comes::Varies,
    }
}

/// Values of a type of which one has a result wherever any has: each operation grows or shrinks with its
/// operands, so that the ends and the middle tell.
fn samples(ty: &Type) -> Option<Vec<Value<'static>>> {
    Some(match ty.required() {
        Type::Number | Type::Money(_) => {
            let ends = [Number::from(i64::MIN), Number::from(i64::MAX)];
            [Number::ZERO, Number::ONE].into_iter().chain(ends).map(Value::Number).collect()
        }
        Type::Date => [Date::constant(2024, 2, 1), Date::MIN, Date::MAX].map(Value::Date).to_vec(),
        Type::Time => [Time::UNIX_EPOCH, Time::MIN, Time::MAX].map(Value::Time).to_vec(),
        Type::Duration => {
            [Duration::ZERO, Duration::from_secs(86_400)].map(Value::Duration).to_vec()
        }
        Type::Period => [0, 1].map(|months| Value::Period(Period::of_months(months))).to_vec(),
        Type::Version => ["0.0.0-0", "1.0.0"].map(|text| Value::Text(text.into())).to_vec(),
        Type::Text => ["", "a"].map(|text| Value::Text(text.into())).to_vec(),
        _ => return None,
    })
}

/// One value of each, in all combinations.
fn rows<'v>(choices: &[Vec<Value<'v>>]) -> Vec<Vec<Value<'v>>> {
    let mut rows = vec![Vec::new()];
    for values in choices {
        let longer = rows.iter().flat_map(|row: &Vec<Value<'v>>| {
            values.iter().map(|value| {
                let mut row = row.clone();
                row.push(value.clone());
                row
            })
        });
        rows = longer.collect();
    }
    rows
}
