//! Checks what people read: titles, reasons and sources.

use super::checker::Checker;
use super::infer::infer;
use super::scope::Scope;
use super::sink::Sink;
use super::typed::{Citation, Expr, Kind, Piece, Printed, Text, Variant};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::figures::{is_plural_form, plural_forms};
use rulebook_lang::model::parse_link;
use rulebook_lang::model::{Titles, Type, is_language_tag, language_tag_help, same_language_tag};
use rulebook_syntax::ast::{self, ExprKind, Literal};

pub(super) fn citation(checker: &mut Checker, source: &ast::Source) -> Citation {
    address(checker, source);
    let url = source.url.as_ref().map(|url| url.value.to_string());
    let languages = &checker.names.settings.languages;
    let tags = self::languages(checker.sink, languages, &source.texts, |text| text.span);
    let texts = tags.into_iter().zip(&source.texts);
    let titles: Vec<_> =
        texts.filter_map(|(tag, (_, text))| Some((tag?, text.value.to_string()))).collect();
    let text = titles.first().map(|(_, text)| text.clone()).unwrap_or_default();
    Citation { text, titles: Titles::of(titles), url }
}

/// What a value goes back to, where only pages show it.
pub(super) fn origins(checker: &mut Checker, origins: &[ast::Origin]) {
    for origin in origins {
        if let ast::Origin::Source(source) = origin {
            citation(checker, source);
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

/// What people call a field, a parameter or a member: words only, since no value is there to be told.
pub(super) fn label(sink: &mut Sink, languages: &[String], title: &ast::Texts) -> Titles {
    let tags = self::languages(sink, languages, &title.variants, |template| template.span);
    let mut titles = Vec::with_capacity(tags.len());
    for (language, (_, template)) in tags.into_iter().zip(&title.variants) {
        let mut words = String::new();
        for piece in &template.pieces {
            match piece {
                ast::Piece::Text(text) => words.push_str(text),
                ast::Piece::Value(value) | ast::Piece::Counted(value, _) => {
                    let message = "a title of a field, a parameter or a member tells no values";
                    let help = "write words only; `because`, and titles of rules, fill braces";
                    sink.report(Diagnostic::new(Code::NotConstant, value.span, message).help(help));
                }
            }
        }
        titles.extend(language.map(|language| (language, words)));
    }
    Titles::of(titles)
}

/// The language of each text, as the settings spell it where it is theirs; nothing for one that has been
/// given before.
fn languages<T>(
    sink: &mut Sink,
    languages: &[String],
    texts: &[(Option<ast::Name<'_>>, T)],
    span: impl Fn(&T) -> Span,
) -> Vec<Option<String>> {
    let first = languages.first().map_or("", String::as_str);
    let mut tags: Vec<Option<String>> = Vec::with_capacity(texts.len());
    for (tag, text) in texts {
        let language = tag.as_ref().map_or(first, |tag| tag.text);
        let declared = languages.iter().find(|declared| same_language_tag(declared, language));
        let language = declared.map_or(language, String::as_str).to_string();
        if let Some(tag) = tag.as_ref().filter(|tag| !is_language_tag(tag.text)) {
            let message = format!("`{}` is no language tag", tag.text);
            let help = language_tag_help(tag.text);
            sink.report(Diagnostic::new(Code::BadLiteral, tag.span, message).help(help));
        } else if let Some(tag) = tag.as_ref().filter(|_| declared.is_none()) {
            let given = |declared: &&String| {
                let mut tags = texts.iter().flat_map(|(tag, _)| tag);
                tags.any(|tag| same_language_tag(tag.text, declared))
            };
            let lacking = languages.iter().filter(|declared| !given(declared));
            let near = did_you_mean(tag.text, lacking.map(String::as_str));
            let message = format!("`{}` is none of the rulebook's languages", tag.text);
            let help = near.unwrap_or_else(|| "add it to `languages` in rulebook.yaml".into());
            sink.report(Diagnostic::new(Code::UnknownLanguage, tag.span, message).help(help));
        }
        if tags.iter().flatten().any(|earlier| same_language_tag(earlier, &language)) {
            let message = format!("the text stands twice in `{language}`");
            sink.error(Code::DuplicateClause, span(text), message);
            tags.push(None);
            continue;
        }
        tags.push(Some(language));
    }
    tags
}

/// A text by language. A reason should be there in every language of the rulebook.
pub(super) fn texts(checker: &mut Checker, texts: &ast::Texts, scope: &Scope, every: bool) -> Text {
    let languages = &checker.names.settings.languages;
    let tags = self::languages(checker.sink, languages, &texts.variants, |template| template.span);
    let mut variants: Vec<Variant> = Vec::with_capacity(tags.len());
    for (language, (_, template)) in tags.into_iter().zip(&texts.variants) {
        let Some(language) = language else { continue };
        let pieces = pieces(checker, template, &language, scope);
        variants.push(Variant { language, pieces });
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

fn pieces(
    checker: &mut Checker,
    template: &ast::Template,
    language: &str,
    scope: &Scope,
) -> Vec<Piece> {
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
                        let operand = operands.first().cloned().unwrap_or(typed);
                        Piece::Value(operand, Printed::InPercent)
                    }
                    _ if percent => Piece::Value(typed, Printed::InPercent),
                    _ => Piece::Value(typed, Printed::Plain),
                }
            }
            ast::Piece::Counted(expr, forms) => {
                let typed = infer(checker, expr, None, scope);
                if !matches!(typed.ty, Type::Number | Type::Unknown) {
                    let message =
                        format!("words go with a number, and this is {}", typed.ty.described());
                    let help = "count first: `{count(x in xs), one: …, other: …}`";
                    let problem = Diagnostic::new(Code::WrongType, typed.span, message);
                    checker.sink.report(problem.help(help));
                }
                Piece::Value(typed, Printed::AsWords(words(checker.sink, forms, language)))
            }
        })
        .collect()
}

/// The words of each form; reports forms that a language does not have, and those that are left out.
fn words(sink: &mut Sink, forms: &[ast::Form], language: &str) -> Vec<(String, String)> {
    let known = plural_forms(language);
    let listed = || known.iter().map(|form| format!("`{form}`")).collect::<Vec<_>>().join(", ");
    let mut words: Vec<(String, String)> = Vec::with_capacity(forms.len());
    let mut is_sound = true;
    for form in forms {
        let name = form.name.text;
        if !is_plural_form(name) {
            let message = format!("`{name}` is no form of a word");
            let help = did_you_mean(name, known.iter().copied());
            let help = help.unwrap_or_else(|| format!("`{language}` has {}", listed()));
            sink.report(Diagnostic::new(Code::BadText, form.name.span, message).help(help));
            is_sound = false;
        } else if words.iter().any(|(earlier, _)| earlier == name) {
            sink.error(Code::BadText, form.name.span, format!("the form `{name}` stands twice"));
            is_sound = false;
        }
        words.push((name.to_string(), form.words.to_string()));
    }
    let lacking = known.iter().filter(|form| words.iter().all(|(name, _)| name != *form));
    let lacking: Vec<_> = lacking.map(|form| format!("`{form}`")).collect();
    // A form that is misspelt is told already.
    if let (true, false, Some(last)) = (is_sound, lacking.is_empty(), forms.last()) {
        let message = format!("the form for {} is left out", lacking.join(", "));
        let help = format!("in `{language}`, words that go with numbers have {}", listed());
        sink.report(Diagnostic::new(Code::BadText, last.name.span, message).help(help));
    }
    words
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
