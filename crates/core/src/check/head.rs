//! Checks what holds for all rules of a policy or an overlay: its record, its title, its dates.

use super::checker::Checker;
use super::infer::infer;
use super::names::Named;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Constant, Kind, Place, RecordId, Text};
use super::{cites, constant};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Date, Type};
use rulebook_syntax::ast::{self, ItemKind};

/// The title of a policy or an overlay, which stands once.
pub(super) fn one_title(
    checker: &mut Checker,
    title: &mut Option<Text>,
    texts: &ast::Texts,
    scope: &Scope,
) {
    if title.is_some() {
        checker.sink.error(Code::DuplicateClause, texts.span, "a policy has one title");
        return;
    }
    *title = Some(cites::title(checker, texts, scope));
}

pub(super) fn policy_record(checker: &mut Checker, name: &ast::Name) -> Result<RecordId, Wrong> {
    if let Some(Named::Record(id, _)) = checker.names.get(name.text) {
        checker.sink.mark_used(name.text);
        return Ok(*id);
    }
    if !checker.names.broken.contains(name.text) {
        let records = checker.names.named.iter().filter_map(|(name, (named, _))| {
            matches!(named, Named::Record(..)).then_some(name.as_str())
        });
        let help = did_you_mean(name.text, records);
        let message = format!("there is no record `{}`", name.text);
        checker
            .sink
            .report(Diagnostic::new(Code::UnknownType, name.span, message).maybe_help(help));
    }
    Err(Wrong::reported())
}

pub(super) fn announced(checker: &mut Checker, items: &[ast::Item]) -> Option<Date> {
    let mut found: Option<(Date, Span)> = None;
    for item in items {
        let ItemKind::Announced(expr) = &item.kind else { continue };
        if found.is_some() {
            checker.sink.error(Code::DuplicateClause, item.span, "a policy is announced once");
            continue;
        }
        let constant = constant::of(checker, expr, &Type::Date, "the day of the announcement");
        if let Ok(Constant::Date(date)) = constant {
            found = Some((date, item.span));
        }
    }
    found.map(|(date, _)| date)
}

/// The required time or date of the record that the head of a policy names; nothing where it says
/// `dated by now`, which means the time of the evaluation.
pub(super) fn policy_dated_by(
    checker: &mut Checker,
    path: &ast::Path,
    scope: &Scope,
) -> Option<Place> {
    if is_now(path) {
        return None;
    }
    dated_by(checker, path, scope).ok()
}

/// Whether a path is `now`, which no field may be called.
pub(super) fn is_now(path: &ast::Path) -> bool {
    matches!(path.names.as_slice(), [name] if name.text == "now")
}

/// The required time or date that a path names.
pub(super) fn dated_by(
    checker: &mut Checker,
    path: &ast::Path,
    scope: &Scope,
) -> Result<Place, Wrong> {
    let expr = ast::Expr { span: path.span, kind: ast::ExprKind::Path(path.clone()) };
    let typed = infer(checker, &expr, None, scope);
    match (typed.through().kind.clone(), &typed.ty) {
        (Kind::Place(place), Type::Time | Type::Date) => Ok(place),
        (_, Type::Unknown) => Err(Wrong::reported()),
        (Kind::Decision(..), _) => {
            let message = "`dated by` names a field of the record, not a decision";
            Err(checker.sink.wrong(
                Diagnostic::new(Code::BadDated, path.span, message)
                    .help("name a field of type `time` or `date`"),
            ))
        }
        (Kind::Now, _) => {
            let message = "`dated by now` stands in the head of a policy, and holds for all of it";
            Err(checker.sink.wrong(
                Diagnostic::new(Code::BadDated, path.span, message)
                    .help("name a field of type `time` or `date`"),
            ))
        }
        (_, ty) => {
            let message = format!("`dated by` needs a time or a date, found {}", ty.described());
            let help = if ty.is_optional() {
                "name a field that is always there, or declare this one without `?`"
            } else {
                "name a field of type `time` or `date`"
            };
            Err(checker.sink.wrong(Diagnostic::new(Code::BadDated, path.span, message).help(help)))
        }
    }
}
