//! The profiles of one record by their keys: cells and texts of all, one behind the other.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::DuplicateProfile;
use super::report::BadProfile;
use rulebook_core::facts::{InputCode, InputError, Profile, ProfileKey};
use rulebook_core::program::{FieldKind, ProfileRecord};
use rulebook_lang::model::{Cell, Number, Store, Type};

/// Where a profile stands.
#[derive(Debug, Clone)]
pub(super) struct ProfilePlace {
    /// The file, or what else it came from.
    pub(super) origin: Arc<str>,
    /// `line` or `row`.
    pub(super) noun: &'static str,
    /// Which, counted from 1.
    pub(super) number: u64,
}

impl fmt::Display for ProfilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.origin, self.noun, self.number)
    }
}

/// What became of a profile.
pub(super) enum Taken {
    /// It can be joined.
    Good,
    /// It is not as its record is declared.
    Bad(BadProfile),
    /// There is one with its key already, which is kept.
    Twice(DuplicateProfile),
}

/// The profiles of one record.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The numbers of entries by keys that are texts or members.
    texts: FxHashMap<Box<str>, usize>,
    /// The numbers of entries by keys that are numbers.
    numbers: FxHashMap<Number, usize>,
    entries: Vec<Entry>,
    /// The cells of all profiles; ranges in them count from where the profile starts.
    cells: Vec<Cell>,
    text: String,
}

#[derive(Debug)]
struct Entry {
    place: ProfilePlace,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Good { cells: Range<usize>, text: Range<usize> },
    Bad(Vec<InputError>),
}

impl Table {
    /// How many profiles have a key.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The profile with a key.
    pub(super) fn find<'t>(
        &'t self,
        profile: &'t ProfileRecord,
        key: ProfileKey<'_>,
    ) -> Option<Profile<'t>> {
        let entry = self.entries.get(self.number(key)?)?;
        Some(match &entry.content {
            Content::Good { cells, text } => Profile::read(
                &profile.form,
                self.cells.get(cells.clone()).unwrap_or_default(),
                self.text.get(text.clone()).unwrap_or_default(),
            ),
            Content::Bad(errors) => Profile::bad(errors, entry.place.to_string()),
        })
    }

    fn number(&self, key: ProfileKey<'_>) -> Option<usize> {
        match key {
            ProfileKey::Text(text) => self.texts.get(text).copied(),
            ProfileKey::Number(number) => self.numbers.get(&number).copied(),
        }
    }

    /// Keeps a profile that was read into a row, or what is wrong with it. `name` is the key that
    /// its place gives it.
    pub(super) fn keep(
        &mut self,
        profile: &ProfileRecord,
        row: &Store,
        place: ProfilePlace,
        name: Option<&str>,
        mut errors: Vec<InputError>,
    ) -> Taken {
        let key = key_of(profile, row);
        if let (Some(key), Some(name)) = (key, name)
            && !is_named(key, name)
        {
            let path = profile.layout.fields.get(profile.key);
            let path = path.map(|field| field.name.to_string()).unwrap_or_default();
            let message =
                format!("the profile that stands under \"{name}\" says that it is {}", key.told());
            errors.push(InputError::new(path, InputCode::WrongKey, message));
        }
        if let Some(number) = key.and_then(|key| self.number(key)) {
            let first = self.entries.get(number).map(|entry| entry.place.to_string());
            let (first, again) = (first.unwrap_or_default(), place.to_string());
            let key = key.map(ProfileKey::told).unwrap_or_default();
            return Taken::Twice(DuplicateProfile { key, first, again });
        }
        match key {
            Some(ProfileKey::Text(text)) => drop(self.texts.insert(text.into(), self.len())),
            Some(ProfileKey::Number(number)) => drop(self.numbers.insert(number, self.len())),
            // Nothing can ask for it.
            None => return Taken::Bad(BadProfile { place: place.to_string(), errors }),
        }
        if errors.is_empty() {
            let content = self.append(row);
            self.entries.push(Entry { place, content });
            return Taken::Good;
        }
        let bad = BadProfile { place: place.to_string(), errors: errors.clone() };
        self.entries.push(Entry { place, content: Content::Bad(errors) });
        Taken::Bad(bad)
    }

    fn append(&mut self, row: &Store) -> Content {
        let (cells, text) = row.parts();
        let starts = (self.cells.len(), self.text.len());
        self.cells.extend_from_slice(cells);
        self.text.push_str(text);
        Content::Good { cells: starts.0..self.cells.len(), text: starts.1..self.text.len() }
    }
}

/// The key of a profile, if it has been read.
fn key_of<'r>(profile: &'r ProfileRecord, row: &'r Store) -> Option<ProfileKey<'r>> {
    let field = profile.layout.fields.get(profile.key)?;
    match (row.cell(field.slot), &field.kind) {
        (Cell::Text { start, end }, _) => Some(ProfileKey::Text(row.text_between(start, end))),
        (Cell::Number(number), _) => Some(ProfileKey::Number(number)),
        (
            Cell::Member(position),
            FieldKind::Scalar(Type::Enum(members)) | FieldKind::Read(Type::Enum(members), _),
        ) => members.member(position).map(ProfileKey::Text),
        _ => None,
    }
}

fn is_named(key: ProfileKey<'_>, name: &str) -> bool {
    match key {
        ProfileKey::Text(text) => text == name,
        ProfileKey::Number(number) => name.parse() == Ok(number),
    }
}

/// Whether the input calls the key of a record's profiles so.
pub(super) fn owns_key(profile: &ProfileRecord, name: &str) -> bool {
    profile.layout.field(name).is_some_and(|(position, _)| position == profile.key)
}
