//! Columns and cells to a nested value that serialises as a profile.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::model::Type;
use crate::program::{FieldKind, Layout, ProfileRecord};

/// A cell of a row.
#[derive(Debug, Clone)]
pub(super) enum Value<'v> {
    /// Nothing.
    Missing,
    /// A text that stands for a value of the field's type.
    Text(Cow<'v, str>),
    /// A whole number.
    #[cfg(feature = "sqlite")]
    Integer(i64),
    /// A float.
    #[cfg(feature = "sqlite")]
    Real(f64),
    /// Bytes, which no field holds.
    #[cfg(feature = "sqlite")]
    Blob,
}

/// The columns that fields are read from, nested as the fields are.
#[derive(Debug, Default)]
pub(super) struct Columns<'l> {
    entries: Vec<(&'l str, Source<'l>)>,
}

#[derive(Debug)]
enum Source<'l> {
    /// The cell of a column, for a field of this type.
    Column(usize, &'l Type),
    /// The columns of a nested record.
    Record(Columns<'l>),
}

impl<'l> Columns<'l> {
    /// Finds the field of each column by its name or its `as` name; dots lead into nested records.
    /// Columns that no record declares are passed over, as in other inputs.
    ///
    /// # Errors
    /// When a field has two columns, when a column stands for a list or a whole record, or when the
    /// key has none.
    pub(super) fn find<N: AsRef<str>>(
        profile: &'l ProfileRecord,
        names: &[N],
    ) -> Result<Self, String> {
        let mut columns = Self::default();
        for (number, name) in names.iter().enumerate() {
            columns.add(&profile.layout, name.as_ref(), name.as_ref(), number)?;
        }
        let Some(key) = profile.layout.fields.get(profile.key) else { return Ok(columns) };
        match columns.entries.iter().any(|(name, _)| *name == key.name.as_ref()) {
            true => Ok(columns),
            false => Err(format!(
                "no column holds the key `{}` of `{}`",
                key.name, profile.layout.record
            )),
        }
    }

    /// Adds the column with the whole name `column`, of which `name` leads on from this record.
    fn add(
        &mut self,
        layout: &'l Layout,
        name: &str,
        column: &str,
        number: usize,
    ) -> Result<(), String> {
        let (head, rest) = match layout.field(name) {
            // An `as` name may hold a dot.
            Some(_) => (name, None),
            None => name.split_once('.').map_or((name, None), |(head, rest)| (head, Some(rest))),
        };
        let Some((_, field)) = layout.field(head) else { return Ok(()) };
        let known = self.entries.iter_mut().find(|(known, _)| *known == field.name.as_ref());
        match (&field.kind, rest, known) {
            (FieldKind::Scalar(_), None, Some(_)) => Err(format!("two columns hold `{column}`")),
            (FieldKind::Scalar(ty), None, None) => {
                self.entries.push((&field.name, Source::Column(number, ty)));
                Ok(())
            }
            (FieldKind::Scalar(_), Some(_), _) => Ok(()),
            (FieldKind::Record(inner), Some(rest), Some((_, Source::Record(columns)))) => {
                columns.add(inner, rest, column, number)
            }
            (FieldKind::Record(inner), Some(rest), _) => {
                let mut columns = Self::default();
                columns.add(inner, rest, column, number)?;
                self.entries.push((&field.name, Source::Record(columns)));
                Ok(())
            }
            (FieldKind::Record(inner), None, _) => {
                let first = inner.fields.first().map_or("", |field| &field.name);
                Err(format!("`{column}` is a record; write columns such as `{column}.{first}`"))
            }
            (FieldKind::List(_), ..) => {
                Err(format!("`{column}` is a list, which no column holds; use JSON lines"))
            }
        }
    }

    /// A row of cells as the profile that it stands for.
    pub(super) fn row<'c>(&'c self, cells: &'c [Value<'c>]) -> Row<'c> {
        Row { columns: self, cells }
    }

    fn is_empty(&self, cells: &[Value<'_>]) -> bool {
        self.entries.iter().all(|(_, source)| match source {
            Source::Column(number, ty) => is_empty(cells.get(*number), ty),
            Source::Record(columns) => columns.is_empty(cells),
        })
    }
}

/// Whether a cell holds nothing for a field of a type.
fn is_empty(cell: Option<&Value<'_>>, ty: &Type) -> bool {
    match cell {
        None | Some(Value::Missing) => true,
        Some(Value::Text(text)) => trimmed(text, ty).is_empty(),
        #[cfg(feature = "sqlite")]
        Some(_) => false,
    }
}

/// What counts of a text: blanks around it only where the field holds texts.
fn trimmed<'t>(text: &'t str, ty: &Type) -> &'t str {
    if matches!(ty, Type::Text) { text } else { text.trim() }
}

/// A row of cells, serialised as a map by the columns of its fields.
pub(super) struct Row<'c> {
    columns: &'c Columns<'c>,
    cells: &'c [Value<'c>],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, source) in &self.columns.entries {
            match source {
                Source::Column(number, ty) => {
                    let cell = self.cells.get(*number);
                    if let Some(value) = cell.filter(|cell| !is_empty(Some(cell), ty)) {
                        map.serialize_entry(name, &Typed { value, ty })?;
                    }
                }
                Source::Record(columns) if columns.is_empty(self.cells) => {}
                Source::Record(columns) => {
                    map.serialize_entry(name, &columns.row(self.cells))?;
                }
            }
        }
        map.end()
    }
}

/// A cell and the type of its field, by which it is read.
struct Typed<'c> {
    value: &'c Value<'c>,
    ty: &'c Type,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value, self.ty) {
            (Value::Missing, _) => serializer.serialize_none(),
            (Value::Text(text), ty) => match (ty, trimmed(text, ty)) {
                (Type::Bool, "true" | "TRUE" | "True") => serializer.serialize_bool(true),
                (Type::Bool, "false" | "FALSE" | "False") => serializer.serialize_bool(false),
                (_, text) => serializer.serialize_str(text),
            },
            #[cfg(feature = "sqlite")]
            (Value::Integer(value @ (0 | 1)), Type::Bool) => serializer.serialize_bool(*value == 1),
            #[cfg(feature = "sqlite")]
            (Value::Integer(value), _) => serializer.serialize_i64(*value),
            #[cfg(feature = "sqlite")]
            (Value::Real(value), _) => serializer.serialize_f64(*value),
            #[cfg(feature = "sqlite")]
            (Value::Blob, _) => serializer.serialize_bytes(&[]),
        }
    }
}
