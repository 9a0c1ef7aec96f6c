//! Checks what people read: titles, reasons and sources.

use super::checker::Checker;
use super::infer::infer;
use super::scope::Scope;
use super::typed::{Citation, Expr, Kind, Piece, Text, Variant};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_lang::model::parse_link;
use rulebook_lang::model::{Type, is_language_tag, language_tag_help, same_language_tag};
use rulebook_syntax::ast::{self, ExprKind, Literal};

pub(super) fn citation(checker: &mut Checker, source: &ast::Source) -> Citation {
    address(checker, source);
    let url = source.url.as_ref().map(|url| url.value.to_string());
    Citation { text: source.text.value.to_string(), url }
}

/// What a value goes back to, where only pages show it.
pub(super) fn origins(checker: &mut Checker, origins: &[ast::Origin]) {
    for origin in origins {
        if let ast::Origin::Source(source) = origin {
            address(checker, source);
        }
    }
}

fn address(checker: &mut Checker, source: &ast::Source) {
    let Some(url) = source.url.as_ref().filter(|url| parse_link(&url.value).is_none()) else {
        return;
    };
    let message = format!("\"{}\" is no address that a page may lead to", url.value);
    let help = "write one that begins with `https://`, `http://` or `mailto:`";
    checker.sink.report(Diagnostic::new(Code::BadLiteral, url.span, message).help(help));
}

/// A title: it may show parameters, but no record is there yet.
pub(super) fn title(checker: &mut Checker, texts: &ast::Texts, scope: &Scope) -> Text {
    let typed = self::texts(checker, texts, scope, false);
    for expr in typed.values() {
        let mut reads = false;
        expr.walk_through(&mut |inner| {
            reads |= matches!(
                inner.kind,
                Kind::Place(_) | Kind::Counter(_) | Kind::Decision(..) | Kind::Now
            );
        });
        if reads {
            let message = "a title is read without a record";
            checker.sink.report(
                Diagnostic::new(Code::NotConstant, expr.span, message)
                    .help("tell parameters only, and values of the record in `because`"),
            );
        }
    }
    typed
}

/// A text by language. A reason should be there in every language of the rulebook.
pub(super) fn texts(checker: &mut Checker, texts: &ast::Texts, scope: &Scope, every: bool) -> Text {
    let languages = &checker.names.settings.languages;
    let first = languages.first().map_or("", String::as_str);
    let mut variants: Vec<Variant> = Vec::with_capacity(texts.variants.len());
    for (tag, template) in &texts.variants {
        let language = tag.as_ref().map_or(first, |tag| tag.text);
        // As the settings spell it, where it is theirs.
        let declared = languages.iter().find(|declared| same_language_tag(declared, language));
        let language = declared.map_or(language, String::as_str).to_string();
        if let Some(tag) = tag.as_ref().filter(|tag| !is_language_tag(tag.text)) {
            let message = format!("`{}` is no language tag", tag.text);
            let help = language_tag_help(tag.text);
            checker.sink.report(Diagnostic::new(Code::BadLiteral, tag.span, message).help(help));
        } else if let Some(tag) = tag.as_ref().filter(|_| declared.is_none()) {
            let given = |declared: &&String| {
                let mut tags = texts.variants.iter().flat_map(|(tag, _)| tag);
                tags.any(|tag| same_language_tag(tag.text, declared))
            };
            let lacking = languages.iter().filter(|declared| !given(declared));
            let near = did_you_mean(tag.text, lacking.map(String::as_str));
            let message = format!("`{}` is none of the rulebook's languages", tag.text);
            let help = near.unwrap_or_else(|| "add it to `languages` in rulebook.yaml".into());
            checker
                .sink
                .report(Diagnostic::new(Code::UnknownLanguage, tag.span, message).help(help));
        }
        if variants.iter().any(|variant| same_language_tag(&variant.language, &language)) {
            let message = format!("the text stands twice in `{language}`");
            checker.sink.error(Code::DuplicateClause, template.span, message);
            continue;
        }
        variants.push(Variant { language, pieces: pieces(checker, template, scope) });
    }
    let lacking: Vec<_> = languages
        .iter()
        .filter(|language| !variants.iter().any(|variant| variant.language == **language))
        .map(|language| format!("`{language}`"))
        .collect();
    // A misspelt language has been reported already.
    let misspelt = variants.iter().any(|variant| !languages.contains(&variant.language));
    if every && !misspelt && !lacking.is_empty() {
        let message = format!("this reason is not given in {}", lacking.join(", "));
        checker.sink.report(
            Diagnostic::new(Code::MissingLanguage, texts.span, message)
                .help("every reader gets a reason in a language of the rulebook; add a text"),
        );
    }
    Text { variants }
}

fn pieces(checker: &mut Checker, template: &ast::Template, scope: &Scope) -> Vec<Piece> {
    let pieces = template.pieces.iter();
    pieces
        .map(|piece| match piece {
            ast::Piece::Text(text) => Piece::Text(text.to_string()),
            ast::Piece::Value(expr) => {
                let typed = infer(checker, expr, None, scope);
                let percent = prints_in_percent(checker, expr, &typed);
                if let Type::Record(_) = typed.ty.required()
                    && !typed.ty.required().is_money()
                {
                    let message = "a record has no text of its own";
                    checker.sink.report(
                        Diagnostic::new(Code::WrongType, typed.span, message)
                            .help("name one of its fields"),
                    );
                }
                match (&expr.kind, &typed.kind) {
                    // Percent in the reader's form, not as the text that `percent` gives.
                    (ExprKind::Call(name, _), Kind::Call(_, operands))
                        if name.text == "percent" && operands.len() == 1 =>
                    {
                        Piece::Value(operands.first().cloned().unwrap_or(typed), true)
                    }
                    _ => Piece::Value(typed, percent),
                }
            }
        })
        .collect()
}

/// A value that the author wrote in percent prints in percent.
fn prints_in_percent(checker: &Checker, expr: &ast::Expr, typed: &Expr) -> bool {
    match &typed.through().kind {
        Kind::Parameter(id) => checker.names.checked.parameters[*id].percent,
        Kind::LookUp(id, output, _) => {
            let output = checker.names.checked.tables[*id].outputs.get(*output as usize);
            output.is_some_and(|output| output.percent)
        }
        _ => matches!(expr.kind, ExprKind::Literal(Literal::Percent(_))),
    }
}
