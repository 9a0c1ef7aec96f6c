//! Warns of amounts that are decided in parts of the currency's minor unit: nobody can pay CNY 3.2967.

use std::cell::Cell;

use super::share::Shares;
use crate::check::checker::Checker;
use crate::check::evaluate;
use crate::check::typed::{
    Body, Checked, Constant, Expr, Given, Kind, LocalId, Policy, RecordId, Root,
};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::function;
use rulebook_lang::kernel::Context;
use rulebook_lang::model::{Date, Duration, Number, Type, Value, Zone};
use rulebook_lang::signature::{Shape, Signature};

/// How many expressions are looked at within the functions that an amount calls.
const MOST_STEPS: usize = 1_000;
/// How many values of a table are tried in a calculation.
const MOST_VALUES: usize = 64;

/// Warns of each amount that a policy decides and that may have parts of a minor unit.
pub(super) fn lint_amounts(checker: &mut Checker, policy: &Policy, shares: &Shares) {
    let decisions = policy.decisions.iter();
    let otherwise = decisions.filter_map(|decision| decision.otherwise.as_ref());
    let sets = policy.rules.iter().flat_map(|rule| &rule.sets).chain(&policy.on_fault);
    let mut values: Vec<_> = sets.map(|(_, value)| value).chain(otherwise).collect();
    for value in values.clone() {
        value.walk(&mut |inner| {
            if let Kind::Record(_, fields) = &inner.kind {
                values.extend(fields.iter().flatten());
            }
        });
    }
    let mut found = Vec::new();
    for value in values {
        let Type::Money(currency) = value.ty.required() else { continue };
        if is_rounded(value) {
            continue;
        }
        let looker = Looker {
            checked: &checker.names.checked,
            zone: &checker.names.settings.zone,
            shares,
            record: policy.record,
            steps: Cell::new(0),
        };
        let digits = currency.minor_digits();
        if let Some(parts) = looker.parts(value, digits, &[]) {
            found.push((value.span, parts, *currency, digits));
        }
    }
    for (span, parts, currency, digits) in found {
        let shown = checker.names.shown(span);
        let least = match digits {
            0 => "1".to_string(),
            digits => format!("0.{:01$}", 1, digits as usize),
        };
        let message =
            format!("this may have parts of {least} {currency}, the smallest amount that is paid");
        let mut problem = Diagnostic::new(Code::UnroundedMoney, span, message);
        if parts != span {
            problem = problem.also(parts, "this makes them");
        }
        let shown = if shown.len() < 60 { &shown } else { "…" };
        let help = format!(
            "round what is decided: `round({shown})`; `round(…, 4)` says that parts are meant"
        );
        checker.sink.report(problem.help(help));
    }
}

struct Looker<'l> {
    checked: &'l Checked,
    zone: &'l Zone,
    shares: &'l Shares,
    /// Whose fields are read.
    record: RecordId,
    steps: Cell<usize>,
}

/// What makes parts of an argument, if anything does.
type Arguments<'k> = &'k [(LocalId, Option<Span>)];

impl Looker<'_> {
    /// What may make an amount or a number have more digits than these behind the point; fields and
    /// decisions of others are taken for what they are meant to be.
    fn parts(&self, expr: &Expr, digits: u32, arguments: Arguments<'_>) -> Option<Span> {
        self.steps.set(self.steps.get() + usize::from(!arguments.is_empty()));
        if self.steps.get() > MOST_STEPS {
            return None;
        }
        let any = |constants: &[&Constant]| {
            let has_parts = constants.iter().any(|constant| !is_whole(constant, digits));
            has_parts.then_some(expr.span)
        };
        match &expr.kind {
            Kind::Constant(constant) => any(&[constant]),
            Kind::Parameter(id) => {
                let values = self.checked.parameters[*id].values.iter();
                any(&values.map(|(_, value)| value).collect::<Vec<_>>())
            }
            Kind::LookUp(id, output, operands) => {
                let table = &self.checked.tables[*id];
                let outputs =
                    || table.rows.iter().filter_map(|row| row.outputs.get(*output as usize));
                let constants: Vec<_> = outputs().filter_map(Given::constant).collect();
                if let Some(span) = any(&constants) {
                    return Some(span);
                }
                let given = table.inputs.iter().zip(operands).map(|(input, operand)| {
                    let own = digits_of(&input.ty);
                    (input.local, own.and_then(|own| self.parts(operand, own, arguments)))
                });
                let given: Vec<_> = given.collect();
                outputs().filter_map(Given::made).find_map(|made| self.parts(made, digits, &given))
            }
            Kind::Place(place) => {
                if self.shares.holds(self.record, place) {
                    return Some(expr.span);
                }
                let Root::Local(local) = place.root else { return None };
                let known = arguments.iter().find(|(known, _)| *known == local);
                known.filter(|_| place.fields.is_empty()).and_then(|(_, parts)| *parts)
            }
            Kind::Call(signature, operands) => {
                self.call(signature, operands, digits, arguments).then(|| {
                    let inner = operands.iter().find_map(|operand| {
                        self.parts(operand, digits_of(&operand.ty)?, arguments)
                    });
                    inner.unwrap_or(expr.span)
                })
            }
            Kind::Apply(id, operands) => {
                let function = &self.checked.functions[*id];
                let Body::Expression(body) = &function.body else { return None };
                let given =
                    function.arguments.iter().zip(operands).map(|((local, ty), operand)| {
                        let parts =
                            digits_of(ty).and_then(|own| self.parts(operand, own, arguments));
                        (*local, parts)
                    });
                let given: Vec<_> = given.collect();
                self.parts(body, digits, &given)
            }
            Kind::Let(_, value) => self.parts(value, digits, &[]),
            Kind::Choice(branches, otherwise) => {
                let values = branches.iter().map(|(_, value)| value).chain([&**otherwise]);
                values.into_iter().find_map(|value| self.parts(value, digits, arguments))
            }
            Kind::Coalesce(left, right) => {
                let mut values = [left, right].into_iter();
                values.find_map(|value| self.parts(value, digits, arguments))
            }
            Kind::Comprehension(inner) => {
                inner.body.as_ref().and_then(|body| self.parts(body, digits, arguments))
            }
            _ => None,
        }
    }

    /// Whether a calculation may give parts: it is made with values such as its operands may have.
    fn call(
        &self,
        signature: &Signature,
        operands: &[Expr],
        digits: u32,
        arguments: Arguments<'_>,
    ) -> bool {
        let values: Option<Vec<_>> =
            operands.iter().map(|operand| self.values(operand, arguments)).collect();
        let Some(values) = values else { return false };
        let context = Context { zone: self.zone, calendars: &[] };
        let mut rows: Vec<Vec<Value<'_>>> = vec![Vec::new()];
        for constants in &values {
            let longer = rows.iter().flat_map(|row| {
                let values = constants.iter().filter_map(Constant::to_value);
                values.map(|value| row.iter().cloned().chain([value]).collect())
            });
            rows = longer.take(MOST_VALUES * MOST_VALUES).collect();
        }
        rows.iter().any(|row| match signature.kernel.run(row, &context) {
            Ok(Value::Number(number)) => number.checked_round(digits) != Some(number),
            // What is no plain number has more digits than one.
            Ok(_) => matches!(signature.result, Shape::Number | Shape::Money),
            Err(_) => false,
        })
    }

    /// Values that an operand may have, of which some have parts if the operand may.
    fn values(&self, operand: &Expr, arguments: Arguments<'_>) -> Option<Vec<Constant>> {
        if let Ok(Some(constant)) = evaluate::evaluate(operand, self.checked, self.zone) {
            return Some(vec![constant]);
        }
        match &operand.through().kind {
            Kind::Parameter(id) => {
                let values = self.checked.parameters[*id].values.iter();
                return Some(values.map(|(_, value)| value.clone()).collect());
            }
            Kind::LookUp(id, output, _) if !matches!(operand.ty, Type::List(_)) => {
                let rows = self.checked.tables[*id].rows.iter();
                let outputs = rows.filter_map(|row| row.outputs.get(*output as usize));
                let is_known = outputs.clone().all(|given| given.made().is_none());
                let values = outputs.filter_map(Given::constant).cloned();
                let values: Vec<_> = values.take(MOST_VALUES).collect();
                if is_known && !values.is_empty() {
                    return Some(values);
                }
            }
            _ => {}
        }
        let number = |units| Number::from_units(units).map(Constant::Number);
        Some(match operand.ty.required() {
            ty if digits_of(ty).is_some() => {
                let own = digits_of(ty)?;
                match self.parts(operand, own, arguments) {
                    Some(_) => vec![number(333_333_333)?, number(12_345_678_912)?],
                    None => {
                        let least = 10_i128.pow(9_u32.checked_sub(own)?);
                        vec![number(3 * least)?, number(701 * least)?]
                    }
                }
            }
            Type::Duration => {
                let lengths = [Duration::from_secs(86_400), Duration::from_secs(90_061)];
                lengths.map(Constant::Duration).to_vec()
            }
            Type::Date => [Date::constant(2024, 1, 31), Date::constant(2024, 3, 1)]
                .map(Constant::Date)
                .to_vec(),
            _ => return None,
        })
    }
}

/// Whether an amount is rounded as far as its author says, be it to parts.
fn is_rounded(expr: &Expr) -> bool {
    let Kind::Call(signature, _) = &expr.through().kind else { return false };
    let mut functions = function::all().filter(|function| function.name.starts_with("round"));
    functions.any(|function| function.signatures.iter().any(|own| std::ptr::eq(own, *signature)))
}

/// The digits of what is whole of a type.
fn digits_of(ty: &Type) -> Option<u32> {
    match ty.required() {
        Type::Number => Some(0),
        Type::Money(currency) => Some(currency.minor_digits()),
        // As most currencies have.
        ty if ty.is_money() => Some(2),
        _ => None,
    }
}

fn is_whole(constant: &Constant, digits: u32) -> bool {
    match constant {
        Constant::Number(number) => number.checked_round(digits) == Some(*number),
        Constant::Fraction(_) => false,
        _ => true,
    }
}
