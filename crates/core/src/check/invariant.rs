//! Checks what policies claim of themselves.

use super::checker::Checker;
use super::decided::decided;
use super::infer::{expect, infer};
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Claim, Expr, Invariant, Kind, Policy};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, ItemKind};

/// Adds the invariants among some items to those of a policy. `scope` is that of its rules.
pub(super) fn invariants(
    checker: &mut Checker,
    items: &[ast::Item],
    policy: &mut Policy,
    scope: &Scope,
) {
    for item in items {
        let ItemKind::Invariant(node) = &item.kind else { continue };
        let name = &node.name;
        if let Some(first) = policy.invariants.iter().find(|earlier| earlier.name == name.text) {
            let message = format!("policy `{}` has two invariants `{}`", policy.name, name.text);
            checker.sink.report_twice(message, name.span, first.span);
        }
        let Ok(claim) = claim(checker, &node.claim, policy, scope) else { continue };
        let (when, claim) = claim;
        policy.invariants.push(Invariant {
            name: name.text.to_string(),
            when,
            claim,
            span: name.span,
        });
    }
}

fn claim(
    checker: &mut Checker,
    claim: &ast::Claim,
    policy: &Policy,
    scope: &Scope,
) -> Result<(Option<Expr>, Claim), Wrong> {
    match claim {
        ast::Claim::Never(when, never) => {
            let when = when.as_ref().map(|when| expect(checker, when, &Type::Bool, scope));
            let mut outcomes = scope.clone();
            if let Some(when) = &when {
                outcomes = outcomes.after(when, true);
            }
            outcomes.outcomes = policy.outcomes();
            let never = expect(checker, never, &Type::Bool, &outcomes);
            refuse_silent(checker, &never, policy);
            Ok((when, Claim::Never(never)))
        }
        ast::Claim::Independent(name, path) => {
            let decisions = policy.decisions.iter().map(|decision| decision.name.as_str());
            let decision = decided(checker, &policy.name, decisions, name)?;
            let expr = ast::Expr { span: path.span, kind: ast::ExprKind::Path(path.clone()) };
            let typed = infer(checker, &expr, None, scope);
            match typed.kind {
                Kind::Place(place) => Ok((None, Claim::Independent(decision, place))),
                Kind::Wrong => Err(Wrong::reported()),
                _ => {
                    let message = "only a field of the record can be what does not matter";
                    Err(checker.sink.wrong(
                        Diagnostic::new(Code::BadInvariant, path.span, message)
                            .help("name a field, such as `buyer.gender`"),
                    ))
                }
            }
        }
    }
}

/// Reports a claim that is not about any decision.
fn refuse_silent(checker: &mut Checker, never: &Expr, policy: &Policy) {
    let mut reads_decision = never.ty.is_unknown();
    never.walk_through(&mut |expr| reads_decision |= matches!(expr.kind, Kind::Decision(..)));
    if !reads_decision {
        let names: Vec<_> =
            policy.decisions.iter().map(|decision| decision.name.as_str()).collect();
        let message = "this says nothing about what the policy decides";
        let help = format!("write a claim about {}: `never … == …`", names.join(", "));
        checker.sink.report(Diagnostic::new(Code::BadInvariant, never.span, message).help(help));
    }
}
