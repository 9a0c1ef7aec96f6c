//! The profiles of one record by their keys: cells and texts of all, one behind the other.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::DuplicateProfile;
use super::periods::{Period, Periods};
use super::report::{BadProfile, ProfileGap};
use rulebook_core::facts::{InputCode, InputError, Profile, ProfileKey};
use rulebook_core::program::{FieldKind, ProfileRecord, Program};
use rulebook_lang::model::{Cell, Number, Store, Time, Type};

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
    /// The numbers of keys that are texts or members: those of their entries, unless profiles hold for a time.
    texts: FxHashMap<Box<str>, usize>,
    /// The same of keys that are numbers.
    numbers: FxHashMap<Number, usize>,
    /// When the profiles of each key hold, where they hold for a time.
    periods: Vec<Periods>,
    /// Whether there is a source of them, of however many.
    pub(super) is_given: bool,
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

    /// The profile with a key; as of a time, where they hold for a time.
    pub(super) fn find<'t>(
        &'t self,
        profile: &'t ProfileRecord,
        key: ProfileKey<'_>,
        time: Option<Time>,
    ) -> Option<Profile<'t>> {
        let number = self.number(key)?;
        let number = match time {
            Some(time) => self.periods.get(number)?.at(time)?,
            None => number,
        };
        let entry = self.entries.get(number)?;
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
        (program, profile): (&Program, &ProfileRecord),
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
        // Nothing can ask for one without a key.
        let Some(key) = key else {
            return Taken::Bad(BadProfile { place: place.to_string(), errors });
        };
        let holds = profile.validity.map(|_| period(program, profile, row, &mut errors));
        if let Err((number, time)) = self.add(key, holds, profile) {
            let first = self.entries.get(number).map(|entry| entry.place.to_string());
            let (first, again) = (first.unwrap_or_default(), place.to_string());
            let time = time.map(|time| format!(", at {}", time.told(&program.zone)));
            let key = key.told() + time.as_deref().unwrap_or_default();
            return Taken::Twice(DuplicateProfile { key, first, again });
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

    /// Adds the next entry under its key, and the times between which it holds, where it does for a time.
    ///
    /// # Errors
    /// The entry that there is already, and since when both hold.
    fn add(
        &mut self,
        key: ProfileKey<'_>,
        holds: Option<Option<Period>>,
        profile: &ProfileRecord,
    ) -> Result<(), (usize, Option<Time>)> {
        let known = self.number(key);
        let entry = self.entries.len();
        let number = match (holds, known) {
            (None, Some(known)) => return Err((known, None)),
            (None, None) => entry,
            (Some(holds), known) => {
                let number = known.unwrap_or(self.periods.len());
                if number == self.periods.len() {
                    self.periods.push(Periods::default());
                }
                let ends = profile.validity.is_some_and(|validity| validity.until.is_some());
                match (self.periods.get_mut(number), holds) {
                    (Some(periods), Some(period)) => periods.insert(period, entry, ends)?,
                    (Some(periods), None) => periods.insert_unknown(entry),
                    (None, _) => {}
                }
                number
            }
        };
        match key {
            _ if known.is_some() => {}
            ProfileKey::Text(text) => drop(self.texts.insert(text.into(), number)),
            ProfileKey::Number(key) => drop(self.numbers.insert(key, number)),
        }
        Ok(())
    }

    /// Where no profile of a key holds though some do before and after, in the order of the keys.
    pub(super) fn gaps(&self) -> Vec<ProfileGap> {
        let texts = self.texts.iter().map(|(key, number)| (ProfileKey::Text(key), *number));
        let numbers = self.numbers.iter().map(|(key, number)| (ProfileKey::Number(*key), *number));
        let periods = |number: usize| self.periods.get(number).into_iter().flat_map(Periods::gaps);
        let gaps = texts.chain(numbers).flat_map(|(key, number)| {
            periods(number).map(move |(from, until)| ProfileGap { key: key.told(), from, until })
        });
        let mut gaps: Vec<_> = gaps.collect();
        gaps.sort_by(|a, b| (&a.key, a.from).cmp(&(&b.key, b.from)));
        gaps
    }

    fn append(&mut self, row: &Store) -> Content {
        let (cells, text) = row.parts();
        let starts = (self.cells.len(), self.text.len());
        self.cells.extend_from_slice(cells);
        self.text.push_str(text);
        Content::Good { cells: starts.0..self.cells.len(), text: starts.1..self.text.len() }
    }
}

/// Between which times a profile holds; nothing where that cannot be told.
fn period(
    program: &Program,
    profile: &ProfileRecord,
    row: &Store,
    errors: &mut Vec<InputError>,
) -> Option<Period> {
    let validity = profile.validity?;
    let name =
        |position: u32| profile.layout.fields.get(position as usize).map(|field| &field.name);
    let (from, until) = (name(validity.from)?, validity.until.and_then(name));
    let is_wrong = |name: &str| errors.iter().any(|error| error.path == name);
    if is_wrong(from) || until.is_some_and(|until| is_wrong(until)) {
        return None;
    }
    let times = program.holds(profile, row, 0);
    if let ([Some(start), Some(end)], Some(until)) = (times, until)
        && end <= start
    {
        let (start, end) = (start.told(&program.zone), end.told(&program.zone));
        let message = format!("it holds from {start} until {end}, which is never");
        errors.push(InputError::new(until, InputCode::NeverHolds, message));
        return None;
    }
    let [from, until] = times;
    Some(Period { from, until })
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
