//! Checks which fields take their record from a profile, and by which key.

use std::collections::HashMap;
use std::sync::Arc;

use super::typed::Fields;
use super::{Checker, Named};
use crate::settings::ProfileSetting;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, DefinitionKind};

/// How many profiles may be joined one within the other.
const MAX_DEPTH: usize = 8;

impl Checker<'_> {
    /// Resolves the keys of joined fields, once every record is known.
    pub(super) fn define_joins(&mut self, definitions: &[&ast::Definition]) {
        let records = definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Record(record) => Some(record),
            _ => None,
        });
        for (index, record) in records.clone().enumerate() {
            for (position, node) in record.fields.iter().enumerate() {
                let Some(path) = &node.join else { continue };
                let Some(key) = self.join(record, node, path) else { continue };
                let place = self.checked.records.get_mut(index);
                if let Some(field) = place.and_then(|record| record.fields.get_mut(position)) {
                    field.join = Some(key);
                }
            }
        }
        let mut depths = HashMap::new();
        for record in records {
            self.check_depth(record, &mut depths);
        }
        self.check_profile_settings();
    }

    /// Where the key of a joined field stands, unless something is wrong with it.
    fn join(
        &mut self,
        record: &ast::Record,
        node: &ast::Field,
        path: &ast::Path,
    ) -> Option<Fields> {
        let ty = self.field_type(record.name.text, node.name.text)?;
        let Type::Record(profile) = ty.required() else {
            self.refuse_joined_type(node, &ty);
            return None;
        };
        let (key, key_type) = self.key_of(record.name.text, path)?;
        let shown = self.shown(path.span);
        if !matches!(key_type.required(), Type::Text | Type::Number | Type::Enum(_)) {
            let message = format!("`{shown}` is {}", key_type.required().described());
            let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
                .label("this is no key")
                .help("a key is a text, a number or an enum");
            self.report(diagnostic);
            return None;
        }
        if key_type.is_optional() && !ty.is_optional() {
            let name = node.name.text;
            let message = format!("`{shown}` may be missing, and then nothing can be joined");
            let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
                .help(format!("let the field be missing too: `{name}: {profile}? by {shown}`"));
            self.report(diagnostic);
            return None;
        }
        self.fits_key(profile, key_type.required(), path).then_some(key)
    }

    fn refuse_joined_type(&mut self, node: &ast::Field, ty: &Type) {
        if ty.is_unknown() {
            return;
        }
        let message =
            format!("only a record can be joined; `{}` is {}", node.name.text, ty.described());
        let help = match ty.required() {
            Type::List(inner) if matches!(inner.as_ref(), Type::Record(_)) => {
                "join a record within each element: give the record of the list a field with `by`"
            }
            _ => "name a record, as in `merchant: Merchant by merchant_id`",
        };
        self.report(Diagnostic::new(Code::BadJoin, node.ty.span, message).help(help));
    }

    /// Follows the path of a key from the record that declares the joined field; the type is
    /// optional if anything on the way is.
    fn key_of(&mut self, record: &str, path: &ast::Path) -> Option<(Fields, Type)> {
        let (mut key, mut optional) = (Fields::new(), false);
        let mut ty = Type::Record(record.into());
        for name in &path.names {
            let Type::Record(outer) = ty.required().clone() else {
                if !ty.is_unknown() {
                    let message = format!("{} has no fields", ty.required().described());
                    self.error(Code::UnknownField, name.span, message);
                }
                return None;
            };
            let Some((position, field)) = self.field_of(&outer, name.text) else {
                self.unknown_key(record, &outer, path, name);
                return None;
            };
            if self.is_joined(&outer, position) {
                let message = format!("the key leads through `{}`, which is joined", name.text);
                let diagnostic = Diagnostic::new(Code::BadJoin, path.span, message)
                    .help(format!("give the record `{field}` a field that joins further"));
                self.report(diagnostic);
                return None;
            }
            key.push(position);
            optional |= field.is_optional();
            ty = field;
        }
        Some((key, if optional { ty.optional() } else { ty }))
    }

    /// Reports a field of a key that there is not. Who counts from the record that is judged writes
    /// the way to this record before the key.
    fn unknown_key(&mut self, record: &str, outer: &str, path: &ast::Path, name: &ast::Name) {
        let rest: Vec<_> = path.names.iter().skip(1).map(|name| name.text).collect();
        match (rest.first(), path.names.first()) {
            (Some(second), Some(first))
                if first.span == name.span && self.field_of(record, second).is_some() =>
            {
                let message = format!("record `{record}` has no field `{}`", name.text);
                let help = format!(
                    "keys start at the record that declares the field: write `by {}`",
                    rest.join(".")
                );
                self.report(Diagnostic::new(Code::UnknownField, name.span, message).help(help));
            }
            _ => self.unknown_field(outer, name),
        }
    }

    fn is_joined(&self, record: &str, position: u32) -> bool {
        let Some((Named::Record(id), _)) = self.names.get(record) else { return false };
        let field = self.checked.records.get(id.index());
        let field = field.and_then(|record| record.fields.get(position as usize));
        field.is_some_and(|field| field.join.is_some())
    }

    /// Whether the profile has a key field of the type that the key has.
    fn fits_key(&mut self, profile: &Arc<str>, key_type: &Type, path: &ast::Path) -> bool {
        let setting = self.settings.profiles.iter().find(|s| s.record == profile.as_ref());
        let name = setting.map_or("id", ProfileSetting::key).to_string();
        let Some((position, own)) = self.field_of(profile, &name) else {
            let message = format!("record `{profile}` has no field `{name}` to find it by");
            let help = format!(
                "add `{name}: {key_type}` to it, or name its key in `rulebook.yaml`: \
                 `profiles: {{ {profile}: {{ key: … }} }}`"
            );
            self.report(Diagnostic::new(Code::BadJoin, path.span, message).help(help));
            return false;
        };
        if own == *key_type || own.is_unknown() || key_type.is_unknown() {
            let mut records = self.checked.records.iter_mut();
            if let Some(record) = records.find(|record| record.name == *profile) {
                record.profile_key = Some(position);
            }
            return true;
        }
        let diagnostic = match own.is_optional() {
            true => {
                let message = format!("`{name}`, the key of `{profile}`, may be missing");
                Diagnostic::new(Code::BadJoin, path.span, message)
                    .help(format!("declare it without `?`: `{name}: {}`", own.required()))
            }
            false => {
                let found = key_type.described();
                let message = format!(
                    "`{name}`, the key of `{profile}`, is {}, and this is {found}",
                    own.described()
                );
                Diagnostic::new(Code::BadJoin, path.span, message)
                    .help("declare both with the same type")
            }
        };
        self.report(diagnostic);
        false
    }

    fn field_type(&self, record: &str, field: &str) -> Option<Type> {
        self.field_of(record, field).map(|(_, ty)| ty)
    }

    /// Reports the fields of a record from which more profiles are joined, one within the other,
    /// than there may be.
    fn check_depth(&mut self, record: &ast::Record, depths: &mut HashMap<Arc<str>, usize>) {
        for node in &record.fields {
            let Some(path) = &node.join else { continue };
            let Some(ty) = self.field_type(record.name.text, node.name.text) else { continue };
            let Type::Record(profile) = ty.required() else { continue };
            // Only the outermost field of a chain is one too many.
            if self.joined_depth(profile, depths) == MAX_DEPTH {
                let message =
                    format!("more than {MAX_DEPTH} profiles are joined one within the other");
                let diagnostic = Diagnostic::new(Code::TooDeep, path.span, message)
                    .help("hand some of them over in the record, nested");
                self.report(diagnostic);
            }
        }
    }

    /// How many profiles are joined one within the other, from a record on.
    fn joined_depth(&self, record: &Arc<str>, depths: &mut HashMap<Arc<str>, usize>) -> usize {
        if let Some(depth) = depths.get(record) {
            return *depth;
        }
        // A record that holds itself is told elsewhere.
        depths.insert(record.clone(), 0);
        let known = self.checked.records.iter().find(|known| known.name == *record);
        let mut depth = 0;
        for field in known.into_iter().flat_map(|record| &record.fields) {
            let mut ty = field.ty.required();
            while let Type::List(inner) = ty {
                ty = inner;
            }
            if let Type::Record(inner) = ty {
                let own = usize::from(field.join.is_some());
                depth = depth.max(own + self.joined_depth(inner, depths));
            }
        }
        depths.insert(record.clone(), depth);
        depth
    }

    /// Reports profiles of the settings that no field joins.
    fn check_profile_settings(&mut self) {
        let settings = self.settings;
        for setting in &settings.profiles {
            let records = self.checked.records.iter();
            let known: Vec<_> = records.clone().map(|record| record.name.to_string()).collect();
            let name = &setting.record;
            if !known.contains(name) {
                let message = format!("there is no record `{name}`");
                let help = did_you_mean(name, known.iter().map(String::as_str));
                let diagnostic = Diagnostic::new(Code::BadSettings, setting.span, message);
                self.report(diagnostic.maybe_help(help));
                continue;
            }
            let joins = records.flat_map(|record| &record.fields).any(|field| {
                let ty = field.ty.required();
                field.join.is_some() && matches!(ty, Type::Record(own) if own.as_ref() == *name)
            });
            if !joins && !self.slips {
                let field = name.to_lowercase();
                let message = format!("no field joins `{name}`");
                let help = format!("let one: `{field}: {name} by {field}_id`");
                let diagnostic = Diagnostic::new(Code::BadSettings, setting.span, message);
                self.report(diagnostic.help(help));
            }
        }
    }
}
