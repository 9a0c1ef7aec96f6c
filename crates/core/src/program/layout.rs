//! Where the fields of a record lie in a row: nested records are laid out flat, lists of records
//! as one stretch of cells for each element.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::beside::{self, Told};
use super::constant::add_constant;
use super::profile::{Join, ProfileRecord};
use crate::check::typed::{self, Checked, Place, Record, RecordKind};
use crate::ids::{IdVec, ProfileId};
use rulebook_lang::model::{
    AMOUNT, CURRENCY, Cell, Currency, Number, Store, Type, Value, is_money_name,
};
use rulebook_lang::reading::Reading;

/// The fields of a record and their slots.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The name of the record.
    pub record: Arc<str>,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// How many slots the record takes, those of nested records included.
    pub size: u32,
    /// Whether it is money of any currency, whose fields are the amount and the currency.
    pub money: bool,
    /// Whether a field of the record, or of one within it, is joined.
    pub joins: bool,
    /// Whether a profile that is joined in it, at any depth, holds for a time.
    pub in_time: bool,
    /// How it is read, where it is money and the field says so.
    pub reading: Option<Arc<Reading>>,
    /// Whether a field of the record, or of one within it, is told more of by another one.
    pub settles: bool,
    /// Whether that is looked up once this record is read, and not one around it.
    pub is_settled_here: bool,
    /// Whether the one or the other is left to do once the fields of the record are read.
    pub unfinished: bool,
    /// With how many fields the input leaves nothing to do: never where a field is joined.
    pub complete: usize,
    /// What is judged with the record, behind its fields: the element of a list, and its position. No input
    /// has them.
    pub beside: Vec<Field>,
    names: FxHashMap<Box<str>, usize>,
    /// A bit for each length that a name has; the last one for all that are longer.
    lengths: u64,
}

fn length_bit(name: &str) -> u64 {
    1 << name.len().min(63)
}

/// A field and its slot.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name.
    pub name: Box<str>,
    /// What the input probably calls it, a text that JSON does not escape.
    pub key: Box<str>,
    /// The slot, counted from the start of the outermost record.
    pub slot: u32,
    /// Whether the field may be missing.
    pub optional: bool,
    /// The value where the input has none, a cell of the program's constants.
    pub default: Option<Cell>,
    /// What the field holds.
    pub kind: FieldKind,
    /// To how many digits after the point its numbers are rounded as they are read.
    pub digits: Option<u32>,
    /// How the input has it, where its declaration says so.
    pub reading: Option<Arc<Reading>>,
    /// The field that tells more of it.
    pub told: Option<Told>,
    /// Which profile stands where the input has none.
    pub join: Option<Join>,
    /// Whether nobody can change it, so that no change of it is told.
    pub fixed: bool,
}

impl Field {
    /// How many slots it takes, with what lies within it.
    fn slots(&self) -> u32 {
        match &self.kind {
            FieldKind::Record(layout) => layout.size.saturating_add(1),
            FieldKind::Scalar(_) | FieldKind::Read(..) | FieldKind::List(_) => 1,
        }
    }
}

/// What a field holds.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// A single value.
    Scalar(Type),
    /// A single value whose declaration says how it is read.
    Read(Type, Arc<Reading>),
    /// A record; the field's own slot tells whether it is there.
    Record(Layout),
    /// Several values.
    List(Arc<Element>),
}

/// What a list holds.
#[derive(Debug, Clone)]
pub enum Element {
    /// Single values, and to how many digits their numbers are rounded.
    Scalar(Type, Option<u32>),
    /// Single values whose declaration says how they are read.
    Read(Type, Arc<Reading>),
    /// Records, each laid out from slot 0 of its own stretch.
    Record(Layout),
    /// Lists.
    List(Arc<Element>),
}

impl FieldKind {
    /// The type of a single value.
    pub fn single(&self) -> Option<&Type> {
        match self {
            Self::Scalar(ty) | Self::Read(ty, _) => Some(ty),
            Self::Record(_) | Self::List(_) => None,
        }
    }
}

impl Element {
    /// The type of single values.
    pub fn single(&self) -> Option<&Type> {
        match self {
            Self::Scalar(ty, _) | Self::Read(ty, _) => Some(ty),
            Self::Record(_) | Self::List(_) => None,
        }
    }

    /// Whether records in it join profiles, and such as hold for a time.
    fn joins(&self) -> (bool, bool) {
        match self {
            Self::Scalar(..) | Self::Read(..) => (false, false),
            Self::Record(layout) => (layout.joins, layout.in_time),
            Self::List(inner) => inner.joins(),
        }
    }

    fn joined_records<'l>(&'l self, into: &mut Vec<&'l str>) {
        match self {
            Self::Scalar(..) | Self::Read(..) => {}
            Self::Record(layout) => layout.joined_records(into),
            Self::List(inner) => inner.joined_records(into),
        }
    }
}

impl Layout {
    /// The field that the input calls so, by its name or its `as` name, and its position.
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        let position = *self.names.get(name)?;
        self.fields.get(position).map(|field| (position, field))
    }

    /// The same, with the position at which the field probably stands: records keep the order of
    /// their fields, mostly that of the declaration.
    #[inline]
    pub fn likely_field(&self, likely: usize, name: &str) -> Option<(usize, &Field)> {
        match self.fields.get(likely) {
            Some(field) if is_same(&field.key, name) => Some((likely, field)),
            _ => self.field(name),
        }
    }

    /// The names of the fields, aliases included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(AsRef::as_ref)
    }

    /// What else than its name the input may call the field at a position.
    pub fn aliases(&self, position: usize) -> impl Iterator<Item = &str> {
        let own = self.fields.get(position).map(|field| field.name.as_ref());
        let names = self.names.iter().filter(move |(_, at)| **at == position);
        names.map(|(name, _)| name.as_ref()).filter(move |name| Some(*name) != own)
    }

    /// The slot of a top-level field with this name and a plain value.
    pub fn scalar_slot(&self, name: &str) -> Option<u32> {
        let (_, field) = self.field(name)?;
        field.kind.single().map(|_| field.slot)
    }

    /// Adds the names of the records that are joined, at any depth.
    pub fn joined_records<'l>(&'l self, into: &mut Vec<&'l str>) {
        for field in &self.fields {
            match &field.kind {
                FieldKind::Record(layout) => {
                    into.extend(field.join.map(|_| layout.record.as_ref()));
                    layout.joined_records(into);
                }
                FieldKind::List(element) => element.joined_records(into),
                FieldKind::Scalar(_) | FieldKind::Read(..) => {}
            }
        }
    }

    /// The fields of the amount and the currency, of money of any currency.
    pub fn money_fields(&self) -> Option<(&Field, &Field)> {
        let field = |at: u32| self.fields.get(at as usize);
        field(AMOUNT).zip(field(CURRENCY)).filter(|_| self.money)
    }

    /// The amount and the currency of what lies in the slots, if it is money of any currency.
    pub fn money<'v>(&self, read: impl Fn(u32) -> Value<'v>) -> Option<(Number, Currency)> {
        let (amount, currency) = self.money_fields()?;
        match (read(amount.slot), read(currency.slot)) {
            (Value::Number(amount), Value::Member(at)) => Some((amount, Currency::at(at)?)),
            _ => None,
        }
    }

    /// Lets money be read as a field says, by its keys as well.
    fn read_money(&mut self, how: &How<'_>) {
        if let (true, Some(amount)) = (self.money, self.fields.get_mut(AMOUNT as usize)) {
            amount.digits = how.digits;
            self.reading = how.reading.cloned();
            let keys = how.reading.and_then(|reading| reading.keys.as_ref());
            let positions = [AMOUNT, CURRENCY].map(|at| at as usize);
            let keys = keys.into_iter().flat_map(|(amount, currency)| [amount, currency]);
            for (key, position) in keys.zip(positions) {
                self.names.insert(key.clone(), position);
                self.lengths |= length_bit(key);
            }
        }
    }

    /// The slot by which a value is called: of an amount that of the money that it is part of, else its own.
    pub fn whole(&self, slot: u32) -> u32 {
        let mut whole = slot;
        self.walk("", &mut |_, field| {
            if let FieldKind::Record(inner) = &field.kind
                && inner.money_fields().is_some_and(|(amount, _)| amount.slot == slot)
            {
                whole = field.slot;
            }
        });
        whole
    }

    /// A slot and those of what lies within the record there.
    pub fn within(&self, slot: u32) -> Vec<u32> {
        let mut slots = vec![slot];
        let mut record = None;
        self.walk("", &mut |path, field| match &record {
            _ if field.slot == slot => record = Some(format!("{path}.")),
            Some(outer) if path.starts_with(outer.as_str()) => slots.push(field.slot),
            _ => {}
        });
        slots
    }

    /// The fields as rules see them: behind those of the record the element that is judged with it.
    pub fn seen(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.beside)
    }

    /// Calls `visit` with the path, the field and its slot, for every field and those within it.
    pub fn walk<'l>(&'l self, path: &str, visit: &mut dyn FnMut(&str, &'l Field)) {
        for field in self.seen() {
            let own = match path {
                "" => field.name.to_string(),
                path => format!("{path}.{}", field.name),
            };
            visit(&own, field);
            if let FieldKind::Record(inner) = &field.kind {
                inner.walk(&own, visit);
            }
        }
    }
}

/// Whether two keys are the same. Keys are short, and comparing them in two pieces that overlap takes
/// less time than to call for a comparison.
#[inline]
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        4..=8 => {
            a.first_chunk::<4>() == b.first_chunk::<4>()
                && a.last_chunk::<4>() == b.last_chunk::<4>()
        }
        9..=16 => {
            a.first_chunk::<8>() == b.first_chunk::<8>()
                && a.last_chunk::<8>() == b.last_chunk::<8>()
        }
        _ => a == b,
    }
}

/// How the values of a field are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct How<'f> {
    /// To how many digits numbers are rounded.
    pub(super) digits: Option<u32>,
    /// What the declaration says beside that.
    pub(super) reading: Option<&'f Arc<Reading>>,
}

/// Lays out records.
pub(super) struct Layouter<'c> {
    pub(super) checked: &'c Checked,
    pub(super) constants: &'c mut Store,
    /// The records that are joined, each once.
    pub(super) profiles: &'c mut IdVec<ProfileId, ProfileRecord>,
}

impl Layouter<'_> {
    /// The layout of the record of a policy, whose rows have so much room for an element that is judged with
    /// it: the same for all policies on such records, since they read each other.
    pub(super) fn judged(&mut self, record: &Record, room: u32) -> Layout {
        let mut layout = match self.base_of(record) {
            Some(base) => {
                let mut layout = self.record(&base, 0);
                let mut next = layout.size;
                for field in record.fields.iter().skip(base.fields.len()) {
                    let field = self.field(field, next);
                    next += field.slots();
                    layout.beside.push(field);
                }
                layout
            }
            None => self.record(record, 0),
        };
        layout.size = layout.size.saturating_add(room);
        self.resolve(&mut layout);
        layout
    }

    /// Finds the fields that tell more of others.
    fn resolve(&self, layout: &mut Layout) {
        let mut fields = self.checked.records.iter().flat_map(|record| &record.fields);
        if fields.any(|field| field.reading.as_ref().is_some_and(|how| how.beside.is_some())) {
            beside::resolve(layout);
        }
    }

    /// The record that is read where this one is judged, an element of a list of it beside it.
    fn base_of(&self, record: &Record) -> Option<Record> {
        match record.kind {
            RecordKind::Element(base) => self.checked.records.get(base.index()).cloned(),
            RecordKind::Declared | RecordKind::Decided(_) | RecordKind::Row(_) => None,
        }
    }

    /// How many slots what is judged with a record takes.
    pub(super) fn room_beside(&mut self, record: &Record) -> u32 {
        let Some(base) = self.base_of(record) else { return 0 };
        let beside = record.fields.iter().skip(base.fields.len());
        beside.map(|field| self.field(field, 0).slots()).sum()
    }

    /// A field in a slot.
    fn field(&mut self, field: &typed::Field, slot: u32) -> Field {
        let how = How { digits: field.digits, reading: field.reading.as_ref() };
        let mut kind = self.kind(field.ty.required(), &how, slot + 1);
        if let FieldKind::Record(inner) = &mut kind {
            inner.read_money(&how);
        }
        Field {
            name: field.name.as_str().into(),
            key: likely_key(field).into(),
            slot,
            optional: field.ty.is_optional(),
            default: field.default.as_ref().map(|value| add_constant(self.constants, value)),
            kind,
            digits: field.digits,
            reading: field.reading.clone(),
            told: None,
            join: None,
            fixed: field.fixed,
        }
    }

    /// The layout of a record whose first slot is `base`.
    pub(super) fn record(&mut self, record: &Record, base: u32) -> Layout {
        let mut next = base;
        let mut fields = Vec::new();
        let mut names = FxHashMap::default();
        let mut lengths = 0;
        for (position, field) in record.fields.iter().enumerate() {
            let laid = self.field(field, next);
            next += laid.slots();
            for name in field.alias.iter().chain([&field.name]) {
                names.insert(name.as_str().into(), position);
                lengths |= length_bit(name);
            }
            fields.push(laid);
        }
        let mut layout = Layout {
            record: record.name.clone(),
            size: next - base,
            money: is_money_name(&record.name),
            joins: false,
            in_time: false,
            reading: None,
            settles: false,
            is_settled_here: false,
            unfinished: false,
            complete: fields.len(),
            beside: Vec::new(),
            fields,
            names,
            lengths,
        };
        self.add_joins(&mut layout, record);
        layout.unfinished = layout.joins;
        layout
    }

    /// Gives the joined fields their keys, once the slots of all fields are known.
    fn add_joins(&mut self, layout: &mut Layout, record: &Record) {
        let keys = record.fields.iter().map(|field| field.join.as_ref());
        let keys: Vec<_> = keys.map(|key| slot_of(layout, key?)).collect();
        for (field, key) in layout.fields.iter_mut().zip(keys) {
            let (joins, in_time) = match &field.kind {
                FieldKind::Record(inner) => (inner.joins, inner.in_time),
                FieldKind::List(element) => element.joins(),
                FieldKind::Scalar(_) | FieldKind::Read(..) => (false, false),
            };
            layout.joins |= joins;
            layout.in_time |= in_time;
            let (Some(key), FieldKind::Record(inner)) = (key, &field.kind) else { continue };
            let profile = self.profile(&inner.record);
            layout.in_time |= self.profiles[profile].validity.is_some();
            field.join = Some(Join { profile, key });
            (layout.joins, layout.complete) = (true, usize::MAX);
        }
    }

    /// The id of a record among those that are joined.
    fn profile(&mut self, name: &Arc<str>) -> ProfileId {
        let known = self.profiles.iter().position(|profile| profile.layout.record == *name);
        known.map(ProfileId::at).unwrap_or_else(|| {
            let record = self.find(name);
            let key = record.as_ref().and_then(|record| record.profile_key).unwrap_or_default();
            let validity = record.as_ref().and_then(|record| record.validity);
            let mut layout = record.map(|record| self.record(&record, 0)).unwrap_or_default();
            self.resolve(&mut layout);
            let (key, form) = (key as usize, Arc::from(""));
            self.profiles.push(ProfileRecord { layout, key, validity, form })
        })
    }

    /// What a value of a type is laid out as, and how it is read; the fields of a record from slot `base` on.
    pub(super) fn kind(&mut self, ty: &Type, how: &How<'_>, base: u32) -> FieldKind {
        match (ty, how.reading) {
            (Type::Record(record), _) => match self.find(record.name()) {
                Some(record) => FieldKind::Record(self.record(&record, base)),
                None => FieldKind::Scalar(Type::Unknown),
            },
            (Type::List(inner), _) => FieldKind::List(Arc::new(self.element(inner, how))),
            (other, Some(reading)) => FieldKind::Read(other.clone(), reading.clone()),
            (other, None) => FieldKind::Scalar(other.clone()),
        }
    }

    fn element(&mut self, ty: &Type, how: &How<'_>) -> Element {
        match (ty, how.reading) {
            (Type::Record(record), _) => match self.find(record.name()) {
                Some(record) => {
                    let mut layout = self.record(&record, 0);
                    layout.read_money(how);
                    Element::Record(layout)
                }
                None => Element::Scalar(Type::Unknown, None),
            },
            (Type::List(inner), _) => Element::List(Arc::new(self.element(inner, how))),
            (other, Some(reading)) => Element::Read(other.clone(), reading.clone()),
            (other, None) => Element::Scalar(other.clone(), how.digits),
        }
    }

    fn find(&self, name: &str) -> Option<Record> {
        self.checked.records.iter().find(|record| record.name.as_ref() == name).cloned()
    }
}

/// The `as` name of a field or else its own, which is an identifier.
fn likely_key(field: &typed::Field) -> &str {
    let escaped = |c: char| c < ' ' || matches!(c, '"' | '\\');
    match &field.alias {
        Some(alias) if !alias.contains(escaped) => alias,
        _ => &field.name,
    }
}

/// The slot that a place of the judged record has.
pub(super) fn slot(layout: &Layout, place: &Place) -> Option<u32> {
    slot_of(layout, &place.fields)
}

fn slot_of(layout: &Layout, fields: &[u32]) -> Option<u32> {
    let (last, parents) = fields.split_last()?;
    let mut layout = layout;
    for parent in parents {
        match &layout.seen().nth(*parent as usize)?.kind {
            FieldKind::Record(inner) => layout = inner,
            _ => return None,
        }
    }
    layout.seen().nth(*last as usize).map(|field| field.slot)
}
