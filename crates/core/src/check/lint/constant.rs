//! Warns of conditions that are always true or always false.

use crate::check::checker::Checker;
use crate::check::evaluate;
use crate::check::typed::{Constant, Expr, Kind, Rule};
use rulebook_base::diagnostic::{Code, Diagnostic};

/// Warns of conditions of a rule that come to the same whatever the record says.
pub(super) fn lint_constants(checker: &mut Checker, rule: &Rule) {
    let mut fixed = Vec::new();
    for condition in rule.when.iter().chain(&rule.unless) {
        condition.walk(&mut |inner| {
            if !matches!(inner.kind, Kind::Call(..) | Kind::Let(..)) {
                return;
            }
            let (checked, zone) = (&checker.names.checked, &checker.names.settings.zone);
            // Parameters are meant to be changed and do not count.
            if let Ok(Some(Constant::Bool(value))) = evaluate::evaluate(inner, checked, zone)
                && !reads_parameter(inner)
            {
                fixed.push((inner.span, value));
            }
        });
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
    expr.walk_through(&mut |inner| reads |= matches!(inner.kind, Kind::Parameter(_)));
    reads
}
