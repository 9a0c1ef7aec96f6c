//! What was kept of a record until all of it was read: times whose zone, and amounts whose currency, another field tells.

use super::{Filler, InputCode, Path};
use crate::program::{Element, Field, FieldKind, Layout, Told};
use rulebook_lang::model::{Cell, Currency, Spot, Type};
use rulebook_lang::reading::Tells;

impl Filler<'_> {
    /// Reads what was kept of a record, and of those within it. `bases` has where the record begins, and before that
    /// the records around the lists in which it stands.
    pub(super) fn settle(&mut self, layout: &Layout, bases: &mut Vec<u32>, path: &Path<'_>) {
        let base = bases.last().copied().unwrap_or_default();
        for field in &layout.fields {
            let path = &Path::Field(path, &field.name);
            let cell = self.row.cell(base + field.slot);
            if let Some(told) = field.told {
                self.settle_field(field, told, (base, bases), path);
            }
            match &field.kind {
                FieldKind::Record(inner) if inner.settles && cell != Cell::Missing => {
                    self.settle(inner, bases, path);
                }
                FieldKind::List(element) => self.settle_elements(element, cell, bases, path),
                _ => {}
            }
        }
    }

    fn settle_elements(
        &mut self,
        element: &Element,
        list: Cell,
        bases: &mut Vec<u32>,
        path: &Path<'_>,
    ) {
        let Cell::List { start, end } = list else { return };
        for (index, slot) in (start..end).enumerate() {
            let path = &Path::Index(path, index);
            match (element, self.row.cell(slot)) {
                (Element::Record(layout), Cell::Record { start, .. }) if layout.settles => {
                    bases.push(start);
                    self.settle(layout, bases, path);
                    bases.pop();
                }
                (Element::List(inner), list) => self.settle_elements(inner, list, bases, path),
                _ => return,
            }
        }
    }

    fn settle_field(
        &mut self,
        field: &Field,
        told: Told,
        (base, bases): (u32, &[u32]),
        path: &Path<'_>,
    ) {
        let around = bases.len().checked_sub(told.up + 1).and_then(|at| bases.get(at));
        let teller = around.map_or(Cell::Missing, |base| self.row.cell(base + told.slot));
        let slot = base + field.slot;
        match &field.kind {
            FieldKind::List(element) => {
                self.settle_list(field, element, (told.tells, teller), self.row.cell(slot), path);
            }
            FieldKind::Read(ty, _) => {
                self.settle_single(field, ty, (told.tells, teller), slot, path)
            }
            FieldKind::Record(layout) => self.settle_money(layout, teller, base, path),
            FieldKind::Scalar(_) => {}
        }
    }

    fn settle_list(
        &mut self,
        field: &Field,
        element: &Element,
        told: (Tells, Cell),
        list: Cell,
        path: &Path<'_>,
    ) {
        let Cell::List { start, end } = list else { return };
        for (index, slot) in (start..end).enumerate() {
            let path = &Path::Index(path, index);
            match (element, self.row.cell(slot)) {
                (Element::Read(ty, _), _) => self.settle_single(field, ty, told, slot, path),
                (Element::Record(layout), Cell::Record { start, .. }) => {
                    self.settle_money(layout, told.1, start, path);
                }
                (Element::List(inner), list) => self.settle_list(field, inner, told, list, path),
                _ => {}
            }
        }
    }

    fn settle_single(
        &mut self,
        field: &Field,
        ty: &Type,
        (tells, teller): (Tells, Cell),
        slot: u32,
        path: &Path<'_>,
    ) {
        let (Some(reading), Cell::Text { start, end }) = (&field.reading, self.row.cell(slot))
        else {
            return;
        };
        let kept = self.row.text_between(start, end).to_string();
        let Some(word) = self.word_of(tells, teller) else {
            return self.untold(field, path);
        };
        self.settle_kept((ty, reading), &kept, (tells, &word), (Spot::Slot(slot), path));
    }

    fn settle_money(&mut self, layout: &Layout, teller: Cell, base: u32, path: &Path<'_>) {
        let (Some(reading), Some((amount, _))) = (&layout.reading, layout.money_fields()) else {
            return;
        };
        let Cell::Text { start, end } = self.row.cell(base + amount.slot) else { return };
        let kept = self.row.text_between(start, end).to_string();
        let Some(code) = self.word_of(Tells::Currency, teller) else {
            let told = reading.beside.as_ref().map(ToString::to_string).unwrap_or_default();
            return self.untold_by(&told, path);
        };
        let raw = super::Raw::Text(&kept);
        self.amount_of_any((layout, reading), base, &raw, &code, path);
    }

    /// What another field tells, as a text.
    fn word_of(&self, tells: Tells, teller: Cell) -> Option<String> {
        match (teller, tells) {
            (Cell::Text { start, end }, _) => Some(self.row.text_between(start, end).to_string()),
            (Cell::Member(position), Tells::Currency) => {
                Currency::at(position).map(|currency| currency.code().to_string())
            }
            _ => None,
        }
    }

    #[cold]
    fn untold(&mut self, field: &Field, path: &Path<'_>) {
        let beside = field.reading.as_ref().and_then(|reading| reading.beside.as_ref());
        let told = beside.map(ToString::to_string).unwrap_or_default();
        self.untold_by(&told, path);
    }

    /// Reports that another field is missing, unless that is wrong already.
    fn untold_by(&mut self, told: &str, path: &Path<'_>) {
        if self.errors.is_empty() {
            let message = format!("`{told}`, which tells more of it, is missing");
            self.error(path, InputCode::MissingField, message);
        }
    }
}
