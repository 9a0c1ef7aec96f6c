//! Checks what policies measure over many records.

use super::checker::Checker;
use super::cites;
use super::infer::{expect, infer};
use super::scope::{CounterReader, Scope};
use super::typed::{Expr, Measurement, Policy};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, ItemKind, Origin};

/// Adds the measures among some items to those of a policy. `scope` is that of its rules.
pub(super) fn measurements(
    checker: &mut Checker,
    items: &[ast::Item],
    policy: &mut Policy,
    scope: &Scope,
) {
    let scope =
        Scope { outcomes: policy.outcomes(), reader: CounterReader::Measure, ..scope.clone() };
    for item in items {
        let ItemKind::Measurement(node) = &item.kind else { continue };
        let name = &node.name;
        if let Some(first) = policy.measurements.iter().find(|earlier| earlier.name == name.text) {
            let message = format!("policy `{}` has two measures `{}`", policy.name, name.text);
            checker.sink.report_twice(message, name.span, first.span);
        }
        let measurement = measurement(checker, node, &scope);
        policy.measurements.push(measurement);
    }
}

fn measurement(checker: &mut Checker, node: &ast::Measurement, scope: &Scope) -> Measurement {
    let filter = node.filter.as_ref().map(|filter| expect(checker, filter, &Type::Bool, scope));
    let counted = match &filter {
        Some(filter) => scope.clone().after(filter, true),
        None => scope.clone(),
    };
    let (mut sources, mut assumed) = (Vec::new(), Vec::new());
    for origin in &node.origins {
        match origin {
            Origin::Source(source) => sources.push(cites::citation(checker, source)),
            Origin::Assumed(text) => assumed.push(text.value.to_string()),
        }
    }
    let value = node.value.as_ref().map(|value| measured(checker, value, &counted));
    let currency = value.as_ref().and_then(|value| match value.ty {
        Type::Money(currency) => Some(currency),
        _ => None,
    });
    Measurement {
        name: node.name.text.to_string(),
        title: node.title.as_ref().map(|title| cites::title(checker, title, scope)),
        sources,
        assumed,
        reckoning: node.reckoning,
        value,
        currency,
        filter,
        span: node.name.span,
    }
}

/// What is added up.
fn measured(checker: &mut Checker, expr: &ast::Expr, scope: &Scope) -> Expr {
    let value = infer(checker, expr, None, scope);
    let (code, message, help) = match &value.ty {
        Type::Number | Type::Money(_) | Type::Unknown => return value,
        Type::Optional(_) => (
            Code::Unguarded,
            format!("`{}` may be missing here", checker.names.shown(value.span)),
            "measure only where it is there: `… where x is present`, or add up `x ?? 0`",
        ),
        ty if ty.is_money() => (
            Code::UnprovedCurrency,
            format!(
                "`{}` may be in any currency, and a measure adds up amounts in one",
                checker.names.shown(value.span)
            ),
            "measure those in one: `… where x.currency == CNY`, or convert: `convert(x, CNY, rate)`",
        ),
        Type::Duration => (
            Code::WrongType,
            "a measure adds up numbers or amounts, not durations".to_string(),
            "say in which unit: `days_between(a, b)`",
        ),
        other => (
            Code::WrongType,
            format!("{} cannot be measured", other.described()),
            "add up numbers or amounts; `count where …` counts records",
        ),
    };
    let found = format!("this is {}", value.ty.described());
    checker
        .sink
        .wrong(Diagnostic::new(code, value.span, message).label(found).help(help))
        .at(value.span)
}
