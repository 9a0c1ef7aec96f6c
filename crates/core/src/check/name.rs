//! What the names in an expression stand for: locals, fields, definitions, members of enums.

use super::infer::Scope;
use super::typed::{Constant, DecisionId, Expr, Fields, Kind, Place, Root};
use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

impl Checker<'_> {
    pub(super) fn path(&mut self, path: &ast::Path, wanted: Option<&Type>, scope: &Scope) -> Expr {
        let Some((first, rest)) = path.names.split_first() else { return Expr::wrong(path.span) };
        if let Some((local, ty)) = scope.local(first.text) {
            let place = Place { root: Root::Local(local), fields: Fields::new() };
            return self.fields(place, ty, rest, path.span, scope);
        }
        if let (Some(outcome), []) = (self.outcome(first.text, wanted, scope), rest) {
            return Expr { span: path.span, ..outcome };
        }
        if let Some(record) = scope.record {
            let known = self.checked.records.get(record.index());
            if known.is_some_and(|known| known.fields.iter().any(|f| f.name == first.text)) {
                let name = known.map(|known| known.name.clone()).unwrap_or_default();
                let place = Place { root: Root::Record, fields: Fields::new() };
                return self.fields(place, Type::Record(name), &path.names, path.span, scope);
            }
        }
        if let (Some((Named::Policy(_) | Named::Overlay(_), _)), false) =
            (self.names.get(first.text), rest.is_empty())
        {
            return self.decision_of(path, scope);
        }
        match self.named_value(first, rest.is_empty(), wanted, scope) {
            Some(found) if rest.is_empty() => Expr { span: path.span, ..found },
            Some(_) => {
                let message = format!("`{}` has no fields", first.text);
                self.error(Code::UnknownField, path.span, message);
                Expr::wrong(path.span)
            }
            None if scope.constant && scope.record.is_none() && self.is_field(first.text) => {
                let message = format!("`{}` is not known before a record is judged", first.text);
                self.report(
                    Diagnostic::new(Code::NotConstant, path.span, message)
                        .help("write a literal, or a calculation of literals"),
                );
                Expr::wrong(path.span)
            }
            None => {
                let names: Vec<_> = self.names_in(scope).map(str::to_string).collect();
                self.unknown_name(first, &names);
                Expr::wrong(path.span)
            }
        }
    }

    /// What the policy decides, where a claim names it.
    fn outcome(&self, name: &str, wanted: Option<&Type>, scope: &Scope) -> Option<Expr> {
        // A decision may be named like one of the outcomes that it is compared with.
        if let Some(Type::Enum(members)) = wanted.map(Type::required)
            && members.position(name).is_some()
        {
            return None;
        }
        let at = scope.outcomes.iter().position(|(known, _)| known == name)?;
        let (_, ty) = scope.outcomes.get(at)?;
        let kind = Kind::Decision(scope.policy?, DecisionId::at(at));
        // A claim says nothing of what is undecided.
        Some(Expr { span: Span::default(), ty: ty.required().clone(), kind })
    }

    /// What a bare name means that is no field and no local.
    fn named_value(
        &mut self,
        name: &ast::Name,
        bare: bool,
        wanted: Option<&Type>,
        scope: &Scope,
    ) -> Option<Expr> {
        let span = name.span;
        match name.text {
            "now" if scope.constant => {
                self.error(Code::NotConstant, span, "`now` is not known before a record is judged");
                return Some(Expr::wrong(span));
            }
            "now" => return Some(Expr { span, ty: Type::Time, kind: Kind::Now }),
            "announced" => {
                let Some(date) = scope.announced else {
                    let message = "this policy does not say when it was `announced`";
                    self.report(
                        Diagnostic::new(Code::UnknownName, span, message)
                            .help("add `announced 2024-07-31` to the policy"),
                    );
                    return Some(Expr::wrong(span));
                };
                let kind = Kind::Constant(Constant::Date(date));
                return Some(Expr { span, ty: Type::Date, kind });
            }
            _ => {}
        }
        match self.names.get(name.text) {
            Some((Named::Parameter(id), _)) => {
                let id = *id;
                self.mark_used(name.text);
                let ty = self.checked.parameters.get(id.index()).map(|p| p.ty.clone());
                return Some(Expr {
                    span,
                    ty: ty.unwrap_or(Type::Unknown),
                    kind: Kind::Parameter(id),
                });
            }
            Some((Named::List(id), _)) => {
                let id = *id;
                self.mark_used(name.text);
                let ty = self.checked.lists.get(id.index()).map(|l| l.ty.clone());
                let ty = Type::List(Box::new(ty.unwrap_or(Type::Unknown)));
                return Some(Expr { span, ty, kind: Kind::List(id) });
            }
            Some((Named::Counter(id), _)) => {
                let id = *id;
                self.mark_used(name.text);
                return Some(self.read_counter(id, span, scope));
            }
            _ => {}
        }
        let Some(Type::Enum(members)) = wanted.map(Type::required) else { return None };
        if !bare {
            return None;
        }
        if let Some(position) = members.position(name.text) {
            let kind = Kind::Constant(Constant::Member(position));
            return Some(Expr { span, ty: Type::Enum(members.clone()), kind });
        }
        if self.names.contains_key(name.text) || self.broken.contains(name.text) {
            return None;
        }
        let near = did_you_mean(name.text, members.members.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| format!("members are {}", members.members.join(", ")));
        let message = match &members.name {
            Some(enum_name) => format!("`{enum_name}` has no member `{}`", name.text),
            None => format!("`{}` is none of `{}`", name.text, Type::Enum(members.clone())),
        };
        let code = if members.name.is_some() { Code::UnknownMember } else { Code::UnknownOutcome };
        self.report(Diagnostic::new(code, span, message).help(help));
        Some(Expr::wrong(span))
    }

    /// Whether any record has a field with this name.
    fn is_field(&self, name: &str) -> bool {
        self.checked.records.iter().flat_map(|record| &record.fields).any(|f| f.name == name)
    }

    /// Whether a local or a field has this name.
    pub(super) fn sees(&self, name: &str, scope: &Scope) -> bool {
        self.names_in(scope).any(|known| known == name)
    }

    fn names_in<'c>(&'c self, scope: &'c Scope) -> impl Iterator<Item = &'c str> {
        let locals = scope.locals.iter().map(|(name, ..)| name.as_str());
        let record = scope.record.and_then(|record| self.checked.records.get(record.index()));
        let fields = record.into_iter().flat_map(|record| &record.fields).map(|f| f.name.as_str());
        let outcomes = scope.outcomes.iter().map(|(name, _)| name.as_str());
        locals.chain(outcomes).chain(fields)
    }

    /// Follows fields from a place and works out whether the end may be missing.
    fn fields(
        &mut self,
        mut place: Place,
        mut ty: Type,
        names: &[ast::Name],
        span: Span,
        scope: &Scope,
    ) -> Expr {
        let mut missing_parent: Option<Span> = None;
        for name in names {
            let known = scope.knows(&place);
            if ty.is_optional() && !known {
                missing_parent = missing_parent.or(Some(name.span));
            }
            let Type::Record(record_name) = ty.required() else {
                if !ty.is_unknown() {
                    let message = format!("{} has no fields", ty.required().described());
                    self.error(Code::UnknownField, name.span, message);
                }
                return Expr::wrong(span);
            };
            let Some((position, field)) = self.field_of(record_name, name.text) else {
                self.unknown_field(record_name.clone().as_ref(), name);
                return Expr::wrong(span);
            };
            place.fields.push(position);
            ty = field;
        }
        let known = scope.knows(&place);
        let ty = match (known, missing_parent) {
            (true, _) => ty.required().clone(),
            (false, Some(_)) => ty.optional(),
            (false, None) => ty,
        };
        Expr { span, ty, kind: Kind::Place(place) }
    }

    pub(super) fn field_of(&self, record: &str, field: &str) -> Option<(u32, Type)> {
        let (Named::Record(id), _) = self.names.get(record)? else { return None };
        let record = self.checked.records.get(id.index())?;
        let position = record.fields.iter().position(|known| known.name == field)?;
        let ty = record.fields.get(position)?.ty.clone();
        Some((u32::try_from(position).ok()?, ty))
    }

    pub(super) fn unknown_field(&mut self, record: &str, name: &ast::Name) {
        let fields: Vec<String> = match self.names.get(record) {
            Some((Named::Record(id), _)) => {
                let record = self.checked.records.get(id.index());
                record.into_iter().flat_map(|r| &r.fields).map(|f| f.name.clone()).collect()
            }
            _ => Vec::new(),
        };
        let help = did_you_mean(name.text, fields.iter().map(String::as_str))
            .unwrap_or_else(|| format!("its fields are {}", fields.join(", ")));
        let message = format!("record `{record}` has no field `{}`", name.text);
        self.report(Diagnostic::new(Code::UnknownField, name.span, message).help(help));
    }
}
