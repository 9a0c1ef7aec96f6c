//! Builds the tree from what pest has matched.

use std::borrow::Cow;

use super::ast::{
    Argument, Assignment, Claim, Clause, ClauseKind, Cohort, DatedValue, Decide, DefinitionKind,
    Effect, Elements, Enum, Expr, ExprKind, Field, Function, FunctionBody, Invariant, ItemKind,
    Let, ListDefinition, ListItems, Literal, Measurement, Member, Members, Name, OnFault, Origin,
    Parameter, ParameterValue, Path, Phase, Policy, Reckoning, Record, Require, RulePath, Source,
    Subject, Text, Texts, TypeExpr, TypeKind, Validity,
};
use super::grammar::Rule;
use super::matched::{Part, Parts};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};

/// The diagnostic for a place that nests too deeply.
pub(super) fn too_deep(id: FileId, at: usize) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, Span::new(id, at, at + 1), "this nests too deeply")
        .label("more than 64 brackets, conditions or operators within each other")
        .help("name the inner parts with `fn`")
}

/// Builds nodes from what pest has matched from byte `base` of the file on.
pub(super) struct Builder {
    pub(super) id: FileId,
    pub(super) base: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How many operators wait for their right operand.
    pub(super) nested: usize,
    /// How many rows nest too deeply.
    pub(super) gave_up: usize,
}

impl Builder {
    pub(super) fn new(id: FileId, base: usize) -> Self {
        Self { id, base, diagnostics: Vec::new(), nested: 0, gave_up: 0 }
    }

    pub(super) fn span<'s>(&self, part: Part<'_, 's>) -> Span {
        Span::new(self.id, self.base + part.start(), self.base + part.end())
    }

    pub(super) fn name<'s>(&self, part: Part<'_, 's>) -> Name<'s> {
        Name { text: part.text(), span: self.span(part) }
    }

    pub(super) fn take_name<'s>(&self, parts: &mut Parts<'_, 's>) -> Option<Name<'s>> {
        parts.next_of(Rule::name).map(|part| self.name(part))
    }

    pub(super) fn definition<'s>(&mut self, part: Part<'_, 's>) -> Option<DefinitionKind<'s>> {
        let inner = part.parts().next()?;
        let rule = inner.rule();
        let mut parts = inner.parts();
        let name = self.take_name(&mut parts)?;
        Some(match rule {
            Rule::enum_ => {
                let members = self.members(parts.next_of(Rule::members)?);
                DefinitionKind::Enum(Enum { name, members })
            }
            Rule::record => {
                let key = parts.next_of(Rule::known_by);
                let key = key.map(|part| part.parts().map(|part| self.name(part)).collect());
                let validity = parts.next_of(Rule::validity);
                let validity = validity.and_then(|part| self.validity(part));
                let (mut fields, mut lets) = (Vec::new(), Vec::new());
                let reading = parts.next_of(Rule::reading).map(|part| self.reading(part));
                for part in parts {
                    match part.rule() {
                        Rule::let_ => lets.extend(self.named(part)),
                        Rule::field => fields.extend(self.field(part)),
                        _ => {}
                    }
                }
                let key = key.unwrap_or_default();
                DefinitionKind::Record(Record { name, key, validity, fields, lets, reading })
            }
            Rule::parameter => DefinitionKind::Parameter(self.parameter(name, parts)?),
            Rule::list => {
                let ty = self.ty(parts.next_of(Rule::type_)?)?;
                let items = match parts.next()? {
                    part if part.rule() == Rule::list_items => {
                        let list = part.parts().next_of(Rule::list_value)?;
                        let kind = self.list_value(list)?;
                        ListItems::InPlace(Expr { span: self.span(list), kind })
                    }
                    part => ListItems::File(self.plain_text(part.parts().next_of(Rule::string)?)),
                };
                DefinitionKind::List(ListDefinition { name, ty, items })
            }
            Rule::function => {
                let mut arguments = Vec::new();
                while let Some(argument) = parts.next_of(Rule::argument) {
                    let mut inner = argument.parts();
                    let name = self.take_name(&mut inner)?;
                    arguments.push(Argument { name, ty: self.ty(inner.next_of(Rule::type_)?)? });
                }
                let result = self.ty(parts.next_of(Rule::type_)?)?;
                let body = match parts.next()? {
                    part if part.rule() == Rule::script => {
                        let path = part.parts().next_of(Rule::string)?;
                        FunctionBody::Script(self.plain_text(path))
                    }
                    part => FunctionBody::Expression(self.expression(part)),
                };
                DefinitionKind::Function(Function { name, arguments, result, body })
            }
            Rule::counter => DefinitionKind::Counter(Box::new(self.counter(name, parts)?)),
            Rule::working_calendar => DefinitionKind::Calendar(self.calendar(name, parts)),
            Rule::table => DefinitionKind::Table(self.table(name, parts)?),
            _ => {
                let subject = if let Some(part) = parts.next_of(Rule::amends) {
                    Subject::Policy(self.take_name(&mut part.parts())?)
                } else if let Some(part) = parts.next_of(Rule::elements) {
                    let mut parts = part.parts();
                    let variable = self.take_name(&mut parts)?;
                    let list = self.path(parts.next_of(Rule::key_path)?);
                    Subject::Elements(Elements { variable, list })
                } else {
                    Subject::Record(self.take_name(&mut parts)?)
                };
                let dated_by = parts.next_of(Rule::dated_by).and_then(|part| self.dated_by(part));
                DefinitionKind::Policy(Policy { name, subject, dated_by, items: Vec::new() })
            }
        })
    }

    fn validity<'s>(&self, part: Part<'_, 's>) -> Option<Validity<'s>> {
        let mut parts = part.parts();
        let from = self.take_name(&mut parts)?;
        Some(Validity { from, until: self.take_name(&mut parts) })
    }

    fn members<'s>(&mut self, part: Part<'_, 's>) -> Members<'s> {
        let mut members = Members { members: Vec::new(), ordered: false, open: false };
        for part in part.parts() {
            match part.rule() {
                Rule::name => {
                    let name = Some(self.name(part));
                    members.members.push(Member { name, text: None, title: None });
                }
                Rule::string => {
                    let text = Some(self.plain_text(part));
                    members.members.push(Member { name: None, text, title: None });
                }
                Rule::member_text => {
                    let text = part.parts().next_of(Rule::string);
                    let text = text.map(|part| self.plain_text(part));
                    members
                        .members
                        .last_mut()
                        .into_iter()
                        .for_each(|last| last.text = text.clone());
                }
                Rule::title => {
                    let title = self.title(part);
                    let last = members.members.last_mut();
                    last.into_iter().for_each(|last| last.title = title.clone());
                }
                Rule::less => members.ordered = true,
                Rule::ellipsis => members.open = true,
                _ => {}
            }
        }
        members
    }

    fn field<'s>(&mut self, part: Part<'_, 's>) -> Option<Field<'s>> {
        let span = self.span(part);
        let mut parts = part.parts();
        let name = self.take_name(&mut parts)?;
        let ty = self.ty(parts.next_of(Rule::type_)?)?;
        let (rounding, join, fixed, default) = (None, None, false, None);
        let (alias, reading, title) = (None, None, None);
        let mut field =
            Field { name, ty, rounding, join, fixed, default, alias, reading, title, span };
        for part in parts {
            if self.field_part(&mut field, part)? {
                let message = format!("this is said twice of `{}`", field.name.text);
                let problem = Diagnostic::new(Code::DuplicateClause, self.span(part), message);
                self.diagnostics.push(problem.help("leave one of the two out"));
            }
        }
        Some(field)
    }

    /// Takes what a field says behind its type; whether it has said so before.
    fn field_part<'s>(&mut self, field: &mut Field<'s>, part: Part<'_, 's>) -> Option<bool> {
        let mut parts = part.parts();
        Some(match part.rule() {
            Rule::rounding => {
                let digits = self.lone_number(parts.next_of(Rule::number)?);
                field.rounding.replace(digits).is_some()
            }
            Rule::join => {
                let key = self.path(parts.next_of(Rule::key_path)?);
                field.join.replace(key).is_some()
            }
            Rule::k_fixed => std::mem::replace(&mut field.fixed, true),
            Rule::default => field.default.replace(self.default_value(part)?).is_some(),
            Rule::alias => {
                let text = self.plain_text(parts.next_of(Rule::string)?);
                field.alias.replace(text).is_some()
            }
            Rule::reading => field.reading.replace(self.reading(part)).is_some(),
            Rule::title => {
                let title = self.title(part);
                std::mem::replace(&mut field.title, title).is_some()
            }
            _ => false,
        })
    }

    /// A default; a lone number where the next field is named like a unit.
    fn default_value<'s>(&mut self, part: Part<'_, 's>) -> Option<Expr<'s>> {
        let mut parts = part.parts();
        let Some(number) = parts.next_of(Rule::number) else {
            return Some(self.expression(parts.next_of(Rule::expression)?));
        };
        Some(self.lone_number(number))
    }

    pub(super) fn lone_number<'s>(&mut self, number: Part<'_, 's>) -> Expr<'s> {
        let kind = ExprKind::Literal(Literal::Number(number.text()));
        Expr { span: self.span(number), kind }
    }

    fn parameter<'s>(&mut self, name: Name<'s>, mut parts: Parts<'_, 's>) -> Option<Parameter<'s>> {
        let ty = self.ty(parts.next_of(Rule::type_)?)?;
        let value = parts.next()?;
        let is_fixed = value.rule() == Rule::fixed_value;
        let mut inner = value.parts();
        if is_fixed {
            let value = ParameterValue::Fixed(self.expression(inner.next_of(Rule::expression)?));
            let title = inner.next_of(Rule::title).and_then(|part| self.title(part));
            let origins = inner.build(|part| self.origin(part));
            return Some(Parameter { name, ty, value, title, origins });
        }
        let title = inner.next_of(Rule::title).and_then(|part| self.title(part));
        let (mut origins, mut values) = (Vec::new(), Vec::new());
        for part in inner {
            if part.rule() == Rule::dated_value {
                let mut dated = part.parts();
                let from = self.expression(dated.next_of(Rule::expression)?);
                let value = self.expression(dated.next_of(Rule::expression)?);
                let origins = dated.build(|part| self.origin(part));
                values.push(DatedValue { from, value, origins });
            } else {
                origins.extend(self.origin(part));
            }
        }
        Some(Parameter { name, ty, value: ParameterValue::Dated(values), title, origins })
    }

    pub(super) fn origin<'s>(&mut self, part: Part<'_, 's>) -> Option<Origin<'s>> {
        if part.rule() == Rule::source {
            return self.source(part).map(Origin::Source);
        }
        Some(Origin::Assumed(self.plain_text(part.parts().next_of(Rule::string)?)))
    }

    fn source<'s>(&mut self, part: Part<'_, 's>) -> Option<Source<'s>> {
        let (mut texts, mut language, mut url) = (Vec::new(), None, None);
        for part in part.parts() {
            match (part.rule(), language.take()) {
                (Rule::language, _) => language = Some(self.name(part)),
                // What follows without a language is where to read it.
                (_, None) if !texts.is_empty() => url = Some(self.plain_text(part)),
                (_, language) => texts.push((language, self.plain_text(part))),
            }
        }
        (!texts.is_empty()).then_some(Source { texts, url })
    }

    pub(super) fn ty<'s>(&mut self, part: Part<'_, 's>) -> Option<TypeExpr<'s>> {
        let span = self.span(part);
        let mut parts = part.parts();
        let kind = self.base_type(parts.next_of(Rule::base_type)?)?;
        let optional = parts.next_of(Rule::question).is_some();
        Some(TypeExpr { kind, optional, span })
    }

    /// A type without its `?`, which belongs to the whole of `list of T?`.
    fn base_type<'s>(&mut self, part: Part<'_, 's>) -> Option<TypeKind<'s>> {
        let base = part.parts().next()?;
        Some(match base.rule() {
            Rule::list_type => {
                let item = base.parts().next_of(Rule::base_type)?;
                let span = self.span(item);
                let kind = self.base_type(item)?;
                TypeKind::List(Box::new(TypeExpr { kind, optional: false, span }))
            }
            Rule::in_place => TypeKind::InPlace(self.members(base)),
            _ => TypeKind::Named(base.text()),
        })
    }

    pub(super) fn item<'s>(&mut self, part: Part<'_, 's>) -> Option<ItemKind<'s>> {
        let inner = part.parts().next()?;
        let rule = inner.rule();
        if rule == Rule::source {
            return self.source(inner).map(ItemKind::Source);
        }
        if rule == Rule::let_ {
            return self.named(inner).map(|node| ItemKind::Let(Box::new(node)));
        }
        let mut parts = inner.parts();
        Some(match rule {
            Rule::title => ItemKind::Title(self.texts(parts.next_of(Rule::texts)?)),
            Rule::announced => {
                let part = parts.next_of(Rule::date)?;
                ItemKind::Announced(self.date(part))
            }
            Rule::decide => ItemKind::Decide(Box::new(self.decide(parts)?)),
            Rule::rule_ => {
                let name = self.take_name(&mut parts)?;
                let clauses = parts.build(|part| self.clause(part));
                ItemKind::Rule(super::ast::Rule { name, clauses })
            }
            Rule::invariant => ItemKind::Invariant(Box::new(self.invariant(parts)?)),
            Rule::measurement => ItemKind::Measurement(Box::new(self.measurement(parts)?)),
            _ => {
                let assignments = self.assignments(parts.next_of(Rule::assignments)?);
                let because = parts.next_of(Rule::because).and_then(|part| self.because(part));
                ItemKind::OnFault(OnFault { assignments, because })
            }
        })
    }

    fn invariant<'s>(&mut self, mut parts: Parts<'_, 's>) -> Option<Invariant<'s>> {
        let name = self.take_name(&mut parts)?;
        if let Some(part) = parts.next_of(Rule::independent) {
            let mut inner = part.parts();
            let decision = self.take_name(&mut inner)?;
            let path = self.path(inner.next_of(Rule::dated_path)?);
            return Some(Invariant { name, claim: Claim::Independent(decision, path) });
        }
        let when =
            parts.next_of(Rule::when).and_then(|part| part.parts().next_of(Rule::expression));
        let when = when.map(|part| self.expression(part));
        let never = parts.next_of(Rule::never)?.parts().next_of(Rule::expression)?;
        let never = self.expression(never);
        Some(Invariant { name, claim: Claim::Never(when, never) })
    }

    fn measurement<'s>(&mut self, mut parts: Parts<'_, 's>) -> Option<Measurement<'s>> {
        let name = self.take_name(&mut parts)?;
        let part = parts.next_of(Rule::reckoning)?;
        let head = self.span(part);
        let mut inner = part.parts();
        let reckoning = match inner.next_of(Rule::over_values).map(|part| part.text()) {
            Some(word) if word.starts_with("average") => Reckoning::Average,
            Some(_) => Reckoning::Sum,
            None => Reckoning::Count,
        };
        let value = inner.next_of(Rule::expression).map(|part| self.expression(part));
        let filter = parts.next_of(Rule::expression).map(|part| self.expression(part));
        let title = parts.next_of(Rule::title).and_then(|part| self.title(part));
        let origins = parts.build(|part| self.origin(part));
        Some(Measurement { name, reckoning, value, head, filter, title, origins })
    }

    fn named<'s>(&mut self, part: Part<'_, 's>) -> Option<Let<'s>> {
        let span = self.span(part);
        let mut parts = part.parts();
        let name = self.take_name(&mut parts)?;
        let ty = parts.next_of(Rule::type_).and_then(|part| self.ty(part));
        let value = self.expression(parts.next_of(Rule::expression)?);
        let title = parts.next_of(Rule::title).and_then(|part| self.title(part));
        let origins = parts.build(|part| self.origin(part));
        Some(Let { name, ty, value, title, origins, span })
    }

    fn decide<'s>(&mut self, mut parts: Parts<'_, 's>) -> Option<Decide<'s>> {
        let name = self.take_name(&mut parts)?;
        let ty = self.ty(parts.next_of(Rule::outcomes)?.parts().next_of(Rule::type_)?)?;
        let combiner = self.take_name(&mut parts)?;
        let (mut otherwise, mut because) = (None, None);
        if let Some(part) = parts.next_of(Rule::otherwise) {
            let mut inner = part.parts();
            otherwise = Some(self.expression(inner.next_of(Rule::expression)?));
            because = inner.next_of(Rule::because).and_then(|part| self.because(part));
        }
        Some(Decide { name, ty, combiner, otherwise, because })
    }

    fn because<'s>(&mut self, part: Part<'_, 's>) -> Option<Texts<'s>> {
        Some(self.texts(part.parts().next_of(Rule::texts)?))
    }

    pub(super) fn dated_by<'s>(&mut self, part: Part<'_, 's>) -> Option<Path<'s>> {
        let path = part.parts().next_of(Rule::dated_path)?;
        Some(self.path(path))
    }

    pub(super) fn path<'s>(&self, part: Part<'_, 's>) -> Path<'s> {
        let span = self.span(part);
        Path { names: part.parts().build(|part| Some(self.name(part))), span }
    }

    fn assignments<'s>(&mut self, part: Part<'_, 's>) -> Vec<Assignment<'s>> {
        part.parts().build(|part| {
            let span = self.span(part);
            let mut parts = part.parts();
            let decision = self.take_name(&mut parts);
            let value = self.expression(parts.next_of(Rule::expression)?);
            Some(Assignment { decision, value, span })
        })
    }

    fn clause<'s>(&mut self, part: Part<'_, 's>) -> Option<Clause<'s>> {
        let span = self.span(part);
        let inner = part.parts().next()?;
        let rule = inner.rule();
        let kind = match rule {
            Rule::source => ClauseKind::Source(self.source(inner)?),
            Rule::dated_by => ClauseKind::DatedBy(self.dated_by(inner)?),
            Rule::because => ClauseKind::Because(self.because(inner)?),
            _ => self.plain_clause(rule, inner.parts())?,
        };
        Some(Clause { span, kind })
    }

    fn plain_clause<'s>(&mut self, rule: Rule, mut parts: Parts<'_, 's>) -> Option<ClauseKind<'s>> {
        Some(match rule {
            Rule::title => ClauseKind::Title(self.texts(parts.next_of(Rule::texts)?)),
            Rule::phase => ClauseKind::Phase(Box::new(self.phase(parts)?)),
            Rule::until => ClauseKind::Until(self.expression(parts.next_of(Rule::expression)?)),
            Rule::when => ClauseKind::When(self.expression(parts.next_of(Rule::expression)?)),
            Rule::unless => ClauseKind::Unless(self.expression(parts.next_of(Rule::expression)?)),
            Rule::overrides => {
                let all_but = parts.next_of(Rule::all_but).is_some();
                let paths = parts.build(|part| self.rule_path(part));
                if all_but {
                    ClauseKind::OverridesAllBut(paths)
                } else {
                    ClauseKind::Overrides(paths)
                }
            }
            Rule::then_ => ClauseKind::Then(self.assignments(parts.next_of(Rule::assignments)?)),
            _ => {
                let name = self.take_name(&mut parts)?;
                let within = parts.next_of(Rule::expression).map(|part| self.expression(part));
                let of = parts.next_of(Rule::expression).map(|part| self.expression(part));
                let by = parts.next_of(Rule::due_by);
                let by = by.and_then(|part| part.parts().next_of(Rule::expression));
                let by = by.map(|part| self.expression(part));
                ClauseKind::Require(Box::new(Require { name, within, of, by }))
            }
        })
    }

    fn phase<'s>(&mut self, mut parts: Parts<'_, 's>) -> Option<Phase<'s>> {
        let from = self.expression(parts.next_of(Rule::expression)?);
        let effect = match parts.next_of(Rule::effect).map(|part| part.text() == "warn") {
            Some(true) => Effect::Warn,
            Some(false) => Effect::Shadow,
            None => Effect::Enforce,
        };
        let cohort = match parts.next_of(Rule::cohort) {
            Some(part) => {
                let mut inner = part.parts();
                let share = self.expression(inner.next_of(Rule::expression)?);
                Some(Cohort { share, key: self.expression(inner.next_of(Rule::expression)?) })
            }
            None => None,
        };
        let filter = parts.next_of(Rule::expression).map(|part| self.expression(part));
        Some(Phase { from, effect, cohort, filter })
    }

    fn rule_path<'s>(&self, part: Part<'_, 's>) -> Option<RulePath<'s>> {
        let span = self.span(part);
        let mut parts = part.parts();
        let first = self.take_name(&mut parts)?;
        if let Some(second) = self.take_name(&mut parts) {
            return Some(RulePath { policy: Some(first), rule: Some(second), span });
        }
        Some(if parts.next_of(Rule::star).is_some() {
            RulePath { policy: Some(first), rule: None, span }
        } else {
            RulePath { policy: None, rule: Some(first), span }
        })
    }

    /// `title en "…" zh "…"`
    fn title<'s>(&mut self, part: Part<'_, 's>) -> Option<Texts<'s>> {
        part.parts().next_of(Rule::texts).map(|part| self.texts(part))
    }

    pub(super) fn texts<'s>(&mut self, part: Part<'_, 's>) -> Texts<'s> {
        let span = self.span(part);
        // A text stands alone, or each behind its language.
        let mut variants = Vec::with_capacity(part.parts().count().div_ceil(2));
        let mut language = None;
        for part in part.parts() {
            if part.rule() == Rule::language {
                language = Some(self.name(part));
            } else {
                let template = self.template(part);
                variants.push((language.take(), template));
            }
        }
        Texts { variants, span }
    }

    /// A text without placeholders.
    pub(super) fn plain_text<'s>(&mut self, part: Part<'_, 's>) -> Text<'s> {
        let span = self.span(part);
        Text { value: self.unescape(unquoted(part.text()), span.start as usize + 1), span }
    }

    /// The text that stands for what is written, which is the same unless there are escapes.
    pub(super) fn unescape<'s>(&mut self, raw: &'s str, offset: usize) -> Cow<'s, str> {
        if !raw.contains('\\') {
            return Cow::Borrowed(raw);
        }
        let mut text = String::with_capacity(raw.len());
        let mut chars = raw.char_indices();
        while let Some((at, c)) = chars.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next().map(|(_, c)| c) {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(c @ ('"' | '\\')) => text.push(c),
                Some(other) => {
                    let message = format!("`\\{other}` is no escape");
                    let help =
                        "texts know `\\\"`, `\\\\`, `\\n` and `\\t`; write `\\\\` for a backslash";
                    self.bad_text(offset + at, 1 + other.len_utf8(), &message, help);
                }
                None => {}
            }
        }
        Cow::Owned(text)
    }

    pub(super) fn bad_text(&mut self, at: usize, length: usize, message: &str, help: &str) {
        let span = Span::new(self.id, at, at + length);
        self.diagnostics.push(Diagnostic::new(Code::BadText, span, message).help(help));
    }
}

/// A text without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or("")
}
