//! Checks what is made of the elements of lists: truths, counts, sums, other lists, and an order.

use super::checker::Checker;
use super::misfit::report_unguarded;
use super::money;
use super::parts::Parts;
use super::scope::Scope;
use super::sink::Wrong;
use super::typed::{Comprehension, ComprehensionKind, Expr, Kind, LocalId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::function::COMPREHENSIONS;
use rulebook_lang::model::Type;
use rulebook_lang::scalar::Level;
use rulebook_syntax::ast;

/// `[e for v in xs where c]`: a further `for` goes through a list for each element of the one before.
pub(super) fn each(
    checker: &mut Checker,
    body: &ast::Expr,
    clauses: &[ast::Each],
    span: Span,
    (scope, parts): (&Scope, Parts),
) -> Result<Expr, Wrong> {
    let Some((clause, further)) = clauses.split_first() else { return Err(Wrong::reported()) };
    let head = (&clause.variable, &clause.list, clause.filter.as_ref());
    let (variable, list, filter, inside) = over(checker, head, (scope, parts));
    let (kind, body) = match further {
        [] => {
            let body = parts.infer(checker, body, &inside);
            refuse_element(checker, &body);
            (ComprehensionKind::List, body)
        }
        further => {
            (ComprehensionKind::Joined, each(checker, body, further, span, (&inside, parts))?)
        }
    };
    let ty = match kind {
        ComprehensionKind::Joined => body.ty.clone(),
        _ => Type::List(Box::new(body.ty.required().clone())),
    };
    let inner = Comprehension { kind, variable, list, filter, body: Some(body) };
    Ok(Expr { span, ty, kind: Kind::Comprehension(Box::new(inner)) })
}

/// Reports what cannot be an element of a list.
pub(super) fn refuse_element(checker: &mut Checker, element: &Expr) {
    if element.ty.is_optional() {
        report_unguarded(checker, element);
    }
}

/// The variable, the list, the filter, and what stands behind them sees.
fn over(
    checker: &mut Checker,
    (name, list, filter): (&ast::Name, &ast::Expr, Option<&ast::Expr>),
    (scope, parts): (&Scope, Parts),
) -> (LocalId, Expr, Option<Expr>, Scope) {
    let list = parts.infer(checker, list, scope);
    let element = match &list.ty {
        Type::List(inner) => inner.as_ref().clone(),
        Type::Unknown => Type::Unknown,
        Type::Optional(_) => {
            report_unguarded(checker, &list);
            Type::Unknown
        }
        other => {
            let message = format!("expected a list, found {}", other.described());
            checker.sink.error(Code::WrongType, list.span, message);
            Type::Unknown
        }
    };
    let variable = checker.sink.local();
    let mut inside = scope.clone();
    inside.add_local(name.text, variable, element);
    let filter = filter.map(|condition| parts.expect(checker, condition, &Type::Bool, &inside));
    if let Some(filter) = &filter {
        inside = inside.after(filter, true);
    }
    (variable, list, filter, inside)
}

/// `kind(v in xs where c: e)`, `sorted(v in xs where c by e)`
pub(super) fn folded(
    checker: &mut Checker,
    node: &ast::Comprehension,
    span: Span,
    (scope, parts): (&Scope, Parts),
) -> Result<Expr, Wrong> {
    let Some(kind) = ComprehensionKind::from_name(node.kind.text) else {
        let message = format!("there is no `{}(… in …)`", node.kind.text);
        let names: Vec<_> = COMPREHENSIONS.iter().map(|(name, ..)| format!("`{name}`")).collect();
        return Err(checker.sink.wrong(
            Diagnostic::new(Code::UnknownFunction, node.kind.span, message)
                .help(format!("write {}", names.join(" or "))),
        ));
    };
    let (variable, list, filter, inside) =
        over(checker, (&node.variable, &node.list, node.filter.as_ref()), (scope, parts));
    let (kind, body, ty) = match (kind, &node.order) {
        (ComprehensionKind::Sorted { .. }, Some(order)) if node.body.is_none() => {
            let key = parts.infer(checker, &order.key, &inside);
            let key = measured(checker, key, (false, "sorted"));
            let sorted = ComprehensionKind::Sorted { descending: order.descending };
            (sorted, key.ok(), list.ty.clone())
        }
        (ComprehensionKind::Sorted { .. }, _) => {
            let message = "`sorted` needs what to compare behind `by`";
            let help =
                "write `sorted(x in xs by x.value)`, or `sorted(x in xs by x.value descending)`";
            return Err(checker
                .sink
                .wrong(Diagnostic::new(Code::WrongArguments, span, message).help(help)));
        }
        (_, Some(order)) => {
            let message = format!("`{}` takes no `by`", node.kind.text);
            let help = "only `sorted` puts elements in order; what is looked at stands behind `:`";
            let problem = Diagnostic::new(Code::WrongArguments, order.key.span, message);
            return Err(checker.sink.wrong(problem.help(help)));
        }
        (kind, None) => {
            let (body, ty) = taken(checker, kind, node, span, (&inside, parts));
            (kind, body, ty)
        }
    };
    let kind = Kind::Comprehension(Box::new(Comprehension { kind, variable, list, filter, body }));
    Ok(Expr { span, ty, kind })
}

/// What is taken of each element, and the type of what that comes to.
fn taken(
    checker: &mut Checker,
    kind: ComprehensionKind,
    node: &ast::Comprehension,
    span: Span,
    (scope, parts): (&Scope, Parts),
) -> (Option<Expr>, Type) {
    let form = match kind {
        ComprehensionKind::Any | ComprehensionKind::All => {
            let body =
                node.body.as_ref().map(|body| parts.expect(checker, body, &Type::Bool, scope));
            if body.is_some() {
                return (body, Type::Bool);
            }
            "(x in xs: condition)"
        }
        ComprehensionKind::Count => {
            let Some(body) = &node.body else { return (None, Type::Number) };
            checker.sink.report(
                Diagnostic::new(Code::WrongArguments, body.span, "`count` takes no `:`")
                    .help("write the condition behind `where`: `count(x in xs where …)`"),
            );
            return (None, Type::Number);
        }
        kind => {
            if let Some(body) = &node.body {
                let summed = kind == ComprehensionKind::Sum;
                let body = parts.infer(checker, body, scope);
                let Ok(body) = measured(checker, body, (summed, node.kind.text)) else {
                    return (None, Type::Unknown);
                };
                let ty = if summed { body.ty.clone() } else { body.ty.clone().optional() };
                return (Some(body), ty);
            }
            "(x in xs where condition: value)"
        }
    };
    let name = &node.kind.text;
    let message = format!("`{name}` needs what to look at behind `:`");
    checker.sink.report(
        Diagnostic::new(Code::WrongArguments, span, message).help(format!("write `{name}{form}`")),
    );
    (None, Type::Unknown)
}

/// A value that can be added up, or put in order.
fn measured(
    checker: &mut Checker,
    body: Expr,
    (summed, name): (bool, &str),
) -> Result<Expr, Wrong> {
    let least = if summed { Level::Ratio } else { Level::Interval };
    if body.ty.is_optional() {
        return Err(report_unguarded(checker, &body));
    }
    if body.ty.is_money() {
        let wants = format!("`{name}` takes amounts in one");
        let shown = checker.names.shown(body.span);
        let behind = if name == "sorted" { " by" } else { ":" };
        let problem = money::unproved(checker, &body, &wants).help(format!(
            "take those in one: `{name}(… where {shown}.currency == CNY{behind} {shown})`, or convert \
             each: `convert({shown}, CNY, rate)`"
        ));
        return Err(checker.sink.wrong(problem));
    }
    if !body.ty.is_unknown() && body.ty.level() < least {
        let what = if summed { "added up" } else { "put in order" };
        let message = format!("{} cannot be {what}", body.ty.described());
        return Err(checker.sink.wrong(Diagnostic::new(Code::WrongType, body.span, message)));
    }
    Ok(body)
}
