//! Records whose profiles are joined, and what two programs must share so that profiles that were
//! read for one fit the other.

use std::fmt::Write as _;
use std::sync::Arc;

use super::ProfileId;
use super::constant::shown;
use super::layout::{Element, FieldKind, Layout};
use crate::check::typed::Validity;
use rulebook_lang::model::{Store, Type};

/// How the profile of a field is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    /// Its record, among those of the program.
    pub profile: ProfileId,
    /// The slot of the key, counted as that of the field.
    pub key: u32,
}

/// A record whose profiles are joined.
#[derive(Debug, Clone)]
pub struct ProfileRecord {
    /// Where the fields of a profile lie, from slot 0.
    pub layout: Layout,
    /// The position of the field by which a profile is found.
    pub key: usize,
    /// Between which of its fields a profile holds, unless it always does.
    pub validity: Option<Validity>,
    /// All that the cells of a profile depend on, in words. Profiles that were read for one program
    /// fit another in which this is the same, as where only parameters differ.
    pub form: Arc<str>,
}

impl ProfileRecord {
    /// Says what the cells of a profile depend on, once the layout is complete.
    pub(super) fn describe(&mut self, constants: &Store, zone: &str) {
        let mut form = format!("{zone} {} {:?}", self.key, self.validity);
        describe(&self.layout, constants, &mut form);
        self.form = form.into();
    }
}

fn describe(layout: &Layout, constants: &Store, into: &mut String) {
    // A text takes whatever is written.
    let _ = write!(into, " {} {}{{", layout.record, layout.size);
    for field in &layout.fields {
        let (name, slot) = (&field.name, field.slot);
        let _ = write!(into, "{name} {slot} {} {:?}", field.optional, field.join);
        if let Some(digits) = field.digits {
            let _ = write!(into, "~{digits}");
        }
        if let Some(reading) = &field.reading {
            let _ = write!(into, "^{reading:?}");
        }
        if let Some(default) = field.default {
            let _ = write!(into, "={}", shown(&constants.value(default)));
        }
        match &field.kind {
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => describe_type(ty, into),
            FieldKind::Record(inner) => describe(inner, constants, into),
            FieldKind::List(element) => describe_element(element, constants, into),
        }
    }
    into.push('}');
}

fn describe_element(element: &Element, constants: &Store, into: &mut String) {
    into.push('[');
    match element {
        Element::Scalar(ty, _) | Element::Read(ty, _) => describe_type(ty, into),
        Element::Record(layout) => describe(layout, constants, into),
        Element::List(inner) => describe_element(inner, constants, into),
    }
    into.push(']');
}

/// The type; of an enum the members, whose positions are kept.
fn describe_type(ty: &Type, into: &mut String) {
    let _ = match ty {
        Type::Enum(members) => write!(into, " {}{:?};", members.open, members.members),
        ty => write!(into, " {ty};"),
    };
}
