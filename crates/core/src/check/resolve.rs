//! Names of types, and what is near a name that is unknown.

use std::sync::Arc;

use super::{Checker, Named};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Currency, Type};
use rulebook_syntax::ast::{Name, TypeExpr, TypeKind};

/// What other languages call a value that is not there.
const ABSENT: &[&str] = &["null", "nil", "none", "undefined"];

/// The words that end an expression, so that no name in one can be spelt like them.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "then",
    "else",
    "true",
    "false",
    "where",
    "unless",
    "when",
    "because",
    "require",
    "overrides",
    "otherwise",
];

pub(super) fn is_word(name: &str) -> bool {
    WORDS.contains(&name)
}

/// What a name means by itself, if it may not be defined.
pub(super) fn reserved(name: &str) -> Option<&'static str> {
    match name {
        "now" => Some("the time of the evaluation"),
        "announced" => Some("the day on which the policy was published"),
        "present" | "missing" => Some("a word of `is present` and `is missing`"),
        _ if Type::named(name).is_some() => Some("a type of the language"),
        _ if is_word(name) => Some("a word of the language"),
        _ => None,
    }
}

impl Checker<'_> {
    /// The type that a type expression names.
    pub(super) fn resolve_type(&mut self, ty: &TypeExpr) -> Type {
        let base = match &ty.kind {
            TypeKind::Named(name) => self.named_type(name, ty.span),
            TypeKind::List(inner) => Type::List(Box::new(self.resolve_type(inner))),
            TypeKind::InPlace(members) => Type::Enum(Arc::new(self.members(members))),
        };
        if ty.optional { base.optional() } else { base }
    }

    fn named_type(&mut self, name: &str, span: Span) -> Type {
        // The `?` of an optional belongs to the span, the name does not.
        if let Some(ty) = Type::named(name) {
            return ty;
        }
        if let Some((named, _)) = self.names.get(name) {
            let found = match named {
                Named::Enum(members) => Some(Type::Enum(members.clone())),
                Named::Record(_) => Some(Type::Record(name.into())),
                _ => None,
            };
            self.used.insert(name.to_string());
            return found.unwrap_or_else(|| {
                self.error(Code::UnknownType, span, format!("`{name}` is not a type"));
                Type::Unknown
            });
        }
        if let Some(currency) = Currency::from_code(name) {
            return Type::Money(currency);
        }
        if !self.broken.contains(name) {
            let help = self.near_type(name);
            let message = format!("there is no type `{name}`");
            self.report(Diagnostic::new(Code::UnknownType, span, message).help(help));
        }
        Type::Unknown
    }

    fn near_type(&self, name: &str) -> String {
        let synonym = match name.to_lowercase().as_str() {
            "string" | "str" | "varchar" => Some("write `text`"),
            "int" | "integer" | "float" | "decimal" | "double" => Some("write `number`"),
            "boolean" => Some("write `bool`"),
            "datetime" | "timestamp" | "instant" => Some("write `time`"),
            "money" | "amount" | "currency" => Some("name the currency, such as `CNY`"),
            "uri" | "link" => Some("write `url`"),
            "rmb" | "yuan" | "cnh" => Some("write `CNY`"),
            _ => None,
        };
        if let Some(synonym) = synonym {
            return synonym.into();
        }
        let known = Type::NAMED.iter().map(|ty| -> &str { ty.name() });
        let named = self.names.iter().filter_map(|(known, (named, _))| {
            matches!(named, Named::Enum(_) | Named::Record(_)).then_some(known.as_str())
        });
        did_you_mean(name, known.chain(named)).unwrap_or_else(|| {
            let names: Vec<_> = Type::NAMED.iter().map(Type::name).collect();
            let names = names.join(", ");
            format!(
                "types are {names}, a currency such as CNY, an enum, a record or a list of these"
            )
        })
    }

    /// Reports a name that nothing defines.
    pub(super) fn unknown_name(&mut self, name: &Name, others: &[String]) {
        if self.broken.contains(name.text) {
            return;
        }
        let values = self.names.iter().filter_map(|(known, (named, _))| {
            matches!(named, Named::Parameter(_) | Named::List(_) | Named::Counter(_))
                .then_some(known.as_str())
        });
        let broken = self.broken.iter().map(String::as_str);
        let known = values.chain(others.iter().map(String::as_str)).chain(broken);
        let near = did_you_mean(name.text, known);
        let message = format!("there is no `{}` here", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        let help = match self.names.get(name.text) {
            Some((Named::Function(_) | Named::Table(_), _)) => {
                Some(format!("call it: `{}(…)`", name.text))
            }
            Some((Named::Policy(_) | Named::Overlay(_), _)) => {
                Some(format!("this is a policy; read one of its decisions: `{}.…`", name.text))
            }
            Some((Named::Enum(members), _)) => members
                .members
                .first()
                .map(|member| format!("this is an enum; write a member, such as `{member}`")),
            _ if ABSENT.contains(&name.text.to_lowercase().as_str()) => {
                Some("write `is missing` or `is present`".into())
            }
            _ => near.or_else(|| Some(self.in_scope_help(others))),
        };
        self.report(diagnostic.maybe_help(help));
    }

    fn in_scope_help(&self, others: &[String]) -> String {
        const SHOWN: usize = 8;
        let mut known: Vec<_> = others.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        if others.len() > SHOWN {
            known.push("…".into());
        }
        match known.as_slice() {
            [] => "names are fields, parameters, lists, arguments and, where an enum is expected, \
                   its members"
                .into(),
            known => format!("known here: {}", known.join(", ")),
        }
    }
}
