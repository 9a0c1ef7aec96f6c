//! Checks what rules set: which decision, and to what.

use super::checker::Checker;
use super::decided::decided;
use super::infer::expect;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Decision, DecisionId, Expr, Policy};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

/// The decisions and values of `D = V, …`; `whole` asks for the collected type of a decision.
pub(super) fn assignments(
    checker: &mut Checker,
    nodes: &[ast::Assignment],
    policy: &Policy,
    scope: &Scope,
    whole: bool,
) -> Vec<(DecisionId, Expr)> {
    let mut set: Vec<(DecisionId, Expr)> = Vec::with_capacity(nodes.len());
    for node in nodes {
        if compares_decision(checker, node, policy, scope) {
            continue;
        }
        let Ok((id, decision)) = assigned(checker, node, policy) else { continue };
        if set.iter().any(|(earlier, _)| *earlier == id) {
            let message = format!("`{}` is set twice", decision.name);
            checker.sink.error(Code::DuplicateClause, node.span, message);
            continue;
        }
        let ty = match decision.combiner.collects() && whole {
            true => Type::List(Box::new(decision.ty.clone())),
            false => decision.given_type(),
        };
        set.push((id, expect(checker, &node.value, &ty, scope)));
    }
    set
}

/// Reports `then D == V`.
fn compares_decision(
    checker: &mut Checker,
    node: &ast::Assignment,
    policy: &Policy,
    scope: &Scope,
) -> bool {
    let ast::ExprKind::Binary(operator, operands) = &node.value.kind else { return false };
    let Some(ast::ExprKind::Path(path)) = operands.first().map(|left| &left.kind) else {
        return false;
    };
    let [name] = path.names.as_slice() else { return false };
    let decides = policy.decisions.iter().any(|decision| decision.name == name.text);
    if node.decision.is_some() || operator.symbol != "==" || !decides {
        return false;
    }
    if checker.names.sees(name.text, scope) || checker.names.named.contains_key(name.text) {
        return false;
    }
    checker.sink.report(
        Diagnostic::new(Code::EqualsSign, node.span, "`==` compares; `=` gives a value")
            .help(format!("write `{} = …`", name.text)),
    );
    true
}

fn assigned<'p>(
    checker: &mut Checker,
    node: &ast::Assignment,
    policy: &'p Policy,
) -> Result<(DecisionId, &'p Decision), Wrong> {
    let Some(name) = &node.decision else {
        if let [only] = &*policy.decisions {
            return Ok((DecisionId(0), only));
        }
        let names: Vec<_> =
            policy.decisions.iter().map(|decision| decision.name.as_str()).collect();
        let (message, help) = match names.as_slice() {
            [] => ("this policy decides nothing".to_string(), "add `decide … by …`".to_string()),
            names => (
                "this policy decides several things; say which".to_string(),
                format!("write `{} = …`", names.join(" = …` or `")),
            ),
        };
        return Err(checker
            .sink
            .wrong(Diagnostic::new(Code::UnknownDecision, node.span, message).help(help)));
    };
    let decisions = policy.decisions.iter().map(|decision| decision.name.as_str());
    let id = decided(checker, &policy.name, decisions, name)?;
    Ok((id, &policy.decisions[id]))
}
