//! Warns of a share that is written in percent in one place and compared with a plain number above 1 in
//! another: `share > 20` is 2,000%.

use rustc_hash::FxHashMap;

use super::evaluated::Evaluated;
use crate::check::checker::Checker;
use crate::check::share;
use crate::check::typed::{Constant, Expr, Kind, Place, Policy, RecordId, Root};
use rulebook_base::source::Span;
use rulebook_lang::model::{Number, Type};

/// The fields that are shares, each with a place that says so.
#[derive(Default)]
pub(super) struct Shares {
    fields: FxHashMap<(RecordId, Place), Span>,
}

impl Shares {
    /// The fields of which a policy compares one with percent.
    pub(super) fn of(checker: &Checker, evaluated: &Evaluated<'_>) -> Self {
        let mut shares = Self::default();
        if !writes_percent(checker) {
            return shares;
        }
        let checked = &checker.names.checked;
        for (policy, expr) in evaluated.by_policy() {
            compared(expr, |value, other| {
                if let Some(place) = field(value)
                    && is_percent(checker, other)
                {
                    shares.add(policy.record, place, other.span);
                }
            });
            if let Kind::LookUp(id, _, arguments) = &expr.kind {
                let inputs = checked.tables[*id].inputs.iter();
                for (argument, input) in arguments.iter().zip(inputs) {
                    if let Some(place) = field(argument)
                        && input.percent
                    {
                        shares.add(policy.record, place, input.span);
                    }
                }
            }
        }
        shares
    }

    fn add(&mut self, record: RecordId, place: &Place, span: Span) {
        self.fields.entry((record, place.clone())).or_insert(span);
    }

    /// Whether a field of a record is a share.
    pub(super) fn holds(&self, record: RecordId, place: &Place) -> bool {
        place.root == Root::Record && self.fields.contains_key(&(record, place.clone()))
    }

    /// Where it says that a value is a share.
    fn place(&self, checker: &Checker, record: RecordId, value: &Expr) -> Option<Span> {
        let checked = &checker.names.checked;
        match &value.through().kind {
            Kind::Place(place) => self.fields.get(&(record, place.clone())).copied(),
            Kind::Parameter(id) => {
                let parameter = &checked.parameters[*id];
                parameter.percent.then_some(parameter.span)
            }
            Kind::LookUp(id, output, _) => {
                let output = checked.tables[*id].outputs.get(*output as usize)?;
                output.percent.then_some(output.span)
            }
            _ => None,
        }
    }
}

/// Warns of plain numbers above 1 beside shares.
pub(super) fn lint_shares(checker: &mut Checker, shares: &Shares, evaluated: &Evaluated<'_>) {
    if !writes_percent(checker) {
        return;
    }
    let mut found = Vec::new();
    for (policy, expr) in evaluated.by_policy() {
        compared(expr, |value, other| {
            if is_above_one(checker, other)
                && let Some(place) = shares.place(checker, policy.record, value)
            {
                found.push((other.span, place));
            }
        });
    }
    for policy in &*checker.names.checked.policies {
        found.extend(mixed_outcomes(checker, policy));
    }
    for (span, place) in found {
        share::report(checker, span, place);
    }
}

/// Plain numbers above 1 that a policy decides where it decides percent elsewhere.
fn mixed_outcomes(checker: &Checker, policy: &Policy) -> Vec<(Span, Span)> {
    let mut found = Vec::new();
    for (at, decision) in (0..).zip(&*policy.decisions) {
        let sets = policy.rules.iter().flat_map(|rule| &rule.sets).chain(&policy.on_fault);
        let sets = sets.filter(|(id, _)| id.0 == at).map(|(_, value)| value);
        let values: Vec<_> = sets.chain(&decision.otherwise).collect();
        let percent = values.iter().find(|value| is_written_in_percent(checker, value));
        let Some(percent) = percent else { continue };
        let plain = values.iter().filter(|value| is_above_one(checker, value));
        found.extend(plain.map(|value| (value.span, percent.span)));
    }
    found
}

/// Whether anything is written in percent: else there is nothing to mix up.
fn writes_percent(checker: &Checker) -> bool {
    checker.names.sources.iter().any(|(_, file)| file.text.contains('%'))
}

/// Calls `visit` with each operand of a comparison and what it is compared with.
fn compared(expr: &Expr, mut visit: impl FnMut(&Expr, &Expr)) {
    match &expr.kind {
        Kind::Call(signature, operands) if signature.kernel.comparison().is_some() => {
            if let [left, right] = operands.as_slice() {
                visit(left, right);
                visit(right, left);
            }
        }
        Kind::InRange(range) => {
            visit(&range.value, &range.low);
            visit(&range.value, &range.high);
        }
        Kind::AnyOf(value, items, _) => items.iter().for_each(|item| visit(value, item)),
        _ => {}
    }
}

fn field(expr: &Expr) -> Option<&Place> {
    match &expr.through().kind {
        Kind::Place(place) if place.root == Root::Record => Some(place),
        _ => None,
    }
}

/// Whether an author wrote a value in percent, here or where it is defined.
fn is_percent(checker: &Checker, expr: &Expr) -> bool {
    let checked = &checker.names.checked;
    let expr = expr.through();
    match &expr.kind {
        Kind::Parameter(id) => checked.parameters[*id].percent,
        Kind::LookUp(id, output, _) => {
            let output = checked.tables[*id].outputs.get(*output as usize);
            output.is_some_and(|output| output.percent)
        }
        _ => is_written_in_percent(checker, expr),
    }
}

fn is_written_in_percent(checker: &Checker, expr: &Expr) -> bool {
    expr.constant().is_some() && checker.names.sources.text(expr.span).trim_end().ends_with('%')
}

/// Whether a value is written as a plain number above 1.
fn is_above_one(checker: &Checker, expr: &Expr) -> bool {
    let Some(Constant::Number(number)) = expr.constant() else { return false };
    *expr.ty.required() == Type::Number
        && *number > Number::ONE
        && !is_written_in_percent(checker, expr)
}
