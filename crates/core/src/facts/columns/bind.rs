//! A schema of columns to where each field of a record is read from, or to all that does not fit.

use arrow_schema::{DataType, Field as Column, Fields, Schema};

use super::error::{SchemaError, SchemaProblem};
use super::find::{Named, Source};
use super::fit::{fits, is_read, is_text, wanted};
use crate::facts::InputCode;
use crate::facts::Path;
use crate::program::{Element, Field, FieldKind, Layout};
use rulebook_base::diagnostic::did_you_mean;
use rulebook_lang::model::Type;

/// What the cells of columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// Values of the columns' types.
    Typed,
    /// Texts that stand for values, as in CSV files; an empty one is no value.
    Texts,
}

/// The columns from which the fields of a record are read.
#[derive(Debug, Clone)]
pub struct Binding {
    pub(super) record: Record,
    pub(super) cells: Cells,
    fields: Fields,
}

/// The columns of a record's fields, in the order of the columns; each with the position of its
/// field.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) fields: Vec<(usize, Bound)>,
}

/// Where a value is read from. Columns go by their numbers among those beside them.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    /// A column of single values.
    Leaf(usize),
    /// A column of structs.
    Struct(usize, Record),
    /// Columns beside those of the record around it. Where all are empty, the record is not there,
    /// unless it has to be.
    Flat(Record, bool),
    /// A column of lists. What an element is read from has no number.
    List(usize, Box<Bound>),
}

impl Binding {
    /// Finds the columns of all fields of a record.
    ///
    /// # Errors
    /// Every field without a column that needs one, every column that can never hold its field, and
    /// every field with two columns.
    pub fn new(layout: &Layout, schema: &Schema, cells: Cells) -> Result<Self, SchemaError> {
        let mut binder = Binder { cells, problems: Vec::new() };
        let record = binder.fields(layout, &schema.fields, &Path::Record);
        let problems = binder.problems;
        match problems.is_empty() {
            true => Ok(Self { record, cells, fields: schema.fields.clone() }),
            false => Err(SchemaError { record: layout.record.to_string(), problems }),
        }
    }

    /// Whether other columns are those that were bound.
    pub(super) fn is_for(&self, fields: &Fields) -> bool {
        let same = |(bound, given): (&std::sync::Arc<Column>, &std::sync::Arc<Column>)| {
            bound.data_type() == given.data_type() && bound.name() == given.name()
        };
        std::ptr::eq(self.fields.as_ptr(), fields.as_ptr())
            || self.fields.len() == fields.len() && self.fields.iter().zip(fields).all(same)
    }

    /// The numbers of the columns that are read, in order.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = Vec::new();
        self.record.walk(&mut |bound| match bound {
            Bound::Leaf(number) | Bound::Struct(number, _) | Bound::List(number, _) => {
                columns.push(*number);
            }
            Bound::Flat(..) => {}
        });
        columns.sort_unstable();
        columns
    }

    /// The numbers of the leaf columns that are read, in order: those that hold values themselves,
    /// counted through all structs and lists of the schema, as Parquet does.
    pub fn leaves(&self) -> Vec<usize> {
        let mut leaves = Vec::new();
        self.record.leaves(&self.fields, 0, &mut leaves);
        leaves.sort_unstable();
        leaves
    }
}

impl Record {
    /// Calls `visit` on what stands in the columns beside each other.
    fn walk(&self, visit: &mut dyn FnMut(&Bound)) {
        for (_, bound) in &self.fields {
            visit(bound);
            if let Bound::Flat(inner, _) = bound {
                inner.walk(visit);
            }
        }
    }

    fn leaves(&self, columns: &Fields, first: usize, into: &mut Vec<usize>) {
        let before = into.len();
        for (_, bound) in &self.fields {
            match bound {
                Bound::Flat(inner, _) => inner.leaves(columns, first, into),
                Bound::Leaf(number) | Bound::Struct(number, _) | Bound::List(number, _) => {
                    let start = columns.iter().take(*number);
                    let start: usize = start.map(|column| count(column.data_type())).sum();
                    if let Some(column) = columns.get(*number) {
                        bound.leaves(column.data_type(), first + start, into);
                    }
                }
            }
        }
        // Whether a struct is there shows only in what it holds.
        if into.len() == before && !columns.is_empty() {
            into.push(first);
        }
    }
}

impl Bound {
    fn leaves(&self, data: &DataType, first: usize, into: &mut Vec<usize>) {
        match (self, data) {
            (Self::Struct(_, record), DataType::Struct(columns)) => {
                record.leaves(columns, first, into);
            }
            (Self::List(_, inner), data) => {
                if let Some(element) = element(data) {
                    inner.leaves(element.data_type(), first, into);
                }
            }
            _ => into.extend(first..first + count(data)),
        }
    }
}

/// How many leaf columns a data type has.
fn count(data: &DataType) -> usize {
    match data {
        DataType::Struct(fields) => fields.iter().map(|field| count(field.data_type())).sum(),
        DataType::Map(field, _) => count(field.data_type()),
        DataType::Dictionary(_, values) => count(values),
        data => element(data).map_or(1, |element| count(element.data_type())),
    }
}

/// What the lists of a column hold.
pub(super) fn element(data: &DataType) -> Option<&Column> {
    match data {
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::ListView(element)
        | DataType::LargeListView(element)
        | DataType::FixedSizeList(element, _)
        // A map is a list of its entries.
        | DataType::Map(element, _) => Some(element),
        _ => None,
    }
}

struct Binder {
    cells: Cells,
    problems: Vec<SchemaProblem>,
}

impl Binder {
    fn problem(&mut self, path: &Path<'_>, code: InputCode, message: String) {
        let path = path.to_string().replace(".[]", "[]");
        self.problems.push(SchemaProblem { path, code: code.code(), message });
    }

    /// The columns of a record whose fields stand in columns beside each other.
    fn fields(&mut self, layout: &Layout, columns: &Fields, path: &Path<'_>) -> Record {
        let names = columns.iter().map(|column| column.name().as_str());
        let (named, clashes) = Named::find(layout, names);
        for clash in clashes {
            let name = |number: usize| columns.get(number).map_or("", |column| column.name());
            let (first, again) = (name(clash.first), name(clash.again));
            let message = match first == again {
                true => format!("two columns are named `{first}`; give one"),
                false => format!("the columns `{first}` and `{again}` hold the same; give one"),
            };
            self.problem(&Path::Field(path, again), InputCode::DuplicateColumn, message);
        }
        self.record(layout, &named, columns, path)
    }

    fn record(
        &mut self,
        layout: &Layout,
        named: &Named,
        columns: &Fields,
        path: &Path<'_>,
    ) -> Record {
        for (position, field) in layout.fields.iter().enumerate() {
            let needed = !field.optional && field.default.is_none() && field.join.is_none();
            if needed && named.source(position).is_none() {
                self.missing(field, columns, &Path::Field(path, &field.name));
            }
        }
        let mut record = Record::default();
        for (position, source) in &named.fields {
            let Some(field) = layout.fields.get(*position) else { continue };
            let path = &Path::Field(path, &field.name);
            record.fields.extend(
                match source {
                    Source::Column(number) => columns
                        .get(*number)
                        .and_then(|column| self.kind(&field.kind, (*number, column), path)),
                    Source::Record(inner) => match &field.kind {
                        FieldKind::Record(layout) => {
                            let record = self.record(layout, inner, columns, path);
                            Some(Bound::Flat(record, !field.optional && field.join.is_none()))
                        }
                        _ => None,
                    },
                }
                .map(|bound| (*position, bound)),
            );
        }
        record
    }

    #[cold]
    fn missing(&mut self, field: &Field, columns: &Fields, path: &Path<'_>) {
        let names = columns.iter().map(|column| column.name().as_str());
        let mut message = match &field.kind {
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => {
                format!("no column holds it, and every record needs {}", ty.described())
            }
            FieldKind::List(element) => {
                format!("no column holds it, and every record needs {}", listed(element))
            }
            FieldKind::Record(layout) => {
                let first = layout.fields.first().map_or("", |field| &field.name);
                format!(
                    "no column holds it, and every record needs a record `{}`; give a column of \
                     structs, or columns such as `{path}.{first}`",
                    layout.record
                )
            }
        };
        if let Some(near) = did_you_mean(&path.to_string(), names) {
            message.push_str("; ");
            message.push_str(&near);
        }
        self.problem(path, InputCode::MissingColumn, message);
    }

    /// What a field of a kind is read from in a column.
    fn kind(
        &mut self,
        kind: &FieldKind,
        (number, column): (usize, &Column),
        path: &Path<'_>,
    ) -> Option<Bound> {
        let data = column.data_type();
        let (holds, advice) = match (kind, data) {
            // Nothing in any row.
            (_, DataType::Null) => return Some(Bound::Leaf(number)),
            (FieldKind::Read(ty, reading), data)
                if self.cells == Cells::Typed && is_read(data, ty, reading) =>
            {
                return Some(Bound::Leaf(number));
            }
            (FieldKind::Scalar(ty) | FieldKind::Read(ty, _), data) => match self.cells {
                Cells::Typed if fits(data, ty) => return Some(Bound::Leaf(number)),
                Cells::Texts if is_text(data) => return Some(Bound::Leaf(number)),
                _ => (ty.described(), wanted(ty).to_string()),
            },
            // An amount with its currency behind it.
            (FieldKind::Record(layout), data) if layout.money && is_text(data) => {
                return Some(Bound::Leaf(number));
            }
            // One whose currency stands in another column.
            (FieldKind::Record(Layout { reading: Some(reading), .. }), data)
                if reading.beside.is_some() && fits(data, &Type::Number) =>
            {
                return Some(Bound::Leaf(number));
            }
            (FieldKind::Record(layout), DataType::Struct(columns)) => {
                let record = self.fields(layout, columns, path);
                return Some(Bound::Struct(number, record));
            }
            (FieldKind::Record(layout), _) => {
                let first = layout.fields.first().map_or("", |field| &field.name);
                let advice = format!("give structs, or columns such as `{path}.{first}`");
                (format!("a record `{}`", layout.record), advice)
            }
            (FieldKind::List(inner), data) => match element(data) {
                Some(column) => {
                    let element = self.element(inner, column, path)?;
                    return Some(Bound::List(number, Box::new(element)));
                }
                None => {
                    let advice = match self.cells {
                        Cells::Typed => "give lists",
                        Cells::Texts => "use JSON lines or Parquet",
                    };
                    (listed(inner), advice.to_string())
                }
            },
        };
        self.unfit(column, &holds, &advice, path);
        None
    }

    /// What the elements of lists are read from.
    fn element(&mut self, element: &Element, column: &Column, path: &Path<'_>) -> Option<Bound> {
        // The path of an error names no element.
        let path = &Path::Field(path, "[]");
        let kind = match element {
            Element::Scalar(ty, _) => FieldKind::Scalar(ty.clone()),
            Element::Read(ty, reading) => FieldKind::Read(ty.clone(), reading.clone()),
            Element::Record(layout) => FieldKind::Record(layout.clone()),
            Element::List(inner) => FieldKind::List(inner.clone()),
        };
        self.kind(&kind, (0, column), path)
    }

    #[cold]
    fn unfit(&mut self, column: &Column, holds: &str, advice: &str, path: &Path<'_>) {
        let (name, data) = (column.name(), column.data_type());
        let message = match self.cells {
            Cells::Typed => {
                format!("the column `{name}` is of type {data}, which is not {holds}; {advice}")
            }
            Cells::Texts => format!("the column `{name}` holds texts, not {holds}; {advice}"),
        };
        self.problem(path, InputCode::WrongColumnType, message);
    }
}

/// A list in a sentence.
fn listed(element: &Element) -> String {
    match element {
        Element::Scalar(ty, _) | Element::Read(ty, _) => format!("a list of {ty}"),
        Element::Record(layout) => format!("a list of {}", layout.record),
        Element::List(_) => "a list of lists".to_string(),
    }
}
