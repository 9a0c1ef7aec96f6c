//! The trees and the program of a rulebook side by side: what its names stand for.

use std::collections::{HashMap, HashSet};

use super::block::{Inline, Target, spaced, text};
use super::path;
use rulebook::Rulebook;
use rulebook_base::source::{FileId, Span};
use rulebook_core::check::list_lines;
use rulebook_core::program::Program;
use rulebook_lang::figures::Locale;
use rulebook_lang::model::{Period, Type, Value, same_language_tag};
use rulebook_syntax::ast::{
    Definition, DefinitionKind, Expr, ExprKind, Field, ListDefinition, ListItems, Literal, Member,
    Name, Parameter, ParameterValue, Path, Piece, Policy, Record, Rule, Subject, Texts, TypeExpr,
    TypeKind,
};
use rulebook_syntax::{LiteralValue, parse, print};

/// The name of the page to start from.
pub(super) const INDEX: &str = "index";
/// The name of the page that lists parameters, lists and terms.
pub(super) const TERMS: &str = "terms";

/// A rulebook to be written about.
pub(super) struct Book<'s> {
    pub(super) rulebook: &'s Rulebook,
    pub(super) definitions: Vec<Definition<'s>>,
    /// The fields of each record with their types.
    fields: HashMap<&'s str, HashMap<&'s str, String>>,
    /// The names of the pages of policies.
    pages: HashMap<&'s str, String>,
}

impl<'s> Book<'s> {
    pub(super) fn new(rulebook: &'s Rulebook) -> Self {
        let files = rulebook.sources().iter();
        let policies = files.filter(|(_, file)| file.path.ends_with(".policy"));
        let parsed = policies.map(|(id, file)| parse(id, &file.text));
        let definitions: Vec<_> = parsed.flat_map(|parsed| parsed.file.definitions).collect();
        let (mut fields, mut pages) = (HashMap::new(), HashMap::new());
        let mut taken = HashSet::from([INDEX.to_string(), TERMS.to_string()]);
        for definition in &definitions {
            if let DefinitionKind::Policy(policy) = &definition.kind {
                let name = policy.name.text;
                pages.entry(name).or_insert_with(|| path::distinct(name, &mut taken));
            }
            if let DefinitionKind::Record(record) = &definition.kind {
                let types =
                    record.fields.iter().map(|field| (field.name.text, type_name(&field.ty)));
                fields.insert(record.name.text, types.collect());
            }
        }
        Self { rulebook, definitions, fields, pages }
    }

    /// The name of the page of a policy.
    pub(super) fn page_name<'b>(&'b self, policy: &'b str) -> &'b str {
        self.pages.get(policy).map_or(policy, String::as_str)
    }

    /// The page of a policy, and a section of it.
    pub(super) fn page(&self, policy: &str, section: Option<&str>) -> Target {
        Target::Page(self.page_name(policy).into(), section.map(str::to_string))
    }

    pub(super) fn program(&self) -> &'s Program {
        self.rulebook.program()
    }

    /// Whether the invariant whose name stands here holds for every record.
    pub(super) fn is_proved(&self, name: Span) -> bool {
        let mut findings = self.rulebook.findings().iter();
        findings.any(|finding| finding.span == name && finding.is_proved())
    }

    /// The policies as written, each with the lines of documentation above it.
    pub(super) fn policies(&self) -> impl Iterator<Item = (&Policy<'s>, &[&'s str])> {
        self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Policy(policy) => Some((policy, definition.docs.as_slice())),
            _ => None,
        })
    }

    /// The policy itself, or the one that it amends.
    pub(super) fn judged_by<'b>(&'b self, policy: &'b Policy<'s>) -> Option<&'b Policy<'s>> {
        match &policy.subject {
            Subject::Record(_) | Subject::Elements(_) => Some(policy),
            Subject::Policy(base) => {
                let mut policies = self.policies().map(|(policy, _)| policy);
                policies.find(|policy| policy.name.text == base.text)
            }
        }
    }

    /// The name of a rule in results: behind that of its policy where that amends another.
    pub(super) fn full_name(&self, policy: &Policy<'s>, rule: &Rule<'s>) -> String {
        match policy.subject {
            Subject::Record(_) | Subject::Elements(_) => rule.name.text.to_string(),
            Subject::Policy(_) => format!("{}.{}", policy.name.text, rule.name.text),
        }
    }

    /// What people call the rulebook, in a language.
    pub(super) fn title(&self, language: &str) -> String {
        let settings = self.rulebook.settings();
        let title = settings.title.in_language(language);
        title.map_or_else(|| spaced(&settings.name), str::to_string)
    }

    /// The records as written.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record<'s>> {
        self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Record(record) => Some(record),
            _ => None,
        })
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &Parameter<'s>> {
        self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Parameter(parameter) => Some(parameter),
            _ => None,
        })
    }

    /// The type of a field of a record.
    pub(super) fn field_type(&self, record: &str, field: &str) -> Option<String> {
        self.fields.get(record)?.get(field).cloned()
    }

    /// The record of what a list of a record holds.
    pub(super) fn element_type(&self, list: &Path<'s>) -> Option<String> {
        let mut names = list.names.iter().map(|name| name.text);
        let mut ty = names.next()?.to_string();
        for name in names {
            ty = self.field_type(&ty, name)?;
            ty = ty.trim_end_matches('?').trim_start_matches("list of ").to_string();
        }
        Some(ty)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&Parameter<'s>> {
        self.parameters().find(|parameter| parameter.name.text == name)
    }

    /// A field of a record as written.
    pub(super) fn field(&self, record: &str, field: &str) -> Option<&Field<'s>> {
        let record = self.records().find(|node| node.name.text == record)?;
        record.fields.iter().find(|node| node.name.text == field)
    }

    /// The title that a name stands under on pages, or the name as words.
    pub(super) fn titled(&self, name: &str, title: Option<&Texts<'s>>, language: &str) -> String {
        let variants = title.into_iter().flat_map(|title| self.variant(title, language));
        let words: String = variants
            .map(|piece| match piece {
                Piece::Text(words) => words.to_string(),
                Piece::Value(value) | Piece::Counted(value, _) => print::expression(value),
            })
            .collect();
        if words.is_empty() { spaced(name) } else { words }
    }

    /// The pieces of a text in a language; those of the first where it has none in that.
    pub(super) fn variant<'t>(&self, texts: &'t Texts<'s>, language: &str) -> &'t [Piece<'s>] {
        self.in_language(&texts.variants, language).map_or(&[], |template| &template.pieces)
    }

    /// Of several variants the one in a language; the first where there is none in that.
    pub(super) fn in_language<'t, T>(
        &self,
        variants: &'t [(Option<Name<'_>>, T)],
        language: &str,
    ) -> Option<&'t T> {
        let first = self.rulebook.settings().languages.first().map_or("en", String::as_str);
        let of = |name: &Option<Name<'_>>| {
            same_language_tag(name.as_ref().map_or(first, |name| name.text), language)
        };
        let found = variants.iter().find(|(name, _)| of(name)).or(variants.first());
        found.map(|(_, variant)| variant)
    }

    pub(super) fn parameter_type(&self, name: &str) -> Option<String> {
        self.parameter(name).map(|parameter| type_name(&parameter.ty))
    }

    /// What a bare name stands for that is no field: the value of a parameter, or a list.
    pub(super) fn named(&self, name: &str, language: &str) -> Option<Inline> {
        if let Some(parameter) = self.parameter(name) {
            let value = self.values(parameter, language).pop().map(|(_, value)| value);
            let words = || self.titled(name, parameter.title.as_ref(), language);
            return Some(link(TERMS, name, value.unwrap_or_else(words)));
        }
        let is_term = self.definitions.iter().any(|definition| {
            let counts = matches!(
                definition.kind,
                DefinitionKind::List(_) | DefinitionKind::Counter(_) | DefinitionKind::Calendar(_)
            );
            counts && definition.kind.name().text == name
        });
        if is_term {
            return Some(link(TERMS, name, spaced(name)));
        }
        self.member(name, language).map(text)
    }

    /// What people call the member of an enum that policies call so, or what the data has for it, if that is
    /// another text.
    fn member(&self, name: &str, language: &str) -> Option<String> {
        let enums = self.definitions.iter().filter_map(|definition| match &definition.kind {
            DefinitionKind::Enum(node) => Some(&node.members.members),
            _ => None,
        });
        let is_named =
            |member: &&Member<'_>| member.name.as_ref().is_some_and(|known| known.text == name);
        let mut texts = enums.flatten().filter(is_named).map(|member| match &member.title {
            Some(title) => self.titled(name, Some(title), language),
            None => member.data().to_string(),
        });
        let first = texts.next()?;
        // Members of several enums may share a name, but not what they are called otherwise.
        texts.all(|text| text == first).then_some(first).filter(|text| *text != name)
    }

    /// The name of a function: a term that is explained if the rulebook defines it.
    pub(super) fn term(&self, name: &str) -> Inline {
        let is_defined =
            self.definitions.iter().any(|definition| definition.kind.name().text == name);
        if is_defined { link(TERMS, name, spaced(name)) } else { text(spaced(name)) }
    }

    /// The values of a parameter with the dates from which they hold, as the rulebook has them.
    pub(super) fn values(
        &self,
        parameter: &Parameter<'s>,
        language: &str,
    ) -> Vec<(Option<String>, String)> {
        let program = self.program();
        let name = parameter.name.text;
        let Some(compiled) = program.parameters.iter().find(|compiled| compiled.name == name)
        else {
            return Vec::new();
        };
        let percent = is_percent(parameter);
        let values = compiled.values.iter().map(|(from, cell)| {
            let value = program.constants.value(*cell);
            let from = from.map(|time| self.day(time, language));
            (from, self.value(&value, &compiled.ty, percent, language))
        });
        values.collect()
    }

    /// The items of a list, in the reader's form.
    pub(super) fn items(&self, list: &ListDefinition<'s>, language: &str) -> Vec<String> {
        let item = |expr: &Expr<'s>| match &expr.kind {
            ExprKind::Literal(Literal::Text(text)) => text.value.to_string(),
            ExprKind::Literal(literal) => self.shown(literal, language),
            _ => print::expression(expr),
        };
        match &list.items {
            ListItems::InPlace(expr) => match &expr.kind {
                ExprKind::List(items) => items.iter().map(item).collect(),
                _ => vec![item(expr)],
            },
            ListItems::File(path) => {
                let lines = self.found(&path.value).map(|(id, text)| list_lines(id, text));
                lines.into_iter().flatten().map(|(line, _)| line.to_string()).collect()
            }
        }
    }

    /// The text of a file that a definition names; one of an included rulebook has its folder before
    /// its path.
    pub(super) fn file(&self, path: &str) -> Option<&'s str> {
        self.found(path).map(|(_, text)| text)
    }

    fn found(&self, path: &str) -> Option<(FileId, &'s str)> {
        let files = || self.rulebook.sources().iter();
        let within = format!("/{path}");
        let exact = files().find(|(_, file)| file.path == path);
        let found = exact.or_else(|| files().find(|(_, file)| file.path.ends_with(&within)));
        found.map(|(id, file)| (id, file.text.as_str()))
    }

    fn value(&self, value: &Value<'_>, ty: &Type, percent: bool, language: &str) -> String {
        let mut out = String::new();
        match value {
            Value::Number(number) if percent && *ty == Type::Number => {
                // A text takes whatever is written.
                let _ = Locale::of(language).percent(&mut out, *number);
            }
            value => {
                let zone = &self.program().zone;
                out = rulebook_core::eval::display_titled(value, ty, language, zone);
            }
        }
        out
    }

    /// A day, or a time that does not begin one, in the reader's form.
    pub(super) fn day(&self, time: rulebook_lang::model::Time, language: &str) -> String {
        let zone = &self.program().zone;
        let (local, _) = time.shown(zone);
        let mut out = String::new();
        // A text takes whatever is written.
        let _ = match local.time() == jiff::civil::Time::midnight() {
            true => Locale::of(language).date(&mut out, local.date()),
            false => Locale::of(language).time(&mut out, time, zone),
        };
        out
    }

    /// A literal in the reader's form.
    pub(super) fn shown(&self, literal: &Literal<'s>, language: &str) -> String {
        let percent = matches!(literal, Literal::Percent(_));
        let Ok(value) = LiteralValue::of(literal, &self.program().zone) else {
            return String::new();
        };
        let ty = value.ty();
        let value = match value {
            LiteralValue::Days(count, calendar) => {
                return self.days(count, calendar.as_deref(), language);
            }
            LiteralValue::Bool(value) => Value::Bool(value),
            LiteralValue::Number(value) | LiteralValue::Money(value, _) => Value::Number(value),
            LiteralValue::Text(value) => Value::Text(value.into()),
            LiteralValue::Date(value) => Value::Date(value),
            LiteralValue::Time(value) => Value::Time(value),
            LiteralValue::Duration(value) | LiteralValue::TimeOfDay(value) => {
                Value::Duration(value)
            }
            LiteralValue::Period(value) => Value::Period(value),
        };
        self.value(&value, &ty, percent, language)
    }

    /// Days of the calendar, or working days with the name of whose they are.
    fn days(&self, count: i32, calendar: Option<&str>, language: &str) -> String {
        let period = Period::of_days(count, calendar.map(|_| 0));
        let days = self.value(&Value::Period(period), &Type::Days, false, language);
        match calendar {
            Some(name) => format!("{days} ({})", spaced(name)),
            None => days,
        }
    }

    /// What stands between the items of a list.
    pub(super) fn comma(&self, language: &str) -> &'static str {
        super::label::COMMA.in_language(language)
    }
}

/// A link to a section of a page.
fn link(page: &str, section: &str, words: impl Into<String>) -> Inline {
    Inline::Link(Target::Page(page.into(), Some(section.into())), words.into())
}

/// The name of a type without its `?`; a list is named by its element.
pub(super) fn type_name(ty: &TypeExpr<'_>) -> String {
    match &ty.kind {
        TypeKind::Named(name) => (*name).to_string(),
        TypeKind::List(inner) => type_name(inner),
        TypeKind::InPlace(_) => String::new(),
    }
}

fn is_percent(parameter: &Parameter<'_>) -> bool {
    let is = |expr: &Expr<'_>| matches!(expr.kind, ExprKind::Literal(Literal::Percent(_)));
    match &parameter.value {
        ParameterValue::Fixed(expr) => is(expr),
        ParameterValue::Dated(values) => values.iter().any(|value| is(&value.value)),
    }
}
