//! Warns of what is allowed but hardly meant.

use std::collections::HashSet;

use super::checker::Checker;
use super::evaluate;
use super::typed::{
    Body, Constant, Effect, Expr, Function, Kind, Parameter, ParameterId, Rule, Text,
};
use crate::ids::{FunctionId, IdVec};
use rulebook_base::diagnostic::{Code, Diagnostic, Severity};
use rulebook_base::source::Span;
use rulebook_lang::model::{add_days, start_of_day};
use rulebook_syntax::ast;

pub(super) fn lint(checker: &mut Checker, definitions: &[&ast::Definition]) {
    // What a piece with errors would use, and when it would hold, is not known.
    let broken =
        checker.sink.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if broken || checker.names.slips {
        return;
    }
    lint_unused(checker, definitions);
    let dated = |parameter: &Parameter| matches!(parameter.values.first(), Some((Some(_), _)));
    let has_gaps = checker.names.checked.parameters.iter().any(dated);
    for policy in &checker.names.checked.policies {
        for rule in &policy.rules {
            let overlay = rule.overlay.and_then(|at| policy.overlays.get(usize::from(at)));
            let announced = overlay.map_or(policy.announced, |overlay| overlay.announced);
            lint_notice(checker, rule, announced);
            if has_gaps {
                lint_gaps(checker, rule);
            }
            lint_constants(checker, rule);
        }
    }
}

fn lint_unused(checker: &mut Checker, definitions: &[&ast::Definition]) {
    for definition in definitions {
        let name = definition.kind.name();
        let is_policy = matches!(definition.kind, ast::DefinitionKind::Policy(_));
        if is_policy || checker.sink.used.contains(name.text) {
            continue;
        }
        let message = format!("{} `{}` is never used", definition.kind.keyword(), name.text);
        checker.sink.report(Diagnostic::new(Code::Unused, name.span, message).help("remove it"));
    }
}

fn lint_notice(checker: &mut Checker, rule: &Rule, announced: Option<rulebook_lang::model::Date>) {
    let days = checker.names.settings.notice_days;
    let Some(announced) = announced else { return };
    let zone = &checker.names.settings.zone;
    let Some(earliest) = add_days(announced, days) else { return };
    let published = start_of_day(announced, zone);
    let soonest = start_of_day(earliest, zone);
    // A phase from before the announcement was published otherwise.
    let early = rule.phases.iter().find(|phase| {
        phase.effect == Effect::Enforce
            && published.is_some_and(|at| phase.from >= at)
            && soonest.is_some_and(|at| phase.from < at)
    });
    if let Some(span) = early.map(|phase| phase.span) {
        let message = format!(
            "rule `{}` is in force less than {days} days after its announcement on {announced}",
            rule.name
        );
        checker.sink.report(Diagnostic::new(Code::NoticePeriod, span, message).help(format!(
            "start on {earliest} or later, or set `notice-period` in rulebook.yaml"
        )));
    }
}

fn lint_gaps(checker: &mut Checker, rule: &Rule) {
    let begins = rule.phases.first().map(|phase| phase.from);
    for (id, span) in parameters_of(rule, &checker.names.checked.functions) {
        let parameter = &checker.names.checked.parameters[id];
        let Some(first) = parameter.values.first().and_then(|(from, _)| *from) else {
            continue;
        };
        if begins.is_none_or(|begins| begins < first) {
            let message =
                format!("rule `{}` is in force before `{}` has a value", rule.name, parameter.name);
            let defined = parameter.span;
            checker.sink.report(
                Diagnostic::new(Code::ParameterGap, span, message)
                    .also(defined, "its first value is here")
                    .help("give the parameter an earlier value, or start the rule later"),
            );
        }
    }
}

/// Reports calculations of constants that have no value, whatever the record, and conditions
/// that are always true or always false.
fn lint_constants(checker: &mut Checker, rule: &Rule) {
    let (mut broken, mut fixed) = (Vec::new(), Vec::new());
    let conditions = rule.when.iter().chain(&rule.unless).map(|condition| (condition, true));
    let values = rule.sets.iter().map(|(_, value)| (value, false));
    for (expr, is_condition) in conditions.chain(values) {
        expr.walk(&mut |inner| {
            if !matches!(inner.kind, Kind::Call(..)) {
                return;
            }
            match evaluate::evaluate(inner, &checker.names.checked, &checker.names.settings.zone) {
                // Parameters are meant to be changed and do not count.
                Ok(Some(Constant::Bool(value))) if is_condition && !reads_parameter(inner) => {
                    fixed.push((inner.span, value));
                }
                Ok(_) => {}
                Err(problem) => {
                    // The inmost comes last.
                    broken.retain(|(outer, _): &(Span, _)| {
                        outer.end < inner.span.start || inner.span.end < outer.start
                    });
                    broken.push((inner.span, problem));
                }
            }
        });
    }
    for (span, problem) in broken {
        checker.sink.error(Code::BadLiteral, span, format!("this has no value: {problem}"));
    }
    for (span, value) in fixed {
        let message = format!("this is always {value}");
        checker.sink.report(
            Diagnostic::new(Code::ConstantCondition, span, message)
                .help("leave it out, or compare with a field"),
        );
    }
}

fn reads_parameter(expr: &Expr) -> bool {
    let mut reads = false;
    expr.walk(&mut |inner| reads |= matches!(inner.kind, Kind::Parameter(_)));
    reads
}

/// Every parameter that a rule reads, by way of functions too, with the place in the rule.
fn parameters_of<'c>(
    rule: &'c Rule,
    functions: &'c IdVec<FunctionId, Function>,
) -> Vec<(ParameterId, Span)> {
    let mut found: Vec<(ParameterId, Span)> = Vec::new();
    let mut visit = |expr: &'c Expr| {
        let mut pending = vec![(expr, None::<Span>)];
        let mut seen = HashSet::new();
        while let Some((expr, at)) = pending.pop() {
            expr.walk(&mut |inner| match &inner.kind {
                Kind::Parameter(id) if !found.iter().any(|(earlier, _)| earlier == id) => {
                    found.push((*id, at.unwrap_or(inner.span)));
                }
                Kind::Apply(function, _) if seen.insert(*function) => {
                    if let Body::Expression(body) = &functions[*function].body {
                        pending.push((body, Some(at.unwrap_or(inner.span))));
                    }
                }
                _ => {}
            });
        }
    };
    let reasons = rule.because.iter().flat_map(Text::values);
    rule.expressions().chain(reasons).for_each(&mut visit);
    found
}
