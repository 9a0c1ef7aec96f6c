//! Warns of what is allowed but hardly meant.

mod constant;
mod dates;
mod evaluated;
mod form;
mod money;
mod share;
mod value;

use super::checker::Checker;
use super::instant;
use super::named;
use super::typed::Parameter;
use evaluated::Evaluated;
use rulebook_base::diagnostic::{Code, Diagnostic, Severity};
use rulebook_syntax::ast;
use share::Shares;

pub(super) fn lint(checker: &mut Checker, definitions: &[&ast::Definition]) {
    // What a piece with errors would use, and when it would hold, is not known.
    let broken =
        checker.sink.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if broken || checker.names.slips {
        return;
    }
    lint_unused(checker, definitions);
    named::lint_unused(checker);
    if value::lint_values(checker) {
        return;
    }
    let checked = &checker.names.checked;
    let evaluated = Evaluated::of(checked);
    for expr in evaluated.all() {
        form::look(checker, expr);
        instant::look(checker, expr);
    }
    let shares = Shares::of(checker, &evaluated);
    share::lint_shares(checker, &shares, &evaluated);
    let nodes: Vec<_> = definitions
        .iter()
        .filter_map(|definition| match &definition.kind {
            ast::DefinitionKind::Policy(node) => Some(node),
            _ => None,
        })
        .collect();
    let dated = |parameter: &Parameter| matches!(parameter.values.first(), Some((Some(_), _)));
    let has_gaps = checked.parameters.iter().any(dated);
    for policy in &checked.policies {
        dates::lint_undated(checker, policy, &nodes);
        money::lint_amounts(checker, policy, &shares);
        for rule in &policy.rules {
            let overlay = rule.overlay.and_then(|at| policy.overlays.get(usize::from(at)));
            let announced = overlay.map_or(policy.announced, |overlay| overlay.announced);
            dates::lint_notice(checker, rule, announced);
            if has_gaps {
                dates::lint_gaps(checker, rule);
            }
            constant::lint_constants(checker, rule);
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
