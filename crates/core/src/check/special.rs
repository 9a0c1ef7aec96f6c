//! Values of a form of their own: texts that are filled, what is tried, and what is raised.

use super::checker::Checker;
use super::misfit::report_unguarded;
use super::sink::Wrong;
use super::typed::{Constant, Expr, Kind};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::function;
use rulebook_lang::kernel::Known;
use rulebook_lang::model::Type;
use rulebook_lang::signature::Signature;
use rulebook_syntax::ast::{self, Piece, Template};

/// A call as it is evaluated: what is tried may fault, and what is raised has the type that is wanted.
pub(super) fn call(
    checker: &mut Checker,
    call: Expr,
    wanted: Option<&Type>,
) -> Result<Expr, Wrong> {
    let Kind::Call(signature, operands) = &call.kind else { return Ok(call) };
    match (signature.kernel.known(), operands.as_slice()) {
        (Some(Known::Attempts), [tried]) => {
            Ok(Expr { kind: Kind::Try(Box::new(tried.clone())), ..call })
        }
        (Some(Known::Raises), _) => match wanted.map(Type::required) {
            Some(ty) if !ty.is_unknown() => Ok(Expr { ty: ty.clone(), ..call }),
            _ => {
                let message = "nothing tells what kind of value this stands for";
                let help = "raise a fault where a value is told: `if … then x else raise(\"…\")`, or `x ?? raise(\"…\")`";
                let problem = Diagnostic::new(Code::WrongType, call.span, message);
                Err(checker.sink.wrong(problem.help(help)))
            }
        },
        _ => Ok(call),
    }
}

/// `$"case {id}"`: its pieces one behind the other, each as a text; `infer` types the values.
pub(super) fn filled(
    checker: &mut Checker,
    template: &Template,
    span: Span,
    infer: impl Fn(&mut Checker, &ast::Expr) -> Expr,
) -> Result<Expr, Wrong> {
    let mut whole: Option<Expr> = None;
    let mut is_sound = true;
    for piece in &template.pieces {
        let next = match piece {
            Piece::Text(words) => constant(words.to_string(), span),
            Piece::Value(value) => {
                let typed = infer(checker, value);
                match as_text(checker, typed) {
                    Ok(text) => text,
                    Err(_) => {
                        is_sound = false;
                        continue;
                    }
                }
            }
            Piece::Counted(value, _) => {
                let message = "a text that is a value is in no language, and has no forms of words";
                let help = "give forms in `because` and in titles, which people read";
                let problem = Diagnostic::new(Code::WrongType, value.span, message).help(help);
                checker.sink.report(problem);
                is_sound = false;
                continue;
            }
        };
        whole = Some(match whole {
            Some(before) => text_of(&function::JOINED, vec![before, next], span),
            None => next,
        });
    }
    if !is_sound {
        return Err(Wrong::reported());
    }
    let whole = whole.unwrap_or_else(|| constant(String::new(), span));
    Ok(Expr { span, ..whole })
}

fn constant(text: String, span: Span) -> Expr {
    Expr { span, ty: Type::Text, kind: Kind::Constant(Constant::Text(text)) }
}

fn text_of(signature: &'static Signature, operands: Vec<Expr>, span: Span) -> Expr {
    Expr { span, ty: Type::Text, kind: Kind::Call(signature, operands) }
}

/// A value as it stands in a text; reports what has no text of its own.
fn as_text(checker: &mut Checker, value: Expr) -> Result<Expr, Wrong> {
    let span = value.span;
    match &value.ty {
        Type::Unknown => Err(Wrong::reported()),
        Type::Text | Type::Url | Type::Version => Ok(Expr { ty: Type::Text, ..value }),
        Type::Optional(_) => Err(report_unguarded(checker, &value)),
        Type::List(_) | Type::Record(_) => {
            let message = format!("{} has no text of its own", value.ty.described());
            let help = match value.ty {
                Type::List(_) => "join it where it holds texts: `join(list, \", \")`",
                _ => "name one of its fields",
            };
            let problem = Diagnostic::new(Code::WrongType, span, message).help(help);
            Err(checker.sink.wrong(problem))
        }
        Type::Enum(_) | Type::Number | Type::Money(_) => {
            Ok(Expr { span, ty: Type::Text, kind: Kind::Key(Box::new(value)) })
        }
        _ => Ok(text_of(&function::PLAIN, vec![value], span)),
    }
}
