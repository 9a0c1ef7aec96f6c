//! One row of a batch into the slots of a record, by the way that JSON takes.

use super::leaf::{Leaf, money_of};
use super::open::{Lists, Open, OpenRecord, Opened};
use crate::facts::{Filler, InputCode, InputError, Joins, Path, Raw, SeenFields};
use crate::program::{Element, Field, FieldKind, Layout, Program};
use rulebook_lang::model::{AMOUNT, CURRENCY, Cell, Spot, Store, Zone};

/// Fills a row from one of a batch; `joins` says where its joined fields are looked up.
///
/// # Errors
/// Every problem of the record, or that the batch has no such row.
pub fn read_row(
    program: &Program,
    layout: &Layout,
    joins: Joins<'_>,
    (opened, at): (&Opened<'_>, usize),
    row: &mut Store,
) -> Result<(), Vec<InputError>> {
    let mut reader = Reader { filler: Filler::new(program, layout, joins, row) };
    if at < opened.rows {
        reader.record(layout, &opened.fields, at, 0, &Path::Record);
    } else {
        let message = format!("the batch has {} rows, and none with the number {at}", opened.rows);
        reader.filler.error(&Path::Record, InputCode::NoRow, message);
    }
    reader.filler.finish(layout)
}

/// Fills the slots of one field, all else left empty; whether its value is what the field says.
pub(crate) fn read_field(
    place: (&Program, &Layout),
    field: &Field,
    (open, at): (&Open<'_>, usize),
    row: &mut Store,
) -> bool {
    alone(place, row, |reader| reader.field(field, open, at, 0, &Path::Record))
}

/// The same for a value that stands somewhere in a column.
pub(crate) fn read_value(
    place: (&Program, &Layout),
    field: &Field,
    (leaf, at): (&Leaf<'_>, usize),
    row: &mut Store,
) -> bool {
    alone(place, row, |reader| reader.leaf(field, leaf, at, 0, &Path::Record))
}

fn alone(
    (program, layout): (&Program, &Layout),
    row: &mut Store,
    read: impl FnOnce(&mut Reader<'_>),
) -> bool {
    let mut reader = Reader { filler: Filler::new(program, layout, Joins::Nowhere, row) };
    read(&mut reader);
    reader.filler.finish(layout).is_ok()
}

struct Reader<'p> {
    filler: Filler<'p>,
}

impl Reader<'_> {
    fn record(
        &mut self,
        layout: &Layout,
        record: &OpenRecord<'_>,
        at: usize,
        base: u32,
        path: &Path<'_>,
    ) {
        let mut seen = SeenFields::default();
        for (position, open) in &record.fields {
            let Some(field) = layout.fields.get(*position) else { continue };
            seen.mark(*position);
            self.field(field, open, at, base, &Path::Field(path, &field.name));
        }
        self.filler.end_record(layout, base, &seen, path);
    }

    #[inline]
    fn field(&mut self, field: &Field, open: &Open<'_>, at: usize, base: u32, path: &Path<'_>) {
        match (open, &field.kind) {
            (Open::Leaf(leaf), _) => self.leaf(field, leaf, at, base, path),
            (
                Open::Struct(_, record) | Open::Flat(record, _),
                FieldKind::Record(Layout { reading: Some(_), .. }),
            ) if open.is_there(at) => {
                let filler = &mut self.filler;
                record.money(at, &filler.program.zone, &mut |raw| {
                    filler.scalar_field(field, base, raw, path);
                });
            }
            (Open::Struct(..) | Open::Flat(..), FieldKind::Record(layout)) if open.is_there(at) => {
                self.filler.row.set(base + field.slot, Cell::Bool(true));
                if let Open::Struct(_, record) | Open::Flat(record, _) = open {
                    self.record(layout, record, at, base, path);
                }
            }
            (Open::List(lists, inner), FieldKind::List(element)) if open.is_there(at) => {
                self.list((element, inner), lists, at, Spot::Slot(base + field.slot), path);
            }
            _ => self.filler.scalar_field(field, base, &Raw::Null, path),
        }
    }

    #[inline]
    fn leaf(&mut self, field: &Field, leaf: &Leaf<'_>, at: usize, base: u32, path: &Path<'_>) {
        let filler = &mut self.filler;
        leaf.visit(at, &filler.program.zone, |raw| filler.scalar_field(field, base, raw, path));
    }

    fn list(
        &mut self,
        (element, open): (&Element, &Open<'_>),
        lists: &Lists<'_>,
        at: usize,
        spot: Spot,
        path: &Path<'_>,
    ) {
        let begin = self.filler.row.begin_list();
        for (index, at) in lists.range(at).enumerate() {
            self.element(element, open, at, &Path::Index(path, index));
        }
        let cell = self.filler.row.end_list(begin);
        self.filler.row.put(spot, cell);
    }

    fn element(&mut self, element: &Element, open: &Open<'_>, at: usize, path: &Path<'_>) {
        match (element, open) {
            (_, Open::Leaf(leaf)) => {
                let filler = &mut self.filler;
                leaf.visit(at, &filler.program.zone, |raw| {
                    filler.scalar_element(element, raw, path);
                });
            }
            (Element::Record(Layout { reading: Some(_), .. }), Open::Struct(_, record))
                if open.is_there(at) =>
            {
                let filler = &mut self.filler;
                record.money(at, &filler.program.zone, &mut |raw| {
                    filler.scalar_element(element, raw, path);
                });
            }
            (Element::Record(layout), Open::Struct(_, record)) if open.is_there(at) => {
                let start = self.filler.begin_element(layout);
                self.record(layout, record, at, start, path);
            }
            (Element::List(element), Open::List(lists, inner)) if open.is_there(at) => {
                self.list((element, inner), lists, at, Spot::Element, path);
            }
            _ => self.filler.scalar_element(element, &Raw::Null, path),
        }
    }
}

impl OpenRecord<'_> {
    /// Hands out the amount and the currency of money whose field says how it is read.
    fn money(&self, at: usize, zone: &Zone, take: &mut dyn FnMut(&Raw<'_>)) {
        let nothing = Leaf::nothing();
        let part = |wanted: u32| {
            let mut fields = self.fields.iter();
            match fields.find(|(position, _)| *position == wanted as usize) {
                Some((_, Open::Leaf(leaf))) => leaf,
                _ => &nothing,
            }
        };
        part(AMOUNT).visit_part(at, zone, &mut |amount| {
            part(CURRENCY).visit_part(at, zone, &mut |currency| take(&money_of(amount, currency)));
        });
    }
}

impl Open<'_> {
    /// Whether there is anything in a row.
    pub(super) fn is_there(&self, at: usize) -> bool {
        match self {
            Self::Leaf(leaf) => !leaf.is_missing(at),
            Self::Struct(nulls, _) => nulls.is_none_or(|nulls| nulls.is_valid(at)),
            Self::Flat(record, always) => {
                *always || record.fields.iter().any(|(_, open)| open.is_there(at))
            }
            Self::List(lists, _) => !lists.is_null(at),
        }
    }
}
