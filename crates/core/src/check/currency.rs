//! What a condition says of the currency of money: that it is a certain one.

use super::typed::{Constant, Expr, Kind, Place};
use rulebook_lang::kernel;
use rulebook_lang::model::{CURRENCY, Type};

/// The money whose currency is known for certain when a condition held (or did not), and its position among
/// all currencies.
pub(super) fn told(condition: &Expr, held: bool) -> Option<(Place, u32)> {
    let (code, constant) = match &condition.kind {
        Kind::Call(signature, operands) => {
            let telling = if held { kernel::EQUAL } else { kernel::NOT_EQUAL };
            let [left, right] = operands.as_slice() else { return None };
            match (signature.kernel == telling, left.constant(), right.constant()) {
                (true, None, Some(constant)) => (left, constant),
                (true, Some(constant), None) => (right, constant),
                _ => return None,
            }
        }
        Kind::InList(value, list, negated) if *negated != held => match list.constant() {
            Some(Constant::List(items)) => match items.as_slice() {
                [only] => (&**value, only),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let (Constant::Member(member), Type::Enum(members)) = (constant, &code.ty) else { return None };
    let Kind::Place(place) = &code.through().kind else { return None };
    let (last, fields) = place.fields.split_last()?;
    let money = Place { root: place.root, fields: fields.into() };
    (members.is_currency() && *last == CURRENCY).then_some((money, *member))
}
