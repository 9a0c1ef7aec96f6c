//! Input to rows: every field checked against its declared type, every problem with its path.

mod convert;
mod json;
mod serialize;

use serde::Serialize;

use crate::model::{Cell, Store, Zone};
use crate::program::{Element, Field, FieldKind, Layout, Program};

pub use convert::Raw;
pub use json::read_json;
pub use serialize::read_record;

/// What is wrong with one value of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// Where, such as `order.items[2].amount`; empty for the whole record.
    pub path: String,
    /// The stable name of this kind of error.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// A step of a path.
#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Index(usize),
}

/// Fills the slots of a row and collects what is wrong.
pub(crate) struct Filler<'p> {
    zone: &'p Zone,
    constants: &'p Store,
    row: &'p mut Store,
    path: Vec<Step<'p>>,
    errors: Vec<InputError>,
}

/// Which fields of a record have been seen.
type Seen = Vec<bool>;

impl<'p> Filler<'p> {
    fn new(program: &'p Program, layout: &Layout, row: &'p mut Store) -> Self {
        row.reset(layout.size as usize);
        Self {
            zone: &program.zone,
            constants: &program.constants,
            row,
            path: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn finish(self) -> Result<(), Vec<InputError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// The path to where the filler is now.
    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>) {
        let path = self.path();
        self.errors.push(InputError { path, code, message: message.into() });
    }

    /// The field that the input calls so, marked as seen; reports one that stands twice.
    fn begin_field(
        &mut self,
        layout: &'p Layout,
        seen: &mut Seen,
        name: &str,
    ) -> Option<&'p Field> {
        let (position, field) = layout.field(name)?;
        self.path.push(Step::Field(&field.name));
        if let Some(mark) = seen.get_mut(position)
            && std::mem::replace(mark, true)
        {
            self.error("duplicate-key", format!("`{name}` stands twice"));
        }
        Some(field)
    }

    /// Reports the fields that a record lacks and fills in defaults.
    fn end_record(&mut self, layout: &'p Layout, base: u32, seen: &Seen) {
        for (field, seen) in layout.fields.iter().zip(seen) {
            if !seen {
                self.path.push(Step::Field(&field.name));
                self.absent(field, base);
                self.path.pop();
            }
        }
    }

    /// A field that is missing or null: its default, nothing if it is optional, else an error.
    fn absent(&mut self, field: &'p Field, base: u32) {
        let cell = match field.default {
            Some(cell) => {
                let value = self.constants.value(cell);
                self.row.import(&value)
            }
            None if field.optional => Cell::Missing,
            None => {
                self.error("missing-field", format!("`{}` is missing", field.name));
                Cell::Missing
            }
        };
        self.row.set(base + field.slot, cell);
    }

    /// A single value in a field.
    fn scalar_field(&mut self, field: &'p Field, base: u32, raw: &Raw<'_>) {
        if matches!(raw, Raw::Null) {
            self.absent(field, base);
            return;
        }
        match &field.kind {
            FieldKind::Scalar(ty) => {
                if let Some(cell) = self.convert(ty, raw) {
                    self.row.set(base + field.slot, cell);
                }
            }
            FieldKind::Record(layout) => {
                let message =
                    format!("expected a record `{}`, found {}", layout.record, raw.described());
                self.error("wrong-type", message);
            }
            FieldKind::List(_) => {
                self.error("wrong-type", format!("expected a list, found {}", raw.described()));
            }
        }
    }

    /// A single value in a list.
    fn scalar_element(&mut self, element: &Element, raw: &Raw<'_>) -> Cell {
        match element {
            Element::Scalar(_) if matches!(raw, Raw::Null) => {
                self.error("missing-field", "an element of a list cannot be null");
                Cell::Missing
            }
            Element::Scalar(ty) => self.convert(ty, raw).unwrap_or_default(),
            Element::Record(layout) => {
                let message =
                    format!("expected a record `{}`, found {}", layout.record, raw.described());
                self.error("wrong-type", message);
                Cell::Missing
            }
            Element::List(_) => {
                self.error("wrong-type", format!("expected a list, found {}", raw.described()));
                Cell::Missing
            }
        }
    }

    /// Room for a record in a list, and where it starts.
    fn begin_element(&mut self, layout: &Layout) -> u32 {
        let missing = std::iter::repeat_n(Cell::Missing, layout.size as usize);
        self.row.append(missing).0
    }

    fn set_list(&mut self, cells: Vec<Cell>) -> Cell {
        let (start, end) = self.row.append(cells);
        Cell::List { start, end }
    }
}
