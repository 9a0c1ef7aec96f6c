//! Columns and cells to a nested value that serialises as a profile.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use rulebook_core::facts::Raw;
use rulebook_core::facts::columns::{Named, Source, text};
use rulebook_core::program::{Field, FieldKind, Layout, ProfileRecord};
use rulebook_lang::model::Type;

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

/// The columns that the fields of a profile are read from.
#[derive(Debug)]
pub(super) struct Columns<'l> {
    layout: &'l Layout,
    named: Named,
}

impl<'l> Columns<'l> {
    /// Finds the field of each column.
    ///
    /// # Errors
    /// When a field has two columns, when a column stands for a list or a whole record, or when the
    /// key has none.
    pub(super) fn find<N: AsRef<str>>(
        profile: &'l ProfileRecord,
        names: &[N],
    ) -> Result<Self, String> {
        let layout = &profile.layout;
        let (named, clashes) = Named::find(layout, names.iter().map(AsRef::as_ref));
        if let Some(twice) = clashes.first().and_then(|clash| names.get(clash.again)) {
            return Err(format!("two columns hold `{}`", twice.as_ref()));
        }
        check(&named, layout, names)?;
        match layout.fields.get(profile.key) {
            Some(key) if named.source(profile.key).is_none() => {
                Err(format!("no column holds the key `{}` of `{}`", key.name, layout.record))
            }
            _ => Ok(Self { layout, named }),
        }
    }

    /// Whether a field is read from the column with this number.
    #[cfg(feature = "sqlite")]
    pub(super) fn reads(&self, number: usize) -> bool {
        fn any(named: &Named, number: usize) -> bool {
            named.fields.iter().any(|(_, source)| match source {
                Source::Column(column) => *column == number,
                Source::Record(inner) => any(inner, number),
            })
        }
        any(&self.named, number)
    }

    /// A row of cells as the profile that it stands for.
    pub(super) fn row<'c>(&'c self, cells: &'c [Value<'c>]) -> Row<'c> {
        Row { layout: self.layout, named: &self.named, cells }
    }
}

/// Refuses columns that no cell can fill.
fn check<N: AsRef<str>>(named: &Named, layout: &Layout, names: &[N]) -> Result<(), String> {
    for (position, source) in &named.fields {
        let kind = layout.fields.get(*position).map(|field| &field.kind);
        match (source, kind) {
            (Source::Record(inner), Some(FieldKind::Record(layout))) => {
                check(inner, layout, names)?;
            }
            (Source::Column(number), Some(FieldKind::Record(inner))) => {
                let column = names.get(*number).map_or("", AsRef::as_ref);
                let first = inner.fields.first().map_or("", |field| &field.name);
                return Err(format!(
                    "`{column}` is a record; write columns such as `{column}.{first}`"
                ));
            }
            (Source::Column(number), Some(FieldKind::List(_))) => {
                let column = names.get(*number).map_or("", AsRef::as_ref);
                return Err(format!("`{column}` is a list, which no column holds; use JSON lines"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a cell holds nothing for a field of a type.
fn is_empty(cell: Option<&Value<'_>>, ty: &Type) -> bool {
    match cell {
        None | Some(Value::Missing) => true,
        Some(Value::Text(text)) => text::is_empty(text, ty),
        #[cfg(feature = "sqlite")]
        Some(_) => false,
    }
}

/// A row of cells, serialised as a map by the columns of its fields.
pub(super) struct Row<'c> {
    layout: &'c Layout,
    named: &'c Named,
    cells: &'c [Value<'c>],
}

impl<'c> Row<'c> {
    /// Each field with what it is read from.
    fn fields(&self) -> impl Iterator<Item = (&'c Field, &'c Source)> {
        let Self { layout, named, .. } = *self;
        let fields = named.fields.iter();
        fields.filter_map(|(position, source)| Some((layout.fields.get(*position)?, source)))
    }

    /// The row of a nested record.
    fn nested(&self, field: &'c Field, named: &'c Named) -> Option<Self> {
        match &field.kind {
            FieldKind::Record(layout) => Some(Self { layout, named, cells: self.cells }),
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.fields().all(|(field, source)| match (source, &field.kind) {
            (Source::Column(number), FieldKind::Scalar(ty) | FieldKind::Read(ty, _)) => {
                is_empty(self.cells.get(*number), ty)
            }
            (Source::Record(named), _) => {
                self.nested(field, named).is_none_or(|nested| nested.is_empty())
            }
            _ => true,
        })
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, source) in self.fields() {
            match (source, &field.kind) {
                (Source::Column(number), FieldKind::Scalar(ty) | FieldKind::Read(ty, _)) => {
                    let cell = self.cells.get(*number);
                    if let Some(value) = cell.filter(|cell| !is_empty(Some(cell), ty)) {
                        map.serialize_entry(&*field.name, &Typed { value, ty })?;
                    }
                }
                (Source::Record(named), _) => {
                    if let Some(nested) = self.nested(field, named).filter(|row| !row.is_empty()) {
                        map.serialize_entry(&*field.name, &nested)?;
                    }
                }
                _ => {}
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
            (Value::Text(text), ty) => match text::raw(text, ty) {
                Raw::Bool(value) => serializer.serialize_bool(value),
                Raw::Text(text) => serializer.serialize_str(text),
                _ => serializer.serialize_none(),
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
