//! Evaluates what is known at load.

use super::typed::{Checked, Constant, Expr, Kind};
use rulebook_lang::kernel::{Context, Problem};
use rulebook_lang::model::{Value, Zone};

/// The constant that an expression gives, or `None` if it depends on a record or a date.
///
/// # Errors
/// When the calculation of constants itself has no result.
pub(super) fn evaluate(
    expr: &Expr,
    checked: &Checked,
    zone: &Zone,
) -> Result<Option<Constant>, Problem> {
    match &expr.kind {
        Kind::Constant(constant) => Ok(Some(constant.clone())),
        Kind::Let(_, value) => evaluate(value, checked, zone),
        Kind::Parameter(id) => Ok(match checked.parameters[*id].values.as_slice() {
            [(None, only)] => Some(only.clone()),
            _ => None,
        }),
        Kind::Not(operand) => Ok(match evaluate(operand, checked, zone)? {
            Some(Constant::Bool(value)) => Some(Constant::Bool(!value)),
            _ => None,
        }),
        Kind::Call(signature, operands) => {
            let mut constants = Vec::new();
            for operand in operands {
                match evaluate(operand, checked, zone)? {
                    Some(constant) => constants.push(constant),
                    None => return Ok(None),
                }
            }
            let values: Option<Vec<Value<'_>>> = constants.iter().map(Constant::to_value).collect();
            let Some(values) = values else { return Ok(None) };
            let result =
                signature.kernel.run(&values, &Context { zone, calendars: &checked.calendars })?;
            Ok(Constant::from_value(&result))
        }
        _ => Ok(None),
    }
}
