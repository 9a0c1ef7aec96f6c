//! What a condition says about which optionals are there.

use super::typed::{CounterId, Expr, Kind, Place, Root};

/// A place as a key; the root comes first.
pub(super) type Key = Vec<u32>;

/// The key of a place.
pub(super) fn key(place: &Place) -> Key {
    let root = match place.root {
        Root::Record => 0,
        Root::Local(local) => local.0,
    };
    [root].into_iter().chain(place.fields.iter().copied()).collect()
}

/// The places that are present for certain when a condition held (or did not).
pub(super) fn implied(condition: &Expr, held: bool) -> Vec<Key> {
    match &condition.kind {
        Kind::Presence(inner, present) if *present == held => place_and_parents(inner),
        Kind::Not(operand) => implied(operand, !held),
        // All of a held `and` held, and none of an unheld `or`.
        Kind::And(operands) if held => operands.iter().flat_map(|o| implied(o, true)).collect(),
        Kind::Or(operands) if !held => operands.iter().flat_map(|o| implied(o, false)).collect(),
        // Of an unheld `and`, or a held `or`, only what every operand says is certain.
        Kind::And(operands) | Kind::Or(operands) => common(operands, held),
        _ => Vec::new(),
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

/// The key of a counter, which no place has.
pub(super) fn counter_key(id: CounterId) -> Key {
    vec![u32::MAX, id.0]
}

/// A field that is there has parents that are there.
fn place_and_parents(expr: &Expr) -> Vec<Key> {
    let whole = match &expr.kind {
        Kind::Place(place) => key(place),
        Kind::Counter(id) => return vec![counter_key(*id)],
        _ => return Vec::new(),
    };
    (1..=whole.len()).filter_map(|length| whole.get(..length).map(<[u32]>::to_vec)).collect()
}
