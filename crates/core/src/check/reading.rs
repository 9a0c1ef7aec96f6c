//! Checks what policies read beside the record: counters, and decisions of each other.

use super::checker::Checker;
use super::circle::circles;
use super::decided::decided;
use super::field;
use super::names::Named;
use super::read_elements;
use super::scope::{CounterReader, Scope};
use super::sink::{DecisionReading, Wrong};
use super::typed::{CounterId, Expr, Kind, RecordId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_syntax::ast;

/// A counter that an expression reads.
pub(super) fn read_counter(
    checker: &mut Checker,
    id: CounterId,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let Some(counter) = checker.names.checked.counters.get(id.index()) else {
        return misplaced(checker, id, span, scope);
    };
    let (ty, record, defined) = (counter.ty.clone(), counter.record, counter.span);
    let (name, has_date) = (counter.name.clone(), counter.has_date);
    let CounterReader::Policy { dated } = scope.reader else {
        return misplaced(checker, id, span, scope);
    };
    let judged = scope.record.map(|record| checker.names.base_of(record));
    if let (Some(counted), Some(judged)) = (record, judged)
        && counted != judged
    {
        let name_of = |id: RecordId| &checker.names.record(id).name;
        let message = format!(
            "`{name}` counts `{}` records, and this policy judges `{}`",
            name_of(counted),
            name_of(judged)
        );
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::MisplacedCounter, span, message)
                .also(defined, "the counter is defined here")
                .help("only policies for the record that is counted can read a counter"),
        ));
    }
    if !dated && !has_date {
        let message = format!("`{name}` does not know when a record happened");
        checker.sink.report(
            Diagnostic::new(Code::UndatedCounter, span, message)
                .also(defined, "the counter is defined here")
                .help("say `dated by` in the counter, or in this policy"),
        );
    }
    let read = Expr { span, ty, kind: Kind::Counter(id) };
    match scope.knows_value(&read) {
        true => Ok(Expr { ty: read.ty.required().clone(), ..read }),
        false => Ok(read),
    }
}

fn misplaced(
    checker: &mut Checker,
    id: CounterId,
    span: Span,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let name = checker.names.shown(span);
    let (message, help) = match scope.reader {
        CounterReader::Counter => (
            format!("a counter cannot count by `{name}`, which is a counter itself"),
            "let the rule read both counters".to_string(),
        ),
        CounterReader::Measure => (
            format!("a measure cannot read `{name}`, which is a counter"),
            "let a decision of the policy say what the counter says, and measure that".to_string(),
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
    let defined = checker.names.checked.counters.get(id.index()).map(|counter| counter.span);
    let mut diagnostic = Diagnostic::new(Code::MisplacedCounter, span, message).help(help);
    if let Some(defined) = defined {
        diagnostic = diagnostic.also(defined, "the counter is defined here");
    }
    Err(checker.sink.wrong(diagnostic))
}

/// How many policies may read one behind the other.
const MAX_READINGS: usize = 16;

/// The decision that `policy.decision` means, for the record of the policy in which it stands.
pub(super) fn decision_of(
    checker: &mut Checker,
    path: &ast::Path,
    scope: &Scope,
) -> Result<Expr, Wrong> {
    let Some((first, rest)) = path.names.split_first() else { return Err(Wrong::reported()) };
    let of = match checker.names.get(first.text) {
        Some(Named::Policy(of)) => *of,
        Some(Named::Overlay(amended)) => {
            let message = format!("`{}` only amends `{amended}`", first.text);
            let name = rest.first().map_or("…", |name| name.text);
            let help = format!("read the policy's decision: `{amended}.{name}`");
            let code = Code::UnknownDecision;
            return Err(checker.sink.wrong(Diagnostic::new(code, first.span, message).help(help)));
        }
        _ => return Err(Wrong::reported()),
    };
    let Some(record) = scope.record else {
        return Err(report_no_record(checker, path, scope));
    };
    // What stands in a record is read by whoever reads its name.
    let reading =
        scope.policy.map(|by| DecisionReading { elements: false, by, of, span: path.span });
    checker.sink.readings.extend(reading);
    let policy = checker.names.policies.get(of.index()).and_then(Option::as_ref);
    let policy = policy.ok_or_else(Wrong::reported)?;
    read_elements::readable(checker, policy, path, (scope.policy, record))?;
    let Some((name, fields)) = rest.split_first() else { return Err(Wrong::reported()) };
    let decisions = policy.decisions.iter().map(|(name, _)| name.as_str());
    let decision = decided(checker, &policy.name, decisions, name)?;
    let (_, ty) = policy.decisions.get(decision.index()).ok_or_else(Wrong::reported)?;
    let kind = Kind::Decision(of, decision);
    let span = Span { end: name.span.end, ..path.span };
    let read = Expr { span, ty: ty.clone(), kind };
    let ty = if scope.knows_value(&read) { read.ty.required().clone() } else { read.ty };
    field::fields_of(checker, Expr { ty, ..read }, fields, path.span, scope)
}

/// Reports a decision that is read where no record is judged.
fn report_no_record(checker: &mut Checker, path: &ast::Path, scope: &Scope) -> Wrong {
    let (message, help) = match scope.constant {
        true => (
            "a decision is not known before a record is judged",
            "write a literal, or a calculation of literals".to_string(),
        ),
        false if scope.reader == CounterReader::Counter => {
            ("a counter reads no decisions", "count by what the record says".to_string())
        }
        false => (
            "a function reads no decisions",
            format!("hand it over as an argument: `…({})`", checker.names.shown(path.span)),
        ),
    };
    checker.sink.wrong(Diagnostic::new(Code::NotConstant, path.span, message).help(help))
}

/// Reports policies that read each other in a circle, or one behind the other too often.
pub(super) fn check(checker: &mut Checker) {
    let mut edges: Vec<Vec<(usize, Span)>> = vec![Vec::new(); checker.names.policies.len()];
    // What a policy reads of itself is looked at decision by decision.
    let readings = checker.sink.readings.iter();
    let others = readings.filter(|reading| reading.by != reading.of || reading.elements);
    for DecisionReading { by, of, span, .. } in others {
        let reads = edges.get_mut(by.index());
        reads.into_iter().for_each(|reads| reads.push((of.index(), *span)));
    }
    let from = |at: usize| edges.get(at).map_or([].as_slice(), Vec::as_slice);
    let next = |at: usize, visit: &mut dyn FnMut(usize)| {
        from(at).iter().for_each(|(target, _)| visit(*target));
    };
    let circles = circles(edges.len(), &next);
    for circle in &circles {
        report_circle(checker, circle, &from);
    }
    if circles.is_empty() {
        check_readings_depth(checker, &edges);
    }
}

fn report_circle<'e>(
    checker: &mut Checker,
    circle: &[usize],
    from: &dyn Fn(usize) -> &'e [(usize, Span)],
) {
    let name = |at: usize| {
        let policy = checker.names.policies.get(at).into_iter().flatten().next();
        policy.map(|policy| policy.name.clone()).unwrap_or_default()
    };
    let behind = circle.iter().skip(1).chain(circle.first());
    let steps = circle.iter().zip(behind).filter_map(|(by, of)| {
        let (_, span) = from(*by).iter().find(|(target, _)| target == of)?;
        Some((format!("`{}` reads `{}`", name(*by), name(*of)), *span))
    });
    let steps: Vec<_> = steps.collect();
    let Some(((first, span), others)) = steps.split_first() else { return };
    let names = circle.iter().chain(circle.first()).map(|at| format!("`{}`", name(*at)));
    let names: Vec<_> = names.collect();
    let (message, help) = match circle {
        [single] => (
            format!("policy `{}` goes through what it decides itself", name(*single)),
            "let another policy for the same record go through it",
        ),
        _ => (
            format!("policies read each other in a circle: {}", names.join(" reads ")),
            "drop one of them; what is read must be decided first",
        ),
    };
    let diagnostic = Diagnostic::new(Code::PolicyCycle, *span, message).label(first).help(help);
    let diagnostic = others.iter().fold(diagnostic, |all, (label, span)| all.also(*span, label));
    checker.sink.report(diagnostic);
}

/// Reports the reading from which more policies than allowed stand one behind the other; there
/// are no circles.
fn check_readings_depth(checker: &mut Checker, edges: &[Vec<(usize, Span)>]) {
    let mut depths = vec![0_usize; edges.len()];
    for _ in 0..=MAX_READINGS {
        let before = depths.clone();
        for (depth, reads) in depths.iter_mut().zip(edges) {
            let below = reads.iter().filter_map(|(target, _)| before.get(*target)).max();
            *depth = below.map_or(0, |below| below + 1);
        }
        if before == depths {
            return;
        }
    }
    let too_deep = depths.iter().position(|depth| *depth > MAX_READINGS);
    let reading = too_deep.and_then(|at| {
        let reads = edges.get(at)?.iter();
        reads.max_by_key(|(target, _)| depths.get(*target)).map(|(_, span)| *span)
    });
    if let Some(span) = reading {
        let message =
            format!("more than {MAX_READINGS} policies read one behind the other from here on");
        checker.sink.report(
            Diagnostic::new(Code::TooDeep, span, message).help("decide some of it in one policy"),
        );
    }
}
