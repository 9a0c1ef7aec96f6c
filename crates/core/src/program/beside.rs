//! Where the fields stand that tell more of others: the zone of a time, the currency of an amount.

use std::sync::Arc;

use super::layout::{Element, Field, FieldKind, Layout};
use rulebook_lang::reading::Tells;

/// A field that tells more of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it tells.
    pub tells: Tells,
    /// How many elements of lists further out its record is: none for the same one or one flat around it.
    pub up: usize,
    /// Its slot, from where that record, or the element that it lies in, begins.
    pub slot: u32,
}

/// Finds them for all fields of a record that is read by itself, and says of each record whether some lie in it.
pub(super) fn resolve(layout: &mut Layout) {
    within(layout, &[], 0);
    if layout.settles {
        // However many fields the input has, something is left to do.
        (layout.is_settled_here, layout.unfinished, layout.complete) = (true, true, usize::MAX);
    }
}

/// The same within records that stand around this one, each with how many elements of lists are around it.
fn within(layout: &mut Layout, around: &[(usize, &Layout)], depth: usize) {
    let as_it_was = layout.clone();
    let mut all = around.to_vec();
    all.push((depth, &as_it_was));
    let mut settles = false;
    for field in &mut layout.fields {
        field.told = told(field, &all, depth);
        let is_joined = field.join.is_some();
        settles |= field.told.is_some();
        match &mut field.kind {
            FieldKind::Record(inner) if !inner.money => {
                // What is looked up knows nothing of who looks it up.
                within(inner, if is_joined { &[] } else { &all }, depth);
                settles |= inner.settles;
            }
            FieldKind::List(list) => settles |= element(list, &all, depth + 1),
            FieldKind::Record(_) | FieldKind::Scalar(_) | FieldKind::Read(..) => {}
        }
    }
    layout.settles = settles;
}

fn element(list: &mut Arc<Element>, around: &[(usize, &Layout)], depth: usize) -> bool {
    match Arc::make_mut(list) {
        Element::Record(layout) if !layout.money => {
            within(layout, around, depth);
            layout.settles
        }
        Element::List(inner) => element(inner, around, depth),
        Element::Record(_) | Element::Scalar(..) | Element::Read(..) => false,
    }
}

fn told(field: &Field, around: &[(usize, &Layout)], depth: usize) -> Option<Told> {
    let beside = field.reading.as_ref()?.beside.as_ref()?;
    let mut innermost_first = around.iter().rev();
    let (up, slot) = innermost_first.find_map(|(at, layout)| {
        let slot = slot(layout, &beside.path)?;
        Some((depth - at, slot))
    })?;
    Some(Told { tells: beside.tells, up, slot })
}

fn slot(layout: &Layout, path: &[String]) -> Option<u32> {
    let (first, rest) = path.split_first()?;
    let field = layout.fields.iter().find(|field| *field.name == **first)?;
    match (rest, &field.kind) {
        ([], _) => Some(field.slot),
        (rest, FieldKind::Record(inner)) => slot(inner, rest),
        _ => None,
    }
}
