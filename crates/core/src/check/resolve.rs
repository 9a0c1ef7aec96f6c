//! Names of types, and what is near a name that is unknown.

use std::collections::HashSet;
use std::sync::Arc;

use super::checker::Checker;
use super::cites;
use super::names::Named;
use super::sink::Sink;
use super::typed::ComprehensionKind;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::model::{Currency, EnumType, MemberName, Type};
use rulebook_syntax::ast::{self, TypeExpr, TypeKind};

/// The members of an enum, with duplicates reported.
pub(super) fn members(sink: &mut Sink, languages: &[String], members: &ast::Members) -> EnumType {
    let mut titles = Vec::new();
    let mut named: Vec<(MemberName, String)> = Vec::new();
    let (mut names, mut texts) = (HashSet::new(), HashSet::new());
    for member in &members.members {
        if let Some(name) = member.name.as_ref().filter(|name| is_word(name.text)) {
            let message = format!("`{}` is a word of the language", name.text);
            let help = match &member.text {
                Some(_) => "choose another name".to_string(),
                None => format!(
                    "write it in quotes, `\"{0}\"`, or give it a name: `NAME as \"{0}\"`",
                    name.text
                ),
            };
            sink.report(Diagnostic::new(Code::ReservedName, name.span, message).help(help));
        }
        let twice =
            member.name.as_ref().filter(|name| !names.insert(name.text)).map(|name| name.text);
        let twice = twice.or((!texts.insert(member.data())).then_some(member.data()));
        if let Some(twice) = twice {
            sink.error(Code::DuplicateName, member.span(), format!("`{twice}` stands twice"));
        } else {
            let name = member.name.as_ref().map(|name| MemberName::Bare(name.text.to_string()));
            named.push((name.unwrap_or(MemberName::Quoted), member.data().to_string()));
            let title = member.title.as_ref();
            titles
                .push(title.map(|title| cites::label(sink, languages, title)).unwrap_or_default());
        }
    }
    if let (true, true, Some(last)) = (members.ordered, members.open, members.members.last()) {
        let message = "names that are not listed have no place in an order";
        sink.report(
            Diagnostic::new(Code::WrongType, last.span(), message)
                .help("leave out `..`, or part the members by commas"),
        );
    }
    EnumType::named(named, members.ordered, members.open).titled(titles)
}

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
        _ if Type::named(name).is_some() && !is_newer_type(name) => Some("a type of the language"),
        _ if is_word(name) => Some("a word of the language"),
        _ => None,
    }
}

/// Whether a name was free before it became that of a type: a definition of the name is meant then.
fn is_newer_type(name: &str) -> bool {
    ["time_of_day", "days"].contains(&name)
}

/// Reports a name that a function of the language has.
pub(super) fn refuse_function(checker: &mut Checker, name: &ast::Name) {
    let form = ComprehensionKind::from_name(name.text);
    // This one came later.
    let is_comprehension = form.is_some_and(|form| !form.makes());
    if is_comprehension || rulebook_lang::function::is_reserved(name.text) {
        let message = format!("`{}` is a function of the language", name.text);
        checker.sink.error(Code::DuplicateName, name.span, message);
    }
}

/// The type of what is kept: of a field, an item, an outcome. Reports one whose values a rulebook only counts with.
pub(super) fn kept_type(checker: &mut Checker, ty: &TypeExpr, what: &str) -> Type {
    let resolved = resolve_type(checker, ty);
    if resolved.is_kept() {
        return resolved;
    }
    let message = format!("{what} does not hold {}", resolved.required().described());
    let help = "let it hold a `number`, and count with it: `day + working_days(us, n)`, or \
                `day + calendar_days(n)`";
    checker.sink.report(Diagnostic::new(Code::WrongType, ty.span, message).help(help));
    Type::Unknown
}

/// The type that a type expression names.
pub(super) fn resolve_type(checker: &mut Checker, ty: &TypeExpr) -> Type {
    let base = match &ty.kind {
        TypeKind::Named(name) => named_type(checker, name, ty.span),
        TypeKind::List(inner) => Type::List(Box::new(resolve_type(checker, inner))),
        TypeKind::InPlace(node) => {
            Type::Enum(Arc::new(members(checker.sink, &checker.names.settings.languages, node)))
        }
    };
    if ty.optional { base.optional() } else { base }
}

fn named_type(checker: &mut Checker, name: &str, span: Span) -> Type {
    // The `?` of an optional belongs to the span, the name does not.
    let is_defined = is_newer_type(name)
        && matches!(checker.names.get(name), Some(Named::Enum(_) | Named::Record(..)));
    if let (Some(ty), false) = (Type::named(name), is_defined) {
        return ty;
    }
    let is_broken = checker.names.broken.contains(name);
    let unreserved = Type::unreserved(name).filter(|_| !is_broken);
    if let Some(named) = checker.names.get(name) {
        let found = match named {
            Named::Enum(members) => Some(Type::Enum(members.clone())),
            Named::Record(_, record) => Some(Type::Record(record.clone())),
            _ => unreserved.clone(),
        };
        checker.sink.mark_used(name);
        // What is of the type may be any of them.
        if let Named::Enum(members) = named
            && members.of_calendars
        {
            members.members.iter().for_each(|calendar| checker.sink.mark_used(calendar));
        }
        return found.unwrap_or_else(|| {
            checker.sink.error(Code::UnknownType, span, format!("`{name}` is not a type"));
            Type::Unknown
        });
    }
    if let Some(ty) = unreserved {
        return ty;
    }
    if let Some(currency) = Currency::from_code(name) {
        return Type::Money(currency);
    }
    if !is_broken {
        let help = near_type(checker, name);
        let message = format!("there is no type `{name}`");
        checker.sink.report(Diagnostic::new(Code::UnknownType, span, message).help(help));
    }
    Type::Unknown
}

fn near_type(checker: &Checker, name: &str) -> String {
    let synonym = match name.to_lowercase().as_str() {
        "string" | "str" | "varchar" => Some("write `text`"),
        "int" | "integer" | "float" | "decimal" | "double" => Some("write `number`"),
        "boolean" => Some("write `bool`"),
        "datetime" | "timestamp" | "instant" => Some("write `time`"),
        "money" => Some("write `money` for amounts in any currency, `CNY` for those in one"),
        "amount" | "price" => {
            Some("name the currency, such as `CNY`, or write `money` for amounts in any")
        }
        "currency" => Some("write `currency` for a code, such as `CNY`"),
        "uri" | "link" => Some("write `url`"),
        "semver" | "semantic_version" | "release" => Some("write `version`"),
        _ => None,
    };
    if let Some(synonym) = synonym {
        return synonym.into();
    }
    if let Some(code) = rulebook_syntax::currency_of(name) {
        return format!("write `{code}`");
    }
    let builtin = Type::NAMED.iter().map(|ty| -> &str { ty.name() });
    let named = checker.names.named.iter().filter_map(|(name, (named, _))| {
        matches!(named, Named::Enum(_) | Named::Record(..)).then_some(name.as_str())
    });
    did_you_mean(name, builtin.chain(named)).unwrap_or_else(|| {
        let names: Vec<_> = Type::NAMED.iter().map(Type::name).collect();
        let names = names.join(", ");
        format!(
            "types are {names}, a currency such as CNY, money, currency, an enum, a record or a list \
             of these"
        )
    })
}
