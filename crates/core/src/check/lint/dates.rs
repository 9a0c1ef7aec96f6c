//! Warns of rules that start too soon, before what they read has a value, or by a clock that nobody named.

use std::collections::HashSet;

use crate::check::checker::Checker;
use crate::check::typed::{
    Body, Checked, Effect, Expr, Kind, Parameter, ParameterId, Policy, Rule, Text,
};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{Date, Type, add_days, start_of_day};
use rulebook_syntax::ast;

/// Warns of a rule that is in force too soon after it was announced.
pub(super) fn lint_notice(checker: &mut Checker, rule: &Rule, announced: Option<Date>) {
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

/// Warns of a rule that is in force before a parameter that it reads has a value.
pub(super) fn lint_gaps(checker: &mut Checker, rule: &Rule) {
    let begins = rule.phases.first().map(|phase| phase.from);
    for (id, span) in parameters_of(rule, &checker.names.checked) {
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

/// Every parameter that a rule reads, by way of functions and tables too, with the place in the rule.
fn parameters_of<'c>(rule: &'c Rule, checked: &'c Checked) -> Vec<(ParameterId, Span)> {
    let mut found: Vec<(ParameterId, Span)> = Vec::new();
    let mut visit = |expr: &'c Expr| {
        let mut pending = vec![(expr, None::<Span>)];
        let (mut functions, mut tables) = (HashSet::new(), HashSet::new());
        while let Some((expr, at)) = pending.pop() {
            expr.walk(&mut |inner| match &inner.kind {
                Kind::Parameter(id) if !found.iter().any(|(earlier, _)| earlier == id) => {
                    found.push((*id, at.unwrap_or(inner.span)));
                }
                Kind::Let(_, value) => pending.push((value, Some(at.unwrap_or(inner.span)))),
                Kind::Apply(function, _) if functions.insert(*function) => {
                    if let Body::Expression(body) = &checked.functions[*function].body {
                        pending.push((body, Some(at.unwrap_or(inner.span))));
                    }
                }
                Kind::LookUp(table, ..) if tables.insert(*table) => {
                    let cells = checked.tables[*table].expressions();
                    pending.extend(cells.map(|cell| (cell, Some(at.unwrap_or(inner.span)))));
                }
                _ => {}
            });
        }
    };
    let reasons = rule.because.iter().flat_map(Text::values);
    rule.expressions().chain(reasons).for_each(&mut visit);
    found
}

/// Warns of a policy whose dates are compared with the time of the evaluation without saying so, so that
/// a record comes to another decision when it is judged again.
pub(super) fn lint_undated(checker: &mut Checker, policy: &Policy, nodes: &[&ast::Policy]) {
    let says =
        |name: &str| nodes.iter().any(|node| node.name.text == name && node.dated_by.is_some());
    if says(&policy.name) {
        return;
    }
    // Those of an overlay count by its own date, if it names one.
    let mut rules = policy.rules.iter().filter(|rule| {
        let overlay = rule.overlay.and_then(|at| policy.overlays.get(usize::from(at)));
        rule.dated.is_none() && overlay.is_none_or(|overlay| !says(&overlay.name))
    });
    let Some((span, what)) = rules.find_map(|rule| dated_part(checker, rule)) else { return };
    let record = &checker.names.checked.records[policy.record];
    let mut fields = record.fields.iter();
    let field = fields.find(|field| matches!(field.ty, Type::Time | Type::Date));
    let by_field = match field {
        Some(field) => format!("`dated by {}`", field.name),
        None => "`dated by` with a time or date of the record".to_string(),
    };
    let message = format!(
        "policy `{}` does not say by which date of the record its dates count: the clock of the machine \
         decides",
        policy.name
    );
    let help = format!(
        "write {by_field} behind `for {}`; or `dated by now` if the time of the evaluation is meant",
        record.name
    );
    let problem = Diagnostic::new(Code::Undated, policy.span, message).also(span, what);
    checker.sink.report(problem.help(help));
}

/// What of a rule depends on a date, and where that stands.
fn dated_part(checker: &Checker, rule: &Rule) -> Option<(Span, String)> {
    if let Some(phase) = rule.phases.first() {
        return Some((phase.span, "this begins on a date".to_string()));
    }
    if rule.until.is_some() {
        return Some((rule.span, "this rule ends on a date".to_string()));
    }
    let checked = &checker.names.checked;
    let dated = |parameter: &Parameter| matches!(parameter.values.first(), Some((Some(_), _)));
    for expr in reached(rule, checked) {
        let mut found = None;
        expr.walk(&mut |inner| {
            let name = match &inner.kind {
                Kind::Parameter(id) if dated(&checked.parameters[*id]) => {
                    &checked.parameters[*id].name
                }
                Kind::LookUp(id, ..) if checked.tables[*id].dates.is_some() => {
                    &checked.tables[*id].name
                }
                _ => return,
            };
            found.get_or_insert((inner.span, format!("`{name}` depends on a date")));
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The expressions of a rule, and those of the functions that it calls and the tables that it looks up in.
fn reached<'c>(rule: &'c Rule, checked: &'c Checked) -> Vec<&'c Expr> {
    let reasons = rule.because.iter().flat_map(Text::values);
    let mut reached: Vec<&Expr> = rule.expressions().chain(reasons).collect();
    let (mut functions, mut tables) = (HashSet::new(), HashSet::new());
    let mut named = HashSet::new();
    let mut next = 0;
    while let Some(expr) = reached.get(next).copied() {
        next += 1;
        expr.walk(&mut |inner| match &inner.kind {
            Kind::Apply(function, _) if functions.insert(*function) => {
                if let Body::Expression(body) = &checked.functions[*function].body {
                    reached.push(body);
                }
            }
            Kind::LookUp(table, ..) if tables.insert(*table) => {
                reached.extend(checked.tables[*table].expressions());
            }
            Kind::Let(id, value) if named.insert(*id) => reached.push(value),
            _ => {}
        });
    }
    reached
}
