//! Joined fields that the input lacks, filled from profiles.

use std::sync::Arc;

use super::json::read_nested;
use super::profile::{AsOf, Form, Joins, Profile, ProfileKey};
use super::{Errors, Filler, InputCode, InputError, Path};
use crate::program::{Element, Field, FieldKind, Join, Layout, ProfileRecord, Validity};
use rulebook_lang::model::{Cell, Type};

/// A joined field of the record at hand.
#[derive(Clone, Copy)]
struct Joined<'f> {
    field: &'f Field,
    join: Join,
    /// The record of the field.
    layout: &'f Layout,
    /// Where the record that declares the field starts.
    base: u32,
    path: &'f Path<'f>,
}

impl Filler<'_> {
    /// Looks up the joined fields of a record and of all within it, as of the date that it has by now.
    pub(super) fn join_last(&mut self, layout: &Layout) {
        self.joins_last = false;
        self.as_of = match self.joins {
            Joins::From(_, Some(AsOf::Slot(slot))) => self.program.time_in(self.row, slot),
            Joins::From(_, Some(AsOf::Time(time))) => Some(time),
            _ => None,
        };
        self.join_within(layout, 0, &Path::Record);
    }

    /// Looks up the joined fields of a record that the input has left empty. All else of the record
    /// is there already, and with it the keys.
    pub(super) fn join_fields(&mut self, layout: &Layout, base: u32, path: &Path<'_>) {
        for field in &layout.fields {
            let (Some(join), FieldKind::Record(inner)) = (field.join, &field.kind) else {
                continue;
            };
            if self.row.cell(base + field.slot) == Cell::Missing {
                let path = &Path::Field(path, &field.name);
                self.join(Joined { field, join, layout: inner, base, path });
            }
        }
    }

    fn join(&mut self, joined: Joined<'_>) {
        let Joined { field, layout, base, path, .. } = joined;
        // One that is of the wrong type has been reported.
        if !self.errors.is_empty() && self.errors.reports(path) {
            return;
        }
        // A key that a required field needs is required itself, so that its lack has been reported.
        let Some(key) = self.key(joined) else { return };
        let found = match self.joins {
            Joins::Later => return,
            Joins::Nowhere => Ok(None),
            Joins::From(store, _) if self.validity(joined).is_none() => {
                store.profile(&layout.record, key)
            }
            // Where the record has no date, that has been reported.
            Joins::From(store, _) => match self.as_of {
                Some(time) => store.profile_as_of(&layout.record, key, time),
                None => return,
            },
        };
        match found {
            Ok(Some(Profile(Form::Cells { form, cells, text })))
                if self.has_form(joined.join, form) =>
            {
                self.row.set(base + field.slot, Cell::Bool(true));
                self.row.embed(cells, layout.size, text, base + field.slot + 1);
                if layout.joins {
                    self.join_within(layout, base, path);
                }
            }
            Ok(Some(Profile(Form::Cells { .. }))) => {
                self.failed(joined, "it was read for another rulebook");
            }
            Ok(Some(Profile(Form::Json(json)))) => self.join_json(&json, joined),
            Ok(Some(Profile(Form::Bad { errors, place }))) => {
                self.bad_profile(errors, &place, path);
            }
            Ok(None) if field.optional => {}
            Ok(None) => self.not_found(joined),
            Err(error) => self.failed(joined, &error.to_string()),
        }
    }

    /// Whether what was read for records of this form fits here.
    fn has_form(&self, join: Join, form: &Arc<str>) -> bool {
        let profile = &self.program.profiles[join.profile];
        Arc::ptr_eq(&profile.form, form) || profile.form == *form
    }

    /// Between which of its fields the profile holds, unless it always does.
    fn validity(&self, joined: Joined<'_>) -> Option<Validity> {
        self.program.profiles[joined.join.profile].validity
    }

    /// The key of a joined field, if the record has one.
    fn key(&self, joined: Joined<'_>) -> Option<ProfileKey<'_>> {
        match self.row.cell(joined.base + joined.join.key) {
            Cell::Text { start, end } => Some(ProfileKey::Text(self.row.text_between(start, end))),
            Cell::Number(number) => Some(ProfileKey::Number(number)),
            Cell::Member(position) => {
                let profiles = &self.program.profiles[joined.join.profile];
                member(profiles, position).map(ProfileKey::Text)
            }
            _ => None,
        }
    }

    /// The profile in words.
    #[cold]
    fn described(&self, joined: Joined<'_>) -> String {
        let key = self.key(joined).map(ProfileKey::told).unwrap_or_default();
        let profile = format!("profile of `{}` with the key {key}", joined.layout.record);
        match (self.validity(joined), self.as_of) {
            (Some(_), Some(time)) => format!("{profile} as of {}", time.told(&self.program.zone)),
            _ => profile,
        }
    }

    #[cold]
    fn not_found(&mut self, joined: Joined<'_>) {
        let profile = self.described(joined);
        let message = match self.joins {
            Joins::From(..) => format!("there is no {profile}"),
            _ => format!(
                "it is not in the record, and nothing is given to look up the {profile} \
                 (`--profile`, or `with_profiles` in a service)"
            ),
        };
        self.error(joined.path, InputCode::MissingProfile, message);
    }

    #[cold]
    fn failed(&mut self, joined: Joined<'_>, why: &str) {
        let message = format!("the {} cannot be had: {why}", self.described(joined));
        self.error(joined.path, InputCode::FailedProfile, message);
    }

    fn join_json(&mut self, json: &[u8], joined: Joined<'_>) {
        let Joined { field, layout, base, path, .. } = joined;
        self.row.set(base + field.slot, Cell::Bool(true));
        let Filler { program, joins, as_of, .. } = *self;
        let (joins_last, errors) = (false, Errors::default());
        let filler = Filler { program, joins, as_of, joins_last, row: &mut *self.row, errors };
        if let Err(errors) = read_nested(filler, layout, base, json, path) {
            let place = format!("in the {}", self.described(joined));
            for error in errors {
                self.errors.push(in_profile(error, &place));
            }
            return;
        }
        let profile = &program.profiles[joined.join.profile];
        let [from, until] = program.holds(profile, self.row, base + field.slot + 1);
        if let Some(time) = as_of
            && (from.is_some_and(|from| time < from) || until.is_some_and(|until| time >= until))
        {
            self.failed(joined, "the store gave one that did not hold then");
        }
    }

    #[cold]
    fn bad_profile(&mut self, errors: &[InputError], place: &str, path: &Path<'_>) {
        let path = path.to_string();
        for error in errors {
            self.errors.push(in_profile(error.clone().within(&path), place));
        }
    }

    /// Looks up what a profile that was read before joins in its turn.
    fn join_within(&mut self, layout: &Layout, base: u32, path: &Path<'_>) {
        for field in &layout.fields {
            let path = &Path::Field(path, &field.name);
            let cell = self.row.cell(base + field.slot);
            match &field.kind {
                FieldKind::Record(inner) if inner.joins && cell != Cell::Missing => {
                    self.join_within(inner, base, path);
                }
                FieldKind::List(element) => self.join_elements(element, cell, path),
                _ => {}
            }
        }
        self.join_fields(layout, base, path);
    }

    fn join_elements(&mut self, element: &Element, list: Cell, path: &Path<'_>) {
        let Cell::List { start, end } = list else { return };
        for (index, slot) in (start..end).enumerate() {
            let path = &Path::Index(path, index);
            match (element, self.row.cell(slot)) {
                (Element::Record(layout), Cell::Record { start, .. }) if layout.joins => {
                    self.join_within(layout, start, path);
                }
                (Element::List(inner), list) => self.join_elements(inner, list, path),
                _ => return,
            }
        }
    }
}

/// What is wrong, and that it is so in a profile.
fn in_profile(error: InputError, place: &str) -> InputError {
    error.adding(&format!(" ({place})"))
}

/// The name of the member that is the key.
fn member(profiles: &ProfileRecord, position: u32) -> Option<&str> {
    match profiles.layout.fields.get(profiles.key).map(|field| &field.kind) {
        Some(FieldKind::Scalar(Type::Enum(members)) | FieldKind::Read(Type::Enum(members), _)) => {
            members.member(position)
        }
        _ => None,
    }
}
