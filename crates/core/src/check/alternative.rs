//! Values that stand behind `or` (or `and`) as if they were conditions: `tier == gold or silver`.

use super::checker::Checker;
use super::scope::Scope;
use super::typed::{Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic, nearest};
use rulebook_lang::model::Type;
use rulebook_lang::operator::Operands;
use rulebook_syntax::ast::{self, ExprKind, Literal};

/// Reports the values with which `operands` begin, if they belong to the comparison before them, and
/// tells how many these are.
pub(super) fn report(
    checker: &mut Checker,
    word: &str,
    before: &ast::Expr,
    typed: Option<&Expr>,
    operands: &[ast::Expr],
    scope: &Scope,
) -> usize {
    let ExprKind::Binary(operator, sides) = &before.kind else { return 0 };
    let [left, right] = sides.as_slice() else { return 0 };
    let symbol = operator.symbol;
    if operator.operands != Operands::Alike {
        return 0;
    }
    // What the values are compared with has the type of the comparison's left side.
    let ty = match typed.map(|typed| &typed.kind) {
        Some(Kind::Call(_, operands)) => operands.first().map(|left| left.ty.clone()),
        _ => None,
    };
    let Some(ty) = ty else { return 0 };
    let values = operands.iter().take_while(|operand| is_value(checker, operand, &ty, scope));
    let values: Vec<_> = values.collect();
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return 0 };
    let shown = |expr: &ast::Expr| checker.names.shown(expr.span);
    let alone: Vec<_> = values.iter().map(|value| shown(value)).collect();
    let (left, right) = (shown(left), shown(right));
    let help = match symbol {
        "==" => format!("write `{left} in [{right}, {}]`", alone.join(", ")),
        "!=" => format!("write `{left} not in [{right}, {}]`", alone.join(", ")),
        _ => {
            let again = alone.iter().map(|value| format!("{word} {left} {symbol} {value}"));
            let again: Vec<_> = again.collect();
            format!("name it again: `{left} {symbol} {right} {}`", again.join(" "))
        }
    };
    let message = match alone.as_slice() {
        [value] => format!("`{value}` alone is no condition"),
        values => format!("`{}` are no conditions", values.join("`, `")),
    };
    let count = values.len();
    let span = first.span.to(last.span);
    checker.sink.report(Diagnostic::new(Code::WrongType, span, message).help(help));
    count
}

/// Whether an operand is a value of a type rather than a condition.
fn is_value(checker: &Checker, operand: &ast::Expr, ty: &Type, scope: &Scope) -> bool {
    match (&operand.kind, ty.required()) {
        (ExprKind::Literal(Literal::Bool(_)), _) => false,
        (ExprKind::Literal(Literal::Text(_)), Type::Text | Type::Url | Type::Version) => true,
        (ExprKind::Literal(Literal::Text(text)), Type::Enum(members)) => {
            members.position_of_quoted(&text.value).is_some()
        }
        (ExprKind::Literal(Literal::Number(_) | Literal::Percent(_)), Type::Number) => true,
        (ExprKind::Literal(Literal::Money(..)), Type::Money(_)) => true,
        (ExprKind::Literal(Literal::Duration(..)), Type::Duration | Type::Period) => true,
        (ExprKind::Literal(Literal::TimeOfDay(_)), Type::TimeOfDay) => true,
        (ExprKind::Literal(Literal::Date(_) | Literal::Time(_)), Type::Date | Type::Time) => true,
        (ExprKind::Path(path), Type::Enum(members)) => match path.names.as_slice() {
            [name] if checker.names.is_bare_member(operand, scope) => {
                let is_condition = nearest(name.text, checker.names.names_in(scope)).is_some();
                members.position_of_name(name.text).is_some() || members.open && !is_condition
            }
            _ => false,
        },
        _ => false,
    }
}
