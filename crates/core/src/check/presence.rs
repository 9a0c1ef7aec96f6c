//! What a condition says: which optionals are there, and in which currency money is.

use super::currency;
use super::typed::{Expr, Kind, Place, Root};

/// A place as a key; the root comes first.
pub(super) type Key = Vec<u32>;

/// Stands before the keys of money whose currency is known; no local has this number.
const IN_CURRENCY: u32 = u32::MAX - 4;

/// The key of a place.
pub(super) fn key(place: &Place) -> Key {
    let root = match place.root {
        Root::Record => 0,
        Root::Local(local) => local.0,
    };
    [root].into_iter().chain(place.fields.iter().copied()).collect()
}

/// The key of what is known where money at a place is in a currency.
pub(super) fn currency_key(money: &Place, currency: u32) -> Key {
    [IN_CURRENCY, currency].into_iter().chain(key(money)).collect()
}

/// The currency that a key says of money at a place, if it does.
pub(super) fn currency_in(known: &Key, money: &Place) -> Option<u32> {
    let ([IN_CURRENCY, currency], of) = known.split_first_chunk()? else { return None };
    (*of == *key(money)).then_some(*currency)
}

/// The key of what an expression reads, if it is a place, a counter, a decision, a name, or what a table or a
/// function of the language says of such.
pub(super) fn key_of(expr: &Expr) -> Option<Key> {
    match &expr.kind {
        Kind::Place(place) => Some(key(place)),
        // Another name for a place is there where that is.
        Kind::Let(id, value) => Some(key_of(value).unwrap_or_else(|| vec![u32::MAX - 3, id.0])),
        // No local has these numbers.
        Kind::Counter(counter) => Some(vec![u32::MAX, counter.0]),
        Kind::Decision(policy, decision) => Some(vec![u32::MAX - 1, policy.0, decision.0]),
        Kind::LookUp(table, output, arguments) => {
            let mut whole = vec![u32::MAX - 2, table.0, *output];
            for argument in arguments {
                let key = key_of(argument)?;
                whole.push(u32::try_from(key.len()).ok()?);
                whole.extend(key);
            }
            Some(whole)
        }
        Kind::Call(signature, arguments) => {
            let place = std::ptr::from_ref(*signature) as usize as u64;
            let (high, low) = (place >> u32::BITS, place & u64::from(u32::MAX));
            let mut whole = vec![u32::MAX - 5];
            whole.extend([high, low].into_iter().filter_map(|half| u32::try_from(half).ok()));
            for argument in arguments {
                let key = key_of(argument)?;
                whole.push(u32::try_from(key.len()).ok()?);
                whole.extend(key);
            }
            Some(whole)
        }
        // One that is there has a record that is there.
        Kind::Field(of, position) => {
            let mut whole = key_of(of)?;
            whole.push(*position);
            Some(whole)
        }
        _ => None,
    }
}

/// The places that are present for certain when a condition held (or did not), and the money whose currency
/// is known then.
pub(super) fn implied(condition: &Expr, held: bool) -> Vec<Key> {
    match &condition.kind {
        Kind::Presence(inner, present) if *present == held => place_and_parents(inner),
        Kind::Let(_, value) => implied(value, held),
        Kind::Not(operand) => implied(operand, !held),
        // All of a held `and` held, and none of an unheld `or`.
        Kind::And(operands) if held => {
            operands.iter().flat_map(|operand| implied(operand, true)).collect()
        }
        Kind::Or(operands) if !held => {
            operands.iter().flat_map(|operand| implied(operand, false)).collect()
        }
        // Of an unheld `and`, or a held `or`, only what every operand says is certain.
        Kind::And(operands) | Kind::Or(operands) => common(operands, held),
        _ => currency::told(condition, held)
            .map(|(money, currency)| currency_key(&money, currency))
            .into_iter()
            .collect(),
    }
}

fn common(operands: &[Expr], held: bool) -> Vec<Key> {
    let mut sets = operands.iter().map(|operand| implied(operand, held));
    let Some(mut certain) = sets.next() else { return Vec::new() };
    for set in sets {
        certain.retain(|key| set.contains(key));
    }
    certain
}

/// A field that is there has parents that are there.
fn place_and_parents(expr: &Expr) -> Vec<Key> {
    let Some(whole) = key_of(expr) else { return Vec::new() };
    (1..=whole.len()).filter_map(|length| whole.get(..length).map(<[u32]>::to_vec)).collect()
}
