//! Builds the tree from what pest has matched.

use pest::iterators::{Pair, Pairs};

use super::ast::{
    Argument, Assignment, Clause, ClauseKind, Cohort, DatedValue, Decide, DefinitionKind, Effect,
    Enum, Expr, ExprKind, Field, Function, ItemKind, ListDefinition, ListItems, Literal, Members,
    Name, OnFault, Origin, Parameter, ParameterValue, Path, Phase, Piece, Policy, Record, Require,
    RulePath, Source, Template, Text, Texts, TypeExpr, TypeKind,
};
use super::grammar::Rule;
use super::recover::code_length;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The diagnostic for a place that nests too deeply.
pub(super) fn too_deep(id: FileId, at: usize) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, Span::new(id, at, at + 1), "this nests too deeply")
        .label("more than 64 brackets, conditions or operators within each other")
        .help("name the inner parts with `fn`")
}

/// Builds nodes from pairs that pest has matched from byte `base` of the file on.
pub(super) struct Builder {
    pub(super) id: FileId,
    pub(super) base: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How many operators wait for their right operand.
    pub(super) nested: usize,
    /// How many rows nest too deeply.
    pub(super) gave_up: usize,
}

/// The inner pairs of a pair, taken one by one by their rule.
struct Parts<'s> {
    pairs: std::iter::Peekable<Pairs<'s, Rule>>,
}

impl<'s> Parts<'s> {
    fn of(pair: Pair<'s, Rule>) -> Self {
        Self { pairs: pair.into_inner().peekable() }
    }

    /// The next pair if it is of this rule; keywords and punctuation before it are passed over.
    fn take(&mut self, rule: Rule) -> Option<Pair<'s, Rule>> {
        while self
            .pairs
            .next_if(|pair| pair.as_rule() != rule && is_noise(pair.as_rule()))
            .is_some()
        {}
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }

    /// Whether a keyword or sign follows; it is passed over.
    fn has(&mut self, rule: Rule) -> bool {
        self.take(rule).is_some()
    }

    fn rest(self) -> impl Iterator<Item = Pair<'s, Rule>> {
        self.pairs.filter(|pair| !is_noise(pair.as_rule()))
    }
}

fn is_noise(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::k_enum
            | Rule::k_record
            | Rule::k_parameter
            | Rule::k_list
            | Rule::k_fn
            | Rule::k_policy
            | Rule::k_for
            | Rule::k_dated
            | Rule::k_by
            | Rule::k_as
            | Rule::k_of
            | Rule::k_source
            | Rule::k_url
            | Rule::k_assumed
            | Rule::k_from
            | Rule::k_until
            | Rule::k_title
            | Rule::k_announced
            | Rule::k_decide
            | Rule::k_otherwise
            | Rule::k_because
            | Rule::k_rule
            | Rule::k_when
            | Rule::k_unless
            | Rule::k_overrides
            | Rule::k_then
            | Rule::k_require
            | Rule::k_within
            | Rule::k_where
            | Rule::k_on
            | Rule::k_fault
            | Rule::k_if
            | Rule::k_else
            | Rule::k_in
            | Rule::k_is
            | Rule::open_brace
            | Rule::close_brace
            | Rule::colon
            | Rule::comma
            | Rule::assign
            | Rule::arrow
            | Rule::close_paren
            | Rule::close_bracket
    )
}

impl Builder {
    pub(super) fn new(id: FileId, base: usize) -> Self {
        Self { id, base, diagnostics: Vec::new(), nested: 0, gave_up: 0 }
    }

    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        // A pair may end in the white space and comments before a part that is not there.
        let length = code_length(pair.as_str());
        Span::new(self.id, self.base + span.start(), self.base + span.start() + length)
    }

    pub(super) fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_string(), span: self.span(pair) }
    }

    fn take_name(&self, parts: &mut Parts<'_>) -> Option<Name> {
        parts.take(Rule::name).map(|pair| self.name(&pair))
    }

    pub(super) fn definition(&mut self, pair: Pair<'_, Rule>) -> Option<DefinitionKind> {
        let inner = pair.into_inner().next()?;
        let rule = inner.as_rule();
        let mut parts = Parts::of(inner);
        let name = self.take_name(&mut parts)?;
        Some(match rule {
            Rule::enum_ => {
                let members = self.members(parts.take(Rule::members)?);
                DefinitionKind::Enum(Enum { name, members })
            }
            Rule::record => {
                let fields = parts.rest().filter_map(|pair| self.field(pair)).collect();
                DefinitionKind::Record(Record { name, fields })
            }
            Rule::parameter => DefinitionKind::Parameter(self.parameter(name, parts)?),
            Rule::list => {
                let ty = self.ty(parts.take(Rule::type_)?)?;
                let items = match parts.rest().next()? {
                    pair if pair.as_rule() == Rule::list_items => {
                        ListItems::InPlace(self.operand(Parts::of(pair).take(Rule::list_value)?))
                    }
                    pair => ListItems::File(self.plain_text(&Parts::of(pair).take(Rule::string)?)),
                };
                DefinitionKind::List(ListDefinition { name, ty, items })
            }
            Rule::function => {
                let mut arguments = Vec::new();
                while let Some(argument) = parts.take(Rule::argument) {
                    let mut inner = Parts::of(argument);
                    let name = self.take_name(&mut inner)?;
                    arguments.push(Argument { name, ty: self.ty(inner.take(Rule::type_)?)? });
                }
                let result = self.ty(parts.take(Rule::type_)?)?;
                let body = self.expression(parts.take(Rule::expression)?);
                DefinitionKind::Function(Function { name, arguments, result, body })
            }
            _ => {
                let record = self.take_name(&mut parts)?;
                let dated_by = parts.take(Rule::dated_by).and_then(|pair| self.dated_by(pair));
                DefinitionKind::Policy(Policy { name, record, dated_by, items: Vec::new() })
            }
        })
    }

    fn members(&self, pair: Pair<'_, Rule>) -> Members {
        let mut members = Members { names: Vec::new(), ordered: false, open: false };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => members.names.push(self.name(&part)),
                Rule::less => members.ordered = true,
                Rule::ellipsis => members.open = true,
                _ => {}
            }
        }
        members
    }

    fn field(&mut self, pair: Pair<'_, Rule>) -> Option<Field> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let name = self.take_name(&mut parts)?;
        let ty = self.ty(parts.take(Rule::type_)?)?;
        let default = match parts.take(Rule::default) {
            Some(pair) => Some(self.default_value(pair)?),
            None => None,
        };
        let alias = match parts.take(Rule::alias) {
            Some(pair) => Some(self.plain_text(&Parts::of(pair).take(Rule::string)?)),
            None => None,
        };
        Some(Field { name, ty, default, alias, span })
    }

    /// A default; a lone number where the next field is named like a unit.
    fn default_value(&mut self, pair: Pair<'_, Rule>) -> Option<Expr> {
        let mut parts = Parts::of(pair);
        let Some(number) = parts.take(Rule::number) else {
            return Some(self.expression(parts.take(Rule::expression)?));
        };
        let kind = ExprKind::Literal(Literal::Number(number.as_str().to_string()));
        Some(Expr { span: self.span(&number), kind })
    }

    fn parameter(&mut self, name: Name, mut parts: Parts<'_>) -> Option<Parameter> {
        let ty = self.ty(parts.take(Rule::type_)?)?;
        let value = parts.rest().next()?;
        let is_fixed = value.as_rule() == Rule::fixed_value;
        let mut inner = Parts::of(value);
        if is_fixed {
            let value = ParameterValue::Fixed(self.expression(inner.take(Rule::expression)?));
            let origins = inner.rest().filter_map(|pair| self.origin(pair)).collect();
            return Some(Parameter { name, ty, value, origins });
        }
        let (mut origins, mut values) = (Vec::new(), Vec::new());
        for part in inner.rest() {
            if part.as_rule() == Rule::dated_value {
                let mut dated = Parts::of(part);
                let from = self.expression(dated.take(Rule::expression)?);
                let value = self.expression(dated.take(Rule::expression)?);
                let origins = dated.rest().filter_map(|pair| self.origin(pair)).collect();
                values.push(DatedValue { from, value, origins });
            } else {
                origins.extend(self.origin(part));
            }
        }
        Some(Parameter { name, ty, value: ParameterValue::Dated(values), origins })
    }

    fn origin(&mut self, pair: Pair<'_, Rule>) -> Option<Origin> {
        if pair.as_rule() == Rule::source {
            return self.source(pair).map(Origin::Source);
        }
        Some(Origin::Assumed(self.plain_text(&Parts::of(pair).take(Rule::string)?)))
    }

    fn source(&mut self, pair: Pair<'_, Rule>) -> Option<Source> {
        let mut parts = Parts::of(pair);
        let text = self.plain_text(&parts.take(Rule::string)?);
        let url = parts.take(Rule::string).map(|pair| self.plain_text(&pair));
        Some(Source { text, url })
    }

    fn ty(&mut self, pair: Pair<'_, Rule>) -> Option<TypeExpr> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let kind = self.base_type(parts.take(Rule::base_type)?)?;
        let optional = parts.has(Rule::question);
        Some(TypeExpr { kind, optional, span })
    }

    /// A type without its `?`, which belongs to the whole of `list of T?`.
    fn base_type(&mut self, pair: Pair<'_, Rule>) -> Option<TypeKind> {
        let base = pair.into_inner().next()?;
        Some(match base.as_rule() {
            Rule::list_type => {
                let item = Parts::of(base).take(Rule::base_type)?;
                let span = self.span(&item);
                let kind = self.base_type(item)?;
                TypeKind::List(Box::new(TypeExpr { kind, optional: false, span }))
            }
            Rule::in_place => TypeKind::InPlace(self.members(base)),
            _ => TypeKind::Named(base.as_str().trim_end().to_string()),
        })
    }

    pub(super) fn item(&mut self, pair: Pair<'_, Rule>) -> Option<ItemKind> {
        let inner = pair.into_inner().next()?;
        let rule = inner.as_rule();
        if rule == Rule::source {
            return self.source(inner).map(ItemKind::Source);
        }
        let mut parts = Parts::of(inner);
        Some(match rule {
            Rule::title => ItemKind::Title(self.texts(parts.take(Rule::texts)?)),
            Rule::announced => {
                let pair = parts.take(Rule::date)?;
                ItemKind::Announced(self.date(&pair))
            }
            Rule::decide => ItemKind::Decide(self.decide(parts)?),
            Rule::rule_ => {
                let name = self.take_name(&mut parts)?;
                let clauses = parts.rest().filter_map(|pair| self.clause(pair)).collect();
                ItemKind::Rule(super::ast::Rule { name, clauses })
            }
            _ => {
                let assignments = self.assignments(parts.take(Rule::assignments)?);
                let because = parts.take(Rule::because).and_then(|pair| self.because(pair));
                ItemKind::OnFault(OnFault { assignments, because })
            }
        })
    }

    fn decide(&mut self, mut parts: Parts<'_>) -> Option<Decide> {
        let name = self.take_name(&mut parts)?;
        let ty = self.ty(Parts::of(parts.take(Rule::outcomes)?).take(Rule::type_)?)?;
        let combiner = self.take_name(&mut parts)?;
        let (mut otherwise, mut because) = (None, None);
        if let Some(pair) = parts.take(Rule::otherwise) {
            let mut inner = Parts::of(pair);
            otherwise = Some(self.expression(inner.take(Rule::expression)?));
            because = inner.take(Rule::because).and_then(|pair| self.because(pair));
        }
        Some(Decide { name, ty, combiner, otherwise, because })
    }

    fn because(&mut self, pair: Pair<'_, Rule>) -> Option<Texts> {
        Some(self.texts(Parts::of(pair).take(Rule::texts)?))
    }

    fn dated_by(&mut self, pair: Pair<'_, Rule>) -> Option<Path> {
        let path = Parts::of(pair).take(Rule::path)?;
        Some(self.path(path))
    }

    pub(super) fn path(&self, pair: Pair<'_, Rule>) -> Path {
        let span = self.span(&pair);
        Path { names: pair.into_inner().map(|pair| self.name(&pair)).collect(), span }
    }

    fn assignments(&mut self, pair: Pair<'_, Rule>) -> Vec<Assignment> {
        let assignments = Parts::of(pair).rest();
        assignments
            .filter_map(|pair| {
                let span = self.span(&pair);
                let mut parts = Parts::of(pair);
                let decision = self.take_name(&mut parts);
                let value = self.expression(parts.take(Rule::expression)?);
                Some(Assignment { decision, value, span })
            })
            .collect()
    }

    fn clause(&mut self, pair: Pair<'_, Rule>) -> Option<Clause> {
        let span = self.span(&pair);
        let inner = pair.into_inner().next()?;
        let rule = inner.as_rule();
        let kind = match rule {
            Rule::source => ClauseKind::Source(self.source(inner)?),
            Rule::dated_by => ClauseKind::DatedBy(self.dated_by(inner)?),
            Rule::because => ClauseKind::Because(self.because(inner)?),
            _ => self.plain_clause(rule, Parts::of(inner))?,
        };
        Some(Clause { span, kind })
    }

    fn plain_clause(&mut self, rule: Rule, mut parts: Parts<'_>) -> Option<ClauseKind> {
        Some(match rule {
            Rule::title => ClauseKind::Title(self.texts(parts.take(Rule::texts)?)),
            Rule::phase => ClauseKind::Phase(self.phase(parts)?),
            Rule::until => ClauseKind::Until(self.expression(parts.take(Rule::expression)?)),
            Rule::when => ClauseKind::When(self.expression(parts.take(Rule::expression)?)),
            Rule::unless => ClauseKind::Unless(self.expression(parts.take(Rule::expression)?)),
            Rule::overrides => {
                let paths = parts.rest().filter_map(|pair| self.rule_path(pair)).collect();
                ClauseKind::Overrides(paths)
            }
            Rule::then_ => ClauseKind::Then(self.assignments(parts.take(Rule::assignments)?)),
            _ => {
                let name = self.take_name(&mut parts)?;
                let within = parts.take(Rule::expression).map(|pair| self.expression(pair));
                let of = parts.take(Rule::expression).map(|pair| self.expression(pair));
                ClauseKind::Require(Require { name, within, of })
            }
        })
    }

    fn phase(&mut self, mut parts: Parts<'_>) -> Option<Phase> {
        let from = self.expression(parts.take(Rule::expression)?);
        let effect = match parts.take(Rule::effect).map(|pair| pair.as_str() == "warn") {
            Some(true) => Effect::Warn,
            Some(false) => Effect::Shadow,
            None => Effect::Enforce,
        };
        let cohort = match parts.take(Rule::cohort) {
            Some(pair) => {
                let mut inner = Parts::of(pair);
                let share = self.expression(inner.take(Rule::expression)?);
                Some(Cohort { share, key: self.expression(inner.take(Rule::expression)?) })
            }
            None => None,
        };
        let filter = parts.take(Rule::expression).map(|pair| self.expression(pair));
        Some(Phase { from, effect, cohort, filter })
    }

    fn rule_path(&self, pair: Pair<'_, Rule>) -> Option<RulePath> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let first = self.take_name(&mut parts)?;
        if let Some(second) = self.take_name(&mut parts) {
            return Some(RulePath { policy: Some(first), rule: Some(second), span });
        }
        Some(if parts.has(Rule::star) {
            RulePath { policy: Some(first), rule: None, span }
        } else {
            RulePath { policy: None, rule: Some(first), span }
        })
    }

    pub(super) fn texts(&mut self, pair: Pair<'_, Rule>) -> Texts {
        let span = self.span(&pair);
        let (mut variants, mut language) = (Vec::new(), None);
        for part in pair.into_inner() {
            if part.as_rule() == Rule::language {
                language = Some(self.name(&part));
            } else {
                let template = self.template(&part);
                variants.push((language.take(), template));
            }
        }
        Texts { variants, span }
    }

    /// A text without placeholders.
    pub(super) fn plain_text(&mut self, pair: &Pair<'_, Rule>) -> Text {
        let span = self.span(pair);
        let raw = pair.as_str();
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        Text { value: self.unescape(inner, span.start as usize + 1), span }
    }

    /// A text whose `{…}` are expressions.
    fn template(&mut self, pair: &Pair<'_, Rule>) -> Template {
        let span = self.span(pair);
        let raw = pair.as_str();
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let offset = span.start as usize + 1;
        let mut pieces = Vec::new();
        let (mut text, mut at) = (String::new(), 0);
        while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with("{{") || rest.starts_with("}}") {
                text.push_str(rest.get(..1).unwrap_or(""));
                at += 2;
            } else if rest.starts_with('{') {
                let Some(end) = rest.find('}') else {
                    self.bad_text(
                        offset + at,
                        1,
                        "this `{` is not closed",
                        "write `{{` for a brace",
                    );
                    break;
                };
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                let expression = rest.get(1..end).unwrap_or("");
                pieces.push(Piece::Value(self.embedded(expression, offset + at + 1)));
                at += end + 1;
            } else if rest.starts_with('}') {
                self.bad_text(offset + at, 1, "this `}` closes nothing", "write `}}` for a brace");
                at += 1;
            } else {
                let end = rest.find(['{', '}']).unwrap_or(rest.len());
                text.push_str(&self.unescape(rest.get(..end).unwrap_or(""), offset + at));
                at += end;
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Template { pieces, span }
    }

    fn unescape(&mut self, raw: &str, offset: usize) -> String {
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
        text
    }

    fn bad_text(&mut self, at: usize, length: usize, message: &str, help: &str) {
        let span = Span::new(self.id, at, at + length);
        self.diagnostics.push(Diagnostic::new(Code::BadText, span, message).help(help));
    }
}
