//! Checks who reads what a policy decides about each element of a list: another one for the same list, element by
//! element, and all others as a list.

use std::sync::Arc;

use super::checker::Checker;
use super::names::Declared;
use super::scope::Scope;
use super::sink::{DecisionReading, Wrong};
use super::typed::{Expr, Kind, PolicyId, RecordId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::{RecordType, Type};
use rulebook_syntax::ast;

/// Reports a decision that the policy at hand cannot read by itself: one about other records, or about each
/// element of a list.
pub(super) fn readable(
    checker: &mut Checker,
    policy: &Declared,
    path: &ast::Path,
    (by, record): (Option<PolicyId>, RecordId),
) -> Result<(), Wrong> {
    let names = checker.names;
    let name_of = |id: RecordId| &names.record(id).name;
    let problem = |message: String| Diagnostic::new(Code::WrongType, path.span, message);
    if names.base_of(policy.record) != names.base_of(record) {
        let message = format!(
            "policy `{}` judges `{}`, not `{}`",
            policy.name,
            name_of(policy.record),
            name_of(record)
        );
        let problem = problem(message).help("only policies for the same record can be read");
        return Err(checker.sink.wrong(problem));
    }
    let Some(read) = &policy.elements else { return Ok(()) };
    let by = by.and_then(|by| names.policies.get(by.index())?.as_ref());
    let own = by.and_then(|policy| policy.elements.as_ref());
    if own.is_some_and(|own| own.lists == read.lists) {
        return Ok(());
    }
    let name = path.names.get(1).map_or("…", |name| name.text);
    let message = format!("policy `{}` decides `{name}` for each of `{}`", policy.name, read.path);
    let (variable, policy) = (read.name.chars().next().unwrap_or('e'), &policy.name);
    let help =
        format!("go through all of them: `any({variable} in {policy}: {variable}.{name} …)`");
    Err(checker.sink.wrong(problem(message).help(help)))
}

/// All that a policy decided about the elements of a list, as a list.
pub(super) fn list(
    checker: &mut Checker,
    of: PolicyId,
    span: Span,
    scope: &Scope,
) -> Option<Result<Expr, Wrong>> {
    let names = checker.names;
    let policy = names.policies.get(of.index())?.as_ref()?;
    policy.elements.as_ref()?;
    let Some(record) = scope.record else {
        let message = format!("what `{}` decides is not known here", policy.name);
        let help = "only a policy for the same record goes through it";
        let problem = Diagnostic::new(Code::NotConstant, span, message).help(help);
        return Some(Err(checker.sink.wrong(problem)));
    };
    if names.base_of(policy.record) != names.base_of(record) {
        let (judged, own) = (&names.record(policy.record).name, &names.record(record).name);
        let message = format!("policy `{}` judges `{judged}`, not `{own}`", policy.name);
        let problem = Diagnostic::new(Code::WrongType, span, message)
            .help("only policies for the same record can be read");
        return Some(Err(checker.sink.wrong(problem)));
    }
    let ty =
        Type::List(Box::new(Type::Record(Arc::new(RecordType::new(policy.name.as_str().into())))));
    // What stands in a record is read by whoever reads its name.
    let reading = scope.policy.map(|by| DecisionReading { elements: true, by, of, span });
    checker.sink.readings.extend(reading);
    Some(Ok(Expr { span, ty, kind: Kind::Elements(of) }))
}
