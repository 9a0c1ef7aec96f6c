//! Gives every expression its type and resolves every name in it.

use super::Checker;
use super::counter::Reader;
use super::presence::{self, Key};
use super::typed::{
    Comprehension, ComprehensionKind, Constant, Expr, Kind, LocalId, Place, PolicyId, RecordId,
};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::function::COMPREHENSIONS;
use rulebook_lang::model::{Date, Type};
use rulebook_lang::scalar::Level;
use rulebook_syntax::ast::{self, ExprKind, Literal};
use rulebook_syntax::{LiteralError, LiteralValue};

/// The names that an expression sees, and what is known to be present.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The record whose fields are in scope.
    pub(super) record: Option<RecordId>,
    /// The policy in which the expression stands.
    pub(super) policy: Option<PolicyId>,
    /// The day on which the policy was published.
    pub(super) announced: Option<Date>,
    /// Who reads counters.
    pub(super) reader: Reader,
    /// Whether a value must be known at load.
    pub(super) constant: bool,
    /// The decisions of the policy, in a claim about them.
    pub(super) outcomes: Vec<(String, Type)>,
    pub(super) locals: Vec<(String, LocalId, Type)>,
    pub(super) present: Vec<Key>,
}

impl Scope {
    pub(super) fn add_local(&mut self, name: &str, local: LocalId, ty: Type) {
        self.locals.push((name.to_string(), local, ty));
    }

    /// Whether a place is known to be present.
    pub(super) fn knows(&self, place: &Place) -> bool {
        !self.present.is_empty() && self.present.contains(&presence::key(place))
    }

    /// Whether what an expression reads is known to be present.
    pub(super) fn knows_value(&self, expr: &Expr) -> bool {
        presence::key_of(expr).is_some_and(|key| self.present.contains(&key))
    }

    /// The scope of what follows a condition that held, or did not.
    pub(super) fn after(mut self, condition: &Expr, held: bool) -> Self {
        self.present.extend(presence::implied(condition, held));
        self
    }

    pub(super) fn local(&self, name: &str) -> Option<(LocalId, Type)> {
        let found = self.locals.iter().rev().find(|(known, ..)| known == name);
        found.map(|(_, local, ty)| (*local, ty.clone()))
    }
}

impl Checker<'_> {
    /// The typed form of an expression that must have a type; reports where it has another.
    pub(super) fn expect(&mut self, expr: &ast::Expr, ty: &Type, scope: &Scope) -> Expr {
        let typed = self.infer(expr, Some(ty), scope);
        if ty.accepts(&typed.ty) {
            return typed;
        }
        if let (true, Some(Constant::Text(text))) = (ty.is_quoted(), typed.constant()) {
            return self.quoted(text, ty, typed.span);
        }
        self.report_mismatch(&typed, ty);
        Expr::wrong(typed.span)
    }

    /// A text literal as a value of a type that has no literals of its own.
    pub(super) fn quoted(&mut self, text: &str, ty: &Type, span: Span) -> Expr {
        let value = ty.read(text, &self.settings.zone);
        if let Some(constant) = value.and_then(|value| Constant::from_value(&value)) {
            return Expr { span, ty: ty.clone(), kind: Kind::Constant(constant) };
        }
        let wanted = ty.scalar().map_or("", |row| row.wanted);
        self.error(Code::BadLiteral, span, format!("\"{text}\" is not {wanted}"));
        Expr::wrong(span)
    }

    fn report_mismatch(&mut self, typed: &Expr, wanted: &Type) {
        if wanted.accepts(typed.ty.required()) {
            self.report_unguarded(typed);
            return;
        }
        let code = match (wanted.required(), &typed.ty) {
            (Type::Money(_), Type::Money(_)) => Code::CurrencyMismatch,
            (Type::Money(_) | Type::Duration | Type::Period, Type::Number)
            | (Type::Number, Type::Money(_) | Type::Duration) => Code::WrongUnit,
            _ => Code::WrongType,
        };
        let message = format!("expected {}, found {}", wanted.described(), typed.ty.described());
        let shown = self.shown(typed.span);
        let help = match (wanted.required(), &typed.ty) {
            (Type::Enum(members), _) if members.position(&shown).is_some() => {
                Some(format!("`{shown}` means a field or parameter here; rename it or the member"))
            }
            (Type::Money(currency), Type::Number) if typed.constant().is_some() => {
                Some(format!("add the currency: `… {currency}`"))
            }
            (Type::Money(currency), Type::Number) => {
                Some(format!("give it a currency: `… * 1 {currency}`"))
            }
            (Type::Duration, Type::Number) => Some("add the unit: `… days`".to_string()),
            (Type::Duration, Type::Period) => {
                Some("months and years differ in length; write days".to_string())
            }
            (Type::Bool, _) => Some("write a comparison".to_string()),
            (Type::Enum(_), Type::Text) => {
                Some("write the member's bare name, without quotes".to_string())
            }
            (Type::Money(_), Type::Money(_)) => Some(super::operation::NO_RATE.to_string()),
            (Type::Date, Type::Time) => Some("take its day: `date(…)`".to_string()),
            (Type::Time, Type::Date) => {
                Some("take its first instant: `start_of_day(…)`".to_string())
            }
            _ => None,
        };
        self.report(Diagnostic::new(code, typed.span, message).maybe_help(help));
    }

    /// Reports an optional that nothing has tested, with the guard to write.
    pub(super) fn report_unguarded(&mut self, typed: &Expr) {
        let (name, help) = match &typed.kind {
            Kind::Place(_) | Kind::Counter(_) | Kind::Decision(..) => {
                let name = self.shown(typed.span);
                let name = if name.is_empty() { "x".to_string() } else { name };
                let help = format!(
                    "test it first: `{name} is present and …`, or give a value for it: `{name} ?? …`"
                );
                (format!("`{name}`"), help)
            }
            _ => ("this".to_string(), "give a value for that case: `… ?? 0`".to_string()),
        };
        let message = format!("{name} may be missing here");
        self.report(
            Diagnostic::new(Code::Unguarded, typed.span, message)
                .label(format!("this is {}", typed.ty.described()))
                .help(help),
        );
    }

    /// The typed form of an expression. `wanted` gives bare names of enums their meaning.
    pub(super) fn infer(&mut self, expr: &ast::Expr, wanted: Option<&Type>, scope: &Scope) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, span),
            ExprKind::Path(path) => self.path(path, wanted, scope),
            ExprKind::Group(inner) => self.infer(inner, wanted, scope),
            ExprKind::List(items) => self.list(items, span, wanted, scope),
            ExprKind::Prefix(operator, operand) => self.prefix(operator, operand, span, scope),
            ExprKind::Binary(operator, operands) => {
                self.binary(operator, operands, span, wanted, scope)
            }
            ExprKind::Range(..) => {
                let message = "a range stands only behind `in`";
                self.report(
                    Diagnostic::new(Code::Syntax, span, message).help("write `x in low ..< high`"),
                );
                Expr::wrong(span)
            }
            ExprKind::Presence(inner, present) => self.presence(inner, *present, span, scope),
            ExprKind::Choice(branches, otherwise) => {
                self.choice(branches, otherwise, span, wanted, scope)
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, None, span, scope),
            ExprKind::Output(call, output) => match &call.kind {
                ExprKind::Call(name, arguments) => {
                    self.call(name, arguments, Some(output), span, scope)
                }
                _ => Expr::wrong(span),
            },
            ExprKind::Comprehension(node) => self.comprehension(node, span, scope),
        }
    }

    fn literal(&mut self, literal: &Literal, span: Span) -> Expr {
        match LiteralValue::of(literal, &self.settings.zone) {
            Ok(value) => {
                let ty = value.ty();
                let constant = match value {
                    LiteralValue::Bool(value) => Constant::Bool(value),
                    LiteralValue::Number(value) | LiteralValue::Money(value, _) => {
                        Constant::Number(value)
                    }
                    LiteralValue::Text(value) => Constant::Text(value),
                    LiteralValue::Date(value) => Constant::Date(value),
                    LiteralValue::Time(value) => Constant::Time(value),
                    LiteralValue::Duration(value) => Constant::Duration(value),
                    LiteralValue::Period(value) => Constant::Period(value),
                };
                Expr { span, ty, kind: Kind::Constant(constant) }
            }
            Err(error) => {
                let help = match error {
                    LiteralError::Currency(_) => Some("write its code, such as `CNY` or `USD`"),
                    _ => None,
                };
                let help = help.map(str::to_string);
                self.report(
                    Diagnostic::new(Code::BadLiteral, span, error.to_string()).maybe_help(help),
                );
                Expr::wrong(span)
            }
        }
    }

    fn list(
        &mut self,
        items: &[ast::Expr],
        span: Span,
        wanted: Option<&Type>,
        scope: &Scope,
    ) -> Expr {
        let mut element = match wanted.map(Type::required) {
            Some(Type::List(inner)) => Some(inner.as_ref().clone()),
            _ => None,
        };
        let mut values = Vec::new();
        for item in items {
            let value = match &element {
                Some(ty) => self.expect(item, &ty.clone(), scope),
                None => self.infer(item, None, scope),
            };
            element.get_or_insert_with(|| value.ty.clone());
            match super::constant::evaluate(&value, &self.checked, &self.settings.zone) {
                Ok(Some(constant)) => values.push(constant),
                _ if value.ty.is_unknown() => {}
                _ => {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            item.span,
                            "a list holds constants only",
                        )
                        .help("behind `in`, other values may stand: `x in [a, b]`"),
                    );
                }
            }
        }
        let ty = Type::List(Box::new(element.unwrap_or(Type::Unknown)));
        Expr { span, ty, kind: Kind::Constant(Constant::List(values)) }
    }

    fn presence(&mut self, inner: &ast::Expr, present: bool, span: Span, scope: &Scope) -> Expr {
        let value = self.infer(inner, None, scope);
        if !value.ty.is_optional() && !value.ty.is_unknown() {
            let help = match (scope.knows_value(&value), &value.kind) {
                (true, _) => "it has been tested already; leave this test out",
                (_, Kind::Decision(..)) => "it never comes to nothing; leave the test out",
                _ => "declare the field with `?` if it may be missing, or leave the test out",
            };
            let message = format!("`{}` is always present here", self.shown(inner.span));
            self.report(Diagnostic::new(Code::NeedlessTest, span, message).help(help));
        }
        Expr { span, ty: Type::Bool, kind: Kind::Presence(Box::new(value), present) }
    }

    fn choice(
        &mut self,
        branches: &[(ast::Expr, ast::Expr)],
        otherwise: &ast::Expr,
        span: Span,
        wanted: Option<&Type>,
        scope: &Scope,
    ) -> Expr {
        let mut scope = scope.clone();
        let mut ty: Option<Type> = wanted.filter(|ty| !ty.is_unknown()).cloned();
        let mut typed = Vec::new();
        for (condition, value) in branches {
            let condition = self.expect(condition, &Type::Bool, &scope);
            let inside = scope.clone().after(&condition, true);
            let value = match &ty {
                Some(ty) => self.expect(value, &ty.clone(), &inside),
                None => self.infer(value, None, &inside),
            };
            ty.get_or_insert_with(|| value.ty.clone());
            scope = scope.after(&condition, false);
            typed.push((condition, value));
        }
        let ty = ty.unwrap_or(Type::Unknown);
        let otherwise = self.expect(otherwise, &ty, &scope);
        // Where an optional would do, the choice is as certain as its branches are.
        let may_lack = otherwise.ty.is_optional() || typed.iter().any(|(_, v)| v.ty.is_optional());
        let ty = if may_lack { ty } else { ty.required().clone() };
        if matches!(ty.required(), Type::Record(_)) {
            self.error(Code::WrongType, span, "`if` chooses between values, not between records");
            return Expr::wrong(span);
        }
        Expr { span, ty, kind: Kind::Choice(typed, Box::new(otherwise)) }
    }

    fn comprehension(&mut self, node: &ast::Comprehension, span: Span, scope: &Scope) -> Expr {
        let Some(kind) = ComprehensionKind::from_name(node.kind.text) else {
            let message = format!("there is no `{}(… in …)`", node.kind.text);
            let known: Vec<_> =
                COMPREHENSIONS.iter().map(|(name, ..)| format!("`{name}`")).collect();
            self.report(
                Diagnostic::new(Code::UnknownFunction, node.kind.span, message)
                    .help(format!("write {}", known.join(" or "))),
            );
            return Expr::wrong(span);
        };
        let list = self.infer(&node.list, None, scope);
        let element = match &list.ty {
            Type::List(inner) => inner.as_ref().clone(),
            Type::Unknown => Type::Unknown,
            Type::Optional(_) => {
                self.report_unguarded(&list);
                Type::Unknown
            }
            other => {
                let message = format!("expected a list, found {}", other.described());
                self.error(Code::WrongType, list.span, message);
                Type::Unknown
            }
        };
        let variable = self.local();
        let mut inside = scope.clone();
        inside.add_local(node.variable.text, variable, element);
        let filter = node.filter.as_ref().map(|c| self.expect(c, &Type::Bool, &inside));
        if let Some(filter) = &filter {
            inside = inside.after(filter, true);
        }
        let (body, ty) = self.comprehension_body(kind, node, span, &inside);
        let kind =
            Kind::Comprehension(Box::new(Comprehension { kind, variable, list, filter, body }));
        Expr { span, ty, kind }
    }

    fn comprehension_body(
        &mut self,
        kind: ComprehensionKind,
        node: &ast::Comprehension,
        span: Span,
        scope: &Scope,
    ) -> (Option<Expr>, Type) {
        let form = match kind {
            ComprehensionKind::Any | ComprehensionKind::All => {
                let body = node.body.as_ref().map(|body| self.expect(body, &Type::Bool, scope));
                if body.is_some() {
                    return (body, Type::Bool);
                }
                "(x in xs: condition)"
            }
            ComprehensionKind::Count => {
                let Some(body) = &node.body else { return (None, Type::Number) };
                self.report(
                    Diagnostic::new(Code::WrongArguments, body.span, "`count` takes no `:`")
                        .help("write the condition behind `where`: `count(x in xs where …)`"),
                );
                return (None, Type::Number);
            }
            ComprehensionKind::Sum | ComprehensionKind::Min | ComprehensionKind::Max => {
                if let Some(body) = &node.body {
                    return self.measured_body(kind, body, scope);
                }
                "(x in xs where condition: value)"
            }
        };
        let name = &node.kind.text;
        let message = format!("`{name}` needs what to look at behind `:`");
        self.report(
            Diagnostic::new(Code::WrongArguments, span, message)
                .help(format!("write `{name}{form}`")),
        );
        (None, Type::Unknown)
    }

    fn measured_body(
        &mut self,
        kind: ComprehensionKind,
        body: &ast::Expr,
        scope: &Scope,
    ) -> (Option<Expr>, Type) {
        let body = self.infer(body, None, scope);
        let summed = kind == ComprehensionKind::Sum;
        let least = if summed { Level::Ratio } else { Level::Interval };
        let fits = body.ty.is_unknown() || body.ty.level() >= least;
        if body.ty.is_optional() {
            self.report_unguarded(&body);
            return (None, Type::Unknown);
        }
        if !fits {
            let what = if summed { "added up" } else { "put in order" };
            let message = format!("{} cannot be {what}", body.ty.described());
            self.error(Code::WrongType, body.span, message);
            return (None, Type::Unknown);
        }
        let ty = if summed { body.ty.clone() } else { body.ty.clone().optional() };
        (Some(body), ty)
    }
}
