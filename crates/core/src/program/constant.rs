//! Constants of a program: how they are kept, what stands for the sum of none, and how developers see them.

use crate::check::typed::Constant;
use rulebook_lang::model::{Cell, Store, Type, Value};
use rulebook_lang::scalar::Kind;

/// Keeps a constant among the program's and returns its cell.
pub(super) fn add_constant(store: &mut Store, constant: &Constant) -> Cell {
    match constant {
        Constant::List(items) => {
            let cells: Vec<_> = items.iter().map(|item| add_constant(store, item)).collect();
            let (start, end) = store.append(cells);
            Cell::List { start, end }
        }
        single => single.to_value().map_or(Cell::Missing, |value| store.import(&value)),
    }
}

/// The sum of no values of a type.
pub fn zero_of(ty: &Type) -> Cell {
    ty.kind().unwrap_or(Kind::Number).zero()
}

/// A value as a developer reads it.
pub(super) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::List(list) => {
            let items: Vec<_> = list.iter().map(|item| shown(&item)).collect();
            format!("[{}]", items.join(", "))
        }
        value => format!("{value:?}"),
    }
}
