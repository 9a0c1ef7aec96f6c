//! The elements of a list that a policy judges one by one: where they lie in a row, and how one of them comes to
//! the slots in which the rules read it.

use super::{Field, Layout};
use rulebook_lang::model::{Cell, Number, Store, Type};

/// What a policy judges one by one.
#[derive(Debug, Clone)]
pub struct Elements {
    /// What rules call the element at hand.
    pub name: String,
    /// The list as it is written, with its record: `Order.lines`.
    pub path: String,
    /// The slot of the list; behind that, for each list within another one, its place in an element of that.
    pub lists: Vec<u32>,
    /// The slot of the element's own cell; its fields stand behind it.
    pub slot: u32,
    /// How many slots its fields take.
    pub size: u32,
    /// The slot of its position, counted from 1, behind its fields.
    pub position: u32,
    /// The slot of the field that names it to people.
    pub id: Option<u32>,
}

impl Elements {
    /// The slot of the field of an element that names it to people: `id`, or else its first text that is
    /// always there.
    pub(super) fn id_of(element: &Layout) -> Option<u32> {
        let is_text = |field: &&Field| !field.optional && field.kind.single() == Some(&Type::Text);
        let first = || element.fields.iter().find(is_text).map(|field| field.slot);
        element.scalar_slot("id").or_else(first)
    }

    /// Collects where the elements lie in a row, in their order.
    pub fn find(&self, row: &Store, into: &mut Vec<u32>) {
        into.clear();
        if let Some((list, within)) = self.lists.split_first() {
            collect(row, row.cell(*list), within, into);
        }
    }

    /// Puts the element with a number, which lies at a place of a row, where the rules read it.
    pub fn take(&self, row: &mut Store, (number, place): (usize, u32)) {
        row.set(self.slot, Cell::Bool(true));
        row.copy(place, self.size, self.slot + 1);
        row.set(self.position, Cell::Number(Number::from(number as u64 + 1)));
    }

    /// Whether a slot belongs to the element at hand.
    pub fn holds(&self, slot: u32) -> bool {
        (self.slot..=self.position).contains(&slot)
    }
}

fn collect(row: &Store, list: Cell, within: &[u32], into: &mut Vec<u32>) {
    let Cell::List { start, end } = list else { return };
    for slot in start..end {
        let Cell::Record { start, .. } = row.cell(slot) else { continue };
        match within.split_first() {
            None => into.push(start),
            Some((offset, within)) => collect(row, row.cell(start + offset), within, into),
        }
    }
}
