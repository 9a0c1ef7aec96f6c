//! Finds the decision that a name means.

use super::checker::Checker;
use super::sink::Wrong;
use super::typed::DecisionId;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_syntax::ast;

/// The decision of a policy with a name, among those that the policy takes.
pub(super) fn decided<'n>(
    checker: &mut Checker,
    policy: &str,
    mut decisions: impl Iterator<Item = &'n str> + Clone,
    name: &ast::Name,
) -> Result<DecisionId, Wrong> {
    let names = decisions.clone();
    if let Some(at) = decisions.position(|decision| decision == name.text) {
        return Ok(DecisionId::at(at));
    }
    if checker.names.broken.contains(name.text) {
        return Err(Wrong::reported());
    }
    let help = did_you_mean(name.text, names.clone())
        .unwrap_or_else(|| format!("it decides {}", names.collect::<Vec<_>>().join(", ")));
    let message = format!("policy `{policy}` does not decide `{}`", name.text);
    Err(checker.sink.wrong(Diagnostic::new(Code::UnknownDecision, name.span, message).help(help)))
}
