//! Input to rows: every field checked against its declared type, every problem with its path.

mod code;
pub mod columns;
mod convert;
pub mod documents;
mod errors;
mod hint;
mod join;
mod json;
mod money;
mod path;
mod profile;
mod raw;
mod read;
mod scanner;
mod serialize;
mod settle;
mod take;

use crate::program::{Element, Field, FieldKind, Layout, Program};
use path::Path;
use rulebook_lang::model::{Cell, Spot, Store, Time};

pub use code::InputCode;
pub use errors::Errors;
pub use errors::InputError;
pub use json::keys;
pub use json::read_json;
pub use money::ObjectKeys;
pub use profile::{AsOf, Joins, Profile, ProfileKey, ProfileStore, StoreError};
pub use raw::{Amount, Raw};
pub use serialize::read_record;

/// Fills the slots of a row and collects what is wrong.
pub struct Filler<'p> {
    program: &'p Program,
    joins: Joins<'p>,
    /// As of when profiles are joined that hold for a time, once that is known.
    as_of: Option<Time>,
    /// Whether nothing is joined before all of the record is there, its date as well.
    joins_last: bool,
    row: &'p mut Store,
    errors: Errors,
}

/// Which fields of a record have been seen, by their positions.
#[derive(Debug, Default)]
struct SeenFields {
    count: usize,
    first: u64,
    others: Vec<bool>,
}

impl SeenFields {
    /// Marks a field; whether it was not marked already.
    #[inline]
    fn mark(&mut self, position: usize) -> bool {
        let new = !self.has(position);
        if new {
            self.count += 1;
            match position.checked_sub(64) {
                None => self.first |= 1 << position,
                Some(position) => self.mark_other(position),
            }
        }
        new
    }

    fn mark_other(&mut self, position: usize) {
        if position >= self.others.len() {
            self.others.resize(position + 1, false);
        }
        if let Some(mark) = self.others.get_mut(position) {
            *mark = true;
        }
    }

    #[inline]
    fn has(&self, position: usize) -> bool {
        match position.checked_sub(64) {
            None => self.first & (1 << position) != 0,
            Some(position) => self.others.get(position).copied().unwrap_or(false),
        }
    }
}

impl<'p> Filler<'p> {
    fn new(program: &'p Program, layout: &Layout, joins: Joins<'p>, row: &'p mut Store) -> Self {
        row.reset(layout.size as usize);
        let joins_last = layout.in_time && matches!(joins, Joins::From(..));
        Self { program, joins, as_of: None, joins_last, row, errors: Errors::default() }
    }

    fn finish(mut self, layout: &Layout) -> Result<(), Vec<InputError>> {
        if self.joins_last {
            self.join_last(layout);
        }
        self.errors.finish()
    }

    #[cold]
    fn error(&mut self, path: &Path<'_>, code: InputCode, message: impl AsRef<str>) {
        self.errors.push(InputError::new(path.to_string(), code, message));
    }

    /// Marks a field as seen; reports one that stands twice, in the words of the input.
    #[inline]
    fn see(&mut self, seen: &mut SeenFields, position: usize, name: &str, path: &Path<'_>) {
        if !seen.mark(position) {
            self.twice(name, path);
        }
    }

    #[cold]
    fn twice(&mut self, name: &str, path: &Path<'_>) {
        self.error(path, InputCode::DuplicateKey, format!("`{name}` stands twice"));
    }

    /// Reports the fields that a record lacks, fills in defaults, and joins profiles.
    #[inline]
    fn end_record(&mut self, layout: &Layout, base: u32, seen: &SeenFields, path: &Path<'_>) {
        if seen.count < layout.complete {
            self.end_partial(layout, base, seen, path);
        }
    }

    fn end_partial(&mut self, layout: &Layout, base: u32, seen: &SeenFields, path: &Path<'_>) {
        for (position, field) in layout.fields.iter().enumerate() {
            if !seen.has(position) {
                self.absent(field, base, &Path::Field(path, &field.name));
            }
        }
        if layout.unfinished {
            if layout.joins && !self.joins_last {
                self.join_fields(layout, base, path);
            }
            if layout.is_settled_here {
                self.settle(layout, &mut vec![base], path);
            }
        }
    }

    /// A field that is missing or null: its default, nothing if it is optional or to be joined,
    /// else an error.
    fn absent(&mut self, field: &Field, base: u32, path: &Path<'_>) {
        let cell = match field.default {
            Some(cell) => {
                let value = self.program.constants.value(cell);
                self.row.import(&value)
            }
            None if field.optional || field.join.is_some() => Cell::Missing,
            None => {
                self.error(path, InputCode::MissingField, format!("`{}` is missing", field.name));
                Cell::Missing
            }
        };
        self.row.set(base + field.slot, cell);
    }

    /// A single value in a field.
    #[inline]
    fn scalar_field(&mut self, field: &Field, base: u32, raw: &Raw<'_>, path: &Path<'_>) {
        if matches!(raw, Raw::Null) {
            self.absent(field, base, path);
            return;
        }
        match &field.kind {
            FieldKind::Scalar(ty) => {
                self.convert((ty, field.digits), raw, Spot::Slot(base + field.slot), path);
            }
            FieldKind::Read(ty, reading) => {
                let spot = Spot::Slot(base + field.slot);
                if !self.read((ty, reading), raw, spot, path) {
                    self.read_as_missing(field, base, raw, path);
                }
            }
            FieldKind::Record(layout) if layout.money => {
                if let Some(reading) = &layout.reading {
                    if !self.read_money((layout, reading), base, raw, path) {
                        return self.read_as_missing(field, base, raw, path);
                    }
                } else {
                    self.money_of_any(layout, base, raw, path);
                }
                self.row.set(base + field.slot, Cell::Bool(true));
            }
            FieldKind::Record(_) | FieldKind::List(_)
                if Self::is_missing(field.reading.as_deref(), raw) =>
            {
                self.read_as_missing(field, base, raw, path);
            }
            FieldKind::Record(layout) => {
                let message =
                    format!("expected a record `{}`, found {}", layout.record, raw.described());
                self.error(path, InputCode::WrongType, message);
            }
            FieldKind::List(_) => self.no_list(raw, path),
        }
    }

    /// A single value in a list.
    fn scalar_element(&mut self, element: &Element, raw: &Raw<'_>, path: &Path<'_>) {
        match element {
            Element::Scalar(..) | Element::Read(..) if matches!(raw, Raw::Null) => {
                self.error(path, InputCode::MissingField, "an element of a list cannot be null");
            }
            Element::Read(ty, reading) => {
                if !self.read((ty, reading), raw, Spot::Element, path) {
                    self.missing_element(raw, path);
                }
            }
            Element::Scalar(ty, digits) => self.convert((ty, *digits), raw, Spot::Element, path),
            Element::Record(layout) if layout.money => {
                let start = self.begin_element(layout);
                match &layout.reading {
                    None => self.money_of_any(layout, start, raw, path),
                    Some(reading) => {
                        if !self.read_money((layout, reading), start, raw, path) {
                            self.missing_element(raw, path);
                        }
                    }
                }
            }
            Element::Record(layout) => self.no_record(layout, raw, path),
            Element::List(_) => self.no_list(raw, path),
        }
    }

    #[cold]
    fn missing_element(&mut self, raw: &Raw<'_>, path: &Path<'_>) {
        let found = raw.described();
        let message = format!("an element of a list is never missing, as {found} is here");
        self.error(path, InputCode::MissingField, message);
    }

    fn no_record(&mut self, layout: &Layout, raw: &Raw<'_>, path: &Path<'_>) {
        let message = format!("expected a `{}` record, found {}", layout.record, raw.described());
        self.error(path, InputCode::WrongType, message);
    }

    fn no_list(&mut self, raw: &Raw<'_>, path: &Path<'_>) {
        self.error(
            path,
            InputCode::WrongType,
            format!("expected a list, found {}", raw.described()),
        );
    }

    /// Room for a record in a list, and where it starts.
    fn begin_element(&mut self, layout: &Layout) -> u32 {
        let missing = std::iter::repeat_n(Cell::Missing, layout.size as usize);
        let (start, end) = self.row.append(missing);
        self.row.put(Spot::Element, Cell::Record { start, end });
        start
    }
}
